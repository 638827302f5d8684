import type { ConnectorContext } from '../../src/connector-api/connector.js';
import type { CouncilItem } from '../../src/connector-api/deliberation.js';
import { isFailure } from '../../src/connector-api/failures.js';
import { fetchElement } from './fetch-item.js';
import type { ReceiptData } from './receipt.js';
import type { Session } from './session.js';

const STATE = { metadata_fields: 'externalIdentifier' };

/** Triggers the transitions that are still to be triggered. `held`: why not all of them were, in words; those that are left are in `data`. */
export async function triggerAll(session: Session, uid: string, before: ReceiptData, { logger }: Pick<ConnectorContext, 'logger'>): Promise<{ readonly data: ReceiptData; readonly held?: string }> {
  let data = before;
  try {
    return { data: await triggerEach(session, uid, before, (kept) => { data = kept; }) };
  } catch (error) {
    if (!isFailure(error)) throw error;
    logger.warn('A transition could not be triggered; it is tried again', { item: uid, reason: error.message });
    return { data, held: error.message };
  }
}

/** One by one, reading the state after each: the call itself answers nothing. One that is not available is a warning. `keep` is told how far it came,
 * before whatever may fail. */
async function triggerEach(session: Session, uid: string, data: ReceiptData, keep: (data: ReceiptData) => void): Promise<ReceiptData> {
  let current = data;
  let state = await stateOf(session, uid, data.user);
  for (const transition of data.todo ?? []) {
    const rest = (current.todo ?? []).slice(1);
    // It was tried before, and the item has moved: that was it.
    const isDone = current.from !== undefined && state !== null && state !== current.from;
    if (!isDone) {
      keep({ ...current, ...(state !== null && { from: state }) });
      const said = await trigger(session, uid, transition);
      const after = await stateOf(session, uid, data.user);
      if (said !== null && after === state) current = { ...current, warnings: [...current.warnings, said] };
      state = after;
    }
    current = withRest(current, rest);
    keep(current);
  }
  return withRest(current, []);
}

/** With so many transitions still to be triggered. */
function withRest(data: ReceiptData, rest: readonly string[]): ReceiptData {
  const { configId, user, warnings, sent, seen, told } = data;
  return { configId, user, warnings, sent, ...(seen !== undefined && { seen }), ...(told !== undefined && { told }), ...(rest.length > 0 && { todo: [...rest] }) };
}

/** Null when it was triggered; else why not, in words. */
async function trigger({ api }: Session, uid: string, transition: string): Promise<string | null> {
  const answered = await api.ask({ method: 'POST', path: `/@wf/${encodeURIComponent(uid)}/${encodeURIComponent(transition)}`, json: { body: '{}', bytes: 2 } });
  if (!('rejected' in answered)) return null;
  const { rejected } = answered;
  const { status, message } = rejected;
  if (![400, 401, 403, 404].includes(status) || !rejected.isJson) throw await api.failure(rejected);
  const why = status === 400 ? 'it is not available in the state of the item' : 'the account of Relais may not trigger it there (it must see the item, or be Manager)';
  return `The transition «${transition}» was not triggered: ${message === '' ? why : message}.`;
}

/** As the account sees it, else as its creator; null: neither does. */
async function stateOf(session: Session, uid: string, user: string | null): Promise<CouncilItem['reviewState'] | null> {
  for (const viewer of new Set([null, user])) {
    const element = await fetchElement(session, uid, viewer, STATE);
    if (typeof element !== 'string') return element.review_state?.token ?? null;
  }
  return null;
}
