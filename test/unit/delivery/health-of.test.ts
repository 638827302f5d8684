import { expect } from 'chai';
import { Misconfigured, NotSent, OutcomeUnknown, Refused, type Failure } from '../../../src/connector-api/failures.js';
import type { AttemptResult } from '../../../src/delivery/attempt-result.js';
import { healthOf } from '../../../src/delivery/health-of.js';

function failed(failure: Failure, change: { marked?: boolean; unforeseen?: boolean } = {}): AttemptResult {
  return { came: 'failure', failure, during: 'submit', unforeseen: false, marked: false, ...change };
}

describe('healthOf', () => {
  it('works when the other side has spoken', () => {
    const answers: AttemptResult[] = [
      { came: 'receipt', receipt: { reference: 'R', state: 'done' } }, { came: 'tracked', tracking: { state: 'rejected', reason: 'no' } }, { came: 'absent' },
      { came: 'closed', opensAt: 1, absent: true }, { came: 'left-out', as: 'cancelled', reason: '', absent: true }, { came: 'unconfirmed', foundAs: 'X', answer: 'absent' }, { came: 'cancelling', refused: null }, failed(new Refused('no'), { marked: true }),
    ];

    expect(answers.map((result) => healthOf(result, true).verdict)).to.deep.equal(answers.map(() => 'works'));
  });

  it('is not affected by what was decided on this side', () => {
    const own: AttemptResult[] = [
      { came: 'unproved' }, { came: 'unconfirmed', foundAs: 'X', answer: 'unknown' }, { came: 'left-out', as: 'skipped', reason: '', absent: false }, { came: 'unprepared', reason: '', fix: null }, { came: 'interrupted' }, { came: 'unanswerable', reference: 'R' },
      { came: 'closed', opensAt: 1, absent: false }, { came: 'cancelling', refused: 'cannot' }, failed(new Refused('not a PDF')),
    ];

    expect(own.map((result) => healthOf(result, true).verdict)).to.deep.equal(own.map(() => 'unaffected'));
  });

  it('is down without an answer, and misconfigured when so told, with the reason', () => {
    expect(healthOf(failed(new NotSent('refused connection')), false)).to.deep.equal({ verdict: 'unreachable', reason: 'refused connection' });
    expect(healthOf(failed(new OutcomeUnknown('no answer'), { marked: true }), false)).to.deep.equal({ verdict: 'unreachable', reason: 'no answer' });
    expect(healthOf(failed(new Misconfigured('password')), false)).to.deep.equal({ verdict: 'misconfigured', reason: 'password' });
  });

  it('a remote that asks for patience, or a mistake in the connector, opens no breaker, and closes none', () => {
    const patience = failed(new NotSent('busy', { retryAfterMs: 1_000 }));
    const mistake = failed(new NotSent('bug'), { unforeseen: true });

    expect([patience, mistake].map((result) => healthOf(result, false).verdict)).to.deep.equal(['unaffected', 'unaffected']);
    expect([patience, mistake].map((result) => healthOf(result, true).verdict)).to.deep.equal(['unreachable', 'unreachable']);
  });
});
