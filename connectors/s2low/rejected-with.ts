import type { ConnectorContext, ResultDocument } from '../../src/connector-api/connector.js';
import type { ActeMessage } from '../../src/formats/actes/acte-message.js';
import { readAnomaly } from '../../src/formats/actes/read-message.js';
import { FormatError } from '../../src/formats/format-error.js';
import { decodeText, plainWords } from './answer-text.js';
import { keepBytes } from './download.js';

/** What comes with status −1: the anomaly of the prefecture where it sent one, and the words of the platform at once behind it (contracts/s2low.md §3.3). */
export interface Rejection {
  readonly message: ActeMessage | null;
  readonly words: string;
  /** The anomaly, byte for byte. */
  readonly documents: readonly ResultDocument[];
}

export async function rejectionOf(payload: Buffer, transaction: string, context: ConnectorContext): Promise<Rejection> {
  const { message, words } = read(payload);
  if (message === null) return { message, words: plainWords(words), documents: [] };
  const file = await keepBytes(payload.subarray(0, endOfMessage(payload)), context);
  return { message, words: plainWords(words), documents: [{ title: message.kind, filename: `${message.kind}-${transaction}.xml`, mediaType: 'application/xml', ...file, role: 'report' }] };
}

function read(payload: Buffer): { readonly message: ActeMessage | null; readonly words: string } {
  try {
    return readAnomaly(payload);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { message: null, words: decodeText(payload) };
  }
}

function endOfMessage(payload: Buffer): number {
  const end = /<\/(?:[\w.-]+:)?Anomalie(?:Acte|Enveloppe)\s*>/.exec(payload.toString('latin1'));
  return end === null ? payload.length : end.index + end[0].length;
}
