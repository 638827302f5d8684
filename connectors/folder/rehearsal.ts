import type { Rehearsal } from '../../src/connector-kit/rehearsal.js';
import { openSimulator } from './simulator.js';

const NO_ANSWER = 'a folder answers nothing: the rename is the answer';

export const rehearsals: readonly Rehearsal[] = [{
  operation: 'deposit',
  fields: { objet: 'Réfection de la rue « Haute »', montant: 12_500, urgent: false, services: ['voirie', 'finances'] },
  skips: {
    refuses: 'a folder has no opinion about what it is given',
    'loses-answer': NO_ANSWER, 'cuts-answer': NO_ANSWER, hangs: NO_ANSWER, throttles: NO_ANSWER,
    secrets: 'its only setting is a path',
  },
  open: openSimulator,
}];
