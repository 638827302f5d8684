import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { CouncilRefusal } from '../../src/council-desk/council-refusal.js';
import type { Creation, CreationWarning } from '../../src/council-desk/desk-item.js';
import { annexElement } from './simulated-annexes.js';
import { readAnnex, type ReadAnnex } from './simulated-annex-body.js';
import { badRequest, flat, json, nested, nestedError, pythonList } from './simulated-answers.js';
import { readBody, recordOf, textsOf, type Body } from './simulated-body.js';
import { demandOf, wholeDemand } from './simulated-demand.js';
import { readDraft } from './simulated-draft.js';
import { isReply, lookOf } from './simulated-entry.js';
import { itemElement, itemUrl } from './simulated-item.js';
import type { Call, Look } from './simulated-platform.js';

/** `POST @item`: the item is made and validated, its transitions run, and only then its annexes are added: an annex may be refused while the item
 * stays (contracts/plonemeeting-rest.md §6.3). */
export async function createItem(call: Call): Promise<HttpReply> {
  const body = await readBody(call.request, call.desk);
  const { config_id: configId } = body;
  if (typeof configId !== 'string') return badRequest('The "config_id" parameter must be given!');
  if (call.desk.config(configId) === undefined) return badRequest(`Unknown "config_id" : "${configId}"!`);
  const look = lookOf(call, body['in_name_of'], configId);
  if (isReply(look)) return look;
  const read = readDraft(body, configId, call.desk.town());
  const children = await readChildren(body, call);
  const made = await call.desk.createItem({
    draft: read.draft, annexes: children.map(({ draft }) => draft), transitions: textsOf(body['wf_transitions']), annexesWhen: 'after-transitions', unknownAnnexType: 'refused',
    unusedAttributes: body['ignore_not_used_data'] === true ? 'dropped' : 'refused', unvalidated: textsOf(body['ignore_validation_for']),
  }, look.user);
  return answerCreation(made, body, read.warnings, children, look);
}

/** Each must say itself what it is. */
async function readChildren(body: Body, { desk }: Call): Promise<readonly ReadAnnex[]> {
  const { __children__: given = [] } = body;
  if (!Array.isArray(given)) throw new CouncilRefusal('not-understood', 'The "__children__" parameter must be a list!');
  const children: ReadAnnex[] = [];
  for (const one of given as readonly unknown[]) {
    const child = recordOf(one) ?? {};
    const { '@type': type } = child;
    if (type !== 'annex' && type !== 'annexDecision') throw new CouncilRefusal('not-understood', 'Property \'@type\' is required');
    children.push(await readAnnex(child, type === 'annex' ? 'item' : 'decision', desk));
  }
  return children;
}

function answerCreation({ item, annexes, warnings }: Creation, body: Body, read: readonly string[], children: readonly ReadAnnex[], look: Look): HttpReply {
  const demand = body['return_fullobject'] === false ? demandOf(new URLSearchParams()) : wholeDemand();
  const added = annexes.map((annex, index) => (annex === null
    ? nestedError(403, 'You are not allowed to create element of type "annex".')
    : { ...annexElement(annex, item, demand, look), '@warnings': children[index]?.warnings ?? [] }));
  return json({
    ...itemElement(item, demand, look), '@warnings': [...read, ...warnings.map((warning) => wordsOf(warning, item))], ...children.length > 0 && { __children__: added },
  }, annexes.at(-1) === null ? 403 : 201, { location: itemUrl(item, look.base) });
}

function wordsOf(warning: CreationWarning, { path, configId }: Creation['item']): string {
  switch (warning.kind) {
    case 'unused-attribute': return `The optional field "${warning.attribute}" is not activated in this configuration and was ignored.`;
    case 'unvalidated': return `Validation was ignored for following fields: "${warning.fields.join('", "')}".`;
    case 'transition': return `While treating wfTransitions, could not trigger the '${warning.transition}' transition on /${path}!${warning.transition === 'present' ? ` Make sure a meeting accepting items exists in configuration '${configId}'!` : ''}`;
    case 'annex-type': return `The annex type "${warning.typeId}" was not found.`;
  }
}

/** What the desk does not do, in the shape that it has over there. */
export function refusalReply(error: unknown): HttpReply {
  if (error instanceof TypeError) return flat(500, 'UnicodeEncodeError', error.message);
  if (!(error instanceof CouncilRefusal)) throw error;
  if (error.code === 'invalid') return badRequest(pythonList(error.problems));
  if (error.code === 'no-member-area') return nested(403, 'You are not allowed to create element of type "MeetingItem".');
  return badRequest(error.message);
}
