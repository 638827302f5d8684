import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { openHttpSimulator, type HttpReply } from '../../src/connector-kit/http-simulator.js';
import { LOOPBACK } from '../../src/connector-kit/loopback-server.js';
import type { Arrival, OtherSide, SimulatedAnswer, SimulatedTown, SimulatorOptions } from '../../src/connector-kit/rehearsal.js';
import { COUNCIL_COMMANDS, runCouncilCommand } from '../../src/council-desk/council-commands.js';
import { createCouncilDesk, type CouncilDesk } from '../../src/council-desk/council-desk.js';
import { answerCouncilPage } from '../../src/council-desk/council-page.js';
import { PASSWORD, SERVICE_LOGIN } from '../../src/council-desk/council-town.js';
import type { DeskItem } from '../../src/council-desk/desk-item.js';
import { badRequest } from './simulated-answers.js';
import { createRestFace } from './simulated-face.js';
import { QUIRKS, VERSIONS, type Quirk, type RestVersion } from './simulated-platform.js';

const WRONG_PASSWORD = 'another-password-of-the-council';

export interface RestSimulatorOptions extends SimulatorOptions {
  /** Its own, which need not be right. */
  readonly clock?: { now(): number };
  /** Of plonemeeting.restapi; 2.13 if not given. */
  readonly version?: RestVersion;
  /** Where no town is given: one of its own, dated from when it was first opened. */
  readonly ownTown?: (foundedAt: number) => SimulatedTown;
}

export interface RestSimulator extends OtherSide {
  readonly url: string;
  readonly desk: CouncilDesk;
  readonly mishaps: Set<Quirk>;
  /** What it is from now on, as after an upgrade. */
  upgrade(version: RestVersion): void;
  /** Every call waits so long before it is answered, milliseconds. */
  slowDown(milliseconds: number): void;
}

/** Settings for a simulated PloneMeeting at a port of this machine. */
export function settingsAt(port: number): OtherSide['settings'] {
  return { url: `http://${LOOPBACK}:${port}`, login: SERVICE_LOGIN, password: PASSWORD, allowPrivate: true };
}

/** A simulated PloneMeeting with the REST interface of today. People come to the same port, with a browser. */
export async function openRestSimulator({ clock = { now: () => Date.now() }, version: first = '2.13', ...options }: RestSimulatorOptions = {}): Promise<RestSimulator> {
  const { town, ownTown, folder, onNews, say, port } = options;
  const desk = await createCouncilDesk({
    clock, newId: () => randomBytes(16).toString('hex'),
    ...town !== undefined && { town }, ...ownTown !== undefined && { ownTown }, ...folder !== undefined && { folder }, ...onNews !== undefined && { onNews }, ...say !== undefined && { say },
  });
  const mishaps = new Set<Quirk>();
  const state: Changeable = { version: first, delay: 0 };
  const face = createRestFace({ desk, has: (quirk) => mishaps.has(quirk), version: () => state.version, since: (version) => VERSIONS.indexOf(state.version) >= VERSIONS.indexOf(version) });
  const server = await openHttpSimulator({
    ...port !== undefined && { port }, ...say !== undefined && { say },
    async reply(request, url) {
      const page = isForPeople(request) ? await answerCouncilPage(request, url, desk) : undefined;
      if (page !== undefined) return page;
      await pause(state.delay, request);
      return await face(request, url);
    },
    handsOver,
    refusal: REFUSAL,
  });
  const settings = settingsAt(Number(new URL(server.url).port));
  return {
    url: server.url, desk, mishaps, settings, page: `${server.url}/`,
    brokenSettings: { ...settings, password: WRONG_PASSWORD },
    secrets: [PASSWORD, WRONG_PASSWORD],
    upgrade: (version) => { state.version = version; },
    slowDown: (milliseconds) => { state.delay = milliseconds; },
    commands: { usage: [...COUNCIL_COMMANDS, ...OWN_COMMANDS], run: async (typed) => runOwn(typed, state, mishaps) ?? await runCouncilCommand(typed, desk) },
    delivered: () => Promise.resolve(desk.items().map((item) => arrivalOf(item, desk))),
    behave: (how) => server.behave(how),
    answer: (given, answer) => answerItem(given, answer, desk),
    async close() {
      await server.close();
      await desk.close();
    },
  };
}

