import { z } from 'zod';
import { httpAddress, httpSettings } from '../../src/connector-api/http-settings.js';
import { secret } from '../../src/connector-api/secret.js';
import { signatureSettings } from '../../src/signature-book/settings.js';
import { teleTransmissionSettings } from '../../src/tele-transmission/settings.js';

/** Who takes the next step of a document (contracts/pastell.md §6): Relais takes `each`; only the `first`, Pastell the others; or Relais says
 * once where it goes, by the action `orientation`. */
export const ADVANCES = ['each', 'first', 'orientation'] as const;
export type Advance = (typeof ADVANCES)[number];

/** Sends of several minutes end; shorter limits cut what goes on over there (§4.5). */
const ACTION_MS = 120_000;

const MIB = 2 ** 20;

function documentType(fallback: string): z.ZodDefault<z.ZodString> {
  return z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'the id of a document type, such as actes-generique').default(fallback);
}

const advance = z.enum(ADVANCES).optional().describe('Who takes the next step. each: Relais. first: Relais takes the first, Pastell the others. orientation: Relais says once where it goes. Without it, what the document type usually wants.');
const subtype = z.string().min(1).optional().describe('Sub-type of the signature book.');
const deposit = z.boolean().default(false).describe('Pastell then puts it into the document management (GED).');
const archive = z.boolean().default(false).describe('Pastell then hands it to the archive (SAE).');

const transmitted = {
  advance, subtype,
  sign: z.boolean().default(false).describe('Pastell has it signed in its signature book first.'),
  transmit: z.boolean().default(true).describe('Pastell sends it to the State.'),
  deposit, archive,
};

/** Who signs is chosen by the sub-type. */
function signsSomewhere({ sign, subtype: given }: { readonly sign: boolean; readonly subtype?: string | undefined }): boolean {
  return !sign || given !== undefined;
}

function goesSomewhere(way: { readonly sign: boolean; readonly transmit?: boolean; readonly deposit: boolean; readonly archive: boolean; readonly mail?: boolean }): boolean {
  return [way.sign, way.transmit, way.deposit, way.archive, way.mail].includes(true);
}

const NO_SUBTYPE = { error: 'a sub-type, because «sign» is true', path: ['subtype'] };
const NOWHERE = { error: 'at least one of the stages true', path: ['sign'] };

/** §1.1: the ways in which an account is known; a client certificate (`tls`) may stand alone or beside them. */
function isOneAccount({ login, password, token, tls }: { login?: string | undefined; password?: string | undefined; token?: string | undefined; tls?: { cert?: string | undefined } | undefined }): boolean {
  if ((login === undefined) !== (password === undefined)) return false;
  if (login !== undefined && token !== undefined) return false;
  return login !== undefined || token !== undefined || tls?.cert !== undefined;
}

const { expects, verification, paper, trustedSigners, lostAfterMs } = signatureSettings;

export const pastellSettings = z.strictObject({
  url: httpAddress('an address such as https://pastell.ville.example, without user name, query and fragment').transform((text) => text.replace(/\/+$/, ''))
    .describe('Address of Pastell, as people open it in a browser.'),
  entity: z.int().min(1).describe('Number of the entity (id_e) in which documents are made.'),
  login: z.string().min(1).optional().describe('Login of the account of Relais.'),
  password: secret().optional().describe('Password of that account.'),
  token: secret().optional().describe('Token of that account, in place of login and password; Pastell 4 or later.'),
  acts: z.strictObject({ type: documentType('actes-generique'), ...transmitted }).refine(signsSomewhere, NO_SUBTYPE).refine(goesSomewhere, NOWHERE).prefault({}).describe('Documents of transmit-act.'),
  flows: z.strictObject({ type: documentType('helios-generique'), ...transmitted }).refine(signsSomewhere, NO_SUBTYPE).refine(goesSomewhere, NOWHERE).prefault({}).describe('Documents of transmit-pes.'),
  pdf: z.strictObject({
    type: documentType('pdf-generique'), advance, subtype, sign: z.boolean().default(true).describe('Pastell has it signed in its signature book.'), deposit,
    mail: z.boolean().default(false).describe('Pastell then sends it by secure mail, to the addresses of the step.'), archive,
  }).refine(goesSomewhere, NOWHERE).prefault({}).describe('Documents of process-pdf. The sub-type is that of the step where it maps one.'),
  signing: z.strictObject({ type: documentType('document-a-signer'), advance, subtype, deposit }).prefault({}).describe('Documents of sign. The sub-type is that of the step where it maps one.'),
  proofs: z.boolean().default(true).describe('Bring back the time-stamps of the journal for the key events. Needs the right journal:lecture.'),
  chunkAbove: z.int().min(MIB).default(32 * MIB).describe('Files of more bytes travel in chunks where Pastell can take them (4.1 or later).'),
  actionTimeoutMs: z.int().min(ACTION_MS).default(ACTION_MS).describe('How long an action may take, milliseconds: Pastell sends on before it answers.'),
  ...teleTransmissionSettings,
  expects, verification, paper, trustedSigners, lostAfterMs,
  ...httpSettings,
}).refine(isOneAccount, { error: 'login and password, or a token, or a client certificate under tls', path: ['login'] });

export type PastellSettings = z.infer<typeof pastellSettings>;
