import { expect } from 'chai';
import fc from 'fast-check';
import { advanceFlow, type FlowRow } from '../../../src/delivery/advance-flow.js';
import { DELIVERY_TRANSITIONS } from '../../../src/domain/delivery-transitions.js';
import { FINAL_STATES, type DeliveryState } from '../../../src/domain/delivery.js';
import type { Flow } from '../../../src/domain/flow.js';
import { sampleFlow, sampleStep } from '../../support/sample-delivery.js';

type States = Readonly<Record<string, DeliveryState>>;

function rowsOf(flow: Flow, states: States): FlowRow[] {
  return [...flow.steps, ...flow.onRejection].map((step) => ({ id: step.id, step: step.id, role: flow.steps.includes(step) ? 'step' : 'return', state: states[step.id] ?? 'waiting', markedAt: null }));
}

function after(flow: Flow, states: States, reviewState = 'presented'): States {
  return Object.fromEntries(advanceFlow(flow, rowsOf(flow, states), reviewState).map(({ id, state }) => [id, state]));
}

/** `sign` → `archive`, `publish` beside it; `tell` and then `file` on rejection. */
const flow = sampleFlow(
  [sampleStep('sign'), sampleStep('archive', { after: ['sign'] }), sampleStep('publish', { after: ['sign'], waitFor: ['accepted'] })],
  [sampleStep('tell'), sampleStep('file', { after: ['tell'] })],
);

