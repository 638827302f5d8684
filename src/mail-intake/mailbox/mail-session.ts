/** A message that waits in the mailbox. */
export interface WaitingMessage {
  readonly uid: number;
  /** Bytes, as the server says. */
  readonly size: number;
  /** When the server got it, epoch milliseconds. */
  readonly arrivedAt: number;
}

/** A mailbox that is open. Everything throws MailboxAway once it cannot be used. */
export interface MailSession {
  /** Those that have waited longest, some of them at a time. */
  waiting(): Promise<readonly WaitingMessage[]>;
  /** The bytes of a message, as they come. Throws MessageGone where it is not there any more. */
  read(uid: number): AsyncIterable<Buffer>;
  /** Moves it into a folder. What is not there any more has been moved. */
  putAway(uid: number, folder: string): Promise<void>;
  /** Resolves when something may have come, at the latest after that time, and when the signal says so. */
  news(withinMs: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Another client moved or removed it. */
export class MessageGone extends Error {}

/** `login`: it does not let us in, and goes on to until somebody corrects it. `away`: later it may. `folder`: what was read cannot be put away. */
export type AwayKind = 'login' | 'encryption' | 'away' | 'folder';

/** Nothing can be taken from the mailbox now; the message says why, in plain words. */
export class MailboxAway extends Error {
  readonly kind: AwayKind;

  constructor(kind: AwayKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
