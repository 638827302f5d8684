import type { DeskFile } from '../signature-desk/desk-folder.js';

/** Where an exchange with the prefecture stands (contracts/s2low.md §4). `waiting`: deposited, for a person to confirm it (17). `to-sign`: 18.
 * `received`: a letter of the prefecture (7, or 21 where it wants no receipt); `receipted`: its receipt was sent (8). */
export type ExchangeStage = 'waiting' | 'to-sign' | 'posted' | 'queued' | 'sent' | 'acknowledged' | 'closed' | 'refused' | 'received' | 'receipted' | 'error' | 'cancelled';

interface ExchangeBase {
  /** Decimal; one sequence for all exchanges. */
  readonly id: string;
  /** SIREN. */
  readonly authority: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly stage: ExchangeStage;
  /** Why it is in error; empty otherwise. */
  readonly reason: string;
  readonly isStuck: boolean;
  /** What the prefecture answered: AR, anomaly, AR of a cancellation, classification. */
  readonly message: DeskFile | null;
}

export interface ActDocument extends DeskFile {
  /** Name under which it was posted. */
  readonly postedAs: string;
  readonly typology: string;
}

/** What an act says of itself. */
export interface ActFacts {
  readonly number: string;
  readonly nature: string;
  /** `7.1`. */
  readonly matter: string;
  /** Date of the decision, `2027-03-01`. */
  readonly date: string;
  readonly subject: string;
  readonly paperFollows: boolean;
}

export interface FiledAct extends ExchangeBase, ActFacts {
  readonly kind: 'act';
  /** IDActe. */
  readonly actId: string;
  /** The main document, then the annexes. */
  readonly documents: readonly ActDocument[];
  /** Date of its AR, `2027-03-02`. */
  readonly receivedOn: string | null;
  /** The main document with its stamp where that was given; made when it is asked for otherwise. */
  readonly stamped: DeskFile | null;
}

export const LETTER_KINDS = ['simple', 'pieces', 'observations', 'court'] as const;
export type LetterKind = (typeof LETTER_KINDS)[number];

export interface Letter extends ExchangeBase {
  readonly kind: 'letter';
  readonly letter: LetterKind;
  /** Id of the act. */
  readonly about: string;
  /** Date on the letter, `2027-03-03`. */
  readonly date: string;
  readonly words: string;
  /** Its `.tar.gz`, as the prefecture sent it. */
  readonly archive: DeskFile;
  readonly isRead: boolean;
}

export interface Reply extends ExchangeBase {
  readonly kind: 'reply';
  /** Id of the letter. */
  readonly about: string;
  readonly letter: LetterKind;
  /** It refuses the pieces, or rejects the observations. */
  readonly refuses: boolean;
  readonly documents: readonly ActDocument[];
}

export interface Cancellation extends ExchangeBase {
  readonly kind: 'cancellation';
  /** Id of the act. */
  readonly about: string;
}

export interface ClassificationRequest extends ExchangeBase {
  readonly kind: 'classification';
}

/** What is exchanged with the prefecture. Plain JSON. */
export type Exchange = FiledAct | Letter | Reply | Cancellation | ClassificationRequest;

export interface NewAct extends ActFacts {
  readonly authority: string;
  readonly documents: readonly ActDocument[];
  /** It waits for a person; it is posted at once if not given. */
  readonly waitsFor?: 'confirmation' | 'signature';
}

export interface NewReply {
  readonly authority: string;
  /** Id of the letter. */
  readonly about: string;
  readonly refuses: boolean;
  readonly documents: readonly ActDocument[];
}
