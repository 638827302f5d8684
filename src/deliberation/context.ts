import type { Backend } from './backend.js';
import type { AwaitForwarding } from './create-item/await-forwarding.js';
import type { BlobStore } from '../blobs/blob-store.js';
import type { Authority } from '../domain/authority.js';
import type { Intake } from '../intake/accept-item.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';

/** Everything that the rules of the council need of the rest, for one authority. Each call has one of its own, with the authority as it is
 * then; a reload of the configuration changes nothing for those that run. */
export interface DeliberationContext {
  readonly authority: Authority;
  readonly backend: Backend;
  readonly intake: Pick<Intake, 'accept' | 'acceptOnce'>;
  /** For meeting configs that are forwarded to directly; undefined: nobody waits. */
  readonly awaitForwarding?: AwaitForwarding | undefined;
  readonly blobs: Pick<BlobStore, 'keep'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** 32 hexadecimal digits, never given twice. */
  readonly newId: () => string;
  /** Public address of the installation without the authority's path and without a final slash. */
  readonly publicUrl: () => string;
  /** Version of this software, as testConnection tells it. */
  readonly version: string;
}
