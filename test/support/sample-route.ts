import type { ConnectorSetting } from '../../src/domain/authority.js';
import type { Flow, Step } from '../../src/domain/flow.js';
import type { TargetField, ValueTable } from '../../src/domain/mapping.js';
import type { ViewSurroundings } from '../../src/routing/item-view.js';

/** A town of which nothing is known that an item could refer to. */
export const NOTHING_AROUND: ViewSurroundings = {
  organisations: [], meetingConfigs: [], ws4pm: { dates: 'utc', timeZone: 'Europe/Brussels', clientFaultStatus: 500, htmlWarnings: 'any', language: 'fr' },
};

export function sampleStep(id: string, change: Partial<Step> = {}): Step {
  return {
    id, connector: 'outbox', operation: 'write', after: [], when: null, waitFor: null, fields: {},
    retry: { firstDelayMs: 1000, factor: 2, maxDelayMs: 60_000, maxAttempts: 5 }, hours: null,
    results: { annexType: null, relatedTo: 'item', stateWhenDone: null, stateWhenRejected: null }, ...change,
  };
}

/** A flow of one step. */
export function sampleFlow(change: Partial<Flow> = {}): Flow {
  return { id: 'flow', when: {}, steps: [sampleStep('one')], onRejection: [], ...change };
}

export function sampleConnector(id: string, order: ConnectorSetting['limits']['order']): ConnectorSetting {
  return { id, type: 'folder', settings: {}, limits: { concurrency: 1, perMinute: null, order } };
}

export function target(type: TargetField['type'], change: Partial<TargetField> = {}): TargetField {
  return { type, title: { fr: 'Champ', en: 'Field' }, ...change };
}

type Rows = Record<string, string>;

export function sampleTable(id: string, rows: Rows, change: Partial<ValueTable> & { source?: Record<string, Rows>; connector?: Record<string, Rows> } = {}): ValueTable {
  const { source = {}, connector = {}, ...rest } = change;
  const grouped = (groups: Record<string, Rows>) => new Map(Object.entries(groups).map(([name, its]) => [name, new Map(Object.entries(its))]));
  return { id, rows: new Map(Object.entries(rows)), bySource: grouped(source), byConnector: grouped(connector), unknown: 'refuse', place: '', ...rest };
}
