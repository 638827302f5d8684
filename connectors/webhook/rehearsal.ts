import type { Rehearsal } from '../../src/connector-kit/rehearsal.js';
import { openSimulator, settingsFor } from './simulator.js';

const AT_ONCE = 'this receiver answers at once';
const JSON_ONLY = 'the files do not travel';

/** Texts, as everything is that no field is declared for. */
const fields = { objet: 'Réfection de la rue « Haute »', montant: '12500.00' };

export const rehearsals: readonly Rehearsal[] = [
  { operation: 'post', variant: 'with its files, answered later', fields, skips: {}, open: (options) => openSimulator({ ...options, body: 'multipart', later: true }) },
  {
    operation: 'post', variant: 'with its files, answered at once', fields, skips: { answer: AT_ONCE },
    settingsAt: (port) => settingsFor(`http://127.0.0.1:${port}`, 'multipart'),
    open: (options) => openSimulator({ ...options, body: 'multipart' }),
  },
  {
    operation: 'post', variant: 'without files', fields, skips: { answer: AT_ONCE, files: JSON_ONLY },
    open: (options) => openSimulator({ ...options, body: 'json' }),
  },
];
