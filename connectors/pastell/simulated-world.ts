import { Readable } from 'node:stream';
import type { StateDesk } from '../../src/state-desk/state-desk.js';
import type { DeskSigners } from '../../src/signature-desk/desk-signers.js';
import { stateOf, type DocumentFile, type SimulatedDocument } from './simulated-document.js';
import type { PastellLedger } from './simulated-ledger.js';
import type { Mishaps } from './simulated-mishaps.js';
import { PastellRefusal } from './simulated-reply.js';
import type { Release } from './simulated-release.js';
import type { DocumentType } from './simulated-types.js';

/** When the daemon acts: as far as it can with every question, a step with every question, or a step after so many milliseconds of its
 * clock. */
export type Pace = 'at-once' | 'a-step-a-question' | { readonly everyMs: number };

/** The entity of the town that is simulated. */
export const ENTITY = { id: 12, name: 'Ville de démonstration', siren: '123456789' } as const;

/** What the parapheur behind Pastell knows (contracts/pastell.md §4.3). */
export const CIRCUIT = { type: 'Actes', subtypes: ['Bordereaux', 'College', 'Conseil', 'Courriers'] } as const;

/** All that the parts of a simulated Pastell share. */
export interface PastellWorld {
  readonly release: Release;
  readonly types: ReadonlyMap<string, DocumentType>;
  readonly ledger: PastellLedger;
  readonly state: StateDesk;
  readonly signers: DeskSigners;
  readonly clock: { now(): number };
  readonly pace: Pace;
  readonly mishaps: Mishaps;
  /** Date of the classification that Pastell fetched last. */
  classificationDate: string;
  /** What the next documents are called, in place of names by chance. */
  readonly nextIds: string[];
  readonly say: (line: string) => void;
}

/** Throws PastellRefusal. */
export function typeNamed(name: string, { types }: PastellWorld): DocumentType {
  const type = types.get(name);
  if (type === undefined) throw new PastellRefusal(404, `Le type de dossier ${name} n'existe pas.`);
  return type;
}

/** Puts a document into a state, and says so in the journal. */
export function enter(document: SimulatedDocument, action: string, message: string, world: PastellWorld): void {
  const at = world.clock.now();
  document.states.push({ action, at, message });
  document.editedAt = at;
  if (!DRAFTS.includes(action)) document.isStarted = true;
  note(document, 1, action, message, world);
  world.say(`${document.type} ${document.id}: ${action}${message === '' ? '' : `, ${message}`}`);
}

const DRAFTS: readonly string[] = ['creation', 'modification', 'importation', 'send-signature-error'];

/** Writes into the journal. */
export function note({ id, type, entity }: Pick<SimulatedDocument, 'id' | 'type' | 'entity'>, kind: 1 | 7 | 9, action: string, message: string, { ledger, clock }: PastellWorld): void {
  ledger.events.push({ id: ledger.nextNumber(), kind, entity, document: id, documentType: type, action, message, at: clock.now() });
}

/** Keeps bytes as a file of a document. */
export async function keptFile(filename: string, bytes: Buffer, { state }: PastellWorld): Promise<DocumentFile> {
  return { filename, ...await state.files.keep(Readable.from([bytes])) };
}

/** The title of a document: the field that its type says. */
export function titleOf({ values }: SimulatedDocument, { fields }: DocumentType): string {
  return values[fields.find(({ title }) => title === true)?.name ?? ''] ?? '';
}

/** Whether the document waits for somebody in this state, in the words of a list. */
export function waitsIn(document: SimulatedDocument): 'signature' | 'state' | 'certificate' | 'mail' | null {
  switch (stateOf(document).action) {
    case 'send-iparapheur': return 'signature';
    case 'send-tdt': return 'state';
    case 'document-transmis-tdt': case 'teletransmission-tdt': return 'certificate';
    case 'send-mailsec': return 'mail';
    default: return null;
  }
}
