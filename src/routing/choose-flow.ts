import type { Flow, FlowRule } from '../domain/flow.js';
import type { NewItem } from '../domain/item.js';
import { compileCondition } from './condition.js';
import { viewOfItem, type ViewSurroundings } from './item-view.js';

/** `flow`: the first one whose rule matches, or null: the item is kept and goes nowhere. `problems`: conditions that could
 * not be decided, in plain words; their flows did not match. A broken rule never loses an item. */
export interface FlowChoice {
  readonly flow: Flow | null;
  readonly problems: readonly string[];
}

/** Chooses the flow of an item: members of a rule must all hold, an absent member matches everything. Answers at once
 * (no promise) unless a flow with a condition has to be asked. `around` gives conditions readable names. Rules are
 * gone through one by one: hundreds of them cost microseconds, as long as jsonata is not asked for each (isRuledOut). */
export function chooseFlow(flows: readonly Flow[], item: NewItem, around: ViewSurroundings): FlowChoice | Promise<FlowChoice> {
  for (const [index, flow] of flows.entries()) {
    if (!matchesMembers(flow.when, item)) continue;
    if (flow.when.condition !== undefined) return askConditions(flows.slice(index), item, around);
    return { flow, problems: [] };
  }
  return { flow: null, problems: [] };
}

async function askConditions(flows: readonly Flow[], item: NewItem, around: ViewSurroundings): Promise<FlowChoice> {
  const view = viewOfItem(item, around);
  const problems: string[] = [];
  for (const flow of flows) {
    if (!matchesMembers(flow.when, item)) continue;
    if (flow.when.condition === undefined) return { flow, problems };
    try {
      const condition = compileCondition(flow.when.condition);
      if (!condition.isRuledOut(view) && await condition.ask(view)) return { flow, problems };
    } catch (error) {
      problems.push(`flow ${flow.id}: the condition could not be decided: ${error instanceof Error ? error.message : 'the expression fails'}`);
    }
  }
  return { flow: null, problems };
}

function matchesMembers(rule: FlowRule, item: NewItem): boolean {
  return includes(rule.source, item.source) && includes(rule.kind, item.kind) && includes(rule.meetingConfig, item.configId);
}

function includes(allowed: readonly string[] | undefined, value: string): boolean {
  return allowed === undefined || allowed.includes(value);
}
