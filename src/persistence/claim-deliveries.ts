import type { EntityManager } from 'typeorm';
import { slotAfter } from '../delivery/rate.js';
import type { Claim, ClaimRequest } from '../delivery/store.js';
import { inTurn, takeInTurn, type Turn } from '../delivery/take-in-turn.js';
import { readDueLanes, type DueLane } from './due-lanes.js';
import { completeClaims } from './complete-claims.js';
import { NOW } from './engine.js';
import { findCandidates, type Candidate } from './find-candidates.js';
import type { FlowVersions } from './flow-versions.js';
import { noteDeliveries } from './note-delivery.js';
import { valueList } from './value-list.js';

const TAKE = (slot: string, marks: string): string => `UPDATE delivery SET lease_owner = ?, lease_until = ${NOW} + ?, slot = ${slot}, epoch = epoch + 1,
    state_since = CASE WHEN state = 'ready' THEN ${NOW} ELSE state_since END, state = CASE WHEN state = 'ready' THEN 'sending' ELSE state END
  WHERE seq IN (${marks}) AND (state = 'ready' OR (state = 'sent' AND lease_until IS NULL)) RETURNING seq`;
const SET_SLOT = 'UPDATE connector_state SET next_slot_at = ? WHERE lane = ?';

type LaneQueue = DueLane & { readonly waiting: readonly Candidate[] };

/** Takes what is due, in turn, and leases it. `turn` says who was served last. */
export async function claimDeliveries(manager: EntityManager, request: ClaimRequest, versions: FlowVersions, turn: Turn): Promise<Claim[]> {
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

async function useSlots(manager: EntityManager, picked: readonly Candidate[]): Promise<void> {
  for (const lane of new Set(picked.map((candidate) => candidate.lane))) {
    const begun = picked.filter((candidate) => candidate.lane === lane && candidate.counted).length;
    if (lane.perMinute === null || begun === 0) continue;
    await manager.query(SET_SLOT, [slotAfter(lane.nextSlotAt, lane.perMinute, begun, lane.now), lane.lane]);
  }
}

async function lease(manager: EntityManager, request: ClaimRequest, picked: readonly Candidate[], versions: FlowVersions): Promise<Claim[]> {
  const taken = await take(manager, request, picked);
  const now = picked[0]?.lane.now ?? 0;
  const leased = picked.flatMap(({ seqs, lane, gathered }) => seqs.filter((seq) => taken.has(seq)).map((seq) => ({ seq, lane, gathered })));
  const completed = await completeClaims(manager, leased, { versions, at: now });
  // questions are not written down: there may be thousands before an answer comes
  const begun = [...completed.values()].filter(({ delivery }) => delivery.state === 'sending');
  noteDeliveries(manager, begun.map(({ delivery }) => ({ delivery, event: 'delivery.claimed', data: { attempt: delivery.attempts + 1 } })), now);
  return picked.flatMap(({ seqs }) => {
    const [first, ...companions] = seqs.flatMap((seq) => completed.get(seq) ?? []);
    return first === undefined ? [] : [{ ...first, companions }];
  });
}

/** Leases each where it is still free; those of one candidate share its slot. */
async function take(manager: EntityManager, { owner, leaseMs }: ClaimRequest, picked: readonly Candidate[]): Promise<ReadonlySet<number>> {
  const taken = new Set<number>();
  const update = async (slot: string, slots: readonly number[], seqs: readonly number[]): Promise<void> => {
    const { marks, values } = valueList(seqs);
    for (const { seq } of await manager.query<{ seq: number }[]>(TAKE(slot, marks), [owner, leaseMs, ...slots, ...values])) taken.add(seq);
  };
  const alone = picked.filter(({ seqs }) => seqs.length === 1);
  if (alone.length > 0) await update('seq', [], alone.flatMap(({ seqs }) => seqs));
  for (const { seqs } of picked) if (seqs.length > 1) await update('?', seqs.slice(0, 1), seqs);
  return taken;
}
