/** A meeting as an administrator declares it. `date` is epoch milliseconds, or, for a date relative to the day on which
 * the meeting is first seen, how to make it from that moment (epoch milliseconds). */
export interface DeclaredMeeting {
  readonly configId: string;
  readonly id: string;
  readonly uid: string;
  readonly date: number | ((firstSeen: number) => number);
}

/** Remembers meetings, so that a relative date is made once and does not move with each start. */
export interface MeetingLedger {
  /** Dates (epoch milliseconds) of the declared meetings by uid. A fixed date is taken as declared, even if it was
   * another one before. Throws RELAIS_STORE_UNAVAILABLE. */
  settle(authority: string, declared: readonly DeclaredMeeting[]): Promise<ReadonlyMap<string, number>>;
}
