import type { Configuration } from '../config/load-configuration.js';
import type { Connector } from '../connector-api/connector.js';
import type { Uploads } from '../deposit/http/uploads.js';
import type { DocumentGenerator } from '../documents/generate-document.js';
import type { ForwardingWaits } from '../facade/forwarding-waits.js';
import type { OutboundHttp } from '../outbound/create-outbound-http.js';
import type { Store } from '../persistence/open-store.js';
import type { Logger } from '../platform/logger.js';
import type { Metrics } from '../platform/metrics.js';
import type { Traffic } from '../server/traffic.js';
import type { ServiceModel } from '../soap/service-model.js';

/** What all authorities share, and what a reload of the configuration leaves as it is. */
export interface Installation {
  /** As it was at the start: its `server` and data folder stay until the next one. */
  readonly configuration: Configuration;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly version: string;
  readonly logger: Logger;
  /** Takes secrets of the configuration out of a text. */
  readonly hide: (text: string) => string;
  readonly store: Store;
  readonly outbound: OutboundHttp;
  readonly model: ServiceModel;
  readonly wsdlFor: (base: string) => string;
  readonly metrics: Metrics;
  readonly traffic: Traffic;
  /** One for all: each has a process of its own. */
  readonly documents: DocumentGenerator;
  /** Files of an authority that come in pieces; a reload leaves them as they are. */
  readonly uploadsOf: (authority: string) => Uploads;
  /** Calls that wait until an item of theirs is forwarded. */
  readonly forwardingWaits: ForwardingWaits;
  readonly isTrusted: (address: string | undefined) => boolean;
  readonly newId: () => string;
  readonly wakeEngine: () => void;
}
