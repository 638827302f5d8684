// What routing and mapping an item cost with a large configuration, beside a small one: node --import tsx bench/routing.ts
import type { Flow, Step } from '../src/domain/flow.js';
import type { FieldSource, TargetField, ValueTable } from '../src/domain/mapping.js';
import type { NewItem } from '../src/domain/item.js';
import { chooseFlow } from '../src/routing/choose-flow.js';
import { viewOfItem } from '../src/routing/item-view.js';
import { mapFields } from '../src/routing/map-fields.js';
import { planDeliveries } from '../src/routing/plan-deliveries.js';

const ROUNDS = 5_000;
const ORGANISATIONS = 200;
const retry = { firstDelayMs: 1000, factor: 2, maxDelayMs: 60_000, maxAttempts: 5 };

const organisations = Array.from({ length: ORGANISATIONS }, (_, n) => ({ uid: `org-uid-${n}`, id: `service-${n}`, title: '', description: '', active: true, members: {} }));
const around = { organisations, meetingConfigs: [], ws4pm: { dates: 'utc', timeZone: 'Europe/Brussels', clientFaultStatus: 500, htmlWarnings: 'any', language: 'fr' } } as const;

const fields: Record<string, FieldSource> = {
  title: { expression: 'title' },
  reference: { expression: '$uppercase(externalIdentifier) & "-" & $substring(uid, 0, 8)' },
  comment: { expression: 'category & " / " & proposingOrganisation' },
  service: { table: 'services', from: 'proposingOrganisation' },
  type: { table: 'types', from: 'category' },
  user: { table: 'users', from: 'creator' },
  files: { expression: 'annexes[relatedTo = "item"].filename' },
  urgent: { value: false },
  asked: { expression: 'createdAt' },
};
const text: TargetField = { type: 'text', title: { fr: '', en: '' }, required: true, maxLength: 255 };
const targetFields: Record<string, TargetField> = {
  title: { ...text, maxLength: 40 }, reference: text, comment: text, service: text, type: text, user: text,
  files: { ...text, type: 'list' }, urgent: { ...text, type: 'boolean' }, asked: { ...text, type: 'date' },
};

function step(id: string, after: readonly string[]): Step {
  return { id, connector: 'sign', operation: 'send', after, when: null, waitFor: null, fields, retry, hours: null, results: { annexType: null, relatedTo: 'item', stateWhenDone: null, stateWhenRejected: null } };
}

/** The item is for the last flow; `condition` says what each flow asks. */
function flowsOf(count: number, condition: (n: number) => string): Flow[] {
  return Array.from({ length: count }, (_, n) => ({ id: `flow-${n}`, when: { source: ['ged'], condition: condition(n + 500 - count) }, steps: [step('sign', []), step('archive', ['sign'])], onRejection: [] }));
}

function table(id: string, rows: number, prefix: string): ValueTable {
  return { id, rows: new Map(Array.from({ length: rows }, (_, n) => [`${prefix}-${n}`, `${id} ${n}`])), bySource: new Map(), byConnector: new Map(), unknown: 'refuse', place: '' };
}

function item(n: number): NewItem {
  return {
    uid: `${n}`.padStart(32, 'a'), authority: 'default', kind: 'deliberation', source: 'ged', configId: 'college', baseId: 'point', creator: 'user-3', createdAt: 1_800_000_000_000,
    modifiedAt: 1_800_000_000_000, reviewState: 'itemcreated', proposingOrganisation: 'org-uid-4', title: `Réfection de la voirie communale et de ses abords, phase ${n}`, category: 'category-499',
    description: '<p>Une description assez courte.</p>'.repeat(20), detailedDescription: '', motivation: '<p>x</p>', decision: '<p>y</p>', preferredMeeting: null, meeting: null,
    externalIdentifier: `ext-${n}`, toDiscuss: true, associatedOrganisations: ['org-uid-1', 'org-uid-2'], organisationsInCharge: [], optionalAdvisers: [], extra: {},
    annexes: ['plan.pdf', 'devis.pdf', 'avis.pdf'].map((filename) => ({
      uid: filename, id: filename, title: filename, typeId: 'annexe', relatedTo: 'item', filename, mediaType: 'application/pdf', size: 1, sha256: '0'.repeat(64), confidential: false,
    })),
  };
}

interface Configuration { readonly name: string; readonly flows: readonly Flow[]; readonly tables: ReadonlyMap<string, ValueTable> }

async function once({ flows, tables }: Configuration, n: number): Promise<void> {
  const came = item(n);
  const { flow } = await chooseFlow(flows, came, around);
  if (flow === null) throw new Error('no flow took the item');
  planDeliveries(flow, came, [], () => `id-${n}`);
  const mapped = await mapFields(fields, viewOfItem(came, around), { tables, source: came.source, connector: 'sign', targetFields });
  if ('problem' in mapped) throw new Error(mapped.problem);
}

function tablesOf(rows: number): Map<string, ValueTable> {
  return new Map([table('services', rows, 'service'), table('types', 500, 'category'), table('users', rows, 'user')].map((each) => [each.id, each]));
}

/** Medians in milliseconds; the configurations take turns, so that all see the same machine. */
async function measure(configurations: readonly Configuration[]): Promise<number[]> {
  const times = configurations.map((): number[] => []);
  for (let n = 0; n < ROUNDS; n += 1) {
    for (const [index, configuration] of configurations.entries()) {
      const began = performance.now();
      await once(configuration, n);
      times[index]?.push(performance.now() - began);
    }
  }
  return times.map((all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0);
}

const compared = (n: number): string => `category = "category-${n}" and $count(annexes) > 0`;
const configurations: Configuration[] = [
  { name: '1 flow, tables of 10 rows', flows: flowsOf(1, compared), tables: tablesOf(10) },
  { name: '500 flows told by a comparison, tables of 5,000 rows', flows: flowsOf(500, compared), tables: tablesOf(5_000) },
  { name: '20 flows told by other conditions, tables of 5,000 rows', flows: flowsOf(20, (n) => `$contains(category, "category-${n}")`), tables: tablesOf(5_000) },
];
const medians = await measure(configurations);
console.log('choosing the flow, planning and mapping nine fields of an item, median:');
for (const [index, { name }] of configurations.entries()) {
  const median = medians[index] ?? 0;
  console.log(`  ${median.toFixed(3)} ms  ×${(median / (medians[0] ?? 1)).toFixed(1)}  ${name}`);
}
