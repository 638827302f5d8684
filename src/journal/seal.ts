import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.js';
import { GENESIS } from './chain.js';
import { merkleRoot } from './merkle.js';

/** A batch of entries of one authority, sealed by the root of their Merkle tree. Each seal names the one before, so that
 * a token on the last one covers them all. */
export interface Seal {
  readonly authority: string;
  /** From 1, without a gap. */
  readonly number: number;
  /** Sequence of the first and the last entry. */
  readonly from: number;
  readonly to: number;
  readonly root: string;
  /** Hash of the seal before; 64 zeros for the first. */
  readonly previous: string;
  /** When it was made, epoch milliseconds. */
  readonly at: number;
}

/** A seal with its time-stamp token (RFC 3161, DER in base64); null while there is none. */
export interface StampedSeal extends Seal {
  readonly token: string | null;
}

/** Entries in one seal at most: what a verification holds in memory at once. */
export const ENTRIES_PER_SEAL = 10_000;

/** The next seal over the hashes of the entries that follow the last sealed one. */
export function makeSeal(authority: string, last: Seal | null, entryHashes: readonly string[], at: number): Seal {
  const from = (last?.to ?? 0) + 1;
  return {
    authority, number: (last?.number ?? 0) + 1, from, to: from + entryHashes.length - 1,
    root: merkleRoot(entryHashes), previous: last === null ? GENESIS : sealHash(last), at,
  };
}

/** The text of a seal that is hashed and time-stamped: canonical JSON of exactly these members. */
export function sealText({ authority, number, from, to, root, previous, at }: Seal): string {
  return canonicalJson({ authority, number, from, to, root, previous, at });
}

/** SHA-256 of that text, hexadecimal. */
export function sealHash(seal: Seal): string {
  return createHash('sha256').update(sealText(seal)).digest('hex');
}
