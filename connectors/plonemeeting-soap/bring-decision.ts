import type { ConnectorContext, ResultDocument } from '../../src/connector-api/connector.js';
import { NotSent } from '../../src/connector-api/failures.js';
import { mediaTypeOf } from '../../src/domain/media-types.js';
import { safeFilename } from '../../src/domain/safe-filename.js';
import { documentParts, withOwnNames } from '../../src/plonemeeting/decision-documents.js';
import type { KeepFile } from '../../src/soap-client/values.js';
import { annexesAnswer, documentAnswer, type KeptAnnex } from './answers.js';
import type { CouncilSoapSettings } from './config.js';
import { isOfDecision } from './council-item.js';
import { passOver, readPlainly, WHO } from './service.js';

const ANNEXES_ALONE = { showExtraInfos: false, showAnnexes: true, include_annex_binary: true, showAssembly: false, showTemplates: false, showEmptyValues: true };

/** No size is told beforehand, bytes. */
const EXPECTED_BYTES = 64 * 1024 * 1024;

/** What a decided item gives: the annexes to its decision, and the document that the settings name. Fails where one of them cannot be
 * had now. `inTheNameOf`: who may see the item; undefined: the account. */
export async function bringDecision(uid: string, inTheNameOf: string | undefined, settings: CouncilSoapSettings, context: ConnectorContext): Promise<readonly ResultDocument[]> {
  const documents = await decisionAnnexes(uid, inTheNameOf, settings, context);
  const { decisionDocument } = settings;
  return withOwnNames(decisionDocument === undefined ? documents : [...documents, await makeDocument(uid, decisionDocument, inTheNameOf, settings, context)]);
}

/** All annexes come in one answer; those of the decision are kept while they come. */
async function decisionAnnexes(uid: string, inTheNameOf: string | undefined, settings: CouncilSoapSettings, context: ConnectorContext): Promise<readonly ResultDocument[]> {
  const keep: KeepFile = (content, beside) => (isOfDecision(beside['annexTypeId'] ?? '') ? context.blobs.keep(content) : passOver(content));
  const { itemInfo } = await readPlainly('getItemInfos', { UID: uid, ...ANNEXES_ALONE, inTheNameOf }, annexesAnswer, settings, context, { keep, bytes: EXPECTED_BYTES });
  return (itemInfo[0]?.annexes ?? []).flatMap((annex) => (isOfDecision(annex.annexTypeId) && annex.file !== null && annex.file.size > 0 ? [documentOf(annex, annex.file)] : []));
}

function documentOf({ id, title, filename: told }: KeptAnnex, { sha256, size }: NonNullable<KeptAnnex['file']>): ResultDocument {
  const filename = safeFilename(told) ?? (id === '' ? 'annexe' : id);
  return { title: title === '' ? filename : title, filename, mediaType: mediaTypeOf(filename), sha256, size, role: 'added-annex' };
}

async function makeDocument(uid: string, templateId: string, inTheNameOf: string | undefined, settings: CouncilSoapSettings, context: ConnectorContext): Promise<ResultDocument> {
  const { file } = await readPlainly('getItemTemplate', { itemUID: uid, templateId, inTheNameOf }, documentAnswer, settings, context, { keep: (content) => context.blobs.keep(content), bytes: EXPECTED_BYTES });
  if (file.size === 0) throw new NotSent(`${WHO} gave an empty document «${templateId}».`);
  const { template, format } = documentParts(templateId);
  const filename = safeFilename(`${template}.${format}`) ?? `document.${format}`;
  return { title: template, filename, mediaType: mediaTypeOf(filename), ...file, role: 'report' };
}
