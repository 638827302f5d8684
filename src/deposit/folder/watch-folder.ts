import type { Logger } from '../../platform/logger.js';
import { findFiles } from './find-files.js';
import { groupFiles } from './group-files.js';
import type { DepositOutcome } from '../outcome.js';
import { createQuietFiles } from './quiet-files.js';
import { createManifestReader } from './read-manifests.js';
import { removeOldDays } from './remove-old-days.js';
import type { GroupParts } from './take-group.js';
import { createGroupTaker } from './take-groups.js';
import { troubleOf } from './trouble.js';

const TIDY_MS = 3_600_000;

export interface FolderFigures {
  /** The folder could be read, and files be put away, at the last look. */
  readonly isUp: boolean;
  /** Files in it that are not put away. */
  readonly waiting: number;
}

export interface WatchParts extends Omit<GroupParts, 'onProgress' | 'onReceived' | 'oneAtATime'> {
  readonly logger: Logger;
  /** Time that only grows, milliseconds, and how to wait in it; returns how to wait no longer. */
  readonly time: { now(): number; after(ms: number, action: () => void): () => void };
  /** Lets as many tasks of all folders run at once as is good for the machine. */
  readonly turnstile: <Result>(task: () => Promise<Result>) => Promise<Result>;
  readonly onTaken: (outcome: DepositOutcome['state']) => void;
  readonly onLook: (figures: FolderFigures) => void;
}

export interface FolderWatch {
  /** Ends once what is under way is through; no file is begun any more. */
  stop(): Promise<void>;
}

/** Looks into the folder from time to time. By looking, because shares tell nobody of changes: the same way everywhere. A folder that cannot be used is told once, and tried
 * again at each look; what fails touches no other folder. Several processes may look into one folder: each file becomes one item. */
export function watchFolder(parts: WatchParts): FolderWatch {
  const { time, folder } = parts;
  const look = createLook(parts);
  let isStopping = false;
  let cancel: () => void = () => undefined;
  let running: Promise<void> = Promise.resolve();

  function next(): void {
    if (isStopping) return;
    cancel = time.after(folder.everyMs, () => { running = look(() => isStopping).then(next); });
  }
  running = look(() => isStopping).then(next);
  return {
    async stop() {
      isStopping = true;
      cancel();
      await running;
    },
  };
}

/** One look; it never rejects. */
function createLook(parts: WatchParts): (isStopping: () => boolean) => Promise<void> {
  const { disk, folder, logger, time, onLook } = parts;
  const quietFiles = createQuietFiles(folder.quietMs);
  const readManifests = createManifestReader(disk, folder.path);
  const takeGroups = createGroupTaker(parts);
  let trouble: string | null = null;
  let tidied = -Infinity;
  const tellMisnamed = misnamedTeller(logger);

  function tell(next: string | null): void {
    if (next !== null && trouble === null) logger.warn('A deposit takes nothing from its folder; Relais goes on trying', { folder: folder.path, reason: next });
    if (next === null && trouble !== null) logger.info('A deposit takes files from its folder again', { folder: folder.path });
    trouble = next;
  }
  return async (isStopping) => {
    let waiting = 0;
    try {
      if (folder.create) await disk.mkdir(folder.path, { recursive: true });
      const { files: found, misnamed } = await findFiles(disk, folder.path);
      tellMisnamed(misnamed);
      waiting = found.length + misnamed.length;
      onLook({ isUp: trouble === null, waiting });
      const manifests = await readManifests(found);
      waiting -= await takeGroups(groupFiles({ found, quiet: quietFiles.note(found, time.now()), manifests, marker: folder.marker }), isStopping);
      if (time.now() - tidied >= TIDY_MS) {
        await removeOldDays(disk, folder, parts.clock.now());
        tidied = time.now();
      }
      tell(null);
    } catch (error) {
      const reason = troubleOf(error);
      if (reason === null) logger.error('A look into the folder of a deposit failed', { folder: folder.path, error });
      else tell(reason);
    }
    onLook({ isUp: trouble === null, waiting });
  };
}

/** Tells of each once, while it stays. */
function misnamedTeller(logger: Logger): (misnamed: readonly string[]) => void {
  let told: ReadonlySet<string> = new Set();
  return (misnamed) => {
    for (const name of misnamed) if (!told.has(name)) logger.warn('The name of a deposited file is not written in UTF-8, so that it cannot be taken; rename it', { file: name });
    told = new Set(misnamed);
  };
}
