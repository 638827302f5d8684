import type { Delivery } from '../../src/domain/delivery.js';
import type { DeliveryOutcome, ClaimedDelivery } from '../../src/delivery/store.js';
import { claimBy } from './temp-store.js';
import type { TempStore } from './temp-store.js';

export const NOTHING = { fields: {}, annexes: [], reviewState: null } as const;
export const WORKS = { verdict: 'works' } as const;
export const UNAFFECTED = { verdict: 'unaffected' } as const;
export const DONE = { state: 'done', remoteReference: 'R', broughtBack: NOTHING } as const;
export const PARKED = { state: 'parked', reason: 'The title is too long.', fix: 'Shorten it.', countsAsAttempt: true, cleared: true } as const;


/** Claims one delivery; fails if there is none. */
export async function claimOne(store: TempStore, owner = 'one'): Promise<ClaimedDelivery> {
  const [claimed] = await store.deliveries.claim(claimBy(owner));
  if (claimed === undefined) throw new Error('nothing to claim');
  return claimed;
}

/** Claims what is next and finishes it. */
export async function finishNext(store: TempStore, outcome: DeliveryOutcome): Promise<ClaimedDelivery> {
  const claimed = await claimOne(store);
  if (await store.deliveries.finish(claimed.delivery, outcome, UNAFFECTED) === false) throw new Error('the lease was lost');
  return claimed;
}

/** The deliveries of an item, in the order of their steps. */
export async function deliveriesOf(store: TempStore, uid: string, authority = 'default'): Promise<readonly Delivery[]> {
  return (await store.history.story(authority, uid))?.deliveries ?? [];
}

/** `step state` of each delivery of an item. */
export async function statesOf(store: TempStore, uid: string): Promise<string[]> {
  return (await deliveriesOf(store, uid)).map(({ step, state }) => `${step} ${state}`);
}

/** Names of what the journal says about an item. */
export async function eventsOf(store: TempStore, uid: string, authority = 'default'): Promise<string[]> {
  return ((await store.history.story(authority, uid))?.journal ?? []).map(({ event }) => event);
}
