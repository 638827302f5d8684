import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Digests } from './check-cms.js';
import type { DigestName } from './digest-algorithms.js';

/** A document that is read from its start as often as it takes; never whole in memory. `size` in bytes. */
export interface ReadableDocument {
  readonly open: () => Readable;
  readonly size: number;
}

/** Bytes from `start` up to, and without, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What is to be digested: these spans one after the other, with each of these digests. */
export interface DigestOrder {
  readonly spans: readonly Span[];
  readonly names: readonly (DigestName)[];
}

/** The chunks of a document with the place of each. */
export async function* chunksOf({ open }: Pick<ReadableDocument, 'open'>): AsyncGenerator<{ readonly at: number; readonly bytes: Buffer }> {
  let at = 0;
  for await (const chunk of open()) {
    const bytes = chunk as Buffer;
    yield { at, bytes };
    at += bytes.length;
  }
}

/** The bytes of one span, or as many of them as there are. Whoever asks sees to it that it is small. */
export async function bytesOf(document: Pick<ReadableDocument, 'open'>, { start, end }: Span): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const { at, bytes } of chunksOf(document)) {
    if (at >= end) break;
    const part = bytes.subarray(Math.max(start - at, 0), Math.max(end - at, 0));
    if (part.length > 0) parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Carries out every order in one reading of the document. */
export async function digestSpans(document: Pick<ReadableDocument, 'open'>, orders: readonly DigestOrder[]): Promise<Digests[]> {
  const working = orders.map(({ spans, names }) => ({ spans, hashes: names.map((name) => ({ name, hash: createHash(name) })) }));
  for await (const { at, bytes } of chunksOf(document)) {
    for (const { spans, hashes } of working) {
      for (const { start, end } of spans) {
        const part = bytes.subarray(Math.max(start - at, 0), Math.max(end - at, 0));
        if (part.length > 0) hashes.forEach(({ hash }) => hash.update(part));
      }
    }
  }
  return working.map(({ hashes }) => new Map(hashes.map(({ name, hash }) => [name, hash.digest()])));
}
