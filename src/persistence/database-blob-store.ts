import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { DataSource, EntityManager } from 'typeorm';
import type { BlobWriter, StagedBlob, Sweep, SweptBlobStore } from '../blobs/blob-store.js';
import { RelaisError } from '../errors.js';
import { CHUNK_BYTES, createChunkWriter } from './chunk-writer.js';
import { NOW } from './engine.js';

/** Bytes of one blob as they wait for their place: written under a name of their own, or, if they are few, in memory. */
export type StagedChunks = { readonly id: string } | { readonly chunk: Buffer };

/** Small blobs wait in memory, and are written once, as long as all of them together are not more. */
const HELD_BYTES = 8 * 1024 * 1024;
/** No caller takes so long to send a file: what began before was cut off by a crash. */
const CUT_OFF_MS = 24 * 3_600_000;
const SWEEP_PAGE = 500;

const BEGIN = `INSERT INTO blob_incoming (id, begun_at) VALUES (?, ${NOW})`;
const ADD_CHUNK = 'INSERT INTO blob_chunk (id, position, bytes) VALUES (?, ?, ?)';
const DROP_CHUNKS = 'DELETE FROM blob_chunk WHERE id = ?';
const ARRIVED = 'DELETE FROM blob_incoming WHERE id = ?';
/** One that is there already keeps its bytes and gets a fresh date, which keeps the sweep away. */
const KEEP = `INSERT INTO blob (authority, sha256, id, size, kept_at) VALUES (?, ?, ?, ?, ${NOW})
  ON CONFLICT (authority, sha256) DO UPDATE SET kept_at = excluded.kept_at RETURNING id`;
const FIND = 'SELECT id, size FROM blob WHERE authority = ? AND sha256 = ?';
const CHUNK = 'SELECT bytes FROM blob_chunk WHERE id = ? AND position = ?';
const OLD = `SELECT sha256 FROM blob WHERE authority = ? AND sha256 > ? AND kept_at <= ${NOW} - ? ORDER BY sha256 LIMIT ?`;
/** Not if somebody kept it again meanwhile. */
const REMOVE = `DELETE FROM blob WHERE authority = ? AND sha256 = ? AND kept_at <= ${NOW} - ? RETURNING id, size`;
const CUT_OFF = `DELETE FROM blob_incoming WHERE begun_at <= ${NOW} - ? RETURNING id`;

/** Blobs of one authority in the database, in pieces of at most 256 KiB. They come and go on connections of their own, so
 * that nobody who waits for the store waits for a file. */
export function createDatabaseBlobStore(source: DataSource, authority: string): SweptBlobStore {
  const waiting = new WeakMap<StagedBlob, StagedChunks>();
  let heldBytes = 0;

  function mayHold(bytes: number): boolean {
    if (heldBytes + bytes > HELD_BYTES) return false;
    heldBytes += bytes;
    return true;
  }

  function forget(blob: StagedBlob): StagedChunks | undefined {
    const where = waiting.get(blob);
    if (where !== undefined && 'chunk' in where) heldBytes -= blob.size;
    waiting.delete(blob);
    return where;
  }

  function create(): BlobWriter {
    const id = randomUUID();
    return createChunkWriter({
      id,
      begin: () => source.query(BEGIN, [id]),
      addChunk: (position, bytes) => source.query(ADD_CHUNK, [id, position, bytes]),
      remove: () => dropIncoming(source.manager, id),
      mayHold,
      staged: (blob, where) => waiting.set(blob, where),
    });
  }

  return {
    create,
    async keep(blobs) {
      const arrived = blobs.flatMap((blob) => { const where = waiting.get(blob); return where === undefined ? [] : [{ blob, where }]; });
      // in one order, so that two who keep the same blobs do not block each other
      const ordered = arrived.toSorted((a, b) => (a.blob.sha256 < b.blob.sha256 ? -1 : 1));
      if (ordered.length === 0) return;
      await source.transaction(async (manager) => {
        for (const { blob, where } of ordered) await keepOne(manager, authority, blob, where);
      }).catch((error: unknown) => { throw unavailable('a file could not be kept in the database', error); });
      for (const blob of blobs) forget(blob);
    },
    async discard(blobs) {
      // what cannot be removed now is removed by a sweep
      await Promise.allSettled(blobs.map(async (blob) => {
        const where = forget(blob);
        if (where !== undefined && 'id' in where) await dropIncoming(source.manager, where.id);
      }));
    },
    read: (sha256) => Readable.from(contents(source, authority, sha256), { objectMode: false, highWaterMark: CHUNK_BYTES }),
    sweepOrphans: (isReferenced, olderThanMs) => sweepOrphans(source, { authority, isReferenced, olderThanMs }),
  };
}

