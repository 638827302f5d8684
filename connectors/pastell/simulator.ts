import path from 'node:path';
import { Readable } from 'node:stream';
import { openHttpSimulator } from '../../src/connector-kit/http-simulator.js';
import type { Arrival, OtherSide, SimulatedAnswer, SimulatorOptions } from '../../src/connector-kit/rehearsal.js';
import { createDeskSigners } from '../../src/signature-desk/desk-signers.js';
import { createStateDesk } from '../../src/state-desk/state-desk.js';
import { PASTELL_COMMANDS, runPastellCommand } from './simulated-commands.js';
import { daemonRound } from './simulated-daemon.js';
import type { SimulatedDocument } from './simulated-document.js';
import { createPastellFace } from './simulated-face.js';
import { openPastellLedger } from './simulated-ledger.js';
import { createPastellLogin, type PastellLogin } from './simulated-login.js';
import { createMishaps } from './simulated-mishaps.js';
import { answerPeoplePage } from './simulated-page.js';
import { releaseOf, type PastellVersion } from './simulated-release.js';
import { errorReply } from './simulated-reply.js';
import { documentTypes, LETTER_TYPE } from './simulated-types.js';
import { ENTITY, titleOf, typeNamed, type Pace, type PastellWorld } from './simulated-world.js';

const LOGIN = 'ws-relais';
const PASSWORD = 'rehearsal-of-pastell';
const TOKEN = 'token-of-the-rehearsal-of-pastell';
const WRONG = 'another-password-of-pastell';

export interface PastellSimulatorOptions extends SimulatorOptions {
  /** The newest one if not given. */
  readonly version?: PastellVersion;
  /** When the daemon goes on with what it can; at once if not given. */
  readonly pace?: Pace;
  /** The simulated server's clock; the real one if not given. */
  readonly clock?: { now(): number };
}

export interface PastellSimulator extends OtherSide {
  /** `itemUid`: the id of a document, the number of an act or a title. */
  answer: NonNullable<OtherSide['answer']>;
  readonly url: string;
  readonly world: PastellWorld;
  readonly login: PastellLogin;
  readonly documents: () => readonly SimulatedDocument[];
  /** Those that were handed over, in the order of `delivered`. */
  readonly started: () => readonly SimulatedDocument[];
  /** Settings with a token in place of login and password, for versions that have them. */
  readonly tokenSettings: OtherSide['settings'];
}

/** Settings for a simulated Pastell at an address. */
export function settingsFor(url: string): OtherSide['settings'] {
  return { url, entity: ENTITY.id, login: LOGIN, password: PASSWORD, allowPrivate: true };
}

/** A simulated Pastell with a signature book, a prefecture and a treasury of its own (contracts/pastell.md). */
export async function openPastellSimulator({ version = '4.1.0', pace = 'at-once', clock = { now: () => Date.now() }, ...options }: PastellSimulatorOptions = {}): Promise<PastellSimulator> {
  const { folder } = options;
  const say = options.say ?? (() => undefined);
  const state = await createStateDesk({ clock, say, ...(folder !== undefined && { folder: path.join(folder, 'state') }) });
  const ledger = await openPastellLedger(folder, () => signers.made());
  const signers = createDeskSigners(ledger.signers);
  const release = releaseOf(version);
  const world: PastellWorld = { release, types: documentTypes(release), ledger, state, signers, clock, pace, say, mishaps: createMishaps(), classificationDate: state.prefecture.classification().date, nextIds: [] };
  const login = createPastellLogin({ login: LOGIN, password: PASSWORD, token: TOKEN, isDisabled: () => world.mishaps.has('disabled') }, release, () => clock.now());
  const face = createPastellFace(world, login);
  const server = await openHttpSimulator({
    ...options,
    async reply(request, url) {
      if (url.pathname.startsWith('/api/')) return face(request, url);
      const page = await answerPeoplePage(request, url, world) ?? errorReply(404, 'Cette page n\'existe pas.');
      if (request.method === 'POST') options.onNews?.();
      return page;
    },
    handsOver: ({ method }, { pathname }) => method === 'POST' && /\/action\/(?:send-|orientation)[^/]*$/.test(pathname),
  });
  const started = () => [...ledger.documents.values()].filter(({ isStarted, type }) => isStarted && type !== LETTER_TYPE);
  return {
    url: server.url, world, started, login, settings: settingsFor(server.url), tokenSettings: { url: server.url, entity: ENTITY.id, token: TOKEN, allowPrivate: true },
    brokenSettings: { ...settingsFor(server.url), password: WRONG }, secrets: [PASSWORD, WRONG, TOKEN], page: `${server.url}/`,
    documents: () => [...ledger.documents.values()],
    commands: {
      usage: PASTELL_COMMANDS,
      async run(typed) {
        const done = await runPastellCommand(typed, world);
        if (done !== undefined) options.onNews?.();
        return done;
      },
    },
    delivered: () => Promise.resolve(started().map((document) => arrivalOf(document, world))),
    async behave(how) {
      // a form that never becomes complete is what no document gets past
      world.mishaps.toggle('never-complete', how === 'refuses');
      await server.behave(how === 'refuses' ? 'well' : how);
    },
    answer: (itemUid, answer) => answerStanding(itemUid, answer, world),
    async close() {
      await server.close();
      await ledger.settled();
      await state.close();
    },
  };
}

/** A document as it was sent. It is known by the number of its act, else by its title: nothing in Pastell holds the uid of an item. */
function arrivalOf(document: SimulatedDocument, world: PastellWorld): Arrival {
  const type = typeNamed(document.type, world);
  const files = type.files.flatMap((field) => (field === type.signs.document && type.signs.original !== null && document.files[type.signs.original]) || (document.files[field] ?? []));
  return { itemUid: nameOf(document, world), files: files.map(({ sha256 }) => sha256), title: titleOf(document, type), fields: document.values };
}

function nameOf(document: SimulatedDocument, world: PastellWorld): string {
  return document.values['numero_de_lacte'] ?? titleOf(document, typeNamed(document.type, world));
}

/** An answer that stands from now on, whoever is asked. */
async function answerStanding(named: string, answer: SimulatedAnswer, world: PastellWorld): Promise<void> {
  await world.ledger.inTurn(async () => {
    const document = [...world.ledger.documents.values()].find((one) => one.id === named || nameOf(one, world) === named);
    if (document === undefined) throw new Error(`there is no document of ${named}`);
    if (answer.state === 'rejected') document.standing = answer;
    else {
      const files = [];
      for (const { filename, content } of answer.documents) files.push({ filename, ...await world.state.files.keep(Readable.from([content])) });
      document.standing = { state: 'done', files };
    }
    await daemonRound(world);
  });
}
