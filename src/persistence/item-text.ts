import type { EntityManager } from 'typeorm';
import type { NewItem } from '../domain/item.js';
import { DECISION_PARTS, ITEM_FIELDS } from '../domain/item-fields.js';
import { htmlText } from './html-text.js';
import type { ItemText } from './text-index.js';
import { notesOf } from './transaction-notes.js';

/** Of each part, so much is searchable: a word beyond it costs the writer's time, and everybody waits for the writer. It is
 * a book of two hundred pages. */
const INDEXED_CHARACTERS = 512 * 1024;
const LIGATURES = /[œŒæÆ]/g;

/** Notes the words of a new item for the full-text index, which takes those of a whole batch together. A search in
 * everything looks into all parts (contracts/ws4pm.md §3.8, SearchableText), so `rest` holds only what the others do not. */
export function noteText(manager: EntityManager, seq: number, item: NewItem): void {
  notesOf(manager).texts.push(textOf(seq, item));
}

/** The same of an item whose words are in the index already. */
export function noteTextAgain(manager: EntityManager, seq: number, item: Content): void {
  notesOf(manager).texts.push({ ...textOf(seq, item), isKnown: true });
}

/** Of what was noted, the last of each item: several works of one transaction may change the same. */
export function lastOfEach(texts: readonly ItemText[]): ItemText[] {
  return [...new Map(texts.map((text) => [text.seq, text])).values()];
}

type Content = Omit<NewItem, 'baseId'>;

/** What of an item can be searched. */
export function textOf(seq: number, item: Content): ItemText {
  return {
    seq, authority: item.authority, title: bounded(item.title), description: bounded(htmlText(item.description)),
    decision: bounded(decisionOf(item)), rest: bounded(restOf(item)),
  };
}

function bounded(text: string): string {
  return text.slice(0, INDEXED_CHARACTERS);
}

function decisionOf({ decision, extra }: Content): string {
  const parts = [...DECISION_PARTS].map((name) => extra[name]).filter((part) => typeof part === 'string');
  return [decision, ...parts].map(htmlText).join('\n');
}

/** Without what only some readers of an item may read: a search must not tell its words. */
function restOf(item: Content): string {
  const texts = [htmlText(item.detailedDescription), htmlText(item.motivation)];
  for (const [name, value] of Object.entries(item.extra)) {
    if (DECISION_PARTS.has(name) || (ITEM_FIELDS.get(name)?.readers ?? 'everyone') !== 'everyone') continue;
    if (typeof value === 'string') texts.push(htmlText(value));
    else if (typeof value === 'object') texts.push(...value);
  }
  for (const annex of item.annexes) if (!annex.confidential) texts.push(annex.title);
  return texts.filter((text) => text !== '').join('\n');
}

/** Ligatures, which nobody types in a search, become letters. Case and accents are folded by the index. */
export function fold(text: string): string {
  return text.replace(LIGATURES, (ligature) => (ligature === 'œ' || ligature === 'Œ' ? 'oe' : 'ae'));
}
