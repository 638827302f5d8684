import type { ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { isFailure, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { statusSet, type ResourceFacts } from './answers.js';
import { attach, attachmentsOf, missingOf } from './attach.js';
import { empty, maarchClient, type MaarchClient } from './client.js';
import type { MaarchSettings } from './config.js';
import { externalIdsOf, namedResource, resourceOf } from './find-resource.js';
import { filesOfUpdate, proveFiles, type Attachment } from './letter-files.js';
import { markOf, readUpdateMark, updateMember, writeUpdateMark, type UpdateMark } from './mark.js';
import { changesOf, isGiven } from './resource-body.js';

type Members = Readonly<Record<string, unknown>>;

/** What Maarch expects again with every change: what is not given would be emptied (README «Facts»). */
const GIVEN_AGAIN = [
  'subject', 'doctype', 'priority', 'confidentiality', 'documentDate', 'arrivalDate', 'departureDate', 'processLimitDate', 'initiator', 'senders', 'recipients', 'folders', 'tags', 'customFields',
] as const;

interface Prepared {
  readonly client: MaarchClient;
  readonly resId: number;
  readonly current: ResourceFacts;
  readonly changes: Members;
  readonly wanted: readonly Attachment[];
  /** Null where this update has not begun. */
  readonly mark: UpdateMark | null;
  readonly missing: readonly Attachment[];
  /** Highest number of an attachment that is there now. */
  readonly last: number;
  /** The status that is still to be set; null: none. */
  readonly status: string | null;
  readonly needsMark: boolean;
}

/** Writes into a letter that exists: its fields and our mark first, then attachments, then its status, so that it may be repeated at
 * any point. */
export async function updateResource(submission: Submission, settings: MaarchSettings, context: ConnectorContext): Promise<Receipt> {
  const wanted = filesOfUpdate(submission, settings);
  await proveFiles(wanted.map(({ annex }) => annex), context);
  const prepared = await prepare(submission, settings, context);
  const { client, resId, missing, status } = prepared;
  if (!isComplete(prepared)) {
    await context.markSent();
    if (prepared.needsMark && prepared.mark === null) await writeDown(prepared, submission, settings);
    await attach(client, resId, missing, { [settings.externalId]: markOf(submission) }, context);
    if (status !== null) await setStatus(client, resId, status, submission);
  }
  return receiptOf(prepared).catch((error: unknown) => { throw isFailure(error) ? new OutcomeUnknown(`Maarch took it. ${error.message}`, { cause: error }) : error; });
}

/** Found only where all of it was done: what is missing is done by `updateResource`, and nothing else. */
export async function findUpdated(submission: Submission, settings: MaarchSettings, context: ConnectorContext): Promise<Probe> {
  const prepared = await prepare(submission, settings, context);
  const { foundAs } = submission;
  if (foundAs !== undefined && foundAs !== String(prepared.resId)) throw new Refused(`This delivery is about letter ${prepared.resId} of Maarch, not «${foundAs}».`);
  return isComplete(prepared) ? { found: await receiptOf(prepared) } : 'absent';
}

async function prepare(submission: Submission, settings: MaarchSettings, context: ConnectorContext): Promise<Prepared> {
  const client = maarchClient(settings, context);
  const wanted = filesOfUpdate(submission, settings);
  const changes = await changesOf(submission.fields, settings, client);
  const resId = await namedResource(submission, settings, client);
  const current = await resourceOf(client, resId, false);
  const needsMark = Object.keys(changes).length > 0 || wanted.length > 0;
  const mark = needsMark ? readUpdateMark((await externalIdsOf(client, resId))[updateMember(settings.externalId, submission.key)]) : null;
  const there = wanted.length === 0 ? [] : await attachmentsOf(client, resId);
  const last = Math.max(0, ...there.map((row) => row.resId));
  return {
    client, resId, current, changes, wanted, mark, last, needsMark,
    missing: mark === null ? wanted : missingOf(wanted, there, mark.since),
    status: statusToSet(submission.fields['status'], current, mark),
  };
}

function isComplete({ needsMark, mark, missing, status }: Prepared): boolean {
  return (!needsMark || mark !== null) && missing.length === 0 && status === null;
}

/** Once this update has begun, a status that is neither what it was before nor the one asked for was set by people since. */
function statusToSet(asked: unknown, { status }: ResourceFacts, mark: UpdateMark | null): string | null {
  if (typeof asked !== 'string' || asked === '' || asked === status) return null;
  return mark === null || mark.statusBefore === (status ?? '') ? asked : null;
}

async function writeDown({ client, resId, current, changes, wanted, last, status }: Prepared, { key, item }: Submission, { externalId }: MaarchSettings): Promise<void> {
  const mark = writeUpdateMark({ itemUid: item.uid, since: last, attachments: wanted.length, statusBefore: current.status ?? '', statusAsked: status ?? '' });
  const customFields = { ...objectOf(current['customFields']), ...objectOf(changes['customFields']) };
  const again = Object.fromEntries(GIVEN_AGAIN.filter((name) => current[name] !== undefined && current[name] !== null).map((name) => [name, current[name]]));
  const members = { ...again, ...changes, customFields, externalId: { [updateMember(externalId, key)]: mark } };
  await client.send({ method: 'PUT', path: `/resources/${resId}`, members }, empty);
}

async function setStatus(client: MaarchClient, resId: number, status: string, { fields }: Submission): Promise<void> {
  const { historyMessage } = fields;
  await client.send({ method: 'PUT', path: '/res/resource/status', members: { resId: [resId], status, ...(isGiven(historyMessage) && { historyMessage }) } }, statusSet);
}

async function receiptOf({ client, resId }: Prepared): Promise<Receipt> {
  const { status, chrono } = await resourceOf(client, resId);
  return { reference: String(resId), state: 'done', results: { fields: { resId: String(resId), status: status ?? '', chrono: chrono ?? null } } };
}

/** Maarch writes an empty object as a list. */
function objectOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Members : {};
}
