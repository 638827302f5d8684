import type { DeliberationContext } from './context.js';
import type { ReadItem } from './read-item.js';
import type { Item } from '../domain/item.js';

type Addressed = Pick<Item, 'configId' | 'creator' | 'id'>;

/** Place of an item among those of its creator, for warnings and messages: `/<config>/<creator>/<short id>`. */
export function itemPath(item: Addressed): string {
  return `/${item.configId}/${item.creator}/${item.id}`;
}

/** `absolute_url` of an item, which the system behind knows best; ends with its short id (contracts/ws4pm.md §6 item 38). */
export function itemUrl(context: DeliberationContext, { item, upstream }: Pick<ReadItem, 'item' | 'upstream'>): string {
  if (upstream !== undefined) return upstream.address;
  const path = itemPath(item).split('/').map(encodeURIComponent).join('/');
  return `${context.publicUrl()}${context.authority.path}${path}`;
}
