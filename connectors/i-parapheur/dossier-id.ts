import { createHash } from 'node:crypto';
import type { Submission } from '../../src/connector-api/connector.js';

/** So that uid and hash stay within the 64 characters of our own charset (contracts/iparapheur.md §2.4). */
const UID_LENGTH = 40;
const HASH_LENGTH = 16;

/** What a folder is called over there: the same in every attempt of a delivery, and never that of another one. Begins with the uid
 * of the item, so that people find it. */
export function dossierId({ key, item: { uid } }: Pick<Submission, 'key' | 'item'>): string {
  const readable = uid.replace(/[^A-Za-z0-9_-]/g, '').replace(/^[_-]+/, '').slice(0, UID_LENGTH);
  const hash = createHash('sha256').update(`${uid}\n${key}`).digest('hex').slice(0, HASH_LENGTH);
  return readable === '' ? hash : `${readable}-${hash}`;
}
