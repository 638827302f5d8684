import type { ConnectorContext, Receipt, Results, Tracking } from '../../src/connector-api/connector.js';
import type { RestSettings } from './config.js';
import { bringDecision } from './bring-decision.js';
import type { ItemElement } from './elements.js';
import { fetchElement } from './fetch-item.js';
import { SUMMARY_FIELDS } from './item-fields.js';
import { momentOf } from './moments.js';
import type { Query } from './query.js';
import { meetingUidOf } from './read-item.js';
import { dataOf, type ReceiptData } from './receipt.js';
import { openSession, type Session } from './session.js';
import { changedTexts, toldOf } from './told-texts.js';
import { triggerAll } from './trigger.js';

const WHAT_CHANGES: Query = {
  metadata_fields: SUMMARY_FIELDS, extra_include: ['meeting', 'category', 'annexes', 'pod_templates'], extra_include_annexes_metadata_fields: ['content_category', 'file', 'confidential'],
};

/** What became of an item, until a state after which nothing more comes. */
export async function trackItem(receipt: Receipt, settings: RestSettings, context: ConnectorContext): Promise<Tracking> {
  const session = openSession(settings, context);
  const { data, note } = await movedOn(session, receipt, context);
  if (note !== undefined) return { state: 'pending', data, note };
  const seen = await asSeen(session, receipt.reference, data.user);
  if (seen === 'unknown') return { state: 'rejected', reason: `The item was deleted in PloneMeeting (${session.api.who}).` };
  if (seen === 'hidden') return { state: 'pending', data, note: 'PloneMeeting shows the item neither to the account of Relais nor to its creator.' };
  const { element, asAccount } = seen;
  const state = element.review_state?.token ?? '';
  const told = toldOf(element);
  const news = newsOf(element, data, asAccount ? changedTexts(element, data.told ?? {}, told) : {});
  const known: ReceiptData = { ...data, seen: seenOf(element), ...(asAccount && { told: { ...data.told, ...told } }) };
  if (settings.finalStates.includes(state)) return { state: 'done', results: { ...news, ...await bringDecision(session, element, known, settings, context) } };
  return { state: 'pending', data: known, note: noteOf(element, settings), ...(isSame(data.seen, known.seen) && news.item === undefined ? {} : { results: news }) };
}

/** Transitions that are still to be triggered come first. */
async function movedOn(session: Session, receipt: Receipt, context: ConnectorContext): Promise<{ readonly data: ReceiptData; readonly note?: string }> {
  const before = dataOf(receipt);
  if (before.todo === undefined) return { data: before };
  const { data, held } = await triggerAll(session, receipt.reference, before, context);
  return held === undefined ? { data } : { data, note: `A transition could not be triggered yet: ${held}` };
}

/** As the account sees it, else as its creator: managers see an item only from some state on. */
async function asSeen(session: Session, uid: string, user: string | null): Promise<{ readonly element: ItemElement; readonly asAccount: boolean } | 'unknown' | 'hidden'> {
  const asAccount = await fetchElement(session, uid, null, WHAT_CHANGES);
  if (typeof asAccount !== 'string') return { element: asAccount, asAccount: true };
  if (asAccount === 'unknown' || user === null) return asAccount;
  const asCreator = await fetchElement(session, uid, user, WHAT_CHANGES);
  return typeof asCreator === 'string' ? asCreator : { element: asCreator, asAccount: false };
}

function newsOf(element: ItemElement, data: ReceiptData, texts: NonNullable<Results['item']>): Results {
  const state = element.review_state?.token;
  const meeting = meetingUidOf(element);
  const moved = data.seen?.state !== state || data.seen?.meeting !== meeting;
  const item = { ...(state !== undefined && { reviewState: state }), meeting, ...texts };
  return {
    ...((moved || Object.keys(texts).length > 0) && { item }),
    fields: { ...(state !== undefined && { state }), ...(element['@id'] !== '' && { url: element['@id'] }), ...(data.warnings.length > 0 && { warnings: data.warnings }) },
  };
}

function seenOf(element: ItemElement): NonNullable<ReceiptData['seen']> {
  return { state: element.review_state?.token ?? '', modified: element.modified, meeting: meetingUidOf(element) };
}

function isSame(one: ReceiptData['seen'], other: ReceiptData['seen']): boolean {
  return one !== undefined && other !== undefined && one.state === other.state && one.modified === other.modified && one.meeting === other.meeting;
}

function noteOf({ review_state: state, extra_include_meeting: meeting }: ItemElement, { timeZone }: RestSettings): string {
  const at = momentOf(meeting?.date ?? '', timeZone);
  const day = at === null ? '' : `, in the meeting of ${new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at)}`;
  return `In PloneMeeting: «${state?.title ?? state?.token ?? ''}»${day}.`;
}
