import { z } from 'zod';
import { isSecret } from '../connector-api/secret.js';
import { expectedOneOf } from './closest-word.js';
import { isSecretReference } from './resolve-references.js';
import { isSecretName } from './secret-name.js';
import type { Path } from './yaml-file.js';

type Issue = z.core.$ZodIssue;

/** One thing to say about a value, at the value or at its key. */
export interface Explanation {
  readonly path: Path;
  readonly message: string;
  readonly spot: 'value' | 'key';
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', object: 'a map of keys', record: 'a map of keys', array: 'a list',
};

/** Says what a schema found wrong, as `found X, expected Y`. Our own schemas put what is expected in the message of their
 * formats and refinements. `written` is what the file holds, before references were resolved. */
export function explainIssue(issue: Issue, schema: z.core.$ZodType, written: unknown): Explanation[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => ({ path: [...path, key], message: `found the unknown key ${key}, ${expectedOneOf(key, known)}`, spot: 'key' }));
  }
  if (issue.code === 'invalid_key') {
    return [{ path, message: `found the key ${String(path.at(-1))}, expected ${issue.issues[0]?.message ?? 'another one'}`, spot: 'key' }];
  }
  const found = valueAt(written, path);
  return [{ path, message: `found ${isHidden(found, path, schema) ? 'a text that is not shown' : describeValue(found)}, ${expectation(issue, found)}`, spot: 'value' }];
}

/** A password is hidden even where YAML took it for a number. */
function isHidden(found: unknown, path: Path, schema: z.core.$ZodType): boolean {
  if (found === undefined || found === null || typeof found === 'object') return false;
  if (typeof found === 'string' && isSecretReference(found)) return false;
  return isSecretName(String(path.at(-1))) || isSecret(schemaAt(schema, path));
}

/** A value as a message shows it: short, on one line. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}…"`;
}

/** What stands at a path of plain data; undefined when there is nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const part of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    found = (found as Record<string | number, unknown>)[part];
  }
  return found;
}

function expectation(issue: Issue, found: unknown): string {
  if (issue.code === 'invalid_type') return `expected ${TYPES[issue.expected] ?? issue.expected}${correction(issue.expected, found)}`;
  if (issue.code === 'invalid_value') return expectedOneOf(found, issue.values.map(String));
  if (issue.code === 'too_small') return bound('at least', issue.origin, Number(issue.minimum));
  if (issue.code === 'too_big') return bound('at most', issue.origin, Number(issue.maximum));
  return `expected ${issue.message}`;
}

/** How the value would have to be written, where it is only the writing that is wrong. */
function correction(expected: string, found: unknown): string {
  if (expected === 'array' && typeof found === 'string') return `: [${describeValue(found).replace(/^"([\w.@-]+)"$/, '$1')}]`;
  if (expected === 'number' && typeof found === 'string' && /^\d+$/.test(found)) return ` without quotes: ${found}`;
  if (expected === 'string' && (typeof found === 'number' || typeof found === 'boolean')) return ' in quotes';
  return '';
}

function bound(word: string, origin: string, limit: number): string {
  if (origin === 'string') return limit === 1 ? 'expected some text' : `expected ${word} ${limit} characters`;
  if (origin === 'array' || origin === 'set') return `expected ${word} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  return `expected ${word} ${limit}`;
}

/** Keys that the schema knows at a path; none when it is no map there. */
function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const found = schemaAt(schema, path);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

/** The schema of the value at a path, without what wraps it (optional, default, pipe …). */
export function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  let found: z.core.$ZodType | undefined = bare(schema);
  for (const part of path) {
    if (found instanceof z.ZodObject) found = (found.shape as Record<string, z.core.$ZodType>)[String(part)];
    else if (found instanceof z.ZodArray) found = found.element;
    else if (found instanceof z.ZodRecord) found = found.valueType;
    else return undefined;
    if (found === undefined) return undefined;
    found = bare(found);
  }
  return found;
}

function bare(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable) {
    return bare(schema.unwrap());
  }
  if (schema instanceof z.ZodPipe) return bare(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  return schema;
}
