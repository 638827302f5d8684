import path from 'node:path';
import { printOf, type Disk, type FilePrint } from './disk.js';

/** A plain file of the folder. */
export interface FoundFile extends FilePrint {
  readonly name: string;
  /** When the system last noted any change of it, nanoseconds. */
  readonly changed: bigint;
}

/** Names that programs give to what is not finished, or keep for themselves; and our own reasons, where somebody put files back with them. */
const UNFINISHED = /^[.~#]|^(?:thumbs\.db|desktop\.ini)$|~$|\.reason\.txt$|\.(?:part|partial|tmp|temp|filepart|crdownload|download|lock|lck|swp|bak)$/i;

/** So many are looked at together. */
const AT_ONCE = 64;

export interface FolderContent {
  readonly files: readonly FoundFile[];
  /** Names that are not written in UTF-8, as they can be shown: a file cannot be opened by what is left of such a name. */
  readonly misnamed: readonly string[];
}

/** The plain files of a folder in the order of their names, but those that other programs still work on. Links and folders
 * are not followed. Throws the system's error when the folder cannot be read. */
export async function findFiles(disk: Disk, folder: string): Promise<FolderContent> {
  const entries = await disk.readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && !UNFINISHED.test(entry.name)).map(({ name }) => name).toSorted();
  const files: FoundFile[] = [];
  const misnamed: string[] = [];
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const prints = await Promise.all(names.slice(from, from + AT_ONCE).map(async (name) => ({ name, print: await printOf(disk, path.join(folder, name)) })));
    for (const { name, print } of prints) {
      if (print !== undefined) files.push({ name, ...print });
      else if (name.includes('\uFFFD')) misnamed.push(name);
    }
  }
  return { files, misnamed };
}
