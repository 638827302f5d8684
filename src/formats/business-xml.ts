import { XmlError } from '../xml/xml-error.js';
import { XmlTokenizer, type XmlHandler } from '../xml/xml-tokenizer.js';
import { decodeXml } from './decode-xml.js';
import { FormatError } from './format-error.js';

/** An element of a small XML file. Names are without their prefix. */
export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own character data, trimmed; '' where there is none. */
  readonly text: string;
}

/** An acknowledgement or a classification holds some 50 KB. */
export const MOST_BYTES = 8 * 2 ** 20;
const LIMITS = { depth: 64, elements: 200_000, attributes: 1_000_000 };

/** The root element of a small XML file, whatever its encoding. `subject` is what messages call the file. Throws FormatError for one that
 * is too large, a web page, or no well-formed XML without DOCTYPE. */
export function readBusinessXml(bytes: Buffer, subject: string): XmlElement {
  if (bytes.length > MOST_BYTES) throw new FormatError(`${subject} holds ${bytes.length} bytes; at most ${MOST_BYTES} were expected.`);
  const text = decodeXml(bytes).replace(/^\uFEFF/, '').trim();
  if (isWebPage(text)) throw new FormatError(`${subject} is a web page and no XML file.`);
  const tree = growTree();
  try {
    const tokenizer = new XmlTokenizer(tree.handler, LIMITS, subject);
    tokenizer.push(Buffer.from(text));
    tokenizer.end();
  } catch (error) {
    throw error instanceof XmlError ? new FormatError(error.message, { cause: error }) : error;
  }
  return tree.root();
}

/** Pages say what they are early on. */
const PAGE_HEAD = 4_096;

/** What a platform shows people in place of an answer: a login or a maintenance page. Comments before it are passed over one by one: as a pattern, a few
 * hundred bytes of them would take years to be told apart. */
export function isWebPage(head: string): boolean {
  let rest = head.slice(0, PAGE_HEAD).replace(/^\uFEFF/, '').trimStart();
  while (rest.startsWith('<!--')) {
    const end = rest.indexOf('-->', '<!--'.length);
    if (end < 0) return false;
    rest = rest.slice(end + '-->'.length).trimStart();
  }
  return /^<(?:!doctype\s+html|html|head|body)\b/i.test(rest);
}

interface Growing { readonly name: string; readonly namespace: string; readonly attributes: Record<string, string>; readonly children: Growing[]; text: string }

function growTree(): { readonly handler: XmlHandler; root(): XmlElement } {
  const above: Growing = { name: '', namespace: '', attributes: {}, children: [], text: '' };
  const open = [above];
  const current = (): Growing => open.at(-1) ?? above;
  return {
    handler: {
      wants: 'text',
      open({ local, namespace, attributes }) {
        const element = { name: local, namespace, attributes: Object.fromEntries(attributes.map((attribute) => [attribute.local, attribute.value])), children: [], text: '' };
        current().children.push(element);
        open.push(element);
      },
      text(text) { current().text += text; },
      bytes: () => undefined,
      close() {
        const element = open.pop() ?? above;
        element.text = element.text.trim();
      },
    },
    root: () => above.children[0] ?? above,
  };
}

/** The children of a name, in their order. */
export function childrenNamed(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The first child of a name. */
export function childNamed(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

/** Text of the first child of a name that has any; null where none has. */
export function childText(element: XmlElement, name: string): string | null {
  return childrenNamed(element, name).find(({ text }) => text !== '')?.text ?? null;
}

/** An attribute, trimmed; null where it is absent or empty. */
export function attributeOf(element: XmlElement | undefined, name: string): string | null {
  const value = element?.attributes[name]?.trim() ?? '';
  return value === '' ? null : value;
}
