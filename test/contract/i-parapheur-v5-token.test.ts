import { expect } from 'chai';
import { iParapheurV5 } from '../../connectors/i-parapheur-v5/index.js';
import { httpAnswer } from '../support/http-answer.js';
import { failureOf } from '../support/failure-of.js';
import { openV5Rig, track, type V5Rig } from '../support/v5-parapheur.js';

const MINUTE = 60_000;

describe('the token of i-Parapheur 5', () => {
  let rig: V5Rig;
  beforeEach(async () => { rig = await openV5Rig(); });
  afterEach(() => rig.close());

  const tokens = () => rig.asked.filter((line) => line.endsWith('/openid-connect/token')).length;

  it('§3.1: is asked for once, by all that need one at the same time', async () => {
    const settings = rig.settings();
    const sent = await Promise.all(['a', 'b', 'c', 'd'].map((key) => rig.submission({ key })));
    await Promise.all(sent.map((submission) => iParapheurV5.submit(submission, settings, rig.context)));
    expect(tokens()).to.equal(1);
    expect(rig.book.desk.list()).to.have.length(4);
  });

  it('§3.1: is renewed before its 300 seconds are over, by the refresh token, and by the password when that has ended too', async () => {
    const settings = rig.settings();
    await iParapheurV5.check(settings, rig.context);
    rig.pass(4 * MINUTE);
    await iParapheurV5.check(settings, rig.context);
    expect(tokens()).to.equal(1);
    rig.pass(MINUTE - 20_000);
    await iParapheurV5.check(settings, rig.context);
    expect(tokens()).to.equal(2);
    rig.pass(40 * MINUTE);
    await iParapheurV5.check(settings, rig.context);
    expect(tokens()).to.equal(3);
    expect(rig.book.login.failures()).to.equal(0);
  });

  it('is new for an upload, which is looked at when it has come whole', async () => {
    const settings = rig.settings();
    await iParapheurV5.check(settings, rig.context);
    rig.pass(MINUTE);
    await iParapheurV5.submit(await rig.submission(), settings, rig.context);
    expect(tokens()).to.equal(2);
  });

  it('clock skew: hours between the clocks do not matter', async () => {
    for (const skew of [-7 * 60 * MINUTE, 7 * 60 * MINUTE]) {
      const other = await openV5Rig(skew);
      const settings = other.settings();
      const receipt = await iParapheurV5.submit(await other.submission(), settings, other.context);
      other.pass(10 * MINUTE);
      expect((await track(other, receipt, settings)).state).to.equal('pending');
      expect(other.asked.filter((line) => line.endsWith('/token'))).to.have.length(2);
      await other.close();
    }
  });

  it('§3.1: on 401 in the middle it is asked for once more, and the request repeated, upload included', async () => {
    const settings = rig.settings();
    await iParapheurV5.check(settings, rig.context);
    const markSent = () => { rig.book.login.endTokens(); return Promise.resolve(); };
    const receipt = await iParapheurV5.submit(await rig.submission(), settings, { ...rig.context, markSent });
    expect(rig.folder().id).to.equal(receipt.reference);
  });

  it('§3.1: 401 twice is misconfigured, after two tries and no more', async () => {
    rig.instead = ({ url }) => (url.includes('/api/standard/') ? httpAnswer({ status: 401, body: '{"message":"Unauthorized"}' }) : undefined);
    expect(await failureOf(iParapheurV5.check(rig.settings(), rig.context))).to.match(/^misconfigured/);
    expect(rig.asked.filter((line) => line.startsWith('GET'))).to.have.length(2);
  });

  it('§2.6: a refused password does not lock the account: hours of retries stay far below 30', async () => {
    const settings = rig.settings({ password: 'expired' });
    const submission = await rig.submission();
    for (let minutes = 0; minutes < 12 * 60; minutes += 1) {
      expect(await failureOf(iParapheurV5.submit(submission, settings, rig.context))).to.match(/^misconfigured: .*password/);
      rig.pass(MINUTE);
    }
    expect(rig.book.login.failures()).to.be.within(2, 20);
    const right = rig.settings();
    await iParapheurV5.submit(await rig.submission(), right, rig.context);
    expect(rig.folder().state).to.equal('running');
  });

  it('password expired in the middle: misconfigured, and it goes on with the new one', async () => {
    const settings = rig.settings();
    const receipt = await iParapheurV5.submit(await rig.submission(), settings, rig.context);
    rig.book.login.changePassword('renewed');
    rig.pass(10 * MINUTE);
    expect(await failureOf(track(rig, receipt, settings))).to.match(/^misconfigured/);
    expect((await track(rig, receipt, rig.settings({ password: 'renewed' }))).state).to.equal('pending');
  });

  it('token endpoint down: nothing was sent, whatever it says', async () => {
    rig.book.mishaps.add('token-down');
    expect(await failureOf(iParapheurV5.submit(await rig.submission(), rig.settings(), rig.context))).to.match(/^not-sent/);
    rig.book.mishaps.clear();
    for (const answer of [{ status: 500 }, { status: 502, body: '<html>Bad Gateway</html>' }, { status: 200, body: '<html>Welcome</html>' }]) {
      rig.instead = ({ url }) => (url.endsWith('/token') ? httpAnswer(answer) : undefined);
      expect(await failureOf(iParapheurV5.submit(await rig.submission(), rig.settings(), rig.context)), String(answer.status)).to.match(/^not-sent/);
    }
    expect(rig.asked).to.not.include('mark');
  });

  it('one that was told to stop while it asked does not stop the others', async () => {
    const settings = rig.settings();
    const stop = new AbortController();
    const http = async (): Promise<never> => { await Promise.resolve(); stop.abort(new Error('Relais stops')); throw new Error('Relais stops'); };
    const stopped = iParapheurV5.check(settings, { ...rig.context, http, signal: stop.signal }).catch((error: unknown) => error);
    const other = iParapheurV5.check(settings, rig.context);
    expect(await stopped).to.be.instanceOf(Error);
    await other;
  });

  it('is never told: neither it nor the password', async () => {
    const settings = rig.settings();
    rig.instead = ({ url }) => (url.includes('/tenant') ? httpAnswer({ status: 500, body: 'failure' }) : undefined);
    const said = await failureOf(iParapheurV5.submit(await rig.submission(), settings, rig.context));
    expect(said + rig.logger.text()).to.not.match(/access-1|refresh-1|rehearsal-of-the-parapheur/);
  });
});
