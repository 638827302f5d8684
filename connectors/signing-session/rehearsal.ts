import type { Rehearsal } from '../../src/connector-kit/rehearsal.js';
import { openSimulator, settingsAt } from './simulator.js';

/** A session of its own for each item: names and signers as they travel. */
const fields = {
  documents: [], title: 'Décisions « voirie »', signers: ['jeanne.dupont@ville.example', 'luc.martin@ville.example'], signerRule: '', watchers: ['greffe@ville.example'],
  seal: true, acroform: true, discriminator: '',
};

const skips = { 'no-file': 'a session is made of documents', 'empty-file': 'nothing can be signed in an empty file' };

export const rehearsals: readonly Rehearsal[] = [
  { operation: 'sign', fields, skips: { ...skips, answer: 'what the suite lets come back is not signed' }, settingsAt, open: openSimulator },
  {
    operation: 'sign', variant: 'where the partner is believed', fields, skips,
    async open(options) {
      const other = await openSimulator(options);
      return { ...other, settings: { ...other.settings, verification: 'off' } };
    },
  },
];
