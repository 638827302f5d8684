import type { ClaimedDelivery, DeliveryOutcome, DeliveryStore } from '../../src/delivery/store.js';
import type { Delivery } from '../../src/domain/delivery.js';
import type { Item } from '../../src/domain/item.js';
import type { Clock } from '../../src/platform/clock.js';

type Row = { -readonly [Key in keyof Delivery]: Delivery[Key] };

export interface MemoryDeliveryStore extends DeliveryStore {
  add(item: Item, change?: Partial<Delivery>): string;
  row(id: string): Delivery;
  /** Every outcome that was written, in order. */
  readonly outcomes: DeliveryOutcome[];
  /** While set, every call fails with it. */
  failure: Error | null;
}

/** The ledger in memory, with the guards of the real one (owner, state, epoch). */
export function memoryDeliveryStore(clock: Clock): MemoryDeliveryStore {
  const rows = new Map<string, { row: Row; item: Item }>();
  const outcomes: DeliveryOutcome[] = [];

  function held(delivery: Delivery): Row | undefined {
    if (store.failure !== null) throw store.failure;
    const row = rows.get(delivery.id)?.row;
    if (row === undefined || row.state !== 'sending') return undefined;
    return row.leaseOwner === delivery.leaseOwner && row.epoch === delivery.epoch ? row : undefined;
  }

  const due = () => [...rows.values()].filter(({ row }) => row.state === 'ready').toSorted((a, b) => a.row.dueAt - b.row.dueAt);

  const store: MemoryDeliveryStore = {
    outcomes,
    failure: null,
    add(item, change = {}) {
      const id = `delivery-${rows.size + 1}`;
      rows.set(id, { item, row: {
        id, authority: item.authority, itemUid: item.uid, flow: 'flow', step: 'step', position: rows.size, connector: 'out', operation: 'deposit',
        state: 'ready', attempts: 0, dueAt: clock.now(), epoch: 0, leaseOwner: null, leaseUntil: null, markedAt: null, remoteReference: null,
        reason: null, retry: { firstDelayMs: 1_000, factor: 2, maxDelayMs: 60_000, maxAttempts: 5 }, ...change,
      } });
      return id;
    },
    row: (id) => ({ ...rows.get(id)!.row }),
    claim(owner, leaseMs, limit) {
      if (store.failure !== null) return Promise.reject(store.failure);
      const claimed = due().filter(({ row }) => row.dueAt <= clock.now()).slice(0, limit).map(({ row, item }): ClaimedDelivery => {
        Object.assign(row, { state: 'sending', leaseOwner: owner, leaseUntil: clock.now() + leaseMs, epoch: row.epoch + 1 });
        return { delivery: { ...row }, item };
      });
      return Promise.resolve(claimed);
    },
    async markSent(delivery) {
      const row = held(delivery);
      if (row !== undefined) row.markedAt = clock.now();
      return Promise.resolve(row !== undefined);
    },
    async extendLease(delivery, leaseMs) {
      const row = held(delivery);
      if (row !== undefined) row.leaseUntil = clock.now() + leaseMs;
      return Promise.resolve(row !== undefined);
    },
    async finish(delivery, outcome) {
      const row = held(delivery);
      if (row === undefined) return Promise.resolve(false);
      outcomes.push(outcome);
      Object.assign(row, { state: outcome.state, leaseOwner: null, leaseUntil: null, reason: 'reason' in outcome ? outcome.reason : null });
      if (outcome.state === 'done' || outcome.state === 'sent') row.remoteReference = outcome.remoteReference;
      if (outcome.state !== 'ready') row.attempts += 1;
      else Object.assign(row, { dueAt: outcome.dueAt, attempts: row.attempts + (outcome.countsAsAttempt ? 1 : 0), markedAt: outcome.cleared ? null : row.markedAt });
      return Promise.resolve(true);
    },
    async reap() {
      if (store.failure !== null) throw store.failure;
      const expired = [...rows.values()].filter(({ row }) => row.state === 'sending' && row.leaseUntil !== null && row.leaseUntil <= clock.now());
      for (const { row } of expired) Object.assign(row, { state: 'ready', dueAt: clock.now(), leaseOwner: null, leaseUntil: null, epoch: row.epoch + 1 });
      return Promise.resolve(expired.length);
    },
    nextDueAt: () => Promise.resolve(due()[0]?.row.dueAt ?? null),
  };
  return store;
}
