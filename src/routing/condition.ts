import jsonata from 'jsonata';

/** Bounds of one evaluation: a rule decides in microseconds, so what goes beyond is a mistake in the rule. A regular
 * expression is the engine's own and is not bounded by these. */
const BOUNDS = { timeout: 100, stack: 200, sequence: 100_000 };

export interface ConditionMistake {
  /** Characters from the start of the expression. */
  readonly offset: number;
  readonly message: string;
}

/** Checks the syntax of a condition without running it. Returns null when it can be read. */
export function checkCondition(expression: string): ConditionMistake | null {
  try {
    jsonata(expression, BOUNDS);
    return null;
  } catch (error) {
    const { position } = error as { position?: unknown };
    // jsonata counts to the end of the symbol that it could not use.
    const offset = typeof position === 'number' ? Math.max(0, Math.min(position, expression.length) - 1) : 0;
    return { offset, message: reasonOf(error) };
  }
}

/** Compiles a condition into a question about a JSON view. The question rejects when the expression fails, exceeds the
 * bounds, or answers anything but true, false or nothing. Throws when the syntax is wrong (see checkCondition). */
export function compileCondition(expression: string): (view: unknown) => Promise<boolean> {
  const compiled = jsonata(expression, BOUNDS);
  return async (view) => {
    const answer: unknown = await compiled.evaluate(view).catch((error: unknown) => { throw new Error(reasonOf(error), { cause: error }); });
    if (answer === undefined) return false;
    if (typeof answer === 'boolean') return answer;
    throw new Error(`it gives ${kindOf(answer)}, expected true or false`);
  };
}

/** jsonata throws plain objects with a message; some have none. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'the expression fails';
  const { message, code } = error as { message?: unknown; code?: unknown };
  if (typeof message === 'string' && message !== '') return message;
  return typeof code === 'string' ? `the expression fails (${code})` : 'the expression fails';
}

function kindOf(answer: unknown): string {
  if (Array.isArray(answer)) return 'a list';
  if (answer === null) return 'null';
  return typeof answer === 'object' ? 'an object' : `a ${typeof answer}`;
}
