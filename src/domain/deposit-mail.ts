import type { ExtraValue } from './item.js';
import type { ItemPlace } from './item-place.js';

/** A mailbox from which letters are taken. Times are milliseconds. */
export interface DepositMailbox {
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte. `starttls`: the server must offer it. */
  readonly encryption: 'tls' | 'starttls' | 'none';
  /** Certificate (PEM) that is trusted beside those of the system. */
  readonly ca: string | null;
  readonly login: string;
  readonly password: string;
  /** Where letters arrive. */
  readonly folder: string;
  /** Where they go that became items, that cannot be taken, and that are none. */
  readonly processed: string;
  readonly errors: string;
  readonly ignored: string;
  /** Looked into at least so often; the server may tell sooner. */
  readonly everyMs: number;
}

/** What one message may be at most. */
export interface MailLimits {
  /** As it travels. */
  readonly bytes: number;
  readonly attachments: number;
  /** Parts within parts. */
  readonly depth: number;
  /** Until it is read, milliseconds. */
  readonly timeMs: number;
}

/** Where letters of one kind come to stand. An empty list of patterns asks for nothing; all that ask must match. */
export interface MailRoute {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly subject: readonly string[];
  /** Who forwarded it; a letter that no agent forwarded matches only where nothing is asked. */
  readonly agent: readonly string[];
  readonly place: ItemPlace;
  /** Whose organisation takes the place of that of `place`, where that person is a member of one only; in `function`, where it is given. */
  readonly organisationOf: 'agent' | 'sender' | null;
  /** Sub-group of organisations: `creators`, `reviewers`, … */
  readonly function: string | null;
  readonly fields: Readonly<Record<string, ExtraValue>>;
}

/** How messages become items of a deposit. Patterns are addresses with `*` and `?`. */
export interface DepositMail {
  readonly mailbox: DepositMailbox | null;
  /** Ours, who forward letters: what they forward is the letter. */
  readonly agents: readonly string[];
  /** Who may write; empty: everybody. */
  readonly accept: readonly string[];
  readonly refuse: readonly string[];
  /** Programs whose messages are letters all the same. */
  readonly automatic: readonly string[];
  /** More messages of one sender are put aside. */
  readonly most: { readonly count: number; readonly withinMs: number };
  /** The message itself is a file of the item. */
  readonly keepMessage: boolean;
  readonly limits: MailLimits;
  /** The first that matches wins; none: the place of the deposit. */
  readonly routes: readonly MailRoute[];
}
