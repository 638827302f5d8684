import type { Rehearsal } from '../../src/connector-kit/rehearsal.js';
import { REHEARSAL_TIME } from '../../src/connector-kit/sample-item.js';
import { rehearsalTown } from '../../src/council-desk/sample-town.js';
import { openSimulator, settingsAt } from './simulator.js';

/** Uid of the organisation of the rehearsed items, in the town over there. */
const GROUP = 'd'.repeat(32);

/** The suite hands over items of that day. */
const suite = { town: rehearsalTown, clock: { now: () => REHEARSAL_TIME } };

export const rehearsals: readonly Rehearsal[] = [
  {
    operation: 'create-item',
    fields: {
      proposingGroup: GROUP, category: 'travaux', preferredMeeting: null, associatedGroups: [GROUP], groupsInCharge: [GROUP], optionalAdvisers: [], transitions: ['propose', 'validate'],
      ignoreNotUsedData: null, notes: '<p>Note</p>',
    },
    skips: {
      'empty-file': 'an annex without a byte is left out over there, with a warning',
      reason: 'an item that was deleted over there says nothing more',
    },
    settingsAt: (port) => settingsAt(port),
    open: (options) => openSimulator(options ?? suite),
  },
];
