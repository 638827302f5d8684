import type { Arrival, ConnectorContext } from '../../src/connector-api/connector.js';
import { plainWords, decodeText } from './answer-text.js';
import type { Api } from './api.js';
import type { AnnouncedReturn } from './announced.js';
import { fetchFile } from './download.js';
import { firstElement } from './first-element.js';

/** A PES_Retour, byte for byte as the treasury wrote it. Null where the platform answers otherwise. */
export async function fetchReturn({ id, name, date }: AnnouncedReturn, api: Api, context: ConnectorContext): Promise<Arrival | null> {
  const file = await fetchFile(api, { path: '/modules/helios/api/helios_get_retour.php', query: { id }, kind: 'xml' }, context);
  if (file === null) return null;
  const root = await firstElement(file.sha256, context);
  if (root !== 'PES_Retour') {
    context.logger.warn('A file that S2LOW gives as PES_Retour is another one', { id, root: plainWords(decodeText(Buffer.from(root))) });
    return null;
  }
  const filename = /\.xml$/i.test(name) ? name : `${name === '' ? `PES_Retour_${id}` : name}.xml`;
  return {
    kind: 'pes-retour', title: `PES_Retour ${name === '' ? id : name}`,
    fields: { transaction: id, nomFic: name, receivedOn: date },
    documents: [{ title: filename, filename, mediaType: 'application/xml', ...file, role: 'report' }],
  };
}
