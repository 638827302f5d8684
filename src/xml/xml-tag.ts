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
}

const NONE: readonly never[] = [];
const SPACE = 0x20;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const EQUALS = 0x3d;

/** Reads the text between `<` and `>` (without the `/` of an empty element) and declares its namespaces in `scope`. */
export function parseTag(text: string, scope: NamespaceScope, names: XmlNames): XmlTag {
  const end = nameEnd(text, 0);
  const found = names.find(end === text.length ? text : text.slice(0, end));
  if (found === undefined) throw new XmlError(`"<${text.slice(0, Math.min(40, end))}" does not begin with a name`);
  const pairs = end === text.length ? NONE : attributePairs(text, end, names);
  const declared = pairs.length === 0 ? NONE : declareNamespaces(pairs, scope);
  return {
    name: found.name,
    namespace: scope.get(found.prefix),
    local: found.local,
    attributes: pairs.length === declared.length ? NONE : resolveAttributes(pairs, scope),
    declared,
    written: pairs.length,
  };
}

interface Pair { readonly name: XmlName; readonly value: string }

/** The tag is known to hold no `<`, and no `>` outside its values. */
function attributePairs(text: string, from: number, names: XmlNames): Pair[] {
  const pairs: Pair[] = [];
  let at = from;
  for (let start = blankEnd(text, at); start < text.length; start = blankEnd(text, at)) {
    const to = nameEnd(text, start);
    const equals = blankEnd(text, to);
    const open = blankEnd(text, equals + 1);
    const quote = text.charCodeAt(open);
    const close = quote === QUOTE ? text.indexOf('"', open + 1) : quote === APOSTROPHE ? text.indexOf('\'', open + 1) : -1;
    if (start === at || to === start || text.charCodeAt(equals) !== EQUALS || close < 0) {
      throw new XmlError('a tag holds something that is not an attribute: name="value" was expected');
    }
    const name = names.find(text.slice(start, to));
    if (name === undefined) throw new XmlError(`"${text.slice(start, Math.min(to, start + 40))}" is not the name of an attribute`);
    pairs.push({ name, value: decodeAttribute(text.slice(open + 1, close)) });
    at = close + 1;
  }
  if (pairs.length > 1) refuseTwice(pairs.map(({ name }) => name.name), pairs);
  return pairs;
}

function nameEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isBlank(code) || code === EQUALS || code === QUOTE || code === APOSTROPHE) break;
  }
  return at;
}

function blankEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x09 || code === 0x0d;
}

/** `keys` are what must differ, one for each pair. */
function refuseTwice(keys: readonly string[], pairs: readonly Pair[]): void {
  const seen = new Set<string>();
  for (const [at, key] of keys.entries()) {
    if (seen.has(key)) throw new XmlError(`the attribute "${pairs[at]?.name.name ?? ''}" stands twice in one tag`);
    seen.add(key);
  }
}

function declareNamespaces(pairs: readonly Pair[], scope: NamespaceScope): readonly string[] {
  let declared: string[] | undefined;
  for (const { name, value } of pairs) {
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

function resolveAttributes(pairs: readonly Pair[], scope: NamespaceScope): XmlAttribute[] {
  const attributes: XmlAttribute[] = [];
  const written: Pair[] = [];
  for (const pair of pairs) {
    if (isDeclaration(pair.name)) continue;
    const { prefix, local } = pair.name;
    attributes.push({ namespace: prefix === '' ? '' : scope.get(prefix), local, value: pair.value });
    written.push(pair);
  }
  if (attributes.length > 1) refuseTwice(attributes.map(({ namespace, local }) => `${namespace} ${local}`), written);
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
