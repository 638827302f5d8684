import type { Rehearsal } from '../rehearsal.js';
import { openSimulator } from './simulator.js';

/** Nothing is skipped: its simulator can do all that a service over HTTP can. */
export const rehearsals: readonly Rehearsal[] = [{
  operation: 'send',
  fields: { subject: 'Réfection de la rue Haute', urgent: true },
  skips: {},
  open: openSimulator,
}];
