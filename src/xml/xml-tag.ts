import type { NamespaceScope } from './namespace-scope.js';
import { XmlError } from './xml-error.js';
import type { XmlName, XmlNames } from './xml-names.js';
import { decodeAttribute } from './xml-text.js';

export interface XmlAttribute {
  /** '' for an attribute without prefix. */
  readonly namespace: string;
  readonly local: string;
  readonly value: string;
}

/** A start tag with its names resolved. */
export interface XmlTag {
  /** The name as written, which the end tag has to repeat. */
  readonly name: string;
  readonly namespace: string;
  readonly local: string;
  readonly attributes: readonly XmlAttribute[];
  /** Prefixes declared here, to withdraw when the element closes. */
  readonly declared: readonly string[];
  /** Attributes written, namespace declarations included. */
  readonly written: number;
  /** Nothing but ASCII stands in the tag as it is written. */
  readonly isAscii: boolean;
}

const NONE: readonly never[] = [];
const SPACE = 0x20;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const AMPERSAND = 0x26;
const SLASH = 0x2f;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const DELETE = 0x7f;

/** V8 keeps a longer part of a text as a view of the whole, which would then stay in memory as long as the part. */
const COPIED_BY_SLICE = 12;

/** Reads what stands between `<` and `>` (without the `/` of an empty element), from `from` to `to` of a text that may hold more, and
 * declares its namespaces in `scope`. Nothing of what it gives keeps the text in memory. */
export function parseTag(text: string, from: number, to: number, isAscii: boolean, scope: NamespaceScope, names: XmlNames): XmlTag {
  const end = nameEnd(text, from, to);
  const found = names.find(text.slice(from, end));
  if (found === undefined) throw new XmlError(`"<${text.slice(from, Math.min(end, from + 40))}" does not begin with a name`);
  const written = end === to ? NONE : attributesOf(text, end, to, names);
  const declared = written.length === 0 ? NONE : declareNamespaces(written, scope);
  return {
    name: found.name,
    namespace: scope.get(found.prefix),
    local: found.local,
    attributes: written.length === declared.length ? NONE : resolved(written, declared.length > 0, scope),
    declared,
    written: written.length,
    isAscii,
  };
}

/** A tag, and where it ends: behind its `>`. */
export interface PlainTag {
  readonly tag: XmlTag;
  readonly isEmpty: boolean;
  readonly end: number;
}

/** Reads a tag of the commonest form in one go: `<Name>`, `<Name V="text">` or either with `/>`, one space, ASCII alone, nothing to
 * expand or to resolve. Undefined for any other, and for one that is not complete: `parseTag` takes those, or says what is wrong. */
export function plainTag(text: string, from: number, scope: NamespaceScope, names: XmlNames): PlainTag | undefined {
  const nameTo = plainNameEnd(text, from);
  if (text.charCodeAt(nameTo) !== SPACE) return ended(text, from, nameTo, nameTo, NONE, scope, names);
  const attributeTo = plainNameEnd(text, nameTo + 1);
  if (text.charCodeAt(attributeTo) !== EQUALS || text.charCodeAt(attributeTo + 1) !== QUOTE) return undefined;
  const valueTo = plainValueEnd(text, attributeTo + 2);
  if (text.charCodeAt(valueTo) !== QUOTE) return undefined;
  const name = names.find(text.slice(nameTo + 1, attributeTo));
  if (name === undefined || name.prefix !== '' || isDeclaration(name)) return undefined;
  const attribute = { name, local: name.local, namespace: '', value: copied(text, attributeTo + 2, valueTo) };
  return ended(text, from, nameTo, valueTo + 1, [attribute], scope, names);
}

function ended(text: string, from: number, nameTo: number, at: number, attributes: readonly XmlAttribute[], scope: NamespaceScope, names: XmlNames): PlainTag | undefined {
  const isEmpty = text.charCodeAt(at) === SLASH;
  const end = isEmpty ? at + 1 : at;
  if (text.charCodeAt(end) !== GREATER) return undefined;
  const found = names.find(text.slice(from, nameTo));
  if (found === undefined) return undefined;
  const { name, prefix, local } = found;
  return { tag: { name, namespace: scope.get(prefix), local, attributes, declared: NONE, written: attributes.length, isAscii: true }, isEmpty, end: end + 1 };
}

/** Letters, digits, `_`, `-`, `.`, `:`; whether they make a name is looked at by its book. */
function plainNameEnd(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code > APOSTROPHE && code !== SLASH && code < EQUALS || code > GREATER && code < DELETE; code = text.charCodeAt(at)) at++;
  return at;
}

