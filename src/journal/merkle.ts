import { createHash } from 'node:crypto';

/** Merkle trees as RFC 6962 §2.1 has them: leaves and nodes are hashed with different prefixes, so that neither passes for
 * the other. Hashes are hexadecimal SHA-256. */
export interface InclusionProof {
  /** Position of the leaf, from 0. */
  readonly index: number;
  /** Number of leaves in the tree. */
  readonly size: number;
  /** Hashes of the neighbours, from the leaf upwards. */
  readonly path: readonly string[];
}

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** Root over the entry hashes, in their order. Of nothing: the hash of nothing. */
export function merkleRoot(entryHashes: readonly string[]): string {
  return rootOf(entryHashes.map(leafHash)).toString('hex');
}

/** How to come from the entry at `index` to the root. Throws RangeError for an index outside of the tree. */
export function inclusionProof(entryHashes: readonly string[], index: number): InclusionProof {
  if (!Number.isInteger(index) || index < 0 || index >= entryHashes.length) throw new RangeError(`no leaf ${index} among ${entryHashes.length}`);
  return { index, size: entryHashes.length, path: pathOf(entryHashes.map(leafHash), index).map((hash) => hash.toString('hex')) };
}

/** The root that an entry and its proof lead to; null when the proof cannot be one of a tree of that size (RFC 9162
 * §2.1.3.2). Compare it with the root of the seal. */
export function rootFromProof(entryHash: string, { index, size, path }: InclusionProof): string | null {
  if (index < 0 || index >= size) return null;
  let hash = leafHash(entryHash);
  let position = index;
  let last = size - 1;
  for (const step of path) {
    if (last === 0) return null;
    const neighbour = Buffer.from(step, 'hex');
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(neighbour, hash);
      while (position % 2 === 0 && position !== 0) { position >>= 1; last >>= 1; }
    } else {
      hash = nodeHash(hash, neighbour);
    }
    position >>= 1;
    last >>= 1;
  }
  return last === 0 ? hash.toString('hex') : null;
}

function leafHash(entryHash: string): Buffer {
  return createHash('sha256').update(LEAF).update(entryHash, 'hex').digest();
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return createHash('sha256').digest();
  if (leaves.length === 1) return only;
  const split = largestPowerBelow(leaves.length);
  return nodeHash(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

function pathOf(leaves: readonly Buffer[], index: number): Buffer[] {
  if (leaves.length <= 1) return [];
  const split = largestPowerBelow(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split ? [...pathOf(left, index), rootOf(right)] : [...pathOf(right, index - split), rootOf(left)];
}

/** The largest power of two that is smaller than `count` (at least 2). */
function largestPowerBelow(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}
