import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Connector, ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { Misconfigured, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { folderSettings, type FolderSettings } from './config.js';
import { codeOf, fileFailure } from './file-failure.js';
import { draftsOf, placeOf, writerOf, type Place } from './place.js';
import { probeFiles, submitFiles } from './write-files.js';
import { syncFolder, writeItem } from './write-item.js';

/** Leaves each item as a folder `<path>/<authority>/<meeting config>/<item uid>`, or its files alone (layout `files`). What it writes is a draft under
 * `<path>/.drafts` and appears whole, by one rename. */
export const folder: Connector<FolderSettings> = {
  manifest: {
    id: 'folder',
    title: { fr: 'Dépôt dans un dossier', en: 'Deposit in a folder' },
    kinds: ['*'],
    operations: { deposit: { idempotence: 'client-key', anyField: true } },
  },
  settings: folderSettings,
  check,
  submit,
  probe,
};

async function check(settings: FolderSettings): Promise<void> {
  const root = path.resolve(settings.path);
  const file = path.join(root, `.check-${randomUUID()}`);
  try {
    await requireRoot(settings);
    await writeFile(file, '', { flag: 'wx' });
    await rm(file);
  } catch (error) {
    // Whatever hinders an empty file hinders every delivery.
    throw new Misconfigured(fileFailure(error, root).message, { cause: error });
  }
}

async function submit(submission: Submission, settings: FolderSettings, context: ConnectorContext): Promise<Receipt> {
  if (submission.operation !== 'deposit') throw new Misconfigured(`The folder connector does «deposit», not «${submission.operation}».`);
  if (settings.layout === 'files') return await submitFiles(submission, settings, context, () => requireRoot(settings));
  const place = placeOf(submission, settings);
  const draft = path.join(place.drafts, randomUUID());
  try {
    await requireRoot(settings);
    const there = await receiptOf(place, submission.key);
    if (there !== undefined) return there;
    await writeDraft(draft, place, submission, context);
  } catch (error) {
    await removeDraft(draft, place, context);
    if (context.signal.aborted) throw error;
    throw fileFailure(error, place.root);
  }
  await context.markSent();
  try {
    await rename(draft, place.target);
    await syncFolder(place.parent);
  } catch (error) {
    // On a network share even a rename that failed may have happened. The draft stays, for the probe.
    throw new OutcomeUnknown(`The folder «${place.reference}» could not be put in its place: ${codeOf(error)}.`, { cause: error });
  }
  await removeDraft(draft, place, context);
  return { reference: place.reference, state: 'done' };
}

/** Absent only while a draft stands. With neither a draft nor the item's folder, someone took the folder away already
 * (or deleted the draft), and only they know. */
async function probe(submission: Submission, settings: FolderSettings): Promise<Probe> {
  if (settings.layout === 'files') return await probeFiles(submission, settings);
  const place = placeOf(submission, settings);
  try {
    const there = await receiptOf(place, submission.key);
    if (there !== undefined) return { found: there };
    return (await draftsOf(place)).length > 0 ? 'absent' : 'unknown';
  } catch (error) {
    throw fileFailure(error, place.root);
  }
}

/** The folder itself, made if the settings allow it; rejects with the system's error if it is not there. */
async function requireRoot(settings: FolderSettings): Promise<void> {
  const root = path.resolve(settings.path);
  if (settings.create) await mkdir(root, { recursive: true });
  await stat(root);
}

async function receiptOf(place: Place, key: string): Promise<Receipt | undefined> {
  const writer = await writerOf(place);
  if (writer === 'nobody') return undefined;
  if (writer !== 'stranger' && writer.key === key) return { reference: place.reference, state: 'done' };
  const by = writer === 'stranger' ? 'something that is not a delivery' : `delivery ${writer.key}`;
  throw new Refused(`The folder «${place.reference}» was already written by ${by}. Move it away, then retry.`);
}

async function writeDraft(draft: string, place: Place, submission: Submission, context: ConnectorContext): Promise<void> {
  await makeFolders(place.parent, place.root);
  await makeFolders(place.drafts, place.root);
  const older = await draftsOf(place);
  await mkdir(draft);
  await writeItem(draft, submission, context);
  await syncFolder(place.drafts);
  // Not before: until the rename, at least one draft must stand to prove absence.
  for (const one of older) await rm(one, { recursive: true, force: true });
}

/** Creates a folder below `root` with what lies between, so that it survives a power loss. */
async function makeFolders(wanted: string, root: string): Promise<void> {
  if (await mkdir(wanted, { recursive: true }) === undefined) return;
  for (let folder = wanted; folder !== root; folder = path.dirname(folder)) await syncFolder(path.dirname(folder));
}

/** Tidies up; what stays behind is hidden and removed by the next attempt. */
async function removeDraft(draft: string, place: Place, context: ConnectorContext): Promise<void> {
  try {
    await rm(draft, { recursive: true, force: true });
    await rmdir(place.drafts);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY'].includes(codeOf(error))) context.logger.info('A draft folder could not be removed', { reason: codeOf(error) });
  }
}
