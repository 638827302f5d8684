import { randomUUID } from 'node:crypto';
import { openHttpSimulator } from '../../src/connector-kit/http-simulator.js';
import { LOOPBACK } from '../../src/connector-kit/loopback-server.js';
import type { Arrival, Behaviour, OtherSide, SimulatedTown, SimulatorOptions } from '../../src/connector-kit/rehearsal.js';
import { sampleUid } from '../../src/connector-kit/sample-item.js';
import { COUNCIL_COMMANDS, runCouncilCommand } from '../../src/council-desk/council-commands.js';
import { createCouncilDesk, type CouncilDesk } from '../../src/council-desk/council-desk.js';
import { answerCouncilPage } from '../../src/council-desk/council-page.js';
import { PASSWORD, SERVICE_LOGIN } from '../../src/council-desk/council-town.js';
import { answerCouncilSoap } from '../../src/council-desk/soap-face.js';
import { createSoapMishaps, isSoapMishap, SOAP_MISHAPS, type SoapMishap, type SoapMishaps } from '../../src/council-desk/soap-mishaps.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { uidInOwn } from '../../src/plonemeeting/own-identifier.js';
import type { CouncilSoapSettings } from './config.js';
import { wsdlFile } from './service.js';
import { fieldsAsked } from './simulated-fields.js';

/** That of the settings where they name none. */
const TIME_ZONE = 'Europe/Brussels';
const WRONG_PASSWORD = 'another-password-than-theirs';

export interface CouncilSoapOptions extends Omit<SimulatorOptions, 'town'> {
  /** The town, or how it is made of the moment at which it is opened. */
  readonly town?: SimulatedTown | ((now: number) => SimulatedTown);
  /** Its own, which need not be right. */
  readonly clock?: { now(): number };
  /** How it tells times; as the reference server if not given. */
  readonly dates?: CouncilSoapSettings['dates'];
  /** What the settings say beside address and account. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface CouncilSoapSimulator extends OtherSide {
  readonly desk: CouncilDesk;
  readonly mishaps: SoapMishaps;
  readonly url: string;
}

const MISHAP_OF: Readonly<Partial<Record<Behaviour, SoapMishap>>> = { refuses: 'refuses', 'loses-answer': 'lost', 'cuts-answer': 'cut', hangs: 'hang', throttles: 'throttle' };

/** The settings for a simulator at a port of this machine. */
export function settingsAt(port: number, settings: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { url: `http://${LOOPBACK}:${port}/ws4pm.wsdl`, login: SERVICE_LOGIN, password: PASSWORD, allowPrivate: true, ...settings };
}

/** A PloneMeeting that speaks ws4pm, and a page where one acts for its people. */
export async function openSimulator({ town, dates = 'wall', clock = { now: () => Date.now() }, ...options }: CouncilSoapOptions = {}): Promise<CouncilSoapSimulator> {
  const { folder, say, onNews, settings: more } = options;
  const desk = await createCouncilDesk({
    clock, newId: () => randomUUID().replaceAll('-', ''),
    ...town !== undefined && { town: typeof town === 'function' ? town(clock.now()) : town },
    ...folder !== undefined && { folder }, ...say !== undefined && { say }, ...onNews !== undefined && { onNews },
  });
  const mishaps = createSoapMishaps();
  const asked = new Map<string, Readonly<Record<string, FieldValue>>>();
  const face = {
    desk, mishaps, dates, timeZone: TIME_ZONE, wsdlFile: wsdlFile(),
    onCreation: (...[request, { item }]: Parameters<typeof fieldsAsked>) => { asked.set(item.uid, fieldsAsked(request, { item })); },
  };
  const server = await openHttpSimulator({
    ...options,
    reply: async (request, url) => await answerCouncilSoap(request, url, face) ?? await answerCouncilPage(request, url, desk) ?? { status: 404 },
    // which request makes an item is known only once it was read: see the mishaps
    handsOver: () => false,
  });
  const settings = settingsAt(Number(new URL(server.url).port), more);
  return {
    desk, mishaps, url: server.url, settings,
    page: `${server.url}/`,
    commands: { usage: [...COUNCIL_COMMANDS, `${SOAP_MISHAPS.join('|')} [operation]`], run: (typed) => carryOut(typed, desk, mishaps) },
    brokenSettings: { ...settings, password: WRONG_PASSWORD },
    secrets: [PASSWORD, WRONG_PASSWORD],
    delivered: () => Promise.resolve(desk.items().map(({ uid, externalIdentifier, title, annexes }): Arrival => {
      const fields = asked.get(uid);
      return { itemUid: itemUidOf(externalIdentifier), title, files: annexes.filter(({ relatedTo }) => relatedTo === 'item').map(({ sha256 }) => sha256), ...fields !== undefined && { fields } };
    })),
    behave(how) {
      const mishap = MISHAP_OF[how];
      if (how === 'well') mishaps.clear();
      else if (mishap !== undefined) mishaps.set(mishap);
      return server.behave(how);
    },
    answer: async (itemUid, answer) => {
      const item = desk.items().findLast(({ externalIdentifier }) => itemUidOf(externalIdentifier) === itemUid);
      if (item === undefined) throw new Error(`no item ${itemUid} is here`);
      if (answer.state === 'rejected') { await desk.people.remove(item.uid); return; }
      for (const { filename, content } of answer.documents) await desk.people.attach(item.uid, filename, content);
      await desk.people.decide(item.uid, 'accept');
    },
    async close() {
      await server.close();
      await desk.close();
    },
  };
}

async function carryOut(typed: string, desk: CouncilDesk, mishaps: SoapMishaps): Promise<readonly string[] | undefined> {
  const [word = '', operation] = typed.split(/\s+/);
  if (!isSoapMishap(word)) return runCouncilCommand(typed, desk);
  mishaps.set(word, operation);
  return [`From now on, until well: ${word}`];
}

/** Of an item of a conformance suite, or of one that we gave an identifier. */
function itemUidOf(externalIdentifier: string): string {
  return sampleUid(externalIdentifier) ?? uidInOwn(externalIdentifier) ?? externalIdentifier;
}
