import { ANNEX_ROLES } from '../domain/item.js';
import type { StepList } from './check-flows.js';
import { refer, texts, type Report } from './check-names.js';
import { closestWord, expectedOneOf } from './closest-word.js';
import type { ConnectorFacts } from './connector-facts.js';
import { decidedStates } from './decided-states.js';
import { describeValue } from './explain-issue.js';
import type { MeetingConfigFacts } from './meeting-config-facts.js';
import { select, selectTexts, type Selected } from './select.js';

/** Names that the steps of a flow may use. */
export interface StepNames {
  /** Configured connectors by id; undefined where their type is unknown. */
  readonly connectors: ReadonlyMap<string, ConnectorFacts | undefined>;
  readonly hours: readonly string[];
  /** Meeting configs whose items the flow can take. */
  readonly configs: readonly MeetingConfigFacts[];
}

/** Checks what the steps of one list of a flow say about each other and about the rest of the authority. */
export function checkSteps(list: StepList, names: StepNames, report: Report): void {
  for (const [index, step] of list.steps.entries()) {
    refer(step.value, 'connector', 'connector', [...names.connectors.keys()], report, step.path);
    checkOperation(step, names, report);
    checkAfter(list, index, report);
    refer(step.value, 'hours', 'hours', names.hours, report, step.path);
    // Kinds that do not come by ws4pm have states and types of their own, which nothing declares.
    if (names.configs.length > 0) checkStates(step, names.configs, report);
  }
}

function checkOperation(step: Selected, { connectors }: StepNames, report: Report): void {
  const facts = connectors.get(texts(step.value, 'connector')[0] ?? '');
  if (facts === undefined) return;
  const operations = [...facts.operations.keys()];
  if (texts(step.value, 'operation').length > 0) refer(step.value, 'operation', 'operation', operations, report, step.path);
  else if (operations.length > 1) report([...step.path, 'operation'], `found nothing, ${expectedOneOf(undefined, operations)}`);
}

function checkAfter(list: StepList, index: number, report: Report): void {
  for (const { path, value } of selectTexts(list.steps[index]?.value, 'after.*', [...list.steps[index]?.path ?? []])) {
    const target = list.ids.indexOf(value);
    const before = list.ids.slice(0, index);
    if (target >= 0 && target < index) continue;
    if (target < 0) report(path, `found the unknown step ${describeValue(value)}, ${expectedOneOf(value, before)}`);
    else if (target === index) report(path, `found the step itself, ${expectedOneOf(undefined, before)}`);
    else if (waitsFor(list, target, index)) report(path, `found ${value}, which itself waits for ${list.ids[index] ?? ''}, expected no circle`);
    else report(path, `found ${value}, which stands later in the list, expected it before this step`);
  }
}

/** In longer lists, circles are not looked for: that takes the cube of their length, and a reload must not stop the server. */
const LONGEST_SEARCHED = 200;

/** Whether a step waits for another one, over however many between. False where that would take too long to find out. */
function waitsFor(list: StepList, from: number, wanted: number): boolean {
  if (list.ids.length > LONGEST_SEARCHED) return false;
  const reached = new Set([from]);
  // Sets show what is added while they are walked, so this ends when nothing new is reached.
  for (const step of reached) for (const next of predecessors(list, step)) reached.add(next);
  reached.delete(from);
  return reached.has(wanted);
}

function predecessors(list: StepList, index: number): number[] {
  const [after] = select(list.steps[index]?.value, 'after');
  if (after === undefined) return index === 0 ? [] : [index - 1];
  return texts(after.value, '*').map((id) => list.ids.indexOf(id)).filter((found) => found >= 0);
}

function checkStates(step: Selected, configs: readonly MeetingConfigFacts[], report: Report): void {
  const states = [...new Set(configs.flatMap((config) => config.states))];
  // those of a system behind are its own affair
  const places = configs.some(({ backed }) => backed) ? [] : ['waitFor.states.*', 'results.done', 'results.rejected'];
  for (const place of places) refer(step.value, place, 'state', states, report, step.path);
  if (texts(step.value, 'waitFor')[0] === 'decision' && decidedStates(configs).length === 0) {
    report([...step.path, 'waitFor'], `found decision, which no state of ${configs.map(({ id }) => id).join(', ')} is known to be, expected the states themselves: {states: [${states.at(-1) ?? ''}]}`);
  }
  checkAnnexType(step, configs, report);
}

function checkAnnexType(step: Selected, configs: readonly MeetingConfigFacts[], report: Report): void {
  const types = configs.flatMap((config) => config.annexTypes);
  for (const place of ['results.annexType', 'results.annexTypes.*']) refer(step.value, place, 'annex type', [...new Set(types.map(({ id }) => id))], report, step.path);
  checkRoles(step, report);
  const [relatedTo] = texts(step.value, 'results.relatedTo');
  const named = types.filter(({ id }) => id === texts(step.value, 'results.annexType')[0]);
  if (relatedTo === undefined || named.length === 0 || named.some((type) => type.relatedTo === relatedTo)) return;
  report([...step.path, 'results', 'relatedTo'], `found ${describeValue(relatedTo)}, expected ${named[0]?.relatedTo ?? ''}, as the annex type ${named[0]?.id ?? ''} is`);
}

/** A connector may have words of its own for what it brings back; one that looks like a usual one is misspelt. */
function checkRoles(step: Selected, report: Report): void {
  for (const { path } of select(step.value, 'results.annexTypes.*', [...step.path])) {
    const role = String(path.at(-1));
    if ((ANNEX_ROLES as readonly string[]).includes(role) || closestWord(role, ANNEX_ROLES) === undefined) continue;
    report(path, `found the role ${role}, ${expectedOneOf(role, ANNEX_ROLES)}`, 'key');
  }
}
