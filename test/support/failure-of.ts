import { isFailure } from '../../src/connector-api/failures.js';

/** Kind and words of the failure with which it ends; throws what is none. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then((value) => new Error(`it succeeded: ${JSON.stringify(value)}`), (thrown: unknown) => thrown);
  if (!isFailure(error)) throw error instanceof Error ? error : new Error(String(error));
  return `${error.kind}: ${error.message}`;
}
