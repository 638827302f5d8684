import path from 'node:path';
import { codeOf, samePrint, type Disk, type FilePrint } from './disk.js';
import type { FoundFile } from './find-files.js';
import { isManifest, onlyFileOf } from './group-files.js';
import { MANIFEST_BYTES, readManifest, type Manifest } from '../manifest.js';
import { FileChanged, FileUnreadable, readFile } from './read-file.js';

type Said = Manifest | { readonly mistake: string };

/** Reads the manifests among what was found, each once for each of its states; complete or not, because the files that one names must not be taken alone. */
export function createManifestReader(disk: Disk, folder: string): (found: readonly FoundFile[]) => Promise<ReadonlyMap<string, Said>> {
  let known = new Map<string, { readonly print: FilePrint; readonly said: Said }>();
  return async (found) => {
    const next = new Map<string, { readonly print: FilePrint; readonly said: Said }>();
    for (const file of found.filter(({ name }) => isManifest(name))) {
      const before = known.get(file.name);
      next.set(file.name, before !== undefined && samePrint(before.print, file) ? before : { print: file, said: await read(disk, folder, file) });
    }
    known = next;
    return new Map([...next].map(([name, { said }]) => [name, said]));
  };
}

async function read(disk: Disk, folder: string, file: FoundFile): Promise<Said> {
  if (file.size > MANIFEST_BYTES) return { mistake: `it is larger than ${MANIFEST_BYTES} bytes` };
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of readFile(disk, path.join(folder, file.name), file, () => undefined)) chunks.push(chunk);
  } catch (error) {
    if (error instanceof FileChanged || error instanceof FileUnreadable || codeOf(error) === 'ENOENT') return { mistake: 'it cannot be read' };
    throw error;
  }
  return readManifest(Buffer.concat(chunks).toString('utf8'), [onlyFileOf(file.name)]);
}
