import { Readable } from 'node:stream';
import { fakeTime, type FakeTime } from './fake-time.js';
import { memoryHistoryStore } from './memory-history-store.js';
import { NOW, PLAIN, sampleAuthority, withConfig } from './sample-authority.js';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import type { CouncilItem, CouncilQuery, CouncilReader, Deliberation } from '../../src/connector-api/deliberation.js';
import { NotSent, Refused } from '../../src/connector-api/failures.js';
import type { Reading } from '../../src/deliberation/backend.js';
import { createEmbeddedBackend } from '../../src/deliberation/embedded-backend.js';
import type { Authority } from '../../src/domain/authority.js';
import type { Item } from '../../src/domain/item.js';
import { RelaisError } from '../../src/errors.js';
import { createFacadeBackend, type FacadeBackend } from '../../src/facade/facade-backend.js';
import type { CopyStore, Forwarding, KnownLink, LinkStore } from '../../src/facade/store.js';

/** Connector behind the plain config. */
export const PM = 'pm';
export const FRESH_MS = 30_000;
export const TIMEOUT_MS = 4_000;

/** An authority whose plain config is decided on elsewhere; the other one stays here. */
export function backedAuthority(): Authority {
  return withConfig(sampleAuthority(), PLAIN, {
    backend: { connector: PM, forward: 'later', directWaitMs: 20_000, freshForMs: FRESH_MS, readTimeoutMs: TIMEOUT_MS, fields: {} },
    templates: [{ id: 'declared', title: 'Modèle déclaré', formats: ['pdf'], sourceFile: '/templates/point.html', appliesTo: 'item', enabled: true, states: [] }],
  });
}

/** An item over there, visible to whom `seenBy` says. */
export interface ThereItem extends CouncilItem { readonly seenBy?: readonly string[] }

export function councilItem(uid: string, change: Partial<ThereItem> = {}): ThereItem {
  return {
    uid, id: `id-${uid}`, configId: PLAIN, title: `Là-bas ${uid}`, creator: 'pmuser', creatorName: 'Une Personne', createdAt: NOW, modifiedAt: NOW,
    reviewState: 'validated', reviewStateTitle: 'Validé là-bas', proposingOrganisation: 'there', category: null, description: '<p>Là-bas</p>', detailedDescription: '',
    motivation: '', decision: '<p>Décidé</p>', preferredMeeting: null, meeting: null, externalIdentifier: '', address: `https://pm.example/${uid}`, extra: {},
    assembly: null, annexes: [], documents: [], ...change,
  };
}

/** A system over there that does what the test says, and what it was asked, in order. */
export interface Town {
  readonly items: Map<string, ThereItem>;
  readonly asked: string[];
  /** What every question meets before it is answered. */
  meets: (signal: AbortSignal) => Promise<void>;
  /** In place of what the items say. */
  linked: boolean | 'unsure' | undefined;
  /** Users that it does not know. */
  readonly strangers: Set<string>;
  /** It has no index of identifiers and passes the criterion over. */
  ignoresIdentifiers: boolean;
  /** A search ends with a failure after its first item. */
  breaksOff: boolean;
  /** Questions under way at the same time, at most. */
  most: number;
  readonly deliberation: Deliberation<unknown>;
}

export const UP = (): Promise<void> => Promise.resolve();
export const DOWN = (): Promise<void> => Promise.reject(new NotSent('pm.example cannot be reached: connection refused'));

export function scriptedTown(): Town {
  let underWay = 0;
  async function meet(what: string, reader: CouncilReader | undefined, signal: AbortSignal): Promise<void> {
    town.asked.push(what);
    underWay += 1;
    town.most = Math.max(town.most, underWay);
    try {
      await town.meets(signal);
    } finally {
      underWay -= 1;
    }
    if (typeof reader === 'string' && town.strangers.has(reader)) throw new Refused(`pm.example answered 400: ${reader} is not known`);
  }
  const sees = ({ seenBy }: ThereItem, reader: CouncilReader): boolean => seenBy === undefined || (reader !== null && seenBy.includes(reader));
  const town: Town = {
    items: new Map(), asked: [], meets: UP, linked: undefined, strangers: new Set(), ignoresIdentifiers: false, breaksOff: false, most: 0,
    deliberation: {
      directory: () => Promise.reject(new Error('not asked here')),
      user: () => Promise.reject(new Error('not asked here')),
      async item(uid, reader, _settings, context) {
        await meet(`item ${uid} as ${reader ?? 'account'}`, reader, context.signal);
        const item = town.items.get(uid);
        return item === undefined ? 'unknown' : sees(item, reader) ? item : 'hidden';
      },
      async *search(query, reader, _settings, context) {
        await meet(`search ${JSON.stringify(query)} as ${reader ?? 'account'}`, reader, context.signal);
        for (const item of [...town.items.values()].toSorted((a, b) => a.createdAt - b.createdAt)) {
          if (!sees(item, reader) || !holds(item, query, town)) continue;
          yield item;
          if (town.breaksOff) throw new NotSent('connection reset');
        }
      },
      async isLinked(identifier, configId, _settings, context) {
        await meet(`isLinked ${identifier} in ${configId ?? 'any'}`, null, context.signal);
        return town.linked ?? [...town.items.values()].some((item) => item.externalIdentifier === identifier && (configId === null || item.configId === configId));
      },
      async annexContent(place, reader, _settings, context) {
        await meet(`annex ${String(place)} as ${reader ?? 'account'}`, reader, context.signal);
        return place === 'gone' ? 'gone' : Readable.from([Buffer.from('bytes of '), Buffer.from(String(place))]);
      },
      async document(uid, templateId, reader, _settings, context) {
        await meet(`document ${templateId} of ${uid} as ${reader ?? 'account'}`, reader, context.signal);
        if (templateId.startsWith('broken')) throw new Refused('pm.example answered 500: no LibreOffice');
        return town.items.get(uid)?.documents.some((one) => one.templateId === templateId) === true ? Readable.from([Buffer.from(`document ${templateId}`)]) : 'not-offered';
      },
    },
  };
  return town;
}

