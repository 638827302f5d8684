import assert from 'node:assert/strict';
import type { PersonalLink } from '../../connector-api/connector.js';
import type { ConformanceCase } from '../conformance-case.js';
import type { Stage, Subject } from '../stage.js';
import { handOverOne, type HandedOver } from './answering.js';

/** Where a person does over there what only a person may. */
export const personalLinkCases: readonly ConformanceCase[] = [
  {
    name: 'personal link: an address that is valid for a while, and stands in no line of the log',
    unpromised: unlessPersonal,
    async run(stage) {
      const handed = await handOverOne(stage);
      await awaitPerson(stage, handed);
      const link = await linkOf(stage, handed);

      assert.ok(link !== null, 'it waits for a person, and there is no address');
      assert.match(link.url, /^https?:\/\//, 'the address is not one of the web');
      assert.ok(link.validUntil > stage.context().clock.now(), 'the address is not valid any more');
      assert.ok(!stage.logger.text().includes(new URL(link.url).search || link.url), 'the address was logged: whoever reads the log could use it');
    },
  },
  {
    name: 'personal link: another side that is down gives none',
    needs: ['down'],
    unpromised: unlessPersonal,
    async run(stage) {
      const handed = await handOverOne(stage);
      await awaitPerson(stage, handed);
      await stage.other.behave('down');
      await assert.rejects(linkOf(stage, handed), 'it made an address without having asked anybody');
    },
  },
];

function unlessPersonal({ connector, rehearsal }: Subject): string | null {
  if (connector.personalLink === undefined) return 'nothing waits for a person over there';
  return rehearsal.awaitsPerson === true ? null : 'nothing waits for a person in this rehearsal';
}

async function awaitPerson({ other }: Stage, { sent }: HandedOver): Promise<void> {
  assert.ok(other.awaitPerson !== undefined, 'the other side of a rehearsal that awaits a person needs awaitPerson()');
  await other.awaitPerson(sent.item.uid);
}

async function linkOf({ connector, settings, context }: Stage, { receipt, sent }: HandedOver): Promise<PersonalLink | null> {
  assert.ok(connector.personalLink !== undefined);
  return connector.personalLink(receipt, { ...sent, fields: {} }, settings, context());
}
