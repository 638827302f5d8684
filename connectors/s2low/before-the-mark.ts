import { isFailure, nothingSent, OutcomeUnknown } from '../../src/connector-api/failures.js';

/** Questions that come before anything is handed over: without an answer, nothing was sent. */
export async function beforeTheMark<Result>(asking: Promise<Result>): Promise<Result> {
  return asking.catch((error: unknown) => { throw nothingSent(error); });
}

/** Questions that come once it was handed over: it may be there, whatever keeps them from being answered. */
export async function afterTheMark<Result>(asking: Promise<Result>): Promise<Result> {
  return asking.catch((error: unknown) => {
    throw isFailure(error) && error.kind === 'not-sent' ? new OutcomeUnknown(error.message, { cause: error }) : error;
  });
}
