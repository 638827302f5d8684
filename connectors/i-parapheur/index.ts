import { proveAnnex } from '../../src/connector-api/annex-content.js';
import type { Connector, ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { Misconfigured, Refused } from '../../src/connector-api/failures.js';
import { METADATA_PREFIX, signatureFields, type XmlPlace } from '../../src/signature-book/fields.js';
import { isXml } from '../../src/domain/file-kind.js';
import { folderOf, type SignatureFolder } from '../../src/signature-book/folder.js';
import { signaturePlace } from '../../src/signature-book/signature-place.js';
import { recallFolder } from './cancel.js';
import { requireKnown } from './catalogue.js';
import { checkService, choicesOf } from './check.js';
import { iParapheurSettings, type IParapheurSettings } from './config.js';
import { createFolder, filesOf } from './create-folder.js';
import { dossierId } from './dossier-id.js';
import { askHistory, searchFolders } from './history.js';
import { receiptOf } from './receipt-data.js';
import { FOLDERS_OF_A_SURVEY, surveyFolders } from './survey.js';
import { trackFolder } from './track.js';

/** Has documents signed in i-Parapheur, versions 3 to 5, over its SOAP service. */
export const iParapheur: Connector<IParapheurSettings> = {
  manifest: {
    id: 'i-parapheur',
    title: { fr: 'Parapheur i-Parapheur (SOAP)', en: 'Signature book i-Parapheur (SOAP)' },
    kinds: ['*'],
    operations: { sign: { idempotence: 'client-key', fields: signatureFields, anyField: { prefix: METADATA_PREFIX }, answersLater: true } },
  },
  settings: iParapheurSettings,
  check: checkService,
  submit,
  probe,
  track: (receipt, _submission, settings, context) => trackFolder(receipt, settings, context),
  survey: { atMost: FOLDERS_OF_A_SURVEY, ask: surveyFolders },
  choices: choicesOf,
  cancel: (receipt, _submission, settings, context) => recallFolder(receipt, settings, context),
};

/** All that can be known to be wrong is looked for before the mark. */
async function submit(submission: Submission, settings: IParapheurSettings, context: ConnectorContext): Promise<Receipt> {
  if (submission.operation !== 'sign') throw new Misconfigured(`The i-parapheur connector does «sign», not «${submission.operation}».`);
  const { folder, place } = await prepare(submission, settings, context);
  if (isXml(folder.main.annex) && folder.visual === null && settings.visual === 'required') {
    throw new Refused('Field «visual»: found nothing, expected a PDF view of the XML file, for people to read. Map one, or set «visual: optional» where i-Parapheur asks for none.');
  }
  await requireKnown(folder, settings, context);
  for (const { annex } of filesOf(folder)) await proveAnnex(annex, context);
  await context.markSent();
  return receiptOf(await createFolder(dossierId(submission), folder, place, settings, context), folder, place);
}

/** Absent only where neither the search nor the history knows it: some versions miss folders in one of them. Were it there all the
 * same, it would be recognised by its id when it is sent again. */
async function probe(submission: Submission, settings: IParapheurSettings, context: ConnectorContext): Promise<Probe> {
  const id = dossierId(submission);
  const isThere = (await searchFolders([id], settings, context)).has(id) || (await askHistory(id, settings, context)).rows.length > 0;
  if (!isThere) return 'absent';
  const { folder, place } = await prepare(submission, settings, context);
  return { found: receiptOf(id, folder, place) };
}

async function prepare(submission: Submission, settings: IParapheurSettings, context: ConnectorContext): Promise<{ readonly folder: SignatureFolder; readonly place: XmlPlace | null }> {
  const folder = folderOf(submission, settings);
  return { folder, place: await signaturePlace(folder, context) };
}
