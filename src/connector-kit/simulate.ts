import type { Connector } from '../connector-api/connector.js';
import { RelaisError } from '../errors.js';
import { BEHAVIOURS, type Behaviour, type OtherSide, type Rehearsal, type SimulatedAnswer, type SimulatorOptions } from './rehearsal.js';

export interface SimulationParts extends SimulatorOptions {
  readonly connector: Connector;
  readonly rehearsals: readonly Rehearsal[];
  /** Which operation is simulated; the first one if not given. */
  readonly operation?: string;
}

export interface Simulation {
  /** How to connect Relais to it, in lines for a terminal. */
  readonly instructions: readonly string[];
  /** Carries out what somebody typed, and answers in lines. Throws RELAIS_COMMAND_USAGE for what it does not know. */
  readonly command: (typed: string) => Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Runs the simulator of a connector, for rehearsing without the partner. Throws RELAIS_COMMAND_USAGE for an operation that
 * is not rehearsed. */
export async function startSimulation({ connector, rehearsals, operation, ...options }: SimulationParts): Promise<Simulation> {
  const rehearsal = rehearsals.find((one) => operation === undefined || one.operation === operation);
  if (rehearsal === undefined) throw new RelaisError('RELAIS_COMMAND_USAGE', `--operation: found ${operation ?? 'nothing'}, expected one of ${rehearsals.map((one) => one.operation).join(', ')}`);
  const other = await rehearsal.open(options);
  return {
    instructions: instructionsFor(connector.manifest.id, rehearsal, other),
    command: (typed) => carryOut(typed.trim(), rehearsal, other),
    close: () => other.close(),
  };
}

function instructionsFor(id: string, { operation, skips }: Rehearsal, other: OtherSide): readonly string[] {
  // other secrets of a simulator, such as a wrong password, are nothing to configure
  const used = other.secrets.filter((secret) => JSON.stringify(other.settings).includes(JSON.stringify(secret)));
  const secretNames = new Map(used.map((secret, index) => [secret, `${id.toUpperCase().replaceAll('-', '_')}_SECRET_${index + 1}`]));
  return [
    'connectors:',
    `  - id: ${id}`,
    `    type: ${id}`,
    '    settings:',
    ...Object.entries(other.settings).map(([key, value]) => `      ${key}: ${JSON.stringify(value, (_key, member: unknown) => referenceTo(member, secretNames))}`),
    '',
    ...[...secretNames].map(([secret, name]) => `export ${name}='${secret.replaceAll('\'', String.raw`'\''`)}'`),
    `Operation of a step: ${operation}`,
    ...other.page === undefined ? [] : [`Page of the people over there: ${other.page}`],
    ...wordsToType(skips, other),
  ];
}

/** What can be typed, in lines. */
function wordsToType(skips: Rehearsal['skips'], other: OtherSide): readonly string[] {
  return [
    `Type how it behaves: ${BEHAVIOURS.filter((how) => how === 'well' || skips[how] === undefined).join(', ')}`,
    ...other.commands === undefined ? [] : ['Type what they do:', ...other.commands.usage.map((line) => `  ${line}`)],
    `Type items to see what is there${other.answer === undefined ? '' : '; done <uid> or rejected <uid> <reason> to answer'}; help to see this again. Ctrl-C ends it.`,
  ];
}

function referenceTo(value: unknown, names: ReadonlyMap<string, string>): unknown {
  const name = typeof value === 'string' ? names.get(value) : undefined;
  return name === undefined ? value : `\${env:${name}}`;
}

async function carryOut(typed: string, rehearsal: Rehearsal, other: OtherSide): Promise<readonly string[]> {
  const [word = '', uid = '', ...reason] = typed.split(/\s+/);
  if (word === '') return [];
  if (word === 'help') return wordsToType(rehearsal.skips, other);
  if (word === 'items') return orNothing((await other.delivered()).map((arrival) => JSON.stringify(arrival)));
  if (isBehaviour(word)) return await behave(word, rehearsal, other);
  const done = await other.commands?.run(typed);
  if (done !== undefined) return orNothing(done);
  const answer = answerTyped(word, reason.join(' '));
  if (answer === undefined || uid === '' || other.answer === undefined) throw unknownWords(typed, other);
  await other.answer(uid, answer);
  return [`Answered: ${word}`];
}

/** A list of nothing is told, too: else one does not know whether what was typed was understood. */
function orNothing(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ['nothing there yet'] : lines;
}

/** Of a word that is known, how it is used; of another one, where to look. */
function unknownWords(typed: string, other: OtherSide): RelaisError {
  const [word = ''] = typed.split(/\s+/);
  const answers = other.answer === undefined ? [] : ['done <uid>', 'rejected <uid> <reason>'];
  const meant = [...answers, ...other.commands?.usage ?? []].filter((line) => line.split(/[\s:]/)[0] === word);
  return new RelaisError('RELAIS_COMMAND_USAGE', `found ${typed}, expected ${meant.length === 0 ? 'a word that help shows' : meant.join(', or ')}`);
}

async function behave(how: Behaviour, { skips }: Rehearsal, other: OtherSide): Promise<readonly string[]> {
  const impossible = how === 'well' ? undefined : skips[how];
  if (impossible !== undefined) throw new RelaisError('RELAIS_COMMAND_USAGE', `it cannot: ${impossible}`);
  await other.behave(how);
  return [`From now on: ${how}`];
}

function answerTyped(word: string, reason: string): SimulatedAnswer | undefined {
  if (word === 'done') return { state: 'done', documents: [] };
  return word === 'rejected' ? { state: 'rejected', reason } : undefined;
}

function isBehaviour(word: string): word is Behaviour {
  return (BEHAVIOURS as readonly string[]).includes(word);
}
