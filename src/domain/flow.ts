import type { RetryPolicy } from './delivery.js';

/** When a flow applies. An absent member matches everything. `condition` is a JSONata expression on the item. */
export interface FlowRule {
  readonly source?: readonly string[];
  readonly kind?: readonly string[];
  readonly meetingConfig?: readonly string[];
  readonly condition?: string;
}

export interface Step {
  readonly id: string;
  /** Id of a configured connector of the authority. */
  readonly connector: string;
  readonly operation: string;
  readonly retry: RetryPolicy;
}

/** An ordered list of steps. The first flow whose rule matches takes the item; an item that no flow takes is kept only. */
export interface Flow {
  readonly id: string;
  readonly when: FlowRule;
  readonly steps: readonly Step[];
}
