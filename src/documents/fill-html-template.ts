import { RelaisError } from '../errors.js';

type Value = string | readonly Scope[];
export type Scope = Readonly<Record<string, Value>>;

/** `{name}`, `{@name}`, `{#name}`, `{^name}`, `{/name}`: as in Word templates. CSS rules do not look like this. Comments may
 * explain them. */
const TAG = /<!--[\s\S]*?-->|\{([@#^/]?)([A-Za-z][A-Za-z0-9_]*)\}/g;

interface Section {
  readonly name: string;
  readonly inverted: boolean;
  readonly parts: Part[];
}

type Part = string | { readonly name: string; readonly raw: boolean } | Section;

/** Fills an HTML template. `{name}` prints a value escaped, `{@name}` leaves `<relais-insert name="…">` for rich text,
 * `{#name}…{/name}` repeats over a list or shows its content when the value is not empty, `{^name}…{/name}` when it is.
 * A name without a value prints nothing. Throws RELAIS_WS4PM_GENERATION for sections that do not match. */
export function fillHtmlTemplate(template: string, data: Scope): string {
  return print(parse(template), [data]);
}

function parse(template: string): readonly Part[] {
  const root: Part[] = [];
  const open: Section[] = [];
  let end = 0;
  for (const { 0: tag, 1: mark = '', 2: name = '', index } of template.matchAll(TAG)) {
    const parts = open.at(-1)?.parts ?? root;
    parts.push(template.slice(end, index));
    end = index + tag.length;
    if (name === '') continue;
    if (mark === '#' || mark === '^') {
      const section: Section = { name, inverted: mark === '^', parts: [] };
      parts.push(section);
      open.push(section);
    } else if (mark === '/') close(open, name, lineOf(template, index));
    else parts.push({ name, raw: mark === '@' });
  }
  const left = open.at(-1);
  if (left !== undefined) throw new RelaisError('RELAIS_WS4PM_GENERATION', `Exception: {${left.inverted ? '^' : '#'}${left.name}} of the template is never closed, expected {/${left.name}}.`);
  root.push(template.slice(end));
  return root;
}

function close(open: Section[], name: string, line: number): void {
  const section = open.pop();
  if (section?.name === name) return;
  const expected = section === undefined ? 'no closing tag there' : `{/${section.name}}`;
  throw new RelaisError('RELAIS_WS4PM_GENERATION', `Exception: line ${line} of the template: found {/${name}}, expected ${expected}.`);
}

function print(parts: readonly Part[], scopes: readonly Scope[]): string {
  return parts.map((part) => {
    if (typeof part === 'string') return part;
    const value = valueOf(part.name, scopes);
    if ('parts' in part) return printSection(part, value, scopes);
    if (part.raw) return `<relais-insert name="${part.name}"></relais-insert>`;
    return typeof value === 'string' ? escapeHtml(value).replaceAll('\n', '<br>') : '';
  }).join('');
}

function printSection(section: Section, value: Value, scopes: readonly Scope[]): string {
  if (section.inverted) return value.length === 0 ? print(section.parts, scopes) : '';
  if (typeof value === 'string') return value === '' ? '' : print(section.parts, scopes);
  return value.map((scope) => print(section.parts, [scope, ...scopes])).join('');
}

function valueOf(name: string, scopes: readonly Scope[]): Value {
  const scope = scopes.find((one) => Object.hasOwn(one, name));
  return scope?.[name] ?? '';
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\'', '&#39;');
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
