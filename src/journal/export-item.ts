import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Item } from '../domain/item.js';
import type { JournalEntry } from '../domain/journal-entry.js';
import type { Delivery } from '../domain/delivery.js';
import { canonicalLine, chainHash, GENESIS } from './chain.js';
import { EXPORT_README } from './export-readme.js';
import { inclusionProof } from './merkle.js';
import { sealText, type StampedSeal } from './seal.js';
import type { JournalStore } from './store.js';
import { VERIFICATION_SCRIPT } from './verification-script.js';

/** A file of an export. `content` is read once. */
export interface ExportFile {
  readonly name: string;
  readonly size: number;
  readonly content: string | Buffer | Readable;
}

export interface ItemToExport {
  readonly item: Item;
  readonly deliveries: readonly Delivery[];
}

export interface ExportParts {
  readonly store: JournalStore;
  readonly read: (sha256: string) => Readable;
  /** PEM of what the time-stamp authority is verified against; null: there is none. */
  readonly timeStampCa: string | null;
}

const SEAL_PAGE = 500;

/** Everything that proves what happened to one item, as the files of an archive (docs/journal.md): its journal entries
 * with their proofs, the seals with their tokens, its metadata, its deliveries, its files by hash, and the script that
 * verifies all of it. The texts of the item are not in it. Seal the journal before, or the newest entries stand there
 * without a seal. */
export async function* exportItem({ item, deliveries }: ItemToExport, parts: ExportParts): AsyncGenerator<ExportFile> {
  const { store, read, timeStampCa } = parts;
  const sums: string[] = [];
  const listed = (name: string, text: string | Buffer): ExportFile => {
    const content = Buffer.from(text);
    sums.push(`${createHash('sha256').update(content).digest('hex')}  ${name}`);
    return { name, size: content.length, content };
  };
  const entries = await store.entriesOf(item.authority, item.uid);
  const seals = await sealsFor(store, item.authority, entries);
  yield listed('README.txt', EXPORT_README);
  yield listed('verify.sh', VERIFICATION_SCRIPT);
  yield listed('item.json', `${JSON.stringify(metadataOf(item), null, 2)}\n`);
  yield listed('deliveries.json', `${JSON.stringify(deliveries, null, 2)}\n`);
  yield listed('proofs.txt', await proofLines(store, entries, seals));
  for (const entry of entries) yield listed(`entries/${entry.sequence}.json`, canonicalLine(entry));
  for (const seal of seals) {
    yield listed(`seals/${numberOf(seal)}.json`, sealText(seal));
    if (seal.token !== null) yield listed(`seals/${numberOf(seal)}.tst`, Buffer.from(seal.token, 'base64'));
  }
  if (timeStampCa !== null) yield listed('tsa-ca.pem', timeStampCa);
  for (const { sha256, size, id } of uniqueByHash(item)) {
    const name = `files/${sha256}-${id}`;
    sums.push(`${sha256}  ${name}`);
    yield { name, size, content: read(sha256) };
  }
  const list = `${sums.join('\n')}\n`;
  yield { name: 'SHA256SUMS', size: Buffer.byteLength(list), content: list };
}

/** Seals from the first that covers an entry of the item to the last one: each names the one before, so that a token on a
 * later seal proves the earlier ones, too. */
async function sealsFor(store: JournalStore, authority: string, entries: readonly JournalEntry[]): Promise<StampedSeal[]> {
  const first = entries[0]?.sequence;
  if (first === undefined) return [];
  const found: StampedSeal[] = [];
  for (let after = 0; ;) {
    const page = await store.seals(authority, after, SEAL_PAGE);
    found.push(...page.filter((seal) => seal.to >= first));
    const last = page.at(-1);
    if (last === undefined) return found;
    after = last.number;
  }
}

/** One line an entry: sequence, previous hash, hash, seal, index, size, path; `-` where it is not sealed, or alone. */
async function proofLines(store: JournalStore, entries: readonly JournalEntry[], seals: readonly StampedSeal[]): Promise<string> {
  const lines: string[] = [];
  let sealed: { readonly seal: StampedSeal; readonly hashes: readonly string[] } | undefined;
  for (const entry of entries) {
    const previous = await previousHash(store, entry);
    if (chainHash(previous, entry) !== entry.hash) throw new RangeError(`entry ${entry.sequence} does not follow from the one before it`);
    const seal = seals.find(({ from, to }) => from <= entry.sequence && entry.sequence <= to);
    if (seal === undefined) { lines.push([entry.sequence, previous, entry.hash, '-', '-', '-', '-'].join(' ')); continue; }
    if (sealed?.seal !== seal) sealed = { seal, hashes: await store.hashes(entry.authority, seal.from, seal.to) };
    const { index, size, path } = inclusionProof(sealed.hashes, entry.sequence - seal.from);
    lines.push([entry.sequence, previous, entry.hash, numberOf(seal), index, size, path.length === 0 ? '-' : path.join(',')].join(' '));
  }
  return lines.map((line) => `${line}\n`).join('');
}

async function previousHash(store: JournalStore, { authority, sequence }: JournalEntry): Promise<string> {
  if (sequence === 1) return GENESIS;
  const [hash] = await store.hashes(authority, sequence - 1, sequence - 1);
  if (hash === undefined) throw new RangeError(`entry ${sequence - 1} is missing`);
  return hash;
}

function metadataOf(item: Item): Record<string, unknown> {
  const { uid, authority, kind, source, configId, id, creator, createdAt, modifiedAt, reviewState, title, externalIdentifier } = item;
  const annexes = item.annexes.map(({ uid: annexUid, title: annexTitle, filename, mediaType, size, sha256, role }) => (
    { uid: annexUid, title: annexTitle, filename, mediaType, size, sha256, ...(role === undefined ? {} : { role }) }));
  return { uid, authority, kind, source, meetingConfig: configId, id, creator, createdAt, modifiedAt, reviewState, title, externalIdentifier, annexes };
}

function uniqueByHash(item: Item): Item['annexes'] {
  return [...new Map(item.annexes.map((annex) => [annex.sha256, annex])).values()];
}

/** So that names sort as numbers do. */
function numberOf({ number }: StampedSeal): string {
  return String(number).padStart(8, '0');
}
