import { expect } from 'chai';
import { Readable } from 'node:stream';
import { Misconfigured, NotSent, OutcomeUnknown, Refused } from '../../../src/connector-api/failures.js';
import { RelaisError } from '../../../src/errors.js';
import { fakeTime, type FakeTime } from '../../support/fake-time.js';
import { memoryIntake } from '../../support/memory-intake.js';
import { collectOnce, collectParts, letter, otherSide, targetOf, type OtherSide } from '../../support/other-side.js';
import { sampleAuthority } from '../../support/sample-authority.js';

/** One look, with an intake and a store in memory that knows no delivery. */
function rig(there: OtherSide, time: FakeTime = fakeTime()) {
  const intake = memoryIntake();
  const taken = new Map<string, string>();
  const { parts, logger, blobs } = collectParts(time);
  const target = targetOf(there, {
    async acceptOnce(submission, once) {
      const outcome = await intake.acceptOnce(submission, once);
      if ('id' in outcome) for (const key of once.keys) taken.set(key, submission.item.uid);
      return outcome;
    },
  });
  const store = {
    itemOf: () => Promise.resolve(null),
    takenBefore: (_: string, keys: readonly string[]) => Promise.resolve(keys.flatMap((key) => { const uid = taken.get(key); return uid === undefined ? [] : [{ key, uid, content: '', at: 0 }]; })),
  };
  return { intake, logger, blobs, parts, look: (signal?: AbortSignal, behind?: ReadonlySet<string>) => collectOnce(target, parts, store, signal, behind), titles: () => intake.submissions.map(({ item }) => item.title) };
}

