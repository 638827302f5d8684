import type { EntityManager } from 'typeorm';
import type { MeetingDate, MeetingLedger } from '../deliberation/meeting-ledger.js';
import type { Clock } from '../platform/clock.js';
import { MeetingEntity } from './entities.js';
import type { TransactionDoor } from './transaction-door.js';

/** Keeps the dates of declared meetings. */
export function createMeetingLedger(door: TransactionDoor, clock: Clock): MeetingLedger {
  return { settle: (authority, declared) => door.write((manager) => settle(manager, authority, declared, clock.now())) };
}

async function settle(manager: EntityManager, authority: string, declared: readonly MeetingDate[], now: number): Promise<ReadonlyMap<string, number>> {
  const known = new Map((await manager.findBy(MeetingEntity, { authority })).map((meeting) => [meeting.uid, meeting]));
  const dates = new Map<string, number>();
  for (const { uid, id, configId, date: declaredDate } of declared) {
    const date = typeof declaredDate === 'number' ? declaredDate : known.get(uid)?.date ?? declaredDate(now);
    dates.set(uid, date);
    const kept = known.get(uid);
    if (kept?.date === date && kept.id === id && kept.configId === configId) continue;
    await manager.upsert(MeetingEntity, { authority, uid, id, configId, date }, ['authority', 'uid']);
  }
  return dates;
}
