import { adviserOrganisations, type Item } from '../../src/domain/item.js';
import { DECISION_PARTS, ITEM_FIELDS } from '../../src/domain/item-fields.js';
import type { HistoryStore, ItemQuery, TextField, TextQuery, Visibility, VisibilityClause } from '../../src/history/store.js';

/** The read side over items in memory, in the order in which they were given when created in the same millisecond. */
export function memoryHistoryStore(items: readonly Item[]): HistoryStore {
  const of = (authority: string) => items.filter((item) => item.authority === authority).toSorted((a, b) => a.createdAt - b.createdAt);
  return {
    async *search(authority, query, visibility) {
      for (const item of of(authority)) {
        await Promise.resolve();
        if (isVisible(item, visibility) && matches(item, query)) yield item;
      }
    },
    isLinked: (authority, externalIdentifier, configId) => Promise.resolve(
      of(authority).some((item) => item.externalIdentifier === externalIdentifier && (configId === null || item.configId === configId)),
    ),
    story: (authority, uid) => {
      const item = of(authority).find((one) => one.uid === uid);
      return Promise.resolve(item === undefined ? null : { item, history: [], deliveries: [], journal: [] });
    },
    latest: (authority, limit, { reviewState, source } = {}) => Promise.resolve(of(authority).filter((item) =>
      (reviewState === undefined || item.reviewState === reviewState) && (source === undefined || item.source === source)).toReversed().slice(0, limit)),
  };
}

function isVisible(item: Item, visibility: Visibility): boolean {
  return visibility === 'everything' || visibility.some((clause) => holds(item, clause));
}

function holds(item: Item, { configId, states, organisations, advisers }: VisibilityClause): boolean {
  return item.configId === configId
    && (states === null || states.includes(item.reviewState))
    && (organisations === null || organisations.includes(item.proposingOrganisation))
    && (advisers === null || adviserOrganisations(item.optionalAdvisers).some((organisation) => advisers.includes(organisation)));
}

function matches(item: Item, query: ItemQuery): boolean {
  const { text, ...members } = query;
  const exact = Object.entries(members).every(([name, value]) => item[name as keyof Item] === value);
  return exact && (text ?? []).every((one) => evaluate(one.query, fold(textOf(item, one.field))));
}

function textOf(item: Item, field: TextField): string {
  if (field === 'title' || field === 'description') return plain(item[field]);
  const entries = Object.entries(item.extra).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []));
  const decision = [item.decision, ...entries.filter(([name]) => DECISION_PARTS.has(name)).map(([, value]) => value)];
  const extra = entries.filter(([name]) => !DECISION_PARTS.has(name) && ITEM_FIELDS.get(name)?.readers === 'everyone').map(([, value]) => value);
  const annexTitles = item.annexes.filter((annex) => !annex.confidential).map((annex) => annex.title);
  const others = [item.title, item.description, item.detailedDescription, item.motivation, ...extra, ...annexTitles];
  const texts = { decision, allButDecision: others, everything: [...others, ...decision] }[field];
  return texts.map(plain).join(' ');
}

function plain(html: string): string {
  return html.replace(/<[^>]*>/g, ' ').replaceAll('&nbsp;', ' ').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Words without case and accents. */
function fold(text: string): string[] {
  const folded = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('œ', 'oe').replaceAll('æ', 'ae');
  return folded.match(/[\p{L}\p{N}\p{Co}]+/gu) ?? [];
}

function evaluate(query: TextQuery, words: readonly string[]): boolean {
  switch (query.type) {
    case 'word': return contains(words, fold(query.text));
    case 'phrase': return contains(words, fold(query.words.join(' ')));
    case 'pattern': return words.some((word) => toRegExp(query.pattern).test(word));
    case 'and': return query.operands.every((operand) => evaluate(operand, words));
    case 'or': return query.operands.some((operand) => evaluate(operand, words));
    case 'not': return !evaluate(query.operand, words);
  }
}

function contains(words: readonly string[], sequence: readonly string[]): boolean {
  return words.some((_, start) => sequence.every((word, offset) => words[start + offset] === word));
}

function toRegExp(pattern: string): RegExp {
  const parts = pattern.split(/([*?])/).map((part) => (part === '*' ? '.*' : part === '?' ? '.' : fold(part).join('')));
  return new RegExp(`^${parts.join('')}$`, 'su');
}
