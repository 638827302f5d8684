import { z } from 'zod';
import { httpAddress, httpSettings } from '../../src/connector-api/http-settings.js';
import { secret } from '../../src/connector-api/secret.js';
import { signatureSettings } from '../../src/signature-book/settings.js';

/** How files travel: as parts of their own, or as base64 within the message. */
export const PORTS = ['mtom', 'plain'] as const;
export type Port = (typeof PORTS)[number];

export const iParapheurSettings = z.strictObject({
  url: httpAddress('an address such as https://parapheur.ville.example/ws-iparapheur')
    .describe('Address of the SOAP service, ending in /ws-iparapheur or /ws-iparapheur-no-mtom.'),
  port: z.enum(PORTS).optional().describe('How files travel; without it, the address tells: plain where it ends in -no-mtom, else mtom.'),
  login: z.string().min(1).regex(/^[^:]+$/, 'a login without «:»').describe('Login of the web service account; often user@tenant where it is hosted.'),
  password: secret().describe('Password of that account. Without «:», which version 5 took badly.'),
  visual: z.enum(['required', 'optional']).default('required').describe('Whether an XML file needs a PDF view of it (field visual).'),
  ...signatureSettings,
  ...httpSettings,
  timeoutMs: z.int().min(100).default(120_000).describe('How long an answer may take, milliseconds; files get more by their size.'),
});

export type IParapheurSettings = z.infer<typeof iParapheurSettings>;

/** The port of an address (contracts/iparapheur.md §1.1). */
export function portOf({ url, port }: Pick<IParapheurSettings, 'url' | 'port'>): Port {
  return port ?? (/-no-mtom\/?$/.test(url) ? 'plain' : 'mtom');
}
