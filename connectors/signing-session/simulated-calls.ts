const PATIENCE_MS = 5_000;

/** How calls back arrive: once, twice, not at all, or not before `release`, the last one first. */
export const CALLING = ['once', 'twice', 'lost', 'held'] as const;
export type Calling = (typeof CALLING)[number];

/** Calls that the simulated partner makes. */
export interface SimulatedCalls {
  how: Calling;
  make(url: string, body: object): void;
  /** Makes those that were held, the last one first. */
  release(): void;
  /** Resolves when all that were made have ended. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export function simulatedCalls(say: (line: string) => void): SimulatedCalls {
  const underWay = new Set<Promise<void>>();
  const closed = new AbortController();
  const held: (() => void)[] = [];

  async function call(url: string, body: string): Promise<void> {
    try {
      const { status } = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.any([closed.signal, AbortSignal.timeout(PATIENCE_MS)]) });
      say(`called back: ${status}`);
    } catch (error) {
      say(`nobody was there to be called back: ${String(error)}`);
    }
  }

  function start(url: string, body: string): void {
    const work = call(url, body).finally(() => underWay.delete(work));
    underWay.add(work);
  }

  const settled = async (): Promise<void> => { while (underWay.size > 0) await Promise.all(underWay); };
  const calls: SimulatedCalls = {
    how: 'once',
    make(url, body) {
      const text = JSON.stringify(body);
      if (calls.how === 'held') held.push(() => { start(url, text); });
      else for (let left = { once: 1, twice: 2, lost: 0 }[calls.how]; left > 0; left -= 1) start(url, text);
    },
    release() {
      for (const begin of held.splice(0).toReversed()) begin();
    },
    settled,
    async close() {
      closed.abort();
      await settled();
    },
  };
  return calls;
}
