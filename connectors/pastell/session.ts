import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Misconfigured } from '../../src/connector-api/failures.js';
import { createAccountGate, type AccountGate } from './account-gate.js';
import { createApi, refusalOf, type Api, type ApiAnswer } from './api.js';
import type { PastellSettings } from './config.js';
import { releaseOf, type Release } from './release.js';
import { actionNames, documentTypes, formFields, shaped, version } from './shapes.js';

/** What a Pastell can do changes when it is upgraded (contracts/pastell.md §8: once a day). */
const REMEMBERED_MS = 24 * 3_600_000;

interface Memory {
  readonly gate: AccountGate;
  readonly looked: Map<string, { readonly at: number; readonly value: unknown }>;
  /** Drafts that were made here, by delivery, as long as nothing over there tells whose they are. */
  readonly bare: Map<string, string>;
  /** Documents that Relais removed. */
  readonly removed: Set<string>;
}

const memories = new WeakMap<PastellSettings, Memory>();

/** The Pastell of these settings: all deliveries share what was looked up. */
export interface Session {
  readonly api: Api;
  /** Number of the entity. */
  readonly entity: number;
  readonly bare: Map<string, string>;
  readonly removed: Set<string>;
  readonly release: () => Promise<Release>;
  /** Names of the fields that documents of a type have. Throws Misconfigured for a type that is not there for this account. */
  readonly fieldsOf: (type: string) => Promise<ReadonlySet<string>>;
  /** Names of the actions of a type. */
  readonly actionsOf: (type: string) => Promise<ReadonlySet<string>>;
  /** Looks everything up anew from now on. */
  readonly forget: () => void;
}

export function openSession(settings: PastellSettings, context: Pick<ConnectorContext, 'http' | 'clock'>): Session {
  const memory: Memory = memories.get(settings) ?? { gate: createAccountGate(), looked: new Map(), bare: new Map(), removed: new Set<string>() };
  memories.set(settings, memory);
  const api = createApi(settings, memory.gate, context);

  async function remembered<Value>(key: string, ask: () => Promise<Value>): Promise<Value> {
    const known = memory.looked.get(key);
    if (known !== undefined && context.clock.now() - known.at < REMEMBERED_MS) return known.value as Value;
    const value = await ask();
    memory.looked.set(key, { at: context.clock.now(), value });
    return value;
  }

  return {
    api, entity: settings.entity, bare: memory.bare, removed: memory.removed,
    release: () => remembered('version', async () => releaseOf(shaped(version, valueOf(await api.call({ method: 'GET', path: ['version'] }), 'to tell its version')).version)),
    fieldsOf: (type) => remembered(`flux/${type}`, async () => names(formFields, await ofType(api, type))),
    actionsOf: (type) => remembered(`flux/${type}/action`, async () => names(actionNames, await ofType(api, type, 'action'))),
    forget: () => { memory.looked.clear(); },
  };
}

function names(shape: typeof actionNames, value: unknown): ReadonlySet<string> {
  return new Set(Object.keys(shaped(shape, value)));
}

async function ofType(api: Api, type: string, ...below: string[]): Promise<unknown> {
  const answer = await api.call({ method: 'GET', path: ['flux', type, ...below] });
  if (answer.ok || (answer.status !== 404 && answer.status !== 403)) return valueOf(answer, `to describe the document type «${type}»`);
  const all = await api.call({ method: 'GET', path: ['flux'] });
  const known = all.ok ? Object.keys(shaped(documentTypes, all.value)).slice(0, SHOWN).map((name) => `«${name}»`).join(', ') : '';
  throw new Misconfigured(`The document type «${type}» is not there for the account of Relais (${answer.status}); expected one of ${known === '' ? 'none: it has no right on any' : known}.`);
}

const SHOWN = 30;

/** What was asked for. Throws what its refusal means. */
export function valueOf(answer: ApiAnswer, doing: string): unknown {
  if (answer.ok) return answer.value;
  throw refusalOf(answer, doing);
}
