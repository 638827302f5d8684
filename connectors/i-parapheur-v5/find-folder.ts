import { Refused } from '../../src/connector-api/failures.js';
import { sentAs } from '../../src/signature-book/returned-folder.js';
import type { SentFolder } from '../../src/signature-book/sent-folder.js';
import { ENDED_STATES, listFolders, LIVING_STATES, readHistory, type FolderRow, type ListState } from './folder-calls.js';
import type { FolderMark } from './folder-mark.js';
import type { PremisHistory } from './premis-read.js';
import type { Session } from './session.js';

export interface FoundFolder {
  readonly id: string;
  readonly state: ListState;
  readonly history: PremisHistory;
}

/** The folder with a mark, looked for in all lists of the desk; null proves that there is none. `filter` narrows the lists. */
export async function findFolder(session: Session, mark: FolderMark, filter?: Readonly<Record<string, string>>): Promise<FoundFolder | null> {
  for (const state of [...LIVING_STATES, ...ENDED_STATES]) {
    for (const row of await listFolders(session, state, filter)) {
      const found = await lookAt(session, row, mark);
      if (found !== null) return { id: row.id, state, history: found };
    }
  }
  return null;
}

/** Its history where the mark is on it. Lists of some versions do not tell the metadata: the history does. */
async function lookAt(session: Session, row: FolderRow, mark: FolderMark): Promise<PremisHistory | null> {
  const told = mark.isOn(row);
  if (told === false) return null;
  const history = await readHistory(session, row.id);
  if (history === null) return null;
  return told === true || mark.isOn({ name: row.name, metadata: history.metadata }) === true ? history : null;
}

/** Our mark is on it; is what we would send in it? Throws Refused where something else is: the item was changed between two attempts. */
export function requireSame({ files }: PremisHistory, { files: sent }: SentFolder): void {
  const ours = sent.filter(({ part }) => part === 'main' || part === 'supplementary');
  const stranger = files.find(({ filename, main }) => main && sentAs(filename, ours) === null);
  if (stranger === undefined) return;
  throw new Refused(`A folder of this delivery is over there, but it holds «${stranger.filename}» and not ${ours.map(({ filename }) => `«${filename}»`).join(', ')}: the item was changed meanwhile. Remove that folder over there, then retry; or send the item anew.`);
}
