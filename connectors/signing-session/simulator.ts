import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { openHttpSimulator, type HttpReply } from '../../src/connector-kit/http-simulator.js';
import { jsonReply, readText } from '../../src/connector-kit/http-text.js';
import { isOwnPage } from '../../src/connector-kit/people-page.js';
import { readForm } from '../../src/connector-kit/read-form.js';
import type { Arrival, OtherSide, SimulatedAnswer, SimulatorOptions, TypedCommands } from '../../src/connector-kit/rehearsal.js';
import { simulatedCalls, type SimulatedCalls } from './simulated-calls.js';
import { carryOut, USAGE } from './simulated-commands.js';
import { linkOf, sessionsPage, signerPage } from './simulated-page.js';
import { sessionOf, toldOf, type SimulatedSession } from './simulated-session.js';
import { openSessions, type SimulatedSessions } from './simulated-sessions.js';

const API = '/imio/esign/v1/luxtrust/sessions';
const LOGIN = 'rehearsal';
const PASSWORD = 'rehearsal-password';
const CALL_BACK_SECRET = 'rehearsal-of-a-call-back';

export interface SigningSide extends OtherSide {
  readonly sessions: SimulatedSessions;
  readonly calls: SimulatedCalls;
  readonly commands: TypedCommands;
}

/** Settings for the simulator at a port. */
export function settingsAt(port: number): Readonly<Record<string, unknown>> {
  return {
    url: `http://127.0.0.1:${port}`, login: LOGIN, password: PASSWORD, clientId: 'RELAIS0', vatNumber: 'BE0000000097', sealCode: 'TOWN',
    callBack: { secret: CALL_BACK_SECRET }, allowPrivate: true,
    signers: { rule: 'rehearsal', people: [{ email: 'jeanne.dupont@ville.example', name: 'Jeanne Dupont' }], rules: [{ rule: 'rehearsal', signers: [{ email: 'jeanne.dupont@ville.example' }] }] },
  };
}

/** The gateway, with the pages where people sign. Keeps its sessions where a folder is given. */
export async function openSimulator({ folder, ...options }: SimulatorOptions = {}): Promise<SigningSide> {
  const calls = simulatedCalls((line) => options.say?.(line));
  const sessions = await openSessions({ folder, changed: (session, code) => {
    options.say?.(`session ${session.id}: ${session.state}`);
    if (code > 0) calls.make(session.endpointUrl, told(session));
    options.onNews?.();
  } });
  const told = (session: SimulatedSession): object => toldOf(session, (email) => `${server.url}${linkOf(session, email)}`);

  function reply(request: IncomingMessage, url: URL): HttpReply | Promise<HttpReply> {
    const [place = '', ...names] = url.pathname.slice(1).split('/').map(decodeURIComponent);
    if (!url.pathname.startsWith(API)) return isOwnPage(request) ? people(request, place, names, sessions) : { status: 403 };
    if (!isLetIn(request)) return { status: 401, body: 'Who are you?' };
    return gateway(request, url.pathname.slice(API.length).split('/').slice(1).map(decodeURIComponent), sessions, told);
  }

  const server = await openHttpSimulator({ ...options, reply, handsOver: ({ method, headers }, { pathname }) => method === 'POST' && pathname === API && isLetIn({ headers }) });
  const settings = settingsAt(Number(new URL(server.url).port));
  const sessionWith = (itemUid: string): SimulatedSession => {
    const found = sessions.all().findLast(({ documents }) => documents.some((document) => document.itemUid === itemUid));
    if (found === undefined) throw new Error(`no session has item ${itemUid}`);
    return found;
  };
  return {
    sessions, calls, settings,
    page: `${server.url}/`,
    brokenSettings: { ...settings, password: 'wrong-password' },
    secrets: [PASSWORD, CALL_BACK_SECRET, 'wrong-password'],
    delivered: () => Promise.resolve(sessions.all().flatMap(arrivalsOf)),
    behave: (how) => server.behave(how),
    answer: (itemUid, answer) => give(answer, sessionWith(itemUid), sessions),
    callBack: (itemUid) => {
      const session = sessionWith(itemUid);
      return Promise.resolve({ token: session.endpointUrl.split('/').at(-1) ?? '', headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(told(session))) });
    },
    commands: { usage: USAGE, run: (typed) => carryOut(typed, sessions, calls) },
    async close() {
      await server.close();
      await calls.close();
      await sessions.close();
    },
  };
}

