import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Item } from '../domain/item.js';
import type { AnyField, FieldValue, StepResult, TargetField } from '../domain/mapping.js';
import type { Deliberation } from './deliberation.js';
import type { HttpCall } from './http.js';

/** How the remote recognises a repeat: by a key that we choose, by what the item carries, or not at all. */
export type Idempotence = 'client-key' | 'natural-key' | 'none';

export interface Operation {
  readonly idempotence: Idempotence;
  /** What a step of a flow may give it. A field that is not declared cannot be mapped. */
  readonly fields?: Readonly<Record<string, TargetField>>;
  /** True where whatever is mapped is taken, as text where no field of that name is declared; with a prefix, only names
   * that begin with it (`metadata.`). */
  readonly anyField?: AnyField;
  /** True where the answer comes later: `submit` may return `sent`, and `track` asks for it. */
  readonly answersLater?: boolean;
}

/** Version of this contract. It changes when a connector that kept it before would not any more. */
export const CONNECTOR_API = 1;

export interface Manifest {
  readonly id: string;
  readonly title: { readonly fr: string; readonly en: string };
  /** Item kinds it can take; `*` is any. */
  readonly kinds: readonly string[];
  readonly operations: Readonly<Record<string, Operation>>;
  /** Version of the contract that it was written for (CONNECTOR_API); 1 if not given. */
  readonly api?: number;
}

/** What a connector is given for one delivery. `key` is stable over all attempts. */
export interface Submission {
  readonly key: string;
  readonly operation: string;
  readonly item: Item;
  /** Values of the declared fields, mapped and checked; a field that is not mapped is absent. None for `track` and `cancel`:
   * the item may have changed since it was sent, so keep in the receipt's `data` what they need. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** What the steps before brought back, by their id. */
  readonly results: Readonly<Record<string, StepResult>>;
  /** For `probe` alone: what an operator says the other side calls it. Look there first, prove that it is this submission, and give
   * the receipt from which `track` goes on. Throw Refused, saying why, where it is not: it is not sent again, whatever is answered. */
  readonly foundAs?: string;
}

/** A file that the remote gave back, already kept (`context.blobs.keep`). It becomes an annex of the item. */
export interface ResultDocument {
  readonly title: string;
  readonly filename: string;
  readonly mediaType: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** What it is for: one of ANNEX_ROLES where one fits. Flows choose annex types by it, and later steps documents. */
  readonly role?: string;
  /** Over there it is for those alone who propose the item or manage its meetings, and so it is here. */
  readonly confidential?: boolean;
}

/** What a system that decides on the item has made of it, and so the item is: the review state first. An absent member stays as it is. */
export interface ItemNews {
  readonly reviewState?: string;
  readonly title?: string;
  readonly category?: string | null;
  readonly description?: string;
  readonly detailedDescription?: string;
  readonly motivation?: string;
  readonly decision?: string;
  readonly preferredMeeting?: string | null;
  /** Uid of the meeting that it is in; null: in none. */
  readonly meeting?: string | null;
}

/** What a step brings back onto the item: later steps see the fields, callers the documents. */
export interface Results {
  readonly fields?: Readonly<Record<string, FieldValue>>;
  readonly documents?: readonly ResultDocument[];
  /** For connectors with `deliberation` alone: others have no say in it. */
  readonly item?: ItemNews;
}

export interface Receipt {
  /** The remote's name for what it took. */
  readonly reference: string;
  /** `done`: nothing more is awaited. `sent`: an answer is awaited, `track` asks for it. */
  readonly state: 'done' | 'sent';
  /** Given back to `track` and `cancel`; plain JSON. */
  readonly data?: unknown;
  readonly results?: Results;
  /** `sent`: ask no earlier than this, milliseconds. Without it, the engine's own intervals, which widen. */
  readonly pollAfterMs?: number;
}

export type Probe = { readonly found: Receipt } | 'absent' | 'unknown';

