import { expect } from 'chai';
import type { ConnectorLimits } from '../../../src/domain/authority.js';
import type { ConfigBackend } from '../../../src/domain/meeting-config.js';
import { versionOf } from '../../../src/routing/flow-version.js';
import { planDeliveries } from '../../../src/routing/plan-deliveries.js';
import { backendFor, withForwarding } from '../../../src/routing/with-forwarding.js';
import { CATEGORISED, PLAIN, sampleAuthority, withConfig } from '../../support/sample-authority.js';
import { sampleConnector, sampleFlow, sampleStep } from '../../support/sample-route.js';
import { newItem } from '../../support/temp-store.js';

const backend: ConfigBackend = {
  connector: 'pm', forward: 'later', directWaitMs: 20_000, freshForMs: 30_000, readTimeoutMs: 4_000, fields: { proposingGroup: { expression: 'proposingOrganisation' } },
};
const { meetingConfigs } = withConfig(sampleAuthority(), PLAIN, { backend });
const flow = sampleFlow({ steps: [sampleStep('mail'), sampleStep('sign', { waitFor: ['itemcreated', 'accepted'] })], onRejection: [sampleStep('tell')] });

describe('withForwarding', () => {
  it('puts the step that forwards before those of the flow, which stay as they are', () => {
    const forwarding = withForwarding(flow, newItem(), meetingConfigs);
    expect(forwarding).to.deep.include({ id: flow.id, when: flow.when, onRejection: flow.onRejection });
    expect(forwarding?.steps.slice(1)).to.deep.equal(flow.steps);
    expect(forwarding?.steps[0]).to.deep.include({ id: 'forward', connector: 'pm', operation: 'create-item', after: [], when: null, waitFor: null, fields: backend.fields, hours: null });
  });

  it('makes a flow of that step alone where no flow takes the item', () => {
    const forwarding = withForwarding(null, newItem(), meetingConfigs);
    expect([forwarding?.id, forwarding?.steps.map(({ id }) => id), forwarding?.onRejection]).to.deep.equal(['forward', ['forward'], []]);
  });

  it('lets no other step change the state of what is decided on over there', () => {
    const changing = (id: string) => sampleStep(id, { results: { ...sampleStep(id).results, annexType: 'plan', stateWhenDone: 'accepted', stateWhenRejected: 'itemcreated' } });
    const forwarding = withForwarding(sampleFlow({ steps: [changing('sign')], onRejection: [changing('tell')] }), newItem(), meetingConfigs)!;
    for (const { results } of [...forwarding.steps.slice(1), ...forwarding.onRejection]) expect(results).to.deep.include({ annexType: 'plan', stateWhenDone: null, stateWhenRejected: null });
  });

  it('leaves alone what is decided on here, and what is no deliberation', () => {
    for (const item of [newItem({ configId: CATEGORISED }), newItem({ kind: 'prefecture-letter' }), newItem({ configId: 'gone' })]) {
      expect(withForwarding(flow, item, meetingConfigs)).to.equal(flow);
      expect(withForwarding(null, item, meetingConfigs)).to.equal(null);
      expect(backendFor(item, meetingConfigs)).to.equal(undefined);
    }
  });

  it('makes the same flow once, with one version', () => {
    for (const one of [flow, null]) expect(withForwarding(one, newItem(), meetingConfigs)).to.equal(withForwarding(one, newItem(), meetingConfigs));
    const other = withConfig(sampleAuthority(), PLAIN, { backend: { ...backend } }).meetingConfigs;
    expect(versionOf(withForwarding(flow, newItem(), other)!)).to.equal(versionOf(withForwarding(flow, newItem(), meetingConfigs)!)).and.not.to.equal(versionOf(flow));
  });

  it('hands items over in the order that the connector is told to keep', () => {
    const item = newItem({ source: 'ged' });
    const keyOf = (order: ConnectorLimits['order']) => planDeliveries(withForwarding(null, item, meetingConfigs)!, item, [sampleConnector('pm', order)], () => 'id').map(({ orderKey }) => orderKey);
    expect([keyOf('source'), keyOf('all'), keyOf('none')]).to.deep.equal([['ged'], [''], [null]]);
  });

  it('plans it first and at once; what waits for a state waits for the system behind to say it', () => {
    const item = newItem({ reviewState: 'itemcreated' });
    const states = (planned = flow) => planDeliveries(planned, item, [], () => 'id').map(({ step, position, state }) => [step, position, state]);
    expect(states(withForwarding(flow, item, meetingConfigs)!)).to.deep.equal([['forward', 0, 'ready'], ['mail', 1, 'ready'], ['sign', 2, 'waiting'], ['tell', 3, 'waiting']]);
    expect(states()).to.deep.equal([['mail', 0, 'ready'], ['sign', 1, 'ready'], ['tell', 2, 'waiting']]);
  });
});
