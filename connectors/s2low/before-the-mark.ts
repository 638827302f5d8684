import { nothingSent } from '../../src/connector-api/failures.js';

/** Questions that come before anything is handed over: without an answer, nothing was sent. */
export async function beforeTheMark<Result>(asking: Promise<Result>): Promise<Result> {
  return asking.catch((error: unknown) => { throw nothingSent(error); });
}
