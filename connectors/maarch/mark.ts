import { createHash } from 'node:crypto';
import type { Submission } from '../../src/connector-api/connector.js';

const HASH_LENGTH = 12;

/** How a letter of ours is recognised: the item, and what tells deliveries of one item apart; the same in all attempts. */
export function markOf({ key, item }: Pick<Submission, 'key' | 'item'>): string {
  return `${item.uid}/${hashOf(key)}`;
}

/** What an update left on a letter of somebody else: how the letter stood before, and what was to be done. */
export interface UpdateMark {
  readonly itemUid: string;
  /** The highest attachment number before. Numbers only grow. */
  readonly since: number;
  readonly attachments: number;
  readonly statusBefore: string;
  /** Empty: it was not to be changed. */
  readonly statusAsked: string;
}

/** Member of the external identifiers that holds the mark of one update. */
export function updateMember(externalId: string, key: string): string {
  return `${externalId}-${hashOf(key)}`;
}

export function writeUpdateMark({ itemUid, since, attachments, statusBefore, statusAsked }: UpdateMark): string {
  return [itemUid, since, attachments, statusBefore, statusAsked].map(encodeURIComponent).join('/');
}

/** Null for what is no mark of ours. */
export function readUpdateMark(value: unknown): UpdateMark | null {
  const [itemUid, since, attachments, statusBefore, statusAsked, ...more] = typeof value === 'string' ? partsOf(value) : [];
  if (itemUid === undefined || statusBefore === undefined || statusAsked === undefined || more.length > 0) return null;
  return { itemUid, since: Number(since), attachments: Number(attachments), statusBefore, statusAsked };
}

function partsOf(value: string): readonly string[] {
  try {
    return value.split('/').map(decodeURIComponent);
  } catch {
    return [];
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, HASH_LENGTH);
}
