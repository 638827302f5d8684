import { posix } from 'node:path';
import { annexContent } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { ANNEXES, ITEM, itemFiles, MANIFEST } from '../../src/formats/item-files.js';
import { draftsOf, type Place } from './place.js';
import { makeFolder, makeFolders, removeEmptyFolder, removeTree, writeFile } from './remote-files.js';
import type { Session } from './session.js';
import { reasonOf } from './sftp-failure.js';

/** Writes the item as files into `draft`, a new folder beside which older drafts of the same key then go. Throws Refused for
 * an annex whose bytes are gone or damaged. */
export async function writeDraft(session: Session, draft: string, place: Place, submission: Submission, context: ConnectorContext): Promise<void> {
  await makeFolders(session, place.parent);
  await makeFolders(session, place.drafts);
  const older = await draftsOf(session, place);
  await makeFolder(session, draft);
  await writeItem(session, draft, submission, context);
  // Not before: until the rename, at least one draft must stand to prove absence.
  for (const one of older) await removeTree(session, one);
}

async function writeItem(session: Session, folder: string, submission: Submission, context: ConnectorContext): Promise<void> {
  const { item, manifest, annexes } = itemFiles(submission, context.clock.now());
  await writeFile(session, posix.join(folder, ITEM), [item]);
  if (annexes.length > 0) await makeFolder(session, posix.join(folder, ANNEXES));
  for (const { annex, path } of annexes) await writeFile(session, posix.join(folder, path), annexContent(annex, context));
  await writeFile(session, posix.join(folder, MANIFEST), [manifest]);
}

/** Tidies up; what stays behind is hidden and removed by the next attempt. */
export async function removeDraft(session: Session, draft: string, { drafts }: Place, { logger }: ConnectorContext): Promise<void> {
  try {
    await removeTree(session, draft);
    await removeEmptyFolder(session, drafts);
  } catch (error) {
    logger.info('A draft folder of an SFTP server could not be removed', { reason: reasonOf(error) });
  }
}
