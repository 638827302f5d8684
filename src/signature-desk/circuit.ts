import { DeskRefusal, type DeskFolder, type HistoryRow } from './desk-folder.js';
import type { DeskStep, StepKind } from './desk-types.js';

/** Where the emitter's annotation stands in a history: before the row of the first desk (4.7) or after it (5); contracts/iparapheur.md §2.1. */
export type HistoryOrder = '4.7' | '5';

interface StepWords {
  /** Status while the folder lies on the desk. */
  readonly placed: string;
  /** Status once the step is done; null where the service says nothing. */
  readonly done: string | null;
  readonly rejected: string;
}

/** contracts/iparapheur.md §2.1. */
const WORDS: Readonly<Record<StepKind, StepWords>> = {
  visa: { placed: 'EnCoursVisa', done: 'Vise', rejected: 'RejetVisa' },
  sign: { placed: 'NonLu', done: 'Signe', rejected: 'RejetSignataire' },
  seal: { placed: 'PretCachet', done: 'CachetOK', rejected: 'RejetCachet' },
  mail: { placed: 'EnCoursMailSecPastell', done: null, rejected: 'RejetMailSecPastell' },
};

const PAPER = 'SignatairePapier';
const READ = 'Lu';
const FINISHED = 'Archive';
const WITH_EMITTER = 'NonLu';

export type RowWords = Pick<HistoryRow, 'actor' | 'annotation'>;

/** The folder goes to its first desk. */
export function started(folder: DeskFolder, at: number, order: HistoryOrder): DeskFolder {
  const emitter = { at, actor: folder.emitter, annotation: '', status: WITH_EMITTER, step: null } as const;
  const annotation: HistoryRow = { ...emitter, event: 'annotate', annotation: folder.publicAnnotation };
  const opened = withRows({ ...folder, state: 'running' }, { ...emitter, event: 'start' });
  return order === '5' ? withRows(placed(opened, 0, at), annotation) : placed(withRows(opened, annotation), 0, at);
}

/** Somebody opened it. */
export function seen(folder: DeskFolder, at: number, words: RowWords): DeskFolder {
  const step = currentStep(folder);
  // only a step that asks for a signature is told as read
  const status = step.kind === 'sign' ? READ : WORDS[step.kind].placed;
  return withRows(folder, { at, ...words, status, event: 'read', step: folder.step });
}

/** The step is done, and the folder goes to the next desk or back to its emitter. `paper`: by a hand and a pen. */
export function advanced(folder: DeskFolder, at: number, words: RowWords, paper = false): DeskFolder {
  const status = paper ? PAPER : WORDS[currentStep(folder).kind].done;
  const row: HistoryRow[] = status === null ? [] : [{ at, ...words, status, event: paper ? 'paper' : 'act', step: folder.step }];
  return placed(withRows(folder, ...row), folder.step + 1, at);
}

export function rejected(folder: DeskFolder, at: number, words: RowWords): DeskFolder {
  const status = WORDS[currentStep(folder).kind].rejected;
  return withRows({ ...folder, state: 'rejected' }, { at, ...words, status, event: 'reject', step: folder.step });
}

/** Back to its emitter, as long as nobody has done anything with it. */
export function recalled(folder: DeskFolder, at: number): DeskFolder {
  const touched = folder.history.some(({ event }) => event === 'read' || event === 'act' || event === 'paper');
  if (folder.state !== 'running' || touched) throw new DeskRefusal('not-now', `Le dossier ${folder.id} ne peut plus être récupéré.`);
  return withRows({ ...folder, state: 'recalled' }, { at, actor: folder.emitter, annotation: '', status: WITH_EMITTER, event: 'recall', step: null });
}

/** From its first desk again, after a refusal or a recall. */
export function recycled(folder: DeskFolder, at: number, words: RowWords): DeskFolder {
  if (folder.state !== 'rejected' && folder.state !== 'recalled') throw new DeskRefusal('not-now', `Le dossier ${folder.id} n'a pas été rejeté.`);
  return placed(withRows({ ...folder, state: 'running' }, { at, ...words, status: WITH_EMITTER, event: 'recycle', step: null }), 0, at);
}

/** Into another circuit, after the end of the first. */
export function chained(folder: DeskFolder, at: number, words: RowWords, next: Pick<DeskFolder, 'type' | 'subtype' | 'circuit' | 'format'>): DeskFolder {
  if (folder.state !== 'finished') throw new DeskRefusal('not-now', `Le dossier ${folder.id} n'est pas terminé.`);
  const { type, subtype, circuit, format } = next;
  return placed(withRows({ ...folder, type, subtype, circuit, format, state: 'running' }, { at, ...words, status: WITH_EMITTER, event: 'chain', step: null }), 0, at);
}

/** A row that changes nothing else. */
export function noted(folder: DeskFolder, at: number, words: RowWords, event: 'delay' | 'mark', status?: string): DeskFolder {
  const last = folder.history.at(-1)?.status ?? WITH_EMITTER;
  return withRows(folder, { at, ...words, status: status ?? last, event, step: folder.state === 'running' ? folder.step : null });
}

/** The step that is asked for now. Throws DeskRefusal when the folder lies on no desk. */
export function currentStep(folder: DeskFolder): DeskStep {
  const step = folder.circuit[folder.step];
  if (folder.state !== 'running' || step === undefined) throw new DeskRefusal('not-now', `Le dossier ${folder.id} n'est pas en cours.`);
  return step;
}

/** The status that a search tells: that of the last row. */
export function statusOf({ history }: DeskFolder): string {
  return history.at(-1)?.status ?? WITH_EMITTER;
}

function placed(folder: DeskFolder, step: number, at: number): DeskFolder {
  const next = folder.circuit[step];
  const row = { at, annotation: '' };
  if (next === undefined) return withRows({ ...folder, step, state: 'finished' }, { ...row, actor: folder.emitter, status: FINISHED, event: 'finish', step: null });
  return withRows({ ...folder, step }, { ...row, actor: next.actor, status: WORDS[next.kind].placed, event: 'place', step });
}

function withRows(folder: DeskFolder, ...rows: readonly HistoryRow[]): DeskFolder {
  return { ...folder, history: [...folder.history, ...rows] };
}
