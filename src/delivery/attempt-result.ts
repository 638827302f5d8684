import type { Gathering, Receipt, Tracking } from '../connector-api/connector.js';
import type { Failure } from '../connector-api/failures.js';

/** How far an attempt got: `preparation` is before the connector is called. `track`, `survey` (of many) and `cancel` are about what
 * was sent. */
export type Phase = 'preparation' | 'probe' | 'submit' | 'track' | 'survey' | 'cancel';

/** What one attempt of a claimed delivery came to. */
export type AttemptResult =
  /** Submitted, or found by the probe. */
  | { readonly came: 'receipt'; readonly receipt: Receipt }
  /** `unforeseen`: the connector failed in a way of its own, which says nothing of the other side. `marked`: it may have got
   * as far as the irreversible call, this time or before. */
  | { readonly came: 'failure'; readonly failure: Failure; readonly during: Phase; readonly unforeseen: boolean; readonly marked: boolean }
  /** The probe answered that it cannot tell. */
  | { readonly came: 'unproved' }
  /** An operator found it there, and the probe did not confirm it. */
  | { readonly came: 'unconfirmed'; readonly foundAs: string; readonly answer: 'absent' | 'unknown' }
  /** The probe proved that it did not arrive, and the attempts are used up. */
  | { readonly came: 'absent' }
  /** Outside the hours of the step; null: it never opens. `absent`: a probe had proved absence before. */
  | { readonly came: 'closed'; readonly opensAt: number | null; readonly absent: boolean }
  /** Its own condition says no, or another step was rejected: the other side does not have it, and is not given it any more.
   * `absent` as above. */
  | { readonly came: 'left-out'; readonly as: 'skipped' | 'cancelled'; readonly reason: string; readonly absent: boolean }
  /** What to send cannot be made of the item. */
  | { readonly came: 'unprepared'; readonly reason: string; readonly fix: string | null }
  /** It waits for others to travel with. `absent` as above. */
  | { readonly came: 'gathered'; readonly load: Gathering; readonly absent: boolean }
  | { readonly came: 'tracked'; readonly tracking: Tracking }
  /** Asked about with many others: it stands as it did. */
  | { readonly came: 'no-news' }
  /** Taken back; or why it cannot be taken back, or not any more. */
  | { readonly came: 'cancelling'; readonly refused: string | null }
  /** It is over there, and the connector has no way to ask for the answer. */
  | { readonly came: 'unanswerable'; readonly reference: string }
  /** The engine stopped before the attempt could end. */
  | { readonly came: 'interrupted' };
