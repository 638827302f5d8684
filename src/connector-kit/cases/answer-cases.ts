import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Cancelling } from '../../connector-api/connector.js';
import { unlessAnswered, type ConformanceCase } from '../conformance-case.js';
import type { Stage, Subject } from '../stage.js';
import { answer, askToTheEnd, handOverOne, track, type HandedOver } from './answering.js';

interface AnswerDocument { readonly filename: string; readonly content: Buffer }

const SIGNED: AnswerDocument = { filename: 'décision signée.pdf', content: Buffer.from('%PDF-1.7 signed') };
const REASON = 'Le montant dépasse le crédit.';

/** Answers that come later. */
export const answerCases: readonly ConformanceCase[] = [
  {
    name: 'an answer is awaited: asking changes nothing',
    needs: ['answer'],
    unpromised: unlessAnswered,
    async run(stage) {
      const handed = await handOverOne(stage);
      assert.equal((await track(stage, handed)).state, 'pending');
      assert.equal((await track(stage, handed)).state, 'pending');
      assert.deepEqual(await stage.arrived(), [handed.sent.item.uid]);
    },
  },
  {
    name: 'done: brings the documents back, each once, the same however often it is asked',
    needs: ['answer'],
    unpromised: unlessAnswered,
    async run(stage) {
      const handed = await handOverOne(stage);
      const given = documentFor(stage, handed);
      await answer(stage, handed, { state: 'done', documents: [given] });
      const { ending, documents } = await askToTheEnd(stage, handed);

      assert.equal(ending.state, 'done', ending.state === 'rejected' ? ending.reason : '');
      const same = documents.filter(({ sha256 }) => sha256 === hashOf(given));
      assert.equal(same.length, 1, `the document came back ${same.length} times, among ${documents.length}`);
      assert.equal(same[0]?.size, given.content.length);
      for (const { filename, sha256 } of documents) {
        assert.notEqual(filename.trim(), '', 'a document has no name');
        assert.ok(stage.files.kept().includes(sha256), `«${filename}» was not kept: use context.blobs.keep`);
      }
    },
  },
  {
    name: 'done, and the documents cannot be kept: it is not over, and they come with the next question',
    needs: ['answer'],
    unpromised: unlessAnswered,
    async run(stage) {
      const handed = await handOverOne(stage);
      const given = documentFor(stage, handed);
      await answer(stage, handed, { state: 'done', documents: [given] });
      const keep = () => Promise.reject(new Error('the disk is full'));
      const told = await track(stage, handed, { blobs: { ...stage.files.blobs, keep } }).catch(() => null);
      assert.equal(told, null, `without the document it says «${told?.state ?? ''}»`);

      const { documents } = await askToTheEnd(stage, handed);
      assert.equal(documents.filter(({ sha256 }) => sha256 === hashOf(given)).length, 1);
    },
  },
  {
    name: 'what the item has become is told by a system that decides, and by no other',
    needs: ['answer'],
    unpromised: unlessAnswered,
    async run(stage) {
      const handed = await handOverOne(stage);
      await answer(stage, handed, { state: 'done', documents: [documentFor(stage, handed)] });
      const { news } = await askToTheEnd(stage, handed);
      if (stage.connector.deliberation === undefined) assert.deepEqual(news, [], 'the connector brings «results.item», and has no «deliberation»');
      else assert.ok((news.at(-1)?.reviewState ?? '') !== '', 'the item is decided on, and its state over there is not told in «results.item.reviewState»');
    },
  },
  {
    name: 'rejected: says why',
    needs: ['answer'],
    unpromised: unlessAnswered,
    async run(stage) {
      const handed = await handOverOne(stage);
      await answer(stage, handed, { state: 'rejected', reason: REASON });
      const { ending } = await askToTheEnd(stage, handed);

      assert.equal(ending.state, 'rejected');
      if (stage.rehearsal.skips.reason === undefined) assert.ok(ending.reason.includes(REASON), `the reason «${ending.reason}» does not hold what was said over there: «${REASON}»`);
      assert.notEqual(ending.reason.trim(), '', 'the reason has no words');
    },
  },
  {
    name: 'an other side that is down has not answered',
    needs: ['answer', 'down'],
    unpromised: unlessAnswered,
    async run(stage) {
      const handed = await handOverOne(stage);
      await stage.other.behave('down');
      const state = await track(stage, handed).then((tracking) => tracking.state, () => 'failed');
      assert.ok(state === 'pending' || state === 'failed', `track says «${state}» without having asked anybody`);
    },
  },
  {
    name: 'cancel: takes it back',
    needs: ['cancel'],
    unpromised: unlessCancelled,
    async run(stage) {
      const handed = await handOverOne(stage);
      assert.equal(await cancel(stage, handed), 'cancelled');
      const left = (await stage.other.delivered()).filter(({ cancelled }) => cancelled !== true);
      assert.deepEqual(left, []);
    },
  },
  {
    name: 'cancel: is too late after the answer',
    needs: ['cancel', 'answer'],
    unpromised: (subject) => unlessCancelled(subject) ?? unlessAnswered(subject),
    async run(stage) {
      const handed = await handOverOne(stage);
      await answer(stage, handed, { state: 'done', documents: [] });
      const told = await cancel(stage, handed);
      assert.ok(told === 'too-late' || (typeof told === 'object' && told.tooLate.trim() !== ''), `cancel says «${JSON.stringify(told)}»`);
      assert.deepEqual(await stage.arrived(), [handed.sent.item.uid]);
    },
  },
];

/** What the item is answered with. */
function documentFor({ rehearsal }: Stage, { sent }: HandedOver): AnswerDocument {
  return rehearsal.perItem?.answer?.(sent.item) ?? SIGNED;
}

function hashOf({ content }: AnswerDocument): string {
  return createHash('sha256').update(content).digest('hex');
}

function unlessCancelled({ connector }: Subject): string | null {
  return connector.cancel === undefined ? 'the connector has no cancel' : null;
}

function cancel({ connector, settings, context }: Stage, { receipt, sent }: HandedOver): Promise<Cancelling> {
  assert.ok(connector.cancel !== undefined);
  return connector.cancel(receipt, { ...sent, fields: {} }, settings, context());
}
