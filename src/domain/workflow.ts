/** Who may see or do something with an item. A name of an organisation's sub-group (`creators`, `reviewers`, …) means
 * its members in the proposing organisation, except `advisers`: those of the organisations whose advice was asked. */
export type Audience = 'managers' | 'powerObservers' | 'advisers' | (string & {});

export interface WorkflowState {
  readonly id: string;
  readonly title: string;
  /** Who sees an item in this state. Global role Manager sees everything. `members` = any sub-group of the proposer. */
  readonly visibleTo: readonly Audience[];
}

export interface WorkflowTransition {
  readonly id: string;
  readonly title: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly allowedTo: readonly Audience[];
  /** `present`: needs a meeting that accepts items and puts the item into it. */
  readonly needsMeeting: boolean;
}

export interface Workflow {
  readonly initial: string;
  readonly states: readonly WorkflowState[];
  readonly transitions: readonly WorkflowTransition[];
}
