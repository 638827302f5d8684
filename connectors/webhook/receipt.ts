import { z } from 'zod';
import type { ConnectorContext, Receipt, ResultDocument, Results } from '../../src/connector-api/connector.js';
import { isFailure, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import type { HttpAnswer } from '../../src/connector-api/http.js';
import { httpFailure, retryAfterMs } from '../../src/connector-api/http-failure.js';
import type { ReceiverAnswer, ReceiverDocument } from './answer.js';
import { ask } from './client.js';
import type { WebhookSettings } from './config.js';

const REFERENCE_LENGTH = 500;

const sentData = z.object({ statusUrl: z.string() });

/** What a success of the hook means. The reference is what the receiver calls it, or our key. Throws Refused
 * where the answer is a no, and OutcomeUnknown where its documents cannot be had. */
export async function receiptOf(answer: HttpAnswer, read: ReceiverAnswer, key: string, settings: WebhookSettings, context: ConnectorContext): Promise<Receipt> {
  if (read.status === 'rejected') throw new Refused(`The receiver rejected it: ${read.reason ?? 'it gave no reason'}.`);
  const { location } = answer.headers;
  const named = String(read.reference ?? read.id ?? location ?? '').trim();
  const reference = (named === '' ? key : named).slice(0, REFERENCE_LENGTH);
  const later = read.status === 'pending' ? statusUrlOf(reference, location, settings) : undefined;
  if (read.status === 'pending' && later === undefined) {
    context.logger.warn('The receiver says that its answer comes later, but neither a Location header nor the setting statusUrl tells where to ask', { reference });
  }
  if (later !== undefined) return { reference, state: 'sent', data: { statusUrl: later }, ...pollAfter(answer, context) };
  const results = await resultsOf(read, settings, context).catch((error: unknown) => { throw takenAlready(error); });
  return { reference, state: 'done', ...(results !== undefined && { results }) };
}

/** The receiver has the item, whatever becomes of its documents: no failure to fetch them may read as an item that was not
 * sent, which would be posted once more. */
function takenAlready(error: unknown): unknown {
  return isFailure(error) ? new OutcomeUnknown(`The receiver took it. ${error.message}`, { cause: error }) : error;
}

/** Where the receipt says that the answer is found. Throws OutcomeUnknown for a receipt that is not one of `receiptOf`. */
export function statusUrlIn({ data }: Receipt): string {
  const read = sentData.safeParse(data);
  if (!read.success) throw new OutcomeUnknown('The receipt of this delivery does not tell where the answer is found.');
  return read.data.statusUrl;
}

export function pollAfter(answer: HttpAnswer, { clock }: Pick<ConnectorContext, 'clock'>): { pollAfterMs?: number } {
  const pollAfterMs = retryAfterMs(answer, clock.now());
  return pollAfterMs === undefined ? {} : { pollAfterMs };
}

/** Fields and documents of an answer; the documents are fetched and kept. Undefined when there are none. */
export async function resultsOf({ fields, documents = [] }: ReceiverAnswer, settings: WebhookSettings, context: ConnectorContext): Promise<Results | undefined> {
  if (fields === undefined && documents.length === 0) return undefined;
  const kept: ResultDocument[] = [];
  for (const document of documents) kept.push(await fetchDocument(document, settings, context));
  return { ...(fields !== undefined && { fields }), ...(kept.length > 0 && { documents: kept }) };
}

async function fetchDocument({ url, filename, title = filename, mediaType, sha256: promised }: ReceiverDocument, settings: WebhookSettings, context: ConnectorContext): Promise<ResultDocument> {
  const answer = await ask(URL.canParse(url, settings.url) ? new URL(url, settings.url).href : url, settings, context);
  if (answer.status !== 200) throw await httpFailure(answer, `The document «${filename}» could not be fetched: the receiver`, context.clock.now());
  const { sha256, size } = await context.blobs.keep(answer.body as AsyncIterable<Uint8Array>);
  if (promised !== undefined && promised !== sha256) throw new OutcomeUnknown(`The document «${filename}» is not the one that the receiver announced: its SHA-256 is another.`);
  return { title, filename, mediaType, sha256, size };
}

function statusUrlOf(reference: string, location: string | undefined, { statusUrl, url }: WebhookSettings): string | undefined {
  if (statusUrl !== undefined) return statusUrl.replaceAll('{reference}', encodeURIComponent(reference));
  return location !== undefined && URL.canParse(location, url) ? new URL(location, url).href : undefined;
}
