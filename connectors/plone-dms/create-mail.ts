import { z } from 'zod';
import { proveAnnex } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { nothingSent } from '../../src/connector-api/failures.js';
import { fileNamed, filesNamed } from '../../src/connector-api/named-files.js';
import { begun } from './begun.js';
import { addFiles, hasFiles, placed, type PlacedFile } from './add-files.js';
import { jsonBody, ploneApi, readAs, type PloneApi } from './api.js';
import type { PloneDmsSettings } from './config.js';
import { findOne, type Content } from './content.js';
import { contentFields, givenText } from './fields.js';
import { isAwaited, trigger } from './transition.js';

const created = z.object({ '@id': z.string(), 'UID': z.string(), 'id': z.string() });

/** Creates a mail with its files. Its short name is made of our key, which Plone takes once in a folder; so what is there already is
 * completed and not made again. */
export async function submitMail(submission: Submission, settings: PloneDmsSettings, context: ConnectorContext): Promise<Receipt> {
  const files = placedFiles(submission, settings);
  for (const { annex } of files) await proveAnnex(annex, context);
  const api = ploneApi(settings, context);
  const before = await findMail(api, submission, settings).catch((error: unknown) => { throw nothingSent(error); });
  await context.markSent();
  const mail = before ?? await createOrFind(api, submission, settings);
  await begun(addFiles(api, mail, submission.item.uid, files, context));
  await begun(trigger(api, mail, givenText(submission, 'transition'), context));
  return receiptOf(mail);
}

/** A mail that lacks a file counts as absent: to send it again completes it. So does one that still offers the transition that is wanted. */
export async function probeMail(submission: Submission, settings: PloneDmsSettings, context: ConnectorContext): Promise<Probe> {
  const api = ploneApi(settings, context);
  const mail = await findMail(api, submission, settings);
  if (mail === null || !await hasFiles(api, mail, submission.item.uid, placedFiles(submission, settings))) return 'absent';
  return await isAwaited(api, mail, givenText(submission, 'transition')) ? 'absent' : { found: receiptOf(mail) };
}

async function createOrFind(api: PloneApi, submission: Submission, settings: PloneDmsSettings): Promise<Content> {
  const { key, item } = submission;
  const body = jsonBody({ title: item.title, ...contentFields(submission), '@type': settings.mailType, 'id': mailId(key) });
  const outcome = await api.tryTo({ method: 'POST', at: `${settings.url}/${settings.mailFolder}`, body });
  if ('answered' in outcome) {
    const mail = readAs(created, outcome.answered, 'the new mail');
    return { at: mail['@id'], uid: mail.UID, id: mail.id };
  }
  // the name is taken: another attempt was quicker
  const meanwhile = await findMail(api, submission, settings);
  if (meanwhile !== null) return meanwhile;
  throw outcome.refused.failure(new URL(settings.url).origin);
}

/** It may have been moved since into a folder of its period, so it is looked for in the whole site. */
function findMail(api: PloneApi, { key }: Submission, settings: PloneDmsSettings): Promise<Content | null> {
  const id = mailId(key);
  return findOne(api, settings, [['getId', id], ['portal_type', settings.mailType]], (content) => content.id === id);
}

function mailId(key: string): string {
  return `relais-${key.toLowerCase().replace(/[^a-z0-9-]/g, '-')}`;
}

/** The main file, which is the one that is named, else the first PDF, else the first, comes last: a mail that has it is whole. */
function placedFiles({ item, fields }: Submission, { mainFileType, fileType }: PloneDmsSettings): PlacedFile[] {
  const files = filesNamed('files', item.annexes, fields) ?? item.annexes;
  const main = fileNamed('mainFile', item.annexes, fields) ?? files.find(({ mediaType }) => mediaType === 'application/pdf') ?? files[0];
  const others = files.filter((annex) => annex !== main).map((annex) => placed(item, annex, fileType));
  return main === undefined ? others : [...others, placed(item, main, mainFileType)];
}

function receiptOf({ at, uid }: Content): Receipt {
  return { reference: uid, state: 'done', results: { fields: { address: at } } };
}
