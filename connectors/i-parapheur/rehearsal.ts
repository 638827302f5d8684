import type { Rehearsal } from '../../src/connector-kit/rehearsal.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { openSimulator, settingsAt, type ParapheurSimulatorOptions } from './simulator.js';

/** Which file is which is left to the connector: the items of a rehearsal have files of many names. */
const FILES = { mainDocument: null, supplementaryDocuments: null, annexes: null, visual: null, detachedSignature: null };

const skips = {
  'no-file': 'a folder needs a document to sign',
  'empty-file': 'a file without a byte stands for none over there',
};

export const rehearsals: readonly Rehearsal[] = [
  rehearsalOf('version 5, MTOM, a detached signature that is verified', fieldsFor('Actes', 'Détachée', 'signature'), {
    version: '5', files: 'mtom', settings: { type: 'Délibérations', subtype: 'College' },
  }),
  rehearsalOf('version 4.7, files within the message, a visa only', fieldsFor('Visa seul', 'Visa', 'visa'), {
    version: '4.7', files: 'plain', settings: { type: 'Visa seul', subtype: 'Visa', expects: 'visa', afterwards: 'delete' },
  }),
];

function rehearsalOf(variant: string, fields: Readonly<Record<string, FieldValue>>, kind: ParapheurSimulatorOptions): Rehearsal {
  return { operation: 'sign', variant, fields, skips, settingsAt: (port) => settingsAt(port, kind), open: (options) => openSimulator({ ...kind, ...options }) };
}

function fieldsFor(type: string, subtype: string, expects: string): Readonly<Record<string, FieldValue>> {
  return {
    title: 'Réfection de la rue « Haute »', type, subtype, expects, ...FILES,
    visibility: 'CONFIDENTIEL', deadline: '2027-04-01', publicAnnotation: 'À signer avant le conseil', privateAnnotation: 'Vu avec le service',
    emitter: 'voirie@ville.example', xpath: null, 'metadata.reference': 'VOI-2027/12',
  };
}
