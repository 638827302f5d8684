import { FORWARD_STEP } from '../domain/flow.js';
import { lintExpression } from '../routing/lint-expression.js';
import { refer, reportRepeated, texts, type Report } from './check-names.js';
import { checkSteps, type StepNames } from './check-steps.js';
import type { ConnectorFacts } from './connector-facts.js';
import { configsOfFlow, meetingConfigFacts } from './meeting-config-facts.js';
import { reportFinding } from './report-finding.js';
import { select, selectTexts, type Selected } from './select.js';
import { idsOfSteps, type StepRole } from './step-ids.js';

/** What comes by ws4pm; connectors and deposits name the other kinds. */
const KIND = 'deliberation';

/** Checks the names that connectors, flows and rules of retention use, and that the steps of each flow hold together. */
export function checkFlows(data: unknown, connectors: ReadonlyMap<string, ConnectorFacts>, report: Report): void {
  const configs = meetingConfigFacts(data);
  const kinds = [...new Set([KIND, ...[...connectors.values()].flatMap((facts) => [...facts.kinds, ...facts.collects ?? []]).filter((kind) => kind !== '*'), ...texts(data, 'deposits.*.kind')])];
  const states = [...new Set(configs.flatMap((config) => config.states))];
  refer(data, 'connectors.*.type', 'connector type', [...connectors.keys()], report);
  refer(data, 'flows.*.when.source.*', 'source', sourcesOf(data), report);
  for (const place of ['flows.*.when.kind.*', 'retention.*.kind.*']) refer(data, place, 'kind', kinds, report);
  refer(data, 'flows.*.when.meetingConfig.*', 'meeting config', configs.map(({ id }) => id), report);
  // Kinds that do not come by ws4pm have states of their own, which nothing declares, and so do systems behind meeting configs.
  if (configs.length > 0 && !configs.some(({ backed }) => backed)) refer(data, 'retention.*.state.*', 'state', states, report);
  const types = new Map(select(data, 'connectors.*').map(({ value }) => [texts(value, 'id')[0] ?? '', connectors.get(texts(value, 'type')[0] ?? '')]));
  const hours = select(data, 'hours.*').map(({ path }) => String(path.at(-1)));
  for (const flow of select(data, 'flows.*')) {
    checkFlow(flow, { connectors: types, hours, configs: configsOfFlow(texts(flow.value, 'when.meetingConfig.*'), configs) }, report);
  }
}

/** Names of the applications, as flows know them. */
export function sourcesOf(data: unknown): string[] {
  return [...new Set(select(data, 'users.*').map(({ value }) => texts(value, 'source')[0] ?? texts(value, 'id')[0] ?? ''))];
}

/** Steps of a flow with their effective ids. */
export interface StepList {
  readonly steps: readonly Selected[];
  readonly ids: readonly string[];
}

/** The steps of one of the two lists of a flow. */
export function stepsOf(flow: Selected, role: StepRole): StepList {
  const steps = select(flow.value, role === 'step' ? 'steps.*' : 'onRejection.*', flow.path);
  return { steps, ids: idsOfSteps(steps.map(({ value }) => ({ id: texts(value, 'id')[0], connector: texts(value, 'connector')[0] ?? '' })), role) };
}

function checkFlow(flow: Selected, names: StepNames, report: Report): void {
  const lists = [stepsOf(flow, 'step'), stepsOf(flow, 'return')];
  reportRepeated(lists.flatMap(({ steps, ids }) => steps.map(({ path }, index) => ({ path: [...path, 'id'], value: ids[index] ?? '' }))), report);
  for (const { path, value } of lists.flatMap(({ steps }) => steps.flatMap((step) => selectTexts(step.value, 'id', step.path)))) {
    if (value === FORWARD_STEP) report(path, `found the id ${FORWARD_STEP}, which the step that hands items to the system behind a meeting config has, expected another one`);
  }
  for (const list of lists) checkSteps(list, names, report);
  for (const { path, value } of selectTexts(flow.value, 'when.condition', flow.path)) {
    for (const finding of lintExpression(value, [], [])) reportFinding(finding, path, report);
  }
}
