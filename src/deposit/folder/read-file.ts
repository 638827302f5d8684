import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { codeOf, isHeld, samePrint, type Disk, type FilePrint } from './disk.js';

const READ_BYTES = 256 * 1024;

/** The file is not what it was when it was looked at: it is looked at again later. */
export class FileChanged extends Error {}

/** The file is there and may not be read: for good, or while another program holds it. */
export class FileUnreadable extends Error {}

/** Streams a file of the folder, a link or pipe that took its place excepted. Throws FileChanged when it is not, or does not stay, as it
 * was found, FileUnreadable, else the system's error. `onBytes` is told how many were read so far. */
export async function* readFile(disk: Disk, file: string, expected: FilePrint, onBytes: (read: number) => void): AsyncGenerator<Buffer> {
  const handle = await openFile(disk, file);
  try {
    const stillSame = async (): Promise<boolean> => {
      const { size, mtimeNs, isFile } = await handle.stat({ bigint: true }).then((stat) => ({ size: Number(stat.size), mtimeNs: stat.mtimeNs, isFile: stat.isFile() }));
      return isFile && samePrint(expected, { size, modified: mtimeNs });
    };
    if (!await stillSame()) throw new FileChanged(file);
    let read = 0;
    for (;;) {
      const { bytesRead, buffer } = await readPiece(handle, Math.min(READ_BYTES, Math.max(1, expected.size - read + 1)));
      if (bytesRead === 0) break;
      read += bytesRead;
      onBytes(read);
      yield buffer.subarray(0, bytesRead);
    }
    if (read !== expected.size || !await stillSame()) throw new FileChanged(file);
  } finally {
    await handle.close();
  }
}

async function openFile(disk: Disk, file: string): Promise<FileHandle> {
  try {
    return await disk.open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw unreadable(error);
  }
}

/** A part that another program has locked, or that the disk has lost, is told only when it is read. */
async function readPiece(handle: FileHandle, bytes: number): ReturnType<typeof handle.read<Buffer>> {
  try {
    return await handle.read(Buffer.allocUnsafe(bytes), 0);
  } catch (error) {
    throw unreadable(error);
  }
}

/** What concerns this file alone, so that it keeps no other waiting. */
function unreadable(error: unknown): unknown {
  return isHeld(error) || codeOf(error) === 'EIO' ? new FileUnreadable(codeOf(error), { cause: error }) : error;
}
