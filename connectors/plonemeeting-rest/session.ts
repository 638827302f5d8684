import { z } from 'zod';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Misconfigured, OutcomeUnknown } from '../../src/connector-api/failures.js';
import { nameThere } from '../../src/plonemeeting/settings.js';
import { createApi, notPloneMeeting, type Api } from './api.js';
import type { RestSettings } from './config.js';

/** Versions of plonemeeting.restapi (contracts/plonemeeting-rest.md §7). */
export type Version = readonly [number, number];
const OLDEST: Version = [2, 0];
/** From then on `@get` by UID tells apart what is not there and what may not be seen. */
export const TELLS_HIDDEN: Version = [2, 12];
/** From then on `@get` by external identifier does. */
export const TELLS_LINKED: Version = [2, 13];

/** Who and what PloneMeeting is is asked again after so long. */
const REMEMBERED_MS = 600_000;

const infos = z.object({
  connected_user: z.string().nullish().transform((user) => (user === undefined || user === '' ? null : user)),
  packages: z.record(z.string(), z.unknown()).default({}),
});

export interface Server {
  readonly version: string;
  readonly release: Version;
  /** Id of the user behind the account. */
  readonly user: string;
}

interface Memory {
  server: { readonly known: Server; readonly at: number } | null;
}

const memories = new WeakMap<RestSettings, Memory>();

export interface Session {
  readonly api: Api;
  /** Throws Misconfigured for an account that is not known there, and for a version that is too old. Remembered; `anew` asks again. */
  readonly server: (anew?: boolean) => Promise<Server>;
  /** What PloneMeeting calls a user of Relais; null for nobody: the account itself acts. */
  readonly actingUser: (user: string | null) => Promise<string | null>;
}

/** The PloneMeeting of these settings; all calls share what is known of it. */
export function openSession(settings: RestSettings, context: Pick<ConnectorContext, 'http' | 'clock'>): Session {
  const memory = memories.get(settings) ?? { server: null };
  memories.set(settings, memory);
  const api = createApi(settings, context, async () => (await readInfos(api)).connected_user !== null);

  async function server(anew = false): Promise<Server> {
    const { server: told } = memory;
    if (!anew && told !== null && context.clock.now() - told.at < REMEMBERED_MS) return told.known;
    const known = serverOf(await readInfos(api), settings, api);
    memory.server = { known, at: context.clock.now() };
    return known;
  }

  async function actingUser(user: string | null): Promise<string | null> {
    if (user === null) return null;
    const name = nameThere(user, settings);
    const { user: own } = await server();
    return name === own ? null : name;
  }

  return { api, server, actingUser };
}

/** True from a version on. */
export function isSince({ release: [major, minor] }: Pick<Server, 'release'>, [sinceMajor, sinceMinor]: Version): boolean {
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

async function readInfos(api: Api): Promise<z.infer<typeof infos>> {
  const answered = await api.ask({ path: '/@infos' });
  if ('rejected' in answered) {
    const { rejected } = answered;
    if (rejected.status === 401) return { connected_user: null, packages: {} };
    if (rejected.status === 404) throw new Misconfigured(`${api.who} has no plonemeeting.restapi at the address of setting «url».`);
    // Nothing is asked to explain the answer to this question: that would ask it again.
    if (!rejected.isJson && rejected.status < 500 && rejected.status !== 429) throw notPloneMeeting(`${api.who} answered ${rejected.status}${rejected.message === '' ? '' : `: ${rejected.message}`}`);
    throw await api.failure(rejected);
  }
  const read = infos.safeParse(answered.body);
  if (!read.success) throw new OutcomeUnknown(`${api.who} answered something else than what it is (@infos).`);
  return read.data;
}

function serverOf({ connected_user: user, packages }: z.infer<typeof infos>, { login }: RestSettings, { who }: Api): Server {
  if (user === null) throw new Misconfigured(`${who} does not know the account «${login}», or takes it for anonymous. Settings «login» and «password»: give those of a user of PloneMeeting.`);
  const told = packages['plonemeeting.restapi'];
  const version = typeof told === 'string' ? told : '';
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  const release: Version = [Number(major ?? NaN), Number(minor ?? NaN)];
  if (!isSince({ release }, OLDEST)) throw new Misconfigured(`${who} has plonemeeting.restapi ${version === '' ? 'of an unknown version' : version}, and 2.0 or later is needed. Older servers: the connector plonemeeting-soap.`);
  return { version, release, user };
}
