/** A multipart message that is not read any further. `message` is a whole sentence. */
export class MultipartError extends Error {
  readonly problem: 'malformed' | 'limit';

  constructor(message: string, problem: 'malformed' | 'limit') {
    super(message);
    this.name = 'MultipartError';
    this.problem = problem;
  }
}
