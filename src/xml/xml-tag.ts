import type { NamespaceScope } from './namespace-scope.js';
import { XmlError } from './xml-error.js';
import { decodeAttribute, isQualifiedName } from './xml-text.js';

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
const NAME = /[^ \t\r\n]*/y;
const ATTRIBUTE = /[ \t\r\n]+([^ \t\r\n=<>"'/]+)[ \t\r\n]*=[ \t\r\n]*(?:"([^"<]*)"|'([^'<]*)')/y;
const REST = /[ \t\r\n]*$/y;

/** Reads the text between `<` and `>` (without the `/` of an empty element) and declares its namespaces in `scope`. */
export function parseTag(text: string, scope: NamespaceScope): XmlTag {
  NAME.lastIndex = 0;
  const name = NAME.exec(text)?.[0] ?? '';
  if (!isQualifiedName(name)) throw new XmlError(`"<${name.slice(0, 40)}" does not begin with a name`);
  const pairs = name.length === text.length ? NONE : attributePairs(text, name.length);
  const declared = pairs.length === 0 ? NONE : declareNamespaces(pairs, scope);
  const colon = name.indexOf(':');
  return {
    name,
    namespace: scope.get(colon < 0 ? '' : name.slice(0, colon)),
    local: name.slice(colon + 1),
    attributes: pairs.length === declared.length ? NONE : resolveAttributes(pairs, scope),
    declared,
    written: pairs.length,
  };
}

type Pair = readonly [name: string, value: string];

function attributePairs(text: string, from: number): Pair[] {
  const pairs: Pair[] = [];
  const names = new Set<string>();
  ATTRIBUTE.lastIndex = from;
  let end = from;
  for (let match = ATTRIBUTE.exec(text); match !== null; match = ATTRIBUTE.exec(text)) {
    end = ATTRIBUTE.lastIndex;
    const name = match[1] ?? '';
    if (!isQualifiedName(name)) throw new XmlError(`"${name.slice(0, 40)}" is not the name of an attribute`);
    if (names.has(name)) throw new XmlError(`the attribute "${name}" stands twice in one tag`);
    names.add(name);
    pairs.push([name, decodeAttribute(match[2] ?? match[3] ?? '')]);
  }
  REST.lastIndex = end;
  if (!REST.test(text)) throw new XmlError('a tag holds something that is not an attribute: name="value" was expected');
  return pairs;
}

function declareNamespaces(pairs: readonly Pair[], scope: NamespaceScope): string[] {
  const declared: string[] = [];
  for (const [name, value] of pairs) {
    if (!isDeclaration(name)) continue;
    const prefix = name.slice('xmlns:'.length);
    scope.declare(prefix, value);
    declared.push(prefix);
  }
  return declared;
}

function isDeclaration(name: string): boolean {
  return name.startsWith('xmlns') && (name.length === 5 || name.charCodeAt(5) === 0x3a);
}

function resolveAttributes(pairs: readonly Pair[], scope: NamespaceScope): XmlAttribute[] {
  const attributes: XmlAttribute[] = [];
  const seen = new Set<string>();
  for (const [name, value] of pairs) {
    if (isDeclaration(name)) continue;
    const colon = name.indexOf(':');
    const namespace = colon < 0 ? '' : scope.get(name.slice(0, colon));
    const local = name.slice(colon + 1);
    const expanded = `${namespace} ${local}`;
    if (seen.has(expanded)) throw new XmlError(`the attribute "${name}" stands twice in one tag`);
    seen.add(expanded);
    attributes.push({ namespace, local, value });
  }
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
