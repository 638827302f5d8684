import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
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
  const saved = folder === undefined ? NOTHING : await readSaved(folder);
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
          if (folder !== undefined) await writeSaved(folder, { documents: [...documents.values()], events, serial, signers: made() });
        }
      });
      turn = done.catch(() => undefined);
      return done;
    },
    async settled() { await turn; },
  };
}

async function readSaved(folder: string): Promise<Saved> {
  try {
    return JSON.parse(await readFile(fileIn(folder), 'utf8')) as Saved;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return NOTHING;
    throw error;
  }
}

/** Whole or not at all: what stood there stays until the new state is written. */
async function writeSaved(folder: string, saved: Saved): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${fileIn(folder)}.new`;
  // it holds the keys of the test certificates
  await writeFile(draft, JSON.stringify(saved), { mode: 0o600 });
  await rename(draft, fileIn(folder));
}

function fileIn(folder: string): string {
  return path.join(folder, 'pastell.json');
}
