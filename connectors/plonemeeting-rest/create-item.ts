import { proveAnnex } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Receipt, Submission } from '../../src/connector-api/connector.js';
import { nothingSent, OutcomeUnknown, Refused, type Failure } from '../../src/connector-api/failures.js';
import type { Annex } from '../../src/domain/item.js';
import { askedGroup, givenAnnexes } from '../../src/plonemeeting/asked.js';
import { recordOf, wordsOf } from './answers.js';
import type { Answered, Rejection } from './api.js';
import { chooseGroup, unknownUser } from './choose-group.js';
import type { RestSettings } from './config.js';
import type { ItemElement } from './elements.js';
import { isUnknownUser } from './fetch-item.js';
import { itemBody } from './item-body.js';
import { itemMembers, transitionsToRun, type ItemMembers } from './item-members.js';
import { lookFor } from './look-for.js';
import { ownMark, type OwnMark } from './own-mark.js';
import { meetingUidOf, readElement } from './read-item.js';
import type { ReceiptData } from './receipt.js';
import { openSession, type Session } from './session.js';
import { toldOf } from './told-texts.js';
import { triggerAll } from './trigger.js';

/** Transitions that could not be triggered at once are tried again after so long. */
const SOON_MS = 10_000;

export interface Prepared {
  readonly session: Session;
  readonly submission: Submission;
  readonly user: string | null;
  readonly mark: OwnMark;
  readonly annexes: readonly Annex[];
  readonly transitions: readonly string[];
  /** What will not be done of what was asked. */
  readonly warnings: readonly string[];
}

/** Creates an item, once: one of ours that is there already is taken for it. */
export async function createItem(submission: Submission, settings: RestSettings, context: ConnectorContext): Promise<Receipt> {
  const prepared = await prepare(submission, settings, context).catch(beforeTheMark);
  const { session, annexes, mark, user } = prepared;
  for (const annex of annexes) await proveAnnex(annex, context);
  const there = await lookFor(session, { item: submission.item, mark, user }).catch(beforeTheMark);
  if (typeof there === 'object') return await moveOn(foundReceipt(there.found, prepared), session, context);
  const made = await membersOf(prepared).catch(beforeTheMark);
  const { body, bytes } = itemBody(made.members, annexes, settings, context);
  // What was never read must not wait for its files.
  await context.markSent().catch((error: unknown) => { body.destroy(); throw error; });
  const answered = await session.api.ask({ method: 'POST', path: '/@item', json: { body, bytes }, fileBytes: bytes });
  const receipt = 'rejected' in answered ? await afterRejection(answered.rejected, prepared, made) : newReceipt(createdIn(answered, prepared), prepared, made);
  return await moveOn(receipt, session, context);
}

/** What is known before anything is asked of PloneMeeting but who we are. */
export async function prepare(submission: Submission, settings: RestSettings, context: ConnectorContext): Promise<Prepared> {
  const session = openSession(settings, context);
  const user = await session.actingUser(submission.item.creator);
  return { session, submission, user, mark: ownMark(submission.item), annexes: givenAnnexes(submission), ...transitionsToRun(submission) };
}

/** The receipt of an item that an earlier call created. */
export function foundReceipt(element: ItemElement, { submission, user, annexes, transitions, warnings }: Prepared): Receipt {
  const todo = annexes.length === 0 ? [] : transitions;
  return receiptOf(element, { configId: submission.item.configId, user, warnings: [...warnings], sent: decisionsOf(annexes), ...(todo.length > 0 && { todo: [...todo] }) });
}

async function membersOf({ session, submission, user, mark, annexes, transitions }: Prepared): Promise<ItemMembers> {
  const group = await chooseGroup(session, user, askedGroup(submission));
  // With files, transitions come after them: PloneMeeting triggers them first, and may then let the creator add none (contracts/plonemeeting-rest.md §6.3).
  return itemMembers(submission, { group, user, mark, transitions: annexes.length === 0 ? transitions : [] });
}

function newReceipt(body: unknown, prepared: Prepared, made: ItemMembers): Receipt {
  const { submission, user, annexes, transitions, session } = prepared;
  const element = readElement(body, session.api.who);
  const todo = annexes.length === 0 ? [] : transitions;
  const warnings = [...made.warnings, ...prepared.warnings, ...warningsOf(body), ...childWarnings(body, annexes)];
  return receiptOf(element, { configId: submission.item.configId, user, warnings, sent: decisionsOf(annexes), told: { ...toldOf(element) }, ...(todo.length > 0 && { todo: [...todo] }) });
}

