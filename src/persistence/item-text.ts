import type { EntityManager } from 'typeorm';
import type { NewItem } from '../domain/item.js';
import { DECISION_PARTS, ITEM_FIELDS } from '../domain/item-fields.js';
import { htmlText } from './html-text.js';

const INSERT = 'INSERT INTO item_text (rowid, authority, title, description, decision, rest) VALUES (?, ?, ?, ?, ?, ?)';
/** Of each column, so much is searchable: a word beyond it costs the writer's time, and everybody waits for the writer. It is
 * a book of two hundred pages. */
const INDEXED_CHARACTERS = 512 * 1024;
const LIGATURES = /[œŒæÆ]/g;

/** Puts the words of an item into the full-text index, inside the caller's transaction. A search in everything looks
 * into all columns (contracts/ws4pm.md §3.8, SearchableText), so `rest` holds only what the others do not. */
export async function indexItem(manager: EntityManager, seq: number, item: NewItem): Promise<void> {
  const columns = [item.title, htmlText(item.description), decisionOf(item), restOf(item)];
  await manager.query(INSERT, [seq, item.authority, ...columns.map((text) => fold(text.slice(0, INDEXED_CHARACTERS)))]);
}

function decisionOf({ decision, extra }: NewItem): string {
  const parts = [...DECISION_PARTS].map((name) => extra[name]).filter((part) => typeof part === 'string');
  return [decision, ...parts].map(htmlText).join('\n');
}

/** Without what only some readers of an item may read: a search must not tell its words. */
function restOf(item: NewItem): string {
  const texts = [htmlText(item.detailedDescription), htmlText(item.motivation)];
  for (const [name, value] of Object.entries(item.extra)) {
    if (DECISION_PARTS.has(name) || (ITEM_FIELDS.get(name)?.readers ?? 'everyone') !== 'everyone') continue;
    if (typeof value === 'string') texts.push(htmlText(value));
    else if (typeof value === 'object') texts.push(...value);
  }
  for (const annex of item.annexes) if (!annex.confidential) texts.push(annex.title);
  return texts.filter((text) => text !== '').join('\n');
}

/** The tokenizer folds case and accents; it leaves ligatures, which nobody types in a search, to us. */
export function fold(text: string): string {
  return text.replace(LIGATURES, (ligature) => (ligature === 'œ' || ligature === 'Œ' ? 'oe' : 'ae'));
}
