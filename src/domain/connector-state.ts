/** `closed`: works. `open`: nothing is sent but one canary from time to time, because it was misconfigured or could not be
 * reached. The engine opens and closes it. */
export type BreakerState = 'closed' | 'open';

/** What is known of a connector of an authority beyond its configuration; survives a restart. Times are epoch
 * milliseconds of the store's clock. */
export interface ConnectorState {
  readonly authority: string;
  readonly connector: string;
  readonly breaker: BreakerState;
  /** Failures in a row since it last answered. */
  readonly failures: number;
  readonly openedAt: number | null;
  /** Why it is open, in plain words. */
  readonly reason: string | null;
  /** When the next canary may go. */
  readonly canaryAt: number | null;
  /** An operator's stop. The engine never sets nor clears it. */
  readonly hold: { readonly by: string; readonly at: number; readonly reason: string } | null;
}
