import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import type { Annex } from '../../src/domain/item.js';
import { codeOf } from './file-failure.js';
import { annexPath, ANNEXES, ITEM, itemDocument, MANIFEST, type ItemManifest, type ListedFile } from './mapping.js';

/** Writes item.json, the annexes and the manifest into `folder`, which is new and empty. When it resolves, all of it
 * survives a power loss. Throws Refused for an annex whose bytes are gone or damaged. */
export async function writeItem(folder: string, submission: Submission, context: ConnectorContext): Promise<void> {
  const { item, key } = submission;
  const files: ListedFile[] = [await writeJson(folder, ITEM, itemDocument(item))];
  if (item.annexes.length > 0) await mkdir(path.join(folder, ANNEXES));
  for (const [index, annex] of item.annexes.entries()) {
    files.push(await copyAnnex(folder, annex, annexPath(annex, index), context));
  }
  const manifest: ItemManifest = { format: 'relais-folder-1', key, writtenAt: new Date(context.clock.now()).toISOString(), files };
  await writeJson(folder, MANIFEST, manifest);
  if (item.annexes.length > 0) await syncFolder(path.join(folder, ANNEXES));
  await syncFolder(folder);
}

/** Makes what was created or renamed in a folder survive a power loss. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeJson(folder: string, name: string, content: unknown): Promise<ListedFile> {
  const bytes = Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
  await writeFile(path.join(folder, name), bytes, { flag: 'wx', flush: true });
  return { path: name, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function copyAnnex(folder: string, annex: Annex, name: string, context: ConnectorContext): Promise<ListedFile> {
  const hash = createHash('sha256');
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  try {
    await pipeline(context.blobs.read(annex.sha256), measure, createWriteStream(path.join(folder, name), { flags: 'wx', flush: true }), { signal: context.signal });
  } catch (error) {
    if (codeOf(error) === 'RELAIS_BLOB_MISSING') throw new Refused(`The bytes of annex «${annex.filename}» are gone. Restore them from the backup, then retry.`, { cause: error });
    throw error;
  }
  const sha256 = hash.digest('hex');
  if (sha256 !== annex.sha256 || size !== annex.size) {
    throw new Refused(`Annex «${annex.filename}» is not what was received (${size} bytes instead of ${annex.size}, or another content). Restore it from the backup, then retry.`);
  }
  return { path: name, size, sha256 };
}
