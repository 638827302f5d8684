import assert from 'node:assert/strict';
import type { Receipt } from '../../connector-api/connector.js';
import type { ConformanceCase } from '../conformance-case.js';
import { sampleAnnex } from '../sample-item.js';
import type { Stage } from '../stage.js';

/** What handing over an item is. */
export const deliveryCases: readonly ConformanceCase[] = [
  {
    name: 'delivers the item and its files, and asks for the mark before',
    async run({ submission, submit, other, arrived, declared }) {
      const sent = submission([sampleAnnex('a.pdf', Buffer.from('first')), sampleAnnex('b.pdf', Buffer.from('second'))]);
      let before: readonly string[] | undefined;
      const receipt = await submit(sent, { markSent: async () => { before = await arrived(); } });

      assert.ok(before !== undefined, 'the mark was never asked for: await context.markSent() just before the call that hands the item over');
      assert.deepEqual(before, [], 'the item was over there before the mark');
      requireReceipt(receipt, declared.answersLater === true);
      const [arrival, ...more] = await other.delivered();
      assert.deepEqual({ itemUid: arrival?.itemUid, files: arrival?.files, more: more.length }, { itemUid: sent.item.uid, files: sent.item.annexes.map(({ sha256 }) => sha256), more: 0 });
    },
  },
  {
    name: 'delivers nothing when the mark is refused',
    async run({ submission, submit, other }) {
      await assert.rejects(submit(submission(), { markSent: () => Promise.reject(new Error('another node took over')) }), 'submit succeeded without the mark');
      assert.deepEqual(await other.delivered(), []);
    },
  },
  {
    name: 'delivers an item without files',
    needs: ['no-file'],
    async run({ submission, submit, other }) {
      const sent = submission([]);
      await submit(sent);
      assert.deepEqual((await other.delivered()).map(({ itemUid, files }) => ({ itemUid, files })), [{ itemUid: sent.item.uid, files: [] }]);
    },
  },
  {
    name: 'items at the same time do not mix',
    async run({ submission, submit, other }) {
      const sent = ['one', 'two', 'three', 'four'].map((content) => submission([sampleAnnex(`${content}.pdf`, Buffer.from(content))]));
      const receipts = await Promise.all(sent.map((one) => submit(one)));

      assert.equal(new Set(receipts.map(({ reference }) => reference)).size, sent.length, 'two items have one reference');
      assert.deepEqual(sorted(await other.delivered()), sorted(sent.map(({ item }) => ({ itemUid: item.uid, files: item.annexes.map(({ sha256 }) => sha256) }))));
    },
  },
  {
    name: 'accents, quotes, line breaks and long names arrive as they are',
    async run({ submission, submit, other }) {
      const title = 'Délibération n° 12 — « l’été » & <b>"voirie"</b> 🌳 Œuvre\u00A0: ж';
      const names = ['Délibération « été » n° 12.pdf', '../../etc/passwd', 'a;b="c".pdf', `${'très-long-'.repeat(24)}.pdf`, 'plan.pdf', 'plan.pdf', 'ligne\r\nX-Injected: oui.pdf'];
      const sent = submission(names.map((name, index) => sampleAnnex(name, Buffer.from(`file ${index}`))), { title });
      await submit(sent);

      const [arrival, ...more] = await other.delivered();
      assert.deepEqual({ itemUid: arrival?.itemUid, files: arrival?.files, more: more.length }, { itemUid: sent.item.uid, files: sent.item.annexes.map(({ sha256 }) => sha256), more: 0 });
      if (arrival?.title !== undefined) assert.equal(arrival.title, title);
    },
  },
  {
    name: 'mapped fields arrive',
    unpromised: unlessFields,
    async run({ submission, submit, other }) {
      const sent = submission();
      await submit(sent);
      assert.deepEqual((await other.delivered())[0]?.fields, sent.fields);
    },
  },
  {
    name: 'the required fields are enough',
    unpromised: unlessFields,
    async run({ submission, submit, arrived, declared }) {
      const sent = submission();
      const required = Object.entries(sent.fields).filter(([name]) => declared.fields?.[name]?.required === true);
      await submit({ ...sent, fields: Object.fromEntries(required) });
      assert.deepEqual(await arrived(), [sent.item.uid]);
    },
  },
];

function unlessFields({ connector, rehearsal: { operation } }: Pick<Stage, 'connector' | 'rehearsal'>): string | null {
  const { fields = {}, anyField = false } = connector.manifest.operations[operation] ?? {};
  return Object.keys(fields).length === 0 && anyField === false ? 'the operation declares no field' : null;
}

/** A receipt is kept by Relais as JSON, and an operation that never answers later is done. */
function requireReceipt(receipt: Receipt, mayAnswerLater: boolean): void {
  assert.notEqual(receipt.reference.trim(), '', 'the receipt has no reference');
  assert.deepEqual(JSON.parse(JSON.stringify(receipt)), receipt, 'the receipt is not plain JSON');
  if (!mayAnswerLater) assert.equal(receipt.state, 'done', 'an operation whose manifest does not say answersLater is done when it was handed over');
}

function sorted(arrivals: readonly { readonly itemUid: string; readonly files: readonly string[] }[]): unknown {
  return arrivals.map(({ itemUid, files }) => ({ itemUid, files })).toSorted((a, b) => (a.itemUid < b.itemUid ? -1 : 1));
}
