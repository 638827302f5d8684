import { expect } from 'chai';
import { mailParts, letter, sampleMail, take, ARRIVED } from '../../support/mail-rig.js';
import { createSenderRate } from '../../../src/mail-intake/sender-rate.js';
import { enclosed } from '../../support/mail-rig.js';

const NO_LETTERS: readonly [string, Readonly<Record<string, string>>, string][] = [
  ['an answer of a program', { 'Auto-Submitted': 'auto-replied' }, 'automatic-reply'],
  ['a message of a program', { 'Auto-Submitted': 'auto-generated' }, 'automatic-reply'],
  ['a holiday notice of Exchange', { 'X-Auto-Response-Suppress': 'All' }, 'automatic-reply'],
  ['a holiday notice of older programs', { Precedence: 'auto_reply' }, 'automatic-reply'],
  ['an advertisement', { Precedence: 'bulk' }, 'bulk'],
  ['a notice without a way back', { 'Return-Path': '<>' }, 'bounce'],
  ['a notice of a mail server', { From: 'Mail Delivery <MAILER-DAEMON@mx.example>' }, 'bounce'],
  ['a report that nothing was delivered', { 'Content-Type': 'multipart/report; report-type=delivery-status; boundary=x' }, 'bounce'],
  ['a receipt', { 'Content-Type': 'multipart/report; report-type=disposition-notification; boundary=x' }, 'receipt'],
  ['what we sent ourselves', { 'X-Relais-Origin': 'default' }, 'our-own'],
];

describe('what is no letter', () => {
  for (const [name, header, reason] of NO_LETTERS) {
    it(`${name} is put aside`, async () => {
      const parts = mailParts();
      expect(await take(letter({ header }), parts)).to.deep.equal({ state: 'aside', reason });
      expect([parts.intake.submissions, parts.blobs.staged, parts.blobs.openWriters]).to.deep.equal([[], [], 0]);
    });
  }

  it('a person says that no program wrote it', async () => {
    expect((await take(letter({ header: { 'Auto-Submitted': 'no', Precedence: 'list' } }), mailParts())).state).to.equal('received');
  });

  it('programs may be named whose messages are letters; what comes round is none all the same', async () => {
    const mail = sampleMail({ automatic: ['guichet@*'] });
    const header = { From: 'guichet@ville.example', 'Auto-Submitted': 'auto-generated' };
    expect((await take(letter({ header }), mailParts({ mail }))).state).to.equal('received');
    expect(await take(letter({ header: { ...header, 'X-Relais-Origin': 'default' } }), mailParts({ mail }))).to.deep.equal({ state: 'aside', reason: 'our-own' });
    expect(await take(letter({ header: { ...header, 'Return-Path': '<>' } }), mailParts({ mail }))).to.deep.equal({ state: 'aside', reason: 'bounce' });
  });

  it('a mail of ours is known by its Message-ID where a server took its header away, and where somebody of ours forwards it', async () => {
    const itemOfOurMail = (id: string) => Promise.resolve(id === '<1@example.org>' ? 'u1' : null);
    const mail = sampleMail({ agents: ['*@ville.example'] });
    expect(await take(letter(), mailParts({ itemOfOurMail }))).to.deep.equal({ state: 'aside', reason: 'our-own' });
    expect(await take(letter({ header: { From: 'a@ville.example', 'Message-ID': '<2@ville.example>' }, parts: [enclosed(letter())] }), mailParts({ mail, itemOfOurMail }))).to.deep.equal({ state: 'aside', reason: 'our-own' });
  });

  it('senders are accepted and refused by patterns, those of forwarded letters refused too', async () => {
    const mail = sampleMail({ agents: ['*@ville.example'], accept: ['*@VILLE.example'], refuse: ['spam@*'] });
    const forwarded = (from: string): string => letter({ header: { From: 'a@ville.example', 'Message-ID': '<2@x.example>' }, parts: [enclosed(letter({ header: { From: from } }))] });
    expect(await take(letter(), mailParts({ mail }))).to.deep.equal({ state: 'aside', reason: 'sender-not-accepted' });
    expect((await take(forwarded('jean@example.org'), mailParts({ mail }))).state).to.equal('received');
    expect(await take(forwarded('spam@example.org'), mailParts({ mail }))).to.deep.equal({ state: 'aside', reason: 'sender-refused' });
  });

  it('a sender who writes too much at once is put aside from then on; a mailbox that was away is no flood', async () => {
    const mail = sampleMail({ most: { count: 3, withinMs: 60_000 } });
    const flooded = mailParts({ mail });
    const calm = mailParts({ mail });
    const states: string[] = [];
    for (let sent = 0; sent < 5; sent += 1) {
      states.push((await take(letter({ text: `n° ${sent}` }), flooded)).state);
      expect((await take(letter({ text: `n° ${sent}` }), calm, { arrivedAt: ARRIVED - sent * 60_000 })).state).to.equal('received');
    }
    expect(states).to.deep.equal(['received', 'received', 'received', 'aside', 'aside']);
  });

  it('what a person puts back after that time is taken', () => {
    let now = 0;
    const rate = createSenderRate({ count: 1, withinMs: 1000 }, () => now);
    const first = [rate('a', 0), rate('a', 0), rate('b', 0)];
    now = 1000;
    expect([...first, rate('a', 0)]).to.deep.equal([false, true, false, false]);
  });
});
