import type { Arrival, ConnectorContext } from '../../src/connector-api/connector.js';
import { FormatError } from '../../src/formats/format-error.js';
import { pesRetourArrival } from '../../src/tele-transmission/pes-retour-arrival.js';
import type { Api } from './api.js';
import type { AnnouncedReturn } from './announced.js';
import type { S2lowSettings } from './config.js';
import { fetchFile } from './download.js';

/** A PES_Retour, byte for byte as the treasury wrote it, with what became of the pieces. Null where the platform answers otherwise. */
export async function fetchReturn({ id, name, date }: AnnouncedReturn, api: Api, { language }: S2lowSettings, context: ConnectorContext): Promise<Arrival | null> {
  const file = await fetchFile(api, { path: '/modules/helios/api/helios_get_retour.php', query: { id }, kind: 'xml' }, context);
  if (file === null) return null;
  const filename = /\.xml$/i.test(name) ? name : `${name === '' ? `PES_Retour_${id}` : name}.xml`;
  return pesRetourArrival({ filename, file, fields: { transaction: id, receivedOn: date } }, language, context).catch((error: unknown) => {
    if (!(error instanceof FormatError)) throw error;
    context.logger.warn('A file that S2LOW gives as PES_Retour is none', { id, reason: error.message });
    return null;
  });
}
