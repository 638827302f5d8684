import { originOf, type Origin } from '../config/explain.js';
import type { LoadedInstallation } from '../compose/load-installation.js';
import type { Authority } from '../domain/authority.js';
import { FORWARD_STEP, type Flow, type Step } from '../domain/flow.js';
import type { Item, NewItem } from '../domain/item.js';
import { fieldsTaken, type StepResult } from '../domain/mapping.js';
import { askStep } from '../routing/ask-step.js';
import { explainFields, type FieldRow } from '../routing/explain-fields.js';
import { explainRoute, type RouteRow } from '../routing/explain-route.js';
import { viewOfItem } from '../routing/item-view.js';
import { withForwarding } from '../routing/with-forwarding.js';

/** Where something of the configuration stands; null: nothing is written, it is a default. */
type Written = { readonly origin: Origin | null };

export interface ExplainedStep {
  readonly id: string;
  readonly role: 'step' | 'return';
  readonly connector: string;
  /** Type of the connector. */
  readonly type: string;
  /** The gateway itself runs the other side. */
  readonly simulated: boolean;
  readonly operation: string;
  readonly after: readonly string[];
  readonly waitFor: readonly string[] | null;
  /** Its own condition, and what it says of the item as it is now; null: it has none. */
  readonly when: { readonly condition: string; readonly holds: boolean | null; readonly problem: string | null } | null;
  readonly fields: readonly (FieldRow & Written)[];
}

/** What would become of an item with a configuration. */
export interface Explanation {
  readonly item: Pick<Item, 'uid' | 'title' | 'kind' | 'source' | 'configId' | 'reviewState'>;
  readonly flows: readonly (RouteRow & Written)[];
  /** Of the flow that takes it, behind the one that forwards it to the system behind its meeting config; return steps last. None: it is
   * kept only. */
  readonly steps: readonly ExplainedStep[];
}

export interface ItemToExplain {
  readonly item: Item | NewItem;
  /** What steps brought back already, by step. */
  readonly results: Readonly<Record<string, StepResult>>;
}

/** Goes the way of an item without sending anything: which flow takes it and why, and what each step would hand over. */
export async function explainItem({ item, results }: ItemToExplain, authority: Authority, { configuration, connectors }: LoadedInstallation): Promise<Explanation> {
  const origin = (...path: (string | number)[]): Origin | null => originOf(configuration, authority.id, path) ?? null;
  const rows = await explainRoute(authority.flows, item, authority);
  const taken = authority.flows.find(({ id }) => rows.some(({ flow, outcome }) => flow === id && outcome === 'taken'));
  const followed = withForwarding(taken ?? null, item, authority.meetingConfigs);
  const view = viewOfItem(item, authority, results);

  /** `path`: where the step is configured. */
  async function explainStep(step: Step, path: readonly (string | number)[], role: ExplainedStep['role']): Promise<ExplainedStep> {
    const { type = '', simulated } = authority.connectors.find(({ id }) => id === step.connector) ?? {};
    const targetFields = fieldsTaken(connectors.get(type)?.manifest.operations[step.operation], Object.keys(step.fields));
    const fields = await explainFields(step.fields, view, { tables: authority.tables, source: item.source, connector: step.connector, targetFields });
    return {
      id: step.id, role, connector: step.connector, type, simulated: simulated !== undefined, operation: step.operation, after: step.after, waitFor: step.waitFor,
      when: step.when === null ? null : await explainCondition(step, step.when, view),
      fields: fields.map((row) => ({ ...row, origin: origin(...path, 'fields', row.field) })),
    };
  }

  async function explainSteps(flow: Flow): Promise<ExplainedStep[]> {
    const steps: ExplainedStep[] = [];
    for (const step of flow.steps.filter(({ id }) => id === FORWARD_STEP)) steps.push(await explainStep(step, ['meetingConfigs', item.configId, 'backend'], 'step'));
    for (const [index, step] of flow.steps.filter(({ id }) => id !== FORWARD_STEP).entries()) steps.push(await explainStep(step, ['flows', flow.id, 'steps', index], 'step'));
    for (const [index, step] of flow.onRejection.entries()) steps.push(await explainStep(step, ['flows', flow.id, 'onRejection', index], 'return'));
    return steps;
  }

  const { uid, title, kind, source, configId, reviewState } = item;
  return { item: { uid, title, kind, source, configId, reviewState }, flows: rows.map((row) => ({ ...row, origin: origin('flows', row.flow, 'id') })), steps: followed === null ? [] : await explainSteps(followed) };
}

async function explainCondition(step: Step, condition: string, view: unknown): Promise<ExplainedStep['when']> {
  try {
    return { condition, holds: await askStep(step, view), problem: null };
  } catch (error) {
    return { condition, holds: null, problem: error instanceof Error ? error.message : String(error) };
  }
}
