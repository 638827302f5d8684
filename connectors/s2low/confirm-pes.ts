import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { matches } from '../../src/formats/pes/read-acquit.js';
import { plainWords } from './answer-text.js';
import type { Api } from './api.js';
import { fetchAcquit } from './fetch-acquit.js';
import { showPage } from './find-pes.js';
import { numberIn } from './found-as.js';
import { ANSWERED } from './helios-status.js';
import { readHeliosStatus } from './read-helios-status.js';

export interface FlowKeys {
  readonly sha1: string;
  readonly nomFic: string;
  readonly codCol: string;
}

/** The number under which an operator found a flow, once it is proved to be that flow: by what its page shows, or by the acquit that answers it.
 * Throws Refused, saying why, where it is another one or where neither can be seen. */
export async function confirmPes(api: Api, flow: FlowKeys, foundAs: string, context: ConnectorContext): Promise<string> {
  const transaction = numberIn(foundAs, 'helios');
  const shown = await showPage(api, transaction);
  const proof = shown === null ? 'unclear' : proofIn(shown, flow);
  if (proof === 'same' || (proof === 'unclear' && await isAnsweredBy(api, transaction, flow, context))) return transaction;
  if (proof === 'other') throw another(transaction, flow, 'its page shows another content');
  throw new Refused(`S2LOW does not show this account what the flow ${transaction} is, and no acquit of it that would tell. Once its acquit is there, retry: it is looked at again. Is there none to come, or has another account posted it, fetch its acquit there by hand.`);
}

/** What stands on the page of a flow: the SHA-1 of what was posted, NomFic and CodCol; hidden values do not count. */
function proofIn(page: string, { sha1, nomFic, codCol }: FlowKeys): 'same' | 'other' | 'unclear' {
  const words = new Set(plainText(page).split(/[\s:]+/));
  const hashes = [...words].map((word) => word.toLowerCase()).filter((word) => /^[0-9a-f]{40}$/.test(word));
  if (hashes.length > 0) return hashes.includes(sha1) ? 'same' : 'other';
  return words.has(nomFic) && words.has(codCol) ? 'same' : 'unclear';
}

function plainText(page: string): string {
  return page.split(/<[^<>]*>/).map(plainWords).join(' ');
}

async function isAnsweredBy(api: Api, transaction: string, flow: FlowKeys, context: ConnectorContext): Promise<boolean> {
  const standing = await readHeliosStatus(api, transaction);
  if ('refused' in standing) throw new Refused(`S2LOW does not tell this account of a flow ${transaction}: «${standing.refused}».`);
  if (!ANSWERED.has(standing.status)) return false;
  const fetched = await fetchAcquit(api, transaction, context);
  if (fetched === null) return false;
  if (matches(fetched.acquit, flow)) return true;
  throw another(transaction, flow, `its acquit answers «${fetched.acquit.nomFic}» (CodCol ${fetched.acquit.codCol})`);
}

function another(transaction: string, { nomFic, codCol, sha1 }: FlowKeys, why: string): Refused {
  return new Refused(`The flow ${transaction} on S2LOW is another one than that of this delivery (NomFic ${nomFic}, CodCol ${codCol}, SHA-1 ${sha1}): ${why}.`);
}
