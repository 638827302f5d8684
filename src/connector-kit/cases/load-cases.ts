import assert from 'node:assert/strict';
import type { ConnectorContext, Receipt, Submission } from '../../connector-api/connector.js';
import { isFailure } from '../../connector-api/failures.js';
import { unlessRecognised, type ConformanceCase } from '../conformance-case.js';
import { handOverLoad } from '../hand-over.js';
import { requireFailure, type Stage, type Subject } from '../stage.js';

/** Submissions that travel together. */
export const loadCases: readonly ConformanceCase[] = [
  {
    name: 'a load: each of several arrives, with a receipt for each, after one mark',
    unpromised: unlessTogether,
    async run(stage) {
      const load = several(stage);
      const before: (readonly string[])[] = [];
      const receipts = await hand(stage, load, { markSent: async () => { before.push(await stage.arrived()); } });

      assert.deepEqual(before, [[]], 'the mark must be asked for once, before anything arrives');
      // The reference may be that of the load: a call back about it is one about each of them.
      for (const { reference } of receipts) assert.notEqual(reference.trim(), '', 'a receipt has no reference');
      assert.deepEqual((await stage.arrived()).toSorted(), load.map(({ item }) => item.uid).toSorted());
    },
  },
  {
    name: 'a load: the mark is refused, and nothing of it arrives',
    unpromised: unlessTogether,
    async run(stage) {
      await assert.rejects(hand(stage, several(stage), { markSent: () => Promise.reject(new Error('another node took over')) }), 'submit succeeded without the mark');
      assert.deepEqual(await stage.arrived(), []);
    },
  },
  {
    name: 'a load: refused as a whole',
    needs: ['refuses'],
    unpromised: unlessTogether,
    async run(stage) {
      await stage.other.behave('refuses');
      await requireFailure(hand(stage, several(stage)), 'refused');
      assert.deepEqual(await stage.arrived(), []);
    },
  },
  {
    name: 'a load: the answer is lost, and the probe finds each of it',
    needs: ['loses-answer'],
    unpromised: (subject) => unlessTogether(subject) ?? unlessRecognised(subject),
    async run(stage) {
      const load = several(stage);
      await stage.other.behave('loses-answer');
      await requireFailure(hand(stage, load), 'outcome-unknown');
      await stage.other.behave('well');
      for (const submission of load) {
        const probed = await stage.connector.probe(submission, stage.settings, stage.context());
        assert.ok(typeof probed === 'object', `the probe says «${typeof probed === 'string' ? probed : ''}» of what is there`);
      }
      assert.deepEqual((await stage.arrived()).toSorted(), load.map(({ item }) => item.uid).toSorted());
    },
  },
  {
    name: 'a load: what is too heavy for any is refused before, and the same submission goes the same way',
    unpromised: unlessTogether,
    run(stage) {
      const { connector: { together }, settings } = stage;
      const [submission] = several(stage);
      assert.ok(together !== undefined && submission !== undefined);
      const gather = (one: Submission) => together.gather(one, settings, stage.context().clock.now());
      const { weight, limits, ...first } = gather(submission);
      assert.deepEqual(gather(submission), { ...first, weight, limits });
      assert.ok(weight >= 0 && weight <= limits.weight && limits.count >= 1 && limits.waitMs >= 0, 'the weight or the limits make no sense');

      const heavy = { ...submission, item: { ...submission.item, annexes: submission.item.annexes.map((annex) => ({ ...annex, size: limits.weight + 1 })) } };
      try {
        assert.ok(gather(heavy).weight <= limits.weight, 'it weighs more than a load may, and is not refused');
      } catch (error) {
        assert.ok(isFailure(error) && error.kind === 'refused', `gather throws ${String(error)}, expected Refused`);
      }
      return Promise.resolve();
    },
  },
];

function unlessTogether({ connector }: Subject): string | null {
  return connector.together === undefined ? 'submissions of this connector travel alone' : null;
}

function several({ submission }: Stage): Submission[] {
  return [submission(), submission(), submission()];
}

function hand({ connector, settings, context }: Stage, load: readonly Submission[], change?: Partial<ConnectorContext>): Promise<readonly Receipt[]> {
  return handOverLoad(connector, load, settings, context(change));
}
