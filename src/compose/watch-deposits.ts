import fs from 'node:fs/promises';
import { watchFolder, type FolderWatch } from '../deposit/folder/watch-folder.js';
import type { DepositParts } from '../deposit/take-deposit.js';
import { systemTimer } from '../delivery/timer.js';
import { createTurnstile } from '../identity/turnstile.js';
import { createWatches, type Watches } from './create-watches.js';
import type { Installation } from './installation.js';

/** Files of all folders that are under way at the same time: as many as keep the disk busy, few enough for the requests beside them. */
const WIDTH = 16;

/** Looks into the folders of deposits. */
export function createDepositWatches({ logger, metrics }: Pick<Installation, 'logger' | 'metrics'>): Watches {
  const turnstile = createTurnstile(WIDTH);

  function start(parts: DepositParts): FolderWatch[] {
    const { authority, deposit: { id, folder } } = parts;
    if (folder === null) return [];
    const labels = { authority, deposit: id };
    return [watchFolder({
      ...parts, folder, turnstile, disk: fs, logger: logger.child(labels),
      time: { now: () => performance.now(), after: (ms, action) => systemTimer.after(ms, action) },
      onTaken: (outcome) => { metrics.deposited({ ...labels, way: 'folder', outcome }); },
      onLook: (figures) => { metrics.depositFolder(labels, figures); },
    })];
  }
  return createWatches(({ deposits }) => deposits.flatMap(start), () => { metrics.forgetDepositFolders(); });
}