/** The calls of Relais. */
async function gateway(request: IncomingMessage, [name, sub, code]: readonly string[], sessions: SimulatedSessions, told: (session: SimulatedSession) => object): Promise<HttpReply> {
  if (name === undefined) return request.method === 'POST' ? create(request, sessions) : jsonReply({ status: 'here' });
  const session = name === 'documents' ? sessions.holding(sub ?? '') : sessions.find(name);
  if (session === undefined || session.state === 'cancelled') return absent();
  if (request.method === 'DELETE') return jsonReply({}, await sessions.cancel(session) === 'cancelled' ? 200 : 409);
  return code === undefined ? jsonReply(told(session)) : signedDocument(session, code);
}

function signedDocument({ state, documents }: SimulatedSession, code: string): HttpReply {
  const { signed } = documents.find((one) => one.code === code) ?? {};
  return state !== 'completed' || signed === undefined ? absent() : pdf(signed);
}

/** Accepted only; whether it is created is told later. A name or a document that is there already is refused. */
async function create(request: IncomingMessage, sessions: SimulatedSessions): Promise<HttpReply> {
  const parts = await readForm(request, sessions.folder);
  const session = sessionOf(parts.find(({ name }) => name === 'data')?.text ?? '', parts.filter(({ name }) => name === 'files'));
  if (typeof session === 'string') return { status: 400, body: session };
  const namesake = sessions.find(session.id);
  const isTaken = (namesake !== undefined && !['session_creation_failed', 'cancelled'].includes(namesake.state)) || session.documents.some(({ code }) => sessions.holding(code) !== undefined);
  if (isTaken) return jsonReply({ message: 'there is such a session or document already' }, 409);
  await sessions.create(session);
  return jsonReply({ status: 'accepted' });
}

/** The pages of the people. */
async function people(request: IncomingMessage, place: string, [id = '', name = '']: readonly string[], sessions: SimulatedSessions): Promise<HttpReply> {
  if (place === '') return sessionsPage(sessions.all().filter(({ state }) => state !== 'cancelled'));
  const session = sessions.find(id);
  if (session === undefined) return { status: 404 };
  const document = session.documents.find(({ code }) => code === name);
  if (place === 'documents' && document !== undefined) return pdf(document.path);
  if (place !== 'sign') return { status: 404 };
  return request.method === 'POST' ? act(request, session, name, sessions) : signerPage(session, name);
}

async function act(request: IncomingMessage, session: SimulatedSession, name: string, sessions: SimulatedSessions): Promise<HttpReply> {
  const form = new URLSearchParams(await readText(request));
  try {
    await (form.get('do') === 'refuse' ? sessions.refuse(session, name, form.get('reason') ?? '') : sessions.sign(session, name));
    return { status: 303, headers: { location: '/' } };
  } catch (error) {
    return signerPage(session, name, error instanceof Error ? error.message : String(error));
  }
}

async function give(answer: SimulatedAnswer, session: SimulatedSession, sessions: SimulatedSessions): Promise<void> {
  if (answer.state === 'rejected') await sessions.refuse(session, session.users[0] ?? '', answer.reason);
  // Where the documents are not given, nobody looks at them.
  else await sessions.complete(session, session.documents.map((_document, index) => answer.documents[index]?.content ?? Buffer.from('%PDF-1.7')));
}

/** What never travels is as the rehearsal maps it. */
function arrivalsOf({ name, users, watchers, seal, acroform, documents, state }: SimulatedSession): Arrival[] {
  const fields = { documents: [], title: name, signers: users, signerRule: '', watchers, seal, acroform, discriminator: '' };
  return [...new Set(documents.map(({ itemUid }) => itemUid))].map((itemUid) => ({
    itemUid, fields, files: documents.filter((document) => document.itemUid === itemUid).map(({ sha256 }) => sha256), ...(state === 'cancelled' && { cancelled: true }),
  }));
}

function pdf(path: string): HttpReply {
  return { status: 200, headers: { 'content-type': 'application/pdf' }, body: { size: statSync(path).size, open: () => createReadStream(path) } };
}

function absent(): HttpReply {
  return jsonReply({ status: 'absent' }, 404);
}

function isLetIn({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.authorization === `Basic ${Buffer.from(`${LOGIN}:${PASSWORD}`).toString('base64')}`;
}
