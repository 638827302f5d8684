import type { Readable } from 'node:stream';
import type { ReadItem } from './read-item.js';
import type { SearchCriteria } from './search-items.js';
import type { User } from '../domain/user.js';

/** Where the items of an authority are read: its own ledger, or, for meeting configs with a system behind them, both. */
export interface Backend {
  /** Undefined if no item has that uid (ours, or that of the system behind), and likewise if the reader may not see it. */
  find(reader: User, uid: string): Promise<ReadItem | undefined>;
  /** Items that hold all criteria and that the reader may see, oldest first. What is wrong with the criteria is thrown before
   * anything is read. */
  search(reader: User, criteria: SearchCriteria): Promise<AsyncIterable<ReadItem>>;
  /** Whether any item has the identifier, whoever may see it; `configId` null: in any config. Throws RELAIS_UPSTREAM_AWAY rather
   * than answer a no that is not proved: callers send again what they believe is not there. */
  isLinked(externalIdentifier: string, configId: string | null): Promise<boolean>;
  /** Makes the document that `templateId` names (contracts/ws4pm.md §5.1). */
  makeDocument(read: ReadItem, templateId: string | undefined): Promise<Readable>;
}
