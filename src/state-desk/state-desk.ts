import { openDeskFiles, type DeskFiles } from '../signature-desk/desk-files.js';
import { createPrefecture, type Prefecture } from './prefecture.js';
import { openStateLedger } from './state-ledger.js';
import { createTreasury, type Treasury } from './treasury.js';

export interface StateDeskParts {
  readonly clock: { now(): number };
  /** Keeps everything there over restarts; a temporary folder, removed by `close`, if not given. */
  readonly folder?: string;
  /** Treasury and prefecture accept what was sent with the next question about it; otherwise somebody has to answer. */
  readonly answersItself?: boolean;
  /** Told in one line of what happens. */
  readonly say?: (line: string) => void;
}

/** A simulated State behind a platform of tele-transmission: the treasury and the prefecture. The platforms' own protocols stand over it.
 * Changes happen one after the other, and each is on disk before it counts as done. */
export interface StateDesk {
  readonly files: DeskFiles;
  readonly treasury: Treasury;
  readonly prefecture: Prefecture;
  close(): Promise<void>;
}

/** Opens it, with what it had where that is kept in a folder. */
export async function createStateDesk(parts: StateDeskParts): Promise<StateDesk> {
  const files = await openDeskFiles(parts.folder);
  const ledger = await openStateLedger(parts.folder);
  return {
    files,
    treasury: createTreasury(parts, ledger, files),
    prefecture: createPrefecture(parts, ledger, files),
    async close() {
      await ledger.settled();
      await files.close();
    },
  };
}
