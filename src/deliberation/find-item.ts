import type { Backend, Reading } from './backend.js';
import type { ReadItem } from './read-item.js';
import { RelaisError, shown } from '../errors.js';

/** The item that the reader may see; throws RELAIS_WS4PM_ITEM where there is none. `field` is the element that holds the UID. */
export async function requireItem(backend: Backend, reading: Reading, uid: string | undefined, field: string): Promise<ReadItem> {
  const read = uid === undefined ? undefined : await backend.find(reading, uid);
  if (read !== undefined) return read;
  throw new RelaisError('RELAIS_WS4PM_ITEM', `${field}: found ${shown(uid)}, expected the UID of an item that user ${reading.reader.id} may see.`);
}
