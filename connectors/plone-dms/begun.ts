import { NotSent, OutcomeUnknown } from '../../src/connector-api/failures.js';

/** Calls that follow one which had an effect: what is over there in part was not «not sent». A site that asks for patience may be asked again,
 * as each call has the effect of once. */
export async function begun<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof NotSent && error.retryAfterMs === undefined ? new OutcomeUnknown(error.message, { cause: error }) : error;
  }
}
