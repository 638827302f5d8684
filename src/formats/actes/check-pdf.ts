import { FormatError } from '../format-error.js';

/** The end of a PDF stands in its last kilobyte; scanners that fill up to a block leave it a little more room. */
const TAIL_BYTES = 4096;

/** An entry of the trailer, or of the cross-reference stream that stands for it: neither is ever compressed. */
const ENCRYPTED = /\/Encrypt\s*(?:\d+\s+\d+\s+R|<<)/;
const ENCRYPT = '/Encrypt';
const ENTRY_BYTES = 64;

/** Reads a PDF to its end. Throws FormatError for one that is cut, or that is protected: platforms could neither check nor stamp it. */
export async function checkPdf(content: AsyncIterable<Buffer>): Promise<void> {
  let tail = Buffer.alloc(0);
  let isProtected = false;
  for await (const chunk of content) {
    const joined = Buffer.concat([tail.subarray(-ENTRY_BYTES), chunk]);
    isProtected ||= isEncrypted(joined);
    tail = Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
  }
  if (!tail.includes('%%EOF')) throw new FormatError('It is a PDF without end (%%EOF): it was cut on its way here.');
  if (isProtected) throw new FormatError('It is a PDF that is protected by a password or by permissions: save it without them.');
}

function isEncrypted(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(ENCRYPT); at >= 0; at = bytes.indexOf(ENCRYPT, at + ENCRYPT.length)) {
    if (ENCRYPTED.test(bytes.toString('latin1', at, at + ENTRY_BYTES))) return true;
  }
  return false;
}
