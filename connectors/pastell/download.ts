import type { ConnectorContext, ResultDocument } from '../../src/connector-api/connector.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import type { ANNEX_ROLES } from '../../src/domain/item.js';
import { isWebPage } from '../../src/formats/business-xml.js';
import type { ReturnedFile } from '../../src/signature-book/returned-folder.js';
import { mediaTypeOf } from '../../src/domain/media-types.js';
import { refusalOf, type ApiRequest } from './api.js';
import { unmarked } from './document-mark.js';
import { documentPath } from './documents.js';
import type { Session } from './session.js';
import { filesOf, type Detail, type NamedFile } from './shapes.js';

/** Nobody says before how large a file is: time for so many bytes is given. */
const EXPECTED_BYTES = 32 * 2 ** 20;

/** Bytes by which a file is known for what it is. */
const HEAD_BYTES = 1024;

/** Fetches a file of a document and keeps it. Throws OutcomeUnknown for one that is empty, is a page in place of a file, or is not what its name says. */
export async function fetchFile(session: Session, id: string, { field, number, name }: NamedFile, context: ConnectorContext): Promise<ReturnedFile> {
  const filename = unmarked(name);
  return { filename, mediaType: mediaTypeOf(filename), ...await fetchContent(session, documentPath(session, id, 'file', field, number), filename, context) };
}

/** As fetchFile, from anywhere below the interface. */
export async function fetchContent({ api }: Pick<Session, 'api'>, path: ApiRequest['path'], filename: string, { blobs }: Pick<ConnectorContext, 'blobs'>): Promise<{ readonly sha256: string; readonly size: number }> {
  const got = await api.download(path, EXPECTED_BYTES);
  if (!got.ok) throw got.status === 404 ? new OutcomeUnknown(`Pastell shows the file «${filename}», and does not give it (404).`) : refusalOf(got, `to give the file «${filename}»`);
  const { body } = got.answer;
  try {
    return await blobs.keep(checked(body as AsyncIterable<Buffer>, filename));
  } finally {
    // What cannot be kept may never have been read: nothing of it stays open.
    body.destroy();
  }
}

/** All files of a field. */
export async function fetchAll(session: Session, document: Detail, field: string, context: ConnectorContext): Promise<readonly ReturnedFile[]> {
  const files: ReturnedFile[] = [];
  for (const file of filesOf(document, field)) files.push(await fetchFile(session, document.id, file, context));
  return files;
}

export function asDocument({ filename, mediaType, sha256, size }: ReturnedFile, role: (typeof ANNEX_ROLES)[number]): ResultDocument {
  return { title: filename, filename, mediaType, sha256, size, role };
}

/** Passes bytes on once the first of them show what the file is. */
async function* checked(content: AsyncIterable<Buffer>, filename: string): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of content) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) continue;
    requireKind(head, filename);
    yield head;
    head = null;
  }
  if (head === null) return;
  requireKind(head, filename);
  yield head;
}

function requireKind(head: Buffer, filename: string): void {
  const start = head.subarray(0, HEAD_BYTES).toString('latin1');
  if (head.length === 0) throw new OutcomeUnknown(`Pastell gave an empty file in place of «${filename}».`);
  if (isWebPage(start)) throw new OutcomeUnknown(`Pastell gave a page in place of the file «${filename}»: its maintenance, or a login.`);
  const isRight = /\.pdf$/i.test(filename) ? start.includes('%PDF-') : !/\.xml$/i.test(filename) || /^(?:\u00EF\u00BB\u00BF|\uFEFF|\s)*</.test(start);
  if (!isRight) throw new OutcomeUnknown(`What Pastell gave as «${filename}» is not a file of that kind.`);
}
