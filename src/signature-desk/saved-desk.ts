import { readSaved, writeSaved } from '../connector-kit/saved-json.js';
import type { DeskFolder } from './desk-folder.js';
import type { TestSigner } from './test-certificate.js';

const FILE = 'desk.json';

/** What a desk remembers over a restart, beside its files. */
export interface SavedDesk {
  readonly folders: readonly DeskFolder[];
  readonly archived: readonly DeskFolder[];
  readonly signers: Readonly<Record<string, TestSigner>>;
}

const NOTHING: SavedDesk = { folders: [], archived: [], signers: {} };

/** `folder`: where it is remembered over restarts; nowhere if not given. */
export async function readSavedDesk(folder: string | undefined): Promise<SavedDesk> {
  return folder === undefined ? NOTHING : await readSaved<SavedDesk>(folder, FILE) ?? NOTHING;
}

/** It is on disk when this resolves. */
export async function saveDesk(folder: string | undefined, state: SavedDesk): Promise<void> {
  if (folder !== undefined) await writeSaved(folder, FILE, state);
}
