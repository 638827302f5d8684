import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ConnectorContext } from '../connector-api/connector.js';
import type { SampleAnnex } from './sample-item.js';

export interface KeptFiles {
  /** What the connector sees. */
  readonly blobs: ConnectorContext['blobs'];
  put(annex: SampleAnnex): void;
  /** From now on every file is gone; the store says so at once, or only when it is read. */
  lose(when: 'at once' | 'on reading'): void;
  /** Hashes of what the connector kept. */
  kept(): readonly string[];
}

/** Of what a connector keeps, files up to so many bytes can be read again. */
const READABLE_BYTES = 1024 * 1024;

/** The files of Relais as a connector sees them; what it keeps is measured and, where it is large, thrown away. */
export function keptFiles(): KeptFiles {
  const contents = new Map<string, () => Readable>();
  const kept: string[] = [];
  let lost: 'at once' | 'on reading' | undefined;

  function read(sha256: string): Readable {
    const content = contents.get(sha256);
    if (content !== undefined && lost === undefined) return content();
    const missing = Object.assign(new Error(`there is no file ${sha256}`), { code: 'RELAIS_BLOB_MISSING' });
    if (lost === 'on reading') return new Readable({ read() { this.destroy(missing); } });
    throw missing;
  }

  return {
    put: (sample) => { contents.set(sample.annex.sha256, () => sample.content()); },
    lose: (when) => { lost = when; },
    kept: () => kept,
    blobs: {
      read,
      async keep(content) {
        const hash = createHash('sha256');
        const chunks: Uint8Array[] = [];
        let size = 0;
        for await (const chunk of content) {
          hash.update(chunk);
          size += chunk.length;
          if (size <= READABLE_BYTES) chunks.push(chunk);
          else chunks.length = 0;
        }
        const sha256 = hash.digest('hex');
        kept.push(sha256);
        if (size <= READABLE_BYTES) contents.set(sha256, () => Readable.from(chunks));
        return { sha256, size };
      },
    },
  };
}
