import { createTurnstile } from '../../identity/turnstile.js';
import type { FileGroup, Groups } from './group-files.js';
import type { DepositOutcome, Refusal } from '../outcome.js';
import { createProgress } from '../progress.js';
import { FileHeld } from './put-away.js';
import { FileUnreadable } from './read-file.js';
import { refuseFiles, takeGroup, type GroupParts } from './take-group.js';
import { troubleOf } from './trouble.js';
import type { WatchParts } from './watch-folder.js';

/** Files of one folder that are under way at the same time. */
const WIDTH = 16;
/** Files that a manifest names may come so much later than the last of those that came. */
const INCOMPLETE_MS = 3_600_000;
/** A file that cannot be read may be held by the program that writes it; after this it is refused. */
const UNREADABLE_MS = 60_000;
/** What failed for a reason that nobody foresaw is left alone for so long. */
const REST_MS = 60_000;

/** Takes the groups of one look after the other, some at a time. Resolves with how many files went. Rejects with what keeps all of them from being taken, once those under way are through. */
export function createGroupTaker(parts: WatchParts): (groups: Groups, isStopping: () => boolean) => Promise<number> {
  const { time, logger, turnstile } = parts;
  const groupParts: GroupParts = { ...parts, onReceived: () => { parts.onTaken('received'); }, onProgress: createProgress(logger, () => time.now()), oneAtATime: createTurnstile(1) };
  const failures = createFailures(() => time.now());
  let gone = 0;
  const overdue = createPatience(() => time.now());

  async function take(group: FileGroup): Promise<void> {
    if (failures.isResting(group.name)) return;
    try {
      const outcome = await takeGroup(group, groupParts);
      failures.forget(group.name);
      if (outcome.state === 'changed') return;
      gone += group.files.length + (group.manifest === null ? 0 : 1) + group.beside.length;
      tell(group.name, outcome, parts);
    } catch (error) {
      if (troubleOf(error) !== null) throw error;
      await fail(group, error);
    }
  }

  async function fail({ name, beside, manifest }: FileGroup, error: unknown): Promise<void> {
    const lasted = failures.lasted(name);
    if (error instanceof FileHeld) {
      if (lasted === 0) logger.warn('A deposited file cannot be moved; it stays where it is, and it is tried again', { file: name, reason: error.message });
      failures.note(name, REST_MS);
    } else if (!(error instanceof FileUnreadable)) {
      logger.error('A deposited file could not be taken; it stays where it is', { file: name, error });
      failures.note(name, REST_MS);
    } else if (lasted < UNREADABLE_MS) {
      failures.note(name, 0);
    } else {
      await refuse(name, [name, ...(manifest?.said.files.map((file) => file.name) ?? []), ...beside], { code: 'unreadable', about: error.message, findings: [] });
    }
  }

  async function refuse(name: string, files: readonly string[], refusal: Refusal): Promise<void> {
    try {
      await refuseFiles(name, [...new Set(files)], refusal, groupParts);
    } catch (error) {
      if (!(error instanceof FileHeld)) throw error;
      failures.note(name, REST_MS);
      return;
    }
    failures.forget(name);
    gone += files.length;
    tell(name, { state: 'refused', refusal }, parts);
  }

  return async ({ ready, broken, waiting }, isStopping) => {
    gone = 0;
    failures.keepOnly(new Set(ready.map(({ name }) => name)));
    for (const { name, mistake, beside } of broken) await refuse(name, [name, ...beside], { code: 'manifest', about: mistake, findings: [] });
    for (const [name, { missing, present }] of overdue(waiting)) await refuse(name, [name, ...present], { code: 'incomplete', about: missing.join(', '), findings: [] });
    await someAtATime(ready, isStopping, (group) => turnstile(() => take(group)));
    return gone;
  };
}

/** Until there is trouble; rejects with it once the tasks under way are through. */
async function someAtATime(groups: readonly FileGroup[], isStopping: () => boolean, task: (group: FileGroup) => Promise<void>): Promise<void> {
  const queue = groups.values();
  let trouble: { readonly error: unknown } | undefined;
  await Promise.all(Array.from({ length: WIDTH }, async () => {
    for (const group of queue) {
      if (isStopping() || trouble !== undefined) return;
      await task(group).catch((error: unknown) => { trouble = { error }; });
    }
  }));
  if (trouble !== undefined) throw trouble.error;
}

function tell(file: string, outcome: DepositOutcome, { logger, onTaken }: WatchParts): void {
  if (outcome.state !== 'received') onTaken(outcome.state);
  if (outcome.state === 'refused') logger.info('A deposited file was refused', { file, reason: outcome.refusal.code, findings: outcome.refusal.findings.length });
  else logger.info('A deposited file was taken', { file, state: outcome.state, item: outcome.uid });
}

/** What fails, since when, and until when it is left alone. */
function createFailures(now: () => number) {
  const failing = new Map<string, { readonly since: number; readonly until: number }>();
  return {
    isResting: (name: string): boolean => (failing.get(name)?.until ?? -Infinity) > now(),
    /** Since the first failure, milliseconds; 0: it never failed. */
    lasted(name: string): number {
      const since = failing.get(name)?.since;
      return since === undefined ? 0 : now() - since;
    },
    note(name: string, restMs: number): void { failing.set(name, { since: failing.get(name)?.since ?? now(), until: now() + restMs }); },
    forget(name: string): void { failing.delete(name); },
    keepOnly(names: ReadonlySet<string>): void { for (const name of failing.keys()) if (!names.has(name)) failing.delete(name); },
  };
}

/** Returns those manifests for whose files nobody waits any longer. */
function createPatience(now: () => number): (waiting: Groups['waiting']) => Groups['waiting'] {
  let since = new Map<string, { readonly at: number; readonly present: number }>();
  return (waiting) => {
    since = new Map([...waiting].map(([name, { present }]) => {
      const before = since.get(name);
      return [name, before?.present === present.length ? before : { at: now(), present: present.length }];
    }));
    return new Map([...waiting].filter(([name]) => now() - (since.get(name)?.at ?? 0) >= INCOMPLETE_MS));
  };
}
