import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { openHttpSimulator, type HttpReply } from '../../src/connector-kit/http-simulator.js';
import { LOOPBACK } from '../../src/connector-kit/loopback-server.js';
import type { OtherSide, SimulatorOptions } from '../../src/connector-kit/rehearsal.js';
import { runStateCommand, STATE_COMMANDS } from '../../src/state-desk/state-commands.js';
import { createStateDesk, type StateDesk } from '../../src/state-desk/state-desk.js';
import { answerStatePage } from '../../src/state-desk/state-page.js';
import { CERTIFICATES, LOGIN, PASSWORD } from './simulated-accounts.js';
import { actEndpoints } from './simulated-acts.js';
import { ko, webPage, xml } from './simulated-answers.js';
import { arrivals } from './simulated-arrivals.js';
import { AUTHORITY, SERVER } from './simulated-certificates.js';
import { confirmAct, confirmActs, createEntry } from './simulated-entry.js';
import { heliosEndpoints } from './simulated-helios.js';
import { MISHAPS, runMishap, type Mishap } from './simulated-mishaps.js';
import type { Endpoints, Platform } from './simulated-platform.js';

const WRONG_PASSWORD = 'ce-n-est-pas-le-bon';

export interface S2lowSimulatorOptions extends SimulatorOptions {
  /** Its own, which need not be right. */
  readonly clock?: { now(): number };
  /** Whose certificate the settings show: one with several accounts if not given. */
  readonly certificate?: keyof typeof CERTIFICATES;
  /** Treasury and prefecture accept by themselves what was sent. */
  readonly answersItself?: boolean;
  /** What the settings say beside address and account. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface S2lowSimulator extends OtherSide {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  readonly desk: StateDesk;
  readonly mishaps: Set<Mishap>;
}

/** The settings for a simulator at a port of this machine. Its certificates are known beforehand. */
export function settingsAt(port: number, { certificate = 'several', settings = {} }: Pick<S2lowSimulatorOptions, 'certificate' | 'settings'> = {}): Readonly<Record<string, unknown>> {
  const { cert, key } = CERTIFICATES[certificate];
  return { url: `https://${LOOPBACK}:${port}`, ...(certificate === 'several' && { login: LOGIN, password: PASSWORD }), tls: { ca: AUTHORITY, cert, key }, allowPrivate: true, ...settings };
}

/** Posts that hand something over (contracts/s2low.md §3, §5). */
const HANDS_OVER = /_transac_create\.php$|_reponse_create\.php$|_transac_cancel\.php$|_importer_fichier\.php$/;
const KO_FOR_EVER = 'Opération refusée : le module n\'est pas accessible à cette collectivité';

/** A simulated S2LOW with the treasury and the prefecture behind it. Programs come with a certificate, over TLS; people come to the same port
 * without one, over plain HTTP, to the page on which they answer for the State. */
export async function openS2lowSimulator(options: S2lowSimulatorOptions = {}): Promise<S2lowSimulator> {
  const { clock = { now: () => Date.now() }, folder, say, answersItself = false } = options;
  const desk = await createStateDesk({ clock, answersItself, ...(folder !== undefined && { folder }), ...(say !== undefined && { say }) });
  const mishaps = new Set<Mishap>();
  const answer = createPlatform({ desk, clock, has: (mishap) => mishaps.has(mishap) });
  let refuses = false;
  const server = await openHttpSimulator({
    ...options,
    // no newer version of TLS than the platform takes (contracts/s2low.md §1), so that a missing certificate already breaks the handshake
    tls: { ...SERVER, ca: AUTHORITY, requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' },
    async reply(request, url) {
      if (!(request.socket instanceof TLSSocket)) return await people(request, url, desk, options.onNews);
      return refuses && handsOver(request, url) ? refusal(url) : await answer(request, url);
    },
    handsOver,
  });
  const settings = settingsAt(Number(new URL(server.url).port), options);
  return {
    desk, mishaps, settings, url: server.url.replace('http:', 'https:'), page: `${server.url}/`,
    brokenSettings: { ...settings, login: LOGIN, password: WRONG_PASSWORD },
    secrets: [PASSWORD, WRONG_PASSWORD, CERTIFICATES[options.certificate ?? 'several'].key],
    commands: {
      usage: [...STATE_COMMANDS, `mishap <${MISHAPS.join(' | ')}>: it happens from now on, until it is typed again`],
      run: async (typed) => runMishap(typed, mishaps) ?? await runStateCommand(typed, desk),
    },
    delivered: () => Promise.resolve(arrivals(desk)),
    behave: (how) => {
      refuses = how === 'refuses';
      return server.behave(refuses ? 'well' : how);
    },
    async close() {
      await server.close();
      await desk.close();
    },
  };
}

function handsOver({ method }: IncomingMessage, { pathname }: URL): boolean {
  return method === 'POST' && HANDS_OVER.test(pathname);
}

/** The module of flows answers in XML (§5). */
function refusal({ pathname }: URL): HttpReply {
  return pathname.includes('/helios/') ? xml('import', `<id></id><resultat>KO</resultat><message>${KO_FOR_EVER}</message>`) : ko(KO_FOR_EVER);
}

async function people(request: IncomingMessage, url: URL, desk: StateDesk, onNews: SimulatorOptions['onNews']): Promise<HttpReply> {
  const page = await answerStatePage(request, url, desk);
  if (request.method === 'POST') onNews?.();
  // as a web server does for its port of TLS
  return page ?? { status: 400, headers: { 'content-type': 'text/plain' }, body: 'You are speaking plain HTTP to an SSL-enabled server port.' };
}

/** What answers programs. */
function createPlatform(platform: Platform): (request: IncomingMessage, url: URL) => Promise<HttpReply> {
  const { has } = platform;
  const entry = createEntry(platform);
  const endpoints: Endpoints = {
    ...actEndpoints(platform), ...heliosEndpoints(platform),
    '/modules/actes/actes_transac_post_confirm_api.php': ({ query, account }) => confirmAct(query, account, platform),
    '/modules/actes/actes_transac_post_confirm_api_multi.php': ({ query, account }) => confirmActs(query, account, platform),
  };
  return async (request, url) => {
    if (has('maintenance')) return webPage('Plate-forme en maintenance');
    if (has('login-page')) return webPage('Connexion', '<form method="post" action="/login.php"><input name="login"></form>');
    const open = entry.open(request, url);
    if (open !== undefined) return open;
    const account = entry.admit(request, url);
    if ('status' in account) return account;
    const reply = await endpoints[url.pathname]?.({ request, query: url.searchParams, account }) ?? { ...webPage('Page introuvable'), status: 404 };
    return has('gateway-timeout') && handsOver(request, url) ? { ...webPage('504 Gateway Time-out'), status: 504 } : reply;
  };
}
