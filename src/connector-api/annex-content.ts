import { createHash } from 'node:crypto';
import { pipeline, Transform, type Readable } from 'node:stream';
import type { Annex } from '../domain/item.js';
import type { ConnectorContext } from './connector.js';
import { Refused } from './failures.js';

/** The bytes of an annex, checked on the way: the stream fails with Refused, before the last of them is out, when they are
 * gone or not what was received, so that the other side never gets a whole file that is wrong. Stops with the signal. */
export function annexContent(annex: Annex, { blobs, signal }: Pick<ConnectorContext, 'blobs' | 'signal'>): Readable {
  const checked = checking(annex);
  // Whoever reads it is told; until somebody does, an error must not end the process.
  checked.on('error', () => undefined);
  const stop = () => void checked.destroy(abortError(signal));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  checked.once('close', () => signal.removeEventListener('abort', stop));
  let source: Readable;
  try {
    source = blobs.read(annex.sha256);
  } catch (error) {
    checked.destroy(failureOf(annex, error));
    return checked;
  }
  source.once('error', (error) => checked.destroy(failureOf(annex, error)));
  pipeline(source, checked, () => undefined);
  return checked;
}

/** Reads an annex to its end, for nothing but the proof that it can be: one that is gone or damaged must not become half a request.
 * Throws Refused, as `annexContent`; await it before the mark. */
export async function proveAnnex(annex: Annex, context: Pick<ConnectorContext, 'blobs' | 'signal'>): Promise<void> {
  const reading = annexContent(annex, context)[Symbol.asyncIterator]();
  while ((await reading.next()).done !== true) continue;
}

/** Passes bytes on, one chunk behind, until they are known to be those of the annex. */
function checking(annex: Annex): Transform {
  const hash = createHash('sha256');
  let size = 0;
  let held: Buffer | undefined;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      const ready = held;
      held = chunk;
      if (size > annex.size) done(damaged(annex));
      else done(null, ready);
    },
    flush(done) {
      if (size !== annex.size || hash.digest('hex') !== annex.sha256) done(damaged(annex));
      else done(null, held);
    },
  });
}

function damaged({ filename }: Annex): Refused {
  return new Refused(`Annex «${filename}» is not what was received: its size or content has changed. Restore it from the backup, then retry.`);
}

function failureOf({ filename }: Annex, error: unknown): Error {
  if (error instanceof Error && 'code' in error && error.code === 'RELAIS_BLOB_MISSING') {
    return new Refused(`The bytes of annex «${filename}» are gone. Restore them from the backup, then retry.`, { cause: error });
  }
  return error instanceof Error ? error : new Error('the bytes could not be read', { cause: error });
}

function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('stopped', { cause: signal.reason });
}