describe('a look at what waits on the other side', () => {
  it('fetches each, keeps it, and only then marks it', async () => {
    const there = otherSide({ a: letter('A'), b: letter('B') });
    const { look, titles } = rig(there);
    const { found, stopped, health } = await look();
    expect(there.calls).to.deep.equal(['list', 'fetch a', 'kept a', 'fetch b', 'kept b']);
    expect([found.map(({ became }) => became), stopped, health]).to.deep.equal([['kept', 'kept'], null, { verdict: 'works' }]);
    expect(titles()).to.deep.equal(['A', 'B']);
  });

  it('marks nothing that could not be kept', async () => {
    const there = otherSide({ a: letter('A'), b: letter('B') });
    const { look, intake } = rig(there);
    intake.failure = new RelaisError('RELAIS_STORE_UNAVAILABLE', 'no room');
    expect(await look()).to.deep.equal({ found: [], stopped: 'no room', health: { verdict: 'unaffected' }, retryAfterMs: null });
    expect(there.calls).to.deep.equal(['list', 'fetch a']);
  });

  it('marks what was kept before, without fetching it again', async () => {
    const there = otherSide({ a: letter('A') });
    const { look, titles } = rig(there);
    there.failures.set('kept a', new NotSent('away'));
    expect((await look()).found).to.deep.equal([{ key: 'a', became: 'failed', reason: 'away' }]);
    there.failures.clear();
    expect((await look()).found).to.deep.equal([{ key: 'a', became: 'known' }]);
    expect(there.calls.filter((call) => call === 'fetch a')).to.have.length(1);
    expect([titles(), [...there.letters]]).to.deep.equal([['A'], []]);
  });

  it('passes over what is gone', async () => {
    const there = otherSide({ a: 'gone', b: letter('B') });
    const { look } = rig(there);
    expect((await look()).found.map(({ key, became }) => [key, became])).to.deep.equal([['a', 'gone'], ['b', 'kept']]);
    expect(there.calls).to.not.include('kept a');
  });

  it('takes the others where one cannot be taken, says why, and marks nothing of it', async () => {
    const there = otherSide({ a: letter('A'), b: letter('B'), c: letter('C') });
    const { look, titles, logger } = rig(there);
    there.failures.set('fetch a', new Refused('The archive of this letter cannot be read.')).set('fetch b', new TypeError('x of undefined'));
    expect((await look()).found.slice(0, 2)).to.deep.equal([
      { key: 'a', became: 'failed', reason: 'The archive of this letter cannot be read.' },
      { key: 'b', became: 'failed', reason: 'The connector failed in a way that it does not know.' },
    ]);
    expect([titles(), [...there.letters.keys()]]).to.deep.equal([['C'], ['a', 'b']]);
    expect(logger.lines.some(({ message, fields }) => message === 'A connector failed unexpectedly' && fields['key'] === 'b')).to.equal(true);
  });

  const failures: [name: string, error: Error, health: object, retryAfterMs?: number][] = [
    ['is away', new NotSent('away'), { verdict: 'unreachable', reason: 'away' }],
    ['does not answer', new OutcomeUnknown('silent'), { verdict: 'unreachable', reason: 'silent' }],
    ['asks for patience', new NotSent('later', { retryAfterMs: 5000 }), { verdict: 'unaffected' }, 5000],
    ['does not know us', new Misconfigured('bad certificate'), { verdict: 'misconfigured', reason: 'bad certificate' }],
  ];
  for (const [name, error, health, retryAfterMs = null] of failures) {
    it(`stops where the other side ${name}, and says so of the connector`, async () => {
      for (const point of ['list', 'fetch a', 'kept a']) {
        const there = otherSide({ a: letter('A'), b: letter('B') });
        there.failures.set(point, error);
        listsOnce(there, error);
        expect(await rig(there).look(), point).to.deep.include({ stopped: error.message, health, retryAfterMs });
        expect(there.calls, point).to.not.include('fetch b');
      }
    });
  }

  /** It lists what waits, and fails when it is asked again. */
  function listsOnce({ collect }: OtherSide, error: Error): void {
    const list = collect.list.bind(collect);
    let asked = 0;
    (collect as { list: typeof list }).list = (...args) => ((asked += 1) === 1 ? list(...args) : Promise.reject(error));
  }

  for (const [name, error] of failures.filter(([, , , retryAfterMs]) => retryAfterMs === undefined)) {
    it(`one letter for which the other side ${name}, while it goes on listing, keeps no other letter from coming, and opens no breaker`, async () => {
      for (const point of ['fetch a', 'kept a']) {
        const there = otherSide({ a: letter('A'), b: letter('B'), c: letter('C') });
        there.failures.set(point, error);
        const { look } = rig(there);
        const { found, stopped, health } = await look();
        expect([found.map(({ became }) => became), stopped, health], point).to.deep.equal([['failed', 'kept', 'kept'], null, { verdict: 'works' }]);
        expect([...there.letters.keys()], point).to.deep.equal(['a']);
        there.failures.clear();
        expect((await look()).found.map(({ became }) => became), point).to.deep.equal([point === 'fetch a' ? 'kept' : 'known']);
      }
    });
  }

  it('a letter that comes byte by byte is left after ten minutes, for the others', async () => {
    const there = otherSide({ a: letter('A'), b: letter('B') });
    const time = fakeTime();
    const own = rig(there, time);
    const fetch = there.collect.fetch.bind(there.collect);
    (there.collect as { fetch: typeof fetch }).fetch = (announced, settings, context) => (announced.key !== 'a' ? fetch(announced, settings, context)
      : new Promise((_resolve, reject) => { context.signal.addEventListener('abort', () => reject(new OutcomeUnknown('cut'))); void time.advance(600_000); }));
    const { found, stopped } = await own.look();
    expect([found.map(({ became }) => became), stopped]).to.deep.equal([['failed', 'kept'], null]);
    expect(found[0]).to.have.property('reason', 'It took longer than 10 minutes.');
  });

  it('what could not be taken the last time comes last', async () => {
    const there = otherSide({ a: letter('A'), b: letter('B'), c: letter('C') });
    const { look } = rig(there);
    await look(undefined, new Set(['a', 'b']));
    expect(there.calls.filter((call) => call.startsWith('fetch'))).to.deep.equal(['fetch c', 'fetch a', 'fetch b']);
  });

  it('stops when it is told to, and tells nothing of the connector', async () => {
    const there = otherSide({ a: letter('A'), b: letter('B') });
    const stop = new AbortController();
    const own = rig(there);
    const fetch = there.collect.fetch.bind(there.collect);
    (there.collect as { fetch: typeof fetch }).fetch = (...args) => { stop.abort(new Error('Relais is stopping.')); return fetch(...args); };
    const { stopped, health } = await own.look(stop.signal);
    expect([stopped, health]).to.deep.equal(['Relais is stopping.', { verdict: 'unaffected' }]);
    expect(there.calls).to.not.include('fetch b');
  });

  it('gives each arrival the room of one request, and no more', async () => {
    const there = otherSide({ a: letter('A'), b: letter('B') });
    const own = rig(there);
    const room = 1000;
    const authority = { ...sampleAuthority(), limits: { ...sampleAuthority().limits, requestBytes: room } };
    Object.assign(own.parts, { authority: () => authority });
    const sizes = { a: room + 1, b: room };
    const fetch = there.collect.fetch.bind(there.collect);
    (there.collect as { fetch: typeof fetch }).fetch = async (announced, settings, context) => {
      const { sha256, size } = await context.blobs.keep(Readable.from([Buffer.alloc(sizes[announced.key as 'a' | 'b'])]));
      const arrival = await fetch(announced, settings, context);
      return arrival === 'gone' ? arrival : { ...arrival, documents: [{ title: '', filename: 'l.pdf', mediaType: 'application/pdf', sha256, size }] };
    };
    const { found } = await own.look();
    expect(found[0]).to.deep.include({ became: 'failed', reason: 'The other side gives back more than this authority takes at once (limits.requestBytes).' });
    expect(own.intake.submissions.map(({ item }) => item.annexes.map(({ filename, typeId }) => [filename, typeId]))).to.deep.equal([[['l.pdf', 'financial-analysis']]]);
    expect([own.blobs.openWriters, own.blobs.staged]).to.deep.equal([0, []]);
  });

  it('lets no secret of the other side through', async () => {
    const there = otherSide({ a: letter('A') });
    there.failures.set('fetch a', new Refused('bad token hunter2'));
    const own = rig(there);
    Object.assign(own.parts, { hide: (text: string) => text.replace('hunter2', '[hidden]') });
    expect(JSON.stringify((await own.look()).found)).to.include('bad token [hidden]').and.not.include('hunter2');
  });

  it('keeps names apart that are longer than the database takes', async () => {
    const there = otherSide({ [`${'k'.repeat(5000)}1`]: letter('A'), [`${'k'.repeat(5000)}2`]: letter('B') });
    const { look, titles } = rig(there);
    expect((await look()).found.map(({ became }) => became)).to.deep.equal(['kept', 'kept']);
    expect(titles()).to.deep.equal(['A', 'B']);
  });

  it('lets nothing be marked as sent: nothing is', async () => {
    const there = otherSide({ a: letter('A') });
    const fetch = there.collect.fetch.bind(there.collect);
    (there.collect as { fetch: typeof fetch }).fetch = async (announced, settings, context) => { await context.markSent(); return fetch(announced, settings, context); };
    expect((await rig(there).look()).found[0]).to.include({ became: 'failed' });
  });
});
