import type fs from 'node:fs/promises';

/** What a watched folder asks of the file system: `node:fs/promises`, or in a test one that fails. */
export type Disk = Pick<typeof fs, 'readdir' | 'lstat' | 'open' | 'rename' | 'mkdir' | 'writeFile' | 'copyFile' | 'rm'>;

/** Code of a failed file operation (`ENOENT` …); empty for any other error. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** True where one file may not be used, for good or while another program holds it, as Windows shares say it. */
export function isHeld(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EBUSY', 'ETXTBSY'].includes(codeOf(error));
}

/** What tells one state of a file from another. Inode numbers are left out: some shares make them up. */
export interface FilePrint {
  readonly size: number;
  /** Nanoseconds. */
  readonly modified: bigint;
}

export function samePrint(one: FilePrint, other: FilePrint): boolean {
  return one.size === other.size && one.modified === other.modified;
}

/** How a file stands on the disk; undefined for what is no plain file (a folder, a link, a pipe), or not there. */
export async function printOf(disk: Disk, file: string): Promise<(FilePrint & { readonly changed: bigint }) | undefined> {
  try {
    const found = await disk.lstat(file, { bigint: true });
    return found.isFile() ? { size: Number(found.size), modified: found.mtimeNs, changed: found.ctimeNs } : undefined;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}
