import type { Flow, FlowRule } from '../domain/flow.js';
import type { Item, NewItem } from '../domain/item.js';
import { compileCondition } from './condition.js';
import { compileExpression } from './expression.js';
import { referencesOf } from './expression-references.js';
import { viewOfItem, type ItemView, type ViewSurroundings } from './item-view.js';
import { isScalar } from './scalar.js';
import { shown } from './shown-text.js';

/** What became of one flow for an item. */
export interface RouteRow {
  readonly flow: string;
  /** `later`: it matches too, but an earlier flow took the item. `undecided`: its condition failed, so it does not match. */
  readonly outcome: 'taken' | 'later' | 'no' | 'undecided';
  /** Why not, in plain words: `source is ged, expected urbanism`; empty where it matches. */
  readonly reasons: readonly string[];
}

/** Says for every flow, in their order, whether and why it takes the item: what chooseFlow decides, with all reasons. */
export async function explainRoute(flows: readonly Flow[], item: Item | NewItem, around: ViewSurroundings): Promise<RouteRow[]> {
  const view = viewOfItem(item, around);
  const rows: RouteRow[] = [];
  let taken = false;
  for (const { id, when } of flows) {
    const reasons = memberReasons(when, item);
    const condition = when.condition === undefined ? null : await conditionReason(when.condition, view);
    if (condition !== null) reasons.push(condition.reason);
    if (reasons.length > 0) {
      rows.push({ flow: id, outcome: condition?.undecided === true && reasons.length === 1 ? 'undecided' : 'no', reasons });
      continue;
    }
    rows.push({ flow: id, outcome: taken ? 'later' : 'taken', reasons });
    taken = true;
  }
  return rows;
}

function memberReasons(rule: FlowRule, item: Item | NewItem): string[] {
  const members = [['source', rule.source, item.source], ['kind', rule.kind, item.kind], ['meetingConfig', rule.meetingConfig, item.configId]] as const;
  return members.flatMap(([name, allowed, found]) => (allowed === undefined || allowed.includes(found) ? [] : `${name} is ${found}, expected ${oneOf(allowed)}`));
}

function oneOf(allowed: readonly string[]): string {
  if (allowed.length === 0) return 'nothing: the list is empty';
  return allowed.length === 1 ? String(allowed[0]) : `one of ${allowed.join(', ')}`;
}

async function conditionReason(text: string, view: ItemView): Promise<{ readonly reason: string; readonly undecided: boolean } | null> {
  try {
    if (await compileCondition(text).ask(view)) return null;
    const values = valuesIn(text, view);
    return { reason: `the condition ${text} does not hold${values.length === 0 ? '' : `: ${values.join(', ')}`}`, undecided: false };
  } catch (error) {
    return { reason: `the condition ${text} could not be decided: ${error instanceof Error ? error.message : 'the expression fails'}`, undecided: true };
  }
}

/** `category is «travaux»`, for the names that a condition looks at and that have a value to show. */
function valuesIn(text: string, view: ItemView): string[] {
  const names = referencesOf(compileExpression(text).tree, text).flatMap(({ kind, path: [name = ''] }) => (kind === 'name' ? name : []));
  const seen: Readonly<Record<string, unknown>> = view;
  return [...new Set(names)].flatMap((name) => {
    const value = Object.hasOwn(seen, name) ? seen[name] : undefined;
    if (value === undefined || value === null) return `${name} has no value`;
    return isScalar(value) ? `${name} is ${shown(value)}` : [];
  });
}
