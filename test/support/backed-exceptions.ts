import type { Func, AsyncFunc } from 'mocha';
import type { BackendType } from './backed-config.js';

/** What stands behind the meeting configs when the conformance tests run: nothing, then a simulated system of each kind. */
export const BACKENDS: readonly (BackendType | undefined)[] = [undefined, 'plonemeeting-rest', 'plonemeeting-soap'];

const OWN_ADDRESS = 'the item stands in PloneMeeting: callers are told the id and the address that it has there';
const MEETINGS_OF_MANAGERS = 'over SOAP the account of Relais, a manager, is told the meetings that are not closed, and not which of them others may choose';

/** Numbers of the checklist (contracts/ws4pm.md §6) that cannot hold before that system, and why. A test that names one of them is not run
 * there. With a `b` behind the number: a part of it that has a test of its own. */
const EXCEPTIONS: Readonly<Record<BackendType, Readonly<Record<string, string>>>> = {
  'plonemeeting-rest': {
    '38b': OWN_ADDRESS,
    '99b': 'over REST nobody acts for others in a meeting config that is not active',
    '128b': 'over REST the preferred meeting must be open to the one for whom the item is made, so that the call is refused before anything is kept',
    '140b': 'REST takes no adviser with a delay and no named one (contracts/plonemeeting-rest.md §8.11): the caller is warned',
  },
  'plonemeeting-soap': {
    '34': MEETINGS_OF_MANAGERS,
    '38b': OWN_ADDRESS,
    '127b': MEETINGS_OF_MANAGERS,
  },
};

/** For titles of suites. */
export function behind(backend: BackendType | undefined): string {
  return backend === undefined ? '' : `, before ${backend}`;
}

/** The `it` of a suite: what is excepted is pending, with the reason in its name. */
export function unlessExcepted(backend: BackendType | undefined): (title: string, run: Func | AsyncFunc) => void {
  return (title, run) => {
    const reason = backend === undefined ? undefined : numbersOf(title).map((number) => EXCEPTIONS[backend][number]).find((found) => found !== undefined);
    if (reason === undefined) it(title, run);
    else it(`${title} (not here: ${reason})`);
  };
}

/** A title begins with the numbers that it proves. */
function numbersOf(title: string): string[] {
  return (/^(?:\d+b? )+/.exec(title)?.[0] ?? '').trim().split(' ');
}
