import type { Readable } from 'node:stream';
import type { ExtraValue } from '../domain/item.js';
import type { ConnectorContext } from './connector.js';

/** A kind of meeting over there. */
export interface CouncilConfig {
  readonly id: string;
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Null: it uses none. */
  readonly categories: readonly CouncilCategory[] | null;
  /** Those to come, and the past ones that items may still refer to (a year and more). */
  readonly meetings: readonly CouncilMeeting[];
  /** Optional attributes that it uses, by their name in ws4pm; null: nobody says. */
  readonly usedAttributes: readonly string[] | null;
  /** Who must be allowed to choose the preferred meeting of a new item: who calls, if not given, or the one for whom it is made. */
  readonly meetingChosenBy?: 'creator';
}

export interface CouncilCategory {
  readonly uid: string;
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** `date`: epoch milliseconds, UTC. */
export interface CouncilMeeting {
  readonly uid: string;
  readonly id: string;
  readonly date: number;
  readonly state: string;
  /** Among those that people who are not managers may choose. */
  readonly acceptsItems: boolean;
}

export interface CouncilOrganisation {
  readonly uid: string;
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** What the system over there is made of, as its service account sees it. Plain JSON: a copy is kept for when it is away. */
export interface CouncilDirectory {
  /** Of the software over there, as it tells it. */
  readonly version: string;
  /** Those that were asked for and exist. */
  readonly configs: readonly CouncilConfig[];
  readonly organisations: readonly CouncilOrganisation[];
}

/** A person over there. Plain JSON. */
export interface CouncilUser {
  readonly id: string;
  readonly fullname: string;
  readonly email: string;
  /** Sub-groups (`creators`, `reviewers` …) in which the person stands, by the uid of the organisation. */
  readonly memberships: Readonly<Record<string, readonly string[]>>;
  /** Ids of the configs that the person manages, or observes with power; empty where nobody says. */
  readonly manages: readonly string[];
  readonly observes: readonly string[];
  /** The person may see and do everything over there, as the account itself by which Relais asks. Absent: no, or nobody says. */
  readonly isManager?: boolean;
  /** Ids of the categories that the person may select, by config; a config that is absent: nobody says. */
  readonly categories: Readonly<Record<string, readonly string[]>>;
}

/** A file of an item over there. */
export interface CouncilAnnex {
  readonly id: string;
  readonly title: string;
  /** As over there: the long id, which callers get and may ask for. */
  readonly typeId: string;
  readonly relatedTo: 'item' | 'decision';
  readonly filename: string;
  readonly mediaType: string;
  /** Bytes; null: nobody says. */
  readonly size: number | null;
  /** What `annexContent` needs to find it; plain JSON, the connector's own affair. */
  readonly place: unknown;
}

/** A document that can be made of an item over there, in one format. */
export interface CouncilDocument {
  /** As getItemTemplate takes it: `<template>__format__<format>`. */
  readonly templateId: string;
  readonly title: string;
  readonly format: string;
  readonly filename: string;
}

/** An item as a reader sees it over there. Plain JSON; dates are epoch milliseconds, UTC; organisations and meetings are uids. */
export interface CouncilItem {
  readonly uid: string;
  readonly id: string;
  readonly configId: string;
  readonly title: string;
  readonly creator: string;
  readonly creatorName: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly reviewState: string;
  readonly reviewStateTitle: string;
  readonly proposingOrganisation: string;
  /** Null: the item has none. */
  readonly category: { readonly id: string; readonly title: string } | null;
  readonly description: string;
  readonly detailedDescription: string;
  readonly motivation: string;
  readonly decision: string;
  readonly preferredMeeting: string | null;
  readonly meeting: { readonly uid: string; readonly date: number } | null;
  readonly externalIdentifier: string;
  /** Address of its page. */
  readonly address: string;
  /** What else is known of it, for `extraInfos`, by the names of contracts/ws4pm.md §5.2. Empty where only the main fields were asked. */
  readonly extra: Readonly<Record<string, ExtraValue>>;
  /** `item_assembly`; null: it is in no meeting, or nobody says. */
  readonly assembly: string | null;
  readonly annexes: readonly CouncilAnnex[];
  readonly documents: readonly CouncilDocument[];
}

/** Criteria of searchItems, as callers write them; all must hold. `meeting` null: in no meeting. */
export interface CouncilQuery {
  readonly configId?: string;
  readonly uid?: string;
  readonly creator?: string;
  readonly title?: string;
  readonly description?: string;
  readonly decision?: string;
  readonly text?: string;
  readonly category?: string;
  readonly organisation?: string;
  readonly reviewState?: string;
  readonly meeting?: string | null;
  readonly externalIdentifier?: string;
}

/** In whose name something is read: the id of a user, as Relais knows it; null: as the service account. */
export type CouncilReader = string | null;

/** The reading side of a connector to a system that decides on items: it can stand behind a meeting config (`backend:`). Items are
 * handed over by `submit` and followed by `track`, as for any connector. None of these calls changes anything over there. Each
 * throws like `check`: NotSent and OutcomeUnknown when the system cannot be reached or does not answer (a page in place of an
 * answer included), Misconfigured when the account does not work, Refused for what it will never answer; it ends soon after
 * `context.signal` aborts. */
export interface Deliberation<Settings> {
  /** Of the configs with these ids. */
  directory(configIds: readonly string[], settings: Settings, context: ConnectorContext): Promise<CouncilDirectory>;
  /** Null: nobody has that id over there. */
  user(userId: string, settings: Settings, context: ConnectorContext): Promise<CouncilUser | null>;
  /** The item with everything. `unknown`: there is none of that uid; `hidden`: that reader may not see it. */
  item(uid: string, reader: CouncilReader, settings: Settings, context: ConnectorContext): Promise<CouncilItem | 'unknown' | 'hidden'>;
  /** Items that the reader may see, with their main fields, oldest first. Criteria that the system cannot answer give nothing,
   * never everything. */
  search(query: CouncilQuery, reader: CouncilReader, settings: Settings, context: ConnectorContext): AsyncIterable<CouncilItem>;
  /** Whether any item has the identifier, whoever may see it; `configId` null: in any config. `unsure` where the system does not
   * tell apart what is not there and what may not be seen. */
  isLinked(externalIdentifier: string, configId: string | null, settings: Settings, context: ConnectorContext): Promise<boolean | 'unsure'>;
  /** Bytes of an annex, of a `CouncilItem.annexes[].place`. `gone`: it is not there any more. */
  annexContent(place: unknown, reader: CouncilReader, settings: Settings, context: ConnectorContext): Promise<Readable | 'gone'>;
  /** A document of `CouncilItem.documents`, made now. `not-offered`: no such item or template for that reader. Refused with what
   * the system says where making it fails. */
  document(uid: string, templateId: string, reader: CouncilReader, settings: Settings, context: ConnectorContext): Promise<Readable | 'not-offered'>;
}
