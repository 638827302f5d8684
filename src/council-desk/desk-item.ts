import type { Readable } from 'node:stream';
import type { HistoryEvent } from '../domain/item.js';
import type { User } from '../domain/user.js';

/** Texts of an item that are HTML, by their name in the schema of PloneMeeting. */
export const RICH_FIELDS = ['description', 'detailedDescription', 'motivation', 'decision'] as const;
export type RichField = (typeof RICH_FIELDS)[number];

/** A file of an item over there. Its bytes are in the files of the desk. */
export interface DeskAnnex {
  readonly uid: string;
  /** URL-safe, unique within the item. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Short id of the annex type. */
  readonly typeId: string;
  readonly relatedTo: 'item' | 'decision';
  readonly filename: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  readonly creator: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly flags: AnnexFlags;
}

export interface AnnexFlags {
  readonly confidential: boolean;
  readonly toPrint: boolean;
  readonly toSign: boolean;
  readonly signed: boolean;
  readonly publishable: boolean;
}

/** A value of a field beyond those that stand by name. */
export type DeskValue = string | boolean | number | readonly string[];

/** An item over there. Plain JSON; organisations and meetings are uids, dates epoch milliseconds. */
export interface DeskItem extends Readonly<Record<RichField, string>> {
  readonly uid: string;
  /** Below the site, without a slash before: `Members/jdupont/mymeetings/meeting-config-college/point`. */
  readonly path: string;
  /** Where it stood before it was moved. */
  readonly formerPaths: readonly string[];
  readonly configId: string;
  readonly title: string;
  readonly creator: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly state: string;
  readonly proposingGroup: string;
  readonly category: string | null;
  readonly preferredMeeting: string | null;
  readonly meeting: string | null;
  /** Not unique. */
  readonly externalIdentifier: string;
  readonly toDiscuss: boolean;
  readonly associatedGroups: readonly string[];
  readonly groupsInCharge: readonly string[];
  readonly optionalAdvisers: readonly string[];
  readonly extra: Readonly<Record<string, DeskValue>>;
  readonly annexes: readonly DeskAnnex[];
  readonly history: readonly HistoryEvent[];
}

/** An item to be made. Organisations are uids. What is left out is empty. */
export interface ItemDraft extends Readonly<Partial<Record<RichField, string>>> {
  readonly configId: string;
  /** Short id, the end of its address; left out: made of the title. One that stands there already is refused. */
  readonly id?: string;
  readonly title: string;
  readonly proposingGroup: string;
  readonly category?: string;
  readonly preferredMeeting?: string;
  readonly externalIdentifier?: string;
  readonly toDiscuss?: boolean;
  readonly associatedGroups?: readonly string[];
  readonly groupsInCharge?: readonly string[];
  readonly optionalAdvisers?: readonly string[];
  readonly extra?: Readonly<Record<string, DeskValue>>;
}

/** A file to be added; its bytes were kept in the files of the desk before. */
export interface AnnexDraft {
  readonly title: string;
  readonly description?: string;
  /** Short id; left out: the first type of its kind. */
  readonly typeId?: string;
  readonly relatedTo?: 'item' | 'decision';
  readonly filename: string;
  /** Left out: told by the name. */
  readonly mediaType?: string;
  readonly size: number;
  readonly sha256: string;
  readonly flags?: Partial<AnnexFlags>;
}

/** How an item is made. */
export interface CreationOrder {
  readonly draft: ItemDraft;
  readonly annexes?: readonly AnnexDraft[];
  /** Ids of transitions, run with the rights of a Manager; one that is not available is skipped with a warning. */
  readonly transitions?: readonly string[];
  /** REST runs the transitions before it adds annexes, SOAP after (contracts/plonemeeting-rest.md §6.3). */
  readonly annexesWhen: 'before-transitions' | 'after-transitions';
  /** An annex type that is not there: refused, with everything, or replaced by the first type with a warning (SOAP). */
  readonly unknownAnnexType: 'refused' | 'replaced';
  /** A value for an attribute that the config does not use: refused, or dropped with a warning. */
  readonly unusedAttributes: 'refused' | 'dropped';
  /** Fields whose absence is not looked at. */
  readonly unvalidated?: readonly string[];
  /** Who must be allowed to choose the preferred meeting, where that is not the one for whom the item is made (SOAP). */
  readonly meetingChosenBy?: User;
  /** How a text that is not given is kept; empty if left out. */
  readonly emptyText?: string;
  /** First action of its history. */
  readonly action?: string;
}

/** An item that was made. */
export interface Creation {
  readonly item: DeskItem;
  /** In the order in which they were given; null: the user was not allowed to add it, and the item is there without it. */
  readonly annexes: readonly (DeskAnnex | null)[];
  readonly warnings: readonly CreationWarning[];
}

export type CreationWarning =
  | { readonly kind: 'unused-attribute'; readonly attribute: string }
  | { readonly kind: 'unvalidated'; readonly fields: readonly string[] }
  | { readonly kind: 'annex-type'; readonly title: string; readonly typeId: string }
  | { readonly kind: 'transition'; readonly transition: string };

/** A document made of an item. */
export interface MadeDocument {
  readonly filename: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/** Bytes of an annex. */
export interface OpenedAnnex {
  readonly annex: DeskAnnex;
  readonly open: () => Readable;
}
