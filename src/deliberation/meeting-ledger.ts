import type { DeclaredMeeting } from '../domain/meeting-config.js';

/** What a ledger keeps of a declared meeting. */
export type MeetingDate = Pick<DeclaredMeeting, 'configId' | 'id' | 'uid' | 'date'>;

/** Remembers meetings, so that a relative date is made once and does not move with each start. */
export interface MeetingLedger {
  /** Dates (epoch milliseconds) of the declared meetings by uid. A fixed date is taken as declared, even if it was
   * another one before. Throws RELAIS_STORE_UNAVAILABLE. */
  settle(authority: string, declared: readonly MeetingDate[]): Promise<ReadonlyMap<string, number>>;
}
