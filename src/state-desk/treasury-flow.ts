import type { DeskFile } from '../signature-desk/desk-folder.js';

/** Where a flow stands on its way to the treasury. `waiting`: deposited, for somebody to post it. `queued`: checked, to be sent. `unanswered`:
 * sent, and no acquit is expected. `acknowledged`, `refused` and `informed`: the three states in which an acquit is there
 * (contracts/s2low.md §6: 4, 6 and 8), which say nothing of what is in it. */
export type FlowStage = 'waiting' | 'posted' | 'queued' | 'sent' | 'unanswered' | 'acknowledged' | 'refused' | 'informed' | 'error' | 'cancelled';

/** A PES flow that was deposited. Plain JSON. */
export interface TreasuryFlow {
  /** Decimal. */
  readonly id: string;
  /** SIREN of who sent it. */
  readonly authority: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly file: DeskFile;
  readonly sha1: string;
  readonly stage: FlowStage;
  /** Why it is in error; empty otherwise. */
  readonly reason: string;
  /** As the file has them, once it was checked. */
  readonly names: FlowNames | null;
  /** Its pair of names is taken for ever. */
  readonly holdsNames: boolean;
  /** It stays where it is, however often it is asked about. */
  readonly isStuck: boolean;
  readonly acquit: DeskFile | null;
  /** False: the acquit came, and cannot be read yet. */
  readonly isAcquitReadable: boolean;
}

export interface FlowNames {
  readonly nomFic: string;
  readonly codCol: string;
  readonly idColl: string | null;
}

/** What the treasury says of a flow. `partial` rejects one slip, the last unless `slip` names it. `acquit`: these bytes, whatever they
 * are. */
export interface FlowAnswer {
  readonly verdict: 'accept' | 'reject' | 'partial' | { readonly acquit: Buffer };
  /** NumAnoAck of a rejection. */
  readonly code?: string;
  readonly label?: string;
  readonly slip?: string;
  /** The state that tells of it; `informed` if not given. */
  readonly stage?: 'acknowledged' | 'refused' | 'informed';
  /** `early`: the acquit can be read one question before the state changes; `late`: one question after it. */
  readonly timing?: 'early' | 'late';
  /** The acquit names another flow, that nobody sent. */
  readonly isOfAnother?: boolean;
}

/** A PES_Retour that waits for its authority. */
export interface TreasuryReturn {
  readonly id: string;
  readonly authority: string;
  readonly at: number;
  readonly file: DeskFile;
  readonly isRead: boolean;
}

export interface NewFlow {
  readonly authority: string;
  readonly file: DeskFile;
  /** Of the bytes, hexadecimal. */
  readonly sha1: string;
  /** It waits until somebody posts it. */
  readonly waits?: boolean;
}
