import type { ConnectorContext, ResultDocument } from '../../src/connector-api/connector.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import type { HttpAnswer } from '../../src/connector-api/http.js';
import { mediaTypeOf } from '../../src/domain/media-types.js';
import { attachmentFacts, type AttachmentRow } from './answers.js';
import { attachmentsOf } from './attach.js';
import type { MaarchClient } from './client.js';
import type { MaarchSettings } from './config.js';

/** The attachments of the types of the settings that people added, each signed where it is; ours stay there. */
export async function bringBack(client: MaarchClient, resId: number, own: ReadonlySet<number>, { bringBack: types }: MaarchSettings, context: ConnectorContext): Promise<readonly ResultDocument[]> {
  if (types.length === 0) return [];
  const rows = (await attachmentsOf(client, resId)).filter((row) => types.includes(row.type) && !own.has(row.resId)).toSorted((a, b) => a.resId - b.resId);
  const documents: ResultDocument[] = [];
  for (const row of rows) {
    context.signal.throwIfAborted();
    documents.push(await documentOf(client, row, context));
  }
  return documents;
}

async function documentOf(client: MaarchClient, row: AttachmentRow, { blobs }: ConnectorContext): Promise<ResultDocument> {
  const { format, signedResponse = null } = await client.ask({ method: 'GET', path: `/attachments/${row.resId}` }, attachmentFacts);
  // What was signed is a PDF, whatever it was before.
  const extension = signedResponse === null ? (format ?? 'bin').toLowerCase() : 'pdf';
  const answer = await client.call({ method: 'GET', path: `/attachments/${signedResponse ?? row.resId}/originalContent` });
  if (answer.status !== 200) throw await client.failure(answer);
  if (extension !== 'html') requireFile(answer);
  const kept = await blobs.keep(answer.body as AsyncIterable<Uint8Array>);
  const title = nameOf(row);
  const filename = title.toLowerCase().endsWith(`.${extension}`) ? title : `${title}.${extension}`;
  return { ...kept, title, filename, mediaType: mediaTypeOf(filename), role: signedResponse === null ? 'added-annex' : 'signed-document' };
}

function nameOf({ title, type, resId }: AttachmentRow): string {
  const name = (title ?? '').trim();
  return name === '' ? `${type} ${resId}` : name;
}

/** A page of a login comes as a success, too. */
function requireFile({ headers, body }: HttpAnswer): void {
  if (headers['content-type']?.startsWith('text/html') !== true) return;
  body.destroy();
  throw new OutcomeUnknown('Maarch answered with a page in place of an attachment.');
}
