import { createWriteStream } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { annexContent } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { ANNEXES, ITEM, itemFiles, MANIFEST } from '../../src/formats/item-files.js';

/** Writes item.json, the annexes and the manifest into `folder`, which is new and empty. When it resolves, all of it
 * survives a power loss. Throws Refused for an annex whose bytes are gone or damaged. */
export async function writeItem(folder: string, submission: Submission, context: ConnectorContext): Promise<void> {
  const { item, manifest, annexes } = itemFiles(submission, context.clock.now());
  await writeFile(path.join(folder, ITEM), item, { flag: 'wx', flush: true });
  if (annexes.length > 0) await mkdir(path.join(folder, ANNEXES));
  for (const { annex, path: name } of annexes) {
    await pipeline(annexContent(annex, context), createWriteStream(path.join(folder, name), { flags: 'wx', flush: true }), { signal: context.signal });
  }
  await writeFile(path.join(folder, MANIFEST), manifest, { flag: 'wx', flush: true });
  if (annexes.length > 0) await syncFolder(path.join(folder, ANNEXES));
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
