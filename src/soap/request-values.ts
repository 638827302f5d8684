import { RelaisError } from '../errors.js';
import { Base64Decoder } from '../xml/base64-decoder.js';
import { isAllowed } from '../xml/xml-text.js';
import type { Field } from './service-model.js';

/** Text of a simple element to its value: trimmed (contracts/ws4pm.md §1.4 A7); empty is the schema's default or
 * nothing (A9, A21). `path` is called for a message only. */
export function simpleValue(field: Field, text: string, path: () => string): string | boolean | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return defaultValue(field);
  return field.type === 'boolean' ? booleanValue(trimmed, path) : trimmed;
}

/** What an absent element means (A10). */
export function defaultValue(field: Field): string | boolean | undefined {
  if (field.default === undefined) return undefined;
  return field.type === 'boolean' ? field.default === 'true' || field.default === '1' : field.default;
}

/** true/false in any case, or a whole number of which 0 alone is false (A8). */
function booleanValue(text: string, path: () => string): boolean {
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  if (/^[+-]?\d+$/.test(text)) return !/^[+-]?0+$/.test(text);
  throw wrongValue(path(), shown(text), 'true, false, 1 or 0');
}

/** A string that a client sent as base64 of its UTF-8, as SOAP::Lite does with accents (contracts/soap-clients.md). */
export function stringFromBase64(text: string, path: () => string): string {
  const decoder = new Base64Decoder();
  try {
    const bytes = decoder.push(text);
    decoder.end();
    const decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (isAllowed(decoded)) return decoded;
  } catch (error) {
    throw wrongValue(path(), shown(text), 'the base64 of UTF-8 text, as its xsi:type says', error);
  }
  throw wrongValue(path(), 'characters that XML forbids', 'text');
}

export function wrongValue(path: string, found: string, expected: string, cause?: unknown): RelaisError {
  return new RelaisError('RELAIS_SOAP_VALUE', `${path}: found ${found}; expected ${expected}`, { cause });
}

/** Enough of a value to recognise it in a message. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
