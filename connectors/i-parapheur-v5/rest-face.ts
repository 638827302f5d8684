import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { jsonReply, readText } from '../../src/connector-kit/http-text.js';
import type { DeskFolder } from '../../src/signature-desk/desk-folder.js';
import type { Desk } from '../../src/signature-desk/desk.js';
import { createFromForm } from './rest-create.js';
import { premisOfFolder, taskIds } from './rest-premis.js';
import { failure, page, refusalReply } from './rest-reply.js';
import { subtypeId, subtypeRows, typeId, typeRows } from './rest-types.js';
import { zipOfFolder } from './rest-zip.js';

export const TENANT = { id: '4b2a7c10-0000-4000-8000-000000000001', name: 'Ville de démonstration' } as const;
export const DESK = { id: '4b2a7c10-0000-4000-8000-000000000002', name: 'Service Web' } as const;

/** What may go wrong over there, one by one. */
export const QUIRKS = ['start-fails', 'unknown-action', 'cut-zip', 'lists-without-metadata', 'gateway-timeout', 'html'] as const;
export type Quirk = (typeof QUIRKS)[number];

export interface RestFaceParts {
  readonly desk: Desk;
  readonly has: (quirk: Quirk) => boolean;
  readonly now: () => number;
}

const STANDARD = '/api/standard/v1';

/** The standard interface of i-Parapheur 5 (contracts/iparapheur.md §3.2) over a desk; whoever calls was let in already. */
export function createRestFace({ desk, has, now }: RestFaceParts): (request: IncomingMessage, url: URL) => Promise<HttpReply> {
  const withEvents = new Set<string>();

  async function reply(request: IncomingMessage, { pathname, searchParams: query }: URL): Promise<HttpReply> {
    if (has('html')) return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><body>Connexion</body></html>' };
    const [tenant, tenantId, second, deskId, ...rest] = pathname.slice(STANDARD.length + 1).split('/').map(decodeURIComponent);
    if (!pathname.startsWith(`${STANDARD}/`) || tenant !== 'tenant') return failure(404, 'No such address.', pathname);
    if (tenantId === undefined) return page([TENANT], query);
    if (tenantId !== TENANT.id || second !== 'desk') return failure(404, 'The given tenant id was not found.', pathname);
    if (deskId === undefined) return page([DESK], query);
    if (deskId !== DESK.id) return failure(404, 'The given desk id was not found.', pathname);
    return await belowDesk(request, rest, query).catch(refusalReply);
  }

  async function belowDesk(request: IncomingMessage, [first = '', second, ...rest]: readonly string[], query: URLSearchParams): Promise<HttpReply> {
    if (first === 'types') return page(rest[0] === 'subtypes' ? subtypeRows(desk.types(), second ?? '') : typeRows(desk.types()), query);
    if (first !== 'folder') return page(listed(first, query).map(row), query);
    if (second === undefined) return await create(request, query);
    const folder = desk.find(second);
    return folder === undefined ? failure(404, 'The given folder id was not found.') : await aboutFolder(request, folder, rest);
  }

  async function create(request: IncomingMessage, query: URLSearchParams): Promise<HttpReply> {
    const folder = await createFromForm(request, query.get('autoStart') !== 'false', desk);
    if (has('gateway-timeout')) return { status: 504, headers: { 'content-type': 'text/html' }, body: '<html><body>504 Gateway Time-out</body></html>' };
    return jsonReply(row(folder), 201);
  }

  async function aboutFolder(request: IncomingMessage, folder: DeskFolder, [what, task, action]: readonly string[]): Promise<HttpReply> {
    if (request.method === 'DELETE') return await remove(folder);
    if (what === 'premis') return { status: 200, headers: { 'content-type': 'application/xml' }, body: premis(folder) };
    if (what === 'zip') return { status: 200, headers: { 'content-type': 'application/zip' }, body: await zipOfFolder(desk, folder, premis(folder)), ...(has('cut-zip') && { ending: 'cut' as const }) };
    return request.method === 'PUT' && what === 'task' ? await taskDone(request, folder, task ?? '', action ?? '') : failure(404, 'No such address.');
  }

  /** The tasks of a draft are made a moment after it. */
  function premis(folder: DeskFolder): string {
    const text = premisOfFolder(folder, has('unknown-action') ? ['TELEPATHY'] : []);
    const first = folder.state === 'draft' && !withEvents.has(folder.id);
    withEvents.add(folder.id);
    return first ? text.replace(/<event>.*<\/event>/s, '') : text;
  }

  async function remove({ id, state }: DeskFolder): Promise<HttpReply> {
    if (state === 'running') return failure(406, 'A pending folder cannot be deleted from a desk.');
    await desk.remove(id);
    return { status: 204 };
  }

  async function taskDone(request: IncomingMessage, folder: DeskFolder, task: string, action: string): Promise<HttpReply> {
    const ids = taskIds(folder);
    const body = await readText(request);
    if (action === 'start' && has('start-fails')) return failure(500, 'The workflow engine cannot be reached.');
    if (action === 'start' && task === ids.start) await desk.start(folder.id, annotationsIn(body));
    else if (action === 'undo') await desk.recall(folder.id);
    else if (action === 'send_to_trash_bin' && task === ids.end && folder.state === 'finished') await desk.archive(folder.id);
    else return failure(406, 'The given task does not allow this action.');
    return { status: 200 };
  }

  function listed(state: string, query: URLSearchParams): readonly DeskFolder[] {
    return desk.list().filter((folder) => isIn(state, folder, now()) && [null, typeId(folder)].includes(query.get('typeId')) && [null, subtypeId(folder)].includes(query.get('subtypeId')));
  }

  function row({ id, title, deadline, metadata }: DeskFolder): object {
    return { id, name: title, dueDate: deadline, ...(!has('lists-without-metadata') && { metadata }) };
  }

  return reply;
}

function annotationsIn(body: string): Pick<DeskFolder, 'publicAnnotation' | 'privateAnnotation'> {
  const { publicAnnotation = '', privateAnnotation = '' } = JSON.parse(body) as Partial<DeskFolder>;
  return { publicAnnotation, privateAnnotation };
}

/** Lists of the desk that emitted (contracts/iparapheur.md §3.4). */
function isIn(list: string, { state, deadline }: DeskFolder, now: number): boolean {
  switch (list) {
    case 'DRAFT': return state === 'draft' || state === 'recalled';
    case 'DOWNSTREAM': return state === 'running';
    case 'FINISHED': return state === 'finished';
    case 'REJECTED': return state === 'rejected';
    case 'LATE': return state === 'running' && deadline !== null && Date.parse(deadline) < now;
    default: return false;
  }
}
