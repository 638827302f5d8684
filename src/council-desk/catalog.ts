import type { SimulatedTown } from '../connector-kit/rehearsal.js';
import type { DeskItem } from './desk-item.js';
import { configOf } from './town-rights.js';

/** What is asked of the catalog: values by index, of which one must hold; all indexes must. */
export type CatalogQuery = ReadonlyMap<string, readonly string[]>;

type Test = (item: DeskItem, wanted: string, town: SimulatedTown) => boolean;

/** The indexes of items that this town has (contracts/plonemeeting-rest.md §4.1). There is none of the decision, as in the stock list. */
const INDEXES: Readonly<Record<string, Test>> = {
  UID: ({ uid }, wanted) => uid === wanted,
  Title: ({ title }, wanted) => hasWords(title, wanted),
  Description: ({ description }, wanted) => hasWords(plainText(description), wanted),
  SearchableText: (item, wanted) => hasWords([item.title, item.description, item.detailedDescription, item.motivation, item.decision].map(plainText).join(' '), wanted),
  Creator: ({ creator }, wanted) => creator === wanted,
  review_state: ({ state }, wanted) => state === wanted,
  portal_type: (item, wanted, town) => portalTypeOf(item, town) === wanted,
  meta_type: (_item, wanted) => wanted === 'MeetingItem',
  getConfigId: ({ configId }, wanted) => configId === wanted,
  getCategory: ({ category }, wanted) => category === wanted,
  getProposingGroup: ({ proposingGroup }, wanted) => proposingGroup === wanted,
  meeting_uid: ({ meeting }, wanted) => (meeting ?? 'whatever') === wanted,
  preferred_meeting_uid: ({ preferredMeeting }, wanted) => (preferredMeeting ?? 'whatever') === wanted,
  externalIdentifier: ({ externalIdentifier }, wanted) => externalIdentifier === wanted,
};

/** What is asked by another index is passed over. */
export function isIndex(name: string): boolean {
  return Object.hasOwn(INDEXES, name);
}

/** Whether the query finds the item. */
export function isInCatalog(item: DeskItem, query: CatalogQuery, town: SimulatedTown): boolean {
  return [...query].every(([index, values]) => {
    const test = isIndex(index) ? INDEXES[index] : undefined;
    return test === undefined || values.some((value) => test(item, value, town));
  });
}

/** `MeetingItemCollege`. */
export function portalTypeOf(item: Pick<DeskItem, 'configId'>, town: SimulatedTown): string {
  return `MeetingItem${configOf(town, item)?.shortName ?? ''}`;
}

/** HTML as a text of one line. */
export function plainText(html: string): string {
  return html.replace(/<[^>]*>/g, ' ').replaceAll('&nbsp;', ' ').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').replace(/\s+/g, ' ').trim();
}

/** Every word of what is wanted begins a word of the text where it ends in a star, and is one otherwise. */
function hasWords(text: string, wanted: string): boolean {
  const words = wordsOf(text);
  return (withoutAccents(wanted).match(/[\p{L}\p{N}]+\*?/gu) ?? []).every((word) => {
    const letters = wordsOf(word)[0] ?? '';
    return words.some((one) => (word.endsWith('*') ? one.startsWith(letters) : one === letters));
  });
}

function wordsOf(text: string): readonly string[] {
  return withoutAccents(text).toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function withoutAccents(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '');
}
