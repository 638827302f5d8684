import type { DocumentLimits } from '../xml/limits.js';

/** Bounds on one request. Sizes are bytes after decompression, times milliseconds. */
export interface SoapLimits extends DocumentLimits {
  readonly requestBytes: number;
  /** Text of one value. Base64 values go to the blob store and do not count. */
  readonly textBytes: number;
  /** A body that makes no progress for this long is given up. */
  readonly idleMs: number;
  /** The longest that a whole body may take. Generous by default: a big annex over a slow line is legitimate. */
  readonly requestMs?: number;
}

/** All values of a request together may hold so many times `textBytes`: they are in memory at once. */
export const TEXT_FACTOR = 4;

/** Files that one request may bring: each costs flushes of the disk. */
export const FILES = 1000;

/** A body must bring this much in each `idleMs`, or end: less is a drip that only holds a connection. */
export const PROGRESS_BYTES = 1024;

export const REQUEST_MS = 3_600_000;
