import type { Deposit } from './deposit.js';
import type { Flow } from './flow.js';
import type { ItemPlace } from './item-place.js';
import type { ValueTable } from './mapping.js';
import type { MeetingConfig } from './meeting-config.js';
import type { Organisation } from './organisation.js';
import type { SourceSettings } from './source.js';
import type { User } from './user.js';

/** How much of a connector may be used at once. */
export interface ConnectorLimits {
  /** Deliveries under way at the same time. */
  readonly concurrency: number;
  /** Deliveries begun in a minute; null: as many as there are. */
  readonly perMinute: number | null;
  /** Which deliveries must keep their order: none, those of one source, of one proposing organisation, or all. */
  readonly order: 'none' | 'source' | 'organisation' | 'all';
}

/** A configured connector: `type` names the connector, `settings` were validated by its own schema. */
export interface ConnectorSetting {
  readonly id: string;
  readonly type: string;
  readonly settings: unknown;
  readonly limits: ConnectorLimits;
  /** Port on this machine where the gateway simulates the other side; absent: it is a real one. */
  readonly simulated?: number;
  /** What the other side has unasked is fetched so often, and comes to stand there; absent: it is not. */
  readonly collect?: { readonly everyMs: number; readonly place: ItemPlace };
}

/** Content of finished items is removed after a time: texts and bytes go, metadata, hashes and the journal stay. */
export interface RetentionRule {
  /** Item kinds; none: any. */
  readonly kind: readonly string[];
  /** Review states; none: any. */
  readonly state: readonly string[];
  /** Days since the item was last changed and every delivery of it was finished. */
  readonly days: number;
}

/** Limits on one request. Sizes are bytes. */
export interface Limits {
  readonly requestBytes: number;
  readonly textBytes: number;
  readonly depth: number;
  readonly elements: number;
  readonly attributes: number;
  /** A body that brings nothing for this long is given up, milliseconds. */
  readonly idleMs: number;
}

/** How ws4pm answers where towns differ. */
export interface Ws4pmSettings {
  /** `utc`: true UTC. `local-as-utc`: local wall time labelled Z, as the reference server does. */
  readonly dates: 'utc' | 'local-as-utc';
  readonly timeZone: string;
  /** HTTP status of Client faults: 500 as SOAP 1.1 asks, 200 as the reference server does. */
  readonly clientFaultStatus: 200 | 500;
  /** `any`: every difference from the wrapped input warns (reference); `real`: only a loss or repair does. */
  readonly htmlWarnings: 'any' | 'real';
  /** BCP 47 language of warnings: `fr` or `en`. */
  readonly language: 'fr' | 'en';
}

/** A town served by this installation, with all that belongs to it alone. */
export interface Authority {
  readonly id: string;
  readonly title: string;
  /** Path prefix of its endpoints: empty for the default authority, `/<id>` for the others. */
  readonly path: string;
  readonly organisations: readonly Organisation[];
  readonly users: ReadonlyMap<string, User>;
  readonly meetingConfigs: readonly MeetingConfig[];
  /** By the name of the application; those that are understood as they are, are absent. */
  readonly sources: ReadonlyMap<string, SourceSettings>;
  readonly connectors: readonly ConnectorSetting[];
  readonly flows: readonly Flow[];
  readonly deposits: readonly Deposit[];
  readonly tables: ReadonlyMap<string, ValueTable>;
  readonly retention: readonly RetentionRule[];
  readonly limits: Limits;
  readonly ws4pm: Ws4pmSettings;
}
