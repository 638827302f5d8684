/** What an item carries beyond its declared columns: rich-text fields by their ws4pm name (contracts/ws4pm.md §5.2). */
export type ExtraValue = string | boolean | number | readonly string[];

/** What a file that a step brought back is for. */
export const ANNEX_ROLES = ['signed-document', 'detached-signature', 'circulation-slip', 'added-annex', 'acknowledgement', 'acknowledgement-slip', 'stamped-document', 'letter', 'report'] as const;

/** A file of an item. Its bytes are the blob `sha256` of the item's authority. */
export interface Annex {
  readonly uid: string;
  /** URL-safe id within the item, made of the file name. */
  readonly id: string;
  readonly title: string;
  /** Short id of the annex type in the meeting config. */
  readonly typeId: string;
  readonly relatedTo: 'item' | 'decision';
  readonly filename: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  readonly confidential: boolean;
  /** Where a step brought it back, what it is for: one of ANNEX_ROLES, or a word of the connector. */
  readonly role?: string;
}

/** A step in the life of an item as its people see it (workflow history). `at` is epoch milliseconds, UTC. */
export interface HistoryEvent {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly comment: string;
  readonly fromState: string | null;
  readonly toState: string | null;
}

/** What travels through Relais. Dates are epoch milliseconds, UTC; organisations and meetings are uids. */
export interface Item {
  readonly uid: string;
  readonly authority: string;
  /** `deliberation` for what comes by ws4pm. */
  readonly kind: string;
  readonly source: string;
  readonly configId: string;
  /** URL-safe id made of the title, unique among the creator's items of that config. */
  readonly id: string;
  readonly creator: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly reviewState: string;
  readonly proposingOrganisation: string;
  readonly title: string;
  readonly category: string | null;
  readonly description: string;
  readonly detailedDescription: string;
  readonly motivation: string;
  readonly decision: string;
  readonly preferredMeeting: string | null;
  readonly meeting: string | null;
  readonly externalIdentifier: string;
  readonly toDiscuss: boolean;
  readonly associatedOrganisations: readonly string[];
  readonly organisationsInCharge: readonly string[];
  /** Adviser tokens as given (contracts/ws4pm.md §4.2). */
  readonly optionalAdvisers: readonly string[];
  readonly extra: Readonly<Record<string, ExtraValue>>;
  /** Ids of the workflow transitions that the caller asked for at creation, in order, for a system behind its meeting config. Absent: none. */
  readonly askedTransitions?: readonly string[];
  readonly annexes: readonly Annex[];
}

/** Everything about a new item but what the store decides: its final short id. */
export type NewItem = Omit<Item, 'id'> & { readonly baseId: string };

/** Organisations behind adviser tokens, each once (`<org>`, `<org>__rowid__<row>`, `…__userid__<user>`). */
export function adviserOrganisations(tokens: readonly string[]): readonly string[] {
  return [...new Set(tokens.map((token) => token.split(/__(?:rowid|userid)__/, 1)[0] ?? token))];
}
