import fs from 'node:fs/promises';
import path from 'node:path';
import type { Disk } from '../../src/deposit/folder/disk.js';
import { watchFolder, type FolderFigures, type FolderWatch } from '../../src/deposit/folder/watch-folder.js';
import type { DepositParts } from '../../src/deposit/take-deposit.js';
import type { Deposit, DepositFolder } from '../../src/domain/deposit.js';
import { createTurnstile } from '../../src/identity/turnstile.js';
import { createNewId } from '../../src/platform/new-id.js';
import { memoryBlobStore } from './memory-blob-store.js';
import { memoryIntake } from './memory-intake.js';
import { recordingLogger } from './recording-logger.js';

export const PLACE = { creator: 'compta', source: 'finance', configId: 'college', organisation: 'o'.repeat(32), annexType: 'annexe', reviewState: 'itemcreated' };
export const DAY = '2027-03-01';

export function sampleFolder(root: string, change: Partial<DepositFolder> = {}): DepositFolder {
  return { path: root, create: false, quietMs: 5000, everyMs: 2000, marker: null, processed: path.join(root, 'processed'), errors: path.join(root, 'errors'), keepProcessedDays: null, ...change };
}

export function sampleDeposit(change: Partial<Deposit> = {}): Deposit {
  return { id: 'finances', kind: 'pes', place: PLACE, folder: null, http: true, schema: null, maxBytes: 64 * 2 ** 20, ...change };
}

/** What a deposit needs, in memory. */
export function depositParts(change: Partial<DepositParts> = {}): DepositParts {
  return {
    authority: 'default', deposit: sampleDeposit(), language: 'en', blobs: memoryBlobStore(), intake: memoryIntake(), newId: createNewId(),
    clock: { now: () => Date.UTC(2027, 2, 1, 9) }, mediaTypeOf: (name) => (name.endsWith('.pdf') ? 'application/pdf' : 'application/octet-stream'), ...change,
  };
}

export interface WatchRig {
  readonly root: string;
  readonly intake: ReturnType<typeof memoryIntake>;
  readonly blobs: ReturnType<typeof memoryBlobStore>;
  readonly log: ReturnType<typeof recordingLogger>;
  readonly taken: string[];
  readonly figures: FolderFigures[];
  /** Time passes, and the folder is looked into once. */
  readonly look: (ms?: number) => Promise<void>;
  /** So often that what stands there now is complete, and taken. */
  readonly settle: () => Promise<void>;
  readonly drop: (name: string, content: string | Buffer) => Promise<void>;
  /** Names in a folder below the root, in their order. */
  readonly names: (folder?: string) => Promise<string[]>;
  readonly text: (name: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

export interface RigOptions {
  readonly folder?: Partial<DepositFolder>;
  readonly parts?: Partial<DepositParts>;
  /** What of the file system is different. */
  readonly disk?: Partial<Disk>;
}

/** A watched folder whose time passes when a test says so. */
export async function watchRig(root: string, { folder, parts, disk }: RigOptions = {}): Promise<WatchRig> {
  const [intake, blobs, log] = [memoryIntake(), memoryBlobStore(), recordingLogger()];
  const [taken, figures]: [string[], FolderFigures[]] = [[], []];
  let now = 0;
  let action: (() => void) | undefined;
  let armed: () => void = () => undefined;
  const nextLook = (): Promise<void> => new Promise((resolve) => { if (action === undefined) armed = resolve; else resolve(); });
  const watch: FolderWatch = watchFolder({
    ...depositParts({ intake, blobs, ...parts }), folder: sampleFolder(root, folder), disk: { ...fs, ...disk }, logger: log, turnstile: createTurnstile(8),
    // it never stands still, as a real one
    time: { now: () => now += 0.000_1, after(_ms, next) { action = next; armed(); return () => { action = undefined; }; } },
    onTaken: (outcome) => taken.push(outcome), onLook: (told) => figures.push(told),
  });
  await nextLook();
  const look = async (ms = 2000): Promise<void> => {
    const run = action;
    action = undefined;
    now += ms;
    const done = nextLook();
    run?.();
    await done;
  };
  return {
    root, intake, blobs, log, taken, figures, look,
    async settle() { for (let looks = 0; looks < 4; looks += 1) await look(); },
    drop: (name, content) => fs.writeFile(path.join(root, name), content),
    names: async (below = '') => (await fs.readdir(path.join(root, below)).catch(() => [])).toSorted(),
    text: (name) => fs.readFile(path.join(root, name), 'utf8'),
    stop: () => watch.stop(),
  };
}
