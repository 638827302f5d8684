import type { FieldSource } from './mapping.js';
import type { Workflow } from './workflow.js';

/** Attributes of an item that a meeting config may switch off (contracts/ws4pm.md §4.1 check 5). */
export const OPTIONAL_ATTRIBUTES = [
  'category', 'description', 'detailedDescription', 'motivation', 'associatedGroups', 'groupsInCharge', 'toDiscuss',
] as const;
export type OptionalAttribute = (typeof OPTIONAL_ATTRIBUTES)[number];

export interface Category {
  readonly uid: string;
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly enabled: boolean;
  /** Organisation uids whose creators may select it; empty: everyone may. */
  readonly usingOrganisations: readonly string[];
}

export interface AnnexType {
  readonly id: string;
  readonly title: string;
  /** Annexes of the item itself, or of its decision. */
  readonly relatedTo: 'item' | 'decision';
}

/** A meeting. `date` is epoch milliseconds, UTC. */
export interface Meeting {
  readonly uid: string;
  readonly id: string;
  readonly configId: string;
  readonly date: number;
  readonly state: string;
  /** Assembly texts (HTML or empty) for `item_assembly` (contracts/ws4pm.md §3.7). */
  readonly assembly: MeetingAssembly;
  /** Whether people who are no managers may choose it, where the system behind says so; absent: by its state. */
  readonly acceptsItems?: boolean;
}

/** A meeting as an administrator declares it. `date` is epoch milliseconds, or, for a date relative to the day on which
 * the meeting is first seen, how to make it from that moment (epoch milliseconds). */
export interface DeclaredMeeting extends Omit<Meeting, 'date'> {
  readonly date: number | ((firstSeen: number) => number);
}

export interface MeetingAssembly {
  readonly text: string;
  readonly excused: string;
  readonly absents: string;
  readonly guests: string;
  /** Contacts mode: used when `text` is empty. */
  readonly attendees: readonly AssemblyPerson[];
}

export interface AssemblyPerson {
  readonly id: string;
  readonly label: string;
  readonly presence: 'attendee' | 'excused' | 'absent';
}

export type TemplateFormat = 'pdf' | 'docx';

/** A document that can be made of an item. `sourceFile` is the absolute path of an HTML or Word template. */
export interface DocumentTemplate {
  readonly id: string;
  readonly title: string;
  readonly formats: readonly TemplateFormat[];
  readonly sourceFile: string;
  /** `item` templates are offered for items; `meeting` ones never are. */
  readonly appliesTo: 'item' | 'meeting';
  readonly enabled: boolean;
  /** Review states in which it is offered; empty: all. */
  readonly states: readonly string[];
}

export interface Adviser {
  /** `<orgUID>` or `<orgUID>__rowid__<rowId>` */
  readonly token: string;
  readonly organisation: string;
  readonly users: readonly string[];
}

/** The system behind a meeting config: what it decides and knows is its own, and Relais stands before it. */
export interface ConfigBackend {
  /** Id of a connector of the authority that has `deliberation`. */
  readonly connector: string;
  /** `later`: an item is answered once it is kept, and forwarded then. `direct`: the call also waits for what the system says. */
  readonly forward: 'later' | 'direct';
  /** `direct`: so long at most, milliseconds; then it is as `later`. */
  readonly directWaitMs: number;
  /** What was read so recently is answered without asking again, milliseconds. */
  readonly freshForMs: number;
  /** How long a call waits for the system before what was read last is answered, milliseconds. */
  readonly readTimeoutMs: number;
  /** What the forwarded item carries beside what it is; fields of the connector's operation. */
  readonly fields: Readonly<Record<string, FieldSource>>;
}

/** A kind of meeting (college, council) with everything an administrator declares about it. */
export interface MeetingConfig {
  readonly uid: string;
  readonly id: string;
  readonly shortName: string;
  readonly title: string;
  readonly description: string;
  readonly active: boolean;
  readonly usedAttributes: ReadonlySet<OptionalAttribute>;
  /** Organisation uids that use it; empty: all active ones. */
  readonly usingOrganisations: readonly string[];
  /** User ids in its `meetingmanagers` group. */
  readonly managers: readonly string[];
  readonly powerObservers: readonly string[];
  readonly categories: readonly Category[];
  readonly annexTypes: readonly AnnexType[];
  readonly workflow: Workflow;
  readonly meetings: readonly Meeting[];
  readonly templates: readonly DocumentTemplate[];
  readonly itemPositiveDecidedStates: readonly string[];
  /** Meeting states that accept items from people who are not managers (contracts/ws4pm.md §3.10). */
  readonly preferredMeetingStates: readonly string[];
  readonly toDiscussDefault: boolean;
  /** Organisation uids in order; empty: all active ones. */
  readonly orderedAssociatedOrganisations: readonly string[];
  readonly orderedOrganisationsInCharge: readonly string[];
  readonly usesAdvices: boolean;
  readonly selectableAdvisers: readonly Adviser[];
  /** Shown instead of `decision` to users who may not see decisions still being written; empty: never hidden. */
  readonly hiddenDecisionText: string;
  /** Who must be allowed to choose the preferred meeting of a new item: who calls, if absent (contracts/ws4pm.md §4.1 check 6), or the one for
   * whom it is made, where the system behind looks at that one. */
  readonly meetingChosenBy?: 'creator';
  /** Absent: items are decided on here. */
  readonly backend?: ConfigBackend;
}
