import { Readable } from 'node:stream';
import { z } from 'zod';
import { Misconfigured, NotSent, OutcomeUnknown, Refused, type Failure } from '../../src/connector-api/failures.js';
import type { HttpAnswer } from '../../src/connector-api/http.js';
import { httpFailure, retryAfterMs, startOfAnswer } from '../../src/connector-api/http-failure.js';

const FAILURE_BYTES = 8 * 1024;
const WORDS_LENGTH = 300;

const exceptionWords = z.object({ exception: z.string(), message: z.string().nullish() });

/** What a failure is by the exception that the repository names (CMIS 1.1 §2.2.1.4, §5.2.10). */
const MEANING: Readonly<Record<string, 'refused' | 'misconfigured' | 'later' | 'unknown'>> = {
  invalidArgument: 'refused', constraint: 'refused', contentAlreadyExists: 'refused', filterNotValid: 'refused', nameConstraintViolation: 'refused', streamNotSupported: 'refused', versioning: 'refused',
  objectNotFound: 'refused', permissionDenied: 'misconfigured', notSupported: 'misconfigured', updateConflict: 'later', tooManyRequests: 'later', serviceUnavailable: 'later',
  storage: 'unknown', runtime: 'unknown',
};

/** A failure, and the exception behind it: null where no repository but something before it answered. */
export interface CmisFailure {
  readonly failure: Failure;
  readonly exception: string | null;
}

/** What an answer without success means. Reads it. */
export async function cmisFailure(answer: HttpAnswer, who: string, now: number): Promise<CmisFailure> {
  const start = await startOfAnswer(answer, FAILURE_BYTES);
  const read = exceptionWords.safeParse(jsonOf(start.toString('utf8')));
  const meaning = read.success ? MEANING[read.data.exception] : undefined;
  if (!read.success || meaning === undefined) return { failure: await httpFailure({ ...answer, body: Readable.from([start]) }, who, now), exception: null };
  const { exception, message } = read.data;
  const words = Array.from((message ?? '').replace(/[\p{C}\p{Z}]+/gu, ' ').trim()).slice(0, WORDS_LENGTH).join('').replace(/\.$/, '');
  const said = `${who} answered ${exception}${words === '' ? '' : `: ${words}`}.`;
  if (meaning === 'refused') return { failure: new Refused(said), exception };
  if (meaning === 'misconfigured') return { failure: new Misconfigured(`${said} Give the account of Relais this right there.`), exception };
  if (meaning === 'unknown') return { failure: new OutcomeUnknown(said), exception };
  const wait = retryAfterMs(answer, now);
  return { failure: new NotSent(said, wait === undefined ? {} : { retryAfterMs: wait }), exception };
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
