import { XMLParser } from 'fast-xml-parser';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { decodeText } from './answer-text.js';
import { notAnAnswer, type Api } from './api.js';

/** Some ten thousand files that wait. It is held several times over while it is read. */
const LARGEST = 4 * 2 ** 20;

export type Element = Readonly<Record<string, unknown>>;

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: true, processEntities: true });

/** The root element of one of the small XML answers of the module helios, as `names` name it (contracts/s2low.md §5); null where it is
 * another one. Throws OutcomeUnknown for what is no XML or was cut. */
export function readSmallXml(bytes: Buffer, names: readonly string[], { who }: Pick<Api, 'who'>): Element | null {
  if (bytes.length > LARGEST) throw new OutcomeUnknown(`The answer of ${who} has ${bytes.length} bytes: at most ${LARGEST} were expected.`);
  const text = decodeText(bytes);
  // These declare nothing: what they would declare could only be entities without end.
  if (/<!DOCTYPE/i.test(text)) throw notAnAnswer(bytes, who);
  const root = names.find((name) => new RegExp(`^\\s*(?:<\\?xml[^>]*>)?\\s*<${name}[\\s/>]`).test(text));
  if (root === undefined) return null;
  if (!new RegExp(`</${root}\\s*>\\s*$|<${root}\\s*/>\\s*$`).test(text)) throw notAnAnswer(bytes, who);
  const content = (parser.parse(text) as Element)[root];
  return typeof content === 'object' && content !== null ? content as Element : {};
}

/** Text of a child; empty where it is missing. */
export function textOf(element: Element, name: string): string {
  const value = element[name];
  return typeof value === 'string' ? value : '';
}

/** Children of a name. */
export function childrenOf(element: Element, name: string): readonly Element[] {
  const value = element[name];
  return (Array.isArray(value) ? value : [value]).filter((one): one is Element => typeof one === 'object' && one !== null);
}
