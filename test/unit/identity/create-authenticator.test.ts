import { expect } from 'chai';
import fc from 'fast-check';
import { createAuthenticator, type Account } from '../../../src/identity/create-authenticator.js';

const ADDRESS = '192.0.2.10';

/** A hash is the password itself here: what is tested is who gets hashed, when and how often. */
function setUp(accounts: Partial<Account>[] = [{ userId: 'ged', passwordHash: 'right' }]) {
  let now = 1_000_000;
  const hashed: string[] = [];
  const gates: (() => void)[] = [];
  let held = false;
  const authenticator = createAuthenticator({
    accounts: accounts.map((account) => ({ userId: '', passwordHash: null, certificateSubjects: [], ...account })),
    clock: { now: () => now },
    verify: async (password, hash) => {
      hashed.push(password);
      if (held) await new Promise<void>((open) => { gates.push(open); });
      return password === hash;
    },
  });
  return {
    hashed,
    wait: (milliseconds: number) => { now += milliseconds; },
    hold: () => { held = true; },
    release: () => { held = false; for (const open of gates.splice(0)) open(); },
    basic: (userId: string, password: string, remoteAddress = ADDRESS) => authenticator.authenticate({
      authorization: `Basic ${Buffer.from(`${userId}:${password}`).toString('base64')}`, certificateSubject: undefined, remoteAddress,
    }),
    header: (authorization: string | undefined, certificateSubject?: string) => authenticator.authenticate({ authorization, certificateSubject, remoteAddress: ADDRESS }),
  };
}

const OK = { ok: true, userId: 'ged' };
const REFUSED = { ok: false, retryAfterSeconds: 0 };

