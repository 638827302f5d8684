import type { ConnectorContext } from '../connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../connector-api/failures.js';
import type { HttpCall } from '../connector-api/http.js';
import type { BlobStore } from '../blobs/blob-store.js';
import type { Authority } from '../domain/authority.js';
import type { Delivery } from '../domain/delivery.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import { keepContent, type Room } from './keep-content.js';

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
export function connectorContext(delivery: Delivery, parts: ContextParts, signal: AbortSignal, watch: AttemptWatch): ConnectorContext {
  const { id, authority, connector, itemUid } = delivery;
  return contextOf({ authority, connector }, parts, signal, {
    ...watch,
    about: { item: itemUid, delivery: id },
    // What it brings with its receipt it has taken, and must not be sent again.
    exceeded: (message) => (delivery.state === 'sent' ? new Refused(message) : new OutcomeUnknown(message)),
  });
}

/** What a connector may use where nothing is sent: it looks over there, or fetches something. */
export function lookingContext(place: ConnectorPlace, parts: ContextParts, signal: AbortSignal): ConnectorContext {
  return contextOf(place, parts, signal, {
    about: {},
    exceeded: (message) => new Refused(message),
    keeping: () => undefined,
    markSent: () => Promise.reject(new TypeError('nothing is sent here, so nothing can be marked')),
  });
}

/** A configured connector. */
export interface ConnectorPlace {
  readonly authority: string;
  readonly connector: string;
}

interface Use extends AttemptWatch {
  /** What it works on, for the log. */
  readonly about: Readonly<Record<string, string>>;
  /** What it means that it brings back more than there is room for. */
  readonly exceeded: Room['exceeded'];
}

function contextOf({ authority, connector }: ConnectorPlace, parts: ContextParts, signal: AbortSignal, { about, exceeded, keeping, markSent }: Use): ConnectorContext {
  // A partner may send no more at once than a caller.
  const room = { left: parts.authority(authority)?.limits.requestBytes ?? 0, exceeded };
  return {
    logger: parts.logger.child({ authority, ...about, connector }),
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
