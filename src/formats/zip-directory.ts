import type { ZipBytes } from './zip-bytes.js';
import { ZipFailure } from './zip-failure.js';
import { zipName } from './zip-name.js';

/** An entry as it was read. */
export interface SeenEntry {
  readonly name: string;
  readonly crc: number;
  readonly size: number;
  readonly compressedSize: number;
}

const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const UTF8 = 0x0800;

/** Reads the directory at the end (APPNOTE 4.3.12), which must name what was seen, in any order, and nothing else: an archive that
 * shows one thing to a reader from the front and another to one from the back is damaged, or a trick. */
export async function checkDirectory(bytes: ZipBytes, seen: readonly SeenEntry[]): Promise<void> {
  const unnamed = new Map<string, number>();
  for (const { name, crc } of seen) count(unnamed, `${crc} ${name}`, 1);
  let signature = await nextSignature(bytes);
  for (; signature === CENTRAL; signature = await nextSignature(bytes)) {
    const fixed = await bytes.take(46);
    const name = zipName(await bytes.take(fixed.readUInt16LE(28)), (fixed.readUInt16LE(8) & UTF8) !== 0);
    await bytes.take(fixed.readUInt16LE(30) + fixed.readUInt16LE(32));
    const entry = `${fixed.readUInt32LE(16)} ${name}`;
    if ((unnamed.get(entry) ?? 0) === 0) throw new ZipFailure('damaged', `The directory of the archive names «${name}», which is not in it.`);
    count(unnamed, entry, -1);
  }
  const [forgotten] = [...unnamed].filter(([, times]) => times > 0);
  if (forgotten !== undefined) throw new ZipFailure('damaged', `The directory of the archive does not name «${forgotten[0].replace(/^\d+ /, '')}», which is in it.`);
  await requireEnd(bytes, signature);
}

/** Behind the directory may stand records for sizes of 8 bytes; the last one is always the end. */
async function requireEnd(bytes: ZipBytes, signature: number): Promise<void> {
  if (signature === 0x06064b50) {
    const fixed = await bytes.take(12);
    await bytes.take(Number(fixed.readBigUInt64LE(4)) % 2 ** 16);
    await requireEnd(bytes, await nextSignature(bytes));
    return;
  }
  if (signature === 0x07064b50) {
    await bytes.take(20);
    await requireEnd(bytes, await nextSignature(bytes));
    return;
  }
  if (signature !== END) throw new ZipFailure('damaged', 'The archive has no end where one should be.');
  const fixed = await bytes.take(22);
  await bytes.take(fixed.readUInt16LE(20));
}

async function nextSignature(bytes: ZipBytes): Promise<number> {
  const start = await bytes.peek(4);
  if (start.length < 4) throw new ZipFailure('cut', 'The archive ends too soon.');
  return start.readUInt32LE(0);
}

function count(entries: Map<string, number>, entry: string, change: number): void {
  entries.set(entry, (entries.get(entry) ?? 0) + change);
}
