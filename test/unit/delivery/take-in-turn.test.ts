import { expect } from 'chai';
import fc from 'fast-check';
import { inTurn, takeInTurn } from '../../../src/delivery/take-in-turn.js';

const lane = (name: string) => ({ authority: name.slice(0, 1), connector: name.slice(1) });
const namesOf = (lanes: readonly { authority: string; connector: string }[]) => lanes.map(({ authority, connector }) => authority + connector);

describe('taking deliveries in turn', () => {
  it('goes on behind the authority served last, and in each behind the connector served last', () => {
    const lanes = ['a1', 'a2', 'b1', 'c1', 'c2', 'c3'].map(lane);
    expect(namesOf(inTurn(lanes, { authority: '', connectors: new Map() }))).to.deep.equal(['a1', 'b1', 'c1', 'a2', 'c2', 'c3']);
    expect(namesOf(inTurn(lanes, { authority: 'a', connectors: new Map([['c', '1'], ['a', '2']]) }))).to.deep.equal(['b1', 'c2', 'a1', 'c3', 'a2', 'c1']);
    expect(namesOf(inTurn(lanes, { authority: 'z', connectors: new Map() }))[0]).to.equal('a1');
    expect(inTurn([], { authority: 'a', connectors: new Map() })).to.deep.equal([]);
  });

  it('one of each authority, then one of each again, and of each of its connectors', () => {
    const waiting = (name: string, count: number) => ({ ...lane(name), waiting: Array.from({ length: count }, (_, n) => `${name}.${n}`) });
    const lanes = [waiting('a1', 9), waiting('b1', 1), waiting('c1', 2), waiting('a2', 1)];
    expect(takeInTurn(lanes, 7)).to.deep.equal(['a1.0', 'b1.0', 'c1.0', 'a2.0', 'c1.1', 'a1.1', 'a1.2']);
    expect(takeInTurn(lanes, 2)).to.deep.equal(['a1.0', 'b1.0']);
    expect(takeInTurn([], 2)).to.deep.equal([]);
  });

  it('takes all that there is room for, each once, and no authority two more than one that still waits', () => {
    const lanes = fc.uniqueArray(fc.record({ authority: fc.constantFrom('a', 'b', 'c'), connector: fc.constantFrom('1', '2', '3'), count: fc.integer({ min: 0, max: 8 }) }), { selector: ({ authority, connector }) => authority + connector });
    fc.assert(fc.property(lanes, fc.integer({ min: 0, max: 40 }), (shapes, limit) => {
      const queues = shapes.map(({ authority, connector, count }) => ({ authority, connector, waiting: Array.from({ length: count }, (_, n) => ({ authority, id: `${authority}${connector}.${n}` })) }));
      const taken = takeInTurn(inTurn(queues, { authority: 'b', connectors: new Map() }), limit);
      const total = queues.reduce((sum, { waiting }) => sum + waiting.length, 0);
      expect(new Set(taken.map(({ id }) => id)).size).to.equal(Math.min(limit, total));
      const waitingIn = (authority: string) => queues.filter((queue) => queue.authority === authority).reduce((sum, { waiting }) => sum + waiting.length, 0);
      const got = (authority: string) => taken.filter((one) => one.authority === authority).length;
      for (const poor of ['a', 'b', 'c']) {
        if (got(poor) === waitingIn(poor)) continue;
        for (const rich of ['a', 'b', 'c']) expect(got(rich) - got(poor)).to.be.at.most(1);
      }
    }));
  });
});
