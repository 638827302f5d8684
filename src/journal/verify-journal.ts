import type { JournalEntry } from '../domain/journal-entry.js';
import { chainHash, GENESIS } from './chain.js';
import { merkleRoot } from './merkle.js';
import { sealHash, type StampedSeal } from './seal.js';

/** Where a journal comes from: the store, or an export. Both in order. */
export interface JournalSource {
  entries(): AsyncIterable<JournalEntry>;
  seals(): AsyncIterable<StampedSeal>;
}

export interface JournalCheck {
  readonly entries: number;
  readonly lastHash: string;
  readonly seals: number;
  /** Sequence of the last entry that a seal covers. */
  readonly sealedTo: number;
  /** Number of the last seal whose token was verified; 0: none. */
  readonly stampedTo: number;
  /** What is wrong, in plain words, the first thing found; null: nothing. */
  readonly problem: string | null;
}

/** Says why a token does not prove its seal, null if it does. */
export type TokenCheck = (seal: StampedSeal, token: string) => Promise<string | null>;

/** Recomputes the chain from the first entry, every seal over it, and the tokens. Without `checkToken` tokens are not looked
 * at. Entries cut off after the last seal leave no trace: compare `entries` and `lastHash` with what was noted elsewhere. */
export async function verifyJournal(source: JournalSource, checkToken?: TokenCheck): Promise<JournalCheck> {
  const seals = source.seals()[Symbol.asyncIterator]();
  let open = await nextOf(seals);
  let lastSeal: StampedSeal | null = null;
  let hashes: string[] = [];
  const state = { entries: 0, lastHash: GENESIS, seals: 0, sealedTo: 0, stampedTo: 0 };
  const broken = (problem: string): JournalCheck => ({ ...state, problem });

  for await (const entry of source.entries()) {
    if (entry.sequence !== state.entries + 1) return broken(`entry ${state.entries + 1} is missing: ${entry.sequence} follows`);
    if (entry.hash !== chainHash(state.lastHash, entry)) return broken(`entry ${entry.sequence} does not follow from the one before it`);
    state.entries = entry.sequence;
    state.lastHash = entry.hash;
    if (open === null) continue;
    hashes.push(entry.hash);
    if (entry.sequence < open.to) continue;
    const problem = sealProblem(open, lastSeal, hashes) ?? await tokenProblem(open, checkToken);
    if (problem !== null) return broken(problem);
    state.seals = open.number;
    state.sealedTo = open.to;
    if (open.token !== null && checkToken !== undefined) state.stampedTo = open.number;
    [lastSeal, hashes] = [open, []];
    open = await nextOf(seals);
  }
  return open === null ? { ...state, problem: null } : broken(`seal ${open.number} covers entries up to ${open.to}, but the journal ends with ${state.entries}`);
}

function sealProblem(seal: StampedSeal, last: StampedSeal | null, hashes: readonly string[]): string | null {
  if (seal.number !== (last?.number ?? 0) + 1) return `seal ${(last?.number ?? 0) + 1} is missing`;
  if (seal.from !== (last?.to ?? 0) + 1) return `seal ${seal.number} does not begin where the one before it ends`;
  if (seal.previous !== (last === null ? GENESIS : sealHash(last))) return `seal ${seal.number} does not follow from the one before it`;
  return seal.root === merkleRoot(hashes) ? null : `seal ${seal.number} does not fit the entries ${seal.from} to ${seal.to}`;
}

async function tokenProblem(seal: StampedSeal, checkToken: TokenCheck | undefined): Promise<string | null> {
  if (seal.token === null || checkToken === undefined) return null;
  const problem = await checkToken(seal, seal.token);
  return problem === null ? null : `the time stamp of seal ${seal.number} proves nothing: ${problem}`;
}

async function nextOf(seals: AsyncIterator<StampedSeal>): Promise<StampedSeal | null> {
  const next = await seals.next();
  return next.done === true ? null : next.value;
}
