import type { NamespaceScope } from './namespace-scope.js';
import { XmlError } from './xml-error.js';
import type { XmlName, XmlNames } from './xml-names.js';
import { decodeAttribute, ownText } from './xml-text.js';

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

export const NO_ATTRIBUTES: readonly never[] = [];
const SPACE = 0x20;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const EQUALS = 0x3d;

/** Reads what stands between `<` and `>` (without the `/` of an empty element), from `from` to `to` of a text that may hold more, and
 * declares its namespaces in `scope`. Nothing of what it gives keeps the text in memory. */
export function parseTag(text: string, from: number, to: number, isAscii: boolean, scope: NamespaceScope, names: XmlNames): XmlTag {
  const end = nameEnd(text, from, to);
  const found = names.find(text.slice(from, end));
  if (found === undefined) throw new XmlError(`"<${text.slice(from, Math.min(end, from + 40))}" does not begin with a name`);
  const written = end === to ? NO_ATTRIBUTES : attributesOf(text, end, to, names);
  const declared = written.length === 0 ? NO_ATTRIBUTES : declareNamespaces(written, scope);
  return {
    name: found.name,
    namespace: scope.get(found.prefix),
    local: found.local,
    attributes: written.length === declared.length ? NO_ATTRIBUTES : resolved(written, declared.length > 0, scope),
    declared,
    written: written.length,
    isAscii,
  };
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
    found.push({ name, local: name.local, namespace: '', value: decodeAttribute(ownText(text.slice(open + 1, close))) });
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
  return declared ?? NO_ATTRIBUTES;
}

/** True for what declares a namespace. */
export function isDeclaration({ name, prefix }: XmlName): boolean {
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
