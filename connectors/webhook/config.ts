import { z } from 'zod';
import { httpSettings } from '../../src/connector-api/http-settings.js';
import { secret } from '../../src/connector-api/secret.js';

const URL_EXPECTED = 'an address such as https://partner.example/relais';

/** What a header may be called; those that Relais sets itself are its own. */
const HEADER = /^(?!(?:host|connection|content-type|content-length|transfer-encoding|idempotency-key|x-relais-[a-z]+)$)[a-z0-9-]+$/i;

function address(): z.ZodString {
  return z.string().regex(/^https?:\/\/[^\s@]+$/, URL_EXPECTED).refine((text) => URL.canParse(text.replace(/\{\w+\}/g, 'x')), URL_EXPECTED);
}

function headerName(): z.ZodString {
  return z.string().regex(HEADER, 'the name of a header that Relais does not set itself');
}

function placed(placeholder: string): z.ZodString {
  return address().refine((text) => text.includes(`{${placeholder}}`), `an address that holds {${placeholder}}`);
}

export const webhookSettings = z.strictObject({
  url: address().describe('Where items are posted.'),
  body: z.enum(['multipart', 'json']).default('multipart').describe('multipart: the item as JSON, and its files. json: the item alone, with the name, size and SHA-256 of each file.'),
  secret: secret().min(16).optional().describe('Shared secret of the signature (HMAC-SHA256).'),
  headers: z.record(headerName(), z.string()).default({}).describe('More headers, such as X-Tenant.'),
  secretHeaders: z.record(headerName(), secret()).default({}).describe('More headers whose values are secrets, such as Authorization.'),
  idempotent: z.boolean().default(false).describe('The receiver promises that the same Idempotency-Key twice has the effect of once.'),
  probeUrl: placed('key').optional().describe('Where to ask whether a delivery arrived; {key} stands for its Idempotency-Key.'),
  statusUrl: placed('reference').optional().describe('Where to ask for the answer that comes later; {reference} stands for what the receiver called it.'),
  checkMethod: z.enum(['OPTIONS', 'HEAD', 'GET']).default('OPTIONS').describe('How the address is tried without posting anything.'),
  ...httpSettings,
});

export type WebhookSettings = z.infer<typeof webhookSettings>;
