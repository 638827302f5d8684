import { z } from 'zod';
import { httpAddress, httpSettings } from '../../src/connector-api/http-settings.js';
import { secret } from '../../src/connector-api/secret.js';
import { signatureSettings } from '../../src/signature-book/settings.js';
import { signerTable } from './signers.js';

/** contracts/iparapheur.md §5.4: at most 200 MB in a session. */
export const LARGEST_SESSION = 200 * 2 ** 20;

const { verification, trustedSigners, lostAfterMs } = signatureSettings;

const session = z.strictObject({
  maxItems: z.int().min(1).max(1000).default(50).describe('A session leaves when it holds so many items. 1: each item is a session of its own, and leaves at once.'),
  maxBytes: z.int().min(1).max(LARGEST_SESSION).default(LARGEST_SESSION).describe('A session leaves before it would be larger, bytes of its documents. The partner takes 200 MiB.'),
  waitMinutes: z.int().min(0).max(7 * 24 * 60).default(60).describe('A session leaves so long after its first item at the latest, minutes.'),
});

export const signingSessionSettings = z.strictObject({
  url: httpAddress('an address such as https://signature.example').describe('Root of the gateway of the partner.'),
  login: z.string().min(1).regex(/^[^:]+$/, 'a login without a colon'),
  password: secret(),
  clientId: z.string().regex(/^[A-Za-z0-9]{7}$/, 'seven letters or digits, as the partner gave them').describe('Number of the town as a client of the partner; names of sessions begin with it.'),
  vatNumber: z.string().min(1).describe('VAT number of the town, as the partner knows it.'),
  signCode: z.string().min(1).optional().describe('Kind of signature, where the partner asks for one.'),
  sealCode: z.string().min(1).optional().describe('Seal of the town. Needed where steps map «seal».'),
  signers: signerTable.prefault({}).describe('Who signs by which rule, and who replaces whom when.'),
  session: session.prefault({}).describe('When a session leaves.'),
  callBack: z.strictObject({ secret: secret().min(16) }).describe('Secret of ours, from which the addresses are made that the partner calls back; nobody else needs to know it.'),
  verification, trustedSigners, lostAfterMs,
  ...httpSettings,
});

export type SigningSessionSettings = z.infer<typeof signingSessionSettings>;
