/** What the simulated State, or the platform before it, does not take; with words for who asked. */
export class StateRefusal extends Error {
  readonly code: 'unknown' | 'not-now' | 'number-taken' | 'duplicate' | 'not-understood';

  constructor(code: StateRefusal['code'], message: string) {
    super(message);
    this.code = code;
  }
}
