import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { refusalOf, type ApiAnswer, type ApiRequest } from './api.js';
import { valueOf, type Session } from './session.js';
import { created, detail, edited, row, shaped, type Detail, type Edited, type Row } from './shapes.js';
import { z } from 'zod';

/** Rows of a page: what Pastell gives unasked (contracts/pastell.md §4.1). A page that is shorter is the last. */
const PAGE_ROWS = 100;
const MOST_PAGES = 1000;

const rows = z.array(row);

/** Path of a document, or of what is below it. */
export function documentPath({ entity }: Pick<Session, 'entity'>, id: string, ...below: (string | number)[]): ApiRequest['path'] {
  return ['entite', entity, 'document', id, ...below];
}

/** The documents of a type that a filter lets through, page after page. */
export async function listDocuments(session: Session, type: string, filter: Readonly<Record<string, string>>): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = Object.entries({ type, ...filter, offset: String(page * PAGE_ROWS), limit: String(PAGE_ROWS), tri: 'date_dernier_etat', sens_tri: 'ASC' });
    const found = shaped(rows, valueOf(await session.api.call({ method: 'GET', path: ['entite', session.entity, 'document'], query }), `to list documents of type «${type}»`));
    all.push(...found);
    if (found.length < PAGE_ROWS) return all;
  }
  throw new OutcomeUnknown(`Pastell gives a list of more than ${MOST_PAGES} pages.`);
}

/** A document; null where the entity has none of that id. */
export async function readDocument(session: Session, id: string): Promise<Detail | null> {
  const answer = await session.api.call({ method: 'GET', path: documentPath(session, id) });
  if (!answer.ok && answer.status === 404) return null;
  return shaped(detail, valueOf(answer, 'to show a document'));
}

/** Makes an empty draft, visible to nobody but the people of the entity; its id. */
export async function createDocument(session: Session, type: string): Promise<string> {
  const answer = await session.api.call({ method: 'POST', path: ['entite', session.entity, 'document'], form: [['type', type]] });
  return shaped(created, valueOf(answer, `to make a document of type «${type}»`)).id_d;
}

/** Fills fields in. §4.2: what Pastell does not know it drops without a word. */
export async function editDocument(session: Session, id: string, fields: Readonly<Record<string, string>>): Promise<Edited> {
  const answer = await session.api.call({ method: 'PATCH', path: documentPath(session, id), form: Object.entries(fields) });
  return shaped(edited, valueOf(answer, 'to fill the document in'));
}

/** Chooses a value of a field that has its own way (§4.3). */
export async function chooseExternal(session: Session, id: string, field: string, form: readonly (readonly [string, string])[]): Promise<void> {
  valueOf(await session.api.call({ method: 'PATCH', path: documentPath(session, id, 'externalData', field), form }), `the value of «${field}»`);
}

/** What such a field may take now; null where the document has no such field. */
export async function externalChoices(session: Session, id: string, field: string): Promise<unknown> {
  const answer = await session.api.call({ method: 'GET', path: documentPath(session, id, 'externalData', field) });
  if (!answer.ok && answer.status === 404) return null;
  return valueOf(answer, `to list the values of «${field}»`);
}

/** Runs an action, which may send the document on before it answers. */
export function runAction(session: Session, id: string, action: string, timeoutMs: number): Promise<ApiAnswer> {
  return session.api.call({ method: 'POST', path: documentPath(session, id, 'action', action), form: [], timeoutMs });
}

/** Removes what can be removed; one that is gone is as good. */
export async function removeDocument(session: Session, id: string, timeoutMs: number): Promise<void> {
  const answer = await runAction(session, id, 'supression', timeoutMs);
  if (answer.ok || answer.status === 404 || await readDocument(session, id) === null) return;
  throw refusalOf(answer, 'to remove the document');
}
