import path from 'node:path';
import type { Origin } from '../config/explain.js';
import type { ExplainedStep, Explanation } from './explain-item.js';

/** How much of a value is shown. */
const SHOWN = 100;

const OUTCOMES = { taken: 'takes it', later: 'would take it, but comes later', no: 'no', undecided: 'could not be decided, so no' };

/** What would become of an item, line by line: the flows with what speaks against them, then the steps of the one that
 * takes it, each target field beside its source. */
export function describeExplanation({ item, flows, steps }: Explanation): string[] {
  const taken = flows.some(({ outcome }) => outcome === 'taken');
  return [
    item.title === '' ? '(no title)' : item.title,
    `  source ${item.source === '' ? 'none' : item.source}, kind ${item.kind}, meeting config ${item.configId}, state ${item.reviewState}`,
    ...flows.flatMap(({ flow, outcome, reasons, origin }) => [
      `flow ${flow}: ${OUTCOMES[outcome]}${placeOf(origin)}`,
      ...reasons.map((reason) => `  ${reason}`),
    ]),
    ...(taken ? [] : [steps.length === 0 ? 'No flow takes it: it would be kept here, and nothing would be sent.' : 'No flow takes it: it would be forwarded, and nothing else would be sent.']),
    ...steps.flatMap(stepLines),
    'Nothing was sent.',
  ];
}

function stepLines(step: ExplainedStep): string[] {
  const { id, role, connector, type, simulated, operation, after, waitFor, when, fields } = step;
  const conditions = [
    ...(after.length === 0 ? [] : [`after ${after.join(', ')}`]),
    ...(waitFor === null ? [] : [`waits for the state ${waitFor.join(' or ')}`]),
    ...(role === 'return' ? ['only when a step was rejected'] : []),
  ];
  const width = Math.max(0, ...fields.map(({ field }) => field.length));
  return [
    `${role === 'return' ? 'return step' : 'step'} ${id}: ${connector} (${type}${simulated ? ', simulated' : ''}, ${operation})${conditions.map((one) => `, ${one}`).join('')}`,
    ...conditionLines(when),
    ...fields.flatMap((row) => fieldLines(row, width)),
  ];
}

function conditionLines(when: ExplainedStep['when']): string[] {
  if (when === null) return [];
  const said = when.holds === null ? when.problem ?? '' : when.holds ? 'holds now' : 'does not hold as the item is now; it is asked when it is the step\'s turn';
  return [`  when ${when.condition}: ${said}`];
}

function fieldLines({ field, from, found, value, warnings, problem, fix, origin }: ExplainedStep['fields'][number], width: number): string[] {
  const given = value === undefined ? 'nothing' : shown(value);
  const source = from === '' ? '' : ` ← ${from}${found === undefined || shown(found) === given ? '' : `, which is ${shown(found)}`}`;
  return [
    `  ${field.padEnd(width)}  ${problem === null ? given : '(none)'}${source}${placeOf(origin)}`,
    ...(problem === null ? [] : [`    ${problem}`]),
    ...(fix === null ? [] : fix.split('\n').map((line) => `    to do: ${line}`)),
    ...warnings.map((warning) => `    warning: ${warning}`),
  ];
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`;
}

function placeOf(origin: Origin | null): string {
  return origin === null ? '' : `   ${path.relative(process.cwd(), origin.file)}:${origin.line}`;
}
