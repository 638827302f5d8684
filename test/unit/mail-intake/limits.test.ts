import { expect } from 'chai';
import fc from 'fast-check';
import { attachment, enclosed, letter, mailParts, sampleMail, take } from '../../support/mail-rig.js';
import type { MailLimits } from '../../../src/domain/deposit-mail.js';

function limited(limits: Partial<MailLimits>): ReturnType<typeof mailParts> {
  const mail = sampleMail({ agents: ['*@ville.example'] });
  return mailParts({ mail: { ...mail, limits: { ...mail.limits, ...limits } } });
}

function nested(depth: number): string {
  let inner = 'Content-Type: application/pdf\n\nx';
  for (let level = 0; level < depth; level += 1) inner = `Content-Type: multipart/mixed; boundary="b${level}"\n\n--b${level}\n${inner}\n--b${level}--`;
  return letter({ parts: [inner] });
}

describe('messages that are too much', () => {
  it('an archive is a file like any other, however many archives are in it', async () => {
    const parts = limited({});
    const bomb = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(1000, 7)]).toString('latin1');
    await take(letter({ parts: Array.from({ length: 500 }, (_, index) => attachment(`bombe-${index}.zip`, bomb + String(index), 'application/zip')) }), parts);
    expect(parts.intake.submissions[0]?.item.annexes).to.have.length(501);
  });

  it('one attachment more than 500 is refused, and nothing is left of it', async () => {
    const parts = limited({});
    const outcome = await take(letter({ parts: Array.from({ length: 501 }, (_, index) => attachment(`${index}.zip`, `x${index}`, 'application/zip')) }), parts);
    expect(outcome).to.deep.equal({ state: 'refused', reason: 'too-many-parts' });
    expect([parts.intake.submissions, parts.blobs.staged, parts.blobs.openWriters]).to.deep.equal([[], [], 0]);
  });

  it('so is one with thousands of empty parts, and one whose forwarded message brings the rest', async () => {
    expect(await take(letter({ parts: Array.from({ length: 3000 }, () => 'Content-Type: multipart/mixed; boundary=z\n') }), limited({}))).to.deep.equal({ state: 'refused', reason: 'too-many-parts' });
    const inner = letter({ parts: Array.from({ length: 3 }, (_, index) => attachment(`${index}.pdf`, `x${index}`)) });
    const outer = letter({ header: { From: 'a@ville.example' }, parts: [enclosed(inner), attachment('own.pdf', 'y')] });
    expect(await take(outer, limited({ attachments: 3 }))).to.deep.equal({ state: 'refused', reason: 'too-many-parts' });
  });

  it('parts within parts within parts are refused', async () => {
    expect((await take(nested(5), limited({}))).state).to.equal('received');
    expect(await take(nested(50), limited({}))).to.deep.equal({ state: 'refused', reason: 'too-deep' });
  });

  it('messages within messages are opened three deep at most', async () => {
    const parts = limited({});
    let message = letter({ header: { Subject: 'Au fond' } });
    for (let level = 0; level < 20; level += 1) message = letter({ header: { From: 'a@ville.example', Subject: `TR ${level}`, 'Message-ID': `<${level}@x.example>` }, text: '', parts: [enclosed(message)] });
    expect((await take(message, parts)).state).to.equal('received');
    expect(parts.intake.submissions[0]?.item.title).to.equal('TR 16');
  });

  it('the whole, and its header, may only be so large', async () => {
    expect(await take(letter({ text: 'x'.repeat(5000) }), limited({ bytes: 4000 }))).to.deep.equal({ state: 'refused', reason: 'too-large' });
    expect(await take(letter({ header: { 'X-Long': 'x '.repeat(200_000) } }), limited({}))).to.deep.equal({ state: 'refused', reason: 'too-large' });
    expect(await take(letter({ parts: [`Content-Type: application/pdf\nX-Long: ${'x '.repeat(200_000)}\n\nx`] }), limited({}))).to.deep.equal({ state: 'refused', reason: 'too-large' });
  });

  it('no field of a header takes long to read, and one of too many lines is too large', async () => {
    const begin = performance.now();
    for (const Date of ['('.repeat(150_000), '(a)'.repeat(50_000)]) expect((await take(letter({ header: { Date } }), limited({}))).state).to.equal('received');
    expect(performance.now() - begin).to.be.lessThan(5000);
    expect(await take(letter({ header: { 'X-Folded': `a${'\n b'.repeat(50_000)}` } }), limited({}))).to.deep.equal({ state: 'refused', reason: 'too-large' });
  });

  it('what is no mail is refused', async () => {
    for (const wrong of ['', '\r\n', 'PK\x03\x04', 'Bonjour,\r\n\r\nCeci n\'est pas un courriel.', '<html><body>x</body></html>']) {
      expect(await take(Buffer.from(wrong), limited({})), wrong).to.deep.equal({ state: 'refused', reason: 'not-a-message' });
    }
  });

  it('ends with an answer, and leaves nothing behind, whatever the bytes', async () => {
    const whole = letter({ html: '<p>a</p>', parts: [attachment('plan.pdf', 'x'.repeat(500)), enclosed(letter())] });
    await fc.assert(fc.asyncProperty(fc.nat(whole.length), fc.nat(whole.length), fc.string({ maxLength: 40 }), fc.integer({ min: 1, max: 300 }), async (from, length, inserted, piece) => {
      const parts = limited({});
      const { state } = await take(Buffer.from(whole.slice(0, from) + inserted + whole.slice(from + length)), parts, { piece });
      expect(['received', 'refused', 'aside']).to.include(state);
      expect([parts.blobs.openWriters, parts.blobs.staged]).to.deep.equal([0, []]);
    }), { numRuns: 200 });
  });
});
