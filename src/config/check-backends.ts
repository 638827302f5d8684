import { CREATE_ITEM } from '../domain/flow.js';
import { connectorTypes, lintMappedStep, readTables, targetFieldsOf } from './check-mapping.js';
import { refer, texts, type Report } from './check-names.js';
import type { ConnectorFacts } from './connector-facts.js';
import { select, selectTexts, type Selected } from './select.js';

/** Checks that the systems behind meeting configs can be that, and what is mapped for them. */
export function checkBackends(data: unknown, connectors: ReadonlyMap<string, ConnectorFacts>, report: Report, warn: Report): void {
  const types = connectorTypes(data, connectors);
  const tables = readTables(data);
  for (const backend of select(data, 'meetingConfigs.*.backend')) {
    const [connector = ''] = texts(backend.value, 'connector');
    refer(backend.value, 'connector', 'connector', [...types.keys()], report, backend.path);
    const facts = types.get(connector);
    if (facts === undefined || !canDecide(backend, { connector, facts, connectors }, report)) continue;
    const step = { path: backend.path, value: { connector, operation: CREATE_ITEM, fields: select(backend.value, 'fields')[0]?.value ?? {} } };
    const targetFields = targetFieldsOf(step, types) ?? {};
    lintMappedStep(step, { tables, targetFields, connector }, (mistake, tell) => { tell(mistake.severity === 'warning' ? warn : report); });
  }
  warnOfStates(data, warn);
}

/** A step that changes the state of an item does nothing where that is told by the system behind: see withForwarding. Told for flows whose
 * rule names such configs only; another may also take items that are decided on here. */
function warnOfStates(data: unknown, warn: Report): void {
  const backed = backedConfigIds(data);
  for (const flow of select(data, 'flows.*')) {
    const named = texts(flow.value, 'when.meetingConfig.*');
    if (named.length === 0 || !named.every((id) => backed.includes(id))) continue;
    for (const place of ['steps.*.results.done', 'steps.*.results.rejected', 'onRejection.*.results.done', 'onRejection.*.results.rejected']) {
      for (const { path, value } of selectTexts(flow.value, place, flow.path)) {
        warn(path, `found ${value}, expected nothing: items of ${named.join(', ')} have the state that the system behind tells, and no step changes it`);
      }
    }
  }
}

interface Candidate {
  readonly connector: string;
  readonly facts: ConnectorFacts;
  readonly connectors: ReadonlyMap<string, ConnectorFacts>;
}

function canDecide({ path }: Selected, { connector, facts, connectors }: Candidate, report: Report): boolean {
  if (facts.decides === true && facts.operations.has(CREATE_ITEM)) return true;
  const able = [...connectors].filter(([, one]) => one.decides === true && one.operations.has(CREATE_ITEM)).map(([type]) => type);
  report([...path, 'connector'], `found ${connector}, which is of a type that decides on no items, expected a connector of a type that does: ${able.join(', ') || 'there is none'}`);
  return false;
}

/** Ids of the meeting configs with a system behind them: its people, groups and categories come from there. */
export function backedConfigIds(data: unknown): string[] {
  return select(data, 'meetingConfigs.*').flatMap(({ value }) => (select(value, 'backend').length > 0 ? texts(value, 'id') : []));
}
