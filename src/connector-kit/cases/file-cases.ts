import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { ConformanceCase } from '../conformance-case.js';
import { watchMemory } from '../live-memory.js';
import { annexOf, largeAnnex, sampleAnnex } from '../sample-item.js';
import { requireFailure, type Stage } from '../stage.js';

const MIB = 2 ** 20;
const LARGE = 96 * MIB;

/** What a large submission may hold in memory, the simulated other side included: far less than the file. */
const ROOM = 64 * MIB;

/** What a connector does with files. */
export const fileCases: readonly ConformanceCase[] = [
  {
    name: 'an empty file arrives',
    needs: ['files', 'empty-file'],
    run: (stage) => requireArrival(stage, [sampleAnnex('empty.pdf', Buffer.alloc(0)), sampleAnnex('plan.pdf', Buffer.from('a plan'))]),
  },
  {
    name: 'a large file goes through at constant memory',
    needs: ['files', 'large-file'],
    async run(stage) {
      await requireArrival(stage, [sampleAnnex('warm-up.pdf', Buffer.alloc(MIB))]);
      const memory = watchMemory(ROOM);
      let grown: number;
      try {
        await requireArrival(stage, [largeAnnex('large.pdf', LARGE, () => memory.look())]);
      } finally {
        grown = memory.end();
      }

      assert.ok(grown < ROOM, `${LARGE / MIB} MiB of file took ${Math.round(grown / MIB)} MiB of memory, expected less than ${ROOM / MIB}: is it read as a whole?`);
    },
  },
  ...(['at once', 'on reading'] as const).map((when): ConformanceCase => ({
    name: `a file that is gone is refused before the mark, with what to do (found out ${when})`,
    needs: ['files'],
    async run({ submission, submit, files, other }) {
      const sent = submission([sampleAnnex('lost.pdf', Buffer.from('lost'))]);
      files.lose(when);
      let marked = false;
      const failure = await requireFailure(submit(sent, { markSent: () => { marked = true; return Promise.resolve(); } }), 'refused');

      assert.match(failure.message, /lost\.pdf/, 'the message does not name the file');
      assert.equal(marked, false, 'the mark was asked for, so a person has to find out what happened');
      assert.deepEqual(await other.delivered(), []);
    },
  })),
  {
    name: 'a file whose content changed is never handed over',
    needs: ['files'],
    async run({ submission, submit, other }) {
      const { annex } = sampleAnnex('damaged.pdf', Buffer.from('what was received'));
      const sent = submission([annexOf(annex.filename, annex.sha256, annex.size, () => Readable.from([Buffer.from('what stands there')]))]);
      await assert.rejects(submit(sent), 'submit succeeded with other bytes than those of the annex');
      assert.deepEqual(await other.delivered(), []);
    },
  },
  {
    name: 'stops reading a file when it is told to',
    needs: ['files'],
    async run({ submission, submit, other }) {
      const stop = new AbortController();
      const endless = annexOf('endless.pdf', 'f'.repeat(64), MIB, () => new Readable({ read() { stop.abort(new Error('Relais stops')); } }));
      await assert.rejects(submit(submission([endless]), { signal: stop.signal }), 'submit succeeded after it was told to stop');
      assert.deepEqual(await other.delivered(), []);
    },
  },
];

async function requireArrival({ submission, submit, other }: Stage, annexes: Parameters<Stage['submission']>[0]): Promise<void> {
  const sent = submission(annexes);
  await submit(sent);
  const arrival = (await other.delivered()).find(({ itemUid }) => itemUid === sent.item.uid);
  assert.deepEqual(arrival?.files, sent.item.annexes.map(({ sha256 }) => sha256));
}
