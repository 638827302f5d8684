import type { Rehearsal } from '../../src/connector-kit/rehearsal.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { openSimulator, settingsFor, type MaarchSimulatorOptions } from './simulator.js';

type Fields = Readonly<Record<string, FieldValue>>;

/** Letters that stand there for updates: more than one rehearsal has items. */
const STANDING = 60;

const written: Fields = {
  subject: 'Réfection de la rue « Haute »', doctype: 103, priority: 'poiuytre1357nbvc', confidentiality: true, documentDate: '2027-02-26', arrivalDate: '2027-02-27', departureDate: '2027-03-01',
  processLimitDate: '2027-04-30', senders: ['contact:12'], recipients: ['user:3', 'entity:7'], folders: ['4'], tags: ['8', '9'], status: 'VAL', 'custom.12': '12500.5', 'custom.13': 'V-2027-12',
};

/** Which file is what is not told over there by name, nor what was only looked up. */
const unseen: Fields = { attachments: null, attachmentType: null };
const unseenNew: Fields = { ...unseen, mainDocument: null, category: null };

const created: Fields = {
  ...written, ...unseenNew, modelId: 2, chrono: true, destination: '21', initiator: '7', diffusionList: ['dest:user:19', 'cc:entity:7'], typist: 19, barcode: '3250390',
};
const updated: Fields = { ...written, ...unseen, resource: null, historyMessage: 'Décision du collège' };

const skips = { 'empty-file': 'Maarch takes no empty file, so that it is refused before' };
const settingsAt = (port: number): Fields => settingsFor(`http://127.0.0.1:${port}`) as Fields;

export const rehearsals: readonly Rehearsal[] = [
  { operation: 'create-resource', fields: created, skips, settingsAt, open: (options) => openWith({ ...options, operation: 'create-resource' }, created, [...Object.keys(unseenNew)]) },
  {
    operation: 'update-resource', fields: updated, skips: { ...skips, answer: 'an update is done at once' }, settingsAt,
    open: (options) => openWith({ ...options, operation: 'update-resource', standing: STANDING }, updated, [...Object.keys(unseen), 'resource', 'historyMessage']),
  },
];

/** Reads fields back as they were given, with those that stay with Relais or are looked up. */
async function openWith(options: MaarchSimulatorOptions, given: Fields, own: readonly string[]): ReturnType<typeof openSimulator> {
  const other = await openSimulator(options);
  const back = (fields: Fields = {}): Fields => Object.fromEntries(Object.keys(given).map((name) => {
    const value = own.includes(name) ? given[name] : fields[name];
    return [name, name === 'destination' || name === 'initiator' ? String(value) : value ?? null];
  }));
  return { ...other, delivered: async () => (await other.delivered()).map((arrival) => ({ ...arrival, fields: back(arrival.fields) })) };
}