function holds(item: ThereItem, query: CouncilQuery, { ignoresIdentifiers }: Town): boolean {
  const { configId, uid, title, externalIdentifier, reviewState } = query;
  return (configId === undefined || item.configId === configId) && (uid === undefined || item.uid === uid) && (title === undefined || item.title.includes(title))
    && (ignoresIdentifiers || externalIdentifier === undefined || item.externalIdentifier === externalIdentifier) && (reviewState === undefined || item.reviewState === reviewState);
}

export function forwarding(uid: string, change: Partial<Forwarding> = {}): Forwarding {
  return { uid, connector: PM, upstream: null, state: 'ready', since: NOW, reason: null, fix: null, ...change };
}

export interface MemoryCopies extends CopyStore {
  readonly kept: Map<string, { readonly value: unknown; readonly at: number }>;
  writes: number;
}

function memoryCopies(): MemoryCopies {
  const copies: MemoryCopies = {
    kept: new Map(), writes: 0,
    read: (authority, connector, kind, key) => Promise.resolve(copies.kept.get([authority, connector, kind, key].join('|')) ?? null),
    write(authority, connector, kind, key, value, at) {
      copies.writes += 1;
      copies.kept.set([authority, connector, kind, key].join('|'), { value: structuredClone(value), at });
      return Promise.resolve();
    },
    tidy: () => Promise.resolve(),
  };
  return copies;
}

function memoryLinks(forwardings: Map<string, Forwarding>, known: readonly KnownLink[]): LinkStore {
  return {
    ofItems: (_authority, uids) => Promise.resolve(new Map(uids.flatMap((uid) => { const one = forwardings.get(uid); return one === undefined ? [] : [[uid, one]]; }))),
    ofUpstream: (_authority, connector, upstream) => Promise.resolve(new Map([...forwardings.values()]
      .flatMap((one) => (one.connector === connector && one.upstream !== null && upstream.includes(one.upstream) ? [[one.upstream, one]] : [])))),
    known: (_authority, identifier, configId) => Promise.resolve(known.filter((one) => one.externalIdentifier === identifier && (configId === null || one.configId === configId))),
    importLinks: () => Promise.reject(new Error('not asked here')),
    countLinks: () => Promise.reject(new Error('not asked here')),
  };
}

export interface FacadeRig {
  readonly town: Town;
  readonly backend: FacadeBackend;
  readonly time: FakeTime;
  readonly copies: MemoryCopies;
  readonly forwardings: Map<string, Forwarding>;
  readonly items: Item[];
  readonly authority: Authority;
  as(user: string, freshForMs?: number): Reading;
  /** The same installation after a restart: copies in memory are gone. */
  restarted(): FacadeBackend;
}

export interface Given { readonly items?: readonly Item[]; readonly forwardings?: readonly Forwarding[]; readonly known?: readonly KnownLink[]; readonly authority?: Authority }

/** The facade of an authority over a scripted town. */
export function facadeRig({ items: given = [], forwardings: forwarded = [], known = [], authority = backedAuthority() }: Given = {}): FacadeRig {
  const town = scriptedTown();
  const time = fakeTime(NOW + 3_600_000);
  const copies = memoryCopies();
  const forwardings = new Map(forwarded.map((one) => [one.uid, one]));
  const items = [...given];
  const silent = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined, child: () => silent };
  const history = memoryHistoryStore(items);
  const start = (): FacadeBackend => createFacadeBackend({
    authority: authority.id, history, links: memoryLinks(forwardings, known), copies, clock: time, timer: time, logger: silent,
    embedded: createEmbeddedBackend({
      history, blobs: { read: (sha256) => Readable.from([Buffer.from(`blob ${sha256}`)]) },
      documents: { generate: (source, format) => Promise.resolve(Readable.from([Buffer.from(`made here of ${source} as ${format}`)])) },
    }),
    // The scripted town uses the signal alone.
    upstreamOf: (connector) => (connector === PM ? { deliberation: town.deliberation, settings: {}, context: (signal) => ({ signal }) as ConnectorContext } : undefined),
  });
  return {
    town, time, copies, forwardings, items, authority, backend: start(), restarted: start,
    as(user, freshForMs) {
      const reader = authority.users.get(user);
      if (reader === undefined) throw new Error(`nobody is ${user}`);
      return { authority, reader, ...(freshForMs === undefined ? {} : { freshForMs }) };
    },
  };
}

export async function text(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** The code of the error that it ends with, or the answer. */
export async function codeOf(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    return error instanceof RelaisError ? error.code : error;
  }
}
