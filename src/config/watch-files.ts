import { watch } from 'chokidar';
import fs from 'node:fs';
import path from 'node:path';

/** Tells when something changes in files and folders that may come and go. */
export interface FileWatcher {
  /** Resolves when changes are noticed. */
  readonly ready: Promise<void>;
  /** From now on these files, and the YAML files of these folders, and no others. Absolute. */
  follow(places: readonly string[]): void;
  close(): Promise<void>;
}

export interface FileEvents {
  /** Once for what is written together. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/** Editors write in several steps, and a deployment several files. */
const QUIET_MS = 300;

/** Watches the folder around each place as well, because that is where a file is seen that comes, or comes back. */
export function watchFiles(places: readonly string[], { onChange, onError }: FileEvents): FileWatcher {
  let followed = new Set(places);
  let folders = foldersOf(followed);
  let timer: NodeJS.Timeout | undefined;
  const concerns = (place: string): boolean => followed.has(place) || (followed.has(path.dirname(place)) && place.endsWith('.yaml'));
  const watcher = watch(existing([...folders, ...followed]), {
    ignoreInitial: true, depth: 0, ignored: (place) => !folders.has(place) && !concerns(place), awaitWriteFinish: { stabilityThreshold: QUIET_MS / 2, pollInterval: 50 },
  });
  watcher.on('error', onError);
  watcher.on('all', (_event, place) => {
    if (!concerns(place)) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS);
  });
  return {
    ready: new Promise((resolve) => { watcher.once('ready', resolve); }),
    follow(next) {
      const gone = [...followed, ...folders];
      followed = new Set(next);
      folders = foldersOf(followed);
      watcher.unwatch(gone.filter((place) => !folders.has(place) && !concerns(place)));
      watcher.add(existing([...folders, ...followed]));
    },
    async close() {
      clearTimeout(timer);
      await watcher.close();
      clearTimeout(timer);
    },
  };
}

/** What is not there yet is seen by the folder around it, and missed once it has been asked for. */
function existing(places: readonly string[]): string[] {
  return places.filter((place) => fs.existsSync(place));
}

function foldersOf(places: ReadonlySet<string>): Set<string> {
  return new Set([...places].map((place) => path.dirname(place)));
}
