import { crc32 } from 'node:zlib';
import { zipBytes, type ZipBytes } from './zip-bytes.js';
import { checkDirectory, type SeenEntry } from './zip-directory.js';
import { ZipFailure } from './zip-failure.js';
import { readLocalHeader, type LocalHeader } from './zip-header.js';
import { inflateEntry } from './zip-inflate.js';

export interface ZipLimits {
  readonly entries: number;
  /** Bytes of all files together, uncompressed. */
  readonly bytes: number;
}

export interface ZipEntry {
  /** Folders and name, none of them empty, `.` or `..`: they say where it stood and never lead out of it. */
  readonly path: readonly string[];
  /** Fails, at its end, when the checksum does not hold. What is left of it is passed over when the next entry is asked for. */
  readonly content: AsyncIterable<Buffer>;
}

/** A file that grows more than so many times is no file of the trade but a trap; deflate itself stops at 1032. */
const MOST_GROWTH = 400;
const GROWTH_COUNTS_FROM = 4 * 2 ** 20;

/** The files of a ZIP archive (APPNOTE 6.3.10) as it streams in, in constant memory and in one pass: lengths that stand behind
 * the data are understood, checksums are checked, and at the end its directory must name exactly what came. Throws
 * ZipFailure; only an archive that was iterated to its end is whole. Ends the source. */
export async function* zipEntries(source: AsyncIterable<Uint8Array>, limits: ZipLimits): AsyncGenerator<ZipEntry> {
  const bytes = zipBytes(source);
  const seen: SeenEntry[] = [];
  let left = limits.bytes;
  const room = (size: number): void => {
    left -= size;
    if (left < 0) throw new ZipFailure('too-large', `The archive holds more than ${limits.bytes} bytes.`);
  };
  try {
    for (;;) {
      const header = await readLocalHeader(bytes);
      if (header === undefined) break;
      if (seen.length >= limits.entries) throw new ZipFailure('too-large', `The archive holds more than ${limits.entries} entries.`);
      const content = readContent(bytes, header, room, (entry) => seen.push(entry));
      const path = header.name.split(/[/\\]/).filter((part) => !['', '.', '..'].includes(part) && !/^[a-z]:$/i.test(part));
      if (!header.name.endsWith('/') && path.length > 0) yield { path, content: unreturned(content) };
      while ((await content.next()).done !== true) continue;
    }
    await checkDirectory(bytes, seen);
  } finally {
    await bytes.close();
  }
}

/** Whoever leaves a loop over it early does not end it: the rest must still be passed over. */
function unreturned(content: AsyncGenerator<Buffer>): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => ({ next: () => content.next() }) };
}

async function* readContent(bytes: ZipBytes, header: LocalHeader, room: (size: number) => void, ended: (entry: SeenEntry) => void): AsyncGenerator<Buffer> {
  let crc = 0;
  let size = 0;
  let compressed = 0;
  const chunks = header.deflated ? inflateEntry(bytes, header.name, (consumed) => { compressed = consumed; }) : storedEntry(bytes, header.compressedSize, (consumed) => { compressed = consumed; });
  for await (const chunk of chunks) {
    crc = crc32(chunk, crc);
    size += chunk.length;
    room(chunk.length);
    if (size > GROWTH_COUNTS_FROM && compressed > 0 && size > compressed * MOST_GROWTH) throw new ZipFailure('too-large', `«${header.name}» grows more than ${MOST_GROWTH} times.`);
    yield chunk;
  }
  const measured = { name: header.name, crc, size, compressedSize: compressed };
  if (header.sizesFollow) await passDescriptor(bytes, measured);
  else requireSame(header, measured);
  ended(measured);
}

async function* storedEntry(bytes: ZipBytes, size: number, consumed: (size: number) => void): AsyncGenerator<Buffer> {
  let done = 0;
  while (done < size) {
    const chunk = await bytes.some(size - done);
    if (chunk === undefined) throw new ZipFailure('cut', 'The archive ends too soon.');
    done += chunk.length;
    consumed(done);
    yield chunk;
  }
}

function requireSame({ name, crc, size, compressedSize }: LocalHeader, measured: SeenEntry): void {
  if (crc !== measured.crc || size !== measured.size || compressedSize !== measured.compressedSize) throw new ZipFailure('damaged', `«${name}» is not what its checksum or size says.`);
}

/** The descriptor behind the data comes with or without a signature, with sizes of 4 or 8 bytes (APPNOTE 4.3.9). */
async function passDescriptor(bytes: ZipBytes, { name, crc, size, compressedSize }: SeenEntry): Promise<void> {
  const found = await bytes.peek(24);
  for (const [signature, wide] of [[true, false], [true, true], [false, false], [false, true]] as const) {
    const expected = descriptor(crc, compressedSize, size, signature, wide);
    if (!found.subarray(0, expected.length).equals(expected)) continue;
    await bytes.take(expected.length);
    return;
  }
  if (found.length < 16) throw new ZipFailure('cut', 'The archive ends too soon.');
  throw new ZipFailure('damaged', `«${name}» is not what its checksum or size says.`);
}

function descriptor(crc: number, compressed: number, size: number, signature: boolean, wide: boolean): Buffer {
  const out = Buffer.alloc(8 + (wide ? 16 : 8));
  out.write('PK\x07\x08', 'latin1');
  out.writeUInt32LE(crc, 4);
  for (const [index, value] of [compressed, size].entries()) {
    if (wide) out.writeBigUInt64LE(BigInt(value), 8 + 8 * index);
    else out.writeUInt32LE(value % 2 ** 32, 8 + 4 * index);
  }
  return signature ? out : out.subarray(4);
}
