import type { EntityManager } from 'typeorm';
import type { Delivery } from '../domain/delivery.js';
import { noteJournal } from './journal-chain.js';

/** Who acts where nobody does: the engine itself. */
export const ENGINE = 'relais';

/** A delivery as the journal names it. */
export type NotedDelivery = Pick<Delivery, 'id' | 'authority' | 'itemUid' | 'step'>;

/** Something that happened to a delivery. `data` holds no text of an item and no secret. */
export interface DeliveryFact {
  readonly delivery: NotedDelivery;
  readonly event: `delivery.${string}`;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Writes down what happened to deliveries, each authority's in its own journal, inside the caller's transaction. */
export function noteDeliveries(manager: EntityManager, facts: readonly DeliveryFact[], at: number, actor = ENGINE): void {
  for (const authority of new Set(facts.map(({ delivery }) => delivery.authority))) {
    const own = facts.filter(({ delivery }) => delivery.authority === authority);
    noteJournal(manager, authority, own.map(({ delivery, event, data }) => ({
      at, actor, item: delivery.itemUid, event, data: { delivery: delivery.id, step: delivery.step, ...data },
    })));
  }
}
