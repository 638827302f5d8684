import type { DeskStep, SignatureFormat } from './desk-types.js';

/** A file of the desk; its bytes are under its hash in the desk's own store. */
export interface DeskFile {
  readonly filename: string;
  readonly mediaType: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

export interface DeskDocument extends DeskFile {
  /** Detached signatures of it, in the order in which they were put. */
  readonly signatures: readonly DeskFile[];
}

/** `draft`: made, and not given into its circuit. `recalled`: taken back by who sent it. */
export type FolderState = 'draft' | 'running' | 'finished' | 'rejected' | 'recalled';

/** What a row of the history is about. */
export type HistoryEvent =
  | 'create' | 'start' | 'place' | 'annotate' | 'read' | 'act' | 'paper' | 'reject' | 'finish' | 'recall' | 'recycle' | 'chain' | 'delay' | 'mark';

export interface HistoryRow {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actor: string;
  /** The word of the SOAP service (contracts/iparapheur.md §2.1). */
  readonly status: string;
  readonly annotation: string;
  readonly event: HistoryEvent;
  /** Index into the circuit; null for what concerns the emitter alone. */
  readonly step: number | null;
}

/** A folder as it stands on the desk. Plain JSON. */
export interface DeskFolder {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly subtype: string;
  readonly emitter: string;
  /** Main documents as they are now: what is signed inside replaces what was sent. */
  readonly main: readonly DeskDocument[];
  /** As they were sent. */
  readonly originals: readonly DeskFile[];
  /** Those that were sent, in their order, then those that actors added. */
  readonly annexes: readonly DeskFile[];
  readonly visual: DeskFile | null;
  readonly visibility: string;
  /** YYYY-MM-DD; nothing ends with it. */
  readonly deadline: string | null;
  readonly publicAnnotation: string;
  readonly privateAnnotation: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Where an XML signature goes: `.` or `//Bordereau`. */
  readonly xpath: string | null;
  readonly circuit: readonly DeskStep[];
  readonly format: SignatureFormat;
  /** Index of the step that is asked for now; the length of the circuit once all are done. */
  readonly step: number;
  readonly state: FolderState;
  /** Oldest first. */
  readonly history: readonly HistoryRow[];
}

/** What a face gives to `Desk.create`. The files are kept already (`Desk.keep`). */
export interface NewFolder {
  /** Empty: the desk makes one. */
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly subtype: string;
  readonly emitter?: string;
  readonly main: readonly (DeskFile & { readonly signatures?: readonly DeskFile[] })[];
  readonly annexes?: readonly DeskFile[];
  readonly visual?: DeskFile | null;
  readonly visibility?: string;
  readonly deadline?: string | null;
  readonly publicAnnotation?: string;
  readonly privateAnnotation?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly xpath?: string | null;
  /** False leaves it a draft until `Desk.start`; true if not given. */
  readonly start?: boolean;
}

/** Does what the step asks for. */
export interface StepAction {
  readonly do: 'visa' | 'sign' | 'paper-sign' | 'seal' | 'send-mail';
  readonly by?: string;
  readonly annotation?: string;
  /** Signs another document than the one that was sent, as nobody should. */
  readonly other?: boolean;
}

/** What somebody does. `by` is the actor of the step if not given. */
export type DeskAction =
  | StepAction
  | { readonly do: 'read'; readonly by?: string; readonly annotation?: string }
  | { readonly do: 'reject'; readonly by?: string; readonly reason: string }
  /** Puts it off until a date, YYYY-MM-DD. */
  | { readonly do: 'delay'; readonly by?: string; readonly until: string; readonly annotation?: string }
  /** Back to the start of its circuit, after a refusal. */
  | { readonly do: 'recycle'; readonly by?: string }
  /** Into another circuit, after the end of the first. */
  | { readonly do: 'chain'; readonly by?: string; readonly type: string; readonly subtype: string }
  /** A row with any status, such as one that no client has ever seen. */
  | { readonly do: 'mark'; readonly by?: string; readonly status: string; readonly annotation?: string };

/** What a desk does not do, with words for who asked. */
export class DeskRefusal extends Error {
  readonly code: 'duplicate' | 'unknown-type' | 'missing-metadata' | 'no-document' | 'not-a-pdf' | 'not-xml' | 'unknown-folder' | 'not-now' | 'cannot-sign';

  constructor(code: DeskRefusal['code'], message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.code = code;
  }
}
