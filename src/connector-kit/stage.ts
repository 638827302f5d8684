import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Connector, ConnectorContext, Operation, Receipt, Submission } from '../connector-api/connector.js';
import { isFailure, type Failure } from '../connector-api/failures.js';
import type { HttpCall } from '../connector-api/http.js';
import type { Item } from '../domain/item.js';
import { handOver } from './hand-over.js';
import { keptFiles, type KeptFiles } from './kept-files.js';
import { recordingLogger, type RecordingLogger } from './recording-logger.js';
import type { OtherSide, Rehearsal } from './rehearsal.js';
import { REHEARSAL_TIME, sampleAnnex, sampleItem, type SampleAnnex } from './sample-item.js';

/** What a suite is given: HTTP as connectors get it from Relais, ended by the signal. */
export interface Surroundings {
  readonly http: (signal: AbortSignal) => HttpCall;
}

/** A connector and how it is rehearsed. */
export interface Subject {
  readonly connector: Connector;
  readonly rehearsal: Rehearsal;
}

/** Where one case takes place: the connector, its other side with nothing in it, and what Relais would hand over. */
export interface Stage extends Subject {
  readonly declared: Operation;
  readonly other: OtherSide;
  readonly settings: unknown;
  readonly brokenSettings: unknown;
  readonly files: KeptFiles;
  readonly logger: RecordingLogger;
  /** A new delivery of a new item, with values for all fields, and with a small file unless others are given. */
  readonly submission: (annexes?: readonly SampleAnnex[], item?: Partial<Item>) => Submission;
  readonly context: (change?: Partial<ConnectorContext>) => ConnectorContext;
  /** Hands it over as the engine does; with the settings that work unless others are given. */
  readonly submit: (submission: Submission, change?: Partial<ConnectorContext>, settings?: unknown) => Promise<Receipt>;
  /** Uids of the items that are over there. */
  readonly arrived: () => Promise<readonly string[]>;
}

/** Nobody answers there: a hint that does not come must not stop a delivery. */
const REHEARSAL_CALL_BACK = 'http://127.0.0.1:9/callbacks/rehearsal';

/** Sets the stage. `signal` ends everything when the case took too long. */
export async function openStage({ connector, rehearsal }: Subject, { http }: Surroundings, signal: AbortSignal): Promise<Stage> {
  const declared = connector.manifest.operations[rehearsal.operation];
  assert.ok(declared, `a rehearsal is of operation «${rehearsal.operation}», which the manifest lacks`);
  const other = await rehearsal.open();
  const files = keptFiles();
  const logger = recordingLogger();
  const settings = connector.settings.parse(other.settings);
  let number = 0;

  function context(change: Partial<ConnectorContext> = {}): ConnectorContext {
    const ended = change.signal === undefined ? signal : AbortSignal.any([signal, change.signal]);
    return { logger, clock: { now: () => REHEARSAL_TIME }, http: http(ended), callBackUrl: REHEARSAL_CALL_BACK, blobs: files.blobs, markSent: () => Promise.resolve(), ...change, signal: ended };
  }

  function submission(annexes: readonly SampleAnnex[] = [sampleAnnex('plan.pdf', Buffer.from('a plan'))], item: Partial<Item> = {}): Submission {
    number += 1;
    const { fields, perItem } = rehearsal;
    const bare = sampleItem(number, item);
    const held = filesOf(rehearsal, bare, annexes);
    for (const file of [...annexes, ...held]) files.put(file);
    return { key: `key-${number}`, operation: rehearsal.operation, item: { ...bare, annexes: held.map(({ annex }) => annex), ...item }, fields: { ...fields, ...perItem?.fields?.(bare) }, results: {} };
  }

  return {
    connector, rehearsal, declared, other, settings, files, logger, submission, context,
    brokenSettings: rehearsal.skips['broken-settings'] === undefined ? connector.settings.parse(other.brokenSettings) : undefined,
    submit: (sent, change, used = settings) => handOver(connector, sent, used, context(change)),
    arrived: async () => (await other.delivered()).map(({ itemUid }) => itemUid),
  };
}

/** Those of the suite, unless the rehearsal has its own, or there are none over there. */
function filesOf({ perItem, skips }: Rehearsal, item: Item, annexes: readonly SampleAnnex[]): readonly SampleAnnex[] {
  if (perItem?.files !== undefined) return perItem.files(item);
  return skips.files === undefined ? annexes : [];
}

/** The failure that a call ends with; a call that succeeds, or throws something else, is a mistake of the connector. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const [error, value] = await work.then((result) => [undefined, result], (thrown: unknown) => [thrown, undefined]);
  if (isFailure(error)) return error;
  if (error === undefined) throw new assert.AssertionError({ message: `expected a failure, but the call succeeded with ${inspect(value)}` });
  throw new assert.AssertionError({ message: `expected one of the four failures of connector-api/failures, but found ${inspect(error)}` });
}

/** Asserts the kind of a failure, with the message of the failure in the report. */
export async function requireFailure(work: Promise<unknown>, ...kinds: Failure['kind'][]): Promise<Failure> {
  const failure = await failureOf(work);
  assert.ok(kinds.includes(failure.kind), `expected ${kinds.join(' or ')}, found ${failure.kind}: ${failure.message}`);
  assert.notEqual(failure.message.trim(), '', 'the failure has no words for the operator');
  return failure;
}
