import type { Collector } from '../collect/collector.js';
import { systemTimer, type Timer } from '../delivery/timer.js';
import type { Installation } from './installation.js';

/** What is being handed over when the news come is looked at again so often, and so many times; it is asked about once it is sent. */
const LOOK_EVERY_MS = 1_000;
const MOST_LOOKS = 60;

/** More are not under way at once. */
const MOST_SENDING = 1_000;

export interface NewsDesk {
  /** The simulated other side of a connector has news. */
  tell(authority: string, connector: string): void;
  /** Looks at nothing any more. */
  stop(): void;
}

type Parts = Pick<Installation, 'wakeEngine' | 'logger'> & { readonly store: { readonly operations: Pick<Installation['store']['operations'], 'ask' | 'list'> } };

/** Has the engine ask at once about what was sent to a connector whose simulated other side has news, and what waits there collected. The news
 * may be about what the engine is just about to write down as sent. */
export function askOfNews({ store: { operations }, wakeEngine, logger }: Parts, collector: Pick<Collector, 'hurry'> | null, timer: Timer = systemTimer): NewsDesk {
  const waiting = new Set<() => void>();
  let stopped = false;

  async function ask(authority: string, connector: string): Promise<void> {
    // First: what is sent by the time that it is asked about is not asked about again.
    const sending = await stillSending(authority, { connector });
    if (await operations.ask(authority, { connector, state: ['sent'] }) > 0) wakeEngine();
    lookAgain(authority, connector, sending, MOST_LOOKS);
  }

  async function askOnceSent(authority: string, connector: string, ids: readonly string[], looks: number): Promise<void> {
    const sending = await stillSending(authority, { ids });
    const over = ids.filter((id) => !sending.includes(id));
    if (over.length > 0 && await operations.ask(authority, { ids: over, state: ['sent'] }) > 0) wakeEngine();
    lookAgain(authority, connector, sending, looks);
  }

  function lookAgain(authority: string, connector: string, ids: readonly string[], looks: number): void {
    if (ids.length === 0 || looks === 0 || stopped) return;
    const cancel = timer.after(LOOK_EVERY_MS, () => {
      waiting.delete(cancel);
      orWarn(authority, connector, askOnceSent(authority, connector, ids, looks - 1));
    });
    waiting.add(cancel);
  }

  async function stillSending(authority: string, meant: { readonly connector: string } | { readonly ids: readonly string[] }): Promise<readonly string[]> {
    return (await operations.list(authority, { ...meant, state: ['sending'] }, { limit: MOST_SENDING })).map(({ id }) => id);
  }

  function orWarn(authority: string, connector: string, asking: Promise<void>): void {
    asking.catch((error: unknown) => { logger.warn('What was sent could not be asked about at once; it is in its turn', { authority, connector, error }); });
  }

  return {
    tell(authority, connector) {
      collector?.hurry({ authority, connector });
      orWarn(authority, connector, ask(authority, connector));
    },
    stop() {
      stopped = true;
      for (const cancel of waiting) cancel();
    },
  };
}
