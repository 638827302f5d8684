import type { ConnectorContext, Tracking } from '../../src/connector-api/connector.js';
import { readAnomaly } from '../../src/formats/actes/read-message.js';
import { FormatError } from '../../src/formats/format-error.js';
import { decodeText, plainWords } from './answer-text.js';
import { keepBytes } from './download.js';

/** Status −1: refused by the platform, or by the prefecture with a message of its own, which is kept (contracts/s2low.md §3.3). `what`: `The act was refused`. */
export async function rejectedWith(payload: Buffer, what: string, context: ConnectorContext): Promise<Tracking> {
  const { message, words } = read(payload);
  const anomaly = [message?.anomaly?.nature, message?.anomaly?.detail].filter((word) => word !== null && word !== undefined && word !== '').join(', ');
  const told = [anomaly === '' ? '' : `the prefecture says «${anomaly}»`, words === '' ? '' : `S2LOW says «${plainWords(words)}»`].filter((text) => text !== '').join('; ');
  const reason = `${what}: ${told === '' ? 'S2LOW does not say why' : told}.`;
  if (message === null) return { state: 'rejected', reason };
  const file = await keepBytes(payload.subarray(0, endOfMessage(payload)), context);
  return { state: 'rejected', reason, results: { documents: [{ title: 'anomaly', filename: 'anomalie.xml', mediaType: 'application/xml', ...file, role: 'report' }] } };
}

/** The words of the platform follow the message at once. */
function endOfMessage(payload: Buffer): number {
  const end = /<\/(?:[\w.-]+:)?Anomalie(?:Acte|Enveloppe)\s*>/.exec(payload.toString('latin1'));
  return end === null ? payload.length : end.index + end[0].length;
}

function read(payload: Buffer): ReturnType<typeof readAnomaly> {
  try {
    return readAnomaly(payload);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { message: null, words: decodeText(payload) };
  }
}
