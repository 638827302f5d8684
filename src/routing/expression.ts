import jsonata from 'jsonata';

/** Bounds of one evaluation: a rule decides in microseconds, so what goes beyond is a mistake in the rule. A regular
 * expression is the engine's own and is not bounded by these: one with nested repetitions (`(a+)+`) can stop the process,
 * so only those who may edit the configuration write expressions. */
const BOUNDS = { timeout: 100, stack: 200, sequence: 100_000 };

/** Texts kept compiled. Flows come from the store as well, as new objects each time, so the text is the key. Enough for
 * 500 flows of ten fields twice over, during a reload; then the oldest goes. */
const KEPT = 10_000;
const compiled = new Map<string, Expression>();

export interface Expression {
  /** Rejects with an Error in words that an administrator can use: the expression fails, or exceeds the bounds. */
  evaluate(view: unknown): Promise<unknown>;
  /** As jsonata reads it. */
  readonly tree: ExpressionNode;
}

/** A part of an expression, as far as it is looked at here (AST of jsonata 2). `position` is the end of its token. */
export interface ExpressionNode {
  readonly type: string;
  readonly value?: unknown;
  readonly position?: number;
  readonly [part: string]: unknown;
}

export interface ExpressionMistake {
  /** Characters from the start of the expression. */
  readonly offset: number;
  readonly message: string;
}

/** Compiles JSONata, or finds it compiled. Throws what checkExpression reports when it cannot be read. */
export function compileExpression(text: string): Expression {
  let expression = compiled.get(text);
  if (expression === undefined) {
    expression = compile(text);
    if (compiled.size >= KEPT) for (const oldest of compiled.keys()) { compiled.delete(oldest); break; }
    compiled.set(text, expression);
  }
  return expression;
}

/** Checks the syntax without running it. Returns null when it can be read. */
export function checkExpression(text: string): ExpressionMistake | null {
  try {
    compileExpression(text);
    return null;
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { position?: unknown } };
    const position = cause?.position;
    // jsonata counts to the end of the symbol that it could not use.
    const offset = typeof position === 'number' ? Math.max(0, Math.min(position, text.length) - 1) : 0;
    return { offset, message };
  }
}

/** What a value is, for a message: `a list`, `a text`. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'function' || isJsonataFunction(value)) return 'a function';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

function compile(text: string): Expression {
  const read = parse(text);
  return {
    evaluate: async (view) => {
      try {
        const answer: unknown = await read.evaluate(view);
        return answer;
      } catch (error) {
        throw new Error(reasonOf(error), { cause: error });
      }
    },
    tree: read.ast() as unknown as ExpressionNode,
  };
}

function parse(text: string): jsonata.Expression {
  try {
    return jsonata(text, BOUNDS);
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
}

/** jsonata throws plain objects with a message; some have none. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'the expression fails';
  const { message, code } = error as { message?: unknown; code?: unknown };
  if (typeof message === 'string' && message !== '') return message;
  return typeof code === 'string' ? `the expression fails (${code})` : 'the expression fails';
}

function isJsonataFunction(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('_jsonata_function' in value || '_jsonata_lambda' in value);
}
