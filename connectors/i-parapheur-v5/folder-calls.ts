import { z } from 'zod';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import type { HttpAnswer } from '../../src/connector-api/http.js';
import { element, type Api } from './api.js';
import { readPremis, type PremisHistory } from './premis-read.js';
import type { Session } from './session.js';

/** States whose lists together hold every folder of a desk, in the order of a folder's life, so that one that moves on while they
 * are read is met again (contracts/iparapheur.md §3.4). */
export const LIVING_STATES = ['DRAFT', 'DOWNSTREAM', 'PENDING', 'LATE'] as const;
export const ENDED_STATES = ['FINISHED', 'REJECTED'] as const;
export type ListState = (typeof LIVING_STATES)[number] | (typeof ENDED_STATES)[number];

/** Far beyond any circuit; reading twice as much would keep all others waiting for a second. */
const LONGEST_HISTORY = 4 * 2 ** 20;

const folderRow = z.object({ id: z.string().min(1), name: z.string(), metadata: z.record(z.string(), z.unknown()).nullish() });
export type FolderRow = z.infer<typeof folderRow>;

/** All folders of the desk in one state. */
export async function listFolders({ api, desk }: Session, state: ListState, filter: Readonly<Record<string, string>> = {}): Promise<readonly FolderRow[]> {
  const query = new URLSearchParams(filter).toString();
  return api.rows(`${await desk()}/${state}${query === '' ? '' : `?${query}`}`, folderRow);
}

/** Its circuit and what it holds; null where it is not known, or not any more. */
export async function readHistory(session: Session, id: string): Promise<PremisHistory | null> {
  const answer = await session.api.call({ method: 'GET', path: await folderPath(session, id, '/premis'), accept: 'application/xml, text/xml, */*' });
  if (answer.status === 404) return absent(answer);
  if (answer.status !== 200) throw await session.api.failure(answer);
  return readPremis(await answer.text(LONGEST_HISTORY));
}

/** The archive of all files, some `bytes` of them; null where the folder is not known. Read it, or destroy it. */
export async function downloadZip(session: Session, id: string, bytes: number): Promise<HttpAnswer | null> {
  const answer = await session.api.call({ method: 'GET', path: await folderPath(session, id, '/zip'), bytes, accept: 'application/zip, application/octet-stream, */*' });
  if (answer.status === 404) return absent(answer);
  if (answer.status !== 200) throw await session.api.failure(answer);
  return answer;
}

/** Removes a draft, or a folder whose circuit has ended. One that is gone already is as good. */
export async function deleteFolder(session: Session, id: string): Promise<void> {
  await done(session.api, await session.api.call({ method: 'DELETE', path: await folderPath(session, id) }));
}

/** Does something with a task of a folder. A folder that is gone counts as done. */
export async function putTask(session: Session, id: string, task: string, action: 'send_to_trash_bin' | 'undo'): Promise<void> {
  await done(session.api, await session.api.call({ method: 'PUT', path: await folderPath(session, id, `/task/${element(task)}/${action}`) }));
}

export async function folderPath({ desk }: Session, id: string, below = ''): Promise<string> {
  return `${await desk()}/folder/${element(id)}${below}`;
}

async function done(api: Api, answer: HttpAnswer): Promise<void> {
  if (answer.status === 404) absent(answer);
  else if (answer.status < 200 || answer.status > 299) throw await api.failure(answer);
  else answer.body.destroy();
}

/** A folder that is not known is told in JSON; a page of HTML comes from something in between. */
function absent(answer: HttpAnswer): null {
  answer.body.destroy();
  if (/html/i.test(answer.headers['content-type'] ?? '')) throw new OutcomeUnknown('A page of HTML with status 404 was answered in place of i-Parapheur.');
  return null;
}
