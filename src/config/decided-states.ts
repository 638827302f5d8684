import { POSITIVE_DECISIONS } from './default-workflow.js';

/** Usual names of the states that follow the decision of a meeting. */
const DECISIONS: readonly string[] = [
  ...POSITIVE_DECISIONS, 'refused', 'delayed', 'postponed_next_meeting', 'removed', 'marked_not_applicable',
];

/** Facts of a meeting config that say which of its states are decisions. */
export interface DecisionFacts {
  readonly states: readonly string[];
  /** Its items may come into any usual state. */
  readonly backed: boolean;
  readonly itemPositiveDecidedStates: readonly string[];
}

/** States of these meeting configs in which the meeting has decided on the item, whatever the decision. */
export function decidedStates(configs: readonly DecisionFacts[]): string[] {
  const decided = configs.flatMap(({ states, backed, itemPositiveDecidedStates }) => [
    ...states.filter((state) => DECISIONS.includes(state) || itemPositiveDecidedStates.includes(state)),
    ...(backed ? [...DECISIONS, ...itemPositiveDecidedStates] : []),
  ]);
  return [...new Set(decided)];
}
