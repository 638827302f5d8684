import type { ConnectorContext, PersonalLink, Receipt } from '../../src/connector-api/connector.js';
import type { PastellSettings } from './config.js';
import { readDocument } from './documents.js';
import { dataOf } from './receipt.js';
import { openSession } from './session.js';
import { standingOf } from './states.js';

/** The page of a document stays where it is; what it asks for may be done by then. */
const VALID_MS = 24 * 3_600_000;

/** The page in Pastell where a person with a certificate confirms a transmission (contracts/pastell.md §6: document-transmis-tdt). It holds no token: Pastell asks who
 * they are. */
export async function personalLink(receipt: Receipt, settings: PastellSettings, context: ConnectorContext): Promise<PersonalLink | null> {
  const { entity } = dataOf(receipt);
  const document = await readDocument({ ...openSession(settings, context), entity }, receipt.reference);
  if (document === null || standingOf(document.state).kind !== 'human') return null;
  const query = new URLSearchParams({ id_d: document.id, id_e: String(entity) }).toString();
  return { url: `${settings.url}/Document/detail?${query}`, validUntil: context.clock.now() + VALID_MS };
}
