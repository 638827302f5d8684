import { expect } from 'chai';
import { versionOf } from '../../../src/routing/flow-version.js';
import { planDeliveries } from '../../../src/routing/plan-deliveries.js';
import { newItem } from '../../support/temp-store.js';
import { sampleConnector, sampleFlow, sampleStep } from '../../support/sample-route.js';

const item = newItem({ source: 'ged', proposingOrganisation: 'org-uid', reviewState: 'itemcreated' });

function counted(): () => string {
  let last = 0;
  return () => `id-${++last}`;
}

describe('planDeliveries', () => {
  it('makes steps ready that wait for nothing, siblings together, and puts return steps behind', () => {
    const flow = sampleFlow({
      steps: [sampleStep('sign'), sampleStep('inform'), sampleStep('archive', { after: ['sign'] })],
      onRejection: [sampleStep('apologise'), sampleStep('file', { after: ['apologise'] })],
    });
    const planned = planDeliveries(flow, item, [], counted());
    expect(planned.map(({ id, position, role, state, step }) => [id, position, role, state, step])).to.deep.equal([
      ['id-1', 0, 'step', 'ready', 'sign'], ['id-2', 1, 'step', 'ready', 'inform'], ['id-3', 2, 'step', 'waiting', 'archive'],
      ['id-4', 3, 'return', 'waiting', 'apologise'], ['id-5', 4, 'return', 'waiting', 'file'],
    ]);
    expect(planned[0]).to.include({ flow: 'flow', flowVersion: versionOf(flow), connector: 'outbox', operation: 'write' });
  });

  it('lets a step wait for a review state, unless the item is in it', () => {
    const flow = sampleFlow({ steps: [sampleStep('now', { waitFor: ['proposed', 'itemcreated'] }), sampleStep('later', { waitFor: ['accepted'] }), sampleStep('never', { waitFor: [] })] });
    expect(planDeliveries(flow, item, [], counted()).map(({ state }) => state)).to.deep.equal(['ready', 'waiting', 'waiting']);
  });

  it('gives each delivery a retry policy of its own', () => {
    const flow = sampleFlow();
    const [planned] = planDeliveries(flow, item, [], counted());
    expect(planned!.retry).to.deep.equal(flow.steps[0]!.retry);
    expect(planned!.retry === flow.steps[0]!.retry, 'the same object').to.equal(false);
  });

  const orders = [['none', null], ['source', 'ged'], ['organisation', 'org-uid'], ['all', '']] as const;
  for (const [order, key] of orders) {
    it(`keeps the order «${order}» of the connector`, () => {
      expect(planDeliveries(sampleFlow(), item, [sampleConnector('other', 'all'), sampleConnector('outbox', order)], counted())[0]?.orderKey).to.equal(key);
    });
  }

  it('plans nothing for a flow without steps', () => expect(planDeliveries(sampleFlow({ steps: [] }), item, [], counted())).to.deep.equal([]));
});

describe('versionOf', () => {
  it('is the same for the same definition, whatever the order of its members', () => {
    const { id, when, steps, onRejection } = sampleFlow();
    expect(versionOf({ onRejection, steps, when, id })).to.equal(versionOf(sampleFlow())).and.to.match(/^[0-9a-f]{64}$/);
  });

  it('differs when anything differs', () => {
    const versions = [sampleFlow(), sampleFlow({ id: 'other' }), sampleFlow({ when: { kind: ['pes'] } }), sampleFlow({ steps: [sampleStep('one', { fields: { a: { value: 1 } } })] })].map(versionOf);
    expect(new Set(versions).size).to.equal(4);
  });
});
