import type { IncomingMessage } from 'node:http';
import { openHttpSimulator, type HttpReply } from '../../src/connector-kit/http-simulator.js';
import type { Arrival, OtherSide, SimulatedAnswer, SimulatorOptions } from '../../src/connector-kit/rehearsal.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { readUpdateMark } from './mark.js';
import { answerRest, failure, MISHAPS, type Mishap } from './simulated-face.js';
import { openOffice, type Letter, type Office } from './simulated-office.js';
import { actAs, answerPage, PEOPLE_COMMANDS, signedAnswer } from './simulated-people.js';

const LOGIN = 'ws-relais';
const PASSWORD = 'rehearsal-of-the-mail-office';
const WRONG = 'another-password-of-the-office';
const MEMBER = 'relais';

/** Member of the external identifiers of letters that stand there already, for updates. */
export const GED = 'ged';

export interface MaarchSimulatorOptions extends SimulatorOptions {
  readonly clock?: { now(): number };
  /** So many letters stand there already, known as GED-1, GED-2 and so on. */
  readonly standing?: number;
  readonly operation?: 'create-resource' | 'update-resource';
}

export interface MaarchSimulator extends OtherSide {
  readonly url: string;
  readonly office: Office;
  readonly mishaps: Set<Mishap>;
}

/** Settings for a simulated Maarch at an address. */
export function settingsFor(url: string): OtherSide['settings'] {
  return {
    url, login: LOGIN, password: PASSWORD, model: 1, models: { outgoing: 2, internal: 3 }, doctype: 102, customFields: { amount: 12, reference: 13 },
    attachmentTypes: { 'signed-document': 'acte' }, namedBy: `externalId:${GED}`, doneStatuses: ['END'], refusedStatuses: ['SSUITE'], bringBack: ['response_project'], allowPrivate: true,
  };
}

/** A simulated Maarch Courrier with an agent who acts on its page. */
export async function openSimulator({ clock = { now: () => Date.now() }, standing = 0, operation = 'create-resource', ...options }: MaarchSimulatorOptions = {}): Promise<MaarchSimulator> {
  const office = await openOffice(clock, options.folder);
  const mishaps = new Set<Mishap>();
  if (office.letters().length === 0) {
    for (let number = 1; number <= standing; number += 1) office.addLetter({ members: { modelId: 1, doctype: 102, subject: `Courrier ${number}`, senders: [{ id: 12, type: 'contact' }] }, status: 'COU', externalId: { [GED]: `GED-${number}` }, file: null }, true);
  }
  const server = await openHttpSimulator({
    ...options,
    async reply(request, url) {
      if (!url.pathname.startsWith('/rest/')) return await answerPage(request, url, office) ?? { status: 404, body: 'No such address.' };
      const reply = refusalOf(request, mishaps) ?? await answerRest(request, url, office, mishaps);
      await office.save();
      return reply;
    },
    // An update is whole with its last call.
    handsOver: ({ method }, { pathname }) => (operation === 'create-resource' ? method === 'POST' && pathname === '/rest/resources' : method === 'PUT' && pathname === '/rest/res/resource/status'),
    refusal: failure('Body doctype does not exist'),
  });
  const settings = settingsFor(server.url);
  return {
    url: server.url, office, mishaps, settings,
    brokenSettings: { ...settings, password: WRONG },
    secrets: [PASSWORD, WRONG],
    page: `${server.url}/`,
    commands: {
      usage: [...PEOPLE_COMMANDS, `mishap <${MISHAPS.join(' | ')}>: it happens from now on, until it is typed again`],
      async run(typed) {
        const lines = runMishap(typed, mishaps) ?? await actAs(typed, office);
        if (lines !== undefined) options.onNews?.();
        return lines;
      },
    },
    delivered: () => Promise.resolve(office.letters().flatMap((letter) => arrivalOf(letter, office, operation))),
    behave: (how) => server.behave(how),
    answer: (itemUid, answer) => answerLetter(office, itemUid, answer),
    close: () => server.close(),
  };
}

