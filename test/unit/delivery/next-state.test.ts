import { expect } from 'chai';
import fc from 'fast-check';
import { Misconfigured, NotSent, OutcomeUnknown, Refused, type Failure } from '../../../src/connector-api/failures.js';
import type { AttemptResult, Phase } from '../../../src/delivery/attempt-result.js';
import { nextState, type Situation } from '../../../src/delivery/next-state.js';
import { NOTHING_BROUGHT_BACK } from '../../../src/delivery/store.js';
import { FINAL_STATES, type Delivery } from '../../../src/domain/delivery.js';
import { delivered, stateAfter } from '../../support/delivered.js';
import { sampleDelivery } from '../../support/sample-delivery.js';

const NOW = 1_000_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const retry = { firstDelayMs: 1_000, factor: 2, maxDelayMs: 60_000, maxAttempts: 3 };
const sending = sampleDelivery({ retry });
const sent = sampleDelivery({ retry, state: 'sent', stateSince: NOW, remoteReference: 'R1', receiptData: { page: 1 }, markedAt: 5 });

const situation: Situation = { now: NOW, random: () => 1, bringBack: (results) => ({ ...NOTHING_BROUGHT_BACK, fields: results?.fields ?? {} }) };

function after(result: AttemptResult, delivery: Delivery = sending, canary = false, connectorFailures = 0) {
  return nextState(result, { delivery, canary, connectorFailures }, situation);
}

function failed(failure: Failure, during: Phase = 'submit', unforeseen = false): AttemptResult {
  return { came: 'failure', failure, during, unforeseen, marked: false };
}

