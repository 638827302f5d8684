import { createHash } from 'node:crypto';
import { Builder } from 'xml2js';
import type { DeskFolder, HistoryRow } from '../../src/signature-desk/desk-folder.js';
import type { DeskStep, StepKind } from '../../src/signature-desk/desk-types.js';

const ACTIONS: Readonly<Record<StepKind, string>> = { visa: 'VISA', sign: 'SIGNATURE', seal: 'SEAL', mail: 'SECURE_MAIL' };

interface RestTask {
  readonly id: string;
  readonly action: string;
  readonly desk: string;
  readonly done: Pick<HistoryRow, 'at' | 'actor' | 'annotation'> | null;
}

/** Identifiers of the tasks that a caller can do something with. */
export function taskIds({ id, history }: DeskFolder): { readonly start: string; readonly end: string; readonly undo: string } {
  // The end moves with every turn of the circuit.
  return { start: `${id}-start`, end: `${id}-end-${history.length}`, undo: `${id}-undo` };
}

/** The history of a folder in PREMIS (contracts/iparapheur.md §3.4). `more`: actions that are told beyond those of the desk. */
export function premisOfFolder(folder: DeskFolder, more: readonly string[] = []): string {
  const { title, type, subtype, metadata, main, annexes } = folder;
  const tasks = [...tasksOf(folder), ...more.map((action, index) => ({ id: `${folder.id}-more-${index}`, action, desk: '', done: null }))];
  const people = [...new Set(tasks.flatMap(({ done }) => (done === null ? [] : [done.actor])))];
  const folderObject = {
    $: { 'xsi:type': 'intellectualEntity' },
    significantProperties: Object.entries({ i_Parapheur_reserved_type: type, i_Parapheur_reserved_subtype: subtype, ...metadata }).map(property),
    originalName: title,
  };
  const file = ({ filename }: { readonly filename: string }, isMain: boolean): object => ({
    $: { 'xsi:type': 'file' }, significantProperties: property(['i_Parapheur_reserved_mainDocument', String(isMain)]), originalName: filename,
  });
  return new Builder({ renderOpts: { pretty: false }, xmldec: { version: '1.0', encoding: 'UTF-8' } }).buildObject({
    premis: {
      $: { xmlns: 'http://www.loc.gov/premis/v3', 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance', version: '3.0' },
      object: [folderObject, ...main.map((one) => file(one, true)), ...annexes.map((one) => file(one, false))],
      event: tasks.map(eventOf),
      agent: people.map((name) => ({ agentIdentifier: { agentIdentifierType: 'userId', agentIdentifierValue: userId(name) }, agentName: name })),
    },
  });
}

/** What was done, what is asked for now, and what is still to come. */
function tasksOf(folder: DeskFolder): readonly RestTask[] {
  const { id, state, circuit, step, emitter, history } = folder;
  const ids = taskIds(folder);
  const isDraft = state === 'draft' || state === 'recalled';
  const done = history.flatMap((row, index) => doneTask(row, `${id}-${index}`, circuit));
  const coming = (steps: readonly DeskStep[]): RestTask[] => steps.map(({ kind, desk }) => ({ id: '', action: ACTIONS[kind], desk, done: null }));
  const current = circuit[step];
  if (isDraft) return [...done, { id: ids.start, action: 'START', desk: emitter, done: null }, ...coming(circuit), { id: '', action: 'ARCHIVE', desk: emitter, done: null }];
  if (state === 'rejected') return [...done, { id: ids.end, action: 'DELETE', desk: emitter, done: null }];
  if (state === 'finished' || current === undefined) return [...done, { id: ids.end, action: 'ARCHIVE', desk: emitter, done: null }];
  return [
    ...done, { id: `${id}-step-${step}-${history.length}`, action: ACTIONS[current.kind], desk: current.desk, done: null },
    ...coming(circuit.slice(step + 1)), { id: '', action: 'ARCHIVE', desk: emitter, done: null },
  ];
}

const EVENTS: Readonly<Partial<Record<HistoryRow['event'], string>>> = {
  create: 'CREATE', start: 'START', read: 'READ', paper: 'PAPER_SIGNATURE', reject: 'REJECT', recall: 'UNDO', recycle: 'RECYCLE', chain: 'CHAIN', delay: 'UPDATE',
};

function doneTask(row: HistoryRow, id: string, circuit: readonly DeskStep[]): readonly RestTask[] {
  const at = row.step === null ? undefined : circuit[row.step];
  const action = row.event === 'act' && at !== undefined ? ACTIONS[at.kind] : EVENTS[row.event];
  return action === undefined ? [] : [{ id, action, desk: at?.desk ?? '', done: row }];
}

function eventOf({ id, action, desk, done }: RestTask): object {
  return {
    eventIdentifier: { eventIdentifierType: 'taskId', eventIdentifierValue: id },
    eventType: action,
    eventDateTime: done === null ? '' : new Date(done.at).toISOString().replace('Z', '+0000'),
    ...(done !== null && done.annotation !== '' && { eventOutcomeInformation: { eventOutcomeDetail: { eventOutcomeDetailNote: done.annotation } } }),
    linkingAgentIdentifier: { linkingAgentIdentifierType: 'userId', linkingAgentIdentifierValue: done === null ? '' : userId(done.actor), linkingAgentRole: desk },
  };
}

function property([name, value]: readonly [string, string]): object {
  return { significantPropertiesType: name, significantPropertiesValue: value };
}

function userId(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 12);
}
