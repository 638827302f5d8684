import type { Rehearsal } from '../../src/connector-kit/rehearsal.js';
import { openSimulator } from './simulator.js';

const NO_ANSWER = 'a folder answers nothing: the rename is the answer';

const fields = { objet: 'Réfection de la rue « Haute »', montant: 12_500, urgent: false, services: ['voirie', 'finances'] };
const skips: Rehearsal['skips'] = {
  refuses: 'a folder has no opinion about what it is given',
  'loses-answer': NO_ANSWER, 'cuts-answer': NO_ANSWER, hangs: NO_ANSWER, throttles: NO_ANSWER,
  secrets: 'none of its settings is one',
};

export const rehearsals: readonly Rehearsal[] = [
  {
    operation: 'deposit', fields, skips,
    open: () => openSimulator('item'),
  },
  {
    operation: 'deposit', variant: 'files under their own names', fields,
    skips: { ...skips, 'no-file': 'without a file there is nothing to give' },
    open: () => openSimulator('files'),
  },
];
