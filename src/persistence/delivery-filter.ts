import type { DeliveryFilter } from '../delivery/operations.js';
import { FINAL_STATES } from '../domain/delivery.js';
import { joinConditions, type SqlCondition } from './sql-condition.js';
import { valueList } from './value-list.js';

/** As in the index `delivery_open`, word for word: that is how it is found to serve. */
export const OPEN = 'state NOT IN (\'done\', \'skipped\', \'rejected\', \'cancelled\')';

/** Condition: of the deliveries of a step that was sent again, the row of `table` is the last. */
export function isLast(table: string): string {
  return `NOT EXISTS (SELECT 1 FROM delivery n WHERE n.item_seq = ${table}.item_seq AND n.flow = ${table}.flow AND n.step = ${table}.step AND n.seq > ${table}.seq)`;
}

/** An SQL function on both engines: small letters, also those with accents. */
const LOWER = 'relais_lower';

/** `WHERE …` on table `delivery` for what an operator means. */
export function deliveryFilter(authority: string, filter: DeliveryFilter): SqlCondition {
  const conditions: SqlCondition[] = [{ sql: 'authority = ?', values: [authority] }];
  const { ids, itemUid, state, connector, flow, step, since, reason } = filter;
  if (ids !== undefined) conditions.push(among('id', ids));
  if (itemUid !== undefined) conditions.push({ sql: 'item_seq = (SELECT seq FROM item WHERE uid = ?)', values: [itemUid] });
  if (state !== undefined) conditions.push(among('state', state));
  if (connector !== undefined) conditions.push({ sql: 'connector = ?', values: [connector] });
  if (flow !== undefined) conditions.push({ sql: 'flow = ?', values: [flow] });
  if (step !== undefined) conditions.push({ sql: 'step = ?', values: [step] });
  if (since !== undefined) conditions.push({ sql: 'state_since < ?', values: [since] });
  if (reason !== undefined) conditions.push({ sql: `${LOWER}(reason) LIKE ? ESCAPE '!'`, values: [`%${reason.toLowerCase().replace(/[!%_]/g, '!$&')}%`] });
  if (isOfOpenOnes(filter)) conditions.push(inLanes(authority, connector));
  return joinConditions(conditions, 'AND');
}

/** What to order by: a plain `seq` makes the database walk through all deliveries of the authority, newest first, which is
 * what lists of everything need; where few are meant, they are found first. */
export function filterOrder(filter: DeliveryFilter): 'seq' | '+seq' {
  return filter.ids !== undefined || filter.itemUid !== undefined || isOfOpenOnes(filter) ? '+seq' : 'seq';
}

function isOfOpenOnes({ state }: DeliveryFilter): boolean {
  return state !== undefined && !state.some((one) => FINAL_STATES.has(one));
}

function inLanes(authority: string, connector: string | undefined): SqlCondition {
  const lanes = 'SELECT lane FROM connector_state WHERE authority = ?';
  return connector === undefined
    ? { sql: `${OPEN} AND lane IN (${lanes})`, values: [authority] }
    : { sql: `${OPEN} AND lane IN (${lanes} AND connector = ?)`, values: [authority, connector] };
}

/** The column has one of these values. */
export function among(column: string, wanted: readonly string[]): SqlCondition {
  const { marks, values } = valueList(wanted);
  return { sql: `${column} IN (${marks})`, values };
}