function refusalOf({ headers }: IncomingMessage, mishaps: ReadonlySet<Mishap>): HttpReply | null {
  if (mishaps.has('login-page')) return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><title>Maarch Courrier</title><form>Connexion</form></html>' };
  if (mishaps.has('login-redirect')) return { status: 302, headers: { location: 'https://sso.ville.example/login' } };
  const expected = `Basic ${Buffer.from(`${LOGIN}:${PASSWORD}`).toString('base64')}`;
  return headers.authorization === expected ? null : failure('Authentication Failed', 401);
}

function runMishap(typed: string, mishaps: Set<Mishap>): readonly string[] | undefined {
  const [word, name] = typed.trim().split(/\s+/);
  const mishap = MISHAPS.find((one) => one === name);
  if (word !== 'mishap' || mishap === undefined) return undefined;
  if (!mishaps.delete(mishap)) mishaps.add(mishap);
  return [`${mishap}: ${mishaps.has(mishap) ? 'from now on' : 'no longer'}`];
}

async function answerLetter(office: Office, itemUid: string, answer: SimulatedAnswer): Promise<void> {
  const letter = office.letters().find((one) => arrivalOf(one, office, 'create-resource').some((arrival) => arrival.itemUid === itemUid));
  if (letter === undefined) throw new Error(`there is no letter of item ${itemUid}`);
  if (answer.state === 'rejected') office.note(letter, answer.reason);
  else for (const { filename, content } of answer.documents) signedAnswer(letter, filename.replace(/\.pdf$/, ''), content, office);
  letter.status = answer.state === 'rejected' ? 'SSUITE' : 'END';
  await office.save();
}

/** A letter as the connector sent or changed it; none for one that it did not touch, or has not finished with. */
function arrivalOf(letter: Letter, office: Office, operation: 'create-resource' | 'update-resource'): readonly Arrival[] {
  const { resId, externalId, file, members, status } = letter;
  const attached = office.attachments(resId).filter(({ content }) => content === null);
  if (operation === 'create-resource') {
    const mark = externalId[MEMBER];
    if (typeof mark !== 'string') return [];
    return [{ itemUid: mark.split('/', 1)[0] ?? '', files: [...file === null ? [] : [file.sha256], ...attached.map((one) => one.file.sha256)], fields: fieldsOf(letter) }];
  }
  return Object.entries(externalId).flatMap(([name, value]) => {
    const mark = name.startsWith(`${MEMBER}-`) ? readUpdateMark(value) : null;
    if (mark === null) return [];
    const added = attached.filter(({ id }) => id > mark.since);
    const isWhole = added.length >= mark.attachments && (mark.statusAsked === '' || status !== mark.statusBefore);
    return isWhole ? [{ itemUid: mark.itemUid, files: added.map((one) => one.file.sha256), fields: fieldsOf({ ...letter, members }) }] : [];
  });
}

/** The fields of the connector, read back from what Maarch holds. */
function fieldsOf({ members, status, chrono }: Letter): Readonly<Record<string, FieldValue>> {
  const { customFields = {}, senders, recipients, diffusionList, folders, tags, modelId, ...others } = members;
  const people = (list: unknown): readonly string[] => (list as { type: string; id: number; mode?: string }[]).map(({ type, id, mode }) => [mode, type, id].filter((part) => part !== undefined).join(':'));
  return {
    ...others as Record<string, FieldValue>, status, chrono: chrono !== null, modelId: modelId as number,
    ...(senders !== undefined && { senders: people(senders) }), ...(recipients !== undefined && { recipients: people(recipients) }),
    ...(diffusionList !== undefined && { diffusionList: people(diffusionList) }),
    ...(folders !== undefined && { folders: (folders as number[]).map(String) }), ...(tags !== undefined && { tags: (tags as number[]).map(String) }),
    ...Object.fromEntries(Object.entries(customFields as Record<string, FieldValue>).map(([id, value]) => [`custom.${id}`, String(value)])),
  };
}
