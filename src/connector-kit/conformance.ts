import assert from 'node:assert/strict';
import type { Connector } from '../connector-api/connector.js';
import { answerCases } from './cases/answer-cases.js';
import { callBackCases } from './cases/call-back-cases.js';
import { collectCases } from './cases/collect-cases.js';
import { deliveryCases } from './cases/delivery-cases.js';
import { failureCases } from './cases/failure-cases.js';
import { fileCases } from './cases/file-cases.js';
import { loadCases } from './cases/load-cases.js';
import { personalLinkCases } from './cases/personal-link-cases.js';
import { repeatCases } from './cases/repeat-cases.js';
import { settingsCases } from './cases/settings-cases.js';
import { surveyCases } from './cases/survey-cases.js';
import type { ConformanceCase } from './conformance-case.js';
import type { Rehearsal } from './rehearsal.js';
import { openStage, type Subject, type Surroundings } from './stage.js';

/** Longest that a case may take, milliseconds. */
export const CASE_MS = 60_000;

/** A case for one connector: why it is skipped, or how it is run. */
export interface PlannedCase {
  readonly name: string;
  readonly skip: string | null;
  /** Rejects with what was expected and what was found. */
  readonly run: (surroundings: Surroundings) => Promise<void>;
}

/** Cases for one rehearsal; `title` names the operation. */
export interface PlannedRehearsal {
  readonly title: string;
  readonly cases: readonly PlannedCase[];
}

const CASES: readonly ConformanceCase[] = [...settingsCases, ...deliveryCases, ...fileCases, ...repeatCases, ...failureCases, ...answerCases, ...surveyCases, ...loadCases, ...callBackCases, ...collectCases, ...personalLinkCases];

/** The promises of the connector contract (connector-api/connector.ts), each to be proved against the connector's own
 * simulated other side. */
export function planConformance(connector: Connector, rehearsals: readonly Rehearsal[]): readonly PlannedRehearsal[] {
  const complete: PlannedCase = {
    name: 'every operation of the manifest is rehearsed, with its answer where it answers later',
    skip: null,
    run: () => Promise.resolve().then(() => { requireComplete(connector, rehearsals); }),
  };
  return [{ title: connector.manifest.id, cases: [complete] }, ...rehearsals.map((rehearsal) => ({
    title: [connector.manifest.id, rehearsal.operation, ...(rehearsal.variant === undefined ? [] : [rehearsal.variant])].join(', '),
    cases: CASES.map((one) => planCase(one, { connector, rehearsal })),
  }))];
}

function planCase(one: ConformanceCase, subject: Subject): PlannedCase {
  const impossible = (one.needs ?? []).map((need) => subject.rehearsal.skips[need]).find((reason) => reason !== undefined);
  return { name: one.name, skip: one.unpromised?.(subject) ?? impossible ?? null, run: (surroundings) => runCase(one, subject, surroundings) };
}

async function runCase(one: ConformanceCase, subject: Subject, surroundings: Surroundings): Promise<void> {
  const ended = new AbortController();
  const limit = new Error(`it did not end within ${CASE_MS / 1000} seconds`);
  const stage = await openStage(subject, surroundings, ended.signal);
  const timer = setTimeout(() => ended.abort(limit), CASE_MS);
  // A connector that ignores its signal must not keep the suite from ending.
  const tooLong = new Promise<never>((_resolve, reject) => { ended.signal.addEventListener('abort', () => { setImmediate(() => { reject(limit); }); }); });
  try {
    await Promise.race([one.run(stage), tooLong]);
  } finally {
    clearTimeout(timer);
    await stage.other.close();
  }
}

function requireComplete(connector: Connector, rehearsals: readonly Rehearsal[]): void {
  for (const [operation, { answersLater }] of Object.entries(connector.manifest.operations)) {
    const own = rehearsals.filter((rehearsal) => rehearsal.operation === operation);
    assert.notEqual(own.length, 0, `no rehearsal of operation «${operation}»`);
    if (answersLater !== true) continue;
    assert.ok(connector.track !== undefined, `operation «${operation}» answers later, and the connector has no track`);
    assert.ok(own.some(({ skips }) => skips.answer === undefined), `no rehearsal of operation «${operation}» has the answer that comes later`);
  }
}
