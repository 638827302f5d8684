import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { Announcement, Arrival, Collecting, ConnectorContext } from '../../connector-api/connector.js';
import { isFailure } from '../../connector-api/failures.js';
import type { ConformanceCase } from '../conformance-case.js';
import type { Waiting } from '../rehearsal.js';
import type { Stage, Subject } from '../stage.js';
import { asKept } from './answering.js';

/** What the other side has unasked. */
export const collectCases: readonly ConformanceCase[] = [
  {
    name: 'collect: announces what waits, each under its own name, the same whenever it is asked, and marks nothing',
    unpromised: unlessCollected,
    async run(stage) {
      const waiting = [await announce(stage), await announce(stage)];
      const found = await list(stage);

      assert.equal(found.length, waiting.length, `it announces ${found.length}, expected ${waiting.length}`);
      assert.equal(new Set(keysOf(found)).size, found.length, 'two have the same key: the second would never be fetched');
      assert.deepEqual(keysOf(await list(stage)), keysOf(found), 'asked again, it names them otherwise');
      await requireUnmarked(waiting);
    },
  },
  {
    name: 'collect: fetches it with its documents, as often as it is asked, and marks nothing',
    unpromised: unlessCollected,
    async run(stage) {
      const waiting = await announce(stage);
      const [one] = await list(stage);
      const arrival = await fetchOne(stage, one);

      assert.ok(arrival !== 'gone', 'it is announced, and gone');
      assert.notEqual(arrival.title.trim(), '', 'it has no title');
      const { kinds } = collecting(stage);
      assert.ok(kinds === undefined || kinds.includes(arrival.kind), `it is of the kind «${arrival.kind}», which collect.kinds lacks`);
      for (const { sha256, filename } of arrival.documents) assert.ok(stage.files.kept().includes(sha256), `the document «${filename}» was not kept (context.blobs.keep)`);
      assert.deepEqual(await fetchOne(stage, one), arrival, 'fetched again, because it was not kept the first time, it is something else');
      await requireUnmarked([waiting]);
    },
  },
  {
    name: 'collect: what could not be kept here is not marked, and is fetched the next time',
    unpromised: unlessCollected,
    async run(stage) {
      const waiting = await announce(stage);
      const [one] = await list(stage);
      const keep: ConnectorContext['blobs']['keep'] = async (content) => { await Readable.from(content).take(1).toArray(); throw new Error('the disk is full'); };
      const failed = await fetchOne(stage, one, { blobs: { ...stage.context().blobs, keep } }).then((arrival) => arrival !== 'gone' && arrival.documents.length === 0, () => true);

      assert.ok(failed, 'it was fetched with documents that are kept nowhere');
      await requireUnmarked([waiting]);
      assert.notEqual(await fetchOne(stage, one), 'gone');
    },
  },
  {
    name: 'collect: what is kept is marked and announced no more, however often that is told, and nothing else is',
    unpromised: unlessCollected,
    async run(stage) {
      const waiting = [await announce(stage), await announce(stage)];
      const [one, other] = await list(stage);
      await fetchOne(stage, one);
      await keptOne(stage, one);
      await keptOne(stage, one);

      assert.deepEqual(keysOf(await list(stage)), keysOf(other === undefined ? [] : [other]));
      const marked: boolean[] = [];
      for (const each of waiting) marked.push(await each.isMarked());
      assert.deepEqual(marked.filter((is) => is), [true], 'exactly the one that was kept is marked');
    },
  },
  {
    name: 'collect: what was taken away before it was fetched is gone',
    unpromised: unlessCollected,
    async run(stage) {
      const waiting = await announce(stage);
      if (waiting.withdraw === undefined) return;
      const [one] = await list(stage);
      await waiting.withdraw();

      assert.equal(await fetchOne(stage, one), 'gone');
      assert.deepEqual(await list(stage), []);
    },
  },
  {
    name: 'collect: another side that is down has announced nothing',
    needs: ['down'],
    unpromised: unlessCollected,
    async run(stage) {
      const waiting = await announce(stage);
      const [one] = await list(stage);
      await stage.other.behave('down');
      for (const asked of [() => list(stage), () => fetchOne(stage, one), () => keptOne(stage, one)]) {
        const failure = await asked().then(() => null, (error: unknown) => error);
        assert.ok(isFailure(failure) && failure.kind !== 'refused', `it ends with ${String(failure)}, expected a failure that is not Refused: the next try may succeed`);
      }
      await stage.other.behave('well');
      await requireUnmarked([waiting]);
    },
  },
];

function unlessCollected({ connector, rehearsal }: Subject): string | null {
  if (connector.collect === undefined) return 'the connector collects nothing';
  return rehearsal.announces === true ? null : 'nothing waits unasked in this rehearsal';
}

function collecting({ connector }: Stage): Collecting<unknown> {
  assert.ok(connector.collect !== undefined);
  return connector.collect;
}

async function announce({ other }: Stage): Promise<Waiting> {
  assert.ok(other.announce !== undefined, 'the other side of a rehearsal that announces needs announce()');
  return other.announce();
}

/** As Relais keeps them: as JSON. */
async function list(stage: Stage): Promise<readonly Announcement[]> {
  return asKept(await collecting(stage).list(stage.settings, stage.context()));
}

function fetchOne(stage: Stage, one: Announcement | undefined, change?: Partial<ConnectorContext>): Promise<Arrival | 'gone'> {
  assert.ok(one !== undefined, 'it announces nothing');
  return collecting(stage).fetch(one, stage.settings, stage.context(change));
}

async function keptOne(stage: Stage, one: Announcement | undefined): Promise<void> {
  assert.ok(one !== undefined);
  await collecting(stage).kept(one, stage.settings, stage.context());
}

function keysOf(announced: readonly Announcement[]): string[] {
  return announced.map(({ key }) => key).toSorted();
}

async function requireUnmarked(waiting: readonly Waiting[]): Promise<void> {
  for (const one of waiting) assert.equal(await one.isMarked(), false, 'it is marked over there, and was not kept here yet');
}
