import { StateRefusal } from '../../src/state-desk/state-refusal.js';
import { LETTER_KINDS, type LetterKind } from '../../src/state-desk/exchange.js';
import type { FlowAnswer } from '../../src/state-desk/treasury-flow.js';
import { stateOf, type SimulatedDocument } from './simulated-document.js';
import { PastellRefusal } from './simulated-reply.js';
import { refuseSignature, signDocument } from './simulated-signature.js';
import { ENTITY, enter, typeNamed, waitsIn, type PastellWorld } from './simulated-world.js';

/** What people can do about one document: in the signature book, at the prefecture, at the treasury, in Pastell itself. */
export const DEEDS = ['sign', 'refuse', 'accept', 'reject', 'partial', 'confirm', 'read', 'letter', 'cancelled', 'busy', 'later', 'lock', 'unlock', 'fatal'] as const;
export type Deed = (typeof DEEDS)[number];

/** Does it. `words`: a reason, a count, or which kind, as the deed wants. Throws PastellRefusal for what cannot be done now. */
export async function actOn(document: SimulatedDocument, deed: Deed, words: string, world: PastellWorld): Promise<void> {
  try {
    await DONE[deed](document, words, world);
  } catch (error) {
    if (error instanceof StateRefusal) throw new PastellRefusal(409, error.message, { cause: error });
    throw error;
  }
}

const DONE: Readonly<Record<Deed, (document: SimulatedDocument, words: string, world: PastellWorld) => void | Promise<void>>> = {
  async sign(document, _words, world) {
    requireWaiting(document, 'signature');
    await signDocument(document, world);
  },
  refuse(document, words, world) {
    requireWaiting(document, 'signature');
    refuseSignature(document, words || 'Sans motif', world);
  },
  accept: (document, words, world) => answerState(document, { verdict: 'accept', words }, world),
  reject: (document, words, world) => answerState(document, { verdict: 'reject', words: words || 'Rejet sans motif' }, world),
  partial: (document, words, world) => answerState(document, { verdict: 'partial', words: words || 'Rejet d\'un bordereau' }, world),
  async confirm(document, _words, world) {
    requireWaiting(document, 'certificate');
    await world.state.prefecture.post(document.values['tedetis_transaction_id'] ?? '');
    enter(document, 'teletransmission-tdt', 'Télétransmission demandée', world);
    enter(document, 'return-teletransmission-tdt', 'Le certificat a été présenté', world);
  },
  read(document, _words, world) {
    requireWaiting(document, 'mail');
    enter(document, 'reception', 'Tous les destinataires ont consulté le message', world);
  },
  async letter(document, words, { state: { prefecture } }) {
    const [kind = 'simple', ...text] = words.split(/\s+/).filter((word) => word !== '');
    if (!isLetterKind(kind)) throw new PastellRefusal(400, `Le courrier ${kind} n'existe pas : ${LETTER_KINDS.join(', ')}.`);
    await prefecture.write(document.values['tedetis_transaction_id'] ?? '', kind, ...text.length === 0 ? [] : [text.join(' ')]);
  },
  async cancelled(document, _words, { state: { prefecture } }) { await prefecture.answer(document.values['tedetis_annulation_id'] ?? '', { verdict: 'accept' }); },
  busy(document, words) { document.busy = Number(words) || 1; },
  later(document, words) { document.notYet = (Number(words) || 1) + 1; },
  lock(document) { document.isLocked = true; },
  unlock(document) { document.isLocked = false; },
  fatal(document, words, world) { enter(document, 'fatal-error', words || 'Arrêté par un opérateur', world); },
};

interface StateAnswer {
  readonly verdict: 'accept' | 'reject' | 'partial';
  /** For a rejection, why; for a PES that is accepted, the state that tells of it. */
  readonly words: string;
}

async function answerState(document: SimulatedDocument, { verdict, words }: StateAnswer, world: PastellWorld): Promise<void> {
  const { state: { prefecture, treasury } } = world;
  const transaction = document.values['tedetis_transaction_id'] ?? '';
  if (waitsIn(document) !== 'state' && stateOf(document).action !== 'return-teletransmission-tdt') throw new PastellRefusal(409, `Le document ${document.id} n'est pas chez l'État : ${stateOf(document).action}.`);
  if (typeNamed(document.type, world).carries === 'act') {
    if (verdict === 'partial') throw new PastellRefusal(400, 'Un acte est acquitté ou en anomalie.');
    await prefecture.answer(transaction, verdict === 'accept' ? { verdict: 'accept' } : { verdict: 'anomaly', detail: words });
    return;
  }
  await treasury.answer(transaction, { verdict, ...(verdict !== 'accept' && { label: words }), ...verdict === 'accept' ? stageIn(words) : {}, ...(verdict === 'reject' && { stage: 'refused' as const }) });
}

function stageIn(words: string): Pick<FlowAnswer, 'stage'> {
  const stage = (['acknowledged', 'refused', 'informed'] as const).find((one) => one === words);
  return stage === undefined ? {} : { stage };
}

function requireWaiting(document: SimulatedDocument, what: ReturnType<typeof waitsIn>): void {
  if (waitsIn(document) !== what) throw new PastellRefusal(409, `Le document ${document.id} n'attend pas cela : ${stateOf(document).action}.`);
}

function isLetterKind(word: string): word is LetterKind {
  return (LETTER_KINDS as readonly string[]).includes(word);
}

/** The treasury sends a file of its own, the prefecture a new classification, or Pastell fetches that one. */
export const STATE_DEEDS = ['return', 'reclassify', 'refresh'] as const;

/** Does what is about no document; undefined for what is no such deed. */
export async function actOnState(deed: string, world: PastellWorld): Promise<string | undefined> {
  const { state: { treasury, prefecture } } = world;
  if (deed === 'return') return `PES_Retour ${(await treasury.giveBack(ENTITY.siren)).file.filename}`;
  if (deed === 'reclassify') return `classification: ${(await prefecture.reclassify()).date}; refresh lets Pastell fetch it`;
  if (deed !== 'refresh') return undefined;
  world.classificationDate = prefecture.classification().date;
  return `classification in Pastell: ${world.classificationDate}`;
}
