import type { IncomingMessage } from 'node:http';
import { openHttpSimulator, type HttpReply } from '../../src/connector-kit/http-simulator.js';
import { readForm } from '../../src/connector-kit/read-form.js';
import { THROTTLE_SECONDS, type Arrival, type Behaviour, type OtherSide, type SimulatorOptions } from '../../src/connector-kit/rehearsal.js';
import { postedAction } from './simulated-action.js';
import { ACCOUNT, answerQuestion, BROWSER, carryOut, exceptionReply } from './simulated-face.js';
import { actAs, answerPage, documentsOf, PEOPLE_COMMANDS } from './simulated-people.js';
import { openVault, type Entry, type Vault } from './simulated-vault.js';

const PASSWORD = 'rehearsal-of-the-repository';
const WRONG = 'another-password-of-the-repository';

/** The property that people know documents by, for updates. */
const GED_PROPERTY = 'act:ged';
export const KEY_PROPERTY = 'rel:key';

/** What can be wrong with it beside the behaviours: every request is answered with the page of a login, or sent there; something before it
 * says 404; paths are not made of names as they are; nothing may be written; a proxy takes no large body. */
const MISHAPS = ['login-page', 'login-redirect', 'proxy-404', 'own-paths', 'read-only', 'too-large'] as const;

type Mishap = (typeof MISHAPS)[number];

export interface CmisSimulatorOptions extends SimulatorOptions {
  /** So many documents stand there already, known as GED-1, GED-2 and so on. */
  readonly standing?: number;
  /** Relais writes its key into a property. */
  readonly keyed?: boolean;
}

export interface CmisSimulator extends OtherSide {
  readonly url: string;
  readonly vault: Vault;
  readonly mishaps: Set<Mishap>;
}

/** Settings for a simulated repository at an address. */
export function settingsFor(url: string, keyed = true): OtherSide['settings'] {
  return {
    url: `${url}${BROWSER}`, user: ACCOUNT, password: PASSWORD, folder: '/Conseil', type: 'D:act:deliberation', namedBy: `property:${GED_PROPERTY}`, allowPrivate: true,
    ...(keyed && { key: { property: KEY_PROPERTY, aspect: 'P:rel:deliverable' } }),
  };
}

/** A simulated repository, with a folder /Conseil. */
export async function openSimulator({ standing = 0, keyed = true, ...options }: CmisSimulatorOptions = {}): Promise<CmisSimulator> {
  const vault = await openVault(options.folder);
  const mishaps = new Set<Mishap>();
  let behaviour: Behaviour = 'well';
  if (vault.entries().length === 1) furnish(vault, standing);
  const server = await openHttpSimulator({
    ...options,
    async reply(request, url) {
      const early = refusalOf(request, url, mishaps);
      if (early !== null) return early;
      if (request.method !== 'POST') return answerPage(request, url, vault) ?? answerQuestion(url, vault, mishaps.has('own-paths'));
      const posted = postedAction(await readForm(request));
      const handsOver = posted.action === 'createDocument' || posted.action === 'checkIn';
      const instead = handsOver ? INSTEAD[behaviour] : undefined;
      if (instead !== undefined) return instead;
      const reply = carryOut(posted, vault);
      await vault.save();
      return handsOver ? { ...reply, ...ENDING[behaviour] } : reply;
    },
    // What hands an item over is told by the body alone, so that the behaviours are played above.
    handsOver: () => false,
  });
  const settings = settingsFor(server.url, keyed);
  return {
    url: server.url, vault, mishaps, settings,
    brokenSettings: { ...settings, password: WRONG },
    secrets: [PASSWORD, WRONG],
    page: `${server.url}/`,
    commands: {
      usage: [...PEOPLE_COMMANDS, `mishap <${MISHAPS.join(' | ')}>: it happens from now on, until it is typed again`],
      run: async (typed) => runMishap(typed, mishaps) ?? await actAs(typed, vault),
    },
    delivered: () => Promise.resolve(standing > 0 ? updatesIn(vault) : arrivalsIn(vault, keyed)),
    async behave(how) {
      behaviour = how;
      await server.behave(how === 'down' ? 'down' : 'well');
    },
    close: () => server.close(),
  };
}

const INSTEAD: Readonly<Partial<Record<Behaviour, HttpReply>>> = {
  refuses: exceptionReply('constraint', 'This is not accepted here.'),
  throttles: { status: 429, headers: { 'retry-after': String(THROTTLE_SECONDS) }, body: JSON.stringify({ exception: 'tooManyRequests', message: 'Too many requests' }) },
  hangs: { status: 200, ending: 'never' },
};
const ENDING: Readonly<Partial<Record<Behaviour, Pick<HttpReply, 'ending'>>>> = { 'loses-answer': { ending: 'lost' }, 'cuts-answer': { ending: 'cut' } };

