import type { ConnectorHealth } from '../delivery/store.js';
import type { ConnectorPlace } from '../delivery/connector-context.js';

/** Where connectors take turns in asking what waits over there, whatever the number of processes. */
export interface CollectStore {
  /** Takes the turn of a connector where its time has come, no operator holds it, and its breaker lets something through; the next
   * one comes after `everyMs`. `hurried`: whatever the time. Else how long to wait at least, milliseconds; null: nobody knows. */
  begin(place: ConnectorPlace, everyMs: number, hurried: boolean): Promise<'begun' | { readonly waitMs: number | null }>;
  /** Writes down what it says of the connector. `againMs`: the next turn comes so soon; null: it stays. */
  end(place: ConnectorPlace, health: ConnectorHealth, againMs: number | null): Promise<{ readonly breaker: 'opened' | 'closed' | null }>;
  /** Uid of the item whose delivery has this reference over there, the last one that has; null: none has. */
  itemOf(place: ConnectorPlace, reference: string): Promise<string | null>;
}
