import fs from 'node:fs';
import path from 'node:path';
import type { Context } from 'mocha';

/** A file of other programs that is not part of the repository: where it is not here, the test is left out and its title says so. */
export function sharedSample(name: string, test: Context): Buffer {
  const file = path.resolve(process.env.RELAIS_SAMPLES ?? '../shared/data', name);
  if (!fs.existsSync(file)) {
    test.test!.title += ' (the sample is not here)';
    test.skip();
  }
  return fs.readFileSync(file);
}

/** Bytes as they come over a network, in pieces of any size. */
export async function* inPieces(bytes: Buffer, size = 1000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** A file of `fixtures/`. */
export function fixture(name: string): Buffer {
  return fs.readFileSync(path.resolve(import.meta.dirname, '../../fixtures', name));
}
