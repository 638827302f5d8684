import { isQualifiedName } from './xml-text.js';

/** A name taken apart at its colon; '' is no prefix. */
export interface XmlName {
  readonly name: string;
  readonly prefix: string;
  readonly local: string;
}

/** Names kept; a document has some hundreds. */
const KEPT = 2000;

/** The names of one document. They come again and again, and are looked at once. */
export class XmlNames {
  readonly #known = new Map<string, XmlName>();

  /** Undefined for what is no name with at most one colon (Namespaces in XML §4). */
  find(name: string): XmlName | undefined {
    return this.#known.get(name) ?? this.#learn(name);
  }

  #learn(name: string): XmlName | undefined {
    if (!isQualifiedName(name)) return undefined;
    // a copy: the name may be a view of a whole chunk, which would stay in memory with it
    const own = Buffer.from(name).toString();
    const colon = own.indexOf(':');
    const found = { name: own, prefix: colon < 0 ? '' : own.slice(0, colon), local: own.slice(colon + 1) };
    if (this.#known.size < KEPT) this.#known.set(own, found);
    return found;
  }
}