function createdIn(answered: Exclude<Answered, { readonly rejected: unknown }>, { session }: Prepared): unknown {
  if (typeof recordOf(answered.body)['UID'] === 'string') return answered.body;
  throw new OutcomeUnknown(`${session.api.who} answered ${answered.status} to a creation without saying what was created.`);
}

/** An error whose body has a UID is about one of the annexes: the item is there. */
async function afterRejection(rejected: Rejection, prepared: Prepared, made: ItemMembers): Promise<Receipt> {
  const body = asJson(rejected.text);
  if (typeof recordOf(body)['UID'] === 'string') return newReceipt(body, prepared, made);
  const { session, submission, mark, user } = prepared;
  if (!rejected.isJson && rejected.status < 500) {
    // Whoever speaks in its place may have let the request through, and held up the answer alone.
    const there = await lookFor(session, { item: submission.item, mark, user });
    if (typeof there === 'object') return foundReceipt(there.found, prepared);
    if (there === 'doubtful') throw await session.api.failure(rejected);
  }
  if (rejected.status === 400 && /\balready in use\b|\bid\b.*\binvalid\b/i.test(rejected.message)) {
    const there = await lookFor(session, { item: submission.item, mark, user });
    if (typeof there === 'object') return foundReceipt(there.found, prepared);
    throw new OutcomeUnknown(`${session.api.who} has the item already (${rejected.message}), and does not show it.`);
  }
  throw await refusal(rejected, prepared);
}

async function refusal(rejected: Rejection, { session, user, submission }: Prepared): Promise<Error> {
  const { api, server } = session;
  const { status, message, isJson } = rejected;
  const id = user ?? (await server()).user;
  if (status === 400 && isUnknownUser(rejected)) return unknownUser(id);
  if (status !== 403 || !isJson) return lasting(await api.failure(rejected), rejected);
  return new Refused(`${api.who} does not let «${id}» create an item in «${submission.item.configId}»${message === '' ? '' : `: ${message}`}. The user must have connected to PloneMeeting once, which makes the place where items are kept, and be a creator there; then retry.`);
}

/** Triggers what is still to be triggered; what cannot be yet is tried again soon: the item is there. */
async function moveOn(receipt: Receipt, session: Session, context: ConnectorContext): Promise<Receipt> {
  const before = receipt.data as ReceiptData;
  if (before.todo === undefined) return receipt;
  const { data, held } = await triggerAll(session, receipt.reference, before, context);
  return { ...receipt, data, pollAfterMs: SOON_MS, ...(held === undefined && { results: resultsOf(data) }) };
}

/** A page in place of an answer to a creation that did not come about will come again: texts can look like an attack to what stands before PloneMeeting. */
function lasting(failure: Failure, { isJson, status }: Rejection): Failure {
  return !isJson && status < 500 && failure.kind === 'outcome-unknown' ? new Refused(failure.message) : failure;
}

function receiptOf(element: ItemElement, data: ReceiptData): Receipt {
  const state = element.review_state?.token;
  return {
    reference: element.UID, state: 'sent', data,
    results: { ...resultsOf(data, element['@id']), ...(state !== undefined && { item: { reviewState: state, ...(meetingUidOf(element) !== null && { meeting: meetingUidOf(element) }) } }) },
  };
}

function resultsOf({ warnings }: ReceiptData, url?: string): NonNullable<Receipt['results']> {
  return { fields: { ...(url !== undefined && url !== '' && { url }), ...(warnings.length > 0 && { warnings }) } };
}

function decisionsOf(annexes: readonly Annex[]): string[] {
  return annexes.filter(({ relatedTo }) => relatedTo === 'decision').map(({ sha256 }) => sha256);
}

function warningsOf(body: unknown): readonly string[] {
  const told = recordOf(body)['@warnings'];
  return Array.isArray(told) ? told.filter((one) => typeof one === 'string') : [];
}

/** What became of each annex: one may be refused while the item is created, whatever the status says (contracts/plonemeeting-rest.md §6.3). */
function childWarnings(body: unknown, annexes: readonly Annex[]): readonly string[] {
  const told = recordOf(body)['__children__'];
  const children: readonly unknown[] = Array.isArray(told) ? told : [];
  return annexes.flatMap(({ filename }, index) => {
    const child = children[index];
    if (typeof recordOf(child)['UID'] === 'string') return warningsOf(child).map((warning) => `«${filename}»: ${warning}`);
    const { message } = wordsOf(child);
    return [`The annex «${filename}» was not taken${message === '' ? '' : `: ${message}`}. Add it to the item in PloneMeeting.`];
  });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Questions that come before the item is handed over: without an answer, nothing was sent. */
function beforeTheMark(error: unknown): never {
  throw nothingSent(error);
}
