import type { BusinessHours, Flow, Step, StepResults } from '../domain/flow.js';
import type { FieldSource } from '../domain/mapping.js';
import { decidedStates } from './decided-states.js';
import { DAYS, type FlowEntry, type HoursEntry, type StepEntry } from './flow-schema.js';
import { configsOfFlow, type MeetingConfigFacts } from './meeting-config-facts.js';
import { idsOfSteps, type StepRole } from './step-ids.js';

/** What a flow needs to know of its authority. */
export interface FlowSurroundings {
  /** Of hours that name none. */
  readonly timeZone: string;
  readonly hours: Readonly<Record<string, HoursEntry>>;
  readonly meetingConfigs: readonly MeetingConfigFacts[];
  /** Operations of the type of a configured connector. */
  readonly operationsOf: (connector: string) => readonly string[];
}

/** Turns a checked entry into the flow. */
export function buildFlow(entry: FlowEntry, around: FlowSurroundings): Flow {
  const { source, kind, meetingConfig, condition } = entry.when;
  const configs = configsOfFlow(meetingConfig, around.meetingConfigs);
  const build = (steps: readonly StepEntry[], role: StepRole): Step[] => {
    const ids = idsOfSteps(steps, role);
    return steps.map((step, index) => buildStep(step, { id: ids[index] ?? '', before: ids.slice(Math.max(0, index - 1), index) }, configs, around));
  };
  return {
    id: entry.id,
    when: {
      ...(source === undefined ? {} : { source }),
      ...(kind === undefined ? {} : { kind }),
      ...(meetingConfig === undefined ? {} : { meetingConfig }),
      ...(condition === undefined ? {} : { condition }),
    },
    steps: build(entry.steps, 'step'),
    onRejection: build(entry.onRejection, 'return'),
  };
}

/** `before`: the step that stands before it, if there is one. */
function buildStep(entry: StepEntry, place: { readonly id: string; readonly before: readonly string[] }, configs: readonly MeetingConfigFacts[], around: FlowSurroundings): Step {
  const { connector, operation, retry } = entry;
  return {
    id: place.id,
    connector,
    operation: operation ?? around.operationsOf(connector)[0] ?? '',
    after: entry.after ?? place.before,
    when: entry.when ?? null,
    waitFor: waitFor(entry.waitFor, configs),
    fields: Object.fromEntries(Object.entries(entry.fields).map(([name, field]) => [name, buildField(field)])),
    retry: { firstDelayMs: retry.firstDelay, factor: retry.factor, maxDelayMs: retry.maxDelay, maxAttempts: retry.maxAttempts },
    hours: buildHours(typeof entry.hours === 'string' ? around.hours[entry.hours] : entry.hours, around.timeZone),
    results: buildResults(entry.results, configs),
  };
}

function waitFor(entry: StepEntry['waitFor'], configs: readonly MeetingConfigFacts[]): readonly string[] | null {
  if (entry === undefined) return null;
  return entry === 'decision' ? decidedStates(configs) : entry.states;
}

/** The source of a field, of an entry that passed the schema. */
export function buildField({ expression, table, from, value }: StepEntry['fields'][string]): FieldSource {
  if (expression !== undefined) return { expression };
  return table !== undefined && from !== undefined ? { table, from } : { value: value ?? null };
}

function buildHours(entry: HoursEntry | undefined, timeZone: string): BusinessHours | null {
  if (entry === undefined) return null;
  const days = [...new Set(entry.days)].map((day) => DAYS.indexOf(day) + 1).toSorted((one, other) => one - other);
  return { timeZone: entry.timeZone ?? timeZone, days, from: entry.from, to: entry.to, holidays: entry.holidays };
}

/** Where nothing is said, a document brought back is related to what its annex type is for. */
function buildResults({ annexType, annexTypes, fields, relatedTo, done, rejected }: StepEntry['results'], configs: readonly MeetingConfigFacts[]): StepResults {
  const declared = configs.flatMap((config) => config.annexTypes).find((type) => type.id === annexType);
  return {
    annexType: annexType ?? null, ...(Object.keys(annexTypes).length > 0 && { annexTypes }),
    ...(Object.keys(fields).length > 0 && { itemFields: fields }), relatedTo: relatedTo ?? declared?.relatedTo ?? 'item',
    stateWhenDone: done ?? null, stateWhenRejected: rejected ?? null,
  };
}
