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

/** Everything that an item must meet: authority, criteria, full text, visibility. */
export function itemFilter(authority: string, query: ItemQuery, text: TextMatch | null, visibility: Visibility): SqlCondition {
  const conditions: SqlCondition[] = [{ sql: 'i.authority = ?', values: [authority] }];
  for (const [criterion, column] of Object.entries(PLAIN_COLUMNS) as [PlainCriterion, string][]) {
    const wanted = query[criterion];
    if (wanted !== undefined) conditions.push({ sql: `${column} = ?`, values: [wanted] });
  }
  // lets the partial index serve: an empty identifier is not in it and links nothing (contracts/ws4pm.md §3.3)
  if (query.externalIdentifier !== undefined) conditions.push({ sql: 'i.external_identifier <> \'\'', values: [] });
  if (query.meeting === null) conditions.push({ sql: 'i.meeting IS NULL', values: [] });
  else if (query.meeting !== undefined) conditions.push({ sql: 'i.meeting = ?', values: [query.meeting] });
  if (text !== null) conditions.push(textCondition(authority, text, query.uid !== undefined || query.externalIdentifier !== undefined));
  if (visibility !== 'everything') conditions.push(visibleThrough(visibility));
  return all(conditions);
}

/** `selective`: another criterion leaves few items, which are then looked up one by one in the full-text index. */
function textCondition(authority: string, { match, complement }: TextMatch, selective: boolean): SqlCondition {
  const expression = `authority : "${authority.replaceAll('"', '""')}" AND (${match})`;
  if (!selective) return { sql: `i.seq ${complement ? 'NOT ' : ''}IN (SELECT rowid FROM item_text WHERE item_text MATCH ?)`, values: [expression] };
  return { sql: `${complement ? 'NOT ' : ''}EXISTS (SELECT 1 FROM item_text WHERE item_text MATCH ? AND item_text.rowid = i.seq)`, values: [expression] };
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
