import type { EntityManager } from 'typeorm';
import { RelaisError } from '../errors.js';
import type { Dialect, Engine } from './engine.js';
import { createBatchRunner } from './transaction-batch.js';
import type { QueuedWork } from './transaction-batch.js';
import type { TransactionNotes } from './transaction-notes.js';

type Work<T> = (manager: EntityManager) => Promise<T>;

export interface WriteOrder {
  /** Before the works that wait already: for one that waits for other processes, so that it holds nothing that they may want. */
  readonly first?: boolean;
}

/** The one way to the database. TypeORM has a single SQLite connection, and whatever runs while a transaction is open
 * runs inside it; so nothing else may touch the data sources. */
export interface TransactionDoor {
  readonly dialect: Dialect;
  /** Runs `work` alone, in a transaction of its own as far as it can tell. Resolves after the commit is on disk. A
   * failing work is undone and rejects alone. Throws RELAIS_STORE_UNAVAILABLE when nothing can be written now.
   * `work` must only await the database: a network call would hold up everybody. It may be run more than once, if its
   * transaction had to give way to another process, and so must change nothing but the database. */
  write<T>(work: Work<T>, order?: WriteOrder): Promise<T>;
  /** Reads what is committed, without waiting for writers. May be run twice, if the connection was lost. */
  read<T>(work: Work<T>): Promise<T>;
  /** Lets the queue run empty, then refuses further writes. */
  close(): Promise<void>;
}

export interface DoorSettings {
  readonly engine: Omit<Engine, 'close'>;
  /** Writes what the works of a batch noted, just before the commit; if it fails, so do all of them. */
  readonly writeNotes: (manager: EntityManager, notes: TransactionNotes) => Promise<void>;
  /** How long to ask again for a lock that another program holds, or for a server that restarts, milliseconds. */
  readonly lockWaitMs?: number | undefined;
}

/** Works that share one commit: enough to spread the cost of a flush, few enough to answer soon. */
const BATCH_LIMIT = 64;
const LOCK_WAIT_MS = 5000;

/** Opens the door to a database: works that arrive together are committed together. */
export function openDoor({ engine, writeNotes, lockWaitMs = LOCK_WAIT_MS }: DoorSettings): TransactionDoor {
  const queue: QueuedWork[] = [];
  const batches = createBatchRunner({ engine, writeNotes, lockWaitMs });
  let draining: Promise<void> | undefined;
  /** The flush under way: one at a time, while the next batch is already written. */
  let confirming: Promise<void> | undefined;
  let closed = false;
  /** Why nothing more can be written: see confirm. */
  let broken: RelaisError | undefined;

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      await nextTurn();
      const committed = await batches.run(() => queue.splice(0, BATCH_LIMIT), () => queue.splice(0));
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
      await engine.makeDurable();
      for (const work of committed) work.resolve();
    } catch (error) {
      broken ??= new RelaisError('RELAIS_STORE_UNAVAILABLE', 'the disk did not confirm a write; restart Relais when the disk is sound', { cause: error });
      for (const work of [...committed, ...queue.splice(0)]) work.reject(broken);
    }
  }

  return {
    dialect: engine.dialect,
    write(work, { first = false } = {}) {
      const refusal = closed ? new RelaisError('RELAIS_STOPPING', 'the store is closed') : broken;
      if (refusal !== undefined) return Promise.reject(refusal);
      return new Promise((resolve, reject) => {
        const own = queued(work, resolve, reject);
        if (first) queue.unshift(own);
        else queue.push(own);
        draining ??= drain();
      });
    },
    async read(work) {
      const { manager } = engine.reader;
      try {
        return await work(manager).catch((error: unknown) => {
          if (!engine.isPassing(error)) throw error;
          return work(manager);
        });
      } catch (error) {
        throw engine.asStoreError(error);
      }
    },
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
    async run(manager) { result = await work(manager); },
    resolve: () => resolve(result),
    reject,
  };
}

/** Requests that the event loop is about to deliver join the batch. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