/** The first character that ends a value or needs a closer look. */
function plainValueEnd(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code >= SPACE && code < DELETE && code !== QUOTE && code !== AMPERSAND && code !== LESS; code = text.charCodeAt(at)) at++;
  return at;
}

/** An attribute whose prefix is not resolved yet. */
interface WrittenAttribute {
  readonly name: XmlName;
  readonly local: string;
  namespace: string;
  readonly value: string;
}

/** The tag is known to hold no `<`, and no `>` outside its values. */
function attributesOf(text: string, from: number, to: number, names: XmlNames): WrittenAttribute[] {
  const found: WrittenAttribute[] = [];
  let at = from;
  for (let start = blankEnd(text, at, to); start < to; start = blankEnd(text, at, to)) {
    const end = nameEnd(text, start, to);
    const equals = blankEnd(text, end, to);
    const open = blankEnd(text, equals + 1, to);
    const close = text.charCodeAt(equals) === EQUALS ? closingQuote(text, open, to) : -1;
    if (start === at || end === start || close < 0) throw new XmlError('a tag holds something that is not an attribute: name="value" was expected');
    const name = names.find(text.slice(start, end));
    if (name === undefined) throw new XmlError(`"${text.slice(start, Math.min(end, start + 40))}" is not the name of an attribute`);
    found.push({ name, local: name.local, namespace: '', value: decodeAttribute(copied(text, open + 1, close)) });
    at = close + 1;
  }
  if (found.length > 1) refuseTwice(found, ({ name }) => name.name);
  return found;
}

/** -1 where no quote stands at `open`, or none closes it. */
function closingQuote(text: string, open: number, to: number): number {
  const quote = text.charCodeAt(open);
  if (quote !== QUOTE && quote !== APOSTROPHE) return -1;
  for (let at = open + 1; at < to; at++) {
    if (text.charCodeAt(at) === quote) return at;
  }
  return -1;
}

function copied(text: string, from: number, to: number): string {
  const part = text.slice(from, to);
  // joined, it has to be copied before a part can be taken again
  return part.length <= COPIED_BY_SLICE ? part : ` ${part}`.slice(1);
}

function nameEnd(text: string, from: number, to: number): number {
  let at = from;
  for (; at < to; at++) {
    const code = text.charCodeAt(at);
    if (isBlank(code) || code === EQUALS || code === QUOTE || code === APOSTROPHE) break;
  }
  return at;
}

function blankEnd(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x09 || code === 0x0d;
}

function refuseTwice(attributes: readonly WrittenAttribute[], keyOf: (attribute: WrittenAttribute) => string): void {
  const seen = new Set<string>();
  for (const attribute of attributes) {
    const key = keyOf(attribute);
    if (seen.has(key)) throw new XmlError(`the attribute "${attribute.name.name}" stands twice in one tag`);
    seen.add(key);
  }
}

function declareNamespaces(attributes: readonly WrittenAttribute[], scope: NamespaceScope): readonly string[] {
  let declared: string[] | undefined;
  for (const { name, value } of attributes) {
    if (!isDeclaration(name)) continue;
    const prefix = name.prefix === '' ? '' : name.local;
    scope.declare(prefix, value);
    declared ??= [];
    declared.push(prefix);
  }
  return declared ?? NONE;
}

function isDeclaration({ name, prefix }: XmlName): boolean {
  return prefix === 'xmlns' || name === 'xmlns';
}

function resolved(written: readonly WrittenAttribute[], hasDeclarations: boolean, scope: NamespaceScope): readonly XmlAttribute[] {
  const attributes = hasDeclarations ? written.filter(({ name }) => !isDeclaration(name)) : written;
  for (const attribute of attributes) {
    if (attribute.name.prefix !== '') attribute.namespace = scope.get(attribute.name.prefix);
  }
  if (attributes.length > 1) refuseTwice(attributes, ({ namespace, local }) => `${namespace} ${local}`);
  return attributes;
}

/** True where the element says `xsi:nil`. */
export function isNil(tag: XmlTag): boolean {
  return tag.attributes.some(({ local, namespace, value }) => local === 'nil' && isInstance(namespace) && /^\s*(?:true|1)\s*$/.test(value));
}

/** XMLSchema-instance of 2001, or of the drafts that old toolkits still name. */
export function isInstance(namespace: string): boolean {
  return /^http:\/\/www\.w3\.org\/\d{4}\/(?:\d\d\/)?XMLSchema-instance$/.test(namespace);
}
