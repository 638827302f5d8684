import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DeskFolder } from './desk-folder.js';
import type { TestSigner } from './test-certificate.js';

/** What a desk remembers over a restart, beside its files. */
export interface SavedDesk {
  readonly folders: readonly DeskFolder[];
  readonly archived: readonly DeskFolder[];
  readonly signers: Readonly<Record<string, TestSigner>>;
}

const NOTHING: SavedDesk = { folders: [], archived: [], signers: {} };

export async function readSavedDesk(folder: string | undefined): Promise<SavedDesk> {
  if (folder === undefined) return NOTHING;
  try {
    return JSON.parse(await readFile(stateFile(folder), 'utf8')) as SavedDesk;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return NOTHING;
    throw error;
  }
}

/** Whole or not at all: what stood there stays until the new state is written. */
export async function saveDesk(folder: string | undefined, state: SavedDesk): Promise<void> {
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${stateFile(folder)}.new`;
  // it holds the keys of the test certificates
  await writeFile(draft, JSON.stringify(state), { mode: 0o600 });
  await rename(draft, stateFile(folder));
}

function stateFile(folder: string): string {
  return path.join(folder, 'desk.json');
}
