import type { EntityManager } from 'typeorm';
import { headOf, keysOf, type DueLane } from './due-lanes.js';
import { WAITING_FOR_LOAD } from './await-load.js';
import { NOW } from './engine.js';

const READY = `SELECT seq, due_at AS "dueAt" FROM delivery WHERE lane = ? AND state = 'ready' AND order_key IS NULL AND load_group IS NULL AND due_at <= ${NOW} ORDER BY due_at, seq LIMIT ?`;
const ORDERED_READY = `WITH ${keysOf('?')} SELECT d.seq, d.due_at AS "dueAt" FROM turn JOIN delivery d ON d.seq = ${headOf('?')}
  WHERE d.state = 'ready' AND d.due_at <= ${NOW} ORDER BY d.due_at, d.seq LIMIT ?`;
const SENT = `SELECT seq, due_at AS "dueAt", CASE WHEN cancel_requested THEN 1 ELSE 0 END AS "takenBack" FROM delivery
  WHERE lane = ? AND state = 'sent' AND lease_until IS NULL AND due_at <= ${NOW} + ? ORDER BY due_at, seq LIMIT ?`;
const DUE_LOADS = `SELECT load_group AS name, min(due_at) AS "dueAt", max(load_count) AS count FROM delivery
  WHERE lane = ? AND state = 'ready' AND load_group IS NOT NULL AND due_at <= ${NOW} GROUP BY load_group ORDER BY min(due_at), load_group LIMIT ?`;
const OF_LOAD = `SELECT seq FROM delivery WHERE ${WAITING_FOR_LOAD} ORDER BY gathered_at, seq LIMIT ?`;

/** What is due so soon is asked about together with what is due now. */
const SOON_MS = 60_000;

/** What one slot of a lane may be used for. */
export interface Candidate {
  /** The deliveries, first the one by which the claim is known. */
  readonly seqs: readonly number[];
  readonly dueAt: number;
  /** The rate of the connector counts it. */
  readonly counted: boolean;
  readonly gathered: boolean;
  readonly lane: DueLane;
}

interface Found { readonly seq: number; readonly dueAt: number }

/** The oldest of a lane, as many as there is room for. */
export async function findCandidates(manager: EntityManager, lane: DueLane, limit: number): Promise<Candidate[]> {
  const room = Math.min(lane.room, limit);
  const slots = Math.min(lane.slots, limit);
  const ready = await readyOf(manager, lane, lane.gathers ? room : slots);
  const loads = slots > 0 && isDue(lane, lane.gatheredAt) ? await loadsOf(manager, lane, slots) : [];
  const counted = [...lane.gathers ? [] : ready, ...loads].toSorted(oldestFirst).slice(0, slots);
  const sent = isDue(lane, lane.sentAt) ? await sentOf(manager, lane, room) : [];
  return [...counted, ...lane.gathers ? ready : [], ...sent].toSorted(oldestFirst).slice(0, room);
}

async function readyOf(manager: EntityManager, lane: DueLane, limit: number): Promise<Candidate[]> {
  if (limit === 0) return [];
  const found: Found[] = [
    ...isDue(lane, lane.readyAt) ? await manager.query<Found[]>(READY, [lane.lane, limit]) : [],
    ...isDue(lane, lane.orderedAt) ? await manager.query<Found[]>(ORDERED_READY, [lane.lane, lane.lane, lane.lane, limit]) : [],
  ];
  return found.map(({ seq, dueAt }) => ({ seqs: [seq], dueAt, counted: !lane.gathers, gathered: false, lane })).toSorted(oldestFirst).slice(0, limit);
}

/** One load of each group. */
async function loadsOf(manager: EntityManager, lane: DueLane, limit: number): Promise<Candidate[]> {
  const loads: Candidate[] = [];
  for (const { name, dueAt, count } of await manager.query<{ name: string; dueAt: number; count: number }[]>(DUE_LOADS, [lane.lane, limit])) {
    const rows = await manager.query<{ seq: number }[]>(OF_LOAD, [lane.lane, name, count]);
    loads.push({ seqs: rows.map(({ seq }) => seq), dueAt, counted: true, gathered: true, lane });
  }
  return loads;
}

/** Those that can be asked about together are. What is to be taken back is not asked about. */
async function sentOf(manager: EntityManager, lane: DueLane, limit: number): Promise<Candidate[]> {
  const { askTogether } = lane;
  const found = await manager.query<(Found & { readonly takenBack: 0 | 1 })[]>(SENT, [lane.lane, askTogether > 1 ? SOON_MS : 0, limit * askTogether]);
  const asked = found.filter(({ takenBack }) => takenBack === 0);
  const back = found.filter(({ takenBack }) => takenBack === 1).map((one) => [one]);
  const together = Array.from({ length: Math.ceil(asked.length / askTogether) }, (_, index) => asked.slice(index * askTogether, (index + 1) * askTogether));
  return [...back, ...together].flatMap((group) => {
    const [first] = group;
    return first !== undefined && isDue(lane, first.dueAt) ? [{ seqs: group.map(({ seq }) => seq), dueAt: first.dueAt, counted: false, gathered: false, lane }] : [];
  });
}

function isDue({ now }: DueLane, at: number | null): boolean {
  return at !== null && at <= now;
}

function oldestFirst(a: Candidate, b: Candidate): number {
  return a.dueAt - b.dueAt || (a.seqs[0] ?? 0) - (b.seqs[0] ?? 0);
}
