import type { FieldValue, TargetField } from '../domain/mapping.js';
import { kindOf } from './expression.js';
import { readDate } from './read-date.js';
import { isScalar, type Scalar } from './scalar.js';
import { characters, cutText, shown } from './shown-text.js';

/** A value as the target field takes it; undefined: nothing is handed over. `problem`: why it cannot be, as the end of a
 * sentence that names the field. `cut`: what was lost, likewise. */
export type Fitted =
  | { readonly value: FieldValue | undefined; readonly cut?: string }
  | { readonly problem: string };

/** Converts a value of any JSON shape and checks it against the declared field. Never throws. Characters are Unicode code
 * points, as databases and XML Schema count them; a text is cut between the characters that people see; HTML and dates are
 * never cut, because the rest would be neither. */
export function fitValue(found: unknown, field: TargetField): Fitted {
  const values = (Array.isArray(found) ? found as unknown[] : [found]).filter((value) => !isBlank(value));
  const scalars = values.filter(isScalar);
  if (scalars.length < values.length) return { problem: `found ${kindOf(values.find((value) => !isScalar(value)))}, expected ${EXPECTED[field.type]}` };
  const [only, ...others] = scalars;
  if (only === undefined) return emptyValue(found, field);
  if (field.type === 'list') return fitList(scalars, field);
  if (others.length > 0) return { problem: `found a list of ${values.length} values, expected ${EXPECTED[field.type]}; $join(…, ", ") makes one text of a list` };
  return fitScalar(only, field);
}

const EXPECTED: Readonly<Record<TargetField['type'], string>> = {
  text: 'a text',
  html: 'an HTML text',
  boolean: 'true or false',
  integer: 'a whole number',
  date: 'a date (2027-03-01) or a moment with its time zone (2027-03-01T09:00:00Z)',
  list: 'a list of texts',
};

/** A text that is empty on purpose may empty the field of the other side; a required one may not. */
function emptyValue(found: unknown, field: TargetField): Fitted {
  if (field.required === true) return { problem: 'is required, but there is no value for this item' };
  if (field.type === 'list') return { value: Array.isArray(found) ? [] : undefined };
  const mayBeEmpty = (field.type === 'text' || field.type === 'html') && field.values === undefined;
  return { value: mayBeEmpty && typeof found === 'string' ? '' : undefined };
}

function fitList(values: readonly Scalar[], field: TargetField): Fitted {
  const texts: string[] = [];
  const cuts: string[] = [];
  for (const value of values) {
    const fitted = fitText(String(value), field);
    if ('problem' in fitted) return fitted;
    texts.push(fitted.value);
    if (fitted.cut !== undefined) cuts.push(fitted.cut);
  }
  return { value: texts, ...(cuts.length === 0 ? {} : { cut: cuts.join('; ') }) };
}

function fitScalar(value: Scalar, field: TargetField): Fitted {
  const converted = convert(value, field.type);
  if (converted === undefined) return { problem: `found ${shown(value)}, expected ${EXPECTED[field.type]}` };
  if (typeof converted === 'string') return fitText(converted, field);
  const wrong = notAmong(String(converted), field);
  return wrong === null ? { value: converted } : { problem: wrong };
}

function convert(value: Scalar, type: TargetField['type']): string | number | boolean | undefined {
  switch (type) {
    case 'boolean': return toBoolean(value);
    case 'integer': return toInteger(value);
    case 'date': return readDate(value);
    case 'text': case 'html': case 'list': return String(value);
  }
}

function toBoolean(value: Scalar): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function toInteger(value: Scalar): number | undefined {
  const read = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value;
  // Adding zero makes 0 of -0.
  return typeof read === 'number' && Number.isSafeInteger(read) ? read + 0 : undefined;
}

function fitText(text: string, field: TargetField): { readonly value: string; readonly cut?: string } | { readonly problem: string } {
  const wrong = notAmong(text, field);
  if (wrong !== null) return { problem: wrong };
  const { maxLength, type } = field;
  // Code points are never more than UTF-16 units, so most texts need no counting.
  if (maxLength === undefined || text.length <= maxLength) return { value: text };
  const length = characters(text);
  if (length <= maxLength) return { value: text };
  const sizes = `${length} characters, at most ${maxLength} are taken`;
  if (field.cut === false || (type !== 'text' && type !== 'list')) return { problem: `found ${shown(text)} of ${sizes}` };
  return { value: cutText(text, maxLength), cut: `${shown(text)} is cut: ${sizes}` };
}

function notAmong(text: string, { values }: TargetField): string | null {
  if (values === undefined || values.includes(text)) return null;
  const plain = plainLetters(text);
  const meant = values.find((value) => plainLetters(value) === plain);
  const list = values.slice(0, 12).map(shown).join(', ') + (values.length > 12 ? ', …' : '');
  return `found ${shown(text)}, expected ${values.length === 0 ? 'nothing: the other side offers no value' : `one of ${list}`}${meant === undefined ? '' : `; did you mean ${shown(meant)}?`}`;
}

/** Without accents, case and outer spaces. */
function plainLetters(text: string): string {
  return text.trim().normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