interface Changeable {
  version: RestVersion;
  delay: number;
}

/** What is refused for ever, as a validation is. */
const REFUSAL: HttpReply = badRequest('[{\'message\': u\'This is not accepted here.\', \'field\': u\'title\', \'error\': \'ValidationError\'}]');

function handsOver({ method }: IncomingMessage, { pathname }: URL): boolean {
  return method === 'POST' && pathname === '/@item';
}

/** A browser asks for pages. */
function isForPeople({ headers }: IncomingMessage): boolean {
  return !(headers.accept ?? '').includes('application/json');
}

/** Ends with the connection: who waits no more is not answered. */
async function pause(milliseconds: number, { socket }: IncomingMessage): Promise<void> {
  if (milliseconds === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    socket.once('close', () => { clearTimeout(timer); resolve(); });
  });
}

const OWN_COMMANDS: readonly string[] = [
  `mishap <${QUIRKS.join(' | ')}>: it happens from now on, until it is typed again`,
  `version <${VERSIONS.join(' | ')}>: of plonemeeting.restapi`,
  'slow <seconds>: every call waits so long',
];

function runOwn(typed: string, state: Changeable, mishaps: Set<Quirk>): readonly string[] | undefined {
  const [word = '', name = ''] = typed.trim().split(/\s+/);
  const version = VERSIONS.find((one) => one === name);
  const quirk = QUIRKS.find((one) => one === name);
  if (word === 'version' && version !== undefined) state.version = version;
  else if (word === 'slow' && Number(name) >= 0) state.delay = Number(name) * 1000;
  else if (word === 'mishap' && quirk !== undefined) return [`${quirk}: ${toggle(quirk, mishaps) ? 'from now on' : 'no longer'}`];
  else return undefined;
  return [`${word}: ${name}`];
}

function toggle(quirk: Quirk, mishaps: Set<Quirk>): boolean {
  if (mishaps.delete(quirk)) return false;
  mishaps.add(quirk);
  return true;
}

/** An item as it was created. `itemUid` is the external identifier by which it is told, or the UID over there where it has none. */
function arrivalOf(item: DeskItem, desk: CouncilDesk): Arrival {
  const { uid, externalIdentifier, title, annexes, history, proposingGroup, extra } = item;
  const transitions = history.slice(1).map(({ action }) => action);
  const group = desk.town().organisations.find((organisation) => organisation.uid === proposingGroup)?.id ?? proposingGroup;
  return {
    itemUid: externalIdentifier === '' ? uid : externalIdentifier, title, files: annexes.map(({ sha256 }) => sha256),
    fields: {
      proposingGroup: group, category: item.category, preferredMeeting: item.preferredMeeting, associatedGroups: item.associatedGroups, groupsInCharge: item.groupsInCharge,
      optionalAdvisers: item.optionalAdvisers, transitions, ...extra,
    },
  };
}

/** People decide on it, with these files beside the decision; or they delete it, and nobody says why. */
async function answerItem(given: string, answer: SimulatedAnswer, desk: CouncilDesk): Promise<void> {
  const item = desk.find(given) ?? desk.items().findLast(({ externalIdentifier }) => externalIdentifier === given);
  if (item === undefined) throw new Error(`there is no item ${given}`);
  if (answer.state === 'rejected') {
    await desk.people.remove(item.uid);
    return;
  }
  for (const { filename, content } of answer.documents) await desk.people.attach(item.uid, filename, content);
  await desk.people.decide(item.uid, 'accept');
}
