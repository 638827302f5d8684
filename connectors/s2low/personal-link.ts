import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ConnectorContext, PersonalLink, Receipt } from '../../src/connector-api/connector.js';
import { Misconfigured } from '../../src/connector-api/failures.js';
import { ACT_STATUSES } from './act-status.js';
import { createApi, type Api } from './api.js';
import type { S2lowSettings } from './config.js';
import { readJson } from './find-act.js';
import { HELIOS_STATUSES } from './helios-status.js';
import { readHeliosStatus } from './read-helios-status.js';
import { readActStatus } from './read-status.js';
import { dataOf, type ReceiptData } from './receipt.js';

/** contracts/s2low.md §1. */
const NONCE_MS = 5 * 60_000;

/** Deposited, to be confirmed in a browser (§3.7). */
const TO_CONFIRM = 17;

const given = z.object({ nounce: z.string().min(1) });

/** Where an agent confirms an act, or does what else it waits for; null where it waits for nobody. The address logs the agent in for five minutes
 * into the account of Relais, with a certificate of his own. */
export async function personalLink(receipt: Receipt, settings: S2lowSettings, context: ConnectorContext): Promise<PersonalLink | null> {
  const data = dataOf(receipt);
  const api = createApi(settings, context);
  const place = await placeOf(data, api, settings);
  if (place === null) return null;
  const query = new URLSearchParams({ ...place.query, ...await entry(api, settings) }).toString();
  return { url: `${settings.url}${place.path}?${query}`, validUntil: context.clock.now() + NONCE_MS };
}

async function placeOf(data: ReceiptData, api: Api, settings: S2lowSettings): Promise<{ path: string; query: Record<string, string> } | null> {
  const { transaction } = data;
  if (data.kind === 'pes') {
    const standing = await readHeliosStatus(api, transaction);
    return 'status' in standing && HELIOS_STATUSES.get(standing.status)?.waits === true ? { path: '/modules/helios/helios_transac_show.php', query: { id: transaction } } : null;
  }
  const standing = await readActStatus(api, transaction);
  if ('refused' in standing || ACT_STATUSES.get(standing.status)?.waits !== true) return null;
  const page = '/modules/actes/actes_transac_show.php';
  if (standing.status !== TO_CONFIRM) return { path: page, query: { id: transaction } };
  return { path: '/modules/actes/actes_transac_post_confirm_api.php', query: { id: transaction, url_return: settings.returnUrl ?? `${settings.url}${page}?id=${transaction}` } };
}

/** Spelled so over there. Lower-case hexadecimal of SHA-256 over password, colon and nonce. */
async function entry(api: Api, { login, password }: S2lowSettings): Promise<Record<string, string>> {
  if (login === undefined || password === undefined) throw new Misconfigured('Links for agents need login and password of the account: S2LOW gives the word that they hold to nobody else.');
  const { nounce } = readJson(given, await api.read('/api/get-nounce.php'), api);
  return { nounce, login, hash: createHash('sha256').update(`${password}:${nounce}`).digest('hex') };
}
