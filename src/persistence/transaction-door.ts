import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { RelaisError } from '../errors.js';
import { asStoreError, isBusy, restartRunner, TAKE_WRITE_LOCK } from './sqlite-dialect.js';

/** Puts a task off until just before the commit, for what is cheaper done together; if it fails, so do all works of that
 * commit. */
export type Lastly = (task: () => Promise<void>) => void;

type Work<T> = (manager: EntityManager, lastly: Lastly) => Promise<T>;

/** The one way to the database. TypeORM has a single SQLite connection, and whatever runs while a transaction is open
 * runs inside it; so nothing else may touch the data sources. */
export interface TransactionDoor {
  /** Runs `work` alone, in a transaction of its own as far as it can tell. Resolves after the commit is on disk. A
   * failing work is undone and rejects alone. Throws RELAIS_STORE_UNAVAILABLE when nothing can be written now.
   * `work` must only await the database: a network call would hold up everybody. */
  write<T>(work: Work<T>): Promise<T>;
  /** Reads what is committed, without waiting for writers. */
  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  /** Lets the queue run empty, then refuses further writes. */
  close(): Promise<void>;
}

export interface DoorSettings {
  readonly writer: DataSource;
  readonly reader: DataSource;
  /** Resolves once all that is committed survives a power loss. It runs beside the event loop: the commit itself does
   * not wait for the disk, so that requests go on being read meanwhile. */
  readonly makeDurable: () => Promise<void>;
  /** How long to ask again for a lock that another program holds, milliseconds. */
  readonly lockWaitMs?: number | undefined;
}

interface QueuedWork {
  run(manager: EntityManager, lastly: Lastly): Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/** Works that share one commit: enough to spread the cost of a flush, few enough to answer soon. */
const BATCH_LIMIT = 64;
const LOCK_WAIT_MS = 5000;
const LOCK_RETRY_MS = 20;

/** Opens the door over two connections to the same database: works that arrive together are committed together. */
export function openDoor(settings: DoorSettings): TransactionDoor {
  const lockWaitMs = settings.lockWaitMs ?? LOCK_WAIT_MS;
  const queue: QueuedWork[] = [];
  let runner: QueryRunner | undefined;
  let draining: Promise<void> | undefined;
  /** The flush under way: one at a time, while the next batch is already written. */
  let confirming: Promise<void> | undefined;
  let closed = false;
  /** Why nothing more can be written: see confirm. */
  let broken: RelaisError | undefined;

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      await nextTurn();
      const committed = await runBatch();
      await confirming;
      confirming = confirm(committed);
    }
    draining = undefined;
  }

  /** After a failed flush nobody knows what the disk has, and asking again may wrongly succeed; only a restart, which
   * reads the database anew, can tell. So nothing is written any more. */
  async function confirm(committed: readonly QueuedWork[]): Promise<void> {
    try {
      if (broken !== undefined) throw broken;
      await settings.makeDurable();
      for (const work of committed) work.resolve();
    } catch (error) {
      broken ??= new RelaisError('RELAIS_STORE_UNAVAILABLE', 'the disk did not confirm a write; restart Relais when the disk is sound', { cause: error });
      for (const work of [...committed, ...queue.splice(0)]) work.reject(broken);
    }
  }

  /** Resolves with what was committed; the others were told. */
  async function runBatch(): Promise<readonly QueuedWork[]> {
    let batch: readonly QueuedWork[] = [];
    try {
      await begin(runner ??= settings.writer.createQueryRunner(), lockWaitMs);
      batch = queue.splice(0, BATCH_LIMIT);
      return await commitTogether(runner, batch);
    } catch (error) {
      const reason = asStoreError(error);
      // without a transaction nobody who waits can be served: they are told now, not one batch after the other
      for (const work of batch.length > 0 ? batch : queue.splice(0)) work.reject(reason);
      runner = await restartRunner(settings.writer).catch(() => undefined);
      return [];
    }
  }

  return {
    write(work) {
      const refusal = closed ? new RelaisError('RELAIS_STOPPING', 'the store is closed') : broken;
      if (refusal !== undefined) return Promise.reject(refusal);
      return new Promise((resolve, reject) => {
        queue.push(queued(work, resolve, reject));
        draining ??= drain();
      });
    },
    read: (work) => work(settings.reader.manager).catch((error: unknown) => { throw asStoreError(error); }),
    async close() {
      closed = true;
      await draining;
      await confirming;
    },
  };
}

function queued<T>(work: Work<T>, resolve: (value: T) => void, reject: (error: unknown) => void): QueuedWork {
  let result: T;
  return {
    async run(manager, lastly) { result = await work(manager, lastly); },
    resolve: () => resolve(result),
    reject,
  };
}

/** Requests that the event loop is about to deliver join the batch. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** TypeORM begins a deferred transaction; the write lock is asked for at once, so that no work fails half-way for it. */
async function begin(runner: QueryRunner, waitMs: number): Promise<void> {
  for (let waited = 0; ; waited += LOCK_RETRY_MS) {
    await runner.startTransaction();
    try {
      await runner.query(TAKE_WRITE_LOCK);
      return;
    } catch (error) {
      await runner.rollbackTransaction();
      if (!isBusy(error) || waited >= waitMs) throw error;
    }
    await pause(LOCK_RETRY_MS);
  }
}

/** Runs each work in a savepoint of its own, then what they put off, and commits. Resolves with those that succeeded. */
async function commitTogether(runner: QueryRunner, batch: readonly QueuedWork[]): Promise<QueuedWork[]> {
  const succeeded: QueuedWork[] = [];
  const last: (() => Promise<void>)[] = [];
  for (const work of batch) {
    const tasks = await runInSavepoint(runner, work);
    if (tasks === null) continue;
    succeeded.push(work);
    last.push(...tasks);
  }
  for (const task of last) await task();
  await runner.commitTransaction();
  return succeeded;
}

/** The tasks that the work put off, or null if it failed and was undone. Errors of the engine as a whole (disk full) end
 * the batch instead: SQLite may have rolled back all of it already. */
async function runInSavepoint(runner: QueryRunner, work: QueuedWork): Promise<(() => Promise<void>)[] | null> {
  const tasks: (() => Promise<void>)[] = [];
  await runner.startTransaction();
  try {
    await work.run(runner.manager, (task) => tasks.push(task));
  } catch (error) {
    if (asStoreError(error) !== error) throw error;
    await runner.rollbackTransaction();
    work.reject(error);
    return null;
  }
  await runner.commitTransaction();
  return tasks;
}
