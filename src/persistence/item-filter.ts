import type { ItemQuery, Visibility, VisibilityClause } from '../history/store.js';
import type { Dialect } from './engine.js';
import { joinConditions } from './sql-condition.js';
import type { SqlCondition } from './sql-condition.js';
import type { TextMatch } from './text-index.js';
import { notWithdrawn } from './withdrawn.js';

type PlainCriterion = Exclude<keyof ItemQuery, 'text' | 'meeting'>;
const PLAIN_COLUMNS: Readonly<Record<PlainCriterion, string>> = {
  uid: 'i.uid', creator: 'i.creator', category: 'i.category', configId: 'i.config_id',
  proposingOrganisation: 'i.proposing_organisation', reviewState: 'i.review_state', externalIdentifier: 'i.external_identifier',
};

export interface ItemSearch {
  readonly authority: string;
  readonly query: ItemQuery;
  readonly text: TextMatch | null;
  readonly visibility: Visibility;
}

/** `FROM … WHERE …` for the items that meet everything: authority, criteria, full text, visibility; what was withdrawn is seen by
 * nobody. */
export function itemFilter(dialect: Dialect, { authority, query, text, visibility }: ItemSearch): SqlCondition {
  const rest = joinConditions(itemConditions(dialect, authority, query, visibility), 'AND');
  if (text === null) return { sql: `FROM item i WHERE ${rest.sql}`, values: rest.values };
  return dialect.text.filter({ authority, text, rest, few: query.uid !== undefined || query.externalIdentifier !== undefined });
}

function itemConditions(dialect: Dialect, authority: string, query: ItemQuery, visibility: Visibility): SqlCondition[] {
  const conditions: SqlCondition[] = [{ sql: 'i.authority = ?', values: [authority] }];
  for (const [criterion, column] of Object.entries(PLAIN_COLUMNS) as [PlainCriterion, string][]) {
    const wanted = query[criterion];
    if (wanted !== undefined) conditions.push({ sql: `${column} = ?`, values: [wanted] });
  }
  // lets the partial index serve: an empty identifier is not in it and links nothing (contracts/ws4pm.md §3.3)
  if (query.externalIdentifier !== undefined) conditions.push({ sql: 'i.external_identifier <> \'\'', values: [] });
  if (query.meeting === null) conditions.push({ sql: 'i.meeting IS NULL', values: [] });
  else if (query.meeting !== undefined) conditions.push({ sql: 'i.meeting = ?', values: [query.meeting] });
  if (visibility !== 'everything') conditions.push(visibleThrough(dialect, visibility));
  conditions.push(notWithdrawn('i.seq', authority));
  return conditions;
}

function visibleThrough(dialect: Dialect, clauses: readonly VisibilityClause[]): SqlCondition {
  if (clauses.length === 0) return { sql: '1 = 0', values: [] };
  return joinConditions(clauses.map((clause) => visibilityClause(dialect, clause)), 'OR');
}

function visibilityClause(dialect: Dialect, { configId, states, organisations, advisers }: VisibilityClause): SqlCondition {
  const among = (column: string, values: readonly string[]): SqlCondition => ({ sql: dialect.amongTexts(column), values: [JSON.stringify(values)] });
  const conditions: SqlCondition[] = [{ sql: 'i.config_id = ?', values: [configId] }];
  if (states !== null) conditions.push(among('i.review_state', states));
  if (organisations !== null) conditions.push(among('i.proposing_organisation', organisations));
  if (advisers !== null) {
    const asked = among('a.organisation', advisers);
    conditions.push({ sql: `EXISTS (SELECT 1 FROM item_adviser a WHERE a.item_seq = i.seq AND ${asked.sql})`, values: asked.values });
  }
  return joinConditions(conditions, 'AND');
}
