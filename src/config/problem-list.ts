import type { Problem } from './problem.js';

/** Mistakes and warnings found so far, each told once however many authorities inherit it. */
export interface ProblemList {
  /** `authority`: the one that inherits what stands there; undefined for what concerns no authority, or its own file. */
  add(problem: Problem, authority?: string): void;
  /** Every one, in the order in which somebody reads the files. Where several authorities are loaded and only some
   * inherit a mistake, the message names them. */
  list(authorities: readonly string[]): Problem[];
}

const NAMES_SHOWN = 3;

interface Found {
  readonly problem: Problem;
  readonly heirs: Set<string>;
}

export function createProblemList(): ProblemList {
  const found = new Map<string, Found>();
  return {
    add(problem, authority) {
      const key = JSON.stringify([problem.file, problem.line, problem.column, problem.message]);
      const one = found.get(key) ?? { problem, heirs: new Set() };
      if (authority !== undefined) one.heirs.add(authority);
      found.set(key, one);
    },
    list: (authorities) => sorted([...found.values()].map(({ problem, heirs }) => named(problem, [...heirs], authorities))),
  };
}

function named(problem: Problem, heirs: readonly string[], authorities: readonly string[]): Problem {
  if (heirs.length === 0 || heirs.length >= authorities.length) return problem;
  const more = heirs.length - NAMES_SHOWN;
  const names = heirs.slice(0, NAMES_SHOWN).join(', ');
  return { ...problem, message: `${problem.message} (for ${names}${more > 0 ? ` and ${more} more` : ''})` };
}

function sorted(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map((problem) => problem.file))];
  const rank = new Map(files.map((file, index) => [file, index]));
  return problems.toSorted((one, other) => (rank.get(one.file) ?? 0) - (rank.get(other.file) ?? 0) || one.line - other.line || one.column - other.column);
}
