import type { Arrival, OtherSide, Rehearsal } from '../../src/connector-kit/rehearsal.js';
import { sampleUid } from '../../src/connector-kit/sample-item.js';
import { rehearsalTown } from '../../src/council-desk/sample-town.js';
import { uidInOwn } from '../../src/plonemeeting/own-identifier.js';
import { openRestSimulator, settingsAt, type RestSimulatorOptions } from './simulator.js';

/** What a creation says that the item over there does not show afterwards. */
const UNSEEN = { ignoreValidationFor: [], ignoreNotUsedData: true } as const;

const seen = {
  proposingGroup: 'direction-generale', category: 'travaux', preferredMeeting: null, associatedGroups: [], groupsInCharge: [], optionalAdvisers: [],
  transitions: ['propose', 'validate'], observations: '<p>Pour le collège du 12 mars</p>',
};

export const rehearsals: readonly Rehearsal[] = [
  {
    operation: 'create-item', fields: { ...seen, ...UNSEEN },
    skips: { reason: 'an item that was deleted over there says nothing more' },
    settingsAt,
    open: openRehearsal,
  },
];

/** Without a town it has one with the config of which the items of a conformance suite are. */
async function openRehearsal(options: RestSimulatorOptions = {}): Promise<OtherSide> {
  const other = await openRestSimulator({ ...options, ownTown: rehearsalTown });
  const arrivals = async (): Promise<readonly Arrival[]> => (await other.delivered()).map((arrival) => ({ ...arrival, itemUid: uidOf(arrival.itemUid), fields: { ...arrival.fields, ...UNSEEN } }));
  return {
    ...other,
    delivered: arrivals,
    async answer(itemUid, answer) {
      const there = other.desk.items().find(({ uid, externalIdentifier }) => [uid, externalIdentifier, uidOf(externalIdentifier)].includes(itemUid));
      await other.answer?.(there?.uid ?? itemUid, answer);
    },
  };
}

/** The item of a suite whose external identifier it is, or the item that has one of our own. */
function uidOf(externalIdentifier: string): string {
  return sampleUid(externalIdentifier) ?? uidInOwn(externalIdentifier) ?? externalIdentifier;
}
