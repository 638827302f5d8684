import type { BlobStore } from '../blobs/blob-store.js';
import type { DocumentGenerator } from '../documents/generate-document.js';
import type { Authority } from '../domain/authority.js';
import type { HistoryStore } from '../history/store.js';
import type { Intake } from '../intake/accept-item.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';

/** Everything that the rules of the council need of the rest, for one authority. A reload of the configuration makes a
 * new context with a new `authority`; a running call keeps the one that it started with. */
export interface DeliberationContext {
  readonly authority: Authority;
  readonly history: HistoryStore;
  readonly intake: Pick<Intake, 'accept'>;
  readonly blobs: BlobStore;
  readonly documents: DocumentGenerator;
  readonly clock: Clock;
  readonly logger: Logger;
  /** 32 hexadecimal digits, never given twice. */
  readonly newId: () => string;
  /** Public address of the installation without the authority's path and without a final slash. */
  readonly publicUrl: () => string;
  /** Version of this software, as testConnection tells it. */
  readonly version: string;
}
