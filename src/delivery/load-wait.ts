import type { Gathering } from '../connector-api/connector.js';

/** Those that wait for a load of one group, the one that was just gathered among them. */
export interface LoadTotals {
  readonly count: number;
  /** Bytes. */
  readonly weight: number;
  /** When the first of them was gathered, epoch milliseconds. */
  readonly since: number;
}

/** When the load of what was just gathered leaves, and what to tell about it. A load that is full, or that the next one would
 * make too heavy, leaves at once. Epoch milliseconds. */
export function waitForLoad({ limits }: Pick<Gathering, 'limits'>, { count, weight, since }: LoadTotals, now: number): { readonly dueAt: number; readonly reason: string } {
  const isFull = count >= limits.count || weight >= limits.weight;
  const dueAt = isFull ? now : Math.max(now, since + limits.waitMs);
  const latest = `${new Date(dueAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return { dueAt, reason: `Waits for a load: ${count} of ${limits.count}, ${megabytes(weight)} of ${megabytes(limits.weight)}, leaves at ${latest} at the latest.` };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
}
