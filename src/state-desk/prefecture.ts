import type { Classification } from '../formats/actes/classification.js';
import { writeActe } from '../formats/actes/write-ar-acte.js';
import { writeClassification } from '../formats/actes/write-classification.js';
import type { DeskFiles } from '../signature-desk/desk-files.js';
import { actContent } from './act-content.js';
import { actIdOf } from './act-names.js';
import { exchangeAnswered, type ActAnswer } from './answer-exchange.js';
import type { Cancellation, ClassificationRequest, Exchange, ExchangeStage, FiledAct, NewAct } from './exchange.js';
import { createLetters, type PrefectureLetters } from './prefecture-letters.js';
import { prefectureParts, type PrefectureParts } from './prefecture-parts.js';
import { actSlip, stampAct } from './stamp-act.js';
import type { StateDeskParts } from './state-desk.js';
import type { StateLedger } from './state-ledger.js';
import { StateRefusal } from './state-refusal.js';
import { exchangeStepped } from './step-exchange.js';

/** The simulated prefecture, with the checks of the platform before it. What it does not take it throws as StateRefusal. */
export interface Prefecture extends PrefectureLetters {
  /** The classification in force. */
  classification(): Classification;
  /** Its file (RetourClassification). */
  classificationFile(): Buffer;
  /** Changes it, as happens overnight. */
  reclassify(): Promise<Classification>;
  /** Asks for it, as a transaction of its own. */
  requestClassification(authority: string): Promise<ClassificationRequest>;
  /** Takes an act. Refused, as `number-taken`, where its authority ever used the number. */
  file(act: NewAct): Promise<FiledAct>;
  /** Takes back an act that is acknowledged; no other is. */
  cancel(id: string): Promise<Cancellation>;
  find(id: string): Exchange | undefined;
  /** All exchanges, in the order in which they came. */
  list(): readonly Exchange[];
  /** Where it stands; once that was told it goes one step on, as far as no answer is needed. */
  look(id: string): Promise<Exchange>;
  /** Posts what waits for a person. */
  post(id: string): Promise<Exchange>;
  /** Acknowledges an act, a reply or a cancellation, or reports an anomaly, once it has gone through the checks. */
  answer(id: string, answer: ActAnswer): Promise<Exchange>;
  /** It ends in error, with these words. */
  fail(id: string, reason: string): Promise<Exchange>;
  hold(id: string, isStuck: boolean): Promise<Exchange>;
  /** Closes an act, for it (`closed`) or against it (`refused`). */
  close(id: string, stage: 'closed' | 'refused'): Promise<Exchange>;
  /** The business message of an act, as it is sent. */
  actFile(act: FiledAct): Buffer;
  /** The acknowledgement slip (PDF). */
  slip(act: FiledAct): Buffer;
  /** A document of an act with its stamp; null where it is no PDF. `index`: 0 is the main document. */
  stamped(act: FiledAct, index: number, publishedOn?: string): Promise<Buffer | null>;
}

const UNDER_WAY: readonly ExchangeStage[] = ['posted', 'queued', 'sent'];

export function createPrefecture(given: StateDeskParts, ledger: StateLedger, files: DeskFiles): Prefecture {
  const parts = prefectureParts(given, ledger, files);
  const { exchanges, inTurn } = ledger;
  const { classification } = parts;
  return {
    ...createLetters(parts), ...actEntry(parts), ...exchangeChanges(parts),
    classification,
    classificationFile: () => writeClassification(classification()),
    reclassify: () => inTurn(() => {
      ledger.classification += 1;
      given.say?.(`classification: ${classification().date}`);
      return classification();
    }),
    find: (id) => exchanges.get(id),
    list: () => [...exchanges.values()],
    actFile: (act) => writeActe(actContent(act, classification().date)),
    slip: actSlip,
    async stamped(act, index, publishedOn) {
      const document = act.documents[index];
      if (document?.mediaType !== 'application/pdf') return null;
      if (index === 0 && act.stamped !== null) return files.whole(act.stamped.sha256);
      return stampAct(await files.whole(document.sha256), act, publishedOn);
    },
  };
}

/** What is sent to the prefecture beside replies. */
function actEntry({ ledger: { exchanges, inTurn }, base, put, required }: PrefectureParts): Pick<Prefecture, 'file' | 'cancel' | 'requestClassification'> {
  const all = () => [...exchanges.values()];
  return {
    file: (act) => inTurn(() => {
      if (all().some((one) => one.kind === 'act' && one.authority === act.authority && one.number === act.number)) throw new StateRefusal('number-taken', `Le numéro d'acte ${act.number} est déjà utilisé par la collectivité.`);
      const { waitsFor, ...facts } = act;
      return put({ ...base(act.authority), ...facts, kind: 'act', stage: stageOf(waitsFor), actId: actIdOf(act), receivedOn: null, stamped: null });
    }),
    cancel: (id) => inTurn(() => {
      const act = required(id);
      if (act.kind !== 'act' || act.stage !== 'acknowledged') throw new StateRefusal('not-now', `La transaction ${id} ne peut pas être annulée : ce n'est pas un acte acquitté.`);
      if (all().some((one) => one.kind === 'cancellation' && one.about === id && UNDER_WAY.includes(one.stage))) throw new StateRefusal('duplicate', `Une annulation de l'acte ${id} est déjà en cours.`);
      return put({ ...base(act.authority), kind: 'cancellation', about: id, stage: 'posted' });
    }),
    requestClassification: (authority) => inTurn(() => put({ ...base(authority), kind: 'classification', stage: 'posted' })),
  };
}

function stageOf(waitsFor: NewAct['waitsFor']): ExchangeStage {
  if (waitsFor === undefined) return 'posted';
  return waitsFor === 'confirmation' ? 'waiting' : 'to-sign';
}

/** What becomes of an exchange later. */
function exchangeChanges(parts: PrefectureParts): Pick<Prefecture, 'look' | 'post' | 'answer' | 'fail' | 'hold' | 'close'> {
  const { ledger: { inTurn }, put, required } = parts;
  const changed = (id: string, change: (exchange: Exchange) => Exchange | Promise<Exchange>) => inTurn(async () => put(await change(required(id))));
  return {
    async look(id) {
      const told = required(id);
      await changed(id, (exchange) => exchangeStepped(exchange, parts));
      return told;
    },
    post: (id) => changed(id, (exchange) => {
      if (exchange.stage !== 'waiting') throw new StateRefusal('not-now', `La transaction ${id} n'attend pas d'être postée.`);
      return { ...exchange, stage: 'posted' };
    }),
    answer: (id, answer) => changed(id, async (exchange) => {
      let now: Exchange = put({ ...exchange, isStuck: false });
      while (now.stage === 'posted' || now.stage === 'queued') now = put(await exchangeStepped(now, parts));
      return exchangeAnswered(now, answer, parts);
    }),
    fail: (id, reason) => changed(id, (exchange) => ({ ...exchange, stage: 'error', reason })),
    hold: (id, isStuck) => changed(id, (exchange) => ({ ...exchange, isStuck })),
    close: (id, stage) => changed(id, (exchange) => ({ ...exchange, stage })),
  };
}
