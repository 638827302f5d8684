import type { ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { nothingSent, NotSent, Refused } from '../../src/connector-api/failures.js';
import type { PastellSettings } from './config.js';
import { confirm } from './confirm.js';
import { createDocument, readDocument, removeDocument } from './documents.js';
import { fillDraft } from './fill-draft.js';
import { lookUp, type LookedUp } from './look-up.js';
import type { Plan } from './plan.js';
import { planOf } from './plan-of.js';
import { firstAction } from './route.js';
import { openSession, type Session } from './session.js';
import { filesOf, type Detail } from './shapes.js';
import { startDraft } from './start.js';
import { isDraft } from './states.js';

/** Makes a document in Pastell and starts it. One that is there is never made a second time: a draft of an attempt before this one is
 * continued, a document that was started is taken for sent. */
export async function handOver(submission: Submission, settings: PastellSettings, context: ConnectorContext): Promise<Receipt> {
  const session = openSession(settings, context);
  const plan = await planOf(submission, settings, context);
  const found = await beforeTheMark(lookUp(session, plan));
  if (found.ours !== null && !isDraft(found.ours.state)) return receiptOf(found.ours.id, plan, session);
  const id = await beforeTheMark(complete(session, plan, found, settings, context));
  const mark = markOnce(context);
  try {
    await startDraft(session, id, firstAction(plan.route), settings, mark.context);
  } catch (error) {
    throw mark.isSet() ? error : nothingSent(error);
  }
  return receiptOf(id, plan, session);
}

/** Looks whether the document of a submission was started: the one that an operator names, or its own. A draft proves that it was not, as long as it can be. */
export async function lookFor(submission: Submission, settings: PastellSettings, context: ConnectorContext): Promise<Probe> {
  const session = openSession(settings, context);
  const plan = await planOf(submission, settings, context);
  if (submission.foundAs !== undefined) return { found: receiptOf((await confirm(session, plan, submission.foundAs, context)).id, plan, session) };
  const { ours } = await lookUp(session, plan);
  if (ours === null) return 'absent';
  if (!isDraft(ours.state)) return { found: receiptOf(ours.id, plan, session) };
  if (ours.possible.includes(firstAction(plan.route))) return 'absent';
  // An action that was cut short here may go on over there (contracts/pastell.md §4.5).
  throw new NotSent(`The document «${ours.id}» lies in Pastell as a draft and cannot be started now: its action may still be running. It is looked at again.`);
}

/** A draft that is filled in, looked up a last time: two deliveries of the same thing may have come at once. */
async function complete(session: Session, plan: Plan, found: LookedUp, settings: PastellSettings, context: ConnectorContext): Promise<string> {
  requireNoOther(found, plan);
  const draft = found.ours === null ? null : await usable(session, found.ours, plan, settings);
  const id = draft ?? await draftOf(session, plan);
  await fillDraft(session, id, plan, settings, context);
  if (plan.recognition.hasTwins) requireNoOther(await lookUp(session, plan), plan);
  return id;
}

/** A draft of an attempt before this one; null where it was removed, because it has files that are no more, and its Pastell cannot remove files alone (before
 * version 4). */
async function usable(session: Session, draft: Detail, { files, lists }: Plan, { actionTimeoutMs }: PastellSettings): Promise<string | null> {
  const hasMore = lists.some((list) => filesOf(draft, list).length > files.filter(({ field }) => field === list).length);
  if (!hasMore || (await session.release()).isAtLeast(4, 0)) return draft.id;
  await removeDocument(session, draft.id, actionTimeoutMs);
  return null;
}

function requireNoOther({ others: [other] }: LookedUp, { recognition: { words } }: Plan): void {
  if (other === undefined) return;
  throw new Refused(`${words} is in Pastell already, as the document «${other.id}» («${other.title}», at «${other.state}»), by another way than this delivery. Nothing was sent. Look at it there; where it is the same: relais deliveries settle <id> --reference ${other.id} --awaited, and it is followed; else cancel this delivery.`);
}

/** Between its making and its first edit nothing over there tells whose a draft is, so that it is kept in mind here. */
async function draftOf(session: Session, { key, type }: Plan): Promise<string> {
  const known = session.bare.get(key);
  const bare = known === undefined ? null : await readDocument(session, known);
  if (bare !== null && isDraft(bare.state)) return bare.id;
  const id = await createDocument(session, type);
  session.bare.set(key, id);
  return id;
}

function receiptOf(reference: string, { type, route, facts }: Plan, { entity }: Session): Receipt {
  return { reference, state: 'sent', data: { entity, type, route, facts, brought: [], seen: null } };
}

function markOnce(context: ConnectorContext): { readonly context: ConnectorContext; isSet(): boolean } {
  let set = false;
  return { context: { ...context, async markSent() { await context.markSent(); set = true; } }, isSet: () => set };
}

/** Drafts are seen by nobody outside Pastell: without an answer, nothing was sent. */
async function beforeTheMark<Result>(asking: Promise<Result>): Promise<Result> {
  return asking.catch((error: unknown) => { throw nothingSent(error); });
}
