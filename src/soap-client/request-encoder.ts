import { Refused } from '../connector-api/failures.js';
import { RelaisError } from '../errors.js';
import { ENVELOPE_END, ENVELOPE_START, escapeAttribute, escapeText } from '../soap/reply-encoder.js';
import { XMLMIME } from '../soap/wsdl-model.js';
import type { Field, SimpleType, StructType } from '../soap/wsdl-model.js';
import { forbiddenIn } from '../xml/xml-text.js';
import type { OutgoingFile, OutgoingStruct, OutgoingValue } from './values.js';

/** A piece of a request: text as it stands, or a file whose place is here. */
export type MessagePiece = string | OutgoingFile;

/** Prefixes in force, by namespace. */
type Prefixes = ReadonlyMap<string, string>;

/** Encodes one message by the schema, in its order. All text is written here and all of it checked, so that what cannot be
 * sent is known before anything is. Throws Refused for text that XML cannot hold, and RELAIS_INTERNAL for a value that the
 * schema does not take, which is a programming error. */
export function encodeMessage(element: Field, value: OutgoingValue): readonly MessagePiece[] {
  const sheet = new Sheet();
  sheet.write(ENVELOPE_START);
  encodeElement(sheet, element, value === undefined && typeof element.type !== 'string' ? {} : value, element.name, new Map());
  sheet.write(ENVELOPE_END);
  return sheet.pieces;
}

/** Gathers text into as few pieces as possible. */
class Sheet {
  readonly pieces: MessagePiece[] = [];

  write(text: string): void {
    const last = this.pieces.at(-1);
    if (typeof last === 'string') this.pieces[this.pieces.length - 1] = last + text;
    else this.pieces.push(text);
  }

  add(file: OutgoingFile): void {
    this.pieces.push(file);
  }
}

function encodeStruct(sheet: Sheet, type: StructType, struct: OutgoingStruct, path: string, prefixes: Prefixes): void {
  for (const name of Object.keys(struct)) {
    if (!type.byName.has(name)) throw wrong(`${path}/${name}`, 'is not declared by the WSDL');
  }
  for (const field of type.fields) encodeField(sheet, field, struct[field.name], `${path}/${field.name}`, prefixes);
}

function encodeField(sheet: Sheet, field: Field, value: OutgoingValue, path: string, prefixes: Prefixes): void {
  if (value === undefined) {
    if (!field.required) return;
    if (!field.nillable) throw wrong(path, 'is required by the WSDL and missing');
    encodeElement(sheet, field, null, path, prefixes);
    return;
  }
  if (!isList(value)) { encodeElement(sheet, field, value, path, prefixes); return; }
  if (!field.repeatable) throw wrong(path, 'is a list; the WSDL allows one element');
  for (const [index, one] of value.entries()) encodeElement(sheet, field, one, `${path}[${index + 1}]`, prefixes);
}

function encodeElement(sheet: Sheet, field: Field, value: OutgoingValue, path: string, outer: Prefixes): void {
  const { name, declaration, prefixes } = nameOf(field, outer);
  if (value === null) {
    if (!field.nillable) throw wrong(path, 'must not be nil');
    sheet.write(`<${name}${declaration} xsi:nil="true"/>`);
    return;
  }
  if (field.type === 'base64Binary') encodeFile(sheet, field, value, path, `${name}${declaration}`);
  else sheet.write(`<${name}${declaration}>`);
  if (typeof field.type !== 'string') encodeStruct(sheet, field.type, structOf(value, path), path, prefixes);
  else if (field.type !== 'base64Binary') sheet.write(simpleText(field.type, value, path));
  sheet.write(`</${name}>`);
}

/** The name as it is written here. A namespace gets a prefix where it first comes. */
function nameOf({ name, namespace }: Field, prefixes: Prefixes): { readonly name: string; readonly declaration: string; readonly prefixes: Prefixes } {
  if (namespace === '') return { name, declaration: '', prefixes };
  const known = prefixes.get(namespace);
  if (known !== undefined) return { name: `${known}:${name}`, declaration: '', prefixes };
  const prefix = `ns${prefixes.size + 1}`;
  return { name: `${prefix}:${name}`, declaration: ` xmlns:${prefix}="${escapeAttribute(namespace)}"`, prefixes: new Map([...prefixes, [namespace, prefix]]) };
}

function encodeFile(sheet: Sheet, { hasContentType }: Field, value: OutgoingValue, path: string, start: string): void {
  const file = fileOf(value, path);
  sheet.write(`<${start}${hasContentType ? ` xmlns:xmime="${XMLMIME}" xmime:contentType="${escapeAttribute(file.contentType)}"` : ''}>`);
  sheet.add(file);
}

function fileOf(value: OutgoingValue, path: string): OutgoingFile {
  if (!isFile(value)) throw wrong(path, 'is not a file');
  if (!Number.isSafeInteger(value.size) || value.size < 0) throw wrong(path, 'has no size in bytes');
  // it becomes a header of its MTOM part, too
  if (!/^[\x20-\x7e]+$/.test(value.contentType)) throw new Refused(`${path}: found the media type ${JSON.stringify(value.contentType.slice(0, 60))}; expected something like application/pdf.`);
  return value;
}

function structOf(value: OutgoingValue, path: string): OutgoingStruct {
  if (typeof value === 'object' && value !== null && !isList(value) && !isFile(value)) return value;
  throw wrong(path, 'is not a struct');
}

function isList(value: OutgoingValue): value is readonly OutgoingValue[] {
  return Array.isArray(value);
}

function isFile(value: OutgoingValue): value is OutgoingFile {
  return typeof value === 'object' && value !== null && 'open' in value && typeof value.open === 'function';
}

function simpleText(type: Exclude<SimpleType, 'base64Binary'>, value: OutgoingValue, path: string): string {
  if (type === 'any' && value === undefined) return '';
  if (typeof value === 'string' && type !== 'boolean' && type !== 'number') return text(value, path);
  if (type === 'boolean' && typeof value === 'boolean') return value ? 'true' : 'false';
  if (type === 'number' && typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw wrong(path, `is not a ${type}`);
}

function text(value: string, path: string): string {
  const forbidden = forbiddenIn(value);
  if (forbidden !== undefined) throw new Refused(`${path}: found the character ${forbidden}; expected text that XML can hold. Remove it.`);
  return escapeText(value);
}

function wrong(path: string, what: string): RelaisError {
  return new RelaisError('RELAIS_INTERNAL', `the request cannot be written: ${path} ${what}`);
}
