import type { ConnectorState } from '../domain/connector-state.js';
import { WITHDRAWN_STATES, type Delivery, type DeliveryState } from '../domain/delivery.js';
import { FORWARD_STEP } from '../domain/flow.js';
import { durationInWords } from './dates.js';
import { reasonInWords } from './reason-in-words.js';
import { stepName, type Words } from './words.js';

export interface Telling {
  readonly words: Words;
  readonly date: (at: number) => string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** States of the connectors of the authority, where they are known. */
  readonly connectors?: readonly ConnectorState[];
}

/** Where an item is, in one or two sentences, and what somebody has to do about it. What needs a person comes before what
 * goes on by itself. */
export function describeNow(deliveries: readonly Delivery[], telling: Telling): string[] {
  const { words } = telling;
  const { now, toDo, command } = words;
  if (deliveries.length === 0) return [now.keptOnly];
  const parked = first(deliveries, 'parked');
  if (parked !== undefined) {
    return [
      now.parked(stepName(words, parked.step), parked.connector, since(parked, telling)),
      ...reasonInWords(parked.reason, words),
      ...(parked.fix === null ? [] : [toDo(parked.fix)]),
      ...commandFor(parked).map(command),
    ];
  }
  const forward = deliveries.findLast(({ step }) => step === FORWARD_STEP);
  const behind = forward === undefined ? null : behindLines(forward, telling);
  if (forward === undefined || behind === null) return underWay(deliveries, telling) ?? endLines(deliveries, telling);
  return [...behind, ...underWay(deliveries.filter((one) => one !== forward && one.state !== 'waiting'), telling) ?? []];
}

/** Of an item that the system behind its meeting config has, or that was withdrawn; null: neither is so. */
function behindLines(forward: Delivery, telling: Telling): string[] | null {
  const { words } = telling;
  if (WITHDRAWN_STATES.has(forward.state)) return [words.now.withdrawn(since(forward, telling)), ...reasonInWords(forward.reason, words)];
  if (forward.state !== 'sent') return null;
  const stopped = stopsOf(forward, telling);
  return [words.now.forwarded(forward.connector, since(forward, telling)), ...stopped, ...reasonInWords(forward.reason, words)];
}

/** What goes on by itself; null: nothing does. */
function underWay(deliveries: readonly Delivery[], telling: Telling): string[] | null {
  const { words, date } = telling;
  const { now } = words;
  const sent = first(deliveries, 'sent');
  if (sent !== undefined) {
    const stopped = stopsOf(sent, telling);
    const question = stopped.length === 0 ? ` ${now.nextQuestion(date(sent.dueAt))}` : '';
    return [`${now.sent(sent.connector, sent.step, since(sent, telling))}${question}`, ...stopped, ...reasonInWords(sent.reason, words)];
  }
  const sending = first(deliveries, 'sending');
  if (sending !== undefined) return [now.sending(sending.connector, stepName(words, sending.step))];
  const ready = first(deliveries, 'ready');
  if (ready !== undefined) return readyLines(ready, telling);
  const waiting = deliveries.find(({ state, role }) => state === 'waiting' && role === 'step');
  return waiting === undefined ? null : [now.waiting(waiting.step)];
}

/** What to type once somebody has done what the fix says, unless it says what to type itself. */
export function commandFor({ id, state, fix }: Pick<Delivery, 'id' | 'state' | 'fix'>): string[] {
  return state !== 'parked' || fix?.includes('relais deliveries ') === true ? [] : [`relais deliveries retry ${id}`];
}

function readyLines(delivery: Delivery, telling: Telling): string[] {
  const { words, date, now: at } = telling;
  const { now } = words;
  const { connector, dueAt, reason, attempts } = delivery;
  const step = stepName(words, delivery.step);
  const stopped = stopsOf(delivery, telling);
  if (stopped.length > 0) return [...stopped, ...reasonInWords(reason, words)];
  const later = attempts === 0 ? now.later : now.retrying;
  const sentence = dueAt > at ? later(connector, step, date(dueAt)) : now.ready(connector, step);
  return [sentence, ...reasonInWords(reason, words)];
}

/** Why the connector that a delivery needs does nothing now, and what to type to start it again; nothing where it works. */
function stopsOf({ connector }: Pick<Delivery, 'connector'>, { words: { now, command }, date, now: at, connectors = [], words }: Telling): string[] {
  const state = connectors.find((one) => one.connector === connector);
  if (state === undefined || (state.hold === null && state.breaker === 'closed')) return [];
  const { hold, openedAt, reason, canaryAt } = state;
  const sinceThen = (then: number): string => durationInWords(at - then, words);
  if (hold !== null) return [now.held(connector, hold.by, sinceThen(hold.at), hold.reason), command(`relais connectors release ${connector}`)];
  return [now.suspended(connector, sinceThen(openedAt ?? at), reason ?? ''), ...(canaryAt === null ? [] : [now.tried(date(canaryAt))])];
}

function endLines(deliveries: readonly Delivery[], telling: Telling): string[] {
  const { now } = telling.words;
  const rejected = first(deliveries, 'rejected');
  if (rejected !== undefined) return [now.rejected(rejected.step, since(rejected, telling)), ...reasonInWords(rejected.reason, telling.words)];
  return [deliveries.some(({ state }) => state === 'done') ? now.finished : now.cancelled];
}

function first(deliveries: readonly Delivery[], wanted: DeliveryState): Delivery | undefined {
  return deliveries.find(({ state }) => state === wanted);
}

function since({ stateSince }: Delivery, { words, now }: Telling): string {
  return durationInWords(now - stateSince, words);
}
