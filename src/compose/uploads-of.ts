import path from 'node:path';
import { createUploadStore } from '../deposit/http/upload-store.js';
import { createUploads, type Uploads } from '../deposit/http/uploads.js';
import { systemClock } from '../platform/clock.js';

/** Uploads of each authority, one for the life of the process: a reload must not let two requests append to the same file. */
export function createUploadsOf(dataFolder: string): (authority: string) => Uploads {
  const opened = new Map<string, Uploads>();
  return (authority) => {
    const uploads = opened.get(authority) ?? createUploads(createUploadStore(path.join(dataFolder, 'uploads', authority), () => systemClock.now()));
    opened.set(authority, uploads);
    return uploads;
  };
}
