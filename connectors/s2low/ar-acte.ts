import type { ConnectorContext, ResultDocument } from '../../src/connector-api/connector.js';
import type { ActeMessage } from '../../src/formats/actes/acte-message.js';
import { readActeMessage } from '../../src/formats/actes/read-message.js';
import { MOST_BYTES } from '../../src/formats/business-xml.js';
import { FormatError } from '../../src/formats/format-error.js';
import type { Api } from './api.js';
import { fetchFile, keepBytes, readKept } from './download.js';
import { UnusableAnswer } from './unusable-answer.js';

export interface ArActe {
  readonly message: ActeMessage;
  readonly document: ResultDocument;
}

/** The acknowledgement of the prefecture, byte for byte. `payload`: it comes with status 4, and with no later one; then it is asked for. */
export async function fetchArActe(api: Api, transaction: string, payload: Buffer, context: ConnectorContext): Promise<ArActe> {
  const file = payload.length > 0 ? await keepBytes(payload, context) : await fetchFile(api, { path: '/modules/actes/actes_transac_get_ARActe.php', query: { id: transaction, api: 1 }, kind: 'xml' }, context);
  if (file === null) throw new UnusableAnswer(`S2LOW shows the act ${transaction} as acknowledged, and does not give the acknowledgement.`);
  if (file.size > MOST_BYTES) throw new UnusableAnswer(`What S2LOW gives as acknowledgement of the act ${transaction} has ${file.size} bytes: that is none.`);
  const message = readAr(payload.length > 0 ? payload : await readKept(file.sha256, context));
  return { message, document: { title: 'ARActe', filename: `ARActe-${message.actId ?? transaction}.xml`, mediaType: 'application/xml', ...file, role: 'acknowledgement' } };
}

function readAr(bytes: Buffer): ActeMessage {
  let message: ActeMessage;
  try {
    message = readActeMessage(bytes);
  } catch (error) {
    if (error instanceof FormatError) throw new UnusableAnswer(`The acknowledgement that S2LOW gives cannot be read. ${error.message}`, { cause: error });
    throw error;
  }
  if (message.kind !== 'ARActe') throw new UnusableAnswer(`S2LOW gives a ${message.kind} in place of the acknowledgement of the act (ARActe).`);
  return message;
}
