import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { CouncilRefusal } from '../../src/council-desk/council-refusal.js';
import type { DeskAnnex, DeskItem } from '../../src/council-desk/desk-item.js';
import { configOf, maySee } from '../../src/council-desk/town-rights.js';
import { unauthorized, webPage } from './simulated-answers.js';
import { elementUid } from './simulated-elements.js';
import type { Call } from './simulated-platform.js';

/** Bytes of an annex, as the service account: files know no `in_name_of` (contracts/plonemeeting-rest.md §2.1). */
export function download(call: Call, item: DeskItem, { sha256, size, filename, mediaType }: DeskAnnex): HttpReply {
  if (!maySee(call.desk.town(), item, call.caller)) return unauthorized('You are not authorized to access this resource.');
  return {
    status: 200, headers: { 'content-type': mediaType, 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(filename)}` },
    body: { size, open: () => call.desk.files.read(sha256) },
  };
}

/** A document that is made now, as the service account. What goes wrong is a page, because no endpoint answers here. */
export function generateDocument(call: Call, item: DeskItem): HttpReply {
  const { desk, query, caller } = call;
  if (!maySee(desk.town(), item, caller)) return unauthorized('You are not authorized to access this resource.');
  const config = configOf(desk.town(), item);
  const template = config?.templates.find(({ id }) => elementUid('template', config.uid, id) === query.get('template_uid'));
  try {
    const made = desk.document(item.uid, template?.id ?? '', query.get('output_format') ?? '');
    return { status: 200, headers: { 'content-type': made.mediaType, 'content-disposition': `inline;filename="${made.filename}"` }, body: made.content };
  } catch (error) {
    if (!(error instanceof CouncilRefusal)) throw error;
    return webPage(error.code === 'unknown-item' ? 404 : 500, error.message);
  }
}
