import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What a simulator wrote into a file of its folder when it ran before; undefined: nothing yet. Only what `writeSaved` wrote is read, so
 * it is of the type that was written. */
export async function readSaved<Saved>(folder: string, filename: string): Promise<Saved | undefined> {
  try {
    return JSON.parse(await readFile(path.join(folder, filename), 'utf8')) as Saved;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all: what stood there stays until the new state is written. For its owner alone, because some hold keys of test
 * certificates. */
export async function writeSaved(folder: string, filename: string, saved: unknown): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, filename);
  const draft = `${file}.new`;
  await writeFile(draft, JSON.stringify(saved), { mode: 0o600 });
  await rename(draft, file);
}