describe('createAuthenticator', () => {
  describe('Basic credentials', () => {
    it('accepts the right password and refuses a wrong one, an unknown user and a user without a password', async () => {
      const { basic } = setUp([{ userId: 'ged', passwordHash: 'right' }, { userId: 'jdupont' }]);
      expect(await basic('ged', 'right')).to.deep.equal(OK);
      expect(await basic('ged', 'Right')).to.deep.equal(REFUSED);
      expect(await basic('nobody', 'right')).to.deep.equal(REFUSED);
      expect(await basic('jdupont', '')).to.deep.equal(REFUSED);
    });

    it('hashes for an unknown user too, so that the time does not tell', async () => {
      const { basic, hashed } = setUp();
      await basic('nobody', 'secret');
      expect(hashed).to.deep.equal(['secret']);
    });

    it('reads both base64 alphabets, with and without padding, any case of the scheme', async () => {
      const { header } = setUp([{ userId: 'ged', passwordHash: '>>>???é' }]);
      const standard = Buffer.from('ged:>>>???é').toString('base64');
      const urlSafe = standard.replaceAll('+', '-').replaceAll('/', '_');
      expect(urlSafe).to.not.equal(standard);
      for (const text of [`Basic ${standard}`, `Basic ${urlSafe}`, `basic ${standard.replace(/=+$/, '')}`, `BASIC  ${standard} `]) {
        expect(await header(text), text).to.deep.equal(OK);
      }
    });

    it('reads UTF-8 first and Latin-1 where it is not valid UTF-8', async () => {
      const { header } = setUp([{ userId: 'ged', passwordHash: 'été' }]);
      expect(await header(`Basic ${Buffer.from('ged:été', 'utf8').toString('base64')}`)).to.deep.equal(OK);
      expect(await header(`Basic ${Buffer.from('ged:été', 'latin1').toString('base64')}`)).to.deep.equal(OK);
    });

    it('keeps colons in the password', async () => {
      const { basic } = setUp([{ userId: 'ged', passwordHash: 'a:b:c' }]);
      expect(await basic('ged', 'a:b:c')).to.deep.equal(OK);
    });

    for (const header of [undefined, '', 'Basic', 'Basic ', 'Basic ====', 'Bearer abc', 'Basic Z2Vk', 'Basic OnJpZ2h0', 'Basic Z2Vk OnJpZ2h0', `Basic ${'A'.repeat(5000)}`]) {
      it(`asks for credentials without hashing: ${(header ?? 'no header').slice(0, 30)}`, async () => {
        const { header: send, hashed } = setUp();
        expect(await send(header)).to.deep.equal(REFUSED);
        expect(hashed).to.deep.equal([]);
      });
    }

    it('never throws and never accepts, whatever the header', async () => {
      const { header } = setUp();
      await fc.assert(fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary' }).map((text) => `Basic ${Buffer.from(text).toString('base64')}`)), async (text) => {
        expect((await header(text)).ok).to.equal(false);
      }));
    });
  });

  describe('hashing', () => {
    it('is off the hot path while credentials are in use', async () => {
      const { basic, hashed, wait } = setUp();
      for (let call = 0; call < 10; call += 1) { await basic('ged', 'right'); wait(4 * 60_000); }
      expect(hashed).to.have.length(1);
      wait(2 * 60_000);
      expect(await basic('ged', 'right')).to.deep.equal(OK);
      expect(hashed).to.have.length(2);
    });

    it('is shared by requests that arrive together', async () => {
      const { basic, hashed, hold, release } = setUp();
      hold();
      const calls = Array.from({ length: 20 }, () => basic('ged', 'right'));
      release();
      expect(await Promise.all(calls)).to.deep.equal(Array(20).fill(OK));
      expect(hashed).to.have.length(1);
    });

    it('does not pile up: beyond what may wait, guesses are turned away', async () => {
      const { basic, hashed, hold, release } = setUp();
      hold();
      const calls = Array.from({ length: 200 }, (_, index) => basic('ged', `guess ${index}`, `198.51.100.${index}`));
      release();
      const answers = await Promise.all(calls);
      expect(hashed).to.have.length(64);
      expect(answers.filter((answer) => !answer.ok && answer.retryAfterSeconds > 0)).to.have.length(136);
    });
  });

  describe('guessing', () => {
    it('meets growing pauses, for one account from one address', async () => {
      const { basic, hashed, wait } = setUp([{ userId: 'ged', passwordHash: 'right' }, { userId: 'urbanisme', passwordHash: 'right' }]);
      const pauses: number[] = [];
      for (let guess = 0; guess < 14; guess += 1) {
        const answer = await basic('ged', `guess ${guess}`);
        const pause = answer.ok ? NaN : answer.retryAfterSeconds;
        pauses.push(pause);
        wait(pause * 1000);
      }
      expect(pauses).to.deep.equal([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
      expect(hashed).to.have.length(14);
    });

    it('is not looked at during a pause, even if right; another account and another address are', async () => {
      const { basic, hashed, wait } = setUp([{ userId: 'ged', passwordHash: 'right' }, { userId: 'urbanisme', passwordHash: 'right' }]);
      for (let guess = 0; guess < 6; guess += 1) { await basic('ged', `guess ${guess}`); }
      const before = hashed.length;
      expect(await basic('ged', 'right')).to.deep.equal({ ok: false, retryAfterSeconds: 1 });
      expect(hashed).to.have.length(before);
      expect((await basic('urbanisme', 'right')).ok).to.equal(true);
      expect((await basic('ged', 'right', '192.0.2.11')).ok).to.equal(true);
      wait(1000);
      expect((await basic('ged', 'right')).ok).to.equal(true);
    });

    it('does not lock out credentials that were verified lately, fresh or not', async () => {
      const { basic, wait } = setUp();
      await basic('ged', 'right');
      wait(6 * 60_000);
      for (let guess = 0; guess < 100; guess += 1) await basic('ged', `guess ${guess}`);
      expect(await basic('ged', 'other')).to.have.property('retryAfterSeconds').greaterThan(0);
      expect(await basic('ged', 'right')).to.deep.equal(OK);
      expect(await basic('ged', 'right')).to.deep.equal(OK);
    });

    it('counts guesses that are sent at the same time', async () => {
      const { basic, hashed, hold, release } = setUp();
      hold();
      const calls = Array.from({ length: 30 }, (_, index) => basic('ged', `guess ${index}`));
      release();
      await Promise.all(calls);
      expect(hashed).to.have.length(5);
    });

    it('is the same guess when a program repeats its old password: no hashing, no count', async () => {
      const { basic, hashed, wait } = setUp();
      for (let call = 0; call < 1000; call += 1) { expect(await basic('ged', 'old')).to.deep.equal(REFUSED); wait(10_000); }
      expect(hashed).to.deep.equal(['old']);
      expect(await basic('ged', 'right')).to.deep.equal(OK);
    });

    it('has a budget for one address over all accounts, which comes back with time', async () => {
      const { basic, hashed, wait } = setUp();
      for (let user = 0; user < 100; user += 1) await basic(`user${user}`, 'guess');
      expect(hashed).to.have.length(60);
      expect(await basic('new', 'guess')).to.deep.equal({ ok: false, retryAfterSeconds: 1 });
      wait(10_000);
      for (let user = 200; user < 300; user += 1) await basic(`user${user}`, 'guess');
      expect(hashed).to.have.length(70);
    });

    it('of an IPv6 customer is counted over the whole /64, and of mapped IPv4 by the IPv4 address', async () => {
      const { basic, hashed } = setUp();
      for (let host = 0; host < 20; host += 1) await basic('ged', `guess ${host}`, `2001:db8:1:2::${host.toString(16)}`);
      expect(hashed).to.have.length(5);
      for (let host = 0; host < 20; host += 1) await basic('ged', `mapped ${host}`, host % 2 === 0 ? '::ffff:203.0.113.5' : '203.0.113.5');
      expect(hashed).to.have.length(10);
    });

    it('starts afresh after a right password and after a quiet quarter of an hour', async () => {
      const { basic, wait } = setUp();
      for (let guess = 0; guess < 4; guess += 1) await basic('ged', `first ${guess}`);
      await basic('ged', 'right');
      for (let guess = 0; guess < 4; guess += 1) expect(await basic('ged', `second ${guess}`)).to.deep.equal(REFUSED);
      wait(16 * 60_000);
      for (let guess = 0; guess < 4; guess += 1) expect(await basic('ged', `third ${guess}`)).to.deep.equal(REFUSED);
    });
  });

  describe('client certificates', () => {
    const accounts = [{ userId: 'ged', passwordHash: 'right', certificateSubjects: ['CN=ged.example.be, O=Ville\\, Cité, C=BE'] }];

    it('stand for the account that declares their subject, however it is spaced', async () => {
      const { header } = setUp(accounts);
      expect(await header(undefined, 'cn=ged.example.be,o=Ville\\, Cité,c=BE')).to.deep.equal(OK);
      expect(await header(undefined, 'CN=other,O=Ville\\, Cité,C=BE')).to.deep.equal(REFUSED);
      expect(await header(undefined, 'CN=ged.example.be')).to.deep.equal(REFUSED);
      expect(await header(undefined, 'not a subject')).to.deep.equal(REFUSED);
      expect(await header(undefined, '')).to.deep.equal(REFUSED);
    });

    it('do not help wrong credentials', async () => {
      const { header } = setUp(accounts);
      expect(await header('Basic Z2VkOndyb25n', 'CN=ged.example.be,O=Ville\\, Cité,C=BE')).to.deep.equal(REFUSED);
    });
  });
});
