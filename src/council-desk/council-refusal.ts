/** What the simulated PloneMeeting does not do, each with words for who asked. `invalid` carries the fields; `forbidden`: it is
 * there, and the user may not. */
export type RefusalCode =
  | 'unknown-config' | 'unknown-user' | 'unknown-item' | 'unknown-annex' | 'unknown-meeting' | 'unknown-template'
  | 'invalid' | 'invalid-id' | 'unused-attribute' | 'annex-type' | 'annex-file' | 'no-member-area' | 'forbidden' | 'not-now' | 'not-understood';

/** A field that did not validate. `field` null: the whole object. */
export interface FieldProblem {
  readonly field: string | null;
  readonly message: string;
}

/** Thrown where it does not do what was asked. */
export class CouncilRefusal extends Error {
  readonly code: RefusalCode;
  readonly problems: readonly FieldProblem[];

  constructor(code: RefusalCode, message: string, problems: readonly FieldProblem[] = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}
