import type { PesFinding } from './pes-report.js';

/** Where a finding is. */
export interface PesSpot {
  readonly place: string;
  readonly line: number;
}

/** What a finding says, for people. */
export interface PesWords {
  readonly en: string;
  readonly fr: string;
}

export interface PesFindings {
  error(rule: string, spot: PesSpot, words: PesWords): void;
  warning(rule: string, spot: PesSpot, words: PesWords): void;
  /** Errors first, each kind in the order of the file. */
  list(): readonly PesFinding[];
}

/** The file as a whole. */
export const WHOLE_FILE: PesSpot = { place: '/', line: 0 };

/** Kept of each severity; a file that has more of them has been understood. */
const KEPT = 1000;

/** Gathers findings; those over the limit are counted only. */
export function createFindings(): PesFindings {
  const errors = gather('error');
  const warnings = gather('warning');
  return { error: errors.add, warning: warnings.add, list: () => [...errors.list(), ...warnings.list()] };
}

function gather(severity: PesFinding['severity']) {
  const found: PesFinding[] = [];
  let more = 0;
  function add(rule: string, { place, line }: PesSpot, { en, fr }: PesWords): void {
    if (found.length >= KEPT) more += 1;
    else found.push({ severity, rule, place, line, message: en, messageFr: fr });
  }
  function list(): readonly PesFinding[] {
    const sorted = found.toSorted((one, other) => one.line - other.line);
    if (more === 0) return sorted;
    return [...sorted, { severity, rule: 'A6', place: '/', line: 0, message: `and ${more} more that are not listed`, messageFr: `et ${more} autres qui ne sont pas listés` }];
  }
  return { add, list };
}
