import { createHash, X509Certificate } from 'node:crypto';
import { signCms } from './sign-cms.js';
import { valueOf } from './sign-pdf-dictionary.js';
import { readPdfFile } from './sign-pdf-file.js';
import type { TestSigner } from './test-certificate.js';
import { addToArray, addToForm, firstPage, writeUpdate, type Changes } from './update-pdf.js';

export interface PdfSigning {
  readonly reason?: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Bytes that are kept for the signature; two certificates and an RSA value take less than half. */
const ROOM = 8192;
const RANGE_ROOM = '/ByteRange [0 ########## ########## ##########]';
/** What the dictionary of a signature holds until `fillIn`. */
export const SIGNATURE_ROOM = `${RANGE_ROOM} /Contents <${'0'.repeat(ROOM * 2)}>`;

/** Signs a PDF as an incremental update (ISO 32000-1 §7.5.6, PAdES baseline B): the bytes of `pdf` come first, unchanged, so
 * that earlier signatures go on holding. The signature has no appearance on the page. Rejects with SyntaxError where the PDF
 * is encrypted or cannot be read. */
export function signPdf(pdf: Buffer, signer: TestSigner, signing: PdfSigning): Promise<Buffer> {
  return Promise.resolve().then(() => withSignature(pdf, signer, signing));
}

function withSignature(pdf: Buffer, signer: TestSigner, { reason, at }: PdfSigning): Buffer {
  const file = readPdfFile(pdf);
  const size = Number(valueOf(file.trailer, 'Size'));
  const [signature, field] = [size, size + 1];
  const changes: Changes = new Map();
  const page = firstPage(file);
  addToArray(file, changes, page, 'Annots', `${field} 0 R`);
  addToForm(file, changes, `${field} 0 R`);
  changes.set(field, `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature${field}) /V ${signature} 0 R /P ${page} 0 R /Rect [0 0 0 0] /F 132 >>`);
  changes.set(signature, signatureDictionary(signer, reason, at));
  const update = writeUpdate(file, changes, pdf, size + 2);
  return fillIn(Buffer.concat([pdf, update]), pdf.length, (digest) => signCms({ digest, claimsTime: false }, signer, at));
}

function signatureDictionary({ certificatePem }: TestSigner, reason: string | undefined, at: number): string {
  const date = new Date(at).toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');
  const name = commonNameOf(certificatePem);
  return `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:${date}) /Name ${textString(name)}`
    + `${reason === undefined ? '' : ` /Reason ${textString(reason)}`} ${SIGNATURE_ROOM} >>`;
}

function commonNameOf(certificatePem: string): string {
  return (/^CN=(.*)$/m.exec(new X509Certificate(certificatePem).subject)?.[1] ?? '').replace(/\\(.)/g, '$1');
}

/** UTF-16, most significant byte first, in hexadecimal: no character needs escaping. */
function textString(text: string): string {
  return `<FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}>`;
}

/** Writes the spans, and the signature over the digest of what they cover, in the room that is kept for them after `base`. */
export function fillIn(signed: Buffer, base: number, sign: (digest: Buffer) => Buffer): Buffer {
  const start = signed.indexOf('/Contents <000', base) + '/Contents '.length;
  const end = start + ROOM * 2 + 2;
  const range = `/ByteRange [0 ${start} ${end} ${signed.length - end}]`;
  signed.write(range.padEnd(RANGE_ROOM.length), signed.indexOf(RANGE_ROOM, base), 'latin1');
  const digest = createHash('sha256').update(signed.subarray(0, start)).update(signed.subarray(end)).digest();
  const value = sign(digest).toString('hex').toUpperCase();
  if (value.length > ROOM * 2) throw new RangeError(`the signature takes ${value.length / 2} bytes, and ${ROOM} are kept for it`);
  signed.write(value, start + 1, 'latin1');
  return signed;
}
