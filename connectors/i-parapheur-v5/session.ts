import { z } from 'zod';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Misconfigured } from '../../src/connector-api/failures.js';
import { createApi, element, type Api } from './api.js';
import type { V5Settings } from './config.js';
import { createTokenKeeper, type TokenKeeper } from './token.js';

/** What lists give of tenants, desks, types and sub-types. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

export const named: z.ZodType<Named> = z.object({ id: z.string().min(1), name: z.string() });

/** Names are looked up again after so long. */
const REMEMBERED_MS = 600_000;

/** What is known of one i-Parapheur for as long as its settings are in force. */
interface Memory {
  readonly tokens: TokenKeeper;
  desk: { readonly path: string; readonly at: number } | null;
  readonly lists: Map<string, { readonly rows: readonly Named[]; readonly at: number }>;
}

const memories = new WeakMap<V5Settings, Memory>();

export interface Session {
  readonly api: Api;
  /** Path of the desk that emits: `/tenant/…/desk/…`. Throws Misconfigured where there is none of that name. */
  readonly desk: () => Promise<string>;
  /** Rows of a list below the desk, remembered for a while; `anew` asks again. */
  list(path: string, anew?: boolean): Promise<readonly Named[]>;
  /** Looks everything up anew from now on. */
  forget(): void;
}

/** The i-Parapheur of these settings; all deliveries share its token and what was looked up. */
export function openSession(settings: V5Settings, context: Pick<ConnectorContext, 'http' | 'clock' | 'signal'>): Session {
  const memory: Memory = memories.get(settings) ?? { tokens: createTokenKeeper(settings), desk: null, lists: new Map() };
  memories.set(settings, memory);
  const api = createApi(settings, memory.tokens, context);
  const isRecent = ({ at }: { readonly at: number }): boolean => context.clock.now() - at < REMEMBERED_MS;

  async function desk(): Promise<string> {
    if (memory.desk !== null && isRecent(memory.desk)) return memory.desk.path;
    const tenant = await find(api, '/tenant', 'tenant', settings.tenant);
    const found = await find(api, `/tenant/${element(tenant)}/desk`, 'desk', settings.desk);
    memory.desk = { path: `/tenant/${element(tenant)}/desk/${element(found)}`, at: context.clock.now() };
    return memory.desk.path;
  }

  async function list(path: string, anew = false): Promise<readonly Named[]> {
    const known = memory.lists.get(path);
    if (known !== undefined && !anew && isRecent(known)) return known.rows;
    const rows = await api.rows(`${await desk()}${path}`, named);
    memory.lists.set(path, { rows, at: context.clock.now() });
    return rows;
  }

  function forget(): void {
    memory.desk = null;
    memory.lists.clear();
  }

  return { api, desk, list, forget };
}

async function find(api: Api, path: string, setting: string, wanted: string): Promise<string> {
  const rows = await api.rows(path, named);
  const found = byName(rows, wanted);
  if (found !== undefined) return found.id;
  throw new Misconfigured(`Setting «${setting}»: found «${wanted}», expected one that this account may use: ${namesOf(rows)}.`);
}

/** By identifier, else by name. */
export function byName(rows: readonly Named[], wanted: string): Named | undefined {
  return rows.find(({ id }) => id === wanted) ?? rows.find(({ name }) => name.trim() === wanted.trim());
}

const SHOWN = 20;

export function namesOf(rows: readonly Named[]): string {
  if (rows.length === 0) return 'there is none';
  return `${rows.slice(0, SHOWN).map(({ name }) => `«${name}»`).join(', ')}${rows.length > SHOWN ? ' …' : ''}`;
}
