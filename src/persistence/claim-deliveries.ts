import type { EntityManager } from 'typeorm';
import { slotAfter } from '../delivery/rate.js';
import type { ClaimedDelivery, ClaimRequest } from '../delivery/store.js';
import { inTurn, takeInTurn, type Turn } from '../delivery/take-in-turn.js';
import { headOf, keysOf, readDueLanes, type DueLane } from './due-lanes.js';
import { completeClaims } from './complete-claims.js';
import type { FlowVersions } from './flow-versions.js';
import { noteDeliveries } from './note-delivery.js';
import { NOW } from './engine.js';
import { valueList } from './value-list.js';

const READY = `SELECT seq, due_at AS "dueAt", state FROM delivery WHERE lane = ? AND state = 'ready' AND order_key IS NULL AND load_group IS NULL AND due_at <= ${NOW} ORDER BY due_at, seq LIMIT ?`;
const ORDERED_READY = `WITH ${keysOf('?')} SELECT d.seq, d.due_at AS "dueAt", d.state FROM turn JOIN delivery d ON d.seq = ${headOf('?')}
  WHERE d.state = 'ready' AND d.due_at <= ${NOW} ORDER BY d.due_at, d.seq LIMIT ?`;
const SENT = `SELECT seq, due_at AS "dueAt", state FROM delivery WHERE lane = ? AND state = 'sent' AND lease_until IS NULL AND due_at <= ${NOW} ORDER BY due_at, seq LIMIT ?`;

const TAKE = (marks: string): string => `UPDATE delivery SET lease_owner = ?, lease_until = ${NOW} + ?, epoch = epoch + 1,
    state_since = CASE WHEN state = 'ready' THEN ${NOW} ELSE state_since END, state = CASE WHEN state = 'ready' THEN 'sending' ELSE state END
  WHERE seq IN (${marks}) AND (state = 'ready' OR (state = 'sent' AND lease_until IS NULL)) RETURNING seq`;
const SET_SLOT = 'UPDATE connector_state SET next_slot_at = ? WHERE lane = ?';

interface Candidate { readonly seq: number; readonly dueAt: number; readonly state: 'ready' | 'sent'; readonly lane: DueLane }
type LaneQueue = DueLane & { readonly waiting: readonly Candidate[] };

/** Takes what is due, in turn, and leases it. `turn` says who was served last. */
export async function claimDeliveries(manager: EntityManager, request: ClaimRequest, versions: FlowVersions, turn: Turn): Promise<ClaimedDelivery[]> {
  const lanes = (await readDueLanes(manager, request.limitsOf)).filter(({ from, now }) => from <= now);
  const queues: LaneQueue[] = [];
  for (const lane of inTurn(lanes, turn)) {
    if (queues.length === request.limit) break;
    const waiting = await findCandidates(manager, lane, request.limit);
    if (waiting.length > 0) queues.push({ ...lane, waiting });
  }
  const picked = takeInTurn(queues, request.limit);
  if (picked.length === 0) return [];
  await useSlots(manager, picked);
  return lease(manager, request, picked, versions);
}

/** The oldest of a lane, as many as there is room for. */
async function findCandidates(manager: EntityManager, lane: DueLane, limit: number): Promise<Candidate[]> {
  const room = Math.min(lane.room, limit);
  const slots = Math.min(lane.slots, limit);
  const isDue = (at: number | null): boolean => at !== null && at <= lane.now;
  const find = async (sql: string, values: readonly unknown[]): Promise<Candidate[]> =>
    (await manager.query<Omit<Candidate, 'lane'>[]>(sql, [...values])).map((row) => ({ ...row, lane }));
  const ready = [
    ...slots > 0 && isDue(lane.readyAt) ? await find(READY, [lane.lane, slots]) : [],
    ...slots > 0 && isDue(lane.orderedAt) ? await find(ORDERED_READY, [lane.lane, lane.lane, lane.lane, slots]) : [],
  ].toSorted(oldestFirst).slice(0, slots);
  const sent = isDue(lane.sentAt) ? await find(SENT, [lane.lane, room]) : [];
  return [...ready, ...sent].toSorted(oldestFirst).slice(0, room);
}

function oldestFirst(a: Candidate, b: Candidate): number {
  return a.dueAt - b.dueAt || a.seq - b.seq;
}

async function useSlots(manager: EntityManager, picked: readonly Candidate[]): Promise<void> {
  for (const lane of new Set(picked.map((candidate) => candidate.lane))) {
    const begun = picked.filter((candidate) => candidate.lane === lane && candidate.state === 'ready').length;
    if (lane.perMinute === null || begun === 0) continue;
    await manager.query(SET_SLOT, [slotAfter(lane.nextSlotAt, lane.perMinute, begun, lane.now), lane.lane]);
  }
}

async function lease(manager: EntityManager, { owner, leaseMs }: ClaimRequest, picked: readonly Candidate[], versions: FlowVersions): Promise<ClaimedDelivery[]> {
  const { marks, values } = valueList(picked.map(({ seq }) => seq));
  const taken = new Set((await manager.query<{ seq: number }[]>(TAKE(marks), [owner, leaseMs, ...values])).map(({ seq }) => seq));
  const now = picked[0]?.lane.now ?? 0;
  const claimed = await completeClaims(manager, picked.filter(({ seq }) => taken.has(seq)), { versions, at: now });
  // questions are not written down: there may be thousands before an answer comes
  const begun = claimed.filter(({ delivery }) => delivery.state === 'sending');
  noteDeliveries(manager, begun.map(({ delivery }) => ({ delivery, event: 'delivery.claimed', data: { attempt: delivery.attempts + 1 } })), now);
  return claimed;
}
