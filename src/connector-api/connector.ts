import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Item } from '../domain/item.js';

/** How the remote recognises a repeat: by a key that we choose, by what the item carries, or not at all. */
export type Idempotence = 'client-key' | 'natural-key' | 'none';

export interface Manifest {
  readonly id: string;
  readonly title: { readonly fr: string; readonly en: string };
  /** Item kinds it can take; `*` is any. */
  readonly kinds: readonly string[];
  readonly operations: Readonly<Record<string, { readonly idempotence: Idempotence }>>;
}

/** What a connector is given for one delivery. `key` is stable over all attempts. */
export interface Submission {
  readonly key: string;
  readonly operation: string;
  readonly item: Item;
}

export interface Receipt {
  /** The remote's name for what it took. */
  readonly reference: string;
  /** `done`: nothing more is awaited. `sent`: an answer is awaited, `track` asks for it. */
  readonly state: 'done' | 'sent';
}

export type Probe = { readonly found: Receipt } | 'absent' | 'unknown';

export interface ConnectorLogger {
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** All that a connector may use of Relais. */
export interface ConnectorContext {
  readonly logger: ConnectorLogger;
  readonly clock: { now(): number };
  /** Aborts when the attempt must end: Relais stops, another node took over, or it took too long. */
  readonly signal: AbortSignal;
  /** Bytes of the item's annexes. A missing one throws, or fails its stream with, an error of code RELAIS_BLOB_MISSING. */
  readonly blobs: { read(sha256: string): Readable };
  /** Await it just before the call that cannot be taken back; it rejects when that call must not be made. */
  markSent(): Promise<void>;
}

/** A system on the other side. The engine decides on retries; a connector only reports, by its errors, what happened:
 * NotSent, Refused, OutcomeUnknown or Misconfigured (failures.ts). Any other error after the mark counts as
 * OutcomeUnknown, before it as NotSent. `http`, `track` and `cancel` join with the full engine. */
export interface Connector<Settings = unknown> {
  readonly manifest: Manifest;
  readonly settings: z.ZodType<Settings>;
  /** Proves that the settings work. Throws Misconfigured. */
  check(settings: Settings, context: ConnectorContext): Promise<void>;
  /** Hands the item over. The same key again must not make a second one where `idempotence` promises so. */
  submit(submission: Submission, settings: Settings, context: ConnectorContext): Promise<Receipt>;
  /** Asks whether a submission that was marked arrived. It is handed over whole, because a remote with a natural key is
   * asked by what the item carries. `absent` must be proved: it leads to a resend. */
  probe(submission: Submission, settings: Settings, context: ConnectorContext): Promise<Probe>;
}
