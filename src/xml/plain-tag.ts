import type { NamespaceScope } from './namespace-scope.js';
import type { XmlName, XmlNames } from './xml-names.js';
import { isDeclaration, NO_ATTRIBUTES, type XmlAttribute, type XmlTag } from './xml-tag.js';
import { ownText } from './xml-text.js';

const SPACE = 0x20;
const QUOTE = 0x22;
const AMPERSAND = 0x26;
const SLASH = 0x2f;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const DELETE = 0x7f;

/** Letters, digits, `_`, `-`, `.`, `:`; whether they make a name is looked at by its book. */
const IN_NAME = tableOf((byte) => /[\w.:-]/.test(String.fromCharCode(byte)));
/** What neither ends a value nor needs a closer look. */
const IN_VALUE = tableOf((byte) => byte >= SPACE && byte < DELETE && byte !== QUOTE && byte !== AMPERSAND && byte !== LESS);

/** Reads tags of the commonest form in one go: `<Name>`, `<Name V="text">` or either with `/>`, one space, ASCII alone, nothing to expand
 * or to resolve. In business XML that is nearly every tag. */
export class PlainTags {
  readonly #scope: NamespaceScope;
  readonly #names: XmlNames;
  /** Of the tag that was read: behind its `>`, and whether it ends its element too. */
  end = 0;
  isEmpty = false;

  constructor(scope: NamespaceScope, names: XmlNames) {
    this.#scope = scope;
    this.#names = names;
  }

  /** Undefined for any other tag, and for one that is not complete: `parseTag` takes those, or says what is wrong. `latin` is `source`, a
   * character for each byte. */
  read(source: Buffer, latin: string, from: number): XmlTag | undefined {
    const nameTo = endOf(IN_NAME, source, from);
    let at = nameTo;
    let attributes: readonly XmlAttribute[] = NO_ATTRIBUTES;
    if (source[nameTo] === SPACE) {
      const attributeTo = endOf(IN_NAME, source, nameTo + 1);
      const valueTo = endOf(IN_VALUE, source, attributeTo + 2);
      if (source[attributeTo] !== EQUALS || source[attributeTo + 1] !== QUOTE || source[valueTo] !== QUOTE) return undefined;
      const name = this.#names.findIn(source, nameTo + 1, attributeTo);
      if (name === undefined || name.prefix !== '' || isDeclaration(name)) return undefined;
      const attribute = { name, local: name.local, namespace: '', value: ownText(latin.slice(attributeTo + 2, valueTo)) };
      attributes = [attribute];
      at = valueTo + 1;
    }
    this.isEmpty = source[at] === SLASH;
    this.end = this.isEmpty ? at + 2 : at + 1;
    if (source[this.end - 1] !== GREATER) return undefined;
    const name = this.#names.findIn(source, from, nameTo);
    return name === undefined ? undefined : this.#tag(name, attributes);
  }

  #tag({ name, prefix, local }: XmlName, attributes: readonly XmlAttribute[]): XmlTag {
    return { name, namespace: this.#scope.get(prefix), local, attributes, declared: NO_ATTRIBUTES, written: attributes.length, isAscii: true };
  }
}

function endOf(table: Uint8Array, source: Buffer, from: number): number {
  let at = from;
  while (at < source.length && table[source[at] ?? 0] === 1) at++;
  return at;
}

function tableOf(isIn: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x80 && isIn(byte) ? 1 : 0));
}
