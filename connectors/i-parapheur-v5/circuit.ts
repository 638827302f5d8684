import type { FieldValue } from '../../src/domain/mapping.js';
import { circuitFields, momentWords } from '../../src/signature-book/circuit-fields.js';
import { METADATA_PREFIX } from '../../src/signature-book/fields.js';
import { RESERVED } from './premis-build.js';
import type { PremisHistory, Task } from './premis-read.js';

/** Where a folder stands. */
export type Standing =
  | { readonly state: 'finished'; readonly task: string }
  | { readonly state: 'rejected'; readonly task: string; readonly reason: string }
  | { readonly state: 'pending'; readonly note: string; readonly unknown: readonly string[] };

/** contracts/iparapheur.md §3.4. */
const ACTIONS: ReadonlySet<string> = new Set([
  'VISA', 'SEAL', 'SIGNATURE', 'PAPER_SIGNATURE', 'REJECT', 'EXTERNAL_SIGNATURE', 'SECURE_MAIL', 'IPNG', 'IPNG_RETURN', 'UNDO', 'TRANSFER', 'SECOND_OPINION',
  'ASK_SECOND_OPINION', 'CREATE', 'START', 'ARCHIVE', 'CHAIN', 'RECYCLE', 'DELETE', 'BYPASS', 'UPDATE', 'READ', 'UNKNOWN',
]);

const AWAITED: Readonly<Record<string, string>> = {
  VISA: 'a visa', SEAL: 'the seal of the server', SIGNATURE: 'a signature', EXTERNAL_SIGNATURE: 'a signature from outside', SECURE_MAIL: 'a secure mail', START: 'its start', SECOND_OPINION: 'a second opinion',
};

/** §3.4: the last task that has an id decides, never a word in an annotation. A circuit that is not made yet, and an action that is not
 * known, are no end. */
export function standingOf({ tasks }: PremisHistory): Standing {
  const last = tasks.findLast(({ id }) => id !== '');
  if (last?.action === 'ARCHIVE') return { state: 'finished', task: last.id };
  if (last?.action === 'DELETE' && last.state === 'current') return { state: 'rejected', task: last.id, reason: rejectionOf(tasks) };
  return { state: 'pending', note: noteOf(tasks), unknown: [...new Set(tasks.map(({ action }) => action).filter((action) => !ACTIONS.has(action)))] };
}

/** Who refused it, when and why. */
function rejectionOf(tasks: readonly Task[]): string {
  const refusal = tasks.findLast(({ action, state }) => action === 'REJECT' && state === 'done');
  if (refusal === undefined) return 'It was refused; i-Parapheur does not say by whom.';
  return `It was refused by ${whoDid(refusal)} on ${momentWords(refusal.at)}: ${refusal.note === '' ? 'without a reason' : `«${refusal.note}»`}.`;
}

function noteOf(tasks: readonly Task[]): string {
  const current = tasks.findLast(({ state }) => state === 'current');
  if (current === undefined) return 'Its circuit is being made.';
  return `Waiting for ${AWAITED[current.action] ?? `«${current.action}»`}${current.desk === '' ? '' : ` at «${current.desk}»`}.`;
}

/** Names may be missing. */
function whoDid({ actor, desk }: Task): string {
  if (actor === '') return desk === '' ? 'somebody' : `the desk «${desk}»`;
  return desk === '' ? actor : `${actor} («${desk}»)`;
}

/** Makers of folders, and what only opens or moves them: they are told by no history of people. */
const NO_DEEDS: ReadonlySet<string> = new Set(['CREATE', 'START', 'READ', 'UPDATE', 'ARCHIVE', 'DELETE']);

/** What comes back of a history: `status` (the action that it ended with), `actors` (who did what and when), `annotations`, and the metadata. */
export function historyFields({ tasks, metadata }: PremisHistory): Record<string, FieldValue> {
  const done = tasks.filter(({ state }) => state === 'done');
  const actors = done.filter(({ action }) => !NO_DEEDS.has(action)).map((task) => `${momentWords(task.at)} ${whoDid(task)}: ${task.action}`);
  const annotations = done.filter(({ note }) => note !== '').map((task) => `${momentWords(task.at)} ${whoDid(task)}: ${task.note}`);
  return {
    ...circuitFields(done.at(-1)?.action, actors, annotations),
    ...Object.fromEntries(Object.entries(metadata).filter(([name]) => !name.startsWith(RESERVED)).map(([name, value]) => [`${METADATA_PREFIX}${name}`, value])),
  };
}

/** The signature was put on paper: none will be found in the file. */
export function isOnPaper({ tasks }: PremisHistory): boolean {
  const done = tasks.filter(({ state }) => state === 'done').map(({ action }) => action);
  return done.includes('PAPER_SIGNATURE') && !done.includes('SIGNATURE') && !done.includes('EXTERNAL_SIGNATURE');
}

/** How many people signed with a certificate of their own, since the folder last began its circuit: at least one. */
export function signersOf({ tasks }: PremisHistory): number {
  const begun = tasks.findLastIndex(({ action, state }) => state === 'done' && (action === 'RECYCLE' || action === 'CHAIN'));
  const signed = tasks.slice(begun + 1).filter(({ action, state }) => state === 'done' && action === 'SIGNATURE');
  return Math.max(1, new Set(signed.map(({ user, actor, desk }) => user || actor || desk)).size);
}

/** Nobody on the circuit has done anything yet: it can be taken back. */
export function isUntouched({ tasks }: PremisHistory): boolean {
  return tasks.every(({ action, state }) => state !== 'done' || ['CREATE', 'START', 'UPDATE', 'UNDO'].includes(action));
}
