import { z } from 'zod';
import type { Cancelling, Connector, ConnectorContext, Probe, Receipt, Submission, Survey, Together, Tracking } from '../../src/connector-api/connector.js';
import { createEngine, type EngineParts } from '../../src/delivery/engine.js';
import type { Delivered } from '../../src/delivery/settle.js';
import type { StepRules } from '../../src/delivery/prepare.js';
import type { ConnectorLimits, ConnectorSetting } from '../../src/domain/authority.js';
import { fakeTime } from './fake-time.js';
import { memoryBlobStore } from './memory-blob-store.js';
import { memoryDeliveryStore } from './memory-delivery-store.js';
import { recordingLogger } from './recording-logger.js';
import { sampleAuthority } from './sample-authority.js';

/** What a partner does. Without a script it takes everything, and cannot tell what it has. */
export interface Script {
  submit?: (submission: Submission, context: ConnectorContext) => Promise<Receipt>;
  probe?: (submission: Submission, context: ConnectorContext) => Promise<Probe>;
  track?: (receipt: Receipt, context: ConnectorContext, submission: Submission) => Promise<Tracking>;
  cancel?: (receipt: Receipt, context: ConnectorContext) => Promise<Cancelling>;
  survey?: Survey<unknown>;
  together?: Together<unknown>;
}

export const done: Receipt = { reference: 'R', state: 'done' };
export const sent: Receipt = { reference: 'R', state: 'sent', data: { page: 1 } };

function connectorOf(script: Script, calls: string[]): Connector {
  const { track, cancel, survey, together } = script;
  return {
    manifest: { id: 'scripted', title: { fr: 'Essai', en: 'Trial' }, kinds: ['*'], operations: { deposit: { idempotence: 'none', fields: { object: { type: 'text', title: { fr: 'Objet', en: 'Object' } } } } } },
    settings: z.unknown(),
    check: () => Promise.resolve(),
    submit(submission, _settings, context) {
      calls.push(`submit ${submission.key}`);
      return script.submit === undefined ? context.markSent().then(() => done) : script.submit(submission, context);
    },
    probe(submission, _settings, context) {
      calls.push(`probe ${submission.key}`);
      return script.probe === undefined ? Promise.resolve('unknown') : script.probe(submission, context);
    },
    ...(track === undefined ? {} : { track: (receipt, submission, _settings, context) => { calls.push(`track ${submission.key}`); return track(receipt, context, submission); } }),
    ...(survey === undefined ? {} : { survey: { ...survey, ask: (sent, settings, context) => { calls.push(`survey ${sent.length}`); return survey.ask(sent, settings, context); } } }),
    ...(together === undefined ? {} : { together: { ...together, submit: (load, settings, context) => { calls.push(`load ${load.map(({ key }) => key).join(' ')}`); return together.submit(load, settings, context); } } }),
    ...(cancel === undefined ? {} : { cancel: (receipt, submission, _settings, context) => { calls.push(`cancel ${submission.key}`); return cancel(receipt, context); } }),
  };
}

/** Rules that map nothing: the condition `yes` is true, `no` false, and any other fails. */
export const plainRules: StepRules = {
  viewOf: ({ item }) => item,
  applies: ({ when }) => (when === 'yes' || when === 'no' ? Promise.resolve(when === 'yes') : Promise.reject(new Error('The condition could not be decided.'))),
  mapFields: () => Promise.resolve({ fields: {}, warnings: [] }),
};

const UNLIMITED: ConnectorLimits = { concurrency: 1_000, perMinute: null, order: 'none' };

export interface RigOptions extends Partial<Pick<EngineParts, 'options' | 'giveWay' | 'rules' | 'hide'>> {
  /** Scripts of other connectors than `out`, by id. */
  readonly others?: Readonly<Record<string, Script>>;
  /** Limits by the id of a connector. */
  readonly limits?: Readonly<Record<string, Partial<ConnectorLimits>>>;
}

/** An engine over the ledger in memory, a fake clock and scripted partners: `script` is behind connector `out`. */
export function engineRig(script: Script = {}, { others = {}, limits = {}, rules = plainRules, ...parts }: RigOptions = {}) {
  const time = fakeTime();
  const store = memoryDeliveryStore(time);
  const logger = recordingLogger();
  const blobs = memoryBlobStore();
  const calls: string[] = [];
  const delivered: Delivered[] = [];
  const scripts = Object.entries({ out: script, ...others });
  const connectors: ConnectorSetting[] = scripts.map(([id]) => ({ id, type: id, settings: {}, limits: { ...UNLIMITED, ...limits[id] } }));
  const authority = { ...sampleAuthority(), connectors };
  let lastId = 0;
  const engine = createEngine({
    store, rules, clock: time, timer: time, logger, owner: 'me', random: () => 1,
    connectors: new Map(scripts.map(([id, one]) => [id, connectorOf(one, calls)])),
    authority: (id) => (id === 'default' ? authority : undefined),
    blobs: () => blobs, newId: () => `id-${lastId += 1}`,
    callBackUrl: (authority, connector) => `http://127.0.0.1:9/${authority}/callbacks/${connector}`,
    http: () => () => Promise.reject(new Error('these partners use no HTTP')),
    onOutcome: (one) => delivered.push(one),
    ...parts,
  });
  return { time, store, logger, blobs, engine, calls, delivered, authority };
}
