import type { Collector } from '../collect/collector.js';
import type { Installation } from './installation.js';

/** Has the engine ask at once about what was sent to a connector whose simulated other side has news, and what waits there collected. */
export function askOfNews({ store: { operations }, wakeEngine, logger }: Pick<Installation, 'store' | 'wakeEngine' | 'logger'>, collector: Pick<Collector, 'hurry'> | null): (authority: string, connector: string) => void {
  async function ask(authority: string, connector: string): Promise<void> {
    if (await operations.ask(authority, { connector, state: ['sent'] }) > 0) wakeEngine();
  }

  return (authority, connector) => {
    collector?.hurry({ authority, connector });
    ask(authority, connector).catch((error: unknown) => { logger.warn('What was sent could not be asked about at once; it is in its turn', { authority, connector, error }); });
  };
}
