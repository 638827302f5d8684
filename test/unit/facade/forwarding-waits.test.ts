import { expect } from 'chai';
import type { ForwardingAnswer } from '../../../src/deliberation/create-item/await-forwarding.js';
import { createForwardingWaits, type ForwardingStand } from '../../../src/facade/forwarding-waits.js';
import { fakeTime, turns } from '../../support/fake-time.js';
import { recordingLogger } from '../../support/recording-logger.js';

const READY: ForwardingStand = { delivery: 'd1', state: 'ready', reason: null, mayBeThere: false, warnings: [], triedFrom: 0 };
const REFUSED: ForwardingStand = { ...READY, state: 'parked', reason: 'No such category.' };

/** One item that is forwarded, and who waits for it. */
function waiting(start: ForwardingStand | null = READY) {
  const time = fakeTime();
  const withdrawn: string[] = [];
  const self = { stand: start, looks: 0, failure: null as Error | null, mayWithdraw: true, answers: [] as ForwardingAnswer[] };
  const waits = createForwardingWaits({
    clock: time, timer: time, logger: recordingLogger(),
    store: {
      standOf() {
        self.looks += 1;
        return self.failure === null ? Promise.resolve(self.stand) : Promise.reject(self.failure);
      },
      withdrawRefused(_authority, delivery) {
        withdrawn.push(delivery);
        return Promise.resolve(self.mayWithdraw);
      },
    },
  });
  const written = (step = 'forward', itemUid = 'item') => waits.onOutcome({ delivery: { authority: 'default', itemUid, step } });
  const wait = (withinMs = 20_000) => waits.awaitOf('default')('item', withinMs).then((answer) => { self.answers.push(answer); });
  return { time, waits, self, withdrawn, written, wait };
}

describe('waiting until an item is forwarded', () => {
  it('answers as soon as the engine has written that it is there, all who wait', async () => {
    const { self, time, written, wait } = waiting();
    const both = [wait(), wait()];
    await turns(3);
    expect([self.answers, self.looks]).to.deep.equal([[], 2]);
    written('sign');
    written('forward', 'another item');
    await turns(3);
    expect(self.looks, 'what is not about it is not looked at').to.equal(2);
    self.stand = { ...READY, state: 'sent', warnings: ['Mind the date.'] };
    written();
    await Promise.all(both);
    expect(self.answers).to.deep.equal([{ came: 'reached', warnings: ['Mind the date.'] }, { came: 'reached', warnings: ['Mind the date.'] }]);
    expect(time.pending(), 'no timer is left').to.equal(0);
  });

  it('hears what is written while it looks', async () => {
    const { self, written, wait } = waiting();
    const waited = wait();
    self.stand = { ...READY, state: 'done' };
    written();
    await waited;
    expect(self.answers).to.deep.equal([{ came: 'reached', warnings: [] }]);
  });

  it('looks from time to time, because another process may deliver it', async () => {
    const { self, time, wait } = waiting();
    const waited = wait();
    await time.advance(3_500);
    expect(self.looks).to.equal(4);
    self.stand = { ...READY, state: 'sent' };
    await time.advance(1_000);
    await waited;
    expect(self.answers).to.deep.equal([{ came: 'reached', warnings: [] }]);
  });

  it('gives up in time', async () => {
    const { self, time, wait } = waiting({ ...READY, state: 'sending' });
    const waited = wait();
    await time.advance(19_999);
    expect(self.answers).to.deep.equal([]);
    await time.advance(1);
    await waited;
    expect(self.answers).to.deep.equal([{ came: 'not-yet' }]);
  });

  it('withdraws what was refused', async () => {
    const { self, withdrawn, wait } = waiting(REFUSED);
    await wait();
    expect([self.answers, withdrawn]).to.deep.equal([[{ came: 'refused', reason: 'No such category.' }], ['d1']]);
  });

  it('waits on where what was refused is being sent again meanwhile', async () => {
    const { self, time, written, wait } = waiting(REFUSED);
    self.mayWithdraw = false;
    const waited = wait();
    await turns(3);
    self.stand = { ...READY, state: 'sent' };
    written();
    await time.advance(1);
    await waited;
    expect(self.answers).to.deep.equal([{ came: 'reached', warnings: [] }]);
  });

  it('withdraws nothing that may be over there', async () => {
    const { self, withdrawn, wait } = waiting({ ...REFUSED, mayBeThere: true });
    await wait();
    expect([self.answers, withdrawn]).to.deep.equal([[{ came: 'not-yet' }], []]);
  });

  it('tells what an operator or the other side ended meanwhile as refused', async () => {
    for (const state of ['cancelled', 'rejected'] as const) {
      const { self, withdrawn, wait } = waiting({ ...READY, state, reason: 'Deleted.' });
      await wait();
      expect([self.answers, withdrawn]).to.deep.equal([[{ came: 'refused', reason: 'Deleted.' }], []]);
    }
  });

  it('does not wait for what is not tried in time: a system that is away, a connector on hold, an item that is not forwarded', async () => {
    for (const stand of [{ ...READY, triedFrom: Date.UTC(2027, 2, 1, 10) }, { ...READY, triedFrom: null }, null]) {
      const { self, wait, time } = waiting(stand);
      await wait();
      expect([self.answers, time.pending()]).to.deep.equal([[{ came: 'not-yet' }], 0]);
    }
  });

  it('never rejects: while the ledger cannot be read it looks again', async () => {
    const { self, time, wait } = waiting();
    self.failure = new Error('the disk is away');
    const waited = wait();
    await time.advance(2_000);
    self.failure = null;
    self.stand = { ...READY, state: 'sent' };
    await time.advance(1_000);
    await waited;
    expect(self.answers).to.deep.equal([{ came: 'reached', warnings: [] }]);
  });

  it('ends when the process stops', async () => {
    const { self, waits, wait } = waiting();
    const waited = wait();
    await turns(3);
    waits.stop();
    await waited;
    expect(self.answers).to.deep.equal([{ came: 'not-yet' }]);
  });
});
