import assert from 'node:assert/strict';
import type { ConnectorContext, Probe, Receipt } from '../../connector-api/connector.js';
import { isFailure, NotSent } from '../../connector-api/failures.js';
import { unlessRecognised, unlessUnrecognised, type ConformanceCase } from '../conformance-case.js';
import { requireFailure, type Stage } from '../stage.js';

/** Never sent twice blindly: repeats, restarts and lost answers. */
export const repeatCases: readonly ConformanceCase[] = [
  {
    name: 'the same key twice is there once',
    unpromised: unlessRecognised,
    async run({ submission, submit, arrived }) {
      const sent = submission();
      const first = await submit(sent);
      const second = await submit(sent);

      assert.equal(second.reference, first.reference);
      assert.deepEqual(await arrived(), [sent.item.uid]);
    },
  },
  {
    name: 'a restart between the mark and the call: absence is proved, and the next submit delivers',
    unpromised: unlessRecognised,
    async run(stage) {
      const { submission, submit, arrived } = stage;
      const sent = submission();
      await assert.rejects(submit(sent, { markSent: () => Promise.reject(new Error('the process died')) }));

      assert.equal(await stage.connector.probe(sent, stage.settings, stage.context()), 'absent');
      await submit(sent);
      assert.deepEqual(await arrived(), [sent.item.uid]);
    },
  },
  {
    name: 'a restart between the call and the receipt: the probe finds it, and changes nothing',
    unpromised: unlessRecognised,
    async run(stage) {
      const sent = stage.submission();
      const lost = await stage.submit(sent);

      requireFound(await stage.connector.probe(sent, stage.settings, stage.context()), lost);
      requireFound(await stage.connector.probe(sent, stage.settings, stage.context()), lost);
      assert.deepEqual(await stage.arrived(), [sent.item.uid]);
    },
  },
  {
    name: 'the answer is lost: the outcome is unknown, the probe finds it, nothing is there twice',
    needs: ['loses-answer'],
    unpromised: unlessRecognised,
    async run(stage) {
      const sent = stage.submission();
      await stage.other.behave('loses-answer');
      await requireFailure(stage.submit(sent), 'outcome-unknown');
      assert.deepEqual(await stage.arrived(), [sent.item.uid], 'the other side did not keep the item: the simulator is wrong');
      await stage.other.behave('well');

      await requireKnown(stage, sent);
    },
  },
  {
    name: 'the answer is cut: a receipt or an unknown outcome, and nothing is there twice',
    needs: ['cuts-answer'],
    unpromised: unlessRecognised,
    async run(stage) {
      const sent = stage.submission();
      await stage.other.behave('cuts-answer');
      await cutReceipt(stage, sent);
      await stage.other.behave('well');

      await requireKnown(stage, sent);
    },
  },
  {
    name: 'the answer is lost: the outcome is unknown, and stays so',
    needs: ['loses-answer'],
    unpromised: unlessUnrecognised,
    async run(stage) {
      const sent = stage.submission();
      await stage.other.behave('loses-answer');
      await requireFailure(stage.submit(sent), 'outcome-unknown');
      await stage.other.behave('well');

      assert.equal(await stage.connector.probe(sent, stage.settings, stage.context()), 'unknown');
      assert.deepEqual(await stage.arrived(), [sent.item.uid]);
    },
  },
  {
    name: 'it is over there, and what comes next fails: it is not taken for anything but unknown',
    async run(stage) {
      const sent = stage.submission();
      const isThere = async () => (await stage.arrived()).includes(sent.item.uid);
      const unlessThere = async <Result>(work: () => Promise<Result>): Promise<Result> => {
        if (await isThere()) throw new NotSent('The line is cut.');
        return work();
      };
      const { http, blobs } = stage.context();
      const cutLater: Partial<ConnectorContext> = { http: (request) => unlessThere(() => http(request)), blobs: { ...blobs, keep: (content) => unlessThere(() => blobs.keep(content)) } };
      const error = await stage.submit(sent, cutLater).then(() => undefined, (thrown: unknown) => thrown);
      // a connector that knows no better is taken for one that does not know
      if (isFailure(error) && await isThere()) assert.equal(error.kind, 'outcome-unknown', error.message);
    },
  },
];

/** What submit makes of half an answer. A receipt must hold, because nobody will ask again. */
async function cutReceipt(stage: Stage, sent: ReturnType<Stage['submission']>): Promise<void> {
  const submitted = stage.submit(sent);
  const receipt = await submitted.catch(() => undefined);
  if (receipt === undefined) await requireFailure(submitted, 'outcome-unknown');
  else requireFound(await stage.connector.probe(sent, stage.settings, stage.context()), receipt);
}

/** The probe finds it, and a repeat makes no second one. */
async function requireKnown({ connector, settings, context, submit, arrived }: Stage, sent: ReturnType<Stage['submission']>): Promise<void> {
  const probed = await connector.probe(sent, settings, context());
  const again = await submit(sent);
  requireFound(probed, again);
  assert.deepEqual(await arrived(), [sent.item.uid], 'the item is there twice');
}

function requireFound(probed: Probe, receipt: Receipt): void {
  assert.ok(typeof probed === 'object', `the probe says «${typeof probed === 'string' ? probed : ''}» of what is there`);
  assert.equal(probed.found.reference, receipt.reference, 'the probe names it differently');
}
