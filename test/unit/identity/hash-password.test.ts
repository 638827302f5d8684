import { expect } from 'chai';
import fc from 'fast-check';
import { decoyHash, hashPassword, isPasswordHash, verifyPassword } from '../../../src/identity/hash-password.js';
import { createTurnstile } from '../../../src/identity/turnstile.js';

const CHEAP = '$scrypt$ln=10,r=8,p=1$';

describe('hashPassword', () => {
  it('makes a PHC string of the documented cost that verifies', async () => {
    const hash = await hashPassword('élan vital');
    expect(hash).to.match(/^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await verifyPassword('élan vital', hash)).to.equal(true);
    expect(await verifyPassword('elan vital', hash)).to.equal(false);
    expect(await hashPassword('élan vital')).to.not.equal(hash);
  });

  it('takes an accent for the same however it is composed', async () => {
    const hash = await hashPassword('e\u0301te\u0301');
    expect(await verifyPassword('\u00e9t\u00e9', hash)).to.equal(true);
  });

  it('agrees with the test vector of RFC 7914 §12', async () => {
    const salt = Buffer.from('SodiumChloride').toString('base64').replace(/=+$/, '');
    const key = '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887';
    const stored = `$scrypt$ln=14,r=8,p=1$${salt}$${Buffer.from(key, 'hex').toString('base64').replace(/=+$/, '')}`;
    expect(await verifyPassword('pleaseletmein', stored)).to.equal(true);
    expect(await verifyPassword('Pleaseletmein', stored)).to.equal(false);
  });

  const refused = {
    'another scheme': '$2b$10$abcdefghijklmnopqrstuv',
    'a plain password': 'demo',
    'too cheap': `$scrypt$ln=1,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    'too dear for memory': `$scrypt$ln=18,r=16,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    'too many rounds': `$scrypt$ln=14,r=8,p=99$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    'no salt': `${CHEAP}$${'A'.repeat(43)}`,
    'more after it': `${CHEAP}${'A'.repeat(22)}$${'A'.repeat(43)}\n`,
  };
  for (const [name, text] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      expect(isPasswordHash(text)).to.equal(false);
      const error = await verifyPassword('demo', text).then(() => null, (reason: unknown) => reason);
      expect(error).to.be.instanceOf(RangeError);
    });
  }

  it('makes decoys as dear as the model, which nothing opens', async () => {
    const decoy = decoyHash(`${CHEAP}${'A'.repeat(22)}$${'A'.repeat(43)}`);
    expect(decoy.startsWith(CHEAP)).to.equal(true);
    expect(await verifyPassword('', decoy)).to.equal(false);
    expect(decoyHash(undefined)).to.match(/^\$scrypt\$ln=14,r=8,p=5\$/);
  });
});

describe('createTurnstile', () => {
  it('never lets more than its width through, and everyone in the end', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(fc.boolean(), { maxLength: 30 }), async (width, fails) => {
      const turnstile = createTurnstile(width);
      let inside = 0;
      let most = 0;
      const outcomes = await Promise.allSettled(fails.map((fail) => turnstile(async () => {
        inside += 1;
        most = Math.max(most, inside);
        await Promise.resolve();
        inside -= 1;
        if (fail) throw new Error('failed');
      })));
      expect(most).to.be.at.most(width);
      expect(outcomes.map((outcome) => outcome.status === 'rejected')).to.deep.equal(fails);
    }), { numRuns: 50 });
  });
});
