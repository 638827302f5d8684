import type { Readable } from 'node:stream';
import type { ReadItem, ShownAnnex } from './read-item.js';
import type { SearchCriteria } from './search-items.js';
import type { Authority } from '../domain/authority.js';
import type { User } from '../domain/user.js';

/** Who reads, and the authority as it is for that call: people whom only the system behind knows are made known call by call. */
export interface Reading {
  readonly authority: Authority;
  readonly reader: User;
  /** What was read over there so recently is answered without asking again, in place of what the meeting config says; milliseconds. */
  readonly freshForMs?: number;
}

/** Where the items of an authority are read: its own ledger, or, for meeting configs with a system behind them, both. */
export interface Backend {
  /** Undefined if no item has that uid (ours, or that of the system behind), and likewise if the reader may not see it: an answer
   * never tells which. */
  find(reading: Reading, uid: string): Promise<ReadItem | undefined>;
  /** Items that hold all criteria and that the reader may see, oldest first. What is wrong with the criteria is thrown before anything is
   * read: RELAIS_WS4PM_CONFIG, RELAIS_WS4PM_QUERY. */
  search(reading: Reading, criteria: SearchCriteria): Promise<AsyncIterable<ReadItem>>;
  /** Whether any item has the identifier, whoever may see it; `configId` null: in any config. Throws RELAIS_UPSTREAM_AWAY rather than
   * answer a no that is not proved: callers send again what they believe is not there. */
  isLinked(authority: Authority, externalIdentifier: string, configId: string | null): Promise<boolean>;
  /** Makes the document that `templateId` names; a bare template id means its first format, as clients up to 1.5 ask. Throws
   * RELAIS_WS4PM_TEMPLATE if the template is not offered for this item, RELAIS_WS4PM_GENERATION with a message that begins with
   * `Exception` if the format is not or if making it fails (contracts/ws4pm.md §5.1), RELAIS_UPSTREAM_AWAY if the system that makes it
   * cannot be asked. */
  makeDocument(read: ReadItem, templateId: string | undefined): Promise<Readable>;
  /** Bytes of one of the annexes shown, fetched when they are first read; the stream fails where they cannot be had. */
  annexContent(read: ReadItem, annex: ShownAnnex): Readable;
}
