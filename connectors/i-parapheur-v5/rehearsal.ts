import type { Rehearsal } from '../../src/connector-kit/rehearsal.js';
import { openV5Simulator, settingsFor } from './simulator.js';

/** Files of a rehearsal are no real PDFs, so nobody signs them. */
const sent = {
  title: 'Réfection de la rue « Haute »', type: 'Visa seul', subtype: 'Visa', deadline: '2027-04-30', publicAnnotation: 'Pour le collège du 12 mars',
  privateAnnotation: 'Vu avec Mme Dupont', 'metadata.reference': 'V-2027-12',
};

/** Which file is what, and what is expected, is not told over there by name. */
const own = { mainDocument: null, supplementaryDocuments: null, annexes: null, detachedSignature: null, expects: 'visa' };

export const rehearsals: readonly Rehearsal[] = [
  {
    operation: 'sign', fields: { ...sent, ...own }, skips: { 'no-file': 'a folder without a document cannot be signed' },
    settingsAt: (port) => settingsFor(`http://127.0.0.1:${port}`),
    async open(options) {
      const other = await openV5Simulator(options);
      return { ...other, delivered: async () => (await other.delivered()).map((arrival) => ({ ...arrival, fields: { ...arrival.fields, ...own } })) };
    },
  },
];
