import type { DeliberationContext } from './context.js';
import { readItem, type ReadItem } from './read-item.js';
import { visibilityOf } from './visibility.js';
import type { User } from '../domain/user.js';
import { RelaisError, shown } from '../errors.js';

/** Undefined if no item has that UID, and likewise if the reader may not see it: an answer never tells which. */
export async function findItem(context: DeliberationContext, reader: User, uid: string): Promise<ReadItem | undefined> {
  const { authority, history } = context;
  for await (const item of history.search(authority.id, { uid }, visibilityOf(authority, reader))) return readItem(authority, reader, item);
  return undefined;
}

/** As findItem; throws RELAIS_WS4PM_ITEM in place of undefined. `field` is the element that holds the UID. */
export async function requireItem(context: DeliberationContext, reader: User, uid: string | undefined, field: string): Promise<ReadItem> {
  const read = uid === undefined ? undefined : await findItem(context, reader, uid);
  if (read !== undefined) return read;
  throw new RelaisError('RELAIS_WS4PM_ITEM', `${field}: found ${shown(uid)}, expected the UID of an item that user ${reader.id} may see.`);
}
