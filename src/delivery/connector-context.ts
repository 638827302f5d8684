import type { ConnectorContext } from '../connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../connector-api/failures.js';
import type { HttpCall } from '../connector-api/http.js';
import type { BlobStore } from '../blobs/blob-store.js';
import type { Authority } from '../domain/authority.js';
import type { Delivery } from '../domain/delivery.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import { keepContent } from './keep-content.js';

export interface ContextParts {
  /** The authority as it is configured now; undefined when it is no longer served. */
  readonly authority: (id: string) => Authority | undefined;
  readonly blobs: (authority: string) => Pick<BlobStore, 'read' | 'create' | 'keep' | 'discard'>;
  /** Outbound HTTP whose exchanges end when the signal aborts. */
  readonly http: (signal: AbortSignal) => HttpCall;
  /** Where the other side of a connector can call back; a token follows. */
  readonly callBackUrl: (authority: string, connector: string) => string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What the engine wants to know of an attempt while it goes on. */
export interface AttemptWatch {
  readonly markSent: () => Promise<void>;
  /** Something that was given back is being kept. */
  readonly keeping: () => void;
}

/** What a connector may use during one attempt. */
export function connectorContext(delivery: Delivery, parts: ContextParts, signal: AbortSignal, { markSent, keeping }: AttemptWatch): ConnectorContext {
  const { id, authority, connector, itemUid } = delivery;
  // A partner may send no more at once than a caller. What it brings with its receipt it has taken, and must not be sent again.
  const room = {
    left: parts.authority(authority)?.limits.requestBytes ?? 0,
    exceeded: (message: string) => (delivery.state === 'sent' ? new Refused(message) : new OutcomeUnknown(message)),
  };
  return {
    logger: parts.logger.child({ authority, item: itemUid, delivery: id, connector }),
    clock: parts.clock,
    signal,
    http: parts.http(signal),
    callBackUrl: parts.callBackUrl(authority, connector),
    blobs: {
      read: (sha256) => parts.blobs(authority).read(sha256),
      keep(content) {
        keeping();
        return keepContent(parts.blobs(authority), content, signal, room);
      },
    },
    markSent,
  };
}
