import type { Readable } from 'node:stream';
import type { ConnectorContext, ResultDocument, Results } from '../../src/connector-api/connector.js';
import { NotSent } from '../../src/connector-api/failures.js';
import { mediaTypeOf } from '../../src/domain/media-types.js';
import { safeFilename } from '../../src/domain/safe-filename.js';
import { documentParts, withOwnNames } from '../../src/plonemeeting/decision-documents.js';
import { annexPlace, placeOf } from './annex-place.js';
import type { RestSettings } from './config.js';
import { openAnnex, openDocument } from './download.js';
import type { AnnexElement, ItemElement } from './elements.js';
import type { ReceiptData } from './receipt.js';
import type { Session } from './session.js';

type Brought = Pick<Results, 'documents' | 'fields'>;

/** What a decided item gives: the annexes to its decision, and the document that the settings name. Fails where one of them cannot be fetched now. */
export async function bringDecision(session: Session, element: ItemElement, data: ReceiptData, settings: RestSettings, context: ConnectorContext): Promise<Brought> {
  const warnings = [...data.warnings];
  const documents: ResultDocument[] = [];
  for (const annex of (element.extra_include_annexes ?? []).filter((one) => one['@type'] === 'annexDecision')) {
    const document = await bringAnnex(session, annex, settings, context);
    if (document !== null && !data.sent.includes(document.sha256)) documents.push(document);
  }
  if (settings.decisionDocument !== undefined) {
    const made = await makeDocument(session, element, settings.decisionDocument, settings, context);
    if (made === null) warnings.push(`PloneMeeting offers no document «${settings.decisionDocument}» for the item: see setting «decisionDocument».`);
    else documents.push(made);
  }
  const state = element.review_state?.token;
  return {
    documents: withOwnNames(documents),
    fields: { ...(state !== undefined && { state }), ...(element['@id'] !== '' && { url: element['@id'] }), ...(warnings.length > 0 && { warnings }) },
  };
}

async function bringAnnex(session: Session, annex: AnnexElement, settings: RestSettings, context: ConnectorContext): Promise<ResultDocument | null> {
  const place = placeOf(annexPlace(annex));
  const content = place === null ? 'gone' : await openAnnex(session, place.download, settings);
  if (content === 'gone') return null;
  const kept = await keep(content, context);
  const filename = safeFilename(annex.file?.filename ?? '') ?? annex.id;
  return { title: annex.title === '' ? filename : annex.title, filename, mediaType: annex.file?.['content-type'] ?? 'application/octet-stream', ...kept, role: 'added-annex', ...(annex.confidential === true && { confidential: true }) };
}

async function makeDocument(session: Session, element: ItemElement, templateId: string, settings: RestSettings, context: ConnectorContext): Promise<ResultDocument | null> {
  const content = await openDocument(session, element.UID, templateId, null, settings);
  if (content === 'not-offered') return null;
  const { template, format } = documentParts(templateId);
  const title = element.extra_include_pod_templates?.find(({ id }) => id === template)?.title ?? template;
  const filename = safeFilename(`${template}-${element.id}.${format}`) ?? `document.${format}`;
  return { title: title === '' ? template : title, filename, mediaType: mediaTypeOf(filename), ...await keep(content, context), role: 'report' };
}

async function keep(content: Readable, { blobs }: ConnectorContext): Promise<{ readonly sha256: string; readonly size: number }> {
  // What is not read to its end must not hold its connection.
  const kept = await blobs.keep(content as AsyncIterable<Uint8Array>).finally(() => content.destroy());
  if (kept.size === 0) throw new NotSent('PloneMeeting gave an empty file.');
  return kept;
}
