import { proveAnnex } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { nothingSent, Refused } from '../../src/connector-api/failures.js';
import { filesNamed } from '../../src/connector-api/named-files.js';
import type { Annex } from '../../src/domain/item.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { begun } from './begun.js';
import { addFiles, hasFiles, placed, type PlacedFile } from './add-files.js';
import { jsonBody, ploneApi, type PloneApi } from './api.js';
import type { PloneDmsSettings } from './config.js';
import { findOne, hasFields, type Content } from './content.js';
import { contentFields, givenText } from './fields.js';
import { isAwaited, trigger } from './transition.js';

/** Brings what was decided back to the object that it is about: fields, files, a transition. Each of them has the effect of once, however
 * often it is sent. */
export async function submitReturn(submission: Submission, settings: PloneDmsSettings, context: ConnectorContext): Promise<Receipt> {
  const files = returnedFiles(submission, settings);
  for (const { annex } of files) await proveAnnex(annex, context);
  const api = ploneApi(settings, context);
  const target = await requireTarget(api, submission, settings).catch((error: unknown) => { throw nothingSent(error); });
  await context.markSent();
  await begun(addFiles(api, target, submission.item.uid, files, context));
  const fields = contentFields(submission);
  if (Object.keys(fields).length > 0) await begun(api.ask({ method: 'PATCH', at: target.at, body: jsonBody(fields) }));
  await begun(trigger(api, target, givenText(submission, 'transition'), context));
  return receiptOf(target);
}

/** What is there in part counts as absent: to send it again completes it. */
export async function probeReturn(submission: Submission, settings: PloneDmsSettings, context: ConnectorContext): Promise<Probe> {
  const api = ploneApi(settings, context);
  const target = await requireTarget(api, submission, settings);
  const whole = await hasFiles(api, target, submission.item.uid, returnedFiles(submission, settings))
    && await hasFields(api, target, contentFields(submission))
    && !await isAwaited(api, target, givenText(submission, 'transition'));
  return whole ? { found: receiptOf(target) } : 'absent';
}

function receiptOf({ at, uid }: Content): Receipt {
  return { reference: uid, state: 'done', results: { fields: { address: at } } };
}

async function requireTarget(api: PloneApi, submission: Submission, settings: PloneDmsSettings): Promise<Content> {
  const wanted = givenText(submission, 'target');
  if (wanted === undefined) throw new Refused('Field «target»: found nothing, expected the UID of an object of the site.');
  const target = await findOne(api, settings, [['UID', wanted]], ({ uid }) => uid === wanted);
  if (target !== null) return target;
  throw new Refused(`Field «target»: found «${wanted.slice(0, 200)}», expected the UID of an object of the site that the account of Relais may see. It may have been deleted there.`);
}

/** Those that are named; all by `*`. */
function returnedFiles({ item, fields }: Submission, { fileType }: PloneDmsSettings): PlacedFile[] {
  const files: readonly Annex[] = isAll(fields['files']) ? item.annexes : filesNamed('files', item.annexes, fields) ?? [];
  return files.map((annex) => placed(item, annex, fileType));
}

function isAll(files: FieldValue | undefined): boolean {
  return Array.isArray(files) && files.length === 1 && files[0] === '*';
}
