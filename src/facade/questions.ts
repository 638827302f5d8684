import { isFailure, type Refused } from '../connector-api/failures.js';
import type { Timer } from '../delivery/timer.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import { createPatience, type Patience } from './patience.js';
import { createPlaces } from './places.js';

/** Questions to one connector that are asked at the same time. */
const AT_ONCE = 8;
/** Questions that wait for a place beside them. */
const WAITING = 500;
/** A question that took so long is given up, milliseconds: far beyond what a caller waits. */
const LONGEST_MS = 60_000;

/** What came of a question. `slow`: no answer in time, though one may still come. `away`: the other side cannot be asked. */
export type Outcome<Answer> = { readonly answer: Answer; readonly askedAt: number } | { readonly refused: Refused } | 'slow' | 'away';

/** Puts questions to one connector: identical ones together, few at a time, and none while it is away. */
export interface Questions {
  /** Resolves after `waitMs` at the latest; the question then goes on, unless it had not begun and nobody else waits for it. Questions with
   * the same key are one. */
  ask<Answer>(key: string, waitMs: number, question: (signal: AbortSignal) => Promise<Answer>): Promise<Outcome<Answer>>;
  /** As `ask`, for one caller alone; `waitMs` null: who waits as long as it takes. */
  askAlone<Answer>(waitMs: number | null, question: (signal: AbortSignal) => Promise<Answer>): Promise<Outcome<Answer>>;
  /** Gives up what is under way. */
  stop(): void;
}

export interface QuestionParts {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
}

type Question<Answer> = (signal: AbortSignal) => Promise<Answer>;

interface Asked {
  readonly outcome: Promise<Outcome<unknown>>;
  /** Takes it back: true if it had not begun. */
  readonly takeBack: () => boolean;
  readonly stop: () => void;
  callers: number;
}

/** To one connector. */
export function createQuestions(parts: QuestionParts): Questions {
  const patience = createPatience(parts.clock);
  const places = createPlaces(AT_ONCE);
  const asked = new Map<string, Asked>();
  let alone = 0;

  function put<Answer>(key: string, question: Question<Answer>): Asked {
    const controller = new AbortController();
    let takeBack = (): boolean => false;
    let stop = (): void => undefined;
    const outcome = new Promise<Outcome<Answer>>((resolve) => {
      takeBack = places.enter(async () => {
        const answered = await askOnce({ ...parts, patience }, question, controller);
        asked.delete(key);
        resolve(answered);
      });
      stop = () => {
        controller.abort(new Error('Relais stops'));
        if (takeBack()) resolve('away');
      };
    });
    const one: Asked = { outcome, takeBack, stop, callers: 0 };
    asked.set(key, one);
    return one;
  }

  async function within<Answer>(key: string, waitMs: number | null, question: Question<Answer>): Promise<Outcome<Answer>> {
    const same = asked.get(key);
    if (same === undefined && !patience.mayAsk()) return 'away';
    if (same === undefined && places.waiting() >= WAITING) return 'slow';
    const one = same ?? put(key, question);
    one.callers += 1;
    try {
      // The same key is the same question, so its answer is of that type.
      const outcome = one.outcome as Promise<Outcome<Answer>>;
      return waitMs === null ? await outcome : await orSlow(outcome, waitMs, parts.timer);
    } finally {
      one.callers -= 1;
      // Nobody waits for it any more: it is asked only if it is being asked already.
      if (one.callers === 0 && one.takeBack()) asked.delete(key);
    }
  }

  return {
    ask: within,
    askAlone(waitMs, question) {
      alone += 1;
      return within(`alone ${alone}`, waitMs, question);
    },
    stop() {
      for (const one of asked.values()) one.stop();
      asked.clear();
    },
  };
}

async function askOnce<Answer>({ clock, timer, logger, patience }: QuestionParts & { readonly patience: Patience }, question: Question<Answer>, controller: AbortController): Promise<Outcome<Answer>> {
  const askedAt = clock.now();
  const giveUp = timer.after(LONGEST_MS, () => { controller.abort(new Error(`no answer within ${LONGEST_MS} ms`)); });
  try {
    const answer = await abortable(question(controller.signal), controller.signal);
    patience.answered();
    return { answer, askedAt };
  } catch (error) {
    if (isFailure(error) && error.kind === 'refused') {
      patience.answered();
      logger.info('The system behind refused a question', { reason: error.message });
      return { refused: error };
    }
    patience.failed(isFailure(error) && error.kind === 'misconfigured');
    logger.warn('A question to the system behind was not answered', { error });
    return 'away';
  } finally {
    giveUp();
  }
}

/** Ends with the signal even where the question does not heed it. */
function abortable<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => { reject(signal.reason as Error); }, { once: true });
    answer.then(resolve, reject);
  });
}

function orSlow<Answer>(outcome: Promise<Outcome<Answer>>, waitMs: number, timer: Timer): Promise<Outcome<Answer>> {
  return new Promise((resolve) => {
    const cancel = timer.after(waitMs, () => { resolve('slow'); });
    void outcome.then((one) => {
      cancel();
      resolve(one);
    });
  });
}
