import type { Announcement, Arrival, Collecting } from '../../src/connector-api/connector.js';
import type { CollectParts, CollectTarget, Collected } from '../../src/collect/collect-from.js';
import { collectFrom } from '../../src/collect/collect-from.js';
import type { CollectStore } from '../../src/collect/store.js';
import type { Intake } from '../../src/intake/accept-item.js';
import type { ItemPlace } from '../../src/domain/item-place.js';
import type { IntakeStore } from '../../src/intake/store.js';
import { createNewId } from '../../src/platform/new-id.js';
import { fakeTime, type FakeTime } from './fake-time.js';
import { memoryBlobStore } from './memory-blob-store.js';
import { recordingLogger } from './recording-logger.js';
import { DEVELOPERS, PLAIN, sampleAuthority } from './sample-authority.js';

export const PLACE: ItemPlace = { creator: 'creator1', source: 'prefecture', configId: PLAIN, organisation: DEVELOPERS, annexType: 'financial-analysis', reviewState: 'itemcreated' };

/** Another side with letters, which stay until they are marked. */
export interface OtherSide {
  readonly letters: Map<string, Arrival | 'gone'>;
  /** `list`, `fetch a`, `kept a`, in order. */
  readonly calls: string[];
  readonly collect: Collecting<unknown>;
  /** Thrown before a call that it names does anything. */
  readonly failures: Map<string, Error>;
  /** Thrown once the call has done what it does. */
  readonly failuresAfter: Map<string, Error>;
}

export function letter(title: string, change: Partial<Arrival> = {}): Arrival {
  return { kind: 'prefecture-letter', title, documents: [], ...change };
}

export function otherSide(letters: Readonly<Record<string, Arrival | 'gone'>> = {}): OtherSide {
  const waiting = new Map(Object.entries(letters));
  const [calls, failures, failuresAfter]: [string[], Map<string, Error>, Map<string, Error>] = [[], new Map(), new Map()];
  async function called<T>(name: string, work: () => T): Promise<T> {
    calls.push(name);
    await Promise.resolve();
    const [before, after] = [failures.get(name), failuresAfter.get(name)];
    if (before !== undefined) throw before;
    const result = work();
    if (after !== undefined) throw after;
    return result;
  }
  return {
    letters: waiting, calls, failures, failuresAfter,
    collect: {
      list: () => called('list', (): Announcement[] => [...waiting.keys()].map((key) => ({ key, data: { page: key } }))),
      fetch: ({ key }) => called(`fetch ${key}`, () => waiting.get(key) ?? 'gone'),
      kept: ({ key }) => called(`kept ${key}`, () => { waiting.delete(key); }),
    },
  };
}

/** A connector `platform` with that other side, asked every quarter of an hour. */
export function targetOf({ collect }: OtherSide, intake: Pick<Intake, 'acceptOnce'>): CollectTarget {
  const setting = { id: 'platform', type: 'scripted', settings: {}, limits: { concurrency: 1, perMinute: null, order: 'none' as const }, collect: { everyMs: 900_000, place: PLACE } };
  return { authority: { ...sampleAuthority(), connectors: [setting] }, setting, place: PLACE, everyMs: 900_000, collect, intake };
}

/** What collecting needs beside the store. */
export function collectParts(time: FakeTime = fakeTime()) {
  const logger = recordingLogger();
  const blobs = memoryBlobStore();
  const parts: Omit<CollectParts, 'store'> = {
    authority: () => sampleAuthority(), blobs: () => blobs, clock: time, timer: time, logger,
    http: () => () => Promise.reject(new Error('this other side uses no HTTP')), callBackUrl: () => 'http://127.0.0.1:9/callbacks/platform',
    newId: createNewId(), hide: (text) => text,
  };
  return { parts, logger, blobs };
}

/** One look with a store. */
export function collectOnce(target: CollectTarget, parts: Omit<CollectParts, 'store'>, store: Pick<CollectStore, 'itemOf'> & Pick<IntakeStore, 'takenBefore'>, signal = new AbortController().signal, behind?: ReadonlySet<string>): Promise<Collected> {
  return collectFrom(target, { ...parts, store }, signal, behind);
}
