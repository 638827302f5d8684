import { z } from 'zod';
import type { Connector, Probe, Receipt, Submission, Tracking } from '../../src/connector-api/connector.js';
import type { Deliberation } from '../../src/connector-api/deliberation.js';
import { NotSent } from '../../src/connector-api/failures.js';
import { rememberRecentItems } from '../../src/deliberation/create-item/recent-items.js';
import { createEngine, type Engine } from '../../src/delivery/engine.js';
import type { Timer } from '../../src/delivery/timer.js';
import type { Authority, ConnectorLimits } from '../../src/domain/authority.js';
import type { Flow } from '../../src/domain/flow.js';
import type { ConfigBackend } from '../../src/domain/meeting-config.js';
import { createForwardingWaits } from '../../src/facade/forwarding-waits.js';
import { createIntake } from '../../src/intake/accept-item.js';
import type { RequestStruct } from '../../src/soap/service.js';
import { createItemOperation } from '../../src/ws4pm/create-item.js';
import { plainRules } from './engine-rig.js';
import { waitFor } from './gateway-process.js';
import { memoryBlobStore } from './memory-blob-store.js';
import { call, readingContext } from './reading.js';
import { recordingLogger } from './recording-logger.js';
import { DEVELOPERS, PLAIN, sampleAuthority, withConfig } from './sample-authority.js';
import { UNLIMITED, type TempStore } from './temp-store.js';

/** A system that decides, as its connector sees it. A test changes how it behaves. */
export interface Upstream {
  /** Keys of what it took, in order: twice the same is twice the item. */
  readonly taken: string[];
  submit: (submission: Submission) => Promise<Receipt>;
  track: (receipt: Receipt) => Promise<Tracking>;
  isDown: boolean;
  readonly connector: Connector;
}

export function scriptedUpstream(): Upstream {
  const notAsked = (): never => { throw new Error('nothing is read here'); };
  const deliberation: Deliberation<unknown> = { directory: notAsked, user: notAsked, item: notAsked, search: notAsked, isLinked: notAsked, annexContent: notAsked, document: notAsked };
  const requireUp = (): void => { if (self.isDown) throw new NotSent('it does not answer'); };
  const receiptOf = (key: string): Receipt => ({ reference: `pm-${key}`, state: 'sent', results: { fields: { warnings: [`Taken as pm-${key}.`] } } });
  const self: Upstream = {
    taken: [], isDown: false,
    submit: ({ key }) => { self.taken.push(key); return Promise.resolve(receiptOf(key)); },
    track: () => Promise.resolve({ state: 'pending' }),
    connector: {
      manifest: { id: 'upstream', title: { fr: 'Conseil', en: 'Council' }, kinds: ['deliberation'], operations: { 'create-item': { idempotence: 'client-key', answersLater: true } } },
      settings: z.unknown(), deliberation, check: () => Promise.resolve(),
      async submit(submission, _settings, context) {
        requireUp();
        await context.markSent();
        return self.submit(submission);
      },
      async probe({ key }): Promise<Probe> {
        requireUp();
        return Promise.resolve(self.taken.includes(key) ? { found: receiptOf(key) } : 'absent');
      },
      async track(receipt) {
        requireUp();
        return self.track(receipt);
      },
    },
  };
  return self;
}

export interface ForwardingOptions {
  readonly forward?: ConfigBackend['forward'];
  readonly flows?: readonly Flow[];
  readonly order?: ConnectorLimits['order'];
}

/** A town whose plain config has that system behind it, and a connector `out` that takes everything. */
function town({ forward = 'later', flows = [], order = 'none' }: ForwardingOptions): Authority {
  const backend: ConfigBackend = { connector: 'pm', forward, directWaitMs: 20_000, freshForMs: 30_000, readTimeoutMs: 4_000, fields: {} };
  const connectors = [['pm', 'upstream'], ['out', 'partner']].map(([id = '', type = '']) => ({ id, type, settings: {}, limits: { ...UNLIMITED, concurrency: 4, order } }));
  return { ...withConfig(sampleAuthority(), PLAIN, { backend }), connectors, flows };
}

