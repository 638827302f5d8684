import type { Stats } from 'ssh2';
import type { Session } from './session.js';
import { STATUS, statusOf } from './sftp-failure.js';

/** Every server takes pieces of 32 KiB; this many may be under way, so that a distant server is not waited for each time. */
const PIECE = 32 * 1024;
const UNDER_WAY = 16;

/** What stands at a path over there. */
export async function kindOf({ sftp, call }: Session, path: string): Promise<'folder' | 'other' | 'nothing'> {
  const stats = await unlessMissing(call<Stats>((done) => sftp.stat(path, done)));
  if (stats === undefined) return 'nothing';
  return stats.isDirectory() ? 'folder' : 'other';
}

/** Names in a folder; none when it does not exist. */
export async function namesIn(session: Session, folder: string): Promise<string[]> {
  return (await entriesIn(session, folder)).map(({ name }) => name);
}

/** Content of a file as UTF-8; undefined when it does not exist or is longer than `limit` bytes. */
export async function readText({ sftp, call }: Session, path: string, limit: number): Promise<string | undefined> {
  const stats = await unlessMissing(call<Stats>((done) => sftp.stat(path, done)));
  if (stats === undefined || stats.size > limit) return undefined;
  return (await unlessMissing(call<Buffer>((done) => sftp.readFile(path, done))))?.toString('utf8');
}

/** Writes a file that is not there yet, with bounded memory. When it resolves, a server that can flush has it on its disk. */
export async function writeFile(session: Session, path: string, content: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
  const { sftp, call } = session;
  const handle = await call<Buffer>((done) => sftp.open(path, 'wx', done));
  const close = () => call((done) => sftp.close(handle, done));
  try {
    await writePieces(session, handle, content);
    await flush(session, handle);
  } catch (error) {
    // The first error is the one to tell.
    await close().catch(() => undefined);
    throw error;
  }
  await close();
}

async function writePieces({ sftp, call }: Session, handle: Buffer, content: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let position = 0;
  for await (const chunk of content) {
    for (let start = 0; start < chunk.length; start += PIECE) {
      const piece = chunk.subarray(start, start + PIECE);
      const at = position;
      const written = call((done) => sftp.write(handle, piece, 0, piece.length, at, done));
      position += piece.length;
      underWay.add(written);
      // One that failed stays in the set, where the next wait meets it.
      written.then(() => underWay.delete(written), () => undefined);
      if (underWay.size >= UNDER_WAY) await Promise.race(underWay);
    }
  }
  await Promise.all(underWay);
}

async function flush({ sftp, call }: Session, handle: Buffer): Promise<void> {
  await call((done) => {
    try {
      sftp.ext_openssh_fsync(handle, done);
    } catch {
      // ssh2 throws when the server does not offer it: no promise about its disk can then be had.
      done(null);
    }
  });
}

/** Makes a folder and those above it that are missing. */
export async function makeFolders(session: Session, folder: string): Promise<void> {
  if (await kindOf(session, folder) === 'folder') return;
  const cut = folder.lastIndexOf('/');
  if (cut > 0) await makeFolders(session, folder.slice(0, cut));
  try {
    await makeFolder(session, folder);
  } catch (error) {
    // Another delivery may have made it in between.
    if (await kindOf(session, folder) !== 'folder') throw error;
  }
}

export function makeFolder({ sftp, call }: Session, folder: string): Promise<void> {
  return call((done) => sftp.mkdir(folder, done));
}

/** Renames a file or a folder. The plain request of version 3: unlike the POSIX one it never replaces what is there. */
export function rename({ sftp, call }: Session, from: string, to: string): Promise<void> {
  return call((done) => sftp.rename(from, to, done));
}

export function removeFile({ sftp, call }: Session, path: string): Promise<void> {
  return call((done) => sftp.unlink(path, done));
}

/** Removes a folder that may be gone already, and what is in it. */
export async function removeTree(session: Session, folder: string): Promise<void> {
  for (const { name, isFolder } of await entriesIn(session, folder)) {
    if (isFolder) await removeTree(session, `${folder}/${name}`);
    else await unlessMissing(removeFile(session, `${folder}/${name}`));
  }
  await removeEmptyFolder(session, folder);
}

export async function removeEmptyFolder({ sftp, call }: Session, folder: string): Promise<void> {
  await unlessMissing(call((done) => sftp.rmdir(folder, done)));
}

async function entriesIn({ sftp, call }: Session, folder: string): Promise<{ name: string; isFolder: boolean }[]> {
  const entries = await unlessMissing(call<{ filename: string; attrs: Stats }[]>((done) => sftp.readdir(folder, done))) ?? [];
  return entries.filter(({ filename }) => filename !== '.' && filename !== '..').map(({ filename, attrs }) => ({ name: filename, isFolder: attrs.isDirectory() }));
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (statusOf(error) === STATUS.noSuchFile) return undefined;
    throw error;
  }
}
