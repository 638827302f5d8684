import type { ByteText } from './byte-text.js';
import { XmlError } from './xml-error.js';

// XML 1.0 (fifth edition) §2.2 Char. Text made of valid UTF-8 holds no lone surrogate.
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const FORBIDDEN = /[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/;
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const FORBIDDEN_OR_LONE = /[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|[\uD800-\uDFFF]/gu;
/** Anything that needs a closer look: controls and CR, references, `]]>`, broken UTF-8. Most text has none. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const REMARKABLE = /[\x00-\x08\x0B-\x1F&\]\uFFFD-\uFFFF]/;

/** As above, for the value of an attribute, in which white space is remarkable too. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const REMARKABLE_VALUE = /[\x00-\x1F&\uFFFE\uFFFF]/;

const NAME_START = 'A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}\\u{200D}\\u{2070}-\\u{218F}'
  + '\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}';
const NC_NAME = `[${NAME_START}][${NAME_START}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}\\u{2040}]*`;
/* eslint-disable no-misleading-character-class -- the ranges are those of XML 1.0 §2.3, joiners and combining marks among them */
const QUALIFIED_NAME = new RegExp(`^(?:${NC_NAME}:)?${NC_NAME}$`, 'u');
const UNQUALIFIED_NAME = new RegExp(`^${NC_NAME}$`, 'u');
/* eslint-enable no-misleading-character-class */

/** A name with at most one colon (Namespaces in XML §4). */
export function isQualifiedName(name: string): boolean {
  return QUALIFIED_NAME.test(name);
}

export function isUnqualifiedName(name: string): boolean {
  return UNQUALIFIED_NAME.test(name);
}

/** Character data between markup: references expanded, line ends normalised, forbidden characters refused. */
export function decodeCharacters(bytes: ByteText, source: Buffer, from: number, to: number): string {
  const raw = bytes.quick(source, from, to);
  if (!REMARKABLE.test(raw)) return raw;
  const text = bytes.strict(source, from, to);
  if (text.includes(']]>')) throw new XmlError('"]]>" must not stand in text');
  return expandReferences(normaliseLineEnds(checked(text)));
}

/** The inside of a CDATA section, a comment or a processing instruction: no references. */
export function decodeLiteral(bytes: ByteText, source: Buffer, from: number, to: number): string {
  const raw = bytes.quick(source, from, to);
  return REMARKABLE.test(raw) ? normaliseLineEnds(checked(bytes.strict(source, from, to))) : raw;
}

/** An attribute value, already text: references expanded, white space normalised (XML 1.0 §3.3.3). */
export function decodeAttribute(raw: string): string {
  if (!REMARKABLE_VALUE.test(raw)) return raw;
  const text = checked(raw).replace(/\r\n|[\t\r\n]/g, ' ');
  return text.includes('&') ? expandReferences(text) : text;
}

/** V8 keeps a longer part of a text as a view of the whole, which then stays in memory as long as the part. */
const COPIED_BY_SLICE = 12;

/** A part of a text, so that it does not keep the whole text in memory. */
export function ownText(part: string): string {
  // joined, it has to be copied before a part can be taken again
  return part.length <= COPIED_BY_SLICE ? part : ` ${part}`.slice(1);
}

/** Removes what XML 1.0 forbids, so that any text can be written: each such character, and each lone surrogate, becomes U+FFFD. */
export function replaceForbidden(text: string): string {
  return text.replace(FORBIDDEN_OR_LONE, '\uFFFD');
}

/** True if XML 1.0 lets the text stand in a document. */
export function isAllowed(text: string): boolean {
  return !FORBIDDEN.test(text);
}

/** The first character that XML 1.0 forbids, or lone surrogate, as U+XXXX; undefined if there is none. */
export function forbiddenIn(text: string): string | undefined {
  const at = text.search(FORBIDDEN_OR_LONE);
  return at < 0 ? undefined : codePoint(text.charCodeAt(at));
}

function checked(text: string): string {
  const found = FORBIDDEN.exec(text);
  if (found !== null) throw new XmlError(`the character ${codePoint(found[0].charCodeAt(0))} is forbidden in XML`);
  return text;
}

function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

function normaliseLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

const PREDEFINED: ReadonlyMap<string, string> = new Map([['lt', '<'], ['gt', '>'], ['amp', '&'], ['quot', '"'], ['apos', "'"]]);

/** Longest reference taken, from `&` to `;`. */
export const REFERENCE_LENGTH = 32;

function expandReferences(text: string): string {
  return text.replace(/&(?:([^;&]{1,30});)?/g, (_whole, name: string | undefined) => {
    if (name === undefined) throw new XmlError('"&" must be written "&amp;"');
    return PREDEFINED.get(name) ?? numericCharacter(name);
  });
}

function numericCharacter(name: string): string {
  const match = /^#(?:x([0-9A-Fa-f]+)|([0-9]+))$/.exec(name);
  if (match === null) throw new XmlError(`the entity &${name.slice(0, 20)}; is not one of the five that XML has`);
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (code > 0x10ffff || isSurrogate) throw new XmlError(`the character reference &${name}; is forbidden in XML`);
  return checked(String.fromCodePoint(code));
}