/** The clock of a store with timers that run when a test moves it. */
function timers(store: TempStore) {
  const armed = new Set<{ readonly at: number; readonly action: () => void }>();
  const timer: Timer = {
    after(ms, action) {
      const one = { at: store.time.at + Math.max(0, ms), action };
      armed.add(one);
      return () => void armed.delete(one);
    },
  };
  const run = (): void => {
    for (const one of [...armed].filter(({ at }) => at <= store.time.at).toSorted((a, b) => a.at - b.at)) {
      if (armed.delete(one)) one.action();
    }
  };
  return { timer, run, armed };
}

/** A gateway that takes items and delivers them, over a real store. */
export interface ForwardingGateway {
  readonly engine: Engine;
  create(creationData?: RequestStruct, request?: RequestStruct): Promise<{ readonly uid: string; readonly warnings: readonly string[] }>;
  /** Moves the clock on in steps, and lets the engine do at each what is due. */
  pass(ms: number, stepMs?: number): Promise<void>;
  /** Moves the clock on while something is under way. */
  tick(ms: number): void;
  /** Resolves when the engine has nothing to do now. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

let processes = 0;

export function forwardingGateway(store: TempStore, upstream: Upstream, options: ForwardingOptions = {}): ForwardingGateway {
  const authority = town(options);
  const clock = { now: () => store.time.at };
  const engineTimers = timers(store);
  const waitTimers = timers(store);
  const logger = recordingLogger();
  const blobs = memoryBlobStore();
  processes += 1;
  let last = 0;
  const newId = (): string => { last += 1; return `${processes}${String(last).padStart(31, '0')}`; };
  const waits = createForwardingWaits({ store: store.forwarding, clock, timer: waitTimers.timer, logger });
  const partner: Connector = { ...upstream.connector, submit: ({ key }) => Promise.resolve({ reference: key, state: 'done' }) };
  const engine = createEngine({
    store: store.deliveries, rules: plainRules, connectors: new Map([['upstream', upstream.connector], ['partner', partner]]), authority: () => authority, clock, timer: engineTimers.timer, logger,
    owner: `process-${processes}`, blobs: () => blobs, newId, random: () => 0.5, callBackUrl: () => 'http://127.0.0.1:9/', http: () => () => Promise.reject(new Error('no HTTP here')),
    onOutcome: (delivered) => { waits.onOutcome(delivered); },
  });
  const intake = createIntake({ store: store.intake, routes: authority, clock, newId, onAccepted: () => { engine.wake(); } });
  const operation = createItemOperation({ ...readingContext({ authority }), intake, clock, newId, awaitForwarding: waits.awaitOf(authority.id), blobs: { keep: () => Promise.resolve() } }, rememberRecentItems(clock));
  // the next look and the next reaping
  const isIdle = (): boolean => engine.inFlight() === 0 && engineTimers.armed.size === 2;
  const idle = async (): Promise<void> => {
    // what was just begun shows a turn later
    await new Promise((resolve) => { setImmediate(resolve); });
    await waitFor(isIdle, 20_000, () => `the engine never came to rest: ${engine.inFlight()} under way, ${engineTimers.armed.size} timers; ${logger.text()}`);
  };
  engine.start();
  engine.wake();

  return {
    engine, idle,
    async create(creationData = {}, request = {}) {
      const { UID: uid, warnings } = await call(operation, 'creator1', { meetingConfigId: PLAIN, proposingGroupId: DEVELOPERS, cleanHtml: true, creationData: { title: 'Un point', ...creationData }, ...request });
      return { uid: uid as string, warnings: warnings as readonly string[] };
    },
    async pass(ms, stepMs = ms) {
      for (let passed = 0; passed < ms; passed += stepMs) {
        store.time.at += Math.min(stepMs, ms - passed);
        engineTimers.run();
        await idle();
        waitTimers.run();
      }
    },
    tick(ms) {
      store.time.at += ms;
      engineTimers.run();
      waitTimers.run();
    },
    async stop() {
      waits.stop();
      const stopped = engine.stop();
      store.time.at += 60_000;
      engineTimers.run();
      await stopped;
    },
  };
}
