import type { Stats } from 'node:fs';
import { mkdir, open, readdir, rename, rmdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Attributes, FileEntry, SFTPWrapper } from 'ssh2';
import { STATUS } from './sftp-failure.js';

const OK = 0;
const END = 1;

/** Bit of the flags of an opening that says «for writing». */
const WRITING = 2;

type Request = 'OPEN' | 'WRITE' | 'MKDIR' | 'RENAME';

/** What can be made to go wrong while a folder is served. */
export interface Faults {
  /** Requests that are not carried out, with the number of the error that answers them. */
  readonly fail: Map<Request, number>;
  /** `loses-answer` renames and breaks the connection; `hangs` does neither and never answers. */
  rename: 'well' | 'loses-answer' | 'hangs';
}

export interface ServedFolder {
  readonly root: string;
  readonly faults: Faults;
  /** Breaks the connection of the client. */
  cut(): void;
  /** Told of each rename that was carried out, with the new path. */
  renamed(to: string): void;
}

/** Carries out a request; what it resolves with sends the answer, a plain OK if nothing. */
type Work = () => Promise<(() => void) | undefined>;

/** Answers the requests of one client as an SFTP server of protocol version 3 does. What it returns is called when the client
 * is gone. */
export function serveFolder(sftp: SFTPWrapper, folder: ServedFolder): () => void {
  const local = (remote: string) => path.join(folder.root, path.posix.resolve('/', remote));

  function carryOut(id: number, work: Work, request?: Request): void {
    const failure = request === undefined ? undefined : folder.faults.fail.get(request);
    if (failure !== undefined) { sftp.status(id, failure); return; }
    work().then((answer = () => sftp.status(id, OK)) => answer(), (error: unknown) => sftp.status(id, statusFor(error)));
  }

  serveFolders(sftp, local, carryOut);
  serveRenames(sftp, local, carryOut, folder);
  return serveFiles(sftp, local, carryOut);
}

type Local = (remote: string) => string;
type CarryOut = (id: number, work: Work, request?: Request) => void;

function serveFiles(sftp: SFTPWrapper, local: Local, carryOut: CarryOut): () => void {
  const files = new Map<string, FileHandle>();
  let last = 0;
  let gone = false;
  const closeAll = () => {
    for (const file of files.values()) void file.close();
    files.clear();
  };
  const fileOf = (handle: Buffer) => {
    const file = files.get(handle.toString());
    if (file === undefined) throw new Error('no such handle');
    return file;
  };

  sftp.on('OPEN', (id, remote, flags) => carryOut(id, async () => {
    const handle = `file ${last += 1}`;
    files.set(handle, await open(local(remote), (flags & WRITING) === 0 ? 'r' : 'wx'));
    if (gone) closeAll();
    return () => sftp.handle(id, Buffer.from(handle));
  }, 'OPEN'));
  sftp.on('WRITE', (id, handle, offset, data) => carryOut(id, async () => { await fileOf(handle).write(data, 0, data.length, offset); return undefined; }, 'WRITE'));
  sftp.on('READ', (id, handle, offset, length) => carryOut(id, async () => {
    const { buffer, bytesRead } = await fileOf(handle).read(Buffer.alloc(length), 0, length, offset);
    return () => bytesRead === 0 ? sftp.status(id, END) : sftp.data(id, buffer.subarray(0, bytesRead));
  }));
  sftp.on('FSTAT', (id, handle) => carryOut(id, async () => {
    const attributes = attributesOf(await fileOf(handle).stat());
    return () => sftp.attrs(id, attributes);
  }));
  sftp.on('CLOSE', (id, handle) => carryOut(id, async () => {
    await files.get(handle.toString())?.close();
    files.delete(handle.toString());
    return undefined;
  }));
  sftp.on('REMOVE', (id, remote) => carryOut(id, async () => { await unlink(local(remote)); return undefined; }));

  return () => {
    gone = true;
    closeAll();
  };
}

function serveFolders(sftp: SFTPWrapper, local: Local, carryOut: CarryOut): void {
  /** The folder behind a handle until its names are given. */
  const listings = new Map<string, string>();
  let last = 0;

  const attributes = (id: number, remote: string) => carryOut(id, async () => {
    const found = attributesOf(await stat(local(remote)));
    return () => sftp.attrs(id, found);
  });
  sftp.on('STAT', attributes).on('LSTAT', attributes);
  sftp.on('REALPATH', (id, remote) => carryOut(id, () => {
    const entry = { filename: path.posix.resolve('/', remote), longname: '', attrs: attributesOf(undefined) };
    return Promise.resolve(() => sftp.name(id, [entry]));
  }));
  sftp.on('OPENDIR', (id, remote) => carryOut(id, async () => {
    await readdir(local(remote));
    const handle = `folder ${last += 1}`;
    listings.set(handle, local(remote));
    return () => sftp.handle(id, Buffer.from(handle));
  }));
  sftp.on('READDIR', (id, handle) => carryOut(id, async () => {
    const folder = listings.get(handle.toString());
    if (folder === undefined) return () => sftp.status(id, END);
    listings.delete(handle.toString());
    const entries = await entriesOf(folder);
    return () => entries.length === 0 ? sftp.status(id, END) : sftp.name(id, entries);
  }));
  sftp.on('MKDIR', (id, remote) => carryOut(id, async () => { await mkdir(local(remote)); return undefined; }, 'MKDIR'));
  sftp.on('RMDIR', (id, remote) => carryOut(id, async () => { await rmdir(local(remote)); return undefined; }));
}

function serveRenames(sftp: SFTPWrapper, local: Local, carryOut: CarryOut, folder: ServedFolder): void {
  sftp.on('RENAME', (id, from, to) => {
    if (folder.faults.rename === 'hangs') return;
    carryOut(id, async () => {
      await renameToNew(local(from), local(to));
      folder.renamed(to);
      return folder.faults.rename === 'loses-answer' ? () => { folder.cut(); } : undefined;
    }, 'RENAME');
  });
}

/** Version 3 never replaces what is there. */
async function renameToNew(from: string, to: string): Promise<void> {
  const there = await stat(to).catch(() => undefined);
  if (there !== undefined) throw new Error('it is there already');
  await rename(from, to);
}

async function entriesOf(folder: string): Promise<FileEntry[]> {
  const names = await readdir(folder);
  return Promise.all(names.map(async (filename) => ({ filename, longname: filename, attrs: attributesOf(await stat(path.join(folder, filename))) })));
}

function attributesOf(stats: Stats | undefined): Attributes {
  if (stats === undefined) return { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };
  return { mode: stats.mode, uid: stats.uid, gid: stats.gid, size: stats.size, atime: Math.floor(stats.atimeMs / 1000), mtime: Math.floor(stats.mtimeMs / 1000) };
}

function statusFor(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return STATUS.noSuchFile;
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? STATUS.permissionDenied : STATUS.failure;
}
