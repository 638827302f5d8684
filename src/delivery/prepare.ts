import type { Authority } from '../domain/authority.js';
import type { FieldValue, TargetField } from '../domain/mapping.js';
import type { Step } from '../domain/flow.js';
import type { ClaimedDelivery } from './store.js';

type Fields = Readonly<Record<string, FieldValue>>;

/** What the engine needs of the rules of a step; routing gives it. `view` is what expressions see of an item. */
export interface StepRules {
  viewOf(claimed: ClaimedDelivery, authority: Authority): unknown;
  /** The answer of the step's own condition. Rejects in plain words when it cannot be decided. */
  applies(step: Step, view: unknown): Promise<boolean>;
  /** The fields of the operation (`target`) as the step maps them. `problem` in plain words, `fix` is what to write where. */
  mapFields(claimed: ClaimedDelivery, view: unknown, authority: Authority, target: Readonly<Record<string, TargetField>>):
  Promise<{ readonly fields: Fields; readonly warnings: readonly string[] } | { readonly problem: string; readonly fix: string | null }>;
}

export type Prepared =
  | { readonly fields: Fields; readonly warnings: readonly string[] }
  | { readonly skip: string }
  | { readonly park: string; readonly fix: string | null };

/** Works out what the connector is given, before it is called. A delivery that was marked may be over there already: its
 * condition is not asked again, for it must not be skipped any more. */
export async function prepare(claimed: ClaimedDelivery, authority: Authority, target: Readonly<Record<string, TargetField>>, rules: StepRules): Promise<Prepared> {
  const { delivery, step } = claimed;
  const asksCondition = step.when !== null && delivery.markedAt === null;
  if (!asksCondition && isEmpty(step.fields) && isEmpty(target)) return { fields: {}, warnings: [] };
  const view = rules.viewOf(claimed, authority);
  if (asksCondition) {
    const applies = await ask(step, view, rules);
    if (typeof applies !== 'boolean') return applies;
    if (!applies) return { skip: `The condition of step «${step.id}» says no for this item.` };
  }
  const mapped = await rules.mapFields(claimed, view, authority, target);
  return 'problem' in mapped ? { park: mapped.problem, fix: mapped.fix } : mapped;
}

async function ask(step: Step, view: unknown, rules: StepRules): Promise<boolean | Prepared> {
  try {
    return await rules.applies(step, view);
  } catch (error) {
    return {
      park: error instanceof Error ? error.message : `The condition of step «${step.id}» could not be decided.`,
      fix: 'Items under way keep the flow with which they came: correct the item, or cancel this delivery; correct the condition for those to come.',
    };
  }
}

function isEmpty(record: Readonly<Record<string, unknown>>): boolean {
  for (const name in record) if (Object.hasOwn(record, name)) return false;
  return true;
}
