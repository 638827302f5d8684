import type { ActAnswer } from './answer-exchange.js';
import { LETTER_KINDS, type Exchange, type LetterKind } from './exchange.js';
import type { StateDesk } from './state-desk.js';
import { StateRefusal } from './state-refusal.js';
import type { FlowAnswer, TreasuryFlow } from './treasury-flow.js';

/** What the terminal of the simulated State shows of its commands. An id is that of a transaction, or the number of an act, or the NomFic of a flow. */
export const STATE_COMMANDS: readonly string[] = [
  'transactions',
  'accept <id>: the treasury, or the prefecture, accepts it',
  'early <id>: the acquit can be read before the state changes',
  'late <id>: the state changes before the acquit can be read',
  'stranger <id>: the acquit names a flow that nobody sent',
  'reject <id> [code]: the treasury rejects the flow',
  'partial <id> [slip] [code]: it rejects one slip',
  'anomaly <id> [words]: the prefecture reports an anomaly of the act',
  'error <id> [words]: it ends in error on the platform',
  'post <id>: what waits for a person is posted',
  'stuck <id> | free <id>: it stays where it is, or no longer',
  `letter <id of an act> ${LETTER_KINDS.join('|')} [words]`,
  'retour <siren>: a PES_Retour waits',
  'classify: the classification changes overnight',
];

/** Carries out what somebody typed, and answers in lines; undefined for what is no command of the State. Throws StateRefusal. */
export async function runStateCommand(typed: string, desk: StateDesk): Promise<readonly string[] | undefined> {
  const [word = '', given = '', ...more] = typed.trim().split(/\s+/);
  if (word === 'transactions') return transactionLines(desk);
  if (word === 'classify') return [`classification: ${(await desk.prefecture.reclassify()).date}`];
  if (given === '') return undefined;
  if (word === 'retour') return [`PES_Retour ${(await desk.treasury.giveBack(given)).id}`];
  const flow = findFlow(given, desk);
  if (flow !== undefined) return runFlowCommand(word, flow, more, desk);
  const exchange = findExchange(given, desk);
  return exchange === undefined ? undefined : runExchangeCommand(word, exchange, more, desk);
}

function transactionLines({ treasury, prefecture }: StateDesk): readonly string[] {
  return [
    ...treasury.list().map(({ id, stage, file, names }) => `${id}  PES  ${stage}  ${names?.nomFic ?? file.filename}`),
    ...prefecture.list().map((exchange) => `${exchange.id}  ${exchange.kind}  ${exchange.stage}  ${titleOf(exchange)}`),
  ];
}

/** One line about an exchange. */
export function titleOf(exchange: Exchange): string {
  switch (exchange.kind) {
    case 'act': return `${exchange.number} ${exchange.subject}`;
    case 'letter': return `${exchange.letter} → ${exchange.about}`;
    case 'reply': return `réponse → ${exchange.about}`;
    case 'cancellation': return `annulation → ${exchange.about}`;
    case 'classification': return '';
  }
}

function findFlow(given: string, { treasury }: StateDesk): TreasuryFlow | undefined {
  return treasury.find(given) ?? treasury.list().findLast(({ names, file }) => names?.nomFic === given || file.filename === given);
}

function findExchange(given: string, { prefecture }: StateDesk): Exchange | undefined {
  return prefecture.find(given) ?? prefecture.list().findLast((one) => one.kind === 'act' && one.number === given);
}

async function runFlowCommand(word: string, { id }: TreasuryFlow, more: readonly string[], { treasury }: StateDesk): Promise<readonly string[] | undefined> {
  const answer = flowAnswerNamed(word, more);
  if (answer !== undefined) return [lineOf(await treasury.answer(id, answer))];
  switch (word) {
    case 'error': return [lineOf(await treasury.fail(id, more.join(' ') || 'Refusé par la plate-forme'))];
    case 'post': return [lineOf(await treasury.post(id))];
    case 'stuck':
    case 'free': return [lineOf(await treasury.hold(id, word === 'stuck'))];
    default: return undefined;
  }
}

/** The answer that a word stands for; undefined for a word that is none. */
export function flowAnswerNamed(word: string, [first, second]: readonly string[]): FlowAnswer | undefined {
  switch (word) {
    case 'accept': return { verdict: 'accept' };
    case 'early': return { verdict: 'accept', timing: 'early' };
    case 'late': return { verdict: 'accept', timing: 'late' };
    case 'stranger': return { verdict: 'accept', isOfAnother: true };
    case 'reject': return { verdict: 'reject', ...(first !== undefined && { code: first }) };
    case 'partial': return { verdict: 'partial', ...(first !== undefined && { slip: first }), ...(second !== undefined && { code: second }) };
    default: return undefined;
  }
}

async function runExchangeCommand(word: string, { id }: Exchange, [first = '', ...more]: readonly string[], { prefecture }: StateDesk): Promise<readonly string[] | undefined> {
  const words = [first, ...more].join(' ').trim();
  const answer = actAnswerNamed(word, words);
  if (answer !== undefined) return [lineOf(await prefecture.answer(id, answer))];
  switch (word) {
    case 'letter': return [lineOf(await prefecture.write(id, letterNamed(first), ...more.length === 0 ? [] : [more.join(' ')]))];
    case 'error': return [lineOf(await prefecture.fail(id, words || 'Refusé par la plate-forme'))];
    case 'post': return [lineOf(await prefecture.post(id))];
    case 'stuck':
    case 'free': return [lineOf(await prefecture.hold(id, word === 'stuck'))];
    default: return undefined;
  }
}

/** The answer that a word stands for; undefined for a word that is none. */
export function actAnswerNamed(word: string, words: string): ActAnswer | undefined {
  if (word === 'accept') return { verdict: 'accept' };
  return word === 'anomaly' ? { verdict: 'anomaly', detail: words || 'Le document principal est illisible' } : undefined;
}

/** Throws StateRefusal. */
export function letterNamed(word: string): LetterKind {
  const found = LETTER_KINDS.find((kind) => kind === word);
  if (found === undefined) throw new StateRefusal('not-understood', `Le courrier ${word} n'existe pas : ${LETTER_KINDS.join(', ')}.`);
  return found;
}

function lineOf({ id, stage, reason }: { readonly id: string; readonly stage: string; readonly reason: string }): string {
  return `${id}: ${stage}${reason === '' ? '' : `, ${reason}`}`;
}
