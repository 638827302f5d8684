import { expect } from 'chai';
import type { Flow } from '../../../src/domain/flow.js';
import { createIntake } from '../../../src/intake/accept-item.js';
import type { Accepted } from '../../../src/intake/accept-item.js';
import type { Acceptance, TakenBefore } from '../../../src/intake/store.js';
import { sampleAnnex } from '../../support/sample-item.js';
import { newItem, rejection } from '../../support/temp-store.js';
import { NOTHING_AROUND, sampleConnector, sampleFlow, sampleStep } from '../../support/sample-route.js';

const flow = (id: string, when: Flow['when'] = {}): Flow =>
  sampleFlow({ id, when, steps: [sampleStep('one'), sampleStep('two', { after: ['one'] })] });

function intakeWith(flows: readonly Flow[], refusal?: Error) {
  const stored: Acceptance[] = [];
  const taken: TakenBefore[] = [];
  const woken: Accepted[] = [];
  let id = 0;
  const keep = (acceptance: Acceptance): Promise<{ id: string }> => { stored.push(acceptance); return refusal === undefined ? Promise.resolve({ id: 'short' }) : Promise.reject(refusal); };
  const intake = createIntake({
    store: {
      accept: keep, takenBefore: () => Promise.resolve(taken),
      acceptOnce: (acceptance) => (taken.length > 0 ? Promise.resolve({ taken }) : keep(acceptance)),
    },
    routes: { ...NOTHING_AROUND, flows, connectors: [sampleConnector('outbox', 'source')] },
    clock: { now: () => 42 },
    newId: () => `id-${id++}`,
    onAccepted: (accepted) => woken.push(accepted),
  });
  return { intake, stored, taken, woken };
}

describe('the intake', () => {
  it('stores the item once with the deliveries of its flow and its journal entry, then wakes the engine', async () => {
    const { intake, stored, woken } = intakeWith([flow('no', { source: ['other'] }), flow('yes')]);
    const item = newItem({ externalIdentifier: 'X', annexes: [sampleAnnex('a.pdf', { sha256: 'ab' })] });
    const history = [{ at: 1, actor: 'a', action: 'create', comment: '', fromState: null, toState: 'itemcreated' }];
    expect(await intake.accept({ item, history, caller: 'ged' })).to.deep.equal({ id: 'short' });
    expect(stored).to.have.length(1);
    expect(stored[0]?.deliveries.map(({ step: name, state }) => [name, state])).to.deep.equal([['one', 'ready'], ['two', 'waiting']]);
    expect(stored[0]?.deliveries.map(({ orderKey }) => orderKey)).to.deep.equal(['creator1', 'creator1']);
    expect(stored[0]?.flow).to.deep.equal({ definition: flow('yes'), version: stored[0]?.deliveries[0]?.flowVersion });
    expect(stored[0]).to.include({ item, history });
    expect(stored[0]?.journal).to.deep.equal([{
      at: 42, actor: 'ged', item: item.uid, event: 'item.accepted',
      data: { kind: 'deliberation', source: 'creator1', meetingConfig: item.configId, flow: 'yes', inTheNameOf: 'creator1', externalIdentifier: 'X', annexes: [{ filename: 'a.pdf', sha256: 'ab' }] },
    }]);
    expect(woken).to.deep.equal([{ item, deliveries: 2, problems: [] }]);
  });

  it('keeps an item that no flow takes, and writes down a rule that fails', async () => {
    const { intake, stored, woken } = intakeWith([flow('broken', { condition: '$error("on purpose")' })]);
    const item = newItem();
    await intake.accept({ item, history: [], journal: [{ at: 1, actor: 'a', item: item.uid, event: 'edge.note', data: {} }] });
    expect(stored[0]).to.deep.include({ flow: null, deliveries: [] });
    expect(stored[0]?.journal.map(({ event }) => event)).to.deep.equal(['item.accepted', 'item.routing-problem', 'edge.note']);
    expect(stored[0]?.journal[0]?.data).to.not.have.property('inTheNameOf');
    expect(woken[0]?.problems).to.have.length(1);
  });

  it('wakes nobody for what was taken before', async () => {
    const { intake, stored, taken, woken } = intakeWith([flow('yes')]);
    expect(await intake.acceptOnce({ item: newItem(), history: [] }, { keys: ['k'], content: 'c' })).to.deep.equal({ id: 'short' });
    taken.push({ key: 'k', uid: 'first', content: 'c', at: 1 });
    expect(await intake.acceptOnce({ item: newItem(), history: [] }, { keys: ['k'], content: 'c' })).to.deep.equal({ taken });
    expect([stored.length, woken.length]).to.deep.equal([1, 1]);
  });

  it('wakes nobody when the store refuses', async () => {
    const { intake, woken } = intakeWith([flow('yes')], new Error('no room'));
    expect((await rejection(intake.accept({ item: newItem(), history: [] }))).message).to.equal('no room');
    expect(woken).to.deep.equal([]);
  });
});
