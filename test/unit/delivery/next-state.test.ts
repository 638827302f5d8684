import { expect } from 'chai';
import fc from 'fast-check';
import { Misconfigured, NotSent, OutcomeUnknown, Refused, type Failure } from '../../../src/connector-api/failures.js';
import { nextState, type AttemptResult, type Phase } from '../../../src/delivery/next-state.js';
import type { Delivery } from '../../../src/domain/delivery.js';

const NOW = 1_000_000;
const DAY = 24 * 3_600_000;

const delivery: Delivery = {
  id: 'key-1', authority: 'default', itemUid: 'item', flow: 'f', step: 's', position: 0, connector: 'out', operation: 'deposit', state: 'sending',
  attempts: 0, dueAt: 0, epoch: 1, leaseOwner: 'me', leaseUntil: NOW + 1, markedAt: null, remoteReference: null, reason: null,
  retry: { firstDelayMs: 1_000, factor: 2, maxDelayMs: 60_000, maxAttempts: 3 },
};

const situation = { now: NOW, random: () => 1, misconfigured: 1 };

function failed(failure: Failure, during: Phase = 'submit', change: Partial<Delivery> = {}) {
  return nextState({ came: 'failure', failure, during }, { ...delivery, ...change }, situation);
}

describe('nextState', () => {
  it('done or sent with the remote reference', () => {
    expect(nextState({ came: 'receipt', receipt: { state: 'sent', reference: 'R1' } }, delivery, situation)).to.deep.equal({ state: 'sent', remoteReference: 'R1' });
  });

  it('not sent: tries again later and forgets the mark', () => {
    expect(failed(new NotSent('down'))).to.deep.equal({ state: 'ready', dueAt: NOW + 1_000, reason: 'down', countsAsAttempt: true, cleared: true });
  });

  it('not sent: waits as long as the remote asks, but not for ever', () => {
    expect(failed(new NotSent('busy', { retryAfterMs: 90_000 }))).to.include({ dueAt: NOW + 90_000 });
    expect(failed(new NotSent('busy', { retryAfterMs: 400 * DAY }))).to.include({ dueAt: NOW + DAY });
  });

  it('not sent for the last time: parked, with the count', () => {
    expect(failed(new NotSent('down.'), 'submit', { attempts: 2 })).to.deep.equal({ state: 'parked', reason: 'down. Given up after 3 attempts.' });
  });

  it('refused: parked at once with what to correct', () => {
    expect(failed(new Refused('the title is too long'))).to.deep.equal({ state: 'parked', reason: 'the title is too long' });
  });

  it('outcome unknown: stays marked, even after the last attempt', () => {
    expect(failed(new OutcomeUnknown('no answer'), 'submit', { attempts: 2 })).to.include({ state: 'ready', cleared: false });
  });

  it('a probe that keeps failing ends parked', () => {
    expect(failed(new OutcomeUnknown('no answer'), 'probe')).to.include({ state: 'ready', cleared: false });
    expect(failed(new OutcomeUnknown('no answer'), 'probe', { attempts: 2 })).to.include({ state: 'parked' });
  });

  it('a probe that cannot tell: parked, naming the key to look for', () => {
    const outcome = nextState({ came: 'unproved' }, delivery, situation);

    expect(outcome.state).to.equal('parked');
    expect(outcome).to.have.property('reason').that.includes('key-1');
  });

  it('misconfigured: waits longer each time and burns no attempt', () => {
    const delays = [1, 2, 3, 20].map((misconfigured) => {
      const outcome = nextState({ came: 'failure', failure: new Misconfigured('password'), during: 'submit' }, { ...delivery, attempts: 2 }, { ...situation, misconfigured });
      expect(outcome).to.include({ state: 'ready', countsAsAttempt: false });
      return 'dueAt' in outcome ? outcome.dueAt - NOW : 0;
    });

    expect(delays).to.deep.equal([30_000, 60_000, 120_000, 900_000]);
  });

  it('interrupted: at once again, mark kept', () => {
    expect(nextState({ came: 'interrupted' }, delivery, situation)).to.include({ state: 'ready', dueAt: NOW, countsAsAttempt: false, cleared: false });
  });

  describe('for every failure, phase and count', () => {
    const failure = fc.constantFrom<Failure>(new NotSent('n'), new Refused('r'), new OutcomeUnknown('o'), new Misconfigured('m'));
    const result = fc.oneof(
      fc.record({ came: fc.constant('failure' as const), failure, during: fc.constantFrom<Phase>('preparation', 'probe', 'submit') }),
      fc.constantFrom<AttemptResult>({ came: 'unproved' }, { came: 'interrupted' }),
    );
    const attempts = fc.nat(10);
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

    it('forgets a mark only on a submit that surely did not arrive', () => {
      fc.assert(fc.property(result, attempts, random, (came, tried, chance) => {
        const outcome = nextState(came, { ...delivery, attempts: tried }, { now: NOW, random: () => chance, misconfigured: 1 });
        if (outcome.state !== 'ready' || !outcome.cleared) return;
        expect(came).to.include({ came: 'failure', during: 'submit' });
        expect(came.came === 'failure' && came.failure.kind).to.be.oneOf(['not-sent', 'misconfigured']);
      }));
    });

    it('never goes past the ceiling of attempts without a human, but to probe', () => {
      fc.assert(fc.property(result, attempts, random, (came, tried, chance) => {
        const outcome = nextState(came, { ...delivery, attempts: tried }, { now: NOW, random: () => chance, misconfigured: 1 });
        if (outcome.state === 'ready' && outcome.countsAsAttempt && outcome.cleared) expect(tried + 1).to.be.lessThan(delivery.retry.maxAttempts);
      }));
    });

    it('is due from now on and within a day', () => {
      fc.assert(fc.property(result, attempts, random, (came, tried, chance) => {
        const outcome = nextState(came, { ...delivery, attempts: tried }, { now: NOW, random: () => chance, misconfigured: 1 });
        if (outcome.state === 'ready') expect(outcome.dueAt).to.be.within(NOW, NOW + DAY);
        else expect(outcome).to.have.property('reason').that.is.not.empty;
      }));
    });
  });
});
