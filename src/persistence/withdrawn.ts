import { isLast } from './delivery-filter.js';
import type { SqlCondition } from './sql-condition.js';

/** WITHDRAWN_STATES as in the index `delivery_withdrawn`, word for word: that is how it is found to serve. */
const IN_INDEX = 'w.step = \'forward\' AND w.state IN (\'rejected\', \'cancelled\')';

/** Condition: the item whose number is `seq` was not withdrawn: the index holds the few that were. */
export function notWithdrawn(seq: string, authority: string): SqlCondition {
  return { sql: `NOT EXISTS (SELECT 1 FROM delivery w WHERE w.authority = ? AND w.item_seq = ${seq} AND ${IN_INDEX} AND ${isLast('w')})`, values: [authority] };
}