export type Tracking =
  /** No answer yet. `note`: where it stands, in plain words. `data` replaces that of the receipt. `results` are kept on the item
   * together with `data` before `track` is asked again: only then may what is over there be put away. */
  | { readonly state: 'pending'; readonly pollAfterMs?: number; readonly note?: string; readonly data?: unknown; readonly results?: Results }
  | { readonly state: 'done'; readonly results?: Results }
  /** A person or the remote said no. `reason` in plain words, with who and when where that is known. */
  | { readonly state: 'rejected'; readonly reason: string; readonly results?: Results };

/** What became of taking back what was sent. `too-late`: the remote has gone on with it; `tooLate` says why it stays, in a plain sentence. */
export type Cancelling = 'cancelled' | 'too-late' | { readonly tooLate: string };

export interface ConnectorLogger {
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** One of many that were sent, as `track` would be given it. */
export interface Sent {
  readonly receipt: Receipt;
  readonly submission: Submission;
}

/** Asks in one call over there which of many have news, in place of one call each. The engine asks about several at once that are
 * due, or will be within a minute. */
export interface Survey<Settings> {
  /** As many as one call can ask about. */
  readonly atMost: number;
  /** Keys (`submission.key`) of those that `track` must be asked about now: changed, or not found. The others are pending. */
  ask(sent: readonly Sent[], settings: Settings, context: ConnectorContext): Promise<ReadonlySet<string>>;
}

/** Where a submission goes when several travel as one. */
export interface Gathering {
  /** Those of one group travel together. */
  readonly group: string;
  /** What it adds to the load, bytes. */
  readonly weight: number;
  /** A load leaves when one of these is reached; it never weighs more than `weight` bytes nor counts more than `count`. `waitMs`
   * is counted from the first that was gathered. */
  readonly limits: { readonly weight: number; readonly count: number; readonly waitMs: number };
}

/** Submissions that travel together, such as the documents of one signing session. */
export interface Together<Settings> {
  /** Pure. Throws Refused for what fits no load. `now` is epoch milliseconds. */
  gather(submission: Submission, settings: Settings, now: number): Gathering;
  /** Hands a load over: all or nothing. `context.markSent` marks all of them. Receipts in the order of the submissions. A
   * failure is that of each. */
  submit(load: readonly Submission[], settings: Settings, context: ConnectorContext): Promise<readonly Receipt[]>;
}

/** A call of the other side at `context.callBackUrl` + `/<token>`. */
export interface CallBack {
  /** Last element of the path. */
  readonly token: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 64 KiB. */
  readonly body: Buffer;
}

/** Something over there that nobody has fetched yet: a letter of the prefecture, a PES_Retour. */
export interface Announcement {
  /** Its name over there, stable: what was collected under it once is not collected again. */
  readonly key: string;
  /** What `fetch` and `kept` need; plain JSON. */
  readonly data?: unknown;
}

/** What was fetched. It becomes an item of its own. */
export interface Arrival {
  /** Kind of the item, for the rules of flows: `prefecture-letter`, `pes-retour`. */
  readonly kind: string;
  readonly title: string;
  /** Plain text. */
  readonly description?: string;
  /** Facts for expressions of flows and for callers: they become the item's `extra`. */
  readonly fields?: Readonly<Record<string, string | boolean | number | readonly string[]>>;
  /** Reference of the delivery that it is about: its item and the new one are linked. */
  readonly about?: string;
  readonly documents: readonly ResultDocument[];
}

/** Brings in what the other side has for us unasked. Relais asks from time to time, keeps each arrival as an item (once for each key,
 * whatever is repeated), and only then says that it is kept. */
export interface Collecting<Settings> {
  /** Kinds that arrivals have, so that rules of flows may name them. */
  readonly kinds?: readonly string[];
  /** What waits over there now. Changes nothing. Throws like `check`. */
  list(settings: Settings, context: ConnectorContext): Promise<readonly Announcement[]>;
  /** Fetches one; `gone` where it is not there any more. Changes nothing over there. */
  fetch(announced: Announcement, settings: Settings, context: ConnectorContext): Promise<Arrival | 'gone'>;
  /** It is on disk here: it may be marked as read over there. May be called again for what was marked before. */
  kept(announced: Announcement, settings: Settings, context: ConnectorContext): Promise<void>;
}

/** Where a person has to do over there what only a person may, such as confirm a transmission with a certificate. */
export interface PersonalLink {
  readonly url: string;
  /** Epoch milliseconds; after that a new one is made. */
  readonly validUntil: number;
}

/** All that a connector may use of Relais. */
export interface ConnectorContext {
  readonly logger: ConnectorLogger;
  readonly clock: { now(): number };
  /** Aborts when the attempt must end: Relais stops, another node took over, or it took too long. */
  readonly signal: AbortSignal;
  /** Outbound HTTP with the guard against addresses that must not be reached. */
  readonly http: HttpCall;
  /** Where the other side can call this connector back: `https://relais.example/callbacks/<id>`; a token follows. */
  readonly callBackUrl: string;
  readonly blobs: {
    /** Bytes of an annex. A missing one throws, or fails its stream with, an error of code RELAIS_BLOB_MISSING. */
    read(sha256: string): Readable;
    /** Keeps what the remote gave back, on disk when it resolves; streamed, never whole in memory. */
    keep(content: AsyncIterable<Uint8Array>): Promise<{ readonly sha256: string; readonly size: number }>;
  };
  /** Await it just before the call that cannot be taken back; it rejects when that call must not be made. */
  markSent(): Promise<void>;
}

/** A system on the other side. The engine decides on retries; a connector only reports, by its errors, what happened:
 * NotSent, Refused, OutcomeUnknown or Misconfigured (failures.ts). Any other error after the mark counts as
 * OutcomeUnknown, before it as NotSent. */
export interface Connector<Settings = unknown> {
  readonly manifest: Manifest;
  readonly settings: z.ZodType<Settings>;
  /** Proves that the settings work. Throws Misconfigured. Changes nothing over there. */
  check(settings: Settings, context: ConnectorContext): Promise<void>;
  /** Hands the item over. The same key again must not make a second one where `idempotence` promises so. Once the other side has
   * taken it, whatever fails is OutcomeUnknown, be it that a document cannot be fetched. */
  submit(submission: Submission, settings: Settings, context: ConnectorContext): Promise<Receipt>;
  /** Asks whether a submission that was marked arrived. It is handed over whole, because a remote with a natural key is
   * asked by what the item carries. `absent` must be proved: it leads to a resend. */
  probe(submission: Submission, settings: Settings, context: ConnectorContext): Promise<Probe>;
  /** Asks for the answer to what was sent. Asking changes nothing over there, but that what an earlier answer brought back, and is kept now,
   * may be put away. Needed where an operation answers later. */
  track?(receipt: Receipt, submission: Submission, settings: Settings, context: ConnectorContext): Promise<Tracking>;
  /** Which of many that were sent have news. Needs `track`. */
  readonly survey?: Survey<Settings>;
  /** Several submissions in one call. Every operation of the connector then goes this way; `submit` is not called. */
  readonly together?: Together<Settings>;
  /** Values that fields of its operations can take over there now, by field, for checking and offering: nothing is decided
   * by it. Throws like `check`. */
  choices?(settings: Settings, context: ConnectorContext): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Who calls back, and about what: pure, no more than a look at the call. A call back is only a hint: `track` is then asked at
   * once about the deliveries with these references. Compare tokens in constant time. */
  receive?(call: CallBack, settings: Settings): { readonly references: readonly string[] } | 'not-authentic' | 'not-understood';
  /** What the other side has for us unasked. */
  readonly collect?: Collecting<Settings>;
  /** The reading side of a system that decides on items, so that it can stand behind a meeting config. */
  readonly deliberation?: Deliberation<Settings>;
  /** The address at which a person does what what was sent waits for; null where it waits for nobody. It may hold a token, so it is shown to
   * the operator who asks for it, and never kept. */
  personalLink?(receipt: Receipt, submission: Submission, settings: Settings, context: ConnectorContext): Promise<PersonalLink | null>;
  /** Takes back what was sent. */
  cancel?(receipt: Receipt, submission: Submission, settings: Settings, context: ConnectorContext): Promise<Cancelling>;
}
