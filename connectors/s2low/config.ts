import { z } from 'zod';
import { httpAddress, httpSettings } from '../../src/connector-api/http-settings.js';
import { secret } from '../../src/connector-api/secret.js';
import { teleTransmissionSettings } from '../../src/tele-transmission/settings.js';

/** contracts/s2low.md §7; older instances take 100 MiB. */
const LARGEST_PES = 128 * 2 ** 20;

/** May hold the placeholders of contracts/s2low.md §3.7. */
const returnUrl = z.string().regex(/^https?:\/\/[^\s@#]+$/, 'an address, without user name and fragment; %%ERROR%% and %%MESSAGE%% may stand in its query');

export const s2lowSettings = z.strictObject({
  url: httpAddress('an address such as https://www.s2low.example, without user name, query and fragment').transform((text) => text.replace(/\/+$/, ''))
    .describe('Address of S2LOW, as agents open it in a browser, without a path.'),
  login: z.string().min(1).regex(/^[^:\u0100-\u{10FFFF}]+$/u, 'a login without colon, in letters of ISO-8859-1').optional()
    .describe('Login of the account. Needed where the certificate has several accounts, and for links by which agents confirm.'),
  password: secret().optional().describe('Password of that account.'),
  modules: z.array(z.enum(['actes', 'helios'])).min(1).default(['actes', 'helios']).describe('Modules that the account may use: what is collected.'),
  confirmation: z.enum(['none', 'agent']).default('none')
    .describe('agent: acts are deposited only, and an agent confirms each with a certificate of his own (relais deliveries link). none: they leave at once; the certificate of Relais must then be an RGS one.'),
  returnUrl: returnUrl.optional().describe('Where the browser of an agent goes once he has confirmed. Without it, to the page of the act.'),
  largestPes: z.int().min(1).max(LARGEST_PES).default(LARGEST_PES).describe('Largest PES file that this instance takes, bytes.'),
  ...teleTransmissionSettings,
  ...httpSettings,
}).refine(({ login, password }) => (login === undefined) === (password === undefined), { error: 'login and password, or none of both', path: ['password'] })
  .refine(({ password = '' }) => !/[^\0-\u00FF]/.test(password), { error: 'a password in letters of ISO-8859-1', path: ['password'] })
  .refine(({ url, tls }) => !url.startsWith('https:') || tls?.cert !== undefined, { error: 'cert and key: S2LOW takes no connection without a client certificate', path: ['tls'] });

export type S2lowSettings = z.infer<typeof s2lowSettings>;
