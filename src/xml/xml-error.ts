/** What a document may be refused for. */
export type XmlProblem = 'malformed' | 'encoding' | 'doctype' | 'limit';

/** A document that is not read any further. `message` is a sentence that begins with the subject that the reader was given; `line` counts
 * from 1, and is 0 where none can be told. */
export class XmlError extends Error {
  readonly problem: XmlProblem;
  readonly line: number;

  constructor(message: string, problem: XmlProblem = 'malformed', { line = 0, cause }: { readonly line?: number; readonly cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'XmlError';
    this.problem = problem;
    this.line = line;
  }
}
