/** Why an archive could not be read to its end.
 * `cut`: it ends too soon. `damaged`: it contradicts itself or a checksum does not hold. `too-large`: it goes beyond a limit
 * that was given. `unreadable`: it uses what this reader does not know, such as encryption. */
export type ZipProblem = 'cut' | 'damaged' | 'too-large' | 'unreadable';

/** Thrown while an archive is read; the message names the entry, for the operator. */
export class ZipFailure extends Error {
  readonly problem: ZipProblem;

  constructor(problem: ZipProblem, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.problem = problem;
  }
}
