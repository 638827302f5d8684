import { checkExpression, compileExpression } from './expression.js';
import { referencesOf, type Reference } from './expression-references.js';
import { VIEW_NAMES } from './item-view.js';
import { JSONATA_FUNCTIONS } from './jsonata-functions.js';
import type { MappingMistake } from './mapping-mistake.js';

/** Looks at an expression without an item: whether it can be read, and whether what it refers to is there. `steps`: those
 * whose results it may use; undefined: not checked. */
export function lintExpression(text: string, at: readonly string[], steps?: readonly string[]): MappingMistake[] {
  const mistake = checkExpression(text);
  if (mistake !== null) {
    return [{ kind: 'expression', severity: 'error', at, message: `found an expression that cannot be read (${mistake.message}), expected JSONata`, offset: mistake.offset }];
  }
  return referencesOf(compileExpression(text).tree, text)
    .flatMap((reference) => wrongReference(reference, steps) ?? [])
    .map((wrong) => ({ ...wrong, severity: 'error', at }));
}

function wrongReference({ kind, path, offset }: Reference, steps: readonly string[] | undefined): Omit<MappingMistake, 'severity' | 'at'> | null {
  const [written = '', step] = path;
  if (kind === 'variable') {
    return { kind: 'function', message: `found $${written}, which is not a function of JSONata and is not defined here`, suggestions: { written, known: JSONATA_FUNCTIONS }, offset };
  }
  if (!(VIEW_NAMES as readonly string[]).includes(written)) {
    return { kind: 'name', message: `found ${written}, which items do not have`, suggestions: { written, known: VIEW_NAMES }, offset };
  }
  if (written !== 'results' || step === undefined || steps === undefined || steps.includes(step)) return null;
  return { kind: 'name', message: `found results.${step}, but no step before this one is called so`, suggestions: { written: step, known: steps }, offset };
}
