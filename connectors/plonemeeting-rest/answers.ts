import { OutcomeUnknown } from '../../src/connector-api/failures.js';

const WORDS_LENGTH = 500;

/** JSON of an answer. Throws OutcomeUnknown for anything else, such as the page of a proxy, whatever its status. */
export function readJson(text: string, who: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const found = /^\s*</.test(text) ? 'a page' : text.trim() === '' ? 'nothing' : 'something else';
    throw new OutcomeUnknown(`${who} answered ${found} in place of JSON.`, { cause });
  }
}

/** What an answer says of an error. Empty where it says nothing. */
export interface ErrorWords {
  readonly type: string;
  readonly message: string;
  /** False for a page or whatever is not JSON: then it is not PloneMeeting that speaks. */
  readonly isJson: boolean;
}

/** The three shapes of errors (contracts/plonemeeting-rest.md §1.2): flat, within `error`, and `null` or nothing at all. Never fails. */
export function errorWords(text: string): ErrorWords {
  if (text.trim() === '') return { type: '', message: '', isJson: true };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { type: '', message: shorten(text.replace(/<(style|script)\b.*?<\/\1>/gis, ' ').replace(/<[^>]*>/g, ' ')), isJson: false };
  }
  return { ...wordsOf(body), isJson: true };
}

/** Type and message of an error that is JSON already, in any of the shapes. */
export function wordsOf(body: unknown): { readonly type: string; readonly message: string } {
  const { error } = recordOf(body);
  const { type, message } = recordOf(typeof error === 'object' && error !== null ? error : body);
  return { type: typeof type === 'string' ? type : '', message: typeof message === 'string' ? shorten(readable(message)) : '' };
}

/** Members of a JSON object; none for anything else. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {};
}

/** Messages of a validation are the text of a Python list of dicts: fields and their messages are picked out where they can be,
 * else it is shown as it is. Never read strictly. */
function readable(message: string): string {
  if (!/^\s*\[\s*\{/.test(message)) return message;
  const faults = message.split(/\}\s*,\s*\{/).map((part) => ({ field: pythonValue(part, 'field'), said: pythonValue(part, 'message') }));
  if (faults.some(({ said }) => said === null)) return message;
  return faults.map(({ field, said }) => `${field === null ? '' : `${field}: `}${said ?? ''}`).join(' · ');
}

function pythonValue(part: string, key: string): string | null {
  const found = new RegExp(`u?['"]${key}['"]\\s*:\\s*u?(?:'((?:[^'\\\\]|\\\\.)*)'|"((?:[^"\\\\]|\\\\.)*)")`, 's').exec(part);
  const text = found?.[1] ?? found?.[2];
  return text === undefined ? null : unescaped(text);
}

/** Escapes as Python 2 writes them. */
function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gis, (_all, x?: string, u?: string, U?: string, plain?: string) => {
    const code = Number.parseInt(x ?? u ?? U ?? '', 16);
    if (!Number.isNaN(code)) return code <= 0x10FFFF ? String.fromCodePoint(code) : '';
    return plain === 'n' || plain === 'r' || plain === 't' ? ' ' : plain ?? '';
  });
}

function shorten(text: string): string {
  const line = text.replace(/[\p{C}\p{Z}\uFFFD]+/gu, ' ').trim().replace(/\.$/, '');
  return line.length > WORDS_LENGTH ? `${line.slice(0, WORDS_LENGTH)}…` : line;
}
