import type { ServedAuthority } from './serve-authority.js';

/** What looks into something outside for as long as it is configured: folders, mailboxes. */
export interface Watches {
  /** Looks into what these authorities say, and into nothing else. What is under way ends first. */
  follow(served: readonly ServedAuthority[]): Promise<void>;
  stop(): Promise<void>;
}

/** Nothing is looked into yet. `forget`: the figures of before are of no use any more. */
export function createWatches(start: (served: ServedAuthority) => readonly { stop(): Promise<void> }[], forget: () => void): Watches {
  let running: readonly { stop(): Promise<void> }[] = [];

  async function stop(): Promise<void> {
    await Promise.all(running.map((watch) => watch.stop()));
    running = [];
  }
  return {
    stop,
    async follow(served) {
      await stop();
      forget();
      running = served.flatMap(start);
    },
  };
}
