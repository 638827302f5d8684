import type { ItemQuery, Visibility, VisibilityClause } from '../history/store.js';
import type { TextMatch } from './text-match.js';

/** A condition on `item i`, with the values of its placeholders. */
export interface SqlCondition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

type PlainCriterion = Exclude<keyof ItemQuery, 'text' | 'meeting'>;
const PLAIN_COLUMNS: Readonly<Record<PlainCriterion, string>> = {
  uid: 'i.uid', creator: 'i.creator', category: 'i.category', configId: 'i.config_id',
  proposingOrganisation: 'i.proposing_organisation', reviewState: 'i.review_state', externalIdentifier: 'i.external_identifier',
};

/** `FROM … WHERE …` for the items that meet everything: authority, criteria, full text, visibility. */
export function itemFilter(authority: string, query: ItemQuery, text: TextMatch | null, visibility: Visibility): SqlCondition {
  const rest = all(itemConditions(authority, query, visibility));
  if (text === null) return { sql: `FROM item i WHERE ${rest.sql}`, values: rest.values };
  const expression = `authority : "${authority.replaceAll('"', '""')}" AND (${text.match})`;
  if (query.uid !== undefined || query.externalIdentifier !== undefined) {
    // few items are left by that: each is looked up in the full-text index
    const found = 'EXISTS (SELECT 1 FROM item_text WHERE item_text MATCH ? AND item_text.rowid = i.seq)';
    return { sql: `FROM item i WHERE ${rest.sql} AND ${text.complement ? 'NOT ' : ''}${found}`, values: [...rest.values, expression] };
  }
  if (text.complement) return { sql: `FROM item i WHERE ${rest.sql} AND i.seq NOT IN (SELECT rowid FROM item_text WHERE item_text MATCH ?)`, values: [...rest.values, expression] };
  // CROSS JOIN: the words come first, whatever the planner thinks of the other criteria
  return { sql: `FROM item_text t CROSS JOIN item i ON i.seq = t.rowid WHERE t.item_text MATCH ? AND ${rest.sql}`, values: [expression, ...rest.values] };
}

function itemConditions(authority: string, query: ItemQuery, visibility: Visibility): SqlCondition[] {
  const conditions: SqlCondition[] = [{ sql: 'i.authority = ?', values: [authority] }];
  for (const [criterion, column] of Object.entries(PLAIN_COLUMNS) as [PlainCriterion, string][]) {
    const wanted = query[criterion];
    if (wanted !== undefined) conditions.push({ sql: `${column} = ?`, values: [wanted] });
  }
  // lets the partial index serve: an empty identifier is not in it and links nothing (contracts/ws4pm.md §3.3)
  if (query.externalIdentifier !== undefined) conditions.push({ sql: 'i.external_identifier <> \'\'', values: [] });
  if (query.meeting === null) conditions.push({ sql: 'i.meeting IS NULL', values: [] });
  else if (query.meeting !== undefined) conditions.push({ sql: 'i.meeting = ?', values: [query.meeting] });
  if (visibility !== 'everything') conditions.push(visibleThrough(visibility));
  return conditions;
}

function visibleThrough(clauses: readonly VisibilityClause[]): SqlCondition {
  if (clauses.length === 0) return { sql: '0', values: [] };
  const alternatives = clauses.map(visibilityClause);
  return { sql: `(${alternatives.map(({ sql }) => sql).join(' OR ')})`, values: alternatives.flatMap(({ values }) => values) };
}

function visibilityClause({ configId, states, organisations, advisers }: VisibilityClause): SqlCondition {
  const conditions: SqlCondition[] = [{ sql: 'i.config_id = ?', values: [configId] }];
  if (states !== null) conditions.push(among('i.review_state', states));
  if (organisations !== null) conditions.push(among('i.proposing_organisation', organisations));
  if (advisers !== null) {
    const asked = among('a.organisation', advisers);
    conditions.push({ sql: `EXISTS (SELECT 1 FROM item_adviser a WHERE a.item_seq = i.seq AND ${asked.sql})`, values: asked.values });
  }
  return all(conditions);
}

/** One placeholder whatever the length of the list, so that the prepared statement is found again. */
function among(column: string, values: readonly string[]): SqlCondition {
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] };
}

function all(conditions: readonly SqlCondition[]): SqlCondition {
  return { sql: `(${conditions.map(({ sql }) => sql).join(' AND ')})`, values: conditions.flatMap(({ values }) => values) };
}
