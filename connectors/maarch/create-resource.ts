import type { ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { isFailure, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { createdResource } from './answers.js';
import { attach, attachmentsOf, missingOf, numbersOf } from './attach.js';
import { maarchClient, type MaarchClient } from './client.js';
import type { MaarchSettings } from './config.js';
import { externalIdsOf, findByExternalId, resourceOf } from './find-resource.js';
import { filesOfNew, proveFiles, type LetterFiles } from './letter-files.js';
import { markOf } from './mark.js';
import { newResource } from './resource-body.js';

/** Creates a letter with its files, once: one with our mark that is there already is completed, so that it may be repeated at any point. */
export async function createResource(submission: Submission, settings: MaarchSettings, context: ConnectorContext): Promise<Receipt> {
  const client = maarchClient(settings, context);
  const files = filesOfNew(submission, settings);
  await proveFiles([...files.main === null ? [] : [files.main.annex], ...files.attachments.map(({ annex }) => annex)], context);
  const members = await newResource(submission, settings, client);
  const mark = { [settings.externalId]: markOf(submission) };
  const there = await findByExternalId(client, settings.externalId, markOf(submission));
  const found = typeof there === 'object' ? there.resId : null;
  const missing = found === null ? files.attachments : missingOf(files.attachments, await attachmentsOf(client, found));
  if (found === null || missing.length > 0) await context.markSent();
  const resId = found ?? await create(client, { ...members, externalId: mark }, files);
  await attach(client, resId, missing, mark, context);
  return receiptOf(client, resId, files, settings).catch((error: unknown) => { throw takenAlready(error); });
}

/** Found only with all its files: what is missing is sent again by `createResource`, and nothing else. */
export async function findCreated(submission: Submission, settings: MaarchSettings, context: ConnectorContext): Promise<Probe> {
  const client = maarchClient(settings, context);
  const there = await foundAs(submission, settings, client) ?? await findByExternalId(client, settings.externalId, markOf(submission));
  if (there === 'absent') return 'absent';
  if (there === 'unseen') return 'unknown';
  const files = filesOfNew(submission, settings);
  const missing = missingOf(files.attachments, await attachmentsOf(client, there.resId));
  return missing.length > 0 ? 'absent' : { found: await receiptOf(client, there.resId, files, settings) };
}

/** The letter that an operator names, proved to be this one. */
async function foundAs(submission: Submission, { externalId }: MaarchSettings, client: MaarchClient): Promise<{ readonly resId: number } | null> {
  const { foundAs: name } = submission;
  if (name === undefined) return null;
  if (!/^[1-9]\d{0,9}$/.test(name)) throw new Refused(`«${name}» is no number of a letter of Maarch.`);
  const written = (await externalIdsOf(client, Number(name)))[externalId];
  if (written !== markOf(submission)) throw new Refused(`Letter ${name} of Maarch is not this delivery: it lacks the mark «${markOf(submission)}» in its external identifier «${externalId}».`);
  return { resId: Number(name) };
}

async function create(client: MaarchClient, members: Readonly<Record<string, unknown>>, { main }: LetterFiles): Promise<number> {
  const { resId } = await client.send({ method: 'POST', path: '/resources', members: { ...members, ...(main !== null && { format: main.format }) }, file: main?.annex ?? null }, createdResource);
  return resId;
}

/** What is over there, as `track` goes on from it. */
async function receiptOf(client: MaarchClient, resId: number, { attachments }: LetterFiles, { doneStatuses }: MaarchSettings): Promise<Receipt> {
  const { status, chrono } = await resourceOf(client, resId);
  const own = doneStatuses.length === 0 || attachments.length === 0 ? [] : numbersOf(attachments, await attachmentsOf(client, resId));
  return {
    reference: String(resId), state: doneStatuses.length > 0 ? 'sent' : 'done', data: { own },
    results: { fields: { resId: String(resId), status: status ?? '', chrono: chrono ?? null } },
  };
}

/** The letter is there to its last file: no failure to read its number may read as one that was not sent. */
function takenAlready(error: unknown): unknown {
  return isFailure(error) ? new OutcomeUnknown(`Maarch took it. ${error.message}`, { cause: error }) : error;
}
