import { RelaisError } from '../errors.js';

/** One mistake in the configuration. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `authority.users[2].email`; empty for the whole file. */
  readonly path: string;
  /** `found X, expected Y`, or what is wrong with the writing. Holds no secret. */
  readonly message: string;
}

/** RELAIS_CONFIG_INVALID with every mistake that was found, in the order of the files. */
export class ConfigurationInvalid extends RelaisError {
  readonly problems: readonly Problem[];
  /** Files and folders that were looked at, absolute: the correction happens in one of them. */
  readonly files: readonly string[];

  constructor(problems: readonly Problem[], files: readonly string[] = []) {
    super('RELAIS_CONFIG_INVALID', formatProblems(problems));
    this.problems = problems;
    this.files = files;
  }
}

/** One line a problem, as editors and terminals understand it: `file:line:column  path: message`. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(({ file, line, column, path, message }) => `${file}:${line}:${column}  ${path === '' ? '' : `${path}: `}${message}`).join('\n');
}

/** A problem of a file as a whole, or of the file that is not there. */
export function wholeFile(file: string, message: string): Problem {
  return { file, line: 1, column: 1, path: '', message };
}
