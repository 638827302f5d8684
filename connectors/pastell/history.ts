import type { ConnectorContext } from '../../src/connector-api/connector.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { attributeOf, childText, readBusinessXml, type XmlElement } from '../../src/formats/business-xml.js';
import { FormatError } from '../../src/formats/format-error.js';
import { circuitFields, momentWords } from '../../src/signature-book/circuit-fields.js';

/** A line of a circuit (contracts/pastell.md §13). */
export interface HistoryLine {
  readonly at: string;
  readonly who: string;
  readonly status: string;
  readonly annotation: string;
}

const LONGEST = 4 * 2 ** 20;

/** Statuses that nobody did by a decision. */
const NO_DEEDS: ReadonlySet<string> = new Set(['Emis', 'NonLu', 'Lu', 'Archive', 'ATraiter', 'EnCoursTransmission']);

/** Reads the history that a signature book gave Pastell, from what is kept of it. What is no history tells nothing: it is for people, and decides
 * nothing. */
export async function readHistory(sha256: string, { blobs, logger }: Pick<ConnectorContext, 'blobs' | 'logger'>): Promise<readonly HistoryLine[]> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of blobs.read(sha256) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LONGEST) return [];
    chunks.push(chunk);
  }
  try {
    return entriesOf(readBusinessXml(Buffer.concat(chunks), 'The history of the signature book'));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    logger.warn('The history of the signature book cannot be read; it is kept as it is', { reason: error.message });
    return [];
  }
}

function entriesOf(element: XmlElement): readonly HistoryLine[] {
  if (element.name !== 'LogDossier') return element.children.flatMap(entriesOf);
  const word = (name: string): string => childText(element, name) ?? attributeOf(element, name) ?? '';
  const line = { at: word('timestamp'), who: word('nom'), status: word('status'), annotation: word('annotation') };
  return line.status === '' ? element.children.flatMap(entriesOf) : [line];
}

/** Who refused it, when and why; null where the history does not tell. */
export function refusalWords(history: readonly HistoryLine[]): string | null {
  const refusal = history.findLast(({ status }) => status.startsWith('Rejet'));
  if (refusal === undefined) return null;
  return `It was refused by ${refusal.who === '' ? 'somebody' : refusal.who} on ${momentWords(refusal.at)}: ${refusal.annotation === '' ? 'without a reason' : `«${refusal.annotation}»`}.`;
}

/** `status`, `actors` and `annotations`, as of any signature book. */
export function historyFields(history: readonly HistoryLine[]): Record<string, FieldValue> {
  const actors = history.filter(({ status }) => !NO_DEEDS.has(status)).map(({ at, who, status }) => `${momentWords(at)} ${who}: ${status}`);
  const annotations = history.filter(({ annotation }) => annotation !== '').map(({ at, who, annotation }) => `${momentWords(at)} ${who}: ${annotation}`);
  return circuitFields(history.at(-1)?.status, actors, annotations);
}

/** How many people signed; at least one. */
export function signersOf(history: readonly HistoryLine[]): number {
  return Math.max(1, new Set(history.filter(({ status }) => status === 'Signe').map(({ who }) => who)).size);
}
