import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Receipt, Submission, Tracking } from '../../connector-api/connector.js';
import { unlessAnswered, type ConformanceCase } from '../conformance-case.js';
import type { SimulatedAnswer } from '../rehearsal.js';
import type { Stage, Subject } from '../stage.js';

const SIGNED = { filename: 'décision signée.pdf', content: Buffer.from('%PDF-1.7 signed') };
const REASON = 'Le montant dépasse le crédit.';

/** Answers that come later. */
export const answerCases: readonly ConformanceCase[] = [
  {
    name: 'an answer is awaited: asking changes nothing',
    needs: ['answer'],
    unpromised: unlessAnswered,
    async run(stage) {
      const { sent, receipt } = await handOver(stage);
      assert.equal((await track(stage, receipt, sent)).state, 'pending');
      assert.equal((await track(stage, receipt, sent)).state, 'pending');
      assert.deepEqual(await stage.arrived(), [sent.item.uid]);
    },
  },
  {
    name: 'done: brings the documents back, the same however often it is asked',
    needs: ['answer'],
    unpromised: unlessAnswered,
    async run(stage) {
      const { sent, receipt } = await handOver(stage);
      await answer(stage, sent, { state: 'done', documents: [SIGNED] });
      const first = await track(stage, receipt, sent);

      assert.equal(first.state, 'done');
      assert.deepEqual(first.results?.documents?.map(({ filename, sha256, size }) => ({ filename, sha256, size })), [expectedDocument()]);
      assert.ok(stage.files.kept().includes(expectedDocument().sha256), 'the document was not kept: use context.blobs.keep');
      assert.deepEqual(await track(stage, receipt, sent), first);
    },
  },
  {
    name: 'rejected: says why',
    needs: ['answer'],
    unpromised: unlessAnswered,
    async run(stage) {
      const { sent, receipt } = await handOver(stage);
      await answer(stage, sent, { state: 'rejected', reason: REASON });
      const tracking = await track(stage, receipt, sent);

      assert.equal(tracking.state, 'rejected');
      assert.ok(tracking.reason.includes(REASON), `the reason «${tracking.reason}» does not hold what was said over there: «${REASON}»`);
    },
  },
  {
    name: 'an other side that is down has not answered',
    needs: ['answer', 'down'],
    unpromised: unlessAnswered,
    async run(stage) {
      const { sent, receipt } = await handOver(stage);
      await stage.other.behave('down');
      const state = await track(stage, receipt, sent).then((tracking) => tracking.state, () => 'failed');
      assert.ok(state === 'pending' || state === 'failed', `track says «${state}» without having asked anybody`);
    },
  },
  {
    name: 'cancel: takes it back',
    needs: ['cancel'],
    unpromised: unlessCancelled,
    async run(stage) {
      const { sent, receipt } = await handOver(stage);
      assert.equal(await cancel(stage, receipt, sent), 'cancelled');
      const left = (await stage.other.delivered()).filter(({ cancelled }) => cancelled !== true);
      assert.deepEqual(left, []);
    },
  },
  {
    name: 'cancel: is too late after the answer',
    needs: ['cancel', 'answer'],
    unpromised: (subject) => unlessCancelled(subject) ?? unlessAnswered(subject),
    async run(stage) {
      const { sent, receipt } = await handOver(stage);
      await answer(stage, sent, { state: 'done', documents: [] });
      assert.equal(await cancel(stage, receipt, sent), 'too-late');
      assert.deepEqual(await stage.arrived(), [sent.item.uid]);
    },
  },
];

function unlessCancelled({ connector }: Subject): string | null {
  return connector.cancel === undefined ? 'the connector has no cancel' : null;
}

/** The receipt comes back from the store of Relais, so as JSON. */
async function handOver({ submission, submit, declared, rehearsal }: Stage): Promise<{ sent: Submission; receipt: Receipt }> {
  const sent = submission();
  const receipt = JSON.parse(JSON.stringify(await submit(sent))) as Receipt;
  if (declared.answersLater === true && rehearsal.skips.answer === undefined) assert.equal(receipt.state, 'sent', 'the answer was not awaited');
  return { sent, receipt };
}

function track({ connector, settings, context }: Stage, receipt: Receipt, sent: Submission): Promise<Tracking> {
  assert.ok(connector.track !== undefined, 'the manifest says answersLater, and the connector has no track');
  return connector.track(receipt, sent, settings, context());
}

function cancel({ connector, settings, context }: Stage, receipt: Receipt, sent: Submission): Promise<string> {
  assert.ok(connector.cancel !== undefined);
  return connector.cancel(receipt, sent, settings, context());
}

async function answer({ other }: Stage, sent: Submission, given: SimulatedAnswer): Promise<void> {
  assert.ok(other.answer !== undefined, 'the other side of an operation that answers later needs answer()');
  await other.answer(sent.item.uid, given);
}

function expectedDocument(): { filename: string; sha256: string; size: number } {
  return { filename: SIGNED.filename, sha256: createHash('sha256').update(SIGNED.content).digest('hex'), size: SIGNED.content.length };
}
