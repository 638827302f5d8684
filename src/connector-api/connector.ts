import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Item } from '../domain/item.js';

/** How the remote recognises a repeat: by a key that we choose, by what the item carries, or not at all. */
export type Idempotence = 'client-key' | 'natural-key' | 'none';

export interface Manifest {
  readonly id: string;
  readonly title: { readonly fr: string; readonly en: string };
  /** Item kinds it can take. */
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
  readonly signal: AbortSignal;
  readonly blobs: { read(sha256: string): Readable };
  /** Await it just before the call that cannot be taken back. */
  markSent(): Promise<void>;
}

/** A system on the other side. The engine decides on retries; a connector only reports, by its errors, what happened:
 * NotSent, Refused, OutcomeUnknown or Misconfigured. `http`, `track` and `cancel` join with the full engine. */
export interface Connector<Settings = unknown> {
  readonly manifest: Manifest;
  readonly settings: z.ZodType<Settings>;
  /** Proves that the settings work. Throws Misconfigured. */
  check(settings: Settings, context: ConnectorContext): Promise<void>;
  submit(submission: Submission, settings: Settings, context: ConnectorContext): Promise<Receipt>;
  probe(key: string, settings: Settings, context: ConnectorContext): Promise<Probe>;
}