describe('nextState', () => {
  describe('of a delivery that is being sent', () => {
    it('done, with what came back', () => {
      expect(after({ came: 'receipt', receipt: { state: 'done', reference: 'R1', results: { fields: { number: 7 } } } }))
        .to.deep.equal({ state: 'done', remoteReference: 'R1', broughtBack: { fields: { number: 7 }, annexes: [], reviewState: null } });
    });

    it('sent: asks after a minute, or when the remote says', () => {
      const receipt = { state: 'sent', reference: 'R1', data: { page: 1 } } as const;

      expect(after({ came: 'receipt', receipt })).to.deep.include({ state: 'sent', remoteReference: 'R1', receiptData: { page: 1 }, dueAt: NOW + MINUTE });
      expect(after({ came: 'receipt', receipt: { ...receipt, pollAfterMs: DAY } })).to.include({ dueAt: NOW + DAY });
    });

    it('not sent: tries again later and forgets the mark', () => {
      expect(after(failed(new NotSent('down')))).to.deep.equal({ state: 'ready', dueAt: NOW + 1_000, reason: 'down', countsAsAttempt: true, cleared: true });
    });

    it('not sent: waits as long as the remote asks, but not for ever', () => {
      expect(after(failed(new NotSent('busy', { retryAfterMs: 90_000 })))).to.include({ dueAt: NOW + 90_000 });
      expect(after(failed(new NotSent('busy', { retryAfterMs: 400 * DAY })))).to.include({ dueAt: NOW + DAY });
    });

    it('not sent for the last time: parked with the count and what to do, free to be sent again', () => {
      const outcome = after(failed(new NotSent('down.')), { ...sending, attempts: 2 });

      expect(outcome).to.include({ state: 'parked', reason: 'down. Given up after 3 attempts.', countsAsAttempt: true, cleared: true });
      expect(outcome).to.have.property('fix').that.includes('deliveries retry key-1');
    });

    it('not sent for the last time while its connector fails for all: waits on', () => {
      expect(after(failed(new NotSent('down.')), { ...sending, attempts: 2 }, false, 1)).to.include({ state: 'ready', countsAsAttempt: true });
    });

    it('refused: parked at once with what to correct, free to be sent again; by the probe, the mark stays', () => {
      expect(after(failed(new Refused('the title is too long')))).to.deep.equal({ state: 'parked', reason: 'the title is too long', fix: null, countsAsAttempt: true, cleared: true });
      expect(after(failed(new Refused('no such file'), 'probe'))).to.include({ state: 'parked', cleared: false });
    });

    it('outcome unknown: stays marked, even after the last attempt', () => {
      expect(after(failed(new OutcomeUnknown('no answer')), { ...sending, attempts: 2 })).to.include({ state: 'ready', cleared: false });
    });

    it('a probe that keeps failing ends parked, with its mark', () => {
      expect(after(failed(new OutcomeUnknown('no answer'), 'probe'))).to.include({ state: 'ready', cleared: false });
      expect(after(failed(new OutcomeUnknown('no answer'), 'probe'), { ...sending, attempts: 2 })).to.include({ state: 'parked', cleared: false });
    });

    it('a probe that cannot tell: parked, naming the key to look for', () => {
      const outcome = after({ came: 'unproved' });

      expect(outcome).to.include({ state: 'parked', cleared: false });
      expect(outcome).to.have.property('fix').that.includes('key-1');
    });

    it('proved absent when the attempts are used up: parked, free to be sent again', () => {
      expect(after({ came: 'absent' }, { ...sending, attempts: 3 })).to.include({ state: 'parked', cleared: true });
    });

    it('misconfigured, or a canary that fails: burns no attempt, not even the last', () => {
      const last = { ...sending, attempts: 2 };

      expect(after(failed(new Misconfigured('password')), last)).to.include({ state: 'ready', countsAsAttempt: false, cleared: true, dueAt: NOW + 4_000 });
      expect(after(failed(new NotSent('down')), last, true)).to.include({ state: 'ready', countsAsAttempt: false, dueAt: NOW + 4_000 });
      expect(after(failed(new OutcomeUnknown('no answer'), 'probe'), last, true)).to.include({ state: 'ready', countsAsAttempt: false, cleared: false });
    });

    it('a mistake in the connector counts even as a canary, so that it ends', () => {
      expect(after(failed(new NotSent('bug'), 'submit', true), { ...sending, attempts: 2 }, true)).to.include({ state: 'parked' });
    });

    it('interrupted: at once again, mark kept', () => {
      expect(after({ came: 'interrupted' })).to.include({ state: 'ready', dueAt: NOW, countsAsAttempt: false, cleared: false });
    });

    it('outside its hours: ready when they begin; parked when they never do', () => {
      expect(after({ came: 'closed', opensAt: NOW + DAY, absent: false })).to.include({ state: 'ready', dueAt: NOW + DAY, countsAsAttempt: false, cleared: false });
      expect(after({ came: 'closed', opensAt: NOW + DAY, absent: true })).to.include({ cleared: true });
      expect(after({ came: 'closed', opensAt: null, absent: false })).to.include({ state: 'parked', countsAsAttempt: false });
    });

    it('skipped; parked where what to send cannot be made, with the fix', () => {
      expect(after({ came: 'left-out', as: 'skipped', reason: 'no', absent: false })).to.deep.equal({ state: 'skipped', reason: 'no' });
      expect(after({ came: 'left-out', as: 'cancelled', reason: 'rejected', absent: true })).to.deep.equal({ state: 'cancelled', reason: 'rejected' });
      expect(after({ came: 'unprepared', reason: 'unknown service', fix: '  x: y' }))
        .to.deep.equal({ state: 'parked', reason: 'unknown service', fix: '  x: y', countsAsAttempt: false, cleared: false });
    });

    it('what an operator found there and nobody can confirm: parked with its mark, and what to do', () => {
      const foundThere = { ...sending, markedAt: 1, foundAs: 'X' };
      const absent = after({ came: 'unconfirmed', foundAs: 'X', answer: 'absent' }, foundThere);
      const refused = after(failed(new Refused('Number 34 is another flow.'), 'probe'), foundThere);

      expect([absent, refused].map((outcome) => ('reason' in outcome ? outcome.reason : ''))).to.deep.equal([
        'An operator found it on the other side as «X»; connector «out» does not find it there.', 'Number 34 is another flow.',
      ]);
      for (const outcome of [absent, refused]) {
        expect(outcome).to.include({ state: 'parked', cleared: false });
        expect(outcome).to.have.property('fix').that.includes('--awaited').and.includes('resend');
      }
    });

    it('sent by a connector that cannot ask: parked with its mark and the reference, which stays out of the command', () => {
      const outcome = after({ came: 'unanswerable', reference: 'R9' });

      expect(outcome).to.have.property('fix').that.includes('relais deliveries settle').and.does.not.include('R9');

      expect(outcome).to.include({ state: 'parked', cleared: false });
      expect(outcome).to.have.property('reason').that.includes('R9');
    });
  });

  describe('of a delivery that was sent', () => {
    it('done and rejected, with what came back', () => {
      expect(after({ came: 'tracked', tracking: { state: 'done', results: { fields: { number: 7 } } } }, sent)).to.deep.include({ state: 'done', remoteReference: 'R1' });
      expect(after({ came: 'tracked', tracking: { state: 'rejected', reason: 'no', results: { fields: { by: 'the mayor' } } } }, sent))
        .to.deep.equal({ state: 'rejected', reason: 'no', broughtBack: { fields: { by: 'the mayor' }, annexes: [], reviewState: null } });
    });

    it('still awaited: asks again, rarely when it is old, with the note and the new data', () => {
      expect(after({ came: 'tracked', tracking: { state: 'pending' } }, sent)).to.deep.equal({ state: 'pending', dueAt: NOW + MINUTE, reason: null });
      expect(after({ came: 'tracked', tracking: { state: 'pending', note: 'with the mayor', data: { page: 2 } } }, { ...sent, stateSince: NOW - 2 * DAY }))
        .to.deep.equal({ state: 'pending', dueAt: NOW + 120 * MINUTE, reason: 'with the mayor', receiptData: { page: 2 } });
      expect(after({ came: 'tracked', tracking: { state: 'pending', pollAfterMs: 5_000 } }, sent)).to.include({ dueAt: NOW + 5_000 });
    });

    it('a question that fails is asked again, however often; only a refusal parks', () => {
      const old = { ...sent, attempts: 99, polls: 99 };

      expect(after(failed(new NotSent('down', { retryAfterMs: 90 * MINUTE }), 'track'), old)).to.deep.equal({ state: 'pending', dueAt: NOW + 90 * MINUTE, reason: 'Its answer could not be asked for: down' });
      expect(after(failed(new OutcomeUnknown('no answer'), 'track'), old)).to.include({ state: 'pending', reason: 'Its answer could not be asked for: no answer' });
      expect(after(failed(new Misconfigured('password'), 'track'), old)).to.include({ state: 'pending', reason: 'Its answer could not be asked for: password' });
      expect(after(failed(new Refused('unknown reference'), 'track'), old)).to.include({ state: 'parked', reason: 'unknown reference', cleared: false });
    });

    it('taken back; or not, and then its answer is awaited and nobody asks to take it back again', () => {
      expect(after({ came: 'cancelling', refused: null }, sent)).to.include({ state: 'cancelled' });
      expect(after({ came: 'cancelling', refused: 'too late' }, sent)).to.deep.equal({ state: 'pending', dueAt: NOW + MINUTE, reason: 'too late', cancelRefused: true });
    });

    it('interrupted: asks again at once', () => {
      expect(after({ came: 'interrupted' }, { ...sent, reason: 'with the mayor' })).to.deep.equal({ state: 'pending', dueAt: NOW, reason: 'with the mayor' });
    });
  });

  describe('over any run of attempts, crashes and outcomes', () => {
    const failure = fc.constantFrom<Failure>(new NotSent('n'), new NotSent('busy', { retryAfterMs: 5_000 }), new Refused('r'), new OutcomeUnknown('o'), new Misconfigured('m'));
    const failureIn = (...phases: Phase[]) => fc.record({ came: fc.constant('failure' as const), failure, during: fc.constantFrom(...phases), unforeseen: fc.boolean(), marked: fc.constant(true) });
    const beforeCall = fc.constantFrom<AttemptResult>({ came: 'left-out', as: 'skipped', reason: 's', absent: false }, { came: 'left-out', as: 'cancelled', reason: 'c', absent: false }, { came: 'unprepared', reason: 'u', fix: null }, { came: 'closed', opensAt: NOW + DAY, absent: false });
    const receipt = fc.constantFrom<AttemptResult>({ came: 'receipt', receipt: { state: 'done', reference: 'R' } }, { came: 'receipt', receipt: { state: 'sent', reference: 'R' } });
    const submitted = fc.oneof(receipt, failureIn('submit'), fc.constant<AttemptResult>({ came: 'interrupted' }));
    const probed = fc.oneof(receipt, failureIn('probe', 'preparation'), fc.constantFrom<AttemptResult>({ came: 'unproved' }, { came: 'absent' }, { came: 'closed', opensAt: NOW, absent: true }, { came: 'left-out', as: 'cancelled', reason: 'c', absent: true }, { came: 'interrupted' }));
    const asked = fc.oneof(failureIn('track', 'cancel'), fc.constantFrom<AttemptResult>(
      { came: 'tracked', tracking: { state: 'pending' } }, { came: 'tracked', tracking: { state: 'done' } }, { came: 'tracked', tracking: { state: 'rejected', reason: 'no' } },
      { came: 'cancelling', refused: null }, { came: 'cancelling', refused: 'too late' }, { came: 'interrupted' }, { came: 'unanswerable', reference: 'R' },
    ));
    const round = fc.record({ prepared: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: beforeCall }), submitted, probed, asked, canary: fc.boolean(), failing: fc.constantFrom(0, 0, 1), crashes: fc.boolean(), chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }) });

    type Round = typeof round extends fc.Arbitrary<infer Value> ? Value : never;

    /** What an attempt comes to, as the engine runs it: what is marked is probed, and never submitted. */
    function attempt(row: Delivery, { prepared, submitted: submission, probed: probe, asked: answer }: Round): AttemptResult {
      if (row.state === 'sent') return answer;
      return row.markedAt !== null ? probe : prepared ?? submission;
    }

    /** The row after a round that did not crash. */
    function live(row: Delivery, result: AttemptResult, { canary, chance, failing }: Round): Delivery {
      const outcome = nextState(result, { delivery: row, canary, connectorFailures: failing }, { ...situation, random: () => chance });
      if ('dueAt' in outcome) expect(outcome.dueAt).to.be.within(NOW, NOW + DAY);
      if (stateAfter(outcome) === 'parked') expect(outcome).to.have.property('reason').that.is.not.empty;
      const next = delivered(row, outcome, NOW);
      if (row.markedAt !== null && next.markedAt === null) expect(isProofOfAbsence(result)).to.equal(true);
      // Beyond the ceiling only a probe is left, or a connector that fails for all.
      if (next.state === 'ready' && next.attempts >= retry.maxAttempts && failing === 0 && next.attempts > row.attempts) expect(next.markedAt).to.not.equal(null);
      return next;
    }

    it('keeps to the allowed changes, forgets no mark without proof, stops at the ceiling and at the end', () => {
      fc.assert(fc.property(fc.array(round, { maxLength: 30 }), (rounds) => {
        let row: Delivery = { ...sending, state: 'ready' };
        for (const one of rounds) {
          if (FINAL_STATES.has(row.state) || row.state === 'parked') break;
          if (row.state === 'ready') row = { ...row, state: 'sending' };
          const result = attempt(row, one);
          // The mark is on disk before anything is known of the call.
          if (result === one.submitted) row = { ...row, markedAt: row.markedAt ?? NOW };
          if (!one.crashes) row = live(row, result, one);
          else if (row.state === 'sending') row = { ...row, state: 'ready' };
        }
      }), { numRuns: 1_000 });
    });

    function isProofOfAbsence(result: AttemptResult): boolean {
      if (result.came === 'failure') return result.during === 'submit' && result.failure.kind !== 'outcome-unknown';
      return result.came === 'absent' || (result.came === 'closed' && result.absent);
    }
  });
});
