import { isQualifiedName, ownText } from './xml-text.js';

/** A name taken apart at its colon; '' is no prefix. */
export interface XmlName {
  readonly name: string;
  readonly prefix: string;
  readonly local: string;
}

/** Names kept; a document has some hundreds. */
const KEPT = 2000;

/** Places for names that are found by their bytes: a power of two. */
const PLACES = 512;

/** The names of one document. They come again and again, and are looked at once. */
export class XmlNames {
  readonly #known = new Map<string, XmlName>();
  readonly #places = new Array<XmlName | undefined>(PLACES);

  /** Undefined for what is no name with at most one colon (Namespaces in XML §4). */
  find(name: string): XmlName | undefined {
    return this.#known.get(name) ?? this.#learn(name);
  }

  /** As `find`, for a name in ASCII bytes, without making a text of one that is known. */
  findIn(source: Buffer, from: number, to: number): XmlName | undefined {
    let hash = 0;
    for (let at = from; at < to; at++) hash = Math.imul(hash, 31) + (source[at] ?? 0);
    const place = hash & (PLACES - 1);
    const known = this.#places[place];
    if (known?.name.length === to - from && standsAt(source, from, known.name)) return known;
    const found = this.find(source.toString('latin1', from, to));
    this.#places[place] = found;
    return found;
  }

  #learn(name: string): XmlName | undefined {
    if (!isQualifiedName(name)) return undefined;
    const own = ownText(name);
    const colon = own.indexOf(':');
    const found = { name: own, prefix: colon < 0 ? '' : own.slice(0, colon), local: colon < 0 ? own : own.slice(colon + 1) };
    if (this.#known.size < KEPT) this.#known.set(own, found);
    return found;
  }
}

/** True where the bytes are this name. */
export function standsAt(source: Buffer, from: number, name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (code !== source[from + at] || code >= 0x80) return false;
  }
  return true;
}
