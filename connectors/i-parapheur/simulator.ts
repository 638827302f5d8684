import { randomUUID } from 'node:crypto';
import { openHttpSimulator } from '../../src/connector-kit/http-simulator.js';
import { LOOPBACK } from '../../src/connector-kit/loopback-server.js';
import type { Arrival, Behaviour, OtherSide, SimulatorOptions } from '../../src/connector-kit/rehearsal.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { answerFolder } from '../../src/signature-desk/answer-folder.js';
import { createDesk, type Desk } from '../../src/signature-desk/desk.js';
import { DESK_COMMANDS, runDeskCommand } from '../../src/signature-desk/desk-commands.js';
import type { DeskFolder } from '../../src/signature-desk/desk-folder.js';
import { answerDeskPage } from '../../src/signature-desk/desk-page.js';
import type { DeskType } from '../../src/signature-desk/desk-types.js';
import { answerSoap, MTOM_PATH, PLAIN_PATH } from './soap-face.js';
import { createMishaps, isMishap, MISHAPS, type Mishap, type Mishaps } from './soap-face-mishaps.js';
import type { ServerVersion } from './soap-face-operations.js';
import { wsdlFile } from './service.js';

const LOGIN = 'relais@ville';
const PASSWORD = 'rehearsal-of-the-parapheur';
const WRONG_PASSWORD = 'another-password-than-theirs';

export interface ParapheurSimulatorOptions extends SimulatorOptions {
  /** Which port the settings point to; the one with MTOM if not given. */
  readonly files?: 'mtom' | 'plain';
  /** Histories, prefixes and words of this version; 5 if not given. */
  readonly version?: ServerVersion;
  readonly types?: readonly DeskType[];
  /** What the settings say beside address and account. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Its own, which need not be right. */
  readonly clock?: { now(): number };
}

export interface ParapheurSimulator extends OtherSide {
  readonly desk: Desk;
  readonly mishaps: Mishaps;
  readonly url: string;
}

const MISHAP_OF: Readonly<Partial<Record<Behaviour, Mishap>>> = { refuses: 'answers-ko', 'loses-answer': 'lost', 'cuts-answer': 'cut', hangs: 'hang', throttles: 'throttle' };

/** The settings for a simulator at a port of this machine. */
export function settingsAt(port: number, { files = 'mtom', settings = {} }: Pick<ParapheurSimulatorOptions, 'files' | 'settings'> = {}): Readonly<Record<string, unknown>> {
  return { url: `http://${LOOPBACK}:${port}${files === 'mtom' ? MTOM_PATH : PLAIN_PATH}`, login: LOGIN, password: PASSWORD, allowPrivate: true, ...settings };
}

/** A signature book with both ports, people who really sign, and a page where one acts for them. */
export async function openSimulator(options: ParapheurSimulatorOptions = {}): Promise<ParapheurSimulator> {
  const { version = '5', clock = { now: () => Date.now() }, types, folder, say } = options;
  const desk = await createDesk({ clock, newId: randomUUID, order: version, ...(types !== undefined && { types }), ...(folder !== undefined && { folder }), ...(say !== undefined && { say }) });
  const mishaps = createMishaps();
  const face = { desk, version, mishaps, login: LOGIN, password: PASSWORD, wsdlFile: wsdlFile() };
  const server = await openHttpSimulator({
    ...options,
    async reply(request, url) {
      const soap = await answerSoap(request, url, face);
      if (soap !== undefined) return soap;
      const page = await answerDeskPage(request, url, desk) ?? { status: 404 };
      if (request.method === 'POST') options.onNews?.();
      return page;
    },
    // which request hands a folder over is known only once it was read: see the mishaps
    handsOver: () => false,
  });
  const settings = settingsAt(Number(new URL(server.url).port), options);
  return {
    desk, mishaps, url: server.url, settings,
    page: `${server.url}/`,
    commands: { usage: [...DESK_COMMANDS, `${MISHAPS.join('|')} [operation]`], run: (typed) => carryOut(typed, desk, mishaps) },
    brokenSettings: { ...settings, password: WRONG_PASSWORD },
    secrets: [PASSWORD, WRONG_PASSWORD],
    delivered: () => Promise.resolve(desk.list().map(arrivalOf)),
    behave(how) {
      const mishap = MISHAP_OF[how];
      if (how === 'well') mishaps.clear();
      else if (mishap !== undefined) mishaps.set(mishap);
      return server.behave(how);
    },
    answer: (itemUid, answer) => answerFolder(desk, (folder) => uidOf(folder) === itemUid, answer),
    async close() {
      await server.close();
      await desk.close();
    },
  };
}

async function carryOut(typed: string, desk: Desk, mishaps: Mishaps): Promise<readonly string[] | undefined> {
  const [word = '', operation] = typed.split(/\s+/);
  if (!isMishap(word)) return runDeskCommand(typed, desk);
  mishaps.set(word, operation);
  return [`From now on, until well: ${word}`];
}

function arrivalOf(folder: DeskFolder): Arrival {
  const { originals, annexes, state } = folder;
  return { itemUid: uidOf(folder), files: [...originals, ...annexes].map(({ sha256 }) => sha256), fields: fieldsOf(folder), cancelled: state === 'recalled' };
}

/** The id of a folder begins with the uid of its item. */
function uidOf({ id }: DeskFolder): string {
  return id.replace(/-[^-]*$/, '');
}

/** As the step mapped them; which files are which is seen by the files. */
function fieldsOf({ title, type, subtype, visibility, deadline, publicAnnotation, privateAnnotation, emitter, xpath, format, metadata }: DeskFolder): Readonly<Record<string, FieldValue>> {
  return {
    title, type, subtype, visibility, deadline, publicAnnotation, privateAnnotation, emitter, xpath,
    expects: format === 'none' ? 'visa' : 'signature',
    mainDocument: null, supplementaryDocuments: null, annexes: null, visual: null, detachedSignature: null,
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`metadata.${name}`, value])),
  };
}
