import { expect } from 'chai';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { inclusionProof, merkleRoot, rootFromProof } from '../../../src/journal/merkle.js';

const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const hash = (n: number): string => sha256(Buffer.from(String(n))).toString('hex');
const hashes = (count: number): string[] => Array.from({ length: count }, (_, n) => hash(n));

describe('Merkle tree', () => {
  it('hashes leaves and nodes as RFC 6962 says', () => {
    const [a, b, c] = hashes(3).map((one) => sha256(Buffer.of(0), Buffer.from(one, 'hex')));
    const left = sha256(Buffer.of(1), a!, b!);
    expect(merkleRoot(hashes(3))).to.equal(sha256(Buffer.of(1), left, c!).toString('hex'));
    expect(merkleRoot([])).to.equal(sha256().toString('hex'));
  });

  it('every leaf of every tree leads to its root, and no other leaf does', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (size, pick) => {
      const leaves = hashes(size);
      const index = pick % size;
      const proof = inclusionProof(leaves, index);
      expect(rootFromProof(leaves[index]!, proof)).to.equal(merkleRoot(leaves));
      expect(rootFromProof(hash(-1), proof)).to.not.equal(merkleRoot(leaves));
    }), { numRuns: 200 });
  });

  it('a proof that was cut, lengthened or moved proves nothing', () => {
    const leaves = hashes(11);
    const proof = inclusionProof(leaves, 6);
    const root = merkleRoot(leaves);
    for (const wrong of [{ ...proof, path: proof.path.slice(1) }, { ...proof, path: [...proof.path, hash(0)] }, { ...proof, index: 5 }, { ...proof, index: 11 }, { ...proof, size: 4 }]) {
      expect(rootFromProof(leaves[6]!, wrong)).to.not.equal(root);
    }
  });
});