async function keepOne(manager: EntityManager, authority: string, { sha256, size }: StagedBlob, where: StagedChunks): Promise<void> {
  const id = 'id' in where ? where.id : randomUUID();
  const [kept] = await manager.query<{ id: string }[]>(KEEP, [authority, sha256, id, size]);
  if ('id' in where) await (kept?.id === id ? manager.query(ARRIVED, [id]) : dropIncoming(manager, id));
  else if (kept?.id === id) await manager.query(ADD_CHUNK, [id, 0, where.chunk]);
}

async function dropIncoming(manager: EntityManager, id: string): Promise<void> {
  await manager.query(DROP_CHUNKS, [id]);
  await manager.query(ARRIVED, [id]);
}

async function* contents(source: DataSource, authority: string, sha256: string): AsyncGenerator<Buffer> {
  const ask = <Row>(sql: string, values: unknown[]): Promise<Row[]> => source.query<Row[]>(sql, values)
    .catch((error: unknown) => { throw unavailable(`blob ${sha256} cannot be read now`, error); });
  const [found] = await ask<{ id: string; size: number }>(FIND, [authority, sha256]);
  if (found === undefined) throw missing(sha256);
  for (let position = 0, sent = 0; sent < found.size; position += 1) {
    const [chunk] = await ask<{ bytes: Buffer }>(CHUNK, [found.id, position]);
    if (chunk === undefined) throw missing(sha256);
    sent += chunk.bytes.length;
    yield chunk.bytes;
  }
}

interface SweepOrder {
  readonly authority: string;
  readonly isReferenced: (sha256: string) => Promise<boolean>;
  readonly olderThanMs: number;
}

async function sweepOrphans(source: DataSource, { authority, isReferenced, olderThanMs }: SweepOrder): Promise<Sweep> {
  let removed = 0;
  let bytes = 0;
  for (let after = ''; ;) {
    const page = await source.query<{ sha256: string }[]>(OLD, [authority, after, olderThanMs, SWEEP_PAGE]);
    for (const { sha256 } of page) {
      if (await isReferenced(sha256)) continue;
      const size = await source.transaction((manager) => remove(manager, [authority, sha256, olderThanMs]));
      if (size === null) continue;
      removed += 1;
      bytes += size;
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.sha256;
  }
  for (const { id } of await source.query<{ id: string }[]>(CUT_OFF, [CUT_OFF_MS])) await source.query(DROP_CHUNKS, [id]);
  return { removed, bytes };
}

async function remove(manager: EntityManager, values: unknown[]): Promise<number | null> {
  const [gone] = await manager.query<{ id: string; size: number }[]>(REMOVE, values);
  if (gone === undefined) return null;
  await manager.query(DROP_CHUNKS, [gone.id]);
  return gone.size;
}

function missing(sha256: string): RelaisError {
  return new RelaisError('RELAIS_BLOB_MISSING', `blob ${sha256} cannot be read`);
}

function unavailable(message: string, cause: unknown): RelaisError {
  return new RelaisError('RELAIS_BLOB_UNAVAILABLE', message, { cause });
}
