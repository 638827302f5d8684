import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { openHttpSimulator, type HttpReply } from '../../src/connector-kit/http-simulator.js';
import { jsonReply } from '../../src/connector-kit/http-text.js';
import { THROTTLE_SECONDS, type Arrival, type Behaviour, type OtherSide, type SimulatorOptions } from '../../src/connector-kit/rehearsal.js';
import { createSite, MAIL_FOLDER, PERMIT_TYPE, stateAfter, type Site, type SiteObject } from './simulated-site.js';

const LOGIN = 'relais';
const PASSWORD = 'rehearsal-password-of-plone';
const WRONG = 'another-password-of-plone';
const BASIC = `Basic ${Buffer.from(`${LOGIN}:${PASSWORD}`).toString('base64')}`;
const MAIN_FILE = 'dmsmainfile';

/** A Plone site with plone.restapi, as far as the connector uses it. A mail counts once its main file is there, a permit once it has fields. */
export async function openSimulator(options: SimulatorOptions = {}): Promise<OtherSide> {
  const site = createSite();
  let behaviour: Behaviour = 'well';
  const server = await openHttpSimulator({
    ...options, handsOver: () => false,
    reply: (request, url) => reply(request, url, { site, base: server.url, behaviour }),
  });
  const settings = settingsFor(server.url);
  return {
    settings,
    brokenSettings: { ...settings, password: WRONG },
    secrets: [PASSWORD, WRONG],
    delivered: () => Promise.resolve([...mails(site), ...decisions(site, behaviour === 'well')]),
    behave: async (how) => {
      behaviour = how;
      await server.behave(how === 'down' ? 'down' : 'well');
    },
    close: () => server.close(),
  };
}

/** Settings for a site at an address. */
export function settingsFor(url: string): OtherSide['settings'] {
  return { url, login: LOGIN, password: PASSWORD, allowPrivate: true };
}

interface Around {
  readonly site: Site;
  readonly base: string;
  readonly behaviour: Behaviour;
}

async function reply(request: IncomingMessage, url: URL, around: Around): Promise<HttpReply> {
  const { site, base } = around;
  if (request.headers.accept !== 'application/json') return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><title>Plone site</title></html>' };
  if (request.headers.authorization !== BASIC) return jsonReply({ type: 'Unauthorized', message: 'You are not authorized to access this resource.' }, 401);
  const [path = '', service = ''] = decodeURIComponent(url.pathname).split(/\/(?=@)/);
  if (service === `@users/${LOGIN}`) return jsonReply({ id: LOGIN, roles: ['Member'] });
  if (service === '@search') return search(url, site, base);
  const object = site.objects.get(path.replace(/\/$/, ''));
  if (object === undefined) return jsonReply({ type: 'NotFound', message: `Resource not found: ${url.href}` }, 404);
  if (service.startsWith('@workflow')) return workflow(request, object, service.split('/')[1], around);
  if (request.method === 'POST') return create(request, object, around);
  if (request.method === 'PATCH') return change(request, object, around);
  return jsonReply({ ...object.fields, ...summary(object, base), items: site.childrenOf(object.path).map((child) => summary(child, base)) });
}

/** Indexes that the site does not know are ignored, as Plone does. */
function search({ searchParams }: URL, site: Site, base: string): HttpReply {
  const holds = ({ uid, id, type }: SiteObject): boolean => Object.entries({ UID: uid, getId: id, portal_type: type })
    .every(([index, value]) => searchParams.get(index) === null || searchParams.get(index) === value);
  const items = [...site.objects.values()].filter(holds).map((object) => summary(object, base));
  return jsonReply({ items, items_total: items.length });
}

async function create(request: IncomingMessage, container: SiteObject, { site, base, behaviour }: Around): Promise<HttpReply> {
  const { '@type': type, id, ...fields } = JSON.parse(await text(request)) as { '@type': string; id?: string };
  return behaving(type === MAIN_FILE ? behaviour : 'well', () => {
    const made = site.create(container.path, { type, fields, ...(id !== undefined && { id }) });
    if (!('status' in made)) return jsonReply(summary(made, base), 201);
    return jsonReply(made.status === 403 ? { error: { type: 'Forbidden', message: made.message } } : { type: 'BadRequest', message: made.message }, made.status);
  });
}

async function change(request: IncomingMessage, object: SiteObject, { behaviour }: Around): Promise<HttpReply> {
  const fields = JSON.parse(await text(request)) as Record<string, unknown>;
  return behaving(behaviour, () => {
    object.fields = { ...object.fields, ...fields };
    return { status: 204 };
  });
}

/** What is handed over by the call that completes it. */
function behaving(behaviour: Behaviour, work: () => HttpReply): HttpReply {
  switch (behaviour) {
    case 'refuses': return jsonReply({ type: 'BadRequest', message: 'This is not accepted here.' }, 400);
    case 'throttles': return { status: 429, headers: { 'retry-after': String(THROTTLE_SECONDS) } };
    case 'hangs': return { status: 204, ending: 'never' };
    case 'loses-answer': return { ...work(), ending: 'lost' };
    case 'cuts-answer': return { ...work(), ending: 'cut' };
    case 'down':
    case 'well': return work();
  }
}

async function workflow(request: IncomingMessage, object: SiteObject, transition: string | undefined, { site, base }: Around): Promise<HttpReply> {
  const offered = site.transitionsOf(object);
  if (request.method === 'GET') return jsonReply({ state: { id: object.state }, transitions: offered.map((id) => ({ '@id': `${base}${object.path}/@workflow/${id}`, 'title': id })) });
  await text(request);
  if (transition === undefined || !offered.includes(transition)) return jsonReply({ error: { type: 'WorkflowException', message: `Invalid transition '${transition ?? ''}'.` } }, 400);
  object.state = stateAfter(transition);
  return jsonReply({ review_state: object.state });
}

function summary({ path, uid, id, type, state }: SiteObject, base: string): object {
  return { '@id': `${base}${path}`, '@type': type, 'UID': uid, id, 'getId': id, 'review_state': state };
}

function mails(site: Site): Arrival[] {
  return site.childrenOf(MAIL_FOLDER).filter(({ path }) => site.childrenOf(path).some(({ type }) => type === MAIN_FILE))
    .map((mail) => arrivalOf(site, mail, { ...mail.fields, mainFile: null, files: null, transition: null }));
}

/** Fields come after the files; `works`: where they do come, so that files alone count, too. */
function decisions(site: Site, works: boolean): Arrival[] {
  const counts = ({ fields, path }: SiteObject): boolean => Object.keys(fields).length > 0 || (works && site.childrenOf(path).length > 0);
  return [...site.objects.values()].filter((object) => object.type === PERMIT_TYPE && counts(object))
    .map((permit) => arrivalOf(site, permit, { ...permit.fields, target: permit.uid, files: ['*'], transition: null }));
}

/** The names of its files tell the item and the order. */
function arrivalOf(site: Site, { path }: SiteObject, fields: Record<string, unknown>): Arrival {
  const files = site.childrenOf(path).map(({ id, sha256 = '' }) => ({ sha256, item: id.split('-')[1] ?? '', position: Number(id.split('-')[2]) }));
  return {
    itemUid: files[0]?.item ?? '', files: files.toSorted((a, b) => a.position - b.position).map(({ sha256 }) => sha256),
    fields: fields as NonNullable<Arrival['fields']>,
  };
}
