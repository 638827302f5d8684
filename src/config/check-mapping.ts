import type { Step } from '../domain/flow.js';
import { fieldsTaken, type ValueTable } from '../domain/mapping.js';
import { lintStep, type LintContext } from '../routing/lint-mapping.js';
import type { MappingMistake, RowPlace } from '../routing/mapping-mistake.js';
import { buildField } from './build-flow.js';
import { buildTable } from './build-table.js';
import { stepsOf } from './check-flows.js';
import { texts, type Report } from './check-names.js';
import type { ConnectorFacts } from './connector-facts.js';
import { valueAt } from './explain-issue.js';
import { stepSchema } from './flow-schema.js';
import { configsOfFlow, meetingConfigFacts } from './meeting-config-facts.js';
import { reportFinding } from './report-finding.js';
import { select, type Selected } from './select.js';
import { tableSchema } from './table-schema.js';
import type { Path } from './yaml-file.js';

/** Checks the conditions and the mapped fields of every step that has the right form. */
export function checkMapping(data: unknown, connectors: ReadonlyMap<string, ConnectorFacts>, report: Report, warn: Report): void {
  const tables = readTables(data);
  const types = connectorTypes(data, connectors);
  const people = peopleOf(data);
  const configs = meetingConfigFacts(data);
  for (const flow of select(data, 'flows.*')) {
    const named = configsOfFlow(texts(flow.value, 'when.meetingConfig.*'), configs);
    const knownValues = { ...people, category: [...new Set(named.flatMap((config) => config.categories))] };
    const [main, back] = [stepsOf(flow, 'step'), stepsOf(flow, 'return')];
    const all = [...main.steps, ...back.steps];
    const ids = [...main.ids, ...back.ids];
    for (const [index, step] of all.entries()) {
      const targetFields = targetFieldsOf(step, types);
      if (targetFields === undefined) continue;
      const connector = texts(step.value, 'connector')[0] ?? '';
      lintMappedStep(step, { tables, targetFields, connector, knownValues, steps: ids.slice(0, index) }, (mistake, tell) => { tell(mistake.severity === 'warning' ? warn : report); });
    }
  }
}

/** What is known of each configured connector, by its id. */
export function connectorTypes(data: unknown, types: ReadonlyMap<string, ConnectorFacts>): ReadonlyMap<string, ConnectorFacts | undefined> {
  return new Map(select(data, 'connectors.*').map(({ value }) => [texts(value, 'id')[0] ?? '', types.get(texts(value, 'type')[0] ?? '')]));
}

/** A table of a wrong form counts as one that knows every value: what is wrong with it is told elsewhere. */
export function readTables(data: unknown): Map<string, ValueTable> {
  return new Map(select(data, 'tables.*').map(({ path, value }) => {
    const id = String(path.at(-1));
    const read = tableSchema.safeParse(value);
    return [id, buildTable(id, read.data ?? { rows: {}, bySource: {}, byConnector: {}, unknown: 'same' }, '')];
  }));
}

/** Values that are known to come: a table that refuses unknown ones is held against them. */
function peopleOf(data: unknown): { readonly creator: string[]; readonly proposingOrganisation: string[] } {
  const active = select(data, 'organisations.*').filter(({ value }) => valueAt(value, ['active']) !== false);
  return {
    creator: [...new Set(active.flatMap(({ value }) => texts(value, 'members.creators.*')))],
    proposingOrganisation: active.flatMap(({ value }) => texts(value, 'id')),
  };
}

/** Fields that the operation of a step takes; undefined where the operation is not known. */
export function targetFieldsOf({ value }: Selected, types: ReadonlyMap<string, ConnectorFacts | undefined>): LintContext['targetFields'] | undefined {
  const operations = types.get(texts(value, 'connector')[0] ?? '')?.operations;
  const [operation] = [...texts(value, 'operation'), ...operations?.keys() ?? []];
  const facts = operations?.get(operation ?? '');
  return facts === undefined ? undefined : fieldsTaken(facts, select(value, 'fields.*').map(({ path }) => String(path.at(-1))));
}

/** Looks at a step that has the right form. `found` is given each mistake, and what reports it at its place. */
export function lintMappedStep({ path, value }: Selected, context: LintContext, found: (mistake: MappingMistake, tell: (report: Report) => void) => void): void {
  const read = stepSchema.safeParse(value);
  if (read.data === undefined) return;
  const step: Pick<Step, 'fields' | 'when'> = {
    when: read.data.when ?? null,
    fields: Object.fromEntries(Object.entries(read.data.fields).map(([name, field]) => [name, buildField(field)])),
  };
  for (const mistake of lintStep(step, context)) {
    const place = mistake.row === undefined ? [...path, ...written(mistake.at, value)] : rowPath(mistake.row);
    found(mistake, (report) => { reportFinding(mistake, place, report, mistake.kind === 'field' ? 'key' : 'value'); });
  }
}

/** An expression may be written in the place of the map that holds it. */
function written(at: readonly string[], step: unknown): Path {
  return valueAt(step, at) === undefined && at.at(-1) === 'expression' ? at.slice(0, -1) : at;
}

function rowPath({ table, group, key }: RowPlace): Path {
  if (key === null) return ['tables', table, 'unknown', 'default'];
  if (group === null) return ['tables', table, 'rows', key];
  return 'connector' in group ? ['tables', table, 'byConnector', group.connector, key] : ['tables', table, 'bySource', group.source, key];
}
