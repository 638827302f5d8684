import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { JsonBodyError } from '../../src/council-desk/read-json-with-files.js';
import type { DeskItem } from '../../src/council-desk/desk-item.js';
import { annexElements } from './simulated-annexes.js';
import { badRequest, flat, json, unauthorized, webPage } from './simulated-answers.js';
import { byUid, deleteItem, patchItem, postAnnex, postTransition, postWorkflow } from './simulated-changes.js';
import { configReply } from './simulated-config.js';
import { createItem, refusalReply } from './simulated-create.js';
import { demandOf } from './simulated-demand.js';
import { callerOf } from './simulated-entry.js';
import { download, generateDocument } from './simulated-files.js';
import { getElement, openItem } from './simulated-get.js';
import { attendeesOf, podTemplates } from './simulated-includes.js';
import type { Answering, Call, Platform } from './simulated-platform.js';
import { search } from './simulated-search.js';
import { infos, listUsers, userReply } from './simulated-users.js';

/** The REST interface of PloneMeeting over a desk, with its traps (contracts/plonemeeting-rest.md). */
export function createRestFace(platform: Platform): (request: IncomingMessage, url: URL) => Promise<HttpReply> {
  return async (request, url) => {
    if (platform.has('html')) return webPage(200, 'Maintenance');
    const base = `http://${request.headers.host ?? url.host}`;
    const names = url.pathname.slice(1).split('/').map(decodeURIComponent);
    const isEndpoint = names.some((name) => name.startsWith('@') && !name.startsWith('@@'));
    // without it Zope looks for a page, and finds none of that name
    if (isEndpoint && !(request.headers.accept ?? '').includes('application/json')) return webPage(404, 'Cette page ne semble pas exister');
    const caller = callerOf(request, platform);
    if (names[0] === '@infos') return caller === null && !platform.has('null-user') ? missingRights() : infos(caller, platform.version());
    if (caller === null) return missingRights();
    const call: Call = { ...platform, request, query: url.searchParams, base, caller };
    try {
      return await answer(call, names, url);
    } catch (error) {
      return error instanceof JsonBodyError ? badRequest(error.message) : refusalReply(error);
    }
  };
}

function missingRights(): HttpReply {
  return unauthorized('Missing \'plone.restapi: Use REST API\' permission');
}

const ENDPOINTS: Readonly<Partial<Record<string, Answering>>> = {
  'GET @config': (call) => configReply(call),
  'GET @users': (call, [, id]) => (id === undefined ? listUsers(call) : userReply(call, id)),
  'GET @search': (call) => search(call),
  'GET @get': (call) => getElement(call, 'any'),
  'GET @item': (call) => getElement(call, 'item'),
  'GET @meeting': (call) => getElement(call, 'meeting'),
  'GET @uid': (call, [, uid = '']) => byUid(call, uid),
  'GET @attendees': (call, [, uid = '']) => json(attendeesOf(call.desk.meeting(uid)?.uid ?? call.desk.find(uid)?.meeting ?? null, call)),
  'POST @item': createOrTimeOut,
  'POST @annex': (call, [, uid = '']) => postAnnex(call, uid),
  'POST @wf': (call, [, uid = '', transition = '']) => postTransition(call, uid, transition),
  'PATCH @content': (call, [, uid = '']) => onFound(call, uid, patchItem),
  'DELETE @content': (call, [, uid = '']) => onFound(call, uid, deleteItem),
};

async function createOrTimeOut(call: Call): Promise<HttpReply> {
  const reply = await createItem(call);
  return call.has('gateway-timeout') ? webPage(504, '504 Gateway Time-out') : reply;
}

async function onFound(call: Call, uid: string, act: (call: Call, item: DeskItem) => Promise<HttpReply>): Promise<HttpReply> {
  const item = call.desk.find(uid);
  return item === undefined ? { status: 404, body: '' } : await act(call, item);
}

async function answer(call: Call, names: readonly string[], url: URL): Promise<HttpReply> {
  const { method = '' } = call.request;
  const endpoint = ENDPOINTS[`${method} ${names[0] ?? ''}`];
  if (endpoint !== undefined) return await endpoint(call, names);
  return await atPath(call, method, names, url) ?? flat(404, 'NotFound', `Resource not found: ${url.href}`);
}

/** What is addressed to an item, or to what is below it: at the longest path at which an item stands or stood. */
async function atPath(call: Call, method: string, names: readonly string[], { pathname, search: query }: URL): Promise<HttpReply | undefined> {
  for (let length = names.length; length > 0; length -= 1) {
    const path = names.slice(0, length).join('/');
    const item = call.desk.at(path);
    if (item === undefined) continue;
    if (item.path !== path) {
      const rest = pathname.slice(1).split('/').slice(length).map((name) => `/${name}`).join('');
      return { status: method === 'GET' ? 301 : 308, headers: { location: `${call.base}/${item.path}${rest}${query}` } };
    }
    return await onItem(call, method, item, names.slice(length));
  }
  return undefined;
}

const BELOW_ITEM: Readonly<Partial<Record<string, (call: Call, item: DeskItem, more: string) => HttpReply | Promise<HttpReply>>>> = {
  'GET ': (call, item) => openItem(item, call),
  'PATCH ': patchItem,
  'DELETE ': deleteItem,
  'GET @annexes': (call, item) => json(annexElements(item, demandOf(call.query), { ...call, user: call.caller })),
  'GET @pod-templates': (call, item) => json(podTemplates(item, demandOf(call.query), { ...call, user: call.caller })),
  'POST @workflow': postWorkflow,
  'GET document-generation': generateDocument,
};

async function onItem(call: Call, method: string, item: DeskItem, [name = '', more = '']: readonly string[]): Promise<HttpReply | undefined> {
  const endpoint = BELOW_ITEM[`${method} ${name}`];
  if (endpoint !== undefined) return await endpoint(call, item, more);
  const annex = item.annexes.find(({ id }) => id === name);
  return annex !== undefined && method === 'GET' && more === '@@download' ? download(call, item, annex) : undefined;
}
