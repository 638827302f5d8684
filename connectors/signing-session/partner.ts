import type { Annex } from '../../src/domain/item.js';

/** A session as it is handed over. */
export interface NewSession {
  readonly id: string;
  readonly name: string;
  /** Where the partner calls back about it. */
  readonly callBackUrl: string;
  readonly signers: readonly string[];
  readonly watchers: readonly string[];
  readonly seal: boolean;
  readonly acroform: boolean;
  readonly documents: readonly NewDocument[];
}

export interface NewDocument {
  readonly code: string;
  /** What we call it: the item and a number. */
  readonly uuid: string;
  /** Unlike those of the others of its session. */
  readonly filename: string;
  readonly annex: Annex;
}

/** Where a session stands. `creating`: accepted, not there yet. `failed`: it was not created. `uploading`: everyone has signed, and the
 * files are not back. `other`: a word that is not known. */
export type SessionPhase = 'creating' | 'failed' | 'to-sign' | 'refused' | 'uploading' | 'returned' | 'other';

/** A session as the partner tells it. */
export interface PartnerSession {
  readonly id: string;
  readonly phase: SessionPhase;
  /** Its words for that. */
  readonly state: string;
  readonly message: string;
  /** Those who were asked; empty where it does not say. */
  readonly signers: readonly string[];
  readonly signed: readonly string[];
  readonly refused: readonly { readonly who: string; readonly reason: string }[];
  /** Where people sign: one link for each, or one for all (`who` is empty). */
  readonly links: readonly { readonly who: string; readonly url: string }[];
  /** Codes of its documents; empty where it does not say. */
  readonly codes: readonly string[];
}

/** The partner side. `null` is «there is none», said in words; everything else that goes wrong is one of the four failures. */
export interface Partner {
  /** Changes nothing over there. */
  check(): Promise<void>;
  /** Hands a session over: all of it or nothing. It is created later. `taken`: over there is a session of that name, or a document
   * with one of these codes. */
  createSession(session: NewSession): Promise<'accepted' | 'taken'>;
  /** Name of the session that a document is in. */
  findDocument(code: string): Promise<string | null>;
  state(sessionId: string): Promise<PartnerSession | null>;
  /** A document as it was signed. Read it. `size`: bytes of what was sent, for the time that it may take. */
  signedDocument(sessionId: string, code: string, size: number): Promise<AsyncIterable<Uint8Array>>;
  /** Takes a session back; `too-late` once somebody has signed or refused. */
  cancel(sessionId: string): Promise<'cancelled' | 'too-late'>;
}
