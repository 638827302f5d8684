import { randomUUID } from 'node:crypto';
import { openHttpSimulator } from '../../src/connector-kit/http-simulator.js';
import type { Arrival, OtherSide, SimulatorOptions } from '../../src/connector-kit/rehearsal.js';
import { answerFolder } from '../../src/signature-desk/answer-folder.js';
import { DESK_COMMANDS, runDeskCommand } from '../../src/signature-desk/desk-commands.js';
import type { DeskFolder } from '../../src/signature-desk/desk-folder.js';
import { answerDeskPage } from '../../src/signature-desk/desk-page.js';
import type { DeskType } from '../../src/signature-desk/desk-types.js';
import { createDesk, type Desk } from '../../src/signature-desk/desk.js';
import { createRestFace, DESK, QUIRKS, TENANT } from './rest-face.js';
import { createRestLogin, type RestLogin } from './rest-login.js';
import { failure } from './rest-reply.js';

const LOGIN = 'ws-relais';
const PASSWORD = 'rehearsal-of-the-parapheur';
const WRONG = 'another-password-of-the-parapheur';

/** The metadata in which Relais writes how it recognises its folders. */
export const KEY_METADATA = 'relais';

const MISHAPS = [...QUIRKS, 'token-down'] as const;
type Mishap = (typeof MISHAPS)[number];

export interface V5SimulatorOptions extends SimulatorOptions {
  /** The simulated server's clock; the real one if not given. */
  readonly clock?: { now(): number };
  readonly types?: readonly DeskType[];
}

export interface V5Simulator extends OtherSide {
  readonly url: string;
  readonly desk: Desk;
  readonly login: RestLogin;
  readonly mishaps: Set<Mishap>;
}

/** Settings for a simulated i-Parapheur 5 at an address. */
export function settingsFor(url: string): OtherSide['settings'] {
  return {
    url, tenant: TENANT.name, desk: DESK.name, login: LOGIN, password: PASSWORD, keyMetadata: KEY_METADATA, type: 'Délibérations', subtype: 'College', afterwards: 'delete',
    allowPrivate: true,
  };
}

/** A simulated i-Parapheur 5 with a desk of its own. */
export async function openV5Simulator({ clock = { now: () => Date.now() }, types, ...options }: V5SimulatorOptions = {}): Promise<V5Simulator> {
  const mishaps = new Set<Mishap>();
  const desk = await createDesk({
    clock, newId: randomUUID, ...(types !== undefined && { types }), ...(options.folder !== undefined && { folder: options.folder }), ...(options.say !== undefined && { say: options.say }),
  });
  const login = createRestLogin(LOGIN, PASSWORD, () => clock.now());
  const face = createRestFace({ desk, has: (quirk) => mishaps.has(quirk), now: () => clock.now() });
  const server = await openHttpSimulator({
    ...options,
    async reply(request, url) {
      if (url.pathname.endsWith('/openid-connect/token')) return mishaps.has('token-down') ? { status: 503 } : await login.token(request);
      if (!url.pathname.startsWith('/api/')) return await answerDeskPage(request, url, desk) ?? failure(404, 'No such address.', url.pathname);
      return login.refusal(request) ?? await face(request, url);
    },
    handsOver: ({ method }, { pathname }) => method === 'POST' && pathname.endsWith('/folder'),
    refusal: failure(406, 'The folder is not acceptable.'),
  });
  const settings = settingsFor(server.url);
  return {
    url: server.url, desk, login, mishaps, settings,
    brokenSettings: { ...settings, password: WRONG },
    secrets: [PASSWORD, WRONG],
    page: `${server.url}/`,
    commands: { usage: [...DESK_COMMANDS, `mishap <${MISHAPS.join(' | ')}>: it happens from now on, until it is typed again`], run: (typed) => runCommand(typed, desk, mishaps) },
    delivered: () => Promise.resolve(desk.list().map(arrivalOf)),
    behave: (how) => server.behave(how),
    answer: (itemUid, answer) => answerFolder(desk, (folder) => arrivalOf(folder).itemUid === itemUid, answer),
    async close() {
      await server.close();
      await desk.close();
    },
  };
}

async function runCommand(typed: string, desk: Desk, mishaps: Set<Mishap>): Promise<readonly string[] | undefined> {
  const [word = '', name = ''] = typed.trim().split(/\s+/);
  const mishap = MISHAPS.find((one) => one === name);
  if (word !== 'mishap' || mishap === undefined) return await runDeskCommand(typed, desk);
  if (!mishaps.delete(mishap)) mishaps.add(mishap);
  return [`${mishap}: ${mishaps.has(mishap) ? 'from now on' : 'no longer'}`];
}

/** A folder as the connector sent it. What stays with Relais, such as what the circuit is expected to end with, cannot be seen here. */
function arrivalOf({ title, type, subtype, deadline, publicAnnotation, privateAnnotation, metadata, originals, annexes }: DeskFolder): Arrival {
  const { [KEY_METADATA]: key = '', ...others } = metadata;
  return {
    itemUid: key.split('/', 1)[0] ?? '',
    files: [...originals, ...annexes].map(({ sha256 }) => sha256),
    fields: {
      title, type, subtype, deadline, publicAnnotation, privateAnnotation,
      ...Object.fromEntries(Object.entries(others).map(([name, value]) => [`metadata.${name}`, value])),
    },
  };
}
