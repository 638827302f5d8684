import { RelaisError } from '../errors.js';
import { SOAP_11 } from './request-reader.js';
import { AnyContent } from './service.js';
import type { OutgoingBinary, ReplyStruct, ReplyValue } from './service.js';
import type { Field, OperationModel, SimpleType, StructType } from './service-model.js';
import { isUnqualifiedName, replaceForbidden } from '../xml/xml-text.js';

/** A piece of a reply: text as it stands, bytes to send as base64, or elements that are still being produced. */
export type ReplyPiece =
  | string
  | { readonly binary: OutgoingBinary }
  | { readonly elements: AsyncIterable<ReplyValue>; readonly encode: (value: ReplyValue) => readonly ReplyPiece[] };

const XML_SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

/** What precedes the content of any Body. The prefix stays: PHP callers compare `SOAP-ENV:Client` (contracts/ws4pm.md §1.5 E7). */
export const ENVELOPE_START = `<SOAP-ENV:Envelope xmlns:SOAP-ENV="${SOAP_11}" xmlns:xsi="${XML_SCHEMA_INSTANCE}"><SOAP-ENV:Header/><SOAP-ENV:Body>`;
export const ENVELOPE_END = '</SOAP-ENV:Body></SOAP-ENV:Envelope>';

/** Encodes a reply by the schema: the wrapper qualified, all below it in no namespace and in schema order (E1–E5, E9).
 * Without streamed members it is one piece. A value that the schema does not take is a programming error: RELAIS_INTERNAL. */
export function encodeReply(operation: OperationModel, targetNamespace: string, reply: ReplyStruct): readonly ReplyPiece[] {
  const sheet = new Sheet();
  sheet.write(`${ENVELOPE_START}<ns1:${operation.responseElement} xmlns:ns1="${escapeAttribute(targetNamespace)}">`);
  encodeStruct(sheet, operation.output, reply, operation.responseElement);
  sheet.write(`</ns1:${operation.responseElement}>${ENVELOPE_END}`);
  return sheet.pieces();
}

/** Text for an element's content. A carriage return is written as a reference, or a parser would make a line feed of it. */
export function escapeText(text: string): string {
  return SPECIAL_TEXT.test(text) ? escapeMarkup(replaceForbidden(text)) : text;
}

/** Text for an attribute between double quotes. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;');
}

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const SPECIAL_TEXT = /[&<>\x00-\x08\x0B-\x1F\uD800-\uDFFF\uFFFE\uFFFF]/;

function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
}

/** Gathers text into as few pieces as possible. */
class Sheet {
  readonly #pieces: ReplyPiece[] = [];
  #text = '';

  write(text: string): void {
    this.#text += text;
  }

  add(piece: ReplyPiece): void {
    if (this.#text !== '') this.#pieces.push(this.#text);
    this.#text = '';
    this.#pieces.push(piece);
  }

  pieces(): readonly ReplyPiece[] {
    if (this.#text !== '') this.#pieces.push(this.#text);
    this.#text = '';
    return this.#pieces;
  }
}

function encodeStruct(sheet: Sheet, type: StructType, struct: ReplyStruct, path: string): void {
  for (const name of Object.keys(struct)) {
    if (!type.byName.has(name)) throw wrong(`${path}/${name}`, 'is not declared by the WSDL');
  }
  for (const field of type.fields) encodeField(sheet, field, struct[field.name], `${path}/${field.name}`);
}

function encodeField(sheet: Sheet, field: Field, value: ReplyValue, path: string): void {
  if (value === undefined) {
    if (field.required) throw wrong(path, 'is required by the WSDL and missing');
    return;
  }
  if (isIterable(value)) {
    sheet.add({ elements: expectRepeatable(field, value, path), encode: (element) => encodeAlone(field, element, path) });
    return;
  }
  if (!Array.isArray(value)) { encodeElement(sheet, field, value as ReplyValue, path); return; }
  for (const element of expectRepeatable(field, value as readonly ReplyValue[], path)) encodeElement(sheet, field, element, path);
}

function expectRepeatable<List>(field: Field, list: List, path: string): List {
  if (!field.repeatable) throw wrong(path, 'is a list; the WSDL allows one element');
  return list;
}

/** One element of a list that is produced while it is sent. */
function encodeAlone(field: Field, value: ReplyValue, path: string): readonly ReplyPiece[] {
  const sheet = new Sheet();
  encodeElement(sheet, field, value, path);
  return sheet.pieces();
}

function encodeElement(sheet: Sheet, field: Field, value: ReplyValue, path: string): void {
  sheet.write(`<${field.name}>`);
  if (typeof field.type !== 'string') encodeStruct(sheet, field.type, asStruct(value, path), path);
  else if (field.type === 'base64Binary') sheet.add({ binary: asBinary(value, path) });
  else if (field.type === 'any') encodeAny(sheet, value, path);
  else sheet.write(simpleText(field.type, value, path));
  sheet.write(`</${field.name}>`);
}

function asStruct(value: ReplyValue, path: string): ReplyStruct {
  const isStruct = typeof value === 'object' && !(value instanceof Date) && !(value instanceof AnyContent) && !Array.isArray(value) && !isBinary(value);
  if (isStruct) return value as ReplyStruct;
  throw wrong(path, 'is not a struct');
}

function asBinary(value: ReplyValue, path: string): OutgoingBinary {
  if (isBinary(value)) return value;
  throw wrong(path, 'is not binary');
}

function isBinary(value: ReplyValue): value is OutgoingBinary {
  return typeof value === 'object' && 'stream' in value && typeof value.stream === 'function';
}

function isIterable(value: ReplyValue): value is AsyncIterable<ReplyValue> {
  return typeof value === 'object' && Symbol.asyncIterator in value;
}

function simpleText(type: Exclude<SimpleType, 'base64Binary' | 'any'>, value: ReplyValue, path: string): string {
  if (type === 'string' && typeof value === 'string') return escapeText(value);
  if (type === 'boolean' && typeof value === 'boolean') return value ? 'true' : 'false';
  if (type === 'number' && typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (type === 'dateTime' && value instanceof Date) return dateTimeText(value, path);
  throw wrong(path, `is not a ${type}`);
}

/** UTC without fractions: the only form that every client reads (contracts/soap-clients.md «The missing date»). */
function dateTimeText(date: Date, path: string): string {
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString();
  if (!/^\d{4}-/.test(text)) throw wrong(path, 'is not a date between the years 0 and 9999');
  return `${text.slice(0, 19)}Z`;
}

function encodeAny(sheet: Sheet, value: ReplyValue, path: string): void {
  if (!(value instanceof AnyContent)) throw wrong(path, 'is not AnyContent');
  for (const [name, child] of Object.entries(value.children)) {
    if (!isUnqualifiedName(name)) throw wrong(path, `has a child "${name}", which is not an XML name`);
    if (child === null) sheet.write(`<${name} xsi:nil="true"/>`);
    else sheet.write(`<${name}>${anyText(child)}</${name}>`);
  }
}

function anyText(value: string | boolean | number | readonly string[]): string {
  if (typeof value === 'object') return value.map((one) => `<element>${escapeText(one)}</element>`).join('');
  return escapeText(String(value));
}

function wrong(path: string, what: string): RelaisError {
  return new RelaisError('RELAIS_INTERNAL', `the reply cannot be written: ${path} ${what}`);
}
