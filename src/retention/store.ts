import type { RetentionRule } from '../domain/authority.js';

/** An item whose content may go. */
export interface PurgeCandidate {
  readonly uid: string;
  readonly title: string;
  readonly kind: string;
  readonly reviewState: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** The files whose content went with an item. Bytes that another item has, too, stay for that one. */
export interface Purged {
  readonly annexes: number;
  readonly bytes: number;
}

/** Removes the content of old items: texts, what partners gave back, and by the sweep of orphans the bytes of annexes. Title,
 * metadata, names and hashes of files, the workflow history, deliveries and the journal stay. */
export interface RetentionStore {
  /** Items that a rule lets go at `now` (epoch milliseconds), oldest first, behind `afterUid`: every delivery is over, and
   * nothing was changed for as many days as the rule says. */
  due(authority: string, rule: RetentionRule, now: number, page: { readonly limit: number; readonly afterUid?: string }): Promise<readonly PurgeCandidate[]>;
  /** Journalled with the names and hashes of the files. False: there is no such item, its content is gone already, or a
   * delivery of it is not over. */
  purge(authority: string, uid: string, actor: string): Promise<Purged | false>;
}
