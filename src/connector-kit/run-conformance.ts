import type { Connector } from '../connector-api/connector.js';
import { planConformance, type PlannedCase } from './conformance.js';
import type { Rehearsal } from './rehearsal.js';
import type { Surroundings } from './stage.js';

/** How often which result came. */
export interface ConformanceCount {
  readonly kept: number;
  readonly broken: number;
  readonly skipped: number;
}

/** Proves a connector case by case, and reports in lines for a terminal. */
export async function runConformance(connector: Connector, rehearsals: readonly Rehearsal[], surroundings: Surroundings, report: (line: string) => void): Promise<ConformanceCount> {
  const count = { kept: 0, broken: 0, skipped: 0 };
  for (const { title, cases } of planConformance(connector, rehearsals)) {
    report(title);
    for (const planned of cases) {
      const { result, lines } = await outcomeOf(planned, surroundings);
      count[result] += 1;
      for (const line of lines) report(line);
    }
  }
  report(`${count.kept} kept, ${count.broken} broken, ${count.skipped} not here`);
  return count;
}

interface Outcome {
  readonly result: keyof ConformanceCount;
  readonly lines: readonly string[];
}

async function outcomeOf({ name, skip, run }: PlannedCase, surroundings: Surroundings): Promise<Outcome> {
  if (skip !== null) return { result: 'skipped', lines: [`  -  ${name} (not here: ${skip})`] };
  try {
    await run(surroundings);
    return { result: 'kept', lines: [`  ok ${name}`] };
  } catch (error) {
    const why = error instanceof Error && error.name === 'AssertionError' ? error.message : stackOf(error);
    return { result: 'broken', lines: [`  NO ${name}`, ...why.split('\n').map((line) => `       ${line}`)] };
  }
}

/** A mistake that nobody foresaw is told with its place. */
function stackOf(error: unknown): string {
  return error instanceof Error && error.stack !== undefined ? error.stack : String(error);
}
