import type { Func, AsyncFunc } from 'mocha';
import type { BackendType } from './backed-config.js';

/** What stands behind the meeting configs when the conformance tests run: nothing, then a simulated system of each kind. */
export const BACKENDS: readonly (BackendType | undefined)[] = [undefined, 'plonemeeting-rest', 'plonemeeting-soap'];

/** Numbers of the checklist (contracts/ws4pm.md §6) that cannot hold before that system, and why (contracts/plonemeeting-rest.md §8.11). A test that
 * names one of them is not run there. */
const EXCEPTIONS: Readonly<Record<BackendType, Readonly<Record<number, string>>>> = {
  'plonemeeting-rest': {},
  'plonemeeting-soap': {},
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
function numbersOf(title: string): number[] {
  return (/^(?:\d+ )+/.exec(title)?.[0] ?? '').trim().split(' ').map(Number);
}
