import assert from 'node:assert/strict';
import type { ConformanceCase } from '../conformance-case.js';
import type { Stage, Subject } from '../stage.js';
import { afterQuestion, answer, asKept, handOverOne, track, type HandedOver } from './answering.js';

/** One question about many. */
export const surveyCases: readonly ConformanceCase[] = [
  {
    name: 'survey: names what has news and what it does not find, not what stands as it did',
    needs: ['answer'],
    unpromised: unlessSurveyed,
    async run(stage) {
      const [still, changed] = [await asked(stage), await asked(stage)];
      const lost = neverHandedOver(still);
      await answer(stage, changed, { state: 'rejected', reason: 'Non.' });

      assert.deepEqual([...await survey(stage, [still, changed, lost])].toSorted(), [changed.sent.key, lost.sent.key].toSorted());
      assert.deepEqual([...await survey(stage, [still])], []);
    },
  },
  {
    name: 'survey: another side that is down has told nothing',
    needs: ['answer', 'down'],
    unpromised: unlessSurveyed,
    async run(stage) {
      const handed = await asked(stage);
      await stage.other.behave('down');
      await assert.rejects(survey(stage, [handed]), 'the survey succeeded without having asked anybody');
    },
  },
];

function unlessSurveyed({ connector }: Subject): string | null {
  return connector.survey === undefined ? 'the connector has no survey' : null;
}

/** Asked about once, so that the receipt holds how it stands. */
async function asked(stage: Stage): Promise<HandedOver> {
  const handed = await handOverOne(stage);
  return afterQuestion(handed, await track(stage, handed));
}

function neverHandedOver({ sent, receipt }: HandedOver): HandedOver {
  const reference = 'never-handed-over';
  return { sent: { ...sent, key: 'key-unknown' }, receipt: JSON.parse(JSON.stringify(receipt).replaceAll(JSON.stringify(receipt.reference).slice(1, -1), reference)) as typeof receipt };
}

async function survey({ connector, settings, context }: Stage, handed: readonly HandedOver[]): Promise<ReadonlySet<string>> {
  assert.ok(connector.survey !== undefined);
  return connector.survey.ask(handed.map(({ sent, receipt }) => ({ receipt: asKept(receipt), submission: { ...sent, fields: {} } })), settings, context());
}
