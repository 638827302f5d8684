import type { Installation } from './installation.js';

/** As many as a person looks at; what is beyond them is asked about in its turn. */
const ASKED = 500;

/** Has the engine ask at once about what was sent to a connector whose simulated other side has news. */
export function askOfNews({ store: { operations }, wakeEngine, logger }: Pick<Installation, 'store' | 'wakeEngine' | 'logger'>): (authority: string, connector: string) => void {
  async function ask(authority: string, connector: string): Promise<void> {
    const sent = await operations.list(authority, { connector, state: ['sent'] }, { limit: ASKED });
    const asked = await operations.askNow(authority, connector, sent.flatMap(({ remoteReference }) => remoteReference ?? []));
    if (asked > 0) wakeEngine();
  }

  return (authority, connector) => {
    ask(authority, connector).catch((error: unknown) => { logger.warn('What was sent could not be asked about at once; it is in its turn', { authority, connector, error }); });
  };
}
