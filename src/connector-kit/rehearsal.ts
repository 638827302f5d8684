import type { CallBack } from '../connector-api/connector.js';
import type { Authority } from '../domain/authority.js';
import type { Item } from '../domain/item.js';
import type { FieldValue } from '../domain/mapping.js';
import type { SampleAnnex } from './sample-item.js';

/** How the other side takes what it is given.
 * `well`: it works. `refuses`: it will never take anything. `down`: it cannot be reached. `loses-answer`: it keeps what it
 * is given, then the connection breaks before the answer. `cuts-answer`: it keeps what it is given, then the connection
 * breaks in the middle of the answer. `hangs`: it reads the call that would hand the item over, keeps nothing and never
 * answers. `throttles`: it takes nothing and asks to come back after THROTTLE_SECONDS. */
export const BEHAVIOURS = ['well', 'refuses', 'down', 'loses-answer', 'cuts-answer', 'hangs', 'throttles'] as const;

export type Behaviour = (typeof BEHAVIOURS)[number];

/** How long a throttling other side asks to wait, where its protocol can say so. */
export const THROTTLE_SECONDS = 120;

/** What can be impossible for a connector, each with the reason: an other side that cannot behave so, settings that cannot
 * be wrong or hold no secret, no files over there, no item without a file (`no-file`), a protocol without a word for the time to wait (`retry-after`), an
 * operation that may answer later but does not in this rehearsal (`answer`), another side that cannot be seen to take
 * something back (`cancel`). */
export type Skips = Readonly<Partial<Record<
  Exclude<Behaviour, 'well'> | 'broken-settings' | 'secrets' | 'files' | 'no-file' | 'empty-file' | 'large-file' | 'retry-after' | 'answer' | 'cancel' | 'reason', string
>>>;

/** How one operation of a connector is rehearsed: what the conformance suite cannot know by itself. A connector exports
 * at least one for each operation of its manifest, from its `rehearsal.ts`, as `rehearsals`. */
export interface Rehearsal {
  readonly operation: string;
  /** Tells several rehearsals of one operation apart: `with files in the body`. */
  readonly variant?: string;
  /** A value for each field that the operation declares, and for some where it takes any. */
  readonly fields?: Readonly<Record<string, FieldValue>>;
  /** What differs from item to item. */
  readonly perItem?: PerItem;
  readonly skips: Skips;
  /** Its other side can let something wait that nobody asked for: it has `announce`. For connectors with `collect`. */
  readonly announces?: true;
  /** Its other side can let an item wait for a person: it has `awaitPerson`. For connectors with `personalLink`. */
  readonly awaitsPerson?: true;
  /** The settings for its other side at a port, as `open` gives them, without starting it: only then can the configuration
   * ask for it to be simulated inside of the gateway (`simulated: 8090`). */
  settingsAt?(port: number): Readonly<Record<string, unknown>>;
  /** Starts a simulated other side, with nothing in it but what its folder holds. */
  open(options?: SimulatorOptions): Promise<OtherSide>;
}

/** For operations that do not take just anything. */
export interface PerItem {
  /** Values in place of those of `fields`, such as a number that is used only once. */
  fields?(item: Item): Readonly<Record<string, FieldValue>>;
  /** The files of the item in place of any bytes, such as a file in a format of the trade; skip `files` with the reason. */
  files?(item: Item): readonly SampleAnnex[];
  /** The document that it is answered with in place of any bytes, where the connector reads it. */
  answer?(item: Item): { readonly filename: string; readonly content: Buffer };
}

export interface SimulatorOptions {
  /** Port on loopback, where it listens on one; a free one if not given. */
  readonly port?: number;
  /** Where it keeps what it has over restarts, made if it is not there; nowhere if not given. */
  readonly folder?: string;
  /** Told when people over there did something, so that it can be asked about at once. */
  readonly onNews?: () => void;
  /** Told in one line of each thing that arrives. */
  readonly say?: (line: string) => void;
  /** The town as it is declared, with dated meetings, for a system that knows its people; a town of its own if not given. */
  readonly town?: SimulatedTown;
}

/** What a simulated system may know of the town that it works for. */
export type SimulatedTown = Pick<Authority, 'id' | 'title' | 'organisations' | 'users' | 'meetingConfigs' | 'ws4pm'>;

/** The system that a connector talks to, simulated. */
export interface OtherSide {
  /** Settings that work, as an administrator writes them (with secrets in clear). */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Settings that pass the schema but cannot work: a wrong folder, password or address. */
  readonly brokenSettings: Readonly<Record<string, unknown>>;
  /** Secret values among the settings. */
  readonly secrets: readonly string[];
  /** What is kept over there, in any order. */
  delivered(): Promise<readonly Arrival[]>;
  /** From now on it behaves so. Rejects for a behaviour that the rehearsal skips. */
  behave(how: Behaviour): Promise<void>;
  /** Where the operation answers later: what it answers about an item from now on. Before that it has no answer. The documents
   * come back with these bytes, beside others that it may add. */
  answer?(itemUid: string, answer: SimulatedAnswer): Promise<void>;
  /** Where the connector has `receive`: the call that it would make now about an item that it has, as it comes in. */
  callBack?(itemUid: string): Promise<CallBack>;
  /** Something new waits over there from now on, which nobody has fetched yet. */
  announce?(): Promise<Waiting>;
  /** What it has of an item waits for a person from now on. */
  awaitPerson?(itemUid: string): Promise<void>;
  /** Address of a page on which people over there act, where it has one. */
  readonly page?: string;
  /** What can be typed at it beside the behaviours. */
  readonly commands?: TypedCommands;
  close(): Promise<void>;
}

/** Something that waits over there. */
export interface Waiting {
  /** It is marked as read, or whatever is done over there with what was fetched. */
  isMarked(): Promise<boolean>;
  /** Somebody else takes it away before it is fetched; absent: that cannot happen over there. */
  withdraw?(): Promise<void>;
}

export interface TypedCommands {
  /** `sign <id>`, one a line. */
  readonly usage: readonly string[];
  /** Carries out what was typed, and answers in lines; undefined for what it does not know. */
  run(typed: string): Promise<readonly string[] | undefined>;
}

/** An item as it stands on the other side. */
export interface Arrival {
  readonly itemUid: string;
  /** SHA-256 of each file, in the order of the item. */
  readonly files: readonly string[];
  /** As it arrived, where the other side keeps one. */
  readonly title?: string;
  /** The mapped fields as they arrived, by their name in the manifest. */
  readonly fields?: Readonly<Record<string, FieldValue>>;
  /** It was taken back. */
  readonly cancelled?: boolean;
}

export type SimulatedAnswer =
  | { readonly state: 'done'; readonly documents: readonly { readonly filename: string; readonly content: Buffer }[] }
  | { readonly state: 'rejected'; readonly reason: string };
