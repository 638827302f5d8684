import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { markedFilename } from '../../domain/safe-filename.js';
import { codeOf, isHeld, printOf, samePrint, type Disk, type FilePrint } from './disk.js';

/** Names that are tried before one that nobody has. */
const TRIED = 1000;

/** The file is there and may not be moved: for good, or while another program holds it. */
export class FileHeld extends Error {}

/** Moves a file of the folder to a name in another one that nobody has (freeName). False where it is not there any more, or not the one that
 * was read: what came in its place goes back. Throws FileHeld, else the system's error. */
export async function putAway(disk: Disk, from: string, target: string, expected: FilePrint): Promise<boolean> {
  try {
    await disk.rename(from, target);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    if (isHeld(error)) throw new FileHeld(codeOf(error), { cause: error });
    if (codeOf(error) !== 'EXDEV') throw error;
    return await moveAcross(disk, from, target, expected);
  }
  const moved = await printOf(disk, target);
  if (moved === undefined || samePrint(moved, expected)) return true;
  // somebody dropped another file of that name in the same moment
  const isFree = await printOf(disk, from) === undefined;
  await disk.rename(target, isFree ? from : path.join(path.dirname(from), markedFilename(path.basename(from), `-${randomUUID()}`)));
  return false;
}

/** To another file system: copied whole under a name that is passed over, then renamed. */
async function moveAcross(disk: Disk, from: string, target: string, expected: FilePrint): Promise<boolean> {
  const draft = path.join(path.dirname(target), `.${randomUUID()}.part`);
  try {
    await disk.copyFile(from, draft);
    const handle = await disk.open(draft, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    const still = await printOf(disk, from);
    if (still === undefined || !samePrint(still, expected)) return false;
    await disk.rename(draft, target);
    await disk.rm(from, { force: true });
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  } finally {
    await disk.rm(draft, { force: true });
  }
}

/** The name itself, or one like it, such that nothing in the folder has it, nor it with the ending. */
export async function freeName(disk: Disk, folder: string, name: string, ending = ''): Promise<string> {
  for (let number = 1; number <= TRIED; number += 1) {
    const tried = number === 1 ? name : markedFilename(name, `-${number}`);
    const taken = await Promise.all([...new Set([tried, markedFilename(tried, '', ending)])].map((one) => exists(disk, path.join(folder, one))));
    if (!taken.includes(true)) return tried;
  }
  return markedFilename(name, `-${randomUUID()}`);
}

async function exists(disk: Disk, file: string): Promise<boolean> {
  try {
    await disk.lstat(file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
