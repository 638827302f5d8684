/** What people are told of. `breaker`: a connector that the engine has stopped, its subject. `parked`: deliveries that need
 * someone, all of an authority together. `certificate`: one that a connector shows ends soon, or has ended. `digest`: everything, for those who asked for one mail now and then. */
export type IncidentKind = 'breaker' | 'parked' | 'certificate' | 'digest';

export interface IncidentKey {
  readonly authority: string;
  readonly kind: IncidentKind;
  /** The connector of a breaker or a certificate; empty for the others. */
  readonly subject: string;
}

/** Something that is the matter, and what was told of it; survives a restart. Times are epoch milliseconds of the store's
 * clock. */
export interface Incident extends IncidentKey {
  readonly openedAt: number;
  /** When it was last told; null: not yet. */
  readonly toldAt: number | null;
  /** What had happened until then was told: the moment at which the last of it happened. */
  readonly toldTo: number;
  /** Mails in a row that did not go out. */
  readonly failures: number;
  /** No mail before this. */
  readonly tryAt: number;
}

/** Parked deliveries of a connector. */
export interface ParkedCount {
  readonly connector: string;
  readonly count: number;
  /** When the newest was parked. */
  readonly newest: number;
}

export interface ParkedDelivery {
  readonly id: string;
  readonly itemUid: string;
  readonly itemTitle: string;
  readonly connector: string;
  readonly since: number;
  readonly reason: string | null;
  readonly fix: string | null;
}

export interface IncidentStore {
  /** Those of an authority. */
  list(authority: string): Promise<readonly Incident[]>;
  /** How many there are, for metrics. */
  counts(): Promise<readonly { readonly authority: string; readonly kind: IncidentKind; readonly count: number }[]>;
  /** Notes that something is the matter, unless that is known; no mail before `tryAt`. */
  open(key: IncidentKey, openedAt: number, tryAt: number): Promise<void>;
  /** Takes the next mail about it for this process alone, until `until`. False: it is not time, or another process has it. */
  claim(key: IncidentKey, now: number, until: number): Promise<boolean>;
  /** It was told at `at` up to `toldTo`; no mail before `tryAt`. */
  told(key: IncidentKey, change: { readonly at: number; readonly toldTo: number; readonly tryAt: number }): Promise<void>;
  /** The mail did not go out. */
  failed(key: IncidentKey, tryAt: number): Promise<void>;
  /** It is over, and that was told. */
  close(key: IncidentKey): Promise<void>;
  /** Parked deliveries of an authority by connector. */
  parked(authority: string): Promise<readonly ParkedCount[]>;
  /** Those that have been parked for longest. */
  oldestParked(authority: string, limit: number): Promise<readonly ParkedDelivery[]>;
}
