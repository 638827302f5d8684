import { z } from 'zod';
import { httpAddress, httpSettings } from '../../src/connector-api/http-settings.js';
import { secret } from '../../src/connector-api/secret.js';
import { signatureSettings } from '../../src/signature-book/settings.js';

/** Without `visibility`: this interface cannot be told who may see a folder. */
const { type, subtype, expects, afterwards, verification, paper, trustedSigners, lostAfterMs } = signatureSettings;

export const v5Settings = z.strictObject({
  url: httpAddress('an address such as https://parapheur.ville.example, without user name, query and fragment').transform((text) => text.replace(/\/+$/, ''))
    .describe('Address of i-Parapheur, as people open it in a browser, without a path.'),
  tenant: z.string().min(1).describe('Name or identifier of the entity (tenant).'),
  desk: z.string().min(1).describe('Name or identifier of the desk that emits the folders.'),
  login: z.string().min(1).describe('Login of the account of Relais.'),
  password: secret().describe('Password of that account.'),
  keyMetadata: z.string().regex(/^[A-Za-z]\w{0,63}$/, 'the key of a metadata: a letter, then letters, digits and _').optional()
    .describe('Key of the metadata (type text) in which Relais writes how it recognises its folders. Without it, that stands at the end of the title.'),
  type, subtype, expects,
  afterwards: afterwards.describe('What becomes of the folder over there once all that it gave is kept here. keep: nothing. archive: a finished one goes into the bin, which i-Parapheur empties. delete: it is removed. A refused one is removed in both cases.'),
  verification, paper, trustedSigners, lostAfterMs,
  ...httpSettings,
});

export type V5Settings = z.infer<typeof v5Settings>;