function furnish(vault: Vault, standing: number): void {
  const folder = vault.add({ kind: 'cmis:folder', parentId: vault.root.id, name: 'Conseil', type: 'cmis:folder', aspects: [], values: {} }, null);
  for (let number = 1; number <= standing; number += 1) {
    vault.add({ kind: 'cmis:document', parentId: folder.id, name: `Courrier ${number}.pdf`, type: 'D:act:deliberation', aspects: ['P:act:known'], values: { [GED_PROPERTY]: [`GED-${number}`] } }, null);
  }
}

function refusalOf({ headers, method }: IncomingMessage, { pathname }: URL, mishaps: ReadonlySet<Mishap>): HttpReply | null {
  if (mishaps.has('login-page')) return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><title>Alfresco</title><form>Connexion</form></html>' };
  if (mishaps.has('login-redirect')) return { status: 302, headers: { location: 'https://sso.ville.example/login' } };
  if (pathname === '/') return null;
  if (mishaps.has('proxy-404')) return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html><h1>Not Found</h1></html>' };
  if (headers.authorization !== `Basic ${Buffer.from(`${ACCOUNT}:${PASSWORD}`).toString('base64')}`) return { status: 401, headers: { 'www-authenticate': 'Basic realm="CMIS"' }, body: '<html>Authorization Required</html>' };
  if (method === 'POST' && mishaps.has('too-large')) return { status: 413, headers: { 'content-type': 'text/html' }, body: '<html><h1>Request Entity Too Large</h1></html>' };
  return method === 'POST' && mishaps.has('read-only') ? exceptionReply('permissionDenied', 'Access is denied') : null;
}

function runMishap(typed: string, mishaps: Set<Mishap>): readonly string[] | undefined {
  const [word, name] = typed.trim().split(/\s+/);
  const mishap = MISHAPS.find((one) => one === name);
  if (word !== 'mishap' || mishap === undefined) return undefined;
  if (!mishaps.delete(mishap)) mishaps.add(mishap);
  return [`${mishap}: ${mishaps.has(mishap) ? 'from now on' : 'no longer'}`];
}

/** Items whose main document is there: it is brought last. */
function arrivalsIn(vault: Vault, keyed: boolean): readonly Arrival[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of documentsOf(vault)) {
    const [group = entry.parentId ?? ''] = keyed ? entry.values[KEY_PROPERTY]?.[0]?.match(/^.+(?=\/)/) ?? ['-'] : [/ \[[0-9a-f]{12}\]/.exec(entry.name)?.[0]];
    groups.set(group, [...groups.get(group) ?? [], entry]);
  }
  return [...groups].flatMap(([key, entries]) => {
    const main = entries.find(({ type }) => type === 'D:act:deliberation');
    if (key === '-' || main === undefined) return [];
    const others = entries.filter((entry) => entry !== main).toSorted((a, b) => Number(a.id) - Number(b.id));
    const itemUid = keyed ? key.split('/', 1)[0] ?? '' : main.name.split(' ', 1)[0] ?? '';
    return [{ itemUid, files: [main, ...others].map((entry) => entry.versions.at(-1)?.content?.sha256 ?? ''), fields: { ...readBack(main), folder: vault.pathOf(main).split('/').slice(2, -1).join('/'), name: main.name } }];
  });
}

function updatesIn(vault: Vault): readonly Arrival[] {
  return documentsOf(vault).flatMap((entry) => entry.versions.flatMap(({ label, comment, content }) => {
    const [, words = '', itemUid] = /^(.*?) ?\[relais ([^/]+)\//.exec(comment) ?? [];
    return itemUid === undefined ? [] : [{ itemUid, files: content === null ? [] : [content.sha256], fields: { ...readBack(entry), comment: words, major: label.endsWith('.0') } }];
  }));
}

function readBack({ type, aspects, values }: Entry): NonNullable<Arrival['fields']> {
  const own = Object.entries(values).filter(([id]) => id !== KEY_PROPERTY && id !== GED_PROPERTY);
  return { type, aspects: aspects.filter((aspect) => aspect !== 'P:rel:deliverable'), ...Object.fromEntries(own.map(([id, texts]) => [`property.${id}`, texts.join('\n')])) };
}
