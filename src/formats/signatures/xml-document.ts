import { DOMParser, XMLSerializer, type Document, type Element, type Node } from '@xmldom/xmldom';

/** Says why bytes are not XML that signatures are looked for in; the message is for the operator. */
export class NotXml extends Error {}

export const SIGNATURE_NS = 'http://www.w3.org/2000/09/xmldsig#';

/** The document is whole in memory, some hundred times the bytes of its markup. */
const LARGEST = 32 * 1024 * 1024;
const MOST_TAGS = 500_000;
const DEEPEST = 500;
const ELEMENT = 1;
const PROCESSING_INSTRUCTION = 7;

/** Reads an XML document, strictly: no document type, since it could give other texts to the same bytes; no processing
 * instruction and no attribute with a name like `xmlnsx`, since the canonical form that xml-crypto makes leaves those out. Throws
 * NotXml. */
export function readXml(bytes: Buffer): Document {
  if (bytes.length > LARGEST) throw new NotXml(`the XML is ${bytes.length} bytes long; ${LARGEST} is the most that is looked into for signatures`);
  const text = decode(bytes);
  if (/<!DOCTYPE/i.test(text)) throw new NotXml('the XML has a document type (DOCTYPE), which is not taken');
  if (countOf(text, '<') > MOST_TAGS) throw new NotXml(`the XML has more than ${MOST_TAGS} tags, which is more than is looked into for signatures`);
  const document = parse(text);
  refuseTraps(document);
  return document;
}

/** The root of a document and what is in it, as a file in UTF-8. */
export function writeXml(document: Document): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(rootOf(document))}\n`;
}

/** The root of a document that was read. */
export function rootOf({ documentElement }: Document): Element {
  if (documentElement === null) throw new NotXml('the XML has no root');
  return documentElement;
}

/** Every element below and including `top`, in document order; not below those that `passOver` names. */
export function* elementsOf(top: Element, passOver: (element: Element) => boolean = () => false): Generator<Element> {
  const waiting: Element[] = [top];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    yield element;
    if (!passOver(element)) waiting.push(...childElements(element).reverse());
  }
}

/** The children of an element, or those with a local name of the same namespace as itself. */
export function childElements(element: Element, localName?: string): Element[] {
  const found: Element[] = [];
  for (let child = element.firstChild; child !== null; child = child.nextSibling) {
    if (isElement(child) && (localName === undefined || (child.localName === localName && child.namespaceURI === element.namespaceURI))) found.push(child);
  }
  return found;
}

/** The one child with that name; null when there is none, or several. */
export function childElement(element: Element | null, localName: string): Element | null {
  const found = element === null ? [] : childElements(element, localName);
  return found.length === 1 ? found[0] ?? null : null;
}

export function isSignature(element: Element): boolean {
  return element.localName === 'Signature' && element.namespaceURI === SIGNATURE_NS;
}

/** The signatures of a document; those inside another one (counter-signatures) sign that one and not the document. */
export function signaturesOf(document: Document): Element[] {
  return [...elementsOf(rootOf(document), isSignature)].filter(isSignature);
}

function isElement(node: Node): node is Element {
  return node.nodeType === ELEMENT;
}

function parse(text: string): Document {
  try {
    return new DOMParser({ onError: (level, message) => { throw new NotXml(`${level}: ${message}`); } }).parseFromString(text, 'text/xml');
  } catch (error) {
    throw new NotXml('the XML is not well formed', { cause: error });
  }
}

function refuseTraps(document: Document): void {
  const waiting: { node: Node; depth: number }[] = [{ node: document, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, depth } = next;
    if (depth > DEEPEST) throw new NotXml(`the XML is nested more than ${DEEPEST} deep`);
    if (node.nodeType === PROCESSING_INSTRUCTION && node.nodeName.toLowerCase() !== 'xml') throw new NotXml('the XML has a processing instruction, which is not supported in signed XML');
    if (isElement(node) && [...node.attributes].some(({ name }) => name.startsWith('xmlns') && name !== 'xmlns' && !name.startsWith('xmlns:'))) throw new NotXml('the XML has an attribute whose name starts with «xmlns» and that declares no namespace');
    for (let child = node.firstChild; child !== null; child = child.nextSibling) waiting.push({ node: child, depth: depth + 1 });
  }
}

/** Text by the byte order mark or the declaration (XML 1.0 §4.3.3 and appendix F). */
function decode(bytes: Buffer): string {
  const declared = /^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/.exec(bytes.toString('latin1', bytes[0] === 0xef ? 3 : 0, 200))?.[1]?.toLowerCase() ?? 'utf-8';
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : declared;
  // what the web calls ISO-8859-1 is Windows-1252, and TextDecoder follows the web
  if (['iso-8859-1', 'latin1', 'us-ascii'].includes(encoding)) return bytes.toString('latin1');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new NotXml(`the XML is not in the encoding that it declares (${encoding}), or that is not supported`, { cause: error });
  }
}

function countOf(text: string, mark: string): number {
  let count = 0;
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) count += 1;
  return count;
}
