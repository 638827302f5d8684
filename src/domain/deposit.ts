import type { DepositMail } from './deposit-mail.js';
import type { ItemPlace } from './item-place.js';

/** A folder that is looked into. Times are milliseconds, paths absolute. */
export interface DepositFolder {
  readonly path: string;
  /** Made when it is not there; otherwise its absence is told, because a share may not be mounted. */
  readonly create: boolean;
  /** A file is complete when nothing about it has changed for so long. */
  readonly quietMs: number;
  /** How often it is looked into. */
  readonly everyMs: number;
  /** Where there is one, a file is complete when a file of its name and this ending stands beside it. */
  readonly marker: string | null;
  /** Where files go that became items. */
  readonly processed: string;
  /** Where files go that did not, each with its reason. */
  readonly errors: string;
  /** Days for which processed files are kept; null: for ever. */
  readonly keepProcessedDays: number | null;
}

/** A schema set with which PES files are compared, by a program outside (`xmllint`). */
export interface DepositSchema {
  /** The schema of the root, an absolute path. */
  readonly file: string;
  readonly program: string;
  readonly timeoutMs: number;
  /** `warn`: the item says where they differ. The platform looks at no schema. */
  readonly onMismatch: 'warn' | 'refuse';
}

/** A place where applications leave files that become items. */
export interface Deposit {
  readonly id: string;
  /** Kind of the items. A `pes` is read and checked. */
  readonly kind: string;
  readonly place: ItemPlace;
  readonly folder: DepositFolder | null;
  readonly http: boolean;
  /** Absent: it takes no mail. */
  readonly mail?: DepositMail;
  /** The largest file, bytes. */
  readonly maxBytes: number;
  /** For PES files; null: none is looked at. */
  readonly schema: DepositSchema | null;
}
