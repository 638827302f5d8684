import { expect } from 'chai';
import { attachment, enclosed, letter, mailParts, sampleMail, take } from '../../support/mail-rig.js';

const AGENTS = sampleMail({ agents: ['*@ville.example'] });

describe('taking a message', () => {
  it('makes an item of it, with its files, its text and what its header says', async () => {
    const parts = mailParts();
    const outcome = await take(letter({ header: { Subject: '=?utf-8?Q?Permis_n=C2=B0_12?=', Cc: 'Greffe <greffe@ville.example>' }, parts: [attachment('plan.pdf', '%PDF-1.4 plan'), attachment('note', 'une note', 'text/plain')] }), parts);

    expect(outcome.state).to.equal('received');
    const [{ item, journal }] = parts.intake.submissions as [(typeof parts.intake.submissions)[number]];
    expect(item).to.deep.include({ kind: 'mail', title: 'Permis n° 12', description: '<p>Bonjour,</p><p>Voici ma demande.</p>', configId: 'college' });
    expect(item.extra).to.deep.equal({
      mail_from: 'jean@example.org', mail_from_name: 'Jean Dupont', mail_to: ['courrier@ville.example'], mail_cc: ['greffe@ville.example'], mail_subject: 'Permis n° 12',
      mail_date: '2027-03-01T08:00:00.000Z', mail_message_id: '<1@example.org>', mail_forward: 'direct',
    });
    expect(item.annexes.map(({ filename, mediaType, role }) => [filename, mediaType, role])).to.deep.equal([['plan.pdf', 'application/pdf', undefined], ['note', 'text/plain', undefined], ['message.eml', 'message/rfc822', 'message']]);
    expect(parts.blobs.bytesOf({ ...item.annexes[0]!, head: Buffer.alloc(0) }).toString()).to.equal('%PDF-1.4 plan');
    expect(journal?.[0]).to.deep.include({ event: 'item.deposited', data: { deposit: 'courrier', way: 'mailbox', forward: 'direct', messageId: '<1@example.org>' } });
    expect([parts.blobs.openWriters, parts.blobs.staged]).to.deep.equal([0, []]);
  });

  it('gives the same item however it is cut into pieces', async () => {
    const message = letter({ parts: [attachment('plan.pdf', 'x'.repeat(3000))] });
    const shas = await Promise.all([1, 7, 64, 100_000].map(async (piece) => {
      const parts = mailParts();
      await take(message, parts, { piece });
      return JSON.stringify(parts.intake.submissions[0]?.item.annexes.map(({ sha256 }) => sha256));
    }));
    expect(new Set(shas).size).to.equal(1);
  });

  it('knows the same letter again, by whatever way it came, and takes two that only share a Message-ID', async () => {
    const parts = mailParts();
    const first = await take(letter(), parts);
    const again = await take(letter({ header: { Received: 'from elsewhere' } }), parts);
    const other = await take(letter({ text: 'Une autre demande' }), parts);

    expect(again).to.deep.equal({ state: 'already-received', uid: first.state === 'received' ? first.uid : '' });
    expect([other.state, parts.intake.submissions.length]).to.deep.equal(['received', 2]);
  });

  it('shows a text of HTML without what runs, calls out or shows pictures', async () => {
    const parts = mailParts();
    await take(letter({ text: '', html: '<p onclick="x()">Bonjour <b>vous</b></p><script>x()</script><img src="https://spy.example/1.png">' }), parts);
    expect(parts.intake.submissions[0]?.item.description).to.equal('<p>Bonjour <b>vous</b></p>');
  });

  it('keeps pictures of the text apart, and names files that have no name', async () => {
    const parts = mailParts();
    const picture = 'Content-Type: image/png; name="logo.png"\nContent-ID: <logo>\nContent-Disposition: inline; filename="logo.png"\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=';
    await take(letter({ text: '', html: '<p>a <img src="cid:logo"></p>', parts: [picture, 'Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0x'] }), parts);
    expect(parts.intake.submissions[0]?.item.annexes.map(({ filename, role }) => [filename, role])).to.deep.equal([['piece-1.pdf', undefined], ['logo.png', 'inline-image'], ['message.eml', 'message']]);
  });

  it('reads texts of older programs, and of wrong ones', async () => {
    const latin = Buffer.concat([Buffer.from('From: a@b.example\r\nSubject: S\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n'), Buffer.from('été', 'latin1')]);
    const unnamed = Buffer.concat([Buffer.from('From: a@b.example\r\nSubject: T\r\n\r\n'), Buffer.from('été\0', 'latin1')]);
    const parts = mailParts();
    await take(latin, parts);
    await take(unnamed, parts);
    expect(parts.intake.submissions.map(({ item }) => item.description)).to.deep.equal(['<p>été</p>', '<p>été</p>']);
  });

  it('makes a file of a text that is longer than a person writes', async () => {
    const parts = mailParts();
    await take(letter({ text: 'mot '.repeat(100_000) }), parts);
    const [submission] = parts.intake.submissions;
    expect([submission?.item.description, submission?.item.annexes[0]?.size]).to.deep.equal(['', 400_000]);
  });

  it('takes the message that one of ours attached, with who forwarded it', async () => {
    const parts = mailParts({ mail: AGENTS });
    const inner = letter({ header: { Subject: 'Nuisances' }, text: 'Du bruit', parts: [attachment('photo.pdf', 'x')] });
    await take(letter({ header: { From: 'Agent <agent@ville.example>', Subject: 'TR: Nuisances', 'Message-ID': '<2@ville.example>' }, parts: [enclosed(inner), attachment('note.pdf', 'y')] }), parts);

    const [submission] = parts.intake.submissions;
    expect(submission?.item).to.deep.include({ title: 'Nuisances', description: '<p>Du bruit</p>' });
    expect(submission?.item.extra).to.include({ mail_from: 'jean@example.org', mail_agent: 'agent@ville.example', mail_agent_name: 'Agent', mail_forward: 'attached', mail_message_id: '<1@example.org>' });
    expect(submission?.item.annexes.map(({ filename }) => filename)).to.deep.equal(['photo.pdf', 'note.pdf', 'message.eml']);
  });

  it('makes one item of a letter that two of ours forward', async () => {
    const parts = mailParts({ mail: AGENTS });
    const forwarded = (agent: string): string => letter({ header: { From: agent, 'Message-ID': `<${agent}>` }, text: '', parts: [enclosed(letter())] });
    expect([(await take(forwarded('a@ville.example'), parts)).state, (await take(forwarded('b@ville.example'), parts)).state]).to.deep.equal(['received', 'already-received']);
  });

  it('reads attached messages that are encoded, and leaves those of strangers attached', async () => {
    const encoded = attachment('Demande.eml', letter({ header: { Subject: 'Dedans' } }), 'application/octet-stream');
    const ours = mailParts({ mail: AGENTS });
    const theirs = mailParts({ mail: AGENTS });
    await take(letter({ header: { From: 'a@ville.example' }, parts: [encoded] }), ours);
    await take(letter({ header: { Subject: 'Dehors' }, parts: [encoded] }), theirs);
    expect([ours.intake.submissions[0]?.item.title, theirs.intake.submissions[0]?.item.title]).to.deep.equal(['Dedans', 'Dehors']);
    expect(theirs.intake.submissions[0]?.item.annexes[0]?.filename).to.equal('Demande.eml');
  });

  it('takes what a server passes on as it is', async () => {
    const parts = mailParts({ mail: AGENTS });
    await take(letter({ header: { From: 'a@ville.example', 'X-Forwarded-To': 'courrier@ville.example' }, parts: [enclosed(letter())] }), parts);
    expect(parts.intake.submissions[0]?.item.extra).to.include({ mail_forward: 'server', mail_from: 'a@ville.example' });
  });

  it('links the answer to a mail of ours with the item that it was about', async () => {
    const parts = mailParts({ itemOfOurMail: (id) => Promise.resolve(id === '<ours@ville.example>' ? 'u1' : null) });
    await take(letter({ header: { 'In-Reply-To': '<other@x.example>', References: '<ours@ville.example> <other@x.example>' } }), parts);
    expect(parts.intake.submissions[0]).to.deep.include({ linkedTo: ['u1'] });
    expect(parts.intake.submissions[0]?.item.extra).to.deep.include({ manuallyLinkedItems: ['u1'] });
  });

  it('leaves nothing behind where nothing can be kept', async () => {
    const parts = mailParts();
    parts.intake.failure = new Error('no database');
    expect(await take(letter({ parts: [attachment('a.pdf', 'x')] }), parts).catch((error: unknown) => String(error))).to.equal('Error: no database');
    expect([parts.blobs.openWriters, parts.blobs.staged]).to.deep.equal([0, []]);
  });
});
