import type { Authority } from '../domain/authority.js';
import type { ConfigBackend } from '../domain/meeting-config.js';
import type { Refused } from '../connector-api/failures.js';
import { createCopies, type Copies, type CopiesParts, type Copy } from './copies.js';
import { createQuestions, type Outcome, type QuestionParts, type Questions } from './questions.js';
import type { Upstream, UpstreamOf } from './upstream.js';

/** How fresh what is answered is. `fresh`: as it is over there, or was a moment ago. `copy`: as it was read before, because the answer
 * takes too long. `away`: likewise, because nobody can be asked. */
export type Freshness = 'fresh' | 'copy' | 'away';

/** What was seen, and how fresh that is. */
export interface Seen<Value> extends Copy<Value> {
  readonly freshness: Freshness;
}

/** What a look may cost, and what it may answer. */
export interface LookLimits extends Pick<ConfigBackend, 'freshForMs' | 'readTimeoutMs'> {
  /** Copies from before this (epoch milliseconds) are not fresh: something is known to have happened since. */
  readonly notBefore: number;
}

/** A question to the system behind. */
export type Call<Answer> = (upstream: Upstream, signal: AbortSignal) => Promise<Answer>;

/** Looks at what connectors of one authority have over there, with copies for what was looked at before. */
export interface Look {
  /** Whatever is known: fresh, or a copy. `refused`: it will never be answered. `slow` and `away`: no copy either. The value is plain
   * JSON; `key` names the question. */
  see<Value>(connector: string, key: readonly string[], limits: LookLimits, call: Call<Value>): Promise<Seen<Value> | { readonly refused: Refused } | 'slow' | 'away'>;
  /** Asks, without copies. */
  ask<Answer>(connector: string, key: readonly string[], waitMs: number, call: Call<Answer>): Promise<Outcome<Answer>>;
  /** Asks for one caller alone; `waitMs` null: who waits as long as it takes. */
  askAlone<Answer>(connector: string, waitMs: number | null, call: Call<Answer>): Promise<Outcome<Answer>>;
  /** Keeps what was read and is not kept yet. */
  settled(): Promise<void>;
  stop(): void;
}

export interface LookParts extends QuestionParts, Omit<CopiesParts, 'store'> {
  readonly authority: Authority['id'];
  readonly copies: CopiesParts['store'];
  readonly upstreamOf: UpstreamOf;
}

interface Side { readonly questions: Questions; readonly copies: Copies }

/** For one authority; each of its connectors has questions and copies of its own. */
export function createLook(parts: LookParts): Look {
  const { authority, copies: store, upstreamOf, clock, timer } = parts;
  const sides = new Map<string, Side>();

  function sideOf(connector: string): Side {
    const logger = parts.logger.child({ connector });
    const side = sides.get(connector) ?? { questions: createQuestions({ ...parts, logger }), copies: createCopies(authority, connector, { store, clock, timer, logger }) };
    sides.set(connector, side);
    return side;
  }

  async function through<Answer>(connector: string, put: (upstream: Upstream, questions: Questions) => Promise<Outcome<Answer>>): Promise<Outcome<Answer>> {
    const upstream = upstreamOf(connector);
    return upstream === undefined ? 'away' : await put(upstream, sideOf(connector).questions);
  }

  function ask<Answer>(connector: string, key: readonly string[], waitMs: number, call: Call<Answer>): Promise<Outcome<Answer>> {
    return through(connector, (upstream, questions) => questions.ask(JSON.stringify(key), waitMs, (signal) => call(upstream, signal)));
  }

  return {
    ask,
    async see<Value>(connector: string, key: readonly string[], { freshForMs, readTimeoutMs, notBefore }: LookLimits, call: Call<Value>) {
      const { copies } = sideOf(connector);
      const name = JSON.stringify(key);
      // What is kept under a name is what the same call answered before.
      const recent = copies.recent(name) as Copy<Value> | undefined;
      if (recent !== undefined && recent.at >= notBefore && clock.now() - recent.at < freshForMs) return { ...recent, freshness: 'fresh' };
      const outcome = await ask(connector, key, readTimeoutMs, async (upstream, signal) => {
        const at = clock.now();
        const value = await call(upstream, signal);
        copies.put(name, { value, at });
        return value;
      });
      if (typeof outcome === 'object') return 'refused' in outcome ? outcome : { value: outcome.answer, at: outcome.askedAt, freshness: 'fresh' };
      const copy = await copies.any(name) as Copy<Value> | undefined;
      return copy === undefined ? outcome : { ...copy, freshness: outcome === 'slow' ? 'copy' : 'away' };
    },
    askAlone: (connector, waitMs, call) => through(connector, (upstream, questions) => questions.askAlone(waitMs, (signal) => call(upstream, signal))),
    async settled() {
      for (const { copies } of sides.values()) await copies.settled();
    },
    stop() {
      for (const { questions } of sides.values()) questions.stop();
    },
  };
}
