import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager, QueryRunner } from 'typeorm';
import type { Engine } from './engine.js';
import { bookmark, takeNotes, type TransactionNotes } from './transaction-notes.js';

/** A work that waits for its turn, with who waits for it. */
export interface QueuedWork {
  run(manager: EntityManager): Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

export interface BatchSettings {
  readonly engine: Omit<Engine, 'close'>;
  readonly writeNotes: (manager: EntityManager, notes: TransactionNotes) => Promise<void>;
  readonly lockWaitMs: number;
}

export interface BatchRunner {
  /** Begins a transaction, takes a batch, runs each work as if it were alone and commits. Resolves with what was committed;
   * the others were told, and so were those of `everybody` if no transaction could begin. */
  run(takeBatch: () => QueuedWork[], everybody: () => QueuedWork[]): Promise<readonly QueuedWork[]>;
}

interface Transaction {
  readonly runner: QueryRunner;
  readonly name: string;
}

const LOCK_RETRY_MS = 20;
/** So often a batch is run that had to give way to other processes. */
const COLLISIONS = 5;

/** One connection, and one transaction at a time. */
export function createBatchRunner({ engine, writeNotes, lockWaitMs }: BatchSettings): BatchRunner {
  let runner: QueryRunner | undefined;

  async function restart(): Promise<void> {
    runner = await engine.restartRunner(runner).catch(() => undefined);
  }

  /** The write lock is asked for at once, so that no work fails half-way for it. */
  async function begin(): Promise<Transaction> {
    for (let waited = 0; ; waited += LOCK_RETRY_MS) {
      try {
        const current = runner ??= engine.writer.createQueryRunner();
        await current.startTransaction();
        return { runner: current, name: await engine.enter(current) };
      } catch (error) {
        await restart();
        if (!engine.isPassing(error) || waited >= lockWaitMs) throw error;
      }
      await pause(LOCK_RETRY_MS);
    }
  }

  /** A commit that got no answer may have taken place. */
  async function commit({ runner: current, name }: Transaction): Promise<void> {
    try {
      await current.commitTransaction();
    } catch (error) {
      if (!await engine.wasCommitted(name)) throw error;
      await restart();
    }
  }

  return {
    async run(takeBatch, everybody) {
      let batch: QueuedWork[] | undefined;
      for (let attempt = 1; ; attempt += 1) {
        try {
          const transaction = await begin();
          batch ??= takeBatch();
          await runAll(engine, transaction.runner, batch);
          await writeNotes(transaction.runner.manager, takeNotes(transaction.runner.manager));
          await commit(transaction);
          return batch;
        } catch (error) {
          await restart();
          if (engine.isCollision(error) && attempt < COLLISIONS) continue;
          const reason = engine.asStoreError(error);
          // without a transaction nobody who waits can be served: they are told now, not one batch after the other
          for (const work of batch ?? everybody()) work.reject(reason);
          return [];
        }
      }
    },
  };
}

/** Runs each work in a savepoint of its own. Works that fail are told and leave the batch. */
async function runAll(engine: BatchSettings['engine'], runner: QueryRunner, batch: QueuedWork[]): Promise<void> {
  takeNotes(runner.manager);
  for (const work of [...batch]) {
    const succeeded = await runInSavepoint(engine, runner, work);
    if (!succeeded) batch.splice(batch.indexOf(work), 1);
  }
}

/** False if the work failed and was undone. Errors of the engine as a whole (disk full, connection lost) end the batch
 * instead: all of it may have been rolled back already. */
async function runInSavepoint(engine: BatchSettings['engine'], runner: QueryRunner, work: QueuedWork): Promise<boolean> {
  const forget = bookmark(runner.manager);
  await runner.startTransaction();
  try {
    await work.run(runner.manager);
  } catch (error) {
    if (engine.isCollision(error) || engine.asStoreError(error) !== error) throw error;
    await runner.rollbackTransaction();
    forget();
    work.reject(error);
    return false;
  }
  await runner.commitTransaction();
  return true;
}
