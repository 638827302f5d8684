import type { RetryPolicy } from './delivery.js';
import type { FieldSource } from './mapping.js';

/** When a flow applies. An absent member matches everything. `condition` is a JSONata expression on the item. */
export interface FlowRule {
  readonly source?: readonly string[];
  readonly kind?: readonly string[];
  readonly meetingConfig?: readonly string[];
  readonly condition?: string;
}

/** When a step may send. Outside of it, deliveries wait without burning attempts. */
export interface BusinessHours {
  /** IANA name, such as Europe/Brussels. */
  readonly timeZone: string;
  /** ISO days of the week, 1 is Monday. */
  readonly days: readonly number[];
  /** Minutes from midnight, local time; `to` is the first minute that is closed. */
  readonly from: number;
  readonly to: number;
  /** Local dates on which nothing is sent, `2027-05-01`. */
  readonly holidays: readonly string[];
}

/** What the answer of a step does to the item. */
export interface StepResults {
  /** Short id of the annex type that documents brought back get; null: the first of the meeting config that fits. */
  readonly annexType: string | null;
  /** Annex types of documents with a role (Annex.role), before `annexType`. Absent in flows kept before there were any. */
  readonly annexTypes?: Readonly<Record<string, string>>;
  readonly relatedTo: 'item' | 'decision';
  /** Fields of the item's `extra`, by name, that take the value of a field that was brought back: callers see them among the
   * `extraInfos`. Absent in flows kept before there were any. */
  readonly itemFields?: Readonly<Record<string, string>>;
  /** Review state that the item takes when the step is done, or rejected; null: it keeps its own. */
  readonly stateWhenDone: string | null;
  readonly stateWhenRejected: string | null;
}

/** Id of the step that hands an item to the system behind its meeting config. It is put before the others by itself, and no step of a
 * configuration may have it. */
export const FORWARD_STEP = 'forward';

/** Operation of the connectors that can stand behind a meeting config, by which that step hands the item over. */
export const CREATE_ITEM = 'create-item';

export interface Step {
  readonly id: string;
  /** Id of a configured connector of the authority. */
  readonly connector: string;
  readonly operation: string;
  /** Steps of the same flow that must be done or skipped first; none: it begins at once. */
  readonly after: readonly string[];
  /** JSONata on the item, asked when it is the step's turn; false skips the step. Null: always. */
  readonly when: string | null;
  /** The step waits until the item is in one of these review states (a decision, a transition); null: it does not. */
  readonly waitFor: readonly string[] | null;
  /** Target fields of the operation. */
  readonly fields: Readonly<Record<string, FieldSource>>;
  readonly retry: RetryPolicy;
  readonly hours: BusinessHours | null;
  readonly results: StepResults;
}

/** A list of steps. The first flow whose rule matches takes the item; an item that no flow takes is kept only. Plain JSON,
 * because the store keeps every version that an item follows. */
export interface Flow {
  readonly id: string;
  readonly when: FlowRule;
  readonly steps: readonly Step[];
  /** Carried out in place of what is left when a step is rejected. */
  readonly onRejection: readonly Step[];
}
