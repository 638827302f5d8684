import { Readable } from 'node:stream';
import type { Classification } from '../formats/actes/classification.js';
import type { DeskFile } from '../signature-desk/desk-folder.js';
import type { DeskFiles } from '../signature-desk/desk-files.js';
import { dayOf } from './act-names.js';
import type { Exchange } from './exchange.js';
import { sampleClassification } from './sample-classification.js';
import type { StateDeskParts } from './state-desk.js';
import type { StateLedger } from './state-ledger.js';
import { StateRefusal } from './state-refusal.js';

/** What the parts of the prefecture share. */
export interface PrefectureParts {
  readonly clock: { now(): number };
  readonly answersItself: boolean;
  readonly ledger: StateLedger;
  /** `2027-03-01`. */
  readonly today: () => string;
  /** The classification in force. */
  readonly classification: () => Classification;
  /** What every new exchange begins with. */
  readonly base: (authority: string) => Pick<Exchange, 'id' | 'authority' | 'at' | 'reason' | 'isStuck' | 'message'>;
  readonly put: <Kind extends Exchange>(exchange: Kind) => Kind;
  /** Throws StateRefusal. */
  readonly required: (id: string) => Exchange;
  readonly keep: (filename: string, mediaType: string, bytes: Buffer) => Promise<DeskFile>;
}

export function prefectureParts({ clock, say, answersItself = false }: StateDeskParts, ledger: StateLedger, files: DeskFiles): PrefectureParts {
  const { exchanges } = ledger;
  return {
    clock, answersItself, ledger,
    today: () => dayOf(clock.now()),
    classification: () => sampleClassification(ledger.classification),
    base: (authority) => ({ id: ledger.nextId(), authority, at: clock.now(), reason: '', isStuck: false, message: null }),
    put(exchange) {
      if (exchanges.get(exchange.id)?.stage !== exchange.stage) say?.(`${exchange.kind} ${exchange.id}: ${exchange.stage}${exchange.reason === '' ? '' : `, ${exchange.reason}`}`);
      exchanges.set(exchange.id, exchange);
      return exchange;
    },
    required(id) {
      const found = exchanges.get(id);
      if (found === undefined) throw new StateRefusal('unknown', `La transaction ${id} n'existe pas.`);
      return found;
    },
    keep: async (filename, mediaType, bytes) => ({ filename, mediaType, ...await files.keep(Readable.from([bytes])) }),
  };
}
