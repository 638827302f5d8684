import type { Rehearsal } from '../../src/connector-kit/rehearsal.js';
import { sampleAnnex } from '../../src/connector-kit/sample-item.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { openSimulator, settingsFor, type CmisSimulator, type CmisSimulatorOptions } from './simulator.js';

type Fields = Readonly<Record<string, FieldValue>>;

/** Documents that stand there for updates: more than one rehearsal has items. */
const STANDING = 60;

const properties: Fields = {
  'property.act:amount': '12500.5', 'property.act:pages': '12', 'property.act:date': '2027-03-01', 'property.act:public': 'true', 'property.act:themes': 'voirie\nespaces « verts »',
};

/** Moments travel as milliseconds. */
const DATE = String(Date.UTC(2027, 2, 1));

const created: Fields = { ...properties, 'property.act:number': '2027-12', name: 'Délibération « Haute ».pdf', folder: null, mainDocument: null, annexes: null, type: 'D:act:deliberation', aspects: ['P:act:known'] };
const updated: Fields = { ...properties, 'property.act:number': '2027-13', comment: 'Signée le 1er mars', major: false, document: null, mainDocument: null };

export const rehearsals: readonly Rehearsal[] = [
  {
    operation: 'create-document', fields: created, skips: { 'no-file': 'there is no document without a file' },
    perItem: { fields: (item) => ({ folder: `2027/Séance du ${item.id}` }) },
    settingsAt: (port) => settingsFor(`http://127.0.0.1:${port}`),
    open: (options) => openWith(options, created, ['mainDocument', 'annexes']),
  },
  {
    operation: 'create-document', variant: 'its key in the name', fields: { ...created, name: null }, skips: { files: 'its item is known by the name of its file', 'no-file': 'there is no document without a file' },
    perItem: { fields: (item) => ({ folder: `2027/Séance du ${item.id}` }), files: (item) => [sampleAnnex(`${item.uid}.pdf`, Buffer.from(`%PDF-1.7 ${item.title}`))] },
    open: (options) => openWith({ ...options, keyed: false }, { ...created, name: null }, ['mainDocument', 'annexes', 'name']),
  },
  {
    operation: 'update-document', fields: updated, skips: { files: 'an update writes one file', 'no-file': 'an update writes one file' },
    perItem: { files: (item) => [sampleAnnex('décision.pdf', Buffer.from(`%PDF-1.7 ${item.title}`))] },
    settingsAt: (port) => settingsFor(`http://127.0.0.1:${port}`),
    open: (options) => openWith({ ...options, standing: STANDING }, updated, ['document', 'mainDocument']),
  },
];

/** Reads fields back as they were given, with those that stay with Relais. */
async function openWith(options: CmisSimulatorOptions | undefined, given: Fields, own: readonly string[]): Promise<CmisSimulator> {
  const other = await openSimulator(options);
  const valueOf = (name: string, fields: Fields): FieldValue => {
    if (own.includes(name)) return given[name] ?? null;
    return fields[name] === DATE ? given[name] ?? null : fields[name] ?? null;
  };
  const back = (fields: Fields = {}): Fields => Object.fromEntries(Object.keys(given).map((name) => [name, valueOf(name, fields)]));
  return { ...other, delivered: async () => (await other.delivered()).map((arrival) => ({ ...arrival, fields: back(arrival.fields) })) };
}
