import type { Gathering, Receipt } from '../connector-api/connector.js';
import { attempt, type Attempt, type AttemptParts } from './attempt.js';
import type { AttemptResult } from './attempt-result.js';
import { callConnector } from './call-connector.js';
import { chooseLoad } from './choose-load.js';
import { gather } from './gather.js';
import { TakenOver, type Held } from './hold.js';
import { makeReady, received, sendOrProbe, type Ready } from './send-or-probe.js';
import type { Settle, SettleParts } from './settle.js';

/** A delivery that may travel now. */
interface Passenger extends Ready {
  readonly held: Held;
  readonly load: Gathering;
  readonly weight: number;
}

/** Hands over those that were gathered for a load: the first ones that make one, and the others wait on. Each is prepared anew;
 * what cannot be made of its item, or goes with another group now, is left behind. */
export async function sendLoad(held: readonly Held[], parts: AttemptParts & Pick<SettleParts, 'random'>, settle: Settle): Promise<void> {
  const began = parts.clock.now();
  const ready: Passenger[] = [];
  for (const one of held) {
    const made = await attempt([one], parts, (alone) => embark(alone, parts));
    if ('came' in made) await settle(one, made, { began });
    else ready.push({ held: one, ...made });
  }
  const leader = ready[0];
  if (leader === undefined) return;
  const { load, rest } = chooseLoad(ready.filter((one) => one.load.group === leader.load.group), leader.load.limits);
  const leftBehind = [...rest, ...ready.filter((one) => one.load.group !== leader.load.group)];
  await Promise.all(leftBehind.map((one) => settle(one.held, { came: 'gathered', load: one.load, absent: false }, { began })));
  const [first, ...others] = load.filter((one) => !one.held.lost());
  if (first === undefined) return;
  const results = await attempt([first.held, ...others.map((one) => one.held)], parts, (shared) => handOver([first, ...others], shared, parts));
  // One call, so one moment and one chance for all: those that are tried again are due together.
  const moment = { now: parts.clock.now(), chance: parts.random() };
  await Promise.all([first, ...others].map((one, index) => settle(one.held, results[index] ?? { came: 'interrupted' }, { began, moment, counts: index === 0 })));
}

/** What was marked meanwhile is probed, and what travels alone now is handed over, by themselves. */
async function embark(alone: Attempt, parts: AttemptParts): Promise<Omit<Passenger, 'held'> | AttemptResult> {
  if (alone.marked()) return sendOrProbe(alone, parts);
  const ready = await makeReady(alone, parts);
  if ('came' in ready) return ready;
  const load = gather(ready.submission, alone, ready.configured);
  if (load === null) return sendOrProbe(alone, parts);
  return 'came' in load ? load : { ...ready, load, weight: load.weight };
}

async function handOver(load: readonly [Passenger, ...Passenger[]], shared: Attempt, parts: AttemptParts): Promise<readonly AttemptResult[]> {
  const { configured: { connector, settings } } = load[0];
  const answer = await callConnector('submit', shared, parts, async () => {
    const receipts: readonly Receipt[] = await connector.together?.submit(load.map(({ submission }) => submission), settings, shared.context) ?? [];
    if (receipts.length !== load.length) throw new TypeError(`a load of ${load.length} brought ${receipts.length} receipts`);
    return receipts;
  });
  const brokenUp = 'came' in answer && !shared.marked() && shared.context.signal.reason instanceof TakenOver;
  if ('came' in answer) return load.map(() => (brokenUp ? { came: 'interrupted' } : answer));
  return answer.value.map((receipt, index) => received(receipt, load[index]?.configured ?? load[0].configured));
}
