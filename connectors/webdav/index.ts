import type { Connector, ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { checkFailed, Misconfigured, NotSent, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { MANIFEST, manifestKey } from '../../src/formats/item-files.js';
import { webdavClient, type WebdavClient } from './client.js';
import { webdavSettings, type WebdavSettings } from './config.js';
import { placeOf, type Place } from './place.js';
import { writeDraft } from './write-draft.js';

/** Leaves each item as a folder `<url>/<authority>/<meeting config>/<item uid>` on a WebDAV server. It is written as a draft
 * under `<url>/.drafts` and appears whole, by one MOVE. */
export const webdav: Connector<WebdavSettings> = {
  manifest: {
    id: 'webdav',
    title: { fr: 'Dépôt sur un serveur WebDAV', en: 'Deposit on a WebDAV server' },
    kinds: ['*'],
    operations: { put: { idempotence: 'client-key', anyField: true } },
  },
  settings: webdavSettings,
  check,
  submit,
  probe,
};

async function check(settings: WebdavSettings, context: ConnectorContext): Promise<void> {
  try {
    await webdavClient(settings, context).look();
  } catch (error) {
    throw checkFailed(error, 'The server could not be tried.');
  }
}

async function submit(submission: Submission, settings: WebdavSettings, context: ConnectorContext): Promise<Receipt> {
  if (submission.operation !== 'put') throw new Misconfigured(`The webdav connector does «put», not «${submission.operation}».`);
  const place = placeOf(submission);
  const client = webdavClient(settings, context);
  const there = await prepare(place, submission, client, context);
  if (there !== undefined) return there;
  await context.markSent();
  const moved = await client.move(place.ready, place.target, false);
  if (moved !== 'moved') await requireOurs(moved, place, submission.key, client);
  await tidyUp(place, client, context);
  return { reference: place.reference, state: 'done' };
}

/** Absent only while a whole draft stands. With neither it nor the item's folder, someone took the folder away already, and
 * only they know. */
async function probe(submission: Submission, settings: WebdavSettings, context: ConnectorContext): Promise<Probe> {
  const place = placeOf(submission);
  const client = webdavClient(settings, context);
  const there = await receiptOf(place, submission.key, client);
  if (there !== undefined) return { found: there };
  return await client.read([...place.ready, MANIFEST]) === null ? 'unknown' : 'absent';
}

/** All that can be done before the mark. What goes wrong here leaves nothing but a draft, so no outcome is unknown. */
async function prepare(place: Place, submission: Submission, client: WebdavClient, context: ConnectorContext): Promise<Receipt | undefined> {
  try {
    const there = await receiptOf(place, submission.key, client);
    if (there === undefined) await writeDraft(place, submission, client, context);
    return there;
  } catch (error) {
    throw error instanceof OutcomeUnknown ? new NotSent(error.message, { cause: error }) : error;
  }
}

/** The draft could not be put in its place: was another attempt of this delivery faster? */
async function requireOurs(moved: 'taken' | 'gone', place: Place, key: string, client: WebdavClient): Promise<void> {
  if (await receiptOf(place, key, client).catch(notBefore) !== undefined) return;
  if (moved === 'taken') throw new Refused(`Something that is not a delivery stands at «${place.reference}». Move it away, then retry.`);
  throw new OutcomeUnknown(`The draft of «${place.reference}» is gone, and so is what it may have become.`);
}

/** The item may stand in its place by now: that it cannot be looked at does not mean that it was not sent. */
function notBefore(error: unknown): never {
  throw error instanceof Misconfigured || error instanceof NotSent ? new OutcomeUnknown(error.message, { cause: error }) : error;
}

/** The receipt when this delivery wrote the item's folder, undefined when nobody did. Throws Refused when another did. */
async function receiptOf({ target, reference }: Place, key: string, client: WebdavClient): Promise<Receipt | undefined> {
  const manifest = await client.read([...target, MANIFEST]);
  if (manifest === null) return undefined;
  const writer = manifestKey(manifest);
  if (writer === key) return { reference, state: 'done' };
  throw new Refused(`The folder «${reference}» was already written by ${writer === null ? 'something that is not a delivery' : `delivery ${writer}`}. Move it away, then retry.`);
}

/** Removes the drafts of this and of earlier attempts, which nobody needs any more. */
async function tidyUp({ drafts }: Place, client: WebdavClient, { logger }: ConnectorContext): Promise<void> {
  try {
    await client.remove(drafts);
  } catch (error) {
    logger.info('A draft could not be removed from the WebDAV server', { reason: error instanceof Error ? error.message : String(error) });
  }
}
