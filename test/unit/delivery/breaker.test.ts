import { expect } from 'chai';
import fc from 'fast-check';
import { nextBreaker } from '../../../src/delivery/breaker.js';
import type { ConnectorHealth } from '../../../src/delivery/store.js';
import type { ConnectorState } from '../../../src/domain/connector-state.js';

const NOW = 1_000_000;
const SECOND = 1_000;

const closed: ConnectorState = { authority: 'default', connector: 'out', breaker: 'closed', failures: 0, openedAt: null, reason: null, canaryAt: null, hold: null };
const down: ConnectorHealth = { verdict: 'unreachable', reason: 'refused connection' };
const wrong: ConnectorHealth = { verdict: 'misconfigured', reason: 'password' };
const works: ConnectorHealth = { verdict: 'works' };

function after(verdicts: readonly ConnectorHealth[], state = closed, now = NOW) {
  return verdicts.reduce((step, health) => nextBreaker(step.state, health, now, () => 1), { state, change: null as 'opened' | 'closed' | null });
}

describe('the breaker', () => {
  it('opens at the fifth failure in a row, or at once when misconfigured', () => {
    expect(after([down, down, down, down])).to.deep.equal({ state: { ...closed, failures: 4 }, change: null });
    expect(after([down, down, works, down, down]).state).to.include({ breaker: 'closed', failures: 2 });
    expect(after([down, down, down, down, down])).to.deep.equal({ state: { ...closed, breaker: 'open', failures: 1, openedAt: NOW, reason: 'refused connection', canaryAt: NOW + 30 * SECOND }, change: 'opened' });
    expect(after([wrong])).to.deep.include({ change: 'opened' });
  });

  it('puts the next canary off further with each that fails, up to ten minutes', () => {
    let { state } = after([wrong]);
    const waits = [];
    for (let canary = 0; canary < 6; canary += 1) {
      const now = state.canaryAt ?? 0;
      ({ state } = nextBreaker(state, down, now, () => 1));
      waits.push(((state.canaryAt ?? 0) - now) / SECOND);
    }

    expect(waits).to.deep.equal([60, 120, 240, 480, 600, 600]);
  });

  it('does not put it off for what was under way when it opened', () => {
    const open = after([wrong]).state;

    expect(after([down, down], open, NOW + SECOND).state.canaryAt).to.equal(open.canaryAt);
  });

  it('closes with the first that works, and forgets', () => {
    expect(after([wrong, works])).to.deep.equal({ state: closed, change: 'closed' });
  });

  it('never touches a hold, is open or closed as a whole, and tells of every change once', () => {
    const verdict = fc.constantFrom<ConnectorHealth>(down, wrong, works, { verdict: 'unaffected' });
    const hold = { by: 'operator', at: 1, reason: 'maintenance' };
    fc.assert(fc.property(fc.array(fc.tuple(verdict, fc.nat(700 * SECOND)), { maxLength: 60 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempts, random) => {
      let state: ConnectorState = { ...closed, hold };
      let now = NOW;
      for (const [health, wait] of attempts) {
        now += wait;
        const step = nextBreaker(state, health, now, () => random);
        const changed = step.state.breaker === state.breaker ? null : step.state.breaker === 'open' ? 'opened' : 'closed';
        expect(step.change).to.equal(changed);
        expect(step.state.hold).to.equal(hold);
        expect([step.state.openedAt, step.state.reason, step.state.canaryAt].map((part) => part !== null)).to.deep.equal(Array(3).fill(step.state.breaker === 'open'));
        ({ state } = step);
      }
    }));
  });
});
