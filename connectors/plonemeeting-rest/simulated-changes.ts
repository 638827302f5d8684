import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { CouncilRefusal } from '../../src/council-desk/council-refusal.js';
import { RICH_FIELDS, type AnnexDraft, type DeskItem, type DeskValue } from '../../src/council-desk/desk-item.js';
import { mayChange, transitionsFor } from '../../src/council-desk/town-rights.js';
import { ITEM_FIELDS } from '../../src/domain/item-fields.js';
import { annexElement, annexUrl } from './simulated-annexes.js';
import { readAnnex } from './simulated-annex-body.js';
import { badRequest, flat, json, nested, nothing, unauthorized } from './simulated-answers.js';
import { readBody, textOf } from './simulated-body.js';
import { demandOf, wholeDemand } from './simulated-demand.js';
import { cleaned } from './simulated-draft.js';
import { isReply, lookOf } from './simulated-entry.js';
import { itemElement } from './simulated-item.js';
import type { Call } from './simulated-platform.js';

/** `POST @annex/<UID>` (contracts/plonemeeting-rest.md §6.4). A UID that nothing has is an unhandled exception (§9). */
export async function postAnnex(call: Call, uid: string): Promise<HttpReply> {
  const { desk, base } = call;
  const body = await readBody(call.request, desk);
  const item = desk.find(uid);
  if (item === undefined && desk.meeting(uid) === undefined) return flat(500, 'AttributeError', '\'NoneType\' object has no attribute \'portal_type\'');
  const isOfDecision = body['decision_related'] === true;
  if (item === undefined) return badRequest(isOfDecision ? 'The "decision_related" parameter may only be used with items!' : 'Annexes of meetings are not simulated.');
  const look = lookOf(call, body['in_name_of'], item.configId);
  if (isReply(look)) return look;
  const relatedTo: AnnexDraft['relatedTo'] = isOfDecision ? 'decision' : 'item';
  const { draft, warnings } = await readAnnex(body, relatedTo, desk);
  if (!mayChange(desk.town(), item, look.user)) return nested(403, 'You are not allowed to create element of type "annex".');
  const annex = await desk.addAnnex(uid, draft, look.user);
  return json({ ...annexElement(annex, item, wholeDemand(), look), '@warnings': warnings }, 201, { location: annexUrl(annex, item, base) });
}

/** `POST @wf/<UID>/<transition>`: its answer is `null`, whatever happened. */
export async function postTransition(call: Call, uid: string, transition: string): Promise<HttpReply> {
  const { comment } = await readBody(call.request, call.desk);
  try {
    await call.desk.transition(uid, transition, call.caller, textOf(comment));
    return nothing(200);
  } catch (error) {
    if (!(error instanceof CouncilRefusal)) throw error;
    return nothing(error.code === 'unknown-item' ? 404 : error.code === 'forbidden' ? 403 : 400);
  }
}

/** `POST <item>/@workflow/<transition>`, as Plone itself has it: it answers with the entry of the history. */
export async function postWorkflow(call: Call, item: DeskItem, transition: string): Promise<HttpReply> {
  const { comment } = await readBody(call.request, call.desk);
  if (!transitionsFor(call.desk.town(), item, call.caller).some(({ id }) => id === transition)) return badRequest(`Invalid transition '${transition}'.`);
  const { history } = await call.desk.transition(item.uid, transition, call.caller, textOf(comment));
  const last = history.at(-1);
  return json({ action: last?.action, actor: last?.actor, comments: last?.comment, review_state: last?.toState, time: new Date(last?.at ?? 0).toISOString(), title: last?.toState });
}

/** PATCH: fields of the item, 204. */
export async function patchItem(call: Call, item: DeskItem): Promise<HttpReply> {
  const body = await readBody(call.request, call.desk);
  if (!mayChange(call.desk.town(), item, call.caller)) return unauthorized('You are not authorized to access this resource.');
  const [title, externalIdentifier] = [textOf(body['title']), textOf(body['externalIdentifier'])];
  const texts = Object.fromEntries(RICH_FIELDS.flatMap((name) => {
    const text = textOf(body[name]);
    return text === undefined ? [] : [[name, cleaned(text)]];
  }));
  const extra = Object.fromEntries(Object.entries(body).filter(([name]) => ITEM_FIELDS.has(name) && !Object.hasOwn(item, name)).flatMap(([name, value]): [string, DeskValue][] => {
    const plain = typeof value === 'boolean' ? value : textOf(value);
    return plain === undefined ? [] : [[name, plain]];
  }));
  await call.desk.edit(item.uid, { ...texts, ...title !== undefined && { title }, ...externalIdentifier !== undefined && { externalIdentifier }, extra }, call.caller);
  return { status: 204 };
}

/** DELETE: 204, or 401 where it is not allowed. */
export async function deleteItem(call: Call, item: DeskItem): Promise<HttpReply> {
  if (!mayChange(call.desk.town(), item, call.caller)) return unauthorized('You are not authorized to access this resource.');
  await call.desk.remove(item.uid, call.caller);
  return { status: 204 };
}

/** `GET @uid/<UID>`: 204 where there is none. */
export function byUid(call: Call, uid: string): HttpReply {
  const item = call.desk.find(uid);
  return item === undefined ? { status: 204 } : json(itemElement(item, demandOf(call.query), { ...call, user: call.caller }));
}
