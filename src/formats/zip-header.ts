import type { ZipBytes } from './zip-bytes.js';
import { ZipFailure } from './zip-failure.js';
import { zipName } from './zip-name.js';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
/** An archive without entries begins with its end. */
const ENDS: ReadonlySet<number> = new Set([CENTRAL, 0x06054b50, 0x06064b50]);

const ENCRYPTED = 0x0001;
const SIZES_FOLLOW = 0x0008;
const STRONGLY_ENCRYPTED = 0x0040;
const UTF8 = 0x0800;

const STORED = 0;
const DEFLATED = 8;
const WIDE = 0xffffffff;

export interface LocalHeader {
  readonly name: string;
  readonly deflated: boolean;
  /** Checksum and sizes stand behind the data; those here mean nothing. */
  readonly sizesFollow: boolean;
  readonly crc: number;
  readonly size: number;
  readonly compressedSize: number;
}

/** Header of the next entry (APPNOTE 4.3.7); undefined where the directory begins. */
export async function readLocalHeader(bytes: ZipBytes): Promise<LocalHeader | undefined> {
  const start = await bytes.peek(4);
  if (start.length < 4) throw new ZipFailure('cut', 'The archive ends too soon.');
  const signature = start.readUInt32LE(0);
  if (ENDS.has(signature)) return undefined;
  if (signature !== LOCAL) throw new ZipFailure('damaged', 'This is no ZIP archive, or it is damaged: no entry begins where one should.');
  const fixed = await bytes.take(30);
  const flags = fixed.readUInt16LE(6);
  const name = zipName(await bytes.take(fixed.readUInt16LE(26)), (flags & UTF8) !== 0);
  const extra = await bytes.take(fixed.readUInt16LE(28));
  const method = fixed.readUInt16LE(8);
  const sizesFollow = (flags & SIZES_FOLLOW) !== 0;
  requireReadable(name, flags, method, sizesFollow);
  return { name, deflated: method === DEFLATED, sizesFollow, crc: fixed.readUInt32LE(14), ...sizesOf(fixed, extra) };
}

function requireReadable(name: string, flags: number, method: number, sizesFollow: boolean): void {
  if ((flags & (ENCRYPTED | STRONGLY_ENCRYPTED)) !== 0) throw new ZipFailure('unreadable', `«${name}» is encrypted.`);
  if (method !== STORED && method !== DEFLATED) throw new ZipFailure('unreadable', `«${name}» is compressed by method ${method}, expected 0 (stored) or 8 (deflate).`);
  if (method === STORED && sizesFollow) throw new ZipFailure('unreadable', `«${name}» is stored without its length in front: where it ends cannot be known.`);
}

/** Sizes of 8 bytes stand in the extra field 1 (APPNOTE 4.5.3). */
function sizesOf(fixed: Buffer, extra: Buffer): Pick<LocalHeader, 'size' | 'compressedSize'> {
  const compressedSize = fixed.readUInt32LE(18);
  const size = fixed.readUInt32LE(22);
  if (size !== WIDE && compressedSize !== WIDE) return { size, compressedSize };
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1 || extra.readUInt16LE(at + 2) < 16 || at + 20 > extra.length) continue;
    return { size: Number(extra.readBigUInt64LE(at + 4)), compressedSize: Number(extra.readBigUInt64LE(at + 12)) };
  }
  return { size, compressedSize };
}
