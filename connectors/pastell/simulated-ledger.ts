import { readSaved, writeSaved } from '../../src/connector-kit/saved-json.js';
import type { TestSigner } from '../../src/signature-desk/test-certificate.js';
import type { SimulatedDocument } from './simulated-document.js';

/** An event of the journal (contracts/pastell.md §4.6). Plain JSON. */
export interface JournalEvent {
  readonly id: number;
  /** 1: an action of a document; 7: a consultation; 9: an error of an action. */
  readonly kind: 1 | 7 | 9;
  readonly entity: number;
  /** Empty where it is of no document. */
  readonly document: string;
  readonly documentType: string;
  readonly action: string;
  readonly message: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

const FILE = 'pastell.json';

interface Saved {
  readonly documents: readonly SimulatedDocument[];
  readonly events: readonly JournalEvent[];
  readonly serial: number;
  readonly signers: Readonly<Record<string, TestSigner>>;
}

/** What a simulated Pastell remembers. */
export interface PastellLedger {
  readonly documents: Map<string, SimulatedDocument>;
  readonly events: JournalEvent[];
  /** Certificates that were made in an earlier run. */
  readonly signers: Readonly<Record<string, TestSigner>>;
  nextNumber(): number;
  /** One change after the other, each on disk before it counts as done. */
  inTurn<Result>(change: () => Result | Promise<Result>): Promise<Result>;
  settled(): Promise<void>;
}

const NOTHING: Saved = { documents: [], events: [], serial: 0, signers: {} };

/** `folder`: where it is remembered over restarts; nowhere if not given. `made`: the certificates by now. */
export async function openPastellLedger(folder: string | undefined, made: () => Readonly<Record<string, TestSigner>>): Promise<PastellLedger> {
  const saved = folder === undefined ? NOTHING : await readSaved<Saved>(folder, FILE) ?? NOTHING;
  const documents = new Map(saved.documents.map((document) => [document.id, document]));
  const events = [...saved.events];
  let { serial } = saved;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    documents, events, signers: saved.signers,
    nextNumber: () => serial += 1,
    inTurn(change) {
      const done = turn.then(async () => {
        try {
          return await change();
        } finally {
          const now: Saved = { documents: [...documents.values()], events, serial, signers: made() };
          if (folder !== undefined) await writeSaved(folder, FILE, now);
        }
      });
      turn = done.catch(() => undefined);
      return done;
    },
    async settled() { await turn; },
  };
}