describe('advanceFlow', () => {
  it('begins what waits for nothing, and siblings together', () => {
    expect(after(flow, {})).to.deep.equal({ sign: 'ready' });
    expect(after(flow, { sign: 'done' }, 'accepted')).to.deep.equal({ archive: 'ready', publish: 'ready' });
    expect(after(flow, { sign: 'skipped' }, 'accepted')).to.deep.equal({ archive: 'ready', publish: 'ready' });
  });

  it('waits for the state of the item, and for what is under way or parked', () => {
    expect(after(flow, { sign: 'done' })).to.deep.equal({ archive: 'ready' });
    for (const state of ['ready', 'sending', 'sent', 'parked'] as const) expect(after(flow, { sign: state }, 'accepted')).to.deep.equal({});
  });

  it('on rejection cancels what has not begun and begins the return steps, one after the other', () => {
    expect(after(flow, { sign: 'rejected' })).to.deep.equal({ archive: 'cancelled', publish: 'cancelled', tell: 'ready' });
    expect(after(flow, { sign: 'rejected', archive: 'cancelled', publish: 'cancelled', tell: 'done' })).to.deep.equal({ file: 'ready' });
  });

  it('on rejection leaves alone what may be over there already, and cancels what is parked for nothing', () => {
    for (const state of ['ready', 'parked'] as const) {
      const rows = rowsOf(flow, { sign: 'rejected', archive: state, publish: 'sent' });
      const marked = rows.map((row) => (row.step === 'archive' ? { ...row, markedAt: 1 } : row));

      expect(advanceFlow(flow, marked, 'presented').map(({ id }) => id), state).to.deep.equal(['tell']);
      expect(advanceFlow(flow, rows, 'presented'), state).to.deep.include({ id: 'archive', state: 'cancelled', reason: 'Step «sign» was rejected.' });
    }
  });

  it('leaves a parked return step to an operator', () => {
    expect(after(flow, { sign: 'rejected', archive: 'cancelled', publish: 'cancelled', tell: 'parked' })).to.deep.equal({});
  });

  it('skips the return steps once nothing can be rejected any more', () => {
    expect(after(flow, { sign: 'done', archive: 'done', publish: 'sent' })).to.deep.equal({});
    expect(after(flow, { sign: 'done', archive: 'done', publish: 'done' })).to.deep.equal({ tell: 'skipped', file: 'skipped' });
  });

  it('cancels what comes after a cancelled step, however far', () => {
    const chain = sampleFlow([sampleStep('a'), sampleStep('b', { after: ['a'] }), sampleStep('c', { after: ['b'] })], [sampleStep('tell')]);

    expect(after(chain, { a: 'cancelled' })).to.deep.equal({ b: 'cancelled', c: 'cancelled', tell: 'skipped' });
    expect(after(flow, { sign: 'rejected', archive: 'cancelled', publish: 'cancelled', tell: 'cancelled' })).to.deep.equal({ file: 'cancelled' });
  });

  it('counts the last delivery of a step that was sent again', () => {
    const rows = [...rowsOf(flow, { sign: 'parked' }), { ...rowsOf(flow, { sign: 'done' })[0]!, id: 'sign again' }];

    expect(advanceFlow(flow, rows, 'presented').map(({ id }) => id)).to.deep.equal(['archive']);
  });

  describe('for any flow and any ends of its steps', () => {
    const flows = fc.tuple(fc.array(fc.array(fc.nat(4), { maxLength: 2 }), { minLength: 1, maxLength: 5 }), fc.integer({ min: 0, max: 2 })).map(([steps, returns]) => sampleFlow(
      steps.map((after, index) => sampleStep(`s${index}`, { after: [...new Set(after.filter((before) => before < index))].map((before) => `s${before}`) })),
      Array.from({ length: returns }, (_, index) => sampleStep(`r${index}`, { after: index === 0 ? [] : [`r${index - 1}`] })),
    ));
    const ends = fc.array(fc.constantFrom<DeliveryState>('done', 'done', 'skipped', 'rejected', 'cancelled'), { minLength: 12, maxLength: 12 });

    it('keeps to the allowed changes, leaves nothing to change, and comes to its end', () => {
      fc.assert(fc.property(flows, ends, (any, ended) => {
        const rows = rowsOf(any, {}).map((row) => ({ ...row }));
        for (let round = 0; ; round += 1) {
          for (const { id, state } of advanceFlow(any, rows, 'presented')) {
            const row = rows.find((one) => one.id === id)!;
            expect(DELIVERY_TRANSITIONS[row.state].has(state), `${row.state} → ${state}`).to.equal(true);
            row.state = state;
          }
          expect(advanceFlow(any, rows, 'presented')).to.deep.equal([]);
          const next = rows.find(({ state }) => state === 'ready');
          if (next === undefined) break;
          next.state = ended[round] ?? 'done';
        }
        expect(rows.filter(({ state }) => !FINAL_STATES.has(state))).to.deep.equal([]);
      }));
    });
  });

  describe('with a system behind the meeting config', () => {
    const forwarded = sampleFlow([sampleStep('forward'), sampleStep('mail'), sampleStep('sign', { waitFor: ['accepted'] })], [sampleStep('tell')]);

    it('begins beside it, but what waits for a state waits until that system has said it', () => {
      expect(after(forwarded, { forward: 'ready' }, 'accepted')).to.deep.equal({ mail: 'ready' });
      expect(after(forwarded, { forward: 'ready', mail: 'done' }, 'accepted')).to.deep.equal({});
      expect(after(forwarded, { forward: 'sent', mail: 'done' }, 'accepted')).to.deep.equal({ sign: 'ready' });
      expect(after(forwarded, { forward: 'sent', mail: 'done' }, 'presented')).to.deep.equal({});
    });

    it('is still forwarded when another step is rejected, also where it is parked', () => {
      for (const forward of ['ready', 'parked'] as const) expect(after(forwarded, { forward, mail: 'rejected' })).to.deep.equal({ sign: 'cancelled', tell: 'ready' });
    });

    it('is withdrawn where forwarding is cancelled: what has not begun is cancelled, and nobody is told of a rejection', () => {
      expect(after(forwarded, { forward: 'cancelled', mail: 'parked' })).to.deep.equal({ mail: 'cancelled', sign: 'cancelled', tell: 'skipped' });
      expect(after(forwarded, { forward: 'cancelled', mail: 'sent' })).to.deep.equal({ sign: 'cancelled' });
    });

    it('ends as after any rejection where it is deleted over there', () => {
      expect(after(forwarded, { forward: 'rejected' })).to.deep.equal({ mail: 'cancelled', sign: 'cancelled', tell: 'ready' });
    });
  });
});
