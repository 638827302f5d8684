import { randomUUID } from 'node:crypto';
import { annexContent } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { ANNEXES, ITEM, itemFiles, MANIFEST } from '../../src/formats/item-files.js';
import type { Path, WebdavClient } from './client.js';
import type { Place } from './place.js';

/** Writes the item into a draft of its own, which becomes the one that is ready. Nothing of it is seen as an item yet. What it
 * could not finish stays there until the delivery is done; the draft of an earlier attempt is replaced by a whole one only. */
export async function writeDraft(place: Place, submission: Submission, client: WebdavClient, context: ConnectorContext): Promise<void> {
  const draft = [...place.drafts, randomUUID()];
  await makeFolders(draft, client);
  await makeFolders(place.target.slice(0, -1), client);
  await writeFiles(draft, submission, client, context);
  await client.move(draft, place.ready, true);
}

async function writeFiles(draft: Path, submission: Submission, client: WebdavClient, context: ConnectorContext): Promise<void> {
  const { item, manifest, annexes } = itemFiles(submission, context.clock.now());
  if (annexes.length > 0) await client.makeFolder([...draft, ANNEXES]);
  await client.put([...draft, ITEM], item, item.length);
  for (const { annex, path } of annexes) await client.put([...draft, ...path.split('/')], annexContent(annex, context), annex.size);
  await client.put([...draft, MANIFEST], manifest, manifest.length);
}

async function makeFolders(path: Path, client: WebdavClient): Promise<void> {
  for (const depth of path.keys()) await client.makeFolder(path.slice(0, depth + 1));
}
