import type { Deliberation } from '../connector-api/deliberation.js';
import { isFailure } from '../connector-api/failures.js';

/** What a question to a system behind was, and what came of it. */
export interface CountedQuestion {
  readonly question: keyof Deliberation<unknown>;
  readonly outcome: 'answered' | 'refused' | 'misconfigured' | 'away';
}

/** The same reading side, with every question counted once it has ended. */
export function countQuestions(deliberation: Deliberation<unknown>, count: (counted: CountedQuestion) => void): Deliberation<unknown> {
  async function counted<Answer>(question: CountedQuestion['question'], answer: Promise<Answer>): Promise<Answer> {
    try {
      const given = await answer;
      count({ question, outcome: 'answered' });
      return given;
    } catch (error) {
      count({ question, outcome: outcomeOf(error) });
      throw error;
    }
  }

  return {
    directory: (...asked) => counted('directory', deliberation.directory(...asked)),
    user: (...asked) => counted('user', deliberation.user(...asked)),
    item: (...asked) => counted('item', deliberation.item(...asked)),
    isLinked: (...asked) => counted('isLinked', deliberation.isLinked(...asked)),
    annexContent: (...asked) => counted('annexContent', deliberation.annexContent(...asked)),
    document: (...asked) => counted('document', deliberation.document(...asked)),
    async *search(...asked) {
      let outcome: CountedQuestion['outcome'] = 'answered';
      try {
        yield* deliberation.search(...asked);
      } catch (error) {
        outcome = outcomeOf(error);
        throw error;
      } finally {
        count({ question: 'search', outcome });
      }
    },
  };
}

/** What is given up, or breaks, got no answer. */
function outcomeOf(error: unknown): CountedQuestion['outcome'] {
  if (!isFailure(error)) return 'away';
  return error.kind === 'refused' || error.kind === 'misconfigured' ? error.kind : 'away';
}
