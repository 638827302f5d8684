import type { SignatureReport, Signer } from './report.js';

/** What a check has found so far; the checks add to it. */
export interface Findings {
  readonly signers: Signer[];
  readonly problems: string[];
  readonly remarks: string[];
}

/** A hostile file must not fill the journal with its mistakes. */
const MOST_WORDS = 20;

export function noFindings(): Findings {
  return { signers: [], problems: [], remarks: [] };
}

/** The report of a check: verified where it has signers and no problem. */
export function reportOf(kind: SignatureReport['kind'], { signers, problems, remarks }: Findings): SignatureReport {
  return { verified: signers.length > 0 && problems.length === 0, kind, signers, problems: shortened(problems), remarks: shortened(remarks) };
}

function shortened(words: readonly string[]): string[] {
  const distinct = [...new Set(words)];
  return distinct.length <= MOST_WORDS ? distinct : [...distinct.slice(0, MOST_WORDS), `and ${distinct.length - MOST_WORDS} more`];
}
