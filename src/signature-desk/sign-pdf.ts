import { createHash, X509Certificate } from 'node:crypto';
import { signCms } from './sign-cms.js';
import { referenceOf, valueOf, withMember, withValue } from './sign-pdf-dictionary.js';
import { readPdfFile, type PdfFile } from './sign-pdf-file.js';
import type { TestSigner } from './test-certificate.js';

export interface PdfSigning {
  readonly reason?: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What an update changes: the new text of objects by number. */
type Changes = Map<number, string>;

/** Bytes that are kept for the signature; two certificates and an RSA value take less than half. */
const ROOM = 8192;
const RANGE_ROOM = '/ByteRange [0 ########## ########## ##########]';

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
  const update = writeUpdate(file, changes, pdf.length, size + 2, pdf.at(-1) === 0x0a ? '' : '\n');
  return fillIn(Buffer.concat([pdf, update]), pdf.length, signer, at);
}

function signatureDictionary({ certificatePem }: TestSigner, reason: string | undefined, at: number): string {
  const date = new Date(at).toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');
  const name = commonNameOf(certificatePem);
  return `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:${date}) /Name ${textString(name)}`
    + `${reason === undefined ? '' : ` /Reason ${textString(reason)}`} ${RANGE_ROOM} /Contents <${'0'.repeat(ROOM * 2)}> >>`;
}

function commonNameOf(certificatePem: string): string {
  return (/^CN=(.*)$/m.exec(new X509Certificate(certificatePem).subject)?.[1] ?? '').replace(/\\(.)/g, '$1');
}

/** UTF-16, most significant byte first, in hexadecimal: no character needs escaping. */
function textString(text: string): string {
  return `<FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}>`;
}

function firstPage(file: PdfFile): number {
  let number = referenceOf(valueOf(file.object(rootOf(file)), 'Pages'));
  for (let depth = 0; number !== null && depth < 50; depth += 1) {
    const node = file.object(number);
    const kids = valueOf(node, 'Kids');
    if (kids === null) return number;
    number = referenceOf(kids.replace('[', ''));
  }
  throw new SyntaxError('the PDF has no page');
}

function rootOf({ trailer }: PdfFile): number {
  const root = referenceOf(valueOf(trailer, 'Root'));
  if (root === null) throw new SyntaxError('the PDF does not say where its catalog is');
  return root;
}

function addToForm(file: PdfFile, changes: Changes, field: string): void {
  const root = file.object(rootOf(file));
  const form = valueOf(root, 'AcroForm');
  const formObject = referenceOf(form);
  if (formObject === null) {
    const direct = withValue(form ?? '<< /Fields [ ] >>', 'SigFlags', '3');
    const fields = valueOf(direct, 'Fields') ?? '[ ]';
    changes.set(rootOf(file), withValue(root, 'AcroForm', withValue(direct, 'Fields', withMember(arrayOf(file, fields), field))));
    return;
  }
  changes.set(formObject, withValue(file.object(formObject), 'SigFlags', '3'));
  addToArray(file, changes, formObject, 'Fields', field);
}

/** Adds a member to the array under a key of an object, wherever that array is. */
function addToArray(file: PdfFile, changes: Changes, number: number, key: string, member: string): void {
  const dictionary = changes.get(number) ?? file.object(number);
  changes.set(number, withValue(dictionary, key, withMember(arrayOf(file, valueOf(dictionary, key) ?? '[ ]'), member)));
}

function arrayOf(file: PdfFile, value: string): string {
  const reference = referenceOf(value);
  return reference === null ? value : file.object(reference);
}

function writeUpdate(file: PdfFile, changes: Changes, base: number, xrefNumber: number, lead: string): Buffer {
  const parts = [lead];
  const places = new Map<number, number>();
  let at = base + lead.length;
  for (const [number, text] of [...changes].sort(([one], [other]) => one - other)) {
    const object = `${number} 0 obj\n${text.trim()}\nendobj\n`;
    places.set(number, at);
    parts.push(object);
    at += object.length;
  }
  const kept = ['Root', 'Info', 'ID'].flatMap((key) => { const value = valueOf(file.trailer, key); return value === null ? [] : [`/${key} ${value}`]; }).join(' ');
  const trailer = `${kept} /Prev ${file.startXref}`;
  parts.push(file.xrefIsStream ? xrefStream(places, at, xrefNumber, trailer) : xrefTable(places, xrefNumber, trailer), `startxref\n${at}\n%%EOF\n`);
  return Buffer.from(parts.join(''), 'latin1');
}

function xrefTable(places: ReadonlyMap<number, number>, size: number, trailer: string): string {
  const lines = [...places].map(([number, at]) => `${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`);
  return `xref\n${lines.join('')}trailer\n<< /Size ${size} ${trailer} >>\n`;
}

function xrefStream(places: ReadonlyMap<number, number>, at: number, number: number, trailer: string): string {
  const all = [...places, [number, at] as const];
  const rows = all.map(([, place]) => Buffer.concat([Buffer.of(1), uint40(place), Buffer.of(0)]));
  const content = Buffer.concat(rows).toString('latin1');
  return `${number} 0 obj\n<< /Type /XRef /Size ${number + 1} /W [1 5 1] /Index [${all.map(([one]) => `${one} 1`).join(' ')}] ${trailer} /Length ${content.length} >>\nstream\n${content}\nendstream\nendobj\n`;
}

function uint40(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUIntBE(value, 0, 5);
  return bytes;
}

/** Writes the spans and the signature in the room that is kept for them. */
function fillIn(signed: Buffer, base: number, signer: TestSigner, at: number): Buffer {
  const start = signed.indexOf('/Contents <000', base) + '/Contents '.length;
  const end = start + ROOM * 2 + 2;
  const range = `/ByteRange [0 ${start} ${end} ${signed.length - end}]`;
  signed.write(range.padEnd(RANGE_ROOM.length), signed.indexOf(RANGE_ROOM, base), 'latin1');
  const digest = createHash('sha256').update(signed.subarray(0, start)).update(signed.subarray(end)).digest();
  const value = signCms({ digest, claimsTime: false }, signer, at).toString('hex').toUpperCase();
  if (value.length > ROOM * 2) throw new RangeError(`the signature takes ${value.length / 2} bytes, and ${ROOM} are kept for it`);
  signed.write(value, start + 1, 'latin1');
  return signed;
}
