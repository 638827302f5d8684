import { expect } from 'chai';
import { Readable } from 'node:stream';
import type { Submission, Tracking } from '../../../src/connector-api/connector.js';
import { Misconfigured, NotSent, Refused } from '../../../src/connector-api/failures.js';
import type { BusinessHours } from '../../../src/domain/flow.js';
import { done, engineRig, plainRules, sent } from '../../support/engine-rig.js';
import { until } from '../../support/fake-time.js';
import { sampleFlow, sampleStep } from '../../support/sample-delivery.js';
import { sampleItem } from '../../support/sample-item.js';

const MINUTE = 60_000;

/** The rig begins on Monday 1 March 2027 at 10:00 in Brussels. */
const office: BusinessHours = { timeZone: 'Europe/Brussels', days: [1, 2, 3, 4, 5], from: 8 * 60, to: 17 * 60, holidays: [] };
const evening: BusinessHours = { ...office, from: 18 * 60, to: 20 * 60 };

describe('a step of a flow', () => {
  describe('that is answered later', () => {
    it('is asked for until it is done, and the next step sees what it brought back', async () => {
      const answers: Tracking[] = [
        { state: 'pending', note: 'with the mayor', data: { page: 2 } },
        { state: 'done', results: { fields: { visa: 'V7' }, documents: [{ title: 'Signed', filename: 'signed.pdf', mediaType: 'application/pdf', sha256: 'a', size: 1 }] } },
      ];
      const asked: unknown[] = [];
      let archived: Submission | undefined;
      const { store, engine, time, calls } = engineRig(
        { submit: () => Promise.resolve(sent), track: (receipt) => { asked.push(receipt.data); return Promise.resolve(answers.shift()!); } },
        { others: { archive: { submit: (submission) => { archived = submission; return Promise.resolve(done); } } } },
      );
      const sign = sampleStep('sign', { results: { annexType: 'decision-annex', relatedTo: 'decision', stateWhenDone: 'accepted', stateWhenRejected: null } });
      const [first, second] = store.addFlow(sampleItem(), sampleFlow([sign, sampleStep('archive', { connector: 'archive', after: ['sign'] })])) as [string, string];
      engine.start();
      await until(() => store.row(first).state === 'sent', 'sent');
      expect(store.row(second).state).to.equal('waiting');
      await time.advance(MINUTE);
      expect(store.row(first)).to.deep.include({ state: 'sent', polls: 1, reason: 'with the mayor', receiptData: { page: 2 } });
      await time.advance(MINUTE);
      await until(() => store.row(second).state === 'done', 'both done');
      await engine.stop();

      expect(calls).to.deep.equal([`submit ${first}`, `track ${first}`, `track ${first}`, `submit ${second}`]);
      expect(asked).to.deep.equal([{ page: 1 }, { page: 2 }]);
      expect(archived?.results).to.deep.equal({ sign: { reference: 'R', state: 'done', fields: { visa: 'V7' } } });
      expect(archived?.item.annexes.map(({ id, typeId }) => [id, typeId])).to.deep.equal([['signed.pdf', 'decision-annex']]);
      expect(archived?.item.reviewState).to.equal('accepted');
    });

    it('is rejected: the rest is cancelled and the return steps go', async () => {
      const { store, engine, time } = engineRig(
        { submit: () => Promise.resolve(sent), track: () => Promise.resolve({ state: 'rejected', reason: 'The mayor said no.' }) },
        { others: { archive: {}, mail: {} } },
      );
      const sign = sampleStep('sign', { results: { annexType: null, relatedTo: 'item', stateWhenDone: null, stateWhenRejected: 'proposed' } });
      const ids = store.addFlow(sampleItem(), sampleFlow([sign, sampleStep('archive', { connector: 'archive', after: ['sign'] })], [sampleStep('tell', { connector: 'mail' })]));
      engine.start();
      await until(() => store.row(ids[0]!).state === 'sent', 'sent');
      await time.advance(MINUTE);
      await until(() => store.row(ids[2]!).state === 'done', 'told');
      await engine.stop();

      expect(ids.map((id) => store.row(id).state)).to.deep.equal(['rejected', 'cancelled', 'done']);
      expect(store.row(ids[0]!).reason).to.equal('The mayor said no.');
      expect(store.item(ids[0]!).reviewState).to.equal('proposed');
    });

    it('is rejected: what is tried again beside it is asked for if it may be there, and never sent', async () => {
      const answers: Tracking[] = [{ state: 'rejected', reason: 'The mayor said no.' }];
      const { store, engine, time, calls } = engineRig(
        { submit: () => Promise.resolve(sent), track: () => Promise.resolve(answers.shift()!) },
        { others: { absent: { probe: () => Promise.resolve('absent') }, there: { probe: () => Promise.resolve({ found: done }) }, mail: {} } },
      );
      const flow = sampleFlow([sampleStep('sign'), sampleStep('gone', { connector: 'absent' }), sampleStep('kept', { connector: 'there' })], [sampleStep('tell', { connector: 'mail' })]);
      const [sign, gone, kept, tell] = store.addFlow(sampleItem(), flow) as [string, string, string, string];
      for (const id of [gone, kept]) store.wasMarked(id);
      store.hold('absent', true);
      store.hold('there', true);
      engine.start();
      await until(() => store.row(sign).state === 'sent', 'sent');
      await time.advance(MINUTE);
      await until(() => store.row(tell).state === 'done', 'told');
      expect([gone, kept].map((id) => store.row(id).state)).to.deep.equal(['ready', 'ready']);
      store.hold('absent', false);
      store.hold('there', false);
      await time.advance(MINUTE);
      await until(() => store.row(kept).state === 'done', 'found');
      await engine.stop();

      expect(store.row(gone)).to.include({ state: 'cancelled', reason: 'Step «sign» was rejected.' });
      expect(calls).to.have.members([`submit ${sign}`, `track ${sign}`, `submit ${tell}`, `probe ${gone}`, `probe ${kept}`]);
    });

    it('is asked for again when a question fails, at the pace of the remote where it has one', async () => {
      const answers: (() => Promise<Tracking>)[] = [
        () => Promise.reject(new NotSent('down')), () => Promise.reject(new Misconfigured('password')), () => Promise.reject(new TypeError('a mistake')), () => Promise.resolve({ state: 'done' }),
      ];
      const { store, engine, time } = engineRig({ submit: () => Promise.resolve({ ...sent, pollAfterMs: 10 * MINUTE }), track: () => answers.shift()!() });
      const id = store.add(sampleItem());
      engine.start();
      await until(() => store.row(id).state === 'sent', 'sent');
      await time.advance(9 * MINUTE);
      expect(answers).to.have.length(4);
      await time.advance(60 * MINUTE);
      expect(store.row(id)).to.include({ state: 'done', attempts: 1 });
      await engine.stop();
    });

    it('is parked when its remote refuses the question', async () => {
      const { store, engine, time } = engineRig({ submit: () => Promise.resolve(sent), track: () => Promise.reject(new Refused('no such reference')) });
      const id = store.add(sampleItem());
      engine.start();
      await until(() => store.row(id).state === 'sent', 'sent');
      await time.advance(MINUTE);
      expect(store.row(id)).to.include({ state: 'parked', reason: 'no such reference', remoteReference: 'R' });
      await engine.stop();
    });

    it('is parked with a mark when its connector has no way to ask', async () => {
      const { store, engine, calls } = engineRig({ submit: () => Promise.resolve(sent) });
      const id = store.add(sampleItem());
      engine.start();
      await until(() => store.row(id).state === 'parked', 'parked');
      await engine.stop();

      expect(store.row(id).markedAt).to.be.a('number');
      expect(store.row(id).fix).to.include('track');
      expect(calls).to.deep.equal([`submit ${id}`]);
    });
  });

  describe('that an operator wants to take back', () => {
    const track = () => Promise.resolve({ state: 'pending' } as const);

    async function takenBack(script: Parameters<typeof engineRig>[0]) {
      const rig = engineRig({ submit: () => Promise.resolve(sent), track, ...script });
      const id = rig.store.add(sampleItem());
      rig.engine.start();
      await until(() => rig.store.row(id).state === 'sent', 'sent');
      rig.store.requestCancel(id);
      await rig.time.advance(2_000);
      await until(() => rig.delivered.length === 2, 'the outcome');
      return { ...rig, id };
    }

    it('is cancelled where the remote agrees', async () => {
      const { store, engine, id } = await takenBack({ cancel: () => Promise.resolve('cancelled') });
      await engine.stop();

      expect(store.row(id).state).to.equal('cancelled');
    });

    it('goes on being asked for where it is too late, refused, or not possible', async () => {
      for (const cancel of [() => Promise.resolve('too-late' as const), () => Promise.reject(new Refused('signed already')), undefined]) {
        const { store, engine, id, calls, time } = await takenBack(cancel === undefined ? {} : { cancel });
        expect(store.row(id)).to.include({ state: 'sent', cancelRequested: false });
        expect(store.row(id).reason).to.not.be.oneOf([null, '']);
        await time.advance(MINUTE);
        await engine.stop();
        expect(calls.at(-1)).to.equal(`track ${id}`);
      }
    });

    it('says in the words of the connector why it is too late', async () => {
      const { store, engine, id } = await takenBack({ cancel: () => Promise.resolve({ tooLate: 'It travels with another.' }) });
      await engine.stop();

      expect(store.row(id)).to.include({ state: 'sent', reason: 'It travels with another; its answer is still awaited.' });
    });

    it('is asked again to be taken back when the remote is down', async () => {
      let down = true;
      const { store, engine, id, time } = await takenBack({ cancel: () => (down ? Promise.reject(new NotSent('down')) : Promise.resolve('cancelled')) });
      expect(store.row(id)).to.include({ state: 'sent', cancelRequested: true, reason: 'Its answer could not be asked for: down' });
      down = false;
      await time.advance(MINUTE);
      expect(store.row(id).state).to.equal('cancelled');
      await engine.stop();
    });
  });

  describe('with a condition', () => {
    it('is skipped when it says no, and the next one goes', async () => {
      const { store, engine, calls } = engineRig();
      const ids = store.addFlow(sampleItem(), sampleFlow([sampleStep('a', { when: 'no' }), sampleStep('b', { after: ['a'], when: 'yes' })]));
      engine.start();
      await until(() => store.row(ids[1]!).state === 'done', 'done');
      await engine.stop();

      expect(store.row(ids[0]!)).to.include({ state: 'skipped', attempts: 0 });
      expect(calls).to.deep.equal([`submit ${ids[1]!}`]);
    });

    it('is parked with a fix when it cannot be decided', async () => {
      const { store, engine } = engineRig();
      const id = store.add(sampleItem(), {}, sampleStep('a', { when: 'broken' }));
      engine.start();
      await until(() => store.row(id).state === 'parked', 'parked');
      await engine.stop();

      expect(store.row(id)).to.include({ attempts: 0, reason: 'The condition could not be decided.' });
      expect(store.row(id).fix).to.be.a('string');
    });

    it('is not skipped once it was marked: it may be over there', async () => {
      const { store, engine, calls } = engineRig({ probe: () => Promise.resolve({ found: done }) });
      const id = store.add(sampleItem(), { markedAt: 1 }, sampleStep('a', { when: 'no' }));
      engine.start();
      await until(() => store.row(id).state === 'done', 'done');
      await engine.stop();

      expect(calls).to.deep.equal([`probe ${id}`]);
    });
  });

  describe('with mapped fields', () => {
    it('gives them to the connector, and tells what was adapted', async () => {
      let fields: Submission['fields'] | undefined;
      const { store, engine, logger } = engineRig(
        { submit: (submission) => { fields = submission.fields; return Promise.resolve(done); } },
        { rules: { ...plainRules, mapFields: (_claimed, _view, _authority, target) => Promise.resolve({ fields: { object: Object.keys(target).join() }, warnings: ['cut to 80 characters'] }) } },
      );
      const id = store.add(sampleItem());
      engine.start();
      await until(() => store.row(id).state === 'done', 'done');
      await engine.stop();

      expect(fields).to.deep.equal({ object: 'object' });
      expect(logger.text()).to.include('cut to 80 characters');
    });

    it('is parked with the line to add, without an attempt, when they cannot be made', async () => {
      const { store, engine, calls } = engineRig({}, { rules: { ...plainRules, mapFields: () => Promise.resolve({ problem: 'Service «roads» is not in the table.', fix: '  roads: 12' }) } });
      const id = store.add(sampleItem());
      engine.start();
      await until(() => store.row(id).state === 'parked', 'parked');
      await engine.stop();

      expect(store.row(id)).to.include({ attempts: 0, reason: 'Service «roads» is not in the table.', fix: '  roads: 12' });
      expect(calls).to.deep.equal([]);
    });

    it('tries again when the rules themselves fail, and parks in the end', async () => {
      const { store, engine, time } = engineRig({}, { rules: { ...plainRules, mapFields: () => Promise.reject(new TypeError('a mistake of ours')) } });
      const id = store.add(sampleItem());
      engine.start();
      await time.advance(30 * MINUTE);
      await engine.stop();

      expect(store.row(id)).to.include({ state: 'parked', attempts: 5 });
    });
  });

  describe('with business hours', () => {
    it('waits for them without burning attempts, then goes', async () => {
      const { store, engine, time, calls } = engineRig();
      const id = store.add(sampleItem(), {}, sampleStep('a', { hours: evening }));
      engine.start();
      await until(() => store.outcomes.length === 1, 'the first outcome');
      expect(store.row(id)).to.include({ state: 'ready', attempts: 0, dueAt: Date.UTC(2027, 2, 1, 17) });
      await time.advance(8 * 60 * MINUTE - 1);
      expect(calls).to.deep.equal([]);
      await time.advance(1);
      expect(store.row(id)).to.include({ state: 'done', attempts: 1 });
      await engine.stop();
    });

    it('is probed at any hour, and resent within them only', async () => {
      const { store, engine, time, calls } = engineRig({ probe: () => Promise.resolve('absent') });
      const id = store.add(sampleItem(), { markedAt: 1 }, sampleStep('a', { hours: evening }));
      engine.start();
      await until(() => store.outcomes.length === 1, 'the probe');
      expect(store.row(id)).to.include({ state: 'ready', markedAt: null, attempts: 0 });
      await time.advance(8 * 60 * MINUTE);
      await engine.stop();

      expect(calls).to.deep.equal([`probe ${id}`, `submit ${id}`]);
    });
  });

  it('keeps what comes back before the end, together with what to ask with next, and each document once', async () => {
    const pages: unknown[] = [];
    const { store, engine, blobs, time } = engineRig({
      submit: (_submission, context) => context.markSent().then(() => sent),
      track: async ({ data }, context) => {
        pages.push(data);
        const kept = await context.blobs.keep(Readable.from([Buffer.from('signed')]));
        const results = { fields: { by: 'the mayor' }, documents: [{ title: 'Signed', filename: 'signed.pdf', mediaType: 'application/pdf', role: 'signed', ...kept }] };
        // what Relais has by now is put away over there, and told again all the same
        return pages.length < 3 ? { state: 'pending', data: { page: 2 }, results } : { state: 'done', results };
      },
    });
    const id = store.add(sampleItem());
    engine.start();
    await until(() => store.outcomes.length === 1, 'sent');
    await time.advance(MINUTE);
    expect(store.row(id)).to.deep.include({ state: 'sent', receiptData: { page: 2 }, reason: null });
    expect(store.item(id).annexes.map(({ filename, role }) => [filename, role])).to.deep.equal([['signed.pdf', 'signed']]);
    await time.advance(2 * MINUTE);
    await until(() => store.row(id).state === 'done', 'done');
    await engine.stop();

    expect(pages).to.deep.equal([{ page: 1 }, { page: 2 }, { page: 2 }]);
    expect(store.item(id).annexes).to.have.length(1);
    expect(blobs).to.deep.include({ openWriters: 0, staged: [] });
  });

  for (const failure of [new NotSent('the document is gone'), new Refused('not allowed'), new Misconfigured('password')]) {
    it(`is not taken for ${failure.kind} once something that it gave back is being kept`, async () => {
      const { store, engine, calls } = engineRig({
        submit: async (_submission, context) => {
          await context.markSent();
          await context.blobs.keep(Readable.from([Buffer.from('slip')]));
          throw failure;
        },
        probe: () => Promise.resolve({ found: done }),
      });
      const id = store.add(sampleItem());
      engine.start();
      await until(() => store.outcomes.length === 1, 'failed');
      expect(store.row(id)).to.include({ state: 'ready', reason: failure.message });
      expect(store.row(id).markedAt).to.not.equal(null);
      expect(calls).to.deep.equal([`submit ${id}`]);
      await engine.stop();
    });
  }

  it('keeps what the remote gives back, and nothing of an attempt that is aborted', async () => {
    let kept: { readonly sha256: string; readonly size: number } | undefined;
    const { store, engine, blobs, time } = engineRig({ submit: async ({ item }, context) => {
      if (item.title === 'good') kept = await context.blobs.keep(Readable.from([Buffer.from('signed')]));
      else await context.blobs.keep(new Readable({ read: () => undefined }));
      return done;
    } }, { options: { attemptMs: MINUTE } });
    const good = store.add(sampleItem({ title: 'good' }));
    const stuck = store.add(sampleItem({ title: 'stuck' }));
    engine.start();
    await until(() => store.row(good).state === 'done', 'done');
    expect(kept?.size).to.equal(6);
    await time.advance(MINUTE);
    await until(() => store.row(stuck).state === 'ready', 'aborted');
    await engine.stop();

    expect(blobs).to.deep.include({ openWriters: 0, staged: [] });
  });
});
