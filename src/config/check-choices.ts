import type { TargetField } from '../domain/mapping.js';
import { connectorTypes, lintMappedStep, readTables, targetFieldsOf } from './check-mapping.js';
import { stepsOf } from './check-flows.js';
import { texts, type Report } from './check-names.js';
import type { ConnectorFacts } from './connector-facts.js';
import { select } from './select.js';
import type { Choices } from './try-connectors.js';

/** Holds the constants and the rows of tables that flows map against the values that the other sides take at this moment.
 * `data` is an authority with its references resolved, `choices` are those of its connectors by id. */
export function checkChoices(data: unknown, types: ReadonlyMap<string, ConnectorFacts>, choices: ReadonlyMap<string, Choices>, report: Report): void {
  const tables = readTables(data);
  const facts = connectorTypes(data, types);
  for (const flow of select(data, 'flows.*')) {
    for (const step of [...stepsOf(flow, 'step').steps, ...stepsOf(flow, 'return').steps]) {
      const connector = texts(step.value, 'connector')[0] ?? '';
      const targetFields = offeredFields(targetFieldsOf(step, facts) ?? {}, choices.get(connector) ?? {});
      lintMappedStep(step, { tables, targetFields, connector }, (mistake, tell) => { if (mistake.kind === 'value') tell(report); });
    }
  }
}

/** The fields of an operation for which the other side offers values, and takes no others. */
function offeredFields(declared: Readonly<Record<string, TargetField>>, choices: Choices): Record<string, TargetField> {
  return Object.fromEntries(Object.entries(declared).flatMap(([name, field]) => (Object.hasOwn(choices, name) ? [[name, { ...field, values: choices[name] ?? [] }]] : [])));
}
