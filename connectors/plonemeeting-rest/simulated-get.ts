import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import type { DeskItem } from '../../src/council-desk/desk-item.js';
import { reachesConfig } from '../../src/council-desk/town-rights.js';
import type { Meeting } from '../../src/domain/meeting-config.js';
import { badRequest, json, nested } from './simulated-answers.js';
import { demandOf } from './simulated-demand.js';
import { meetingElement } from './simulated-elements.js';
import { isReply, lookOfQuery, parameter } from './simulated-entry.js';
import { isVisible, itemElement } from './simulated-item.js';
import type { Call, Look } from './simulated-platform.js';

/** `@get`, `@item` and `@meeting`: one element by its UID, or by its external identifier (contracts/plonemeeting-rest.md §3, §7). */
export function getElement(call: Call, wanted: 'any' | 'item' | 'meeting'): HttpReply {
  const configId = parameter(call, 'config_id', 'getConfigId');
  if (configId !== null && call.desk.config(configId) === undefined) return badRequest(`Unknown "config_id" : "${configId}"!`);
  const look = lookOfQuery(call, configId);
  if (isReply(look)) return look;
  const [uid, external] = [parameter(call, 'UID', 'uid'), parameter(call, 'externalIdentifier', 'external_id')];
  if (uid !== null) return byUid(uid, wanted, look);
  return external === null ? badRequest('The "uid" parameter must be given!') : byExternalIdentifier(external, configId, look);
}

function byUid(uid: string, wanted: 'any' | 'item' | 'meeting', look: Look): HttpReply {
  const [item, meeting] = [look.desk.find(uid), look.desk.meeting(uid)];
  if (item === undefined && meeting === undefined) return missing(`Element with UID "${uid}" not found!`, look);
  if (item !== undefined ? !isVisible(item, look) : meeting !== undefined && !seesMeeting(meeting, look)) return hidden(`User "${look.user.id}" is not allowed to access element with UID "${uid}"!`, look);
  const type = item === undefined ? 'meeting' : 'item';
  if (wanted !== 'any' && wanted !== type) return badRequest(`Element with UID "${uid}" is not a "${wanted}"!`);
  if (item !== undefined) return json(itemElement(item, demandOf(look.query), look));
  return meeting === undefined ? missing(uid, look) : json(meetingElement(meeting, demandOf(look.query), look));
}

/** From 2.12 on by hand, before as an error that is raised. */
function missing(message: string, { since }: Look): HttpReply {
  return since('2.12') ? nested(404, message) : badRequest(message);
}

function hidden(message: string, { since }: Look): HttpReply {
  return since('2.12') ? nested(403, message) : badRequest(message);
}

/** The first of several, in no order that anybody promises. */
function byExternalIdentifier(external: string, configId: string | null, look: Look): HttpReply {
  const { desk, has, since, base } = look;
  const all = desk.items().filter((item) => (configId === null || item.configId === configId) && (has('no-external-index') || item.externalIdentifier === external))
    .toSorted((one, other) => (one.uid < other.uid ? -1 : 1));
  const seen = all.find((item) => isVisible(item, look));
  if (seen !== undefined) return json(itemElement(seen, demandOf(look.query), look));
  if (!since('2.13')) return json({ '@id': `${base}/@get`, 'items': [], 'items_total': 0 });
  const about = `Element with externalIdentifier "${external}"`;
  return all.length === 0 ? nested(404, `${about} not found!`) : nested(403, `User "${look.user.id}" is not allowed to access ${about}!`);
}

export function seesMeeting({ configId }: Meeting, { desk, user }: Look): boolean {
  const config = desk.config(configId);
  return config !== undefined && reachesConfig(desk.town(), config, user);
}

/** An element as it is opened at its own address. */
export function openItem(item: DeskItem, call: Call): HttpReply {
  const look: Look = { ...call, user: call.caller };
  return isVisible(item, look) ? json(itemElement(item, demandOf(new URLSearchParams([...call.query, ['fullobjects', '']])), look)) : nested(403, 'You are not allowed to access this element!');
}
