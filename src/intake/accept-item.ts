import type { Authority } from '../domain/authority.js';
import type { Flow } from '../domain/flow.js';
import type { HistoryEvent, NewItem } from '../domain/item.js';
import type { NewJournalEntry } from '../domain/journal-entry.js';
import { chooseFlow } from '../routing/choose-flow.js';
import { versionOf } from '../routing/flow-version.js';
import type { ViewSurroundings } from '../routing/item-view.js';
import { planDeliveries } from '../routing/plan-deliveries.js';
import { withForwarding } from '../routing/with-forwarding.js';
import type { Acceptance, IntakeStore, TakenBefore, TakenOnce } from './store.js';

/** An item that passed every check of its edge, with its annexes' blobs already kept. */
export interface Submission {
  readonly item: NewItem;
  readonly history: readonly HistoryEvent[];
  /** Id of the account that called, where it acts in the name of the item's creator. */
  readonly caller?: string | undefined;
  /** Entries of the edge itself, written after `item.accepted`. */
  readonly journal?: readonly NewJournalEntry[] | undefined;
  /** Uids of items that it is about, see Acceptance. */
  readonly linkedTo?: readonly string[] | undefined;
}

/** What came of a submission, for whoever wakes the delivery engine. */
export interface Accepted {
  readonly item: NewItem;
  readonly deliveries: number;
  /** Routing conditions that could not be decided, in plain words. */
  readonly problems: readonly string[];
}

export interface Intake {
  /** Routes the item and keeps it with its deliveries and journal entries, all or nothing. Resolves with the final short
   * id once it is on disk. Throws RELAIS_STORE_UNAVAILABLE: then nothing was accepted. */
  accept(submission: Submission): Promise<{ readonly id: string }>;
  /** As `accept`, unless it was taken before under one of the keys (IntakeStore.acceptOnce): then nothing is kept. */
  acceptOnce(submission: Submission, once: TakenOnce): Promise<{ readonly id: string } | { readonly taken: readonly TakenBefore[] }>;
}

export interface IntakeSettings {
  readonly store: IntakeStore;
  readonly routes: Pick<Authority, 'flows' | 'connectors' | keyof ViewSurroundings>;
  readonly clock: { now(): number };
  readonly newId: () => string;
  /** Called after the commit. It must not throw: the caller would take the item for refused. */
  readonly onAccepted: (accepted: Accepted) => void;
}

/** The one way in for items of one authority, whatever the edge. */
export function createIntake(settings: IntakeSettings): Intake {
  const { store, onAccepted } = settings;
  return {
    async accept(submission) {
      const { acceptance, accepted } = await route(submission, settings);
      const kept = await store.accept(acceptance);
      onAccepted(accepted);
      return kept;
    },
    async acceptOnce(submission, once) {
      const { acceptance, accepted } = await route(submission, settings);
      const outcome = await store.acceptOnce(acceptance, once);
      if ('id' in outcome) onAccepted(accepted);
      return outcome;
    },
  };
}

async function route(submission: Submission, { routes, clock, newId }: IntakeSettings): Promise<{ readonly acceptance: Acceptance; readonly accepted: Accepted }> {
  const { item, history, linkedTo } = submission;
  const { flow: chosen, problems } = await chooseFlow(routes.flows, item, routes);
  const flow = withForwarding(chosen, item, routes.meetingConfigs);
  const deliveries = flow === null ? [] : planDeliveries(flow, item, routes.connectors, newId);
  const journal = journalOf(submission, flow, problems, clock.now());
  const followed = flow === null ? null : { definition: flow, version: versionOf(flow) };
  return { acceptance: { item, history, flow: followed, deliveries, journal, ...(linkedTo !== undefined && { linkedTo }) }, accepted: { item, deliveries: deliveries.length, problems } };
}

function journalOf({ item, caller, journal = [] }: Submission, flow: Flow | null, problems: readonly string[], at: number): NewJournalEntry[] {
  const actor = caller ?? item.creator;
  return [
    { at, actor, item: item.uid, event: 'item.accepted', data: acceptanceData(item, actor, flow) },
    ...problems.map((problem) => ({ at, actor: 'relais', item: item.uid, event: 'item.routing-problem', data: { problem } })),
    ...journal,
  ];
}

/** What must be provable later: who brought what, and which bytes. No text of the item. */
function acceptanceData(item: NewItem, actor: string, flow: Flow | null): Readonly<Record<string, unknown>> {
  return {
    kind: item.kind,
    source: item.source,
    meetingConfig: item.configId,
    flow: flow?.id ?? null,
    ...(actor === item.creator ? {} : { inTheNameOf: item.creator }),
    ...(item.externalIdentifier === '' ? {} : { externalIdentifier: item.externalIdentifier }),
    ...(item.annexes.length === 0 ? {} : { annexes: item.annexes.map(({ filename, sha256 }) => ({ filename, sha256 })) }),
  };
}
