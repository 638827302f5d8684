import { expect } from 'chai';
import { OutcomeUnknown, Refused } from '../../../src/connector-api/failures.js';
import type { Delivery } from '../../../src/domain/delivery.js';
import { eachEngine } from '../../support/each-engine.js';
import { forwardingGateway, scriptedUpstream, type ForwardingGateway, type Upstream } from '../../support/forwarding-rig.js';
import { waitFor } from '../../support/gateway-process.js';
import { sampleFlow, sampleStep } from '../../support/sample-route.js';
import { gather, rejection, type TempStore } from '../../support/temp-store.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

eachEngine('forwarding to the system behind a meeting config', (open) => {
  let store: TempStore;
  let upstream: Upstream;
  const running: ForwardingGateway[] = [];
  beforeEach(async () => {
    store = await open();
    upstream = scriptedUpstream();
  });
  afterEach(async () => {
    for (const gateway of running.splice(0)) await gateway.stop();
    await store.close();
  });

  const gatewayWith = (options: Parameters<typeof forwardingGateway>[2] = {}): ForwardingGateway => {
    const gateway = forwardingGateway(store, upstream, options);
    running.push(gateway);
    return gateway;
  };
  const forwardingOf = async (uid: string) => (await store.links.ofItems('default', [uid])).get(uid);
  const deliveriesOf = async (uid: string): Promise<readonly Delivery[]> => (await store.history.story('default', uid))!.deliveries;
  const stateOf = async (uid: string) => Object.fromEntries((await deliveriesOf(uid)).map(({ step, state }) => [step, state]));
  const isLinked = (identifier: string) => store.history.isLinked('default', identifier, null);
  const isSeen = async (uid: string) => (await gather(store.history.search('default', { uid: uid }, 'everything'))).length === 1;

  describe('later', () => {
    it('answers at once, forwards, and follows what becomes of the item, so that what waits for it goes on', async () => {
      const flow = sampleFlow({ steps: [sampleStep('sign', { connector: 'out', operation: 'create-item', waitFor: ['accepted'] })] });
      const gateway = gatewayWith({ flows: [flow] });
      const { uid, warnings } = await gateway.create({ externalIdentifier: 'GED-1' });
      expect(warnings).to.deep.equal([]);
      await gateway.pass(2_000);
      expect(await forwardingOf(uid)).to.include({ state: 'sent', upstream: `pm-${upstream.taken[0]}` });
      expect(await stateOf(uid)).to.deep.equal({ forward: 'sent', sign: 'waiting' });
      upstream.track = () => Promise.resolve({ state: 'pending', results: { item: { reviewState: 'accepted', decision: '<p>Adopté</p>' } } });
      await gateway.pass(2 * MINUTE, MINUTE);
      expect(await stateOf(uid)).to.deep.equal({ forward: 'sent', sign: 'done' });
      expect((await store.history.story('default', uid))!.item).to.include({ reviewState: 'accepted', decision: '<p>Adopté</p>' });
    });

    it('is withdrawn when it is deleted over there, and ends its flow as any rejection', async () => {
      const flow = sampleFlow({ steps: [sampleStep('sign', { connector: 'out', operation: 'create-item', waitFor: ['accepted'] })], onRejection: [sampleStep('tell', { connector: 'out', operation: 'create-item' })] });
      const gateway = gatewayWith({ flows: [flow] });
      const { uid } = await gateway.create({ externalIdentifier: 'GED-1' });
      await gateway.pass(2_000);
      expect([await isSeen(uid), await isLinked('GED-1')]).to.deep.equal([true, true]);
      upstream.track = () => Promise.resolve({ state: 'rejected', reason: 'It was deleted over there.' });
      await gateway.pass(2 * MINUTE, MINUTE);
      expect(await stateOf(uid)).to.deep.equal({ forward: 'rejected', sign: 'cancelled', tell: 'done' });
      expect([await isSeen(uid), await isLinked('GED-1')]).to.deep.equal([false, false]);
    });

    it('refused over there: parked with its words, still linked, until somebody retries or takes it back', async () => {
      upstream.submit = () => Promise.reject(new Refused('No such category.'));
      const gateway = gatewayWith();
      const { uid } = await gateway.create({ externalIdentifier: 'GED-1' });
      await gateway.pass(10_000);
      expect(await forwardingOf(uid)).to.include({ state: 'parked', reason: 'No such category.', upstream: null });
      expect([await isSeen(uid), await isLinked('GED-1')]).to.deep.equal([true, true]);
      upstream.submit = scriptedUpstream().submit;
      await store.operations.retry('default', { itemUid: uid }, 'operator');
      await gateway.pass(4_000, 2_000);
      expect(await forwardingOf(uid)).to.include({ state: 'sent' });
    });

    it('a day without the system, under traffic: nobody notices, and all arrive afterwards in order, none twice', async function () {
      this.timeout(120_000);
      const gateway = gatewayWith({ order: 'source' });
      upstream.isDown = true;
      const uids: string[] = [];
      for (let n = 0; n < 96; n += 1) {
        const { uid, warnings } = await gateway.create({ title: `Point ${n}`, externalIdentifier: `GED-${n}` });
        expect(warnings).to.deep.equal([]);
        uids.push(uid);
        expect(await isLinked(`GED-${n}`)).to.equal(true);
        await gateway.pass(15 * MINUTE);
      }
      expect(upstream.taken).to.deep.equal([]);
      const states = await store.links.ofItems('default', uids);
      expect(new Set([...states.values()].map(({ state }) => state)), 'nobody was called for it').to.deep.equal(new Set(['ready']));
      const [state] = await store.operations.connectorStates('default');
      expect(state).to.include({ connector: 'pm', breaker: 'open', reason: 'it does not answer' });

      upstream.isDown = false;
      await gateway.pass(HOUR, 30_000);
      const after = await store.links.ofItems('default', uids);
      expect(new Set([...after.values()].map((one) => one.state))).to.deep.equal(new Set(['sent']));
      expect(upstream.taken.map((key) => `pm-${key}`), 'each once, in the order of the calls').to.deep.equal(uids.map((uid) => after.get(uid)?.upstream));
    });
  });

  describe('direct', () => {
    /** A call, and the engine going on beside it. */
    const create = async (gateway: ForwardingGateway, creationData = {}) => {
      const answer = gateway.create(creationData).then((reply) => ({ reply }), (error: unknown) => ({ error }));
      let isOver = false;
      void answer.then(() => { isOver = true; });
      await waitFor(() => { if (!isOver) gateway.tick(500); return isOver; }, 20_000, () => 'the call was never answered');
      const outcome = await answer;
      if ('error' in outcome) throw outcome.error;
      return outcome.reply;
    };

    it('answers the UID with what the system says', async () => {
      const gateway = gatewayWith({ forward: 'direct' });
      const { uid, warnings } = await create(gateway, { externalIdentifier: 'GED-1' });
      expect(warnings).to.deep.equal([`Taken as pm-${upstream.taken[0]}.`]);
      expect(await forwardingOf(uid)).to.include({ state: 'sent', upstream: `pm-${upstream.taken[0]}` });
    });

    it('refused: the caller is told, and nothing is left that is seen or links; what is corrected may come again', async () => {
      const flow = sampleFlow({ steps: [sampleStep('sign', { connector: 'out', operation: 'create-item', waitFor: ['accepted'] })], onRejection: [sampleStep('tell', { connector: 'out', operation: 'create-item' })] });
      const gateway = gatewayWith({ forward: 'direct', flows: [flow] });
      const { submit } = upstream;
      upstream.submit = () => Promise.reject(new Refused('No such category.'));
      expect(await rejection(create(gateway, { externalIdentifier: 'GED-1' }))).to.include({ code: 'RELAIS_WS4PM_UPSTREAM' }).and.to.have.property('message').that.includes('No such category.');
      const [item] = await store.history.latest('default', 1);
      expect(await stateOf(item!.uid)).to.deep.equal({ forward: 'cancelled', sign: 'cancelled', tell: 'skipped' });
      expect([await isSeen(item!.uid), await isLinked('GED-1')]).to.deep.equal([false, false]);
      expect((await deliveriesOf(item!.uid))[0]).to.include({ reason: 'No such category.', fix: null });
      upstream.submit = submit;
      const { uid } = await create(gateway, { externalIdentifier: 'GED-1' });
      expect([uid === item!.uid, await isLinked('GED-1'), upstream.taken.length]).to.deep.equal([false, true, 1]);
      expect((await store.verifyJournal('default')).brokenAt).to.equal(null);
    });

    it('slow: the call ends in time, what was begun goes on, and the repeat of the call is the same item', async () => {
      const gateway = gatewayWith({ forward: 'direct' });
      const { submit } = upstream;
      let go = (): void => undefined;
      upstream.submit = (submission) => new Promise((resolve) => { go = () => { resolve(submit(submission)); }; });
      const { uid: first, warnings } = await create(gateway, { externalIdentifier: 'GED-1' });
      expect(warnings).to.have.length(1).and.to.have.nested.property('[0]').that.includes('is kept');
      expect(await isLinked('GED-1')).to.equal(true);
      go();
      const { uid: second } = await create(gateway, { externalIdentifier: 'GED-1' });
      expect([second, upstream.taken.length]).to.deep.equal([first, 1]);
      expect(await forwardingOf(first)).to.include({ state: 'sent' });
    });

    it('away: what is known to be away is not waited for', async () => {
      const gateway = gatewayWith({ forward: 'direct' });
      upstream.isDown = true;
      for (let n = 0; n < 6; n += 1) await create(gateway, { title: `Point ${n}` });
      await gateway.idle();
      const before = store.time.at;
      const reply = await gateway.create({ title: 'Encore un' });
      expect([store.time.at - before, reply.warnings.length]).to.deep.equal([0, 1]);
    });

    it('killed between the two: taken over there once, and the repeated call is answered with it', async () => {
      const killed = forwardingGateway(store, upstream, { forward: 'direct' });
      const { submit } = upstream;
      upstream.submit = async (submission) => {
        await submit(submission);
        return new Promise(() => undefined);
      };
      // nobody is left to answer it
      void killed.create({ externalIdentifier: 'GED-1' });
      await waitFor(() => upstream.taken.length === 1, 10_000, () => 'never taken');
      upstream.submit = submit;
      // its timers run no more, its lease ends, and another process takes over
      store.time.at += 2 * MINUTE;
      const gateway = gatewayWith({ forward: 'direct' });
      await gateway.pass(MINUTE, 10_000);
      const { uid, warnings } = await create(gateway, { externalIdentifier: 'GED-1' });
      expect([upstream.taken.length, (await store.history.latest('default', 5)).length]).to.deep.equal([1, 1]);
      expect(await forwardingOf(uid)).to.include({ state: 'sent', upstream: `pm-${upstream.taken[0]}` });
      expect(warnings).to.have.length(2);
     
    });

    it('an operator who retries while it is withdrawn: one of the two, never both', async () => {
      const gateway = gatewayWith({ forward: 'direct' });
      upstream.submit = () => Promise.reject(new Refused('No.'));
      expect(await rejection(create(gateway))).to.include({ code: 'RELAIS_WS4PM_UPSTREAM' });
      const [item] = await store.history.latest('default', 1);
      expect(await store.operations.retry('default', { itemUid: item!.uid }, 'operator')).to.equal(0);
      const stand = await store.forwarding.standOf('default', item!.uid);
      expect(await store.forwarding.withdrawRefused('default', stand!.delivery), 'not twice').to.equal(false);
    });

    it('withdraws nothing that may be over there', async () => {
      const gateway = gatewayWith();
      upstream.submit = () => Promise.reject(new OutcomeUnknown('the line broke'));
      await gateway.create();
      await gateway.pass(2_000);
      const [item] = await store.history.latest('default', 1);
      await store.door.write((manager) => manager.query('UPDATE delivery SET state = \'parked\''));
      const stand = await store.forwarding.standOf('default', item!.uid);
      expect(stand).to.include({ state: 'parked', mayBeThere: true });
      expect(await store.forwarding.withdrawRefused('default', stand!.delivery)).to.equal(false);
    });
  });
});
