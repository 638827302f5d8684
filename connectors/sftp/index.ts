import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type { Connector, ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { Misconfigured, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { sftpSettings, type SftpSettings } from './config.js';
import { draftsOf, placeOf, rootOf, writerOf, type Place } from './place.js';
import { kindOf, makeFolders, removeFile, rename, writeFile } from './remote-files.js';
import { withSession, type Session } from './session.js';
import { reasonOf, sftpFailure } from './sftp-failure.js';
import { removeDraft, writeDraft } from './write-draft.js';

/** Leaves each item as a folder `<path>/<authority>/<meeting config>/<item uid>` of an SFTP server. It is written as a draft
 * under `<path>/.drafts` and appears whole, by one rename. */
export const sftp: Connector<SftpSettings> = {
  manifest: {
    id: 'sftp',
    title: { fr: 'Dépôt sur un serveur SFTP', en: 'Deposit on an SFTP server' },
    kinds: ['*'],
    operations: { deposit: { idempotence: 'client-key' } },
  },
  settings: sftpSettings,
  check,
  submit,
  probe,
};

async function check(settings: SftpSettings, context: ConnectorContext): Promise<void> {
  const root = rootOf(settings);
  await withSession(settings, context.signal, async (session) => {
    const file = posix.join(root, `.check-${randomUUID()}`);
    try {
      await requireRoot(session, settings);
      await writeFile(session, file, []);
      await rename(session, file, `${file}.moved`);
      await removeFile(session, `${file}.moved`);
    } catch (error) {
      context.signal.throwIfAborted();
      // Whatever hinders an empty file hinders every delivery.
      throw new Misconfigured(sftpFailure(error, root).message, { cause: error });
    }
  });
}

async function submit(submission: Submission, settings: SftpSettings, context: ConnectorContext): Promise<Receipt> {
  if (submission.operation !== 'deposit') throw new Misconfigured(`The sftp connector does «deposit», not «${submission.operation}».`);
  const place = placeOf(submission, settings);
  return withSession(settings, context.signal, async (session) => {
    const draft = posix.join(place.drafts, randomUUID());
    try {
      await requireRoot(session, settings);
      const there = await receiptOf(session, place, submission.key);
      if (there !== undefined) return there;
      await writeDraft(session, draft, place, submission, context);
    } catch (error) {
      await removeDraft(session, draft, place, context);
      context.signal.throwIfAborted();
      throw sftpFailure(error, place.root);
    }
    await context.markSent();
    await putInPlace(session, draft, place);
    await removeDraft(session, draft, place, context);
    return { reference: place.reference, state: 'done' };
  });
}

async function putInPlace(session: Session, draft: string, place: Place): Promise<void> {
  try {
    await rename(session, draft, place.target);
  } catch (error) {
    // Even a rename that the server says has failed may have happened on the share behind it. The draft stays, for the probe.
    throw new OutcomeUnknown(`The folder «${place.reference}» could not be put in its place on the SFTP server: ${reasonOf(error)}.`, { cause: error });
  }
}

/** Absent only while a draft stands. With neither a draft nor the item's folder, someone took the folder away already
 * (or deleted the draft), and only they know. */
async function probe(submission: Submission, settings: SftpSettings, context: ConnectorContext): Promise<Probe> {
  const place = placeOf(submission, settings);
  return withSession(settings, context.signal, async (session) => {
    try {
      const there = await receiptOf(session, place, submission.key);
      if (there !== undefined) return { found: there };
      return (await draftsOf(session, place)).length > 0 ? 'absent' : 'unknown';
    } catch (error) {
      context.signal.throwIfAborted();
      throw sftpFailure(error, place.root);
    }
  });
}

/** The folder itself, made if the settings allow it. */
async function requireRoot(session: Session, settings: SftpSettings): Promise<void> {
  const root = rootOf(settings);
  if (settings.create) await makeFolders(session, root);
  const kind = await kindOf(session, root);
  if (kind !== 'folder') throw new Misconfigured(`The folder «${root}» of the SFTP server ${kind === 'nothing' ? 'does not exist' : 'is not a folder'}.`);
}

async function receiptOf(session: Session, place: Place, key: string): Promise<Receipt | undefined> {
  const writer = await writerOf(session, place);
  if (writer === 'nobody') return undefined;
  if (writer !== 'stranger' && writer.key === key) return { reference: place.reference, state: 'done' };
  const by = writer === 'stranger' ? 'something that is not a delivery' : `delivery ${writer.key}`;
  throw new Refused(`The folder «${place.reference}» was already written by ${by}. Move it away, then retry.`);
}
