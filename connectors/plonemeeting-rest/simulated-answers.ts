import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import type { FieldProblem } from '../../src/council-desk/council-refusal.js';

const JSON_TYPE = { 'content-type': 'application/json' } as const;

export function json(content: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): HttpReply {
  return { status, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(content) };
}

/** An error that was raised: the first of three shapes (contracts/plonemeeting-rest.md §1.2). The service account has the rights to be shown a
 * traceback. */
export function flat(status: number, type: string, message: string): HttpReply {
  return json({ type, message, traceback: ['File "plone/rest/service.py", line 21, in __call__'] }, status);
}

export function badRequest(message: string): HttpReply {
  return flat(400, 'BadRequest', message);
}

export function unauthorized(message: string): HttpReply {
  return flat(401, 'Unauthorized', message);
}

/** An answer that a service built by hand: the second shape. */
export function nested(status: 400 | 403 | 404, message: string): HttpReply {
  return json(nestedError(status, message), status);
}

export function nestedError(status: 400 | 403 | 404, message: string): object {
  return { error: { type: { 400: 'BadRequest', 403: 'Forbidden', 404: 'NotFound' }[status], message } };
}

/** The third shape: `null`. */
export function nothing(status: number): HttpReply {
  return json(null, status);
}

/** What Zope publishes to whom does not accept JSON, and what a server in front of it shows. */
export function webPage(status: number, title: string): HttpReply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>` };
}

/** Fields that did not validate, as the text of a Python list of dicts (§1.2). */
export function pythonList(problems: readonly FieldProblem[]): string {
  const dicts = problems.map(({ field, message }) => `{'message': ${pythonText(message)}${field === null ? '' : `, 'field': ${pythonText(field)}`}, 'error': 'ValidationError'}`);
  return `[${dicts.join(', ')}]`;
}

/** As Python 2 writes a unicode text. */
function pythonText(text: string): string {
  const quote = text.includes('\'') && !text.includes('"') ? '"' : '\'';
  const escaped = text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n')
    .replace(/[\x80-\xff]/g, (character) => `\\x${hex(character, 2)}`).replace(/[\u0100-\uffff]/g, (character) => `\\u${hex(character, 4)}`);
  return `u${quote}${escaped}${quote}`;
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, '0');
}
