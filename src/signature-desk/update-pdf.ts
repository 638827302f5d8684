import { referenceOf, valueOf, withMember, withValue } from './sign-pdf-dictionary.js';
import type { PdfFile } from './sign-pdf-file.js';

/** What an update changes: the new text of objects by number, one character a byte. */
export type Changes = Map<number, string>;

/** The number of the object of the first page. Throws SyntaxError. */
export function firstPage(file: PdfFile): number {
  let number = referenceOf(valueOf(file.object(rootOf(file)), 'Pages'));
  for (let depth = 0; number !== null && depth < 50; depth += 1) {
    const node = file.object(number);
    const kids = valueOf(node, 'Kids');
    if (kids === null) return number;
    number = referenceOf(kids.replace('[', ''));
  }
  throw new SyntaxError('the PDF has no page');
}

/** The number of the catalog. Throws SyntaxError. */
export function rootOf({ trailer }: PdfFile): number {
  const root = referenceOf(valueOf(trailer, 'Root'));
  if (root === null) throw new SyntaxError('the PDF does not say where its catalog is');
  return root;
}

/** Adds a field to the form of the document, which is made where there is none. */
export function addToForm(file: PdfFile, changes: Changes, field: string): void {
  const root = changes.get(rootOf(file)) ?? file.object(rootOf(file));
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
export function addToArray(file: PdfFile, changes: Changes, number: number, key: string, member: string): void {
  const dictionary = changes.get(number) ?? file.object(number);
  changes.set(number, withValue(dictionary, key, withMember(arrayOf(file, valueOf(dictionary, key) ?? '[ ]'), member)));
}

function arrayOf(file: PdfFile, value: string): string {
  const reference = referenceOf(value);
  return reference === null ? value : file.object(reference);
}

/** What to append to `pdf`: these objects, and where they are. `xrefNumber`: the first number that is free. */
export function writeUpdate(file: PdfFile, changes: Changes, pdf: Buffer, xrefNumber: number): Buffer {
  const lead = pdf.at(-1) === 0x0a ? '' : '\n';
  const parts = [lead];
  const places = new Map<number, number>();
  let at = pdf.length + lead.length;
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
