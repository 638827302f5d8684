import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const flush = promisify(fs.fsync);

/** Makes names in directories survive a power loss. */
export interface DirectorySync {
  /** Makes the directory if it is not there, and its name durable. */
  make(directory: string): Promise<void>;
  /** Resolves when every name given before the call is on disk. Calls that wait together share one fsync. */
  sync(directory: string): Promise<void>;
}

/** One for each folder of blobs: it remembers which directories it made. */
export function createDirectorySync(): DirectorySync {
  const made = new Map<string, Promise<void>>();
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();

  function start(directory: string): Promise<void> {
    next.delete(directory);
    const started = fsync(directory).finally(() => {
      if (running.get(directory) === started) running.delete(directory);
    });
    running.set(directory, started);
    return started;
  }

  /** An fsync that runs already may have begun before the caller's rename: the one after it counts. */
  function sync(directory: string): Promise<void> {
    const current = running.get(directory);
    if (current === undefined) return start(directory);
    const following = next.get(directory) ?? current.then(() => start(directory), () => start(directory));
    next.set(directory, following);
    return following;
  }

  async function makeNow(directory: string): Promise<void> {
    if (await fs.promises.mkdir(directory, { recursive: true, mode: 0o700 }) !== undefined) await sync(path.dirname(directory));
  }

  return {
    sync,
    make(directory) {
      const known = made.get(directory);
      if (known !== undefined) return known;
      const making = makeNow(directory).catch((error: unknown) => {
        made.delete(directory);
        throw error;
      });
      made.set(directory, making);
      return making;
    },
  };
}

async function fsync(directory: string): Promise<void> {
  const descriptor = fs.openSync(directory, 'r');
  try {
    await flush(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
