import type { ConnectorContext, Receipt, Sent, Tracking } from '../../src/connector-api/connector.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { foundList, noteList, resourceFacts, type ResourceFacts } from './answers.js';
import { bringBack } from './bring-back.js';
import { maarchClient, type MaarchClient } from './client.js';
import type { MaarchSettings } from './config.js';
import { dataOf, resIdOf } from './receipt.js';

/** What Maarch says of a letter that is not there any more; and the status of one that was deleted. */
const GONE = /does not exist/i;
const DELETED = 'DEL';

/** How the letter stands: done or rejected at the statuses of the settings, rejected where it was deleted. */
export async function trackResource(receipt: Receipt, settings: MaarchSettings, context: ConnectorContext): Promise<Tracking> {
  const resId = resIdOf(receipt);
  if (resId === null) throw new OutcomeUnknown(`«${receipt.reference}» is no number of a letter of Maarch.`);
  const client = maarchClient(settings, context);
  const facts = await stillThere(client, resId);
  if (facts === null || facts.status === DELETED) return { state: 'rejected', reason: `Letter ${resId} was deleted in Maarch.` };
  return standing(client, facts, dataOf(receipt).own, settings, context);
}

async function standing(client: MaarchClient, { resId, status, statusLabel, chrono }: ResourceFacts, own: readonly number[], settings: MaarchSettings, context: ConnectorContext): Promise<Tracking> {
  const id = status ?? '';
  const words = `«${statusLabel ?? id}» (${id})`;
  const fields = { resId: String(resId), status: id, chrono: chrono ?? null };
  if (settings.refusedStatuses.includes(id)) return { state: 'rejected', reason: `In Maarch the letter ${chrono ?? resId} is ${words}.${await lastNote(client, resId)}`, results: { fields } };
  if (!settings.doneStatuses.includes(id)) return { state: 'pending', note: `In Maarch it is ${words}.` };
  const documents = await bringBack(client, resId, new Set(own), settings, context);
  return { state: 'done', results: { fields, ...(documents.length > 0 && { documents }) } };
}

/** Those whose status is a final one, and those that the account does not see any more: `track` finds out why. */
export async function surveyResources(sent: readonly Sent[], settings: MaarchSettings, context: ConnectorContext): Promise<ReadonlySet<string>> {
  const client = maarchClient(settings, context);
  const numbers = sent.map(({ receipt }) => resIdOf(receipt)).filter((resId) => resId !== null);
  const statuses = numbers.length === 0 ? new Map<number, string>() : await statusesOf(client, numbers);
  const final = new Set([...settings.doneStatuses, ...settings.refusedStatuses, DELETED]);
  return new Set(sent.filter(({ receipt }) => {
    const status = statuses.get(resIdOf(receipt) ?? 0);
    return status === undefined || final.has(status);
  }).map(({ submission }) => submission.key));
}

async function statusesOf(client: MaarchClient, numbers: readonly number[]): Promise<Map<number, string>> {
  const members = { select: 'res_id, status', clause: `res_id in (${numbers.join(', ')})`, withFile: false, orderBy: ['res_id'], limit: numbers.length };
  const { resources } = await client.ask({ method: 'POST', path: '/res/list', members }, foundList);
  return new Map(resources.map(({ res_id: resId, status }) => [resId, status ?? '']));
}

/** Null where it is not there any more. */
async function stillThere(client: MaarchClient, resId: number): Promise<ResourceFacts | null> {
  const answer = await client.call({ method: 'GET', path: `/resources/${resId}?light=true` });
  if (answer.status === 200) return client.read(answer, resourceFacts);
  const failure = await client.failure(answer);
  if (answer.status === 400 && GONE.test(failure.message)) return null;
  throw failure;
}

/** ` Last note: «…» (Anne Martin).`, or nothing: Maarch has no other place for a reason. */
async function lastNote(client: MaarchClient, resId: number): Promise<string> {
  const { notes } = await client.ask({ method: 'GET', path: `/resources/${resId}/notes` }, noteList);
  const last = notes.toSorted((a, b) => (a.creation_date ?? '').localeCompare(b.creation_date ?? '')).at(-1);
  if (last === undefined) return '';
  const by = [last.firstname, last.lastname].filter((name) => name !== undefined && name !== null && name !== '').join(' ');
  return ` Last note: «${last.value.trim()}»${by === '' ? '' : ` (${by})`}.`;
}
