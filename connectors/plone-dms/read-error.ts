import { Refused } from '../../src/connector-api/failures.js';

const LONGEST_WORDS = 500;

export interface PloneError {
  /** What the site says, in one line. */
  readonly words: string;
  readonly failure: (who: string) => Refused;
}

/** The errors of plone.restapi: `{type, message}`, the same within `error`, or nothing. A failed validation is the text of a Python list, which
 * is shown as it is (contracts/plonemeeting-rest.md §1.2). */
export function readError(text: string): PloneError {
  const words = wordsOf(text).replace(/\s+/g, ' ').trim().slice(0, LONGEST_WORDS);
  return { words, failure: (who) => new Refused(`${who} does not take it${words === '' ? '' : `: ${words}`}.`) };
}

function wordsOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    const error = member(body, 'error') ?? body;
    const message = member(error, 'message');
    return typeof message === 'string' ? message : '';
  } catch {
    // a page in place of an answer says nothing that helps
    return '';
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? (value as Record<string, unknown>)[name] : undefined;
}
