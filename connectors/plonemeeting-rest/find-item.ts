import type { ConnectorContext, Probe, Submission } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import type { RestSettings } from './config.js';
import { foundReceipt, prepare, type Prepared } from './create-item.js';
import { fetchElement } from './fetch-item.js';
import { isOurs, lookFor } from './look-for.js';

const MARKED = { metadata_fields: ['externalIdentifier'], extra_include: 'config' };

/** Looks for the item of a submission. `unknown` where one may be it and nothing tells. */
export async function probeItem(submission: Submission, settings: RestSettings, context: ConnectorContext): Promise<Probe> {
  const prepared = await prepare(submission, settings, context);
  if (submission.foundAs !== undefined) return await proved(submission.foundAs, prepared);
  const there = await lookFor(prepared.session, { item: submission.item, mark: prepared.mark, user: prepared.user });
  if (there === 'doubtful') return 'unknown';
  return there === 'absent' ? 'absent' : { found: foundReceipt(there.found, prepared) };
}

/** An operator says which it is: it must be of that config, and have our mark or the identifier of the item. */
async function proved(uid: string, prepared: Prepared): Promise<Probe> {
  const { session, mark, user, submission: { item } } = prepared;
  for (const viewer of new Set([null, user])) {
    const element = await fetchElement(session, uid, viewer, MARKED);
    if (typeof element === 'string') continue;
    if (element.extra_include_config?.id !== item.configId) throw new Refused(`«${uid}» in PloneMeeting is an item of «${element.extra_include_config?.id ?? 'nothing'}», not of «${item.configId}».`);
    if (isOurs(element, mark) || element.externalIdentifier === mark.externalIdentifier) return { found: foundReceipt(element, prepared) };
    throw new Refused(`«${uid}» in PloneMeeting is another item: its external identifier is «${element.externalIdentifier ?? ''}», not «${mark.externalIdentifier}».`);
  }
  throw new Refused(`PloneMeeting shows no item «${uid}», neither to the account of Relais nor to the creator.`);
}
