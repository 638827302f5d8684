import type { Rehearsal } from '../../src/connector-kit/rehearsal.js';
import { openSimulator } from './simulator.js';

export const rehearsals: readonly Rehearsal[] = [{
  operation: 'put',
  fields: { objet: 'Réfection de la rue « Haute »', montant: '12500.00' },
  skips: {},
  open: openSimulator,
}];
