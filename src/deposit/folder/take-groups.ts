import { createTurnstile } from '../../identity/turnstile.js';
import type { FileGroup, Groups } from './group-files.js';
import type { Refusal } from '../outcome.js';
import { createProgress } from '../progress.js';
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

interface Failing {
  readonly since: number;
  readonly until: number;
}

/** Takes the groups of one look after the other, some at a time. Resolves with how many files went. Rejects with what keeps all of them from being taken, once those under way are through. */
export function createGroupTaker(parts: WatchParts): (groups: Groups, isStopping: () => boolean) => Promise<number> {
  const { time, logger, turnstile } = parts;
  const groupParts: GroupParts = { ...parts, onProgress: createProgress(logger, () => time.now()), oneAtATime: createTurnstile(1) };
  let failing = new Map<string, Failing>();
  let gone = 0;
  const overdue = createPatience(() => time.now());

  async function take(group: FileGroup): Promise<void> {
    if ((failing.get(group.name)?.until ?? -Infinity) > time.now()) return;
    try {
      const outcome = await takeGroup(group, groupParts);
      failing.delete(group.name);
      if (outcome.state === 'changed') return;
      gone += group.files.length + (group.manifest === null ? 0 : 1) + group.beside.length;
      parts.onTaken(outcome.state);
      if (outcome.state === 'refused') logger.info('A deposited file was refused', { file: group.name, reason: outcome.refusal.code, findings: outcome.refusal.findings.length });
      else logger.info('A deposited file was taken', { file: group.name, state: outcome.state, item: outcome.uid });
    } catch (error) {
      if (troubleOf(error) !== null) throw error;
      await fail(group, error);
    }
  }

  async function fail({ name, beside, manifest }: FileGroup, error: unknown): Promise<void> {
    const since = failing.get(name)?.since ?? time.now();
    if (!(error instanceof FileUnreadable)) {
      logger.error('A deposited file could not be taken; it stays where it is', { file: name, error });
      failing.set(name, { since, until: time.now() + REST_MS });
    } else if (time.now() - since < UNREADABLE_MS) {
      failing.set(name, { since, until: time.now() });
    } else {
      await refuse(name, [name, ...(manifest?.said.files.map((file) => file.name) ?? []), ...beside], { code: 'unreadable', about: error.message, findings: [] });
    }
  }

  async function refuse(name: string, files: readonly string[], refusal: Refusal): Promise<void> {
    await refuseFiles(name, [...new Set(files)], refusal, groupParts);
    failing.delete(name);
    gone += files.length;
    parts.onTaken('refused');
    logger.info('A deposited file was refused', { file: name, reason: refusal.code });
  }

  return async ({ ready, broken, waiting }, isStopping) => {
    gone = 0;
    failing = new Map([...failing].filter(([name]) => ready.some((group) => group.name === name)));
    for (const { name, mistake, beside } of broken) await refuse(name, [name, ...beside], { code: 'manifest', about: mistake, findings: [] });
    for (const [name, { missing, present }] of overdue(waiting)) await refuse(name, [name, ...present], { code: 'incomplete', about: missing.join(', '), findings: [] });
    const queue = ready.values();
    let trouble: { readonly error: unknown } | undefined;
    await Promise.all(Array.from({ length: WIDTH }, async () => {
      for (const group of queue) {
        if (isStopping() || trouble !== undefined) return;
        await turnstile(() => take(group)).catch((error: unknown) => { trouble = { error }; });
      }
    }));
    if (trouble !== undefined) throw trouble.error;
    return gone;
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
