import type { DeliveryState } from '../domain/delivery.js';

/** How an item of ours stands with the system behind its meeting config. */
export interface Forwarding {
  /** Our uid. */
  readonly uid: string;
  /** Connector that it is, or was, forwarded by. */
  readonly connector: string;
  /** Uid over there; null: it is not there, as far as is known. */
  readonly upstream: string | null;
  /** State of the delivery that forwards it. */
  readonly state: DeliveryState;
  /** Since when, epoch milliseconds. */
  readonly since: number;
  /** Plain words, where it waits or is parked, with what to do about it. */
  readonly reason: string | null;
  readonly fix: string | null;
}

/** An identifier of a caller and the item that it stands for over there, from before Relais stood between them. */
export interface KnownLink {
  readonly externalIdentifier: string;
  readonly configId: string;
  readonly connector: string;
  /** Uid over there; null: only that there is one is known. */
  readonly upstream: string | null;
}

/** Which of ours is which of theirs. Every call names the authority. */
export interface LinkStore {
  /** By our uid; items that are not forwarded at all are absent. */
  ofItems(authority: string, uids: readonly string[]): Promise<ReadonlyMap<string, Forwarding>>;
  /** By their uid; those that we do not have are absent. */
  ofUpstream(authority: string, connector: string, upstream: readonly string[]): Promise<ReadonlyMap<string, Forwarding>>;
  /** Imported links with that identifier; `configId` null: of any config. */
  known(authority: string, externalIdentifier: string, configId: string | null): Promise<readonly KnownLink[]>;
  /** All or nothing, in one journalled transaction; importing the same again changes nothing. A link that names another uid for the
   * same identifier and config than the one kept is kept beside it: identifiers are not unique. */
  importLinks(authority: string, links: readonly KnownLink[], actor: string): Promise<{ readonly added: number; readonly known: number }>;
  /** Number of imported links by connector, for operators. */
  countLinks(authority: string): Promise<ReadonlyMap<string, number>>;
}

/** What was read over there, kept for when it is away. Values are plain JSON; `at` is epoch milliseconds. */
export interface CopyStore {
  read(authority: string, connector: string, kind: CopyKind, key: string): Promise<{ readonly value: unknown; readonly at: number } | null>;
  /** In place of the one before. */
  write(authority: string, connector: string, kind: CopyKind, key: string, value: unknown, at: number): Promise<void>;
  /** Drops copies of a kind that are older than `before`, and the oldest beyond `atMost`. */
  tidy(authority: string, connector: string, kind: CopyKind, limits: { readonly before: number; readonly atMost: number }): Promise<void>;
}

/** What is copied: what a system is made of, a person, or an answer about items. */
export type CopyKind = 'directory' | 'user' | 'item';
