import type { Act } from './act-plan.js';
import type { ReceiptData } from './receipt.js';
import type { Route } from './route.js';
import type { DraftFile } from './send-file.js';
import type { Detail, Row } from './shapes.js';

/** How a document is told from others of its type: `ours`, made for this delivery; `same`, the same thing by another way. */
export type Likeness = 'ours' | 'same' | 'other';

/** How the documents of a delivery are looked for (contracts/pastell.md §4.1: filters find parts of words, so that each row is looked at). */
export interface Recognition {
  readonly filter: Readonly<Record<string, string>>;
  judge(row: Row, read: () => Promise<Detail | null>): Promise<Likeness>;
  /** Something that is no delivery of ours may be the same thing. */
  readonly hasTwins: boolean;
  /** What it is, in words: `The act 2027_001`. */
  readonly words: string;
}

/** A document as it is to be made. */
export interface Plan {
  readonly key: string;
  readonly type: string;
  readonly route: Route;
  /** The field whose value is the title. */
  readonly titleField: string;
  /** The first edit: it holds what the document is recognised by. */
  readonly fields: Readonly<Record<string, string>>;
  readonly files: readonly DraftFile[];
  /** Fields that hold several files: those that are there beyond ours are removed. */
  readonly lists: readonly string[];
  readonly subtype: string | null;
  /** What an act needs beyond that. */
  readonly act: Act | null;
  readonly recognition: Recognition;
  /** What the receipt must remember of it. */
  readonly facts: ReceiptData['facts'];
}
