import { once } from 'node:events';
import { Readable, type Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import type { ExportFile } from './export-item.js';

/** Writes files as a gzipped tar archive; streams stay streams. Ends `output`. */
export async function writeArchive(files: AsyncIterable<ExportFile>, output: Writable, at: Date): Promise<void> {
  const archive = pack();
  const gzip = createGzip();
  const written = pipeline(Readable.from(archive), gzip, output);
  const added = addAll(archive, files, at);
  // a failing output ends the packing, which waits for room that never comes
  await Promise.all([written, added]).catch((error: unknown) => {
    archive.destroy();
    throw error;
  });
}

async function addAll(archive: ReturnType<typeof pack>, files: AsyncIterable<ExportFile>, at: Date): Promise<void> {
  for await (const { name, size, content } of files) {
    const entry = archive.entry({ name, size, mtime: at, mode: name.endsWith('.sh') ? 0o755 : 0o644 });
    for await (const chunk of Readable.from(typeof content === 'string' ? [Buffer.from(content)] : Buffer.isBuffer(content) ? [content] : content)) {
      if (!entry.write(chunk as Buffer)) await once(entry, 'drain');
    }
    entry.end();
    await finished(entry);
  }
  archive.finalize();
}
