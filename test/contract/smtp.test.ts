import { expect } from 'chai';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { parseAddress } from '../../connectors/smtp/address.js';
import type { SmtpSettings } from '../../connectors/smtp/config.js';
import { smtp } from '../../connectors/smtp/index.js';
import { mailOf } from '../../connectors/smtp/mapping.js';
import { readMail, type ReadMail } from '../../connectors/smtp/read-mail.js';
import { converse } from '../../connectors/smtp/smtp-conversation.js';
import { openSmtpServer, type SmtpServer } from '../../connectors/smtp/smtp-server.js';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { isFailure } from '../../src/connector-api/failures.js';
import type { Item } from '../../src/domain/item.js';
import { LOOPBACK_TLS } from '../support/loopback-certificate.js';
import { recordingLogger } from '../support/recording-logger.js';
import { sampleAnnex, sampleItem } from '../support/sample-item.js';

const bytes = Buffer.from('%PDF-1.4');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const account = { user: 'relais', password: 'secret of the account' };
const plan = sampleAnnex('plan.pdf', { sha256, size: bytes.length });

/** Lets the event loop turn while something is so, at most `limit` times. */
async function turns(limit: number, isSo: () => boolean): Promise<void> {
  for (let turn = 0; isSo() && turn < limit; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
}

describe('the smtp connector', () => {
  let folder: string;
  let server: SmtpServer;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'relais-smtp-'));
    server = await openSmtpServer({ folder, account, tls: LOOPBACK_TLS });
  });
  afterEach(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function settings(change: Record<string, unknown> = {}): SmtpSettings {
    return smtp.settings.parse({ host: '127.0.0.1', port: server.port, ca: LOOPBACK_TLS.cert, ...account, from: 'Ville <relais@ville.example>', ...change });
  }

  function context(change: Partial<ConnectorContext> = {}): ConnectorContext {
    return {
      logger: recordingLogger(), clock: { now: () => Date.UTC(2027, 2, 1, 9) }, signal: new AbortController().signal, callBackUrl: 'http://127.0.0.1:9/callbacks/town',
      http: () => Promise.reject(new Error('no HTTP here')), markSent: () => Promise.resolve(),
      blobs: { read: () => Readable.from([bytes]), keep: () => Promise.reject(new Error('nothing is brought back')) }, ...change,
    };
  }

  function submission(fields: Submission['fields'] = {}, item: Partial<Item> = { annexes: [plan] }): Submission {
    return { key: 'key-1', operation: 'send', item: sampleItem(item), fields: { to: ['greffe@ville.example'], ...fields }, results: {} };
  }

  /** `kind: message` of the failure. */
  async function failure(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.then(() => 'no failure', (thrown: unknown) => thrown);
    return isFailure(error) ? `${error.kind}: ${error.message}` : String(error);
  }

  /** How it fails when the server says so; also, that nothing is kept and whether it was marked. */
  async function failureWhen(command: 'MAIL' | 'RCPT' | 'DATA' | 'END', says: string, about = ''): Promise<string> {
    let marked = false;
    server.faults.answer = (given, argument) => (given === command && argument.includes(about) ? says : undefined);
    const told = await failure(smtp.submit(submission({ to: ['greffe@ville.example', 'dgs@ville.example'] }), settings(), context({ markSent: () => { marked = true; return Promise.resolve(); } })));
    expect(server.mails).to.deep.equal([]);
    expect(marked).to.equal(command === 'END');
    return told;
  }

  async function received(): Promise<ReadMail> {
    expect(server.mails).to.have.length(1);
    return readMail(server.mails[0]!.file);
  }

  describe('the mail', () => {
    it('has the title and the annexes of the item where nothing else is mapped', async () => {
      const sent = submission({}, { title: 'Permis n° 12\r\n « été »', annexes: [plan] });
      const receipt = await smtp.submit(sent, settings(), context());

      expect(receipt).to.deep.equal({ reference: '<key-1@ville.example>', state: 'done', data: { answer: '250 2.0.0 Kept' } });
      const { headers, text, html, attachments } = await received();
      expect(Object.fromEntries(headers)).to.include({
        from: 'Ville <relais@ville.example>', to: 'greffe@ville.example', subject: 'Permis n° 12 « été »', 'message-id': '<key-1@ville.example>',
        date: 'Mon, 01 Mar 2027 09:00:00 +0000', 'auto-submitted': 'auto-generated', 'x-relais-item': sent.item.uid,
      });
      expect({ text: text?.trim().replace(/\s+/g, ' '), html, attachments }).to.deep.equal({ text: 'Permis n° 12 « été »', html: undefined, attachments: [sha256] });
      expect(server.mails[0]).to.deep.include({ from: 'relais@ville.example', to: ['greffe@ville.example'] });
    });

    it('keeps blind copies out of its headers, and gives each recipient one mail', async () => {
      await smtp.submit(submission({ cc: ['Greffe <greffe@ville.example>'], bcc: ['secret@ville.example'] }), settings(), context());

      expect(server.mails[0]?.to).to.deep.equal(['greffe@ville.example', 'secret@ville.example']);
      expect(await readFile(server.mails[0]!.file, 'utf8')).to.not.include('secret@');
    });

    it('arrives with its dots at the start of lines', async () => {
      const text = 'Un\n.\n..\nfin';
      await smtp.submit(submission({ text }), settings(), context());

      expect((await received()).text?.trim()).to.equal(text);
    });

    it('encodes annexes of every type, so that none is changed on its way', async () => {
      const annexes = ['message/rfc822', 'text/plain', 'multipart/mixed', 'image/png'].map((mediaType, index) => ({ ...plan, uid: `${index}`, mediaType }));
      await smtp.submit(submission({}, { annexes }), settings(), context());

      expect((await received()).attachments).to.deep.equal(annexes.map(() => sha256));
    });

    it('leaves annexes out where that is mapped, and confidential ones unless the settings say otherwise', () => {
      const item = { annexes: [plan, { ...plan, uid: 'secret', confidential: true }] };

      expect(mailOf(submission({ attach: false }, item), settings()).attachments).to.deep.equal([]);
      expect(mailOf(submission({}, item), settings()).attachments).to.deep.equal([plan]);
      expect(mailOf(submission({}, item), settings({ attachConfidential: true })).attachments).to.have.length(2);
    });

    it('is refused where it would be too large, before anybody is asked', async () => {
      await server.stop();
      const item = { annexes: [{ ...plan, size: 3 * 2 ** 20 }] };

      expect(await failure(smtp.submit(submission({}, item), settings({ maxBytes: 4 * 2 ** 20 }), context()))).to.match(/^refused: The mail would be of 4\.1 MiB, more than the 4\.0 MiB/);
    });

    it('cuts a long title', () => {
      const { subject } = mailOf(submission({}, { title: '🌳'.repeat(300) }), settings());

      expect(subject).to.equal(`${'🌳'.repeat(199)}…`);
    });
  });

  describe('addresses', () => {
    it('are read as people write them', () => {
      expect(parseAddress(' greffe@ville.example ')).to.deep.equal({ name: '', address: 'greffe@ville.example' });
      expect(parseAddress('"Le greffe" <greffe@ville.example>')).to.deep.equal({ name: 'Le greffe', address: 'greffe@ville.example' });
      expect(parseAddress('greffe@liège.example')).to.deep.equal({ name: '', address: 'greffe@xn--lige-6oa.example' });
      for (const wrong of ['', 'greffe', '@ville.example', 'a@', 'a b@ville.example', 'a@ville.example, b@ville.example', 'a@ville.example\r\nBcc: b@ville.example', 'a\n <a@b.c>', 'x <a@b.c> <d@e.f>', 'a..b@ville.example']) {
        expect(parseAddress(wrong), wrong).to.equal(undefined);
      }
    });

    it('never carry a line break or a bracket into a command', () => {
      fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress(), fc.tuple(fc.string(), fc.string()).map((parts) => `${parts[0]}@b.example${parts[1]}`)), (text) => {
        const found = parseAddress(text);
        if (found === undefined) return;
        expect(found.address).to.match(/^[\x21-\x7E]+$/).and.not.match(/[<>\s]/);
        expect(found.name).to.not.match(/\p{Cc}/u);
      }));
    });

    it('that are none are refused with their field', async () => {
      expect(await failure(smtp.submit(submission({ cc: ['greffe'] }), settings(), context()))).to.match(/^refused: «greffe» in the field «cc»/);
      expect(await failure(smtp.submit(submission({ to: [] }), settings(), context()))).to.match(/^refused: The field «to» names nobody/);
      expect(await failure(smtp.submit(submission({ to: ['a@b.example\r\nRCPT TO:<c@d.example>'] }), settings(), context()))).to.match(/^refused: /);
      expect(() => settings({ from: 'nobody' })).to.throw(/an address such as/);
    });
  });

  describe('what the server says', () => {
    it('to a recipient: nobody gets the mail unless everybody does', async () => {
      expect(await failureWhen('RCPT', '550 5.1.1 Unknown', 'dgs')).to.match(/^refused: .*«dgs@ville\.example» \(it says «550 5\.1\.1 Unknown»\)/).and.not.include('greffe');
      expect(await failureWhen('RCPT', '450 4.2.0 Greylisted', 'dgs')).to.match(/^not-sent: .*«dgs@ville\.example»/);
      expect(await failureWhen('RCPT', '550 5.1.1 Unknown')).to.match(/^refused: .*«greffe@ville\.example».*«dgs@ville\.example»/);
    });

    it('to the sender, to the mail, and to its size', async () => {
      expect(await failureWhen('MAIL', '553 5.7.1 Not yours')).to.match(/^misconfigured: .*«from».*Not yours/);
      expect(await failureWhen('MAIL', '552 5.3.4 Too large')).to.match(/^refused: The mail is larger/);
      expect(await failureWhen('MAIL', '452 4.3.1 Disk full')).to.match(/^not-sent: .*Disk full/);
      expect(await failureWhen('DATA', '554 5.7.1 No')).to.match(/^refused: /);
      expect(await failureWhen('DATA', '421 4.3.2 Closing')).to.match(/^not-sent: /);
    });

    it('to the whole mail: an explicit no is one', async () => {
      expect(await failureWhen('END', '554 5.7.1 Spam')).to.match(/^refused: .*Spam/);
      expect(await failureWhen('END', '451 4.3.0 Try again')).to.match(/^not-sent: /);
    });
  });

  it('what a server says before it has the mail is never taken for its answer to the mail', async () => {
    for (const [early, expected] of [['552 5.3.4 Too large', /^refused: .*Too large/], ['250 2.0.0 Kept', /^not-sent: .*before it had the mail/]] as const) {
      const hasty = createServer((socket) => {
        socket.on('error', () => undefined).write('220 hasty\r\n');
        socket.on('data', (data) => {
          const said = data.toString('latin1');
          if (said.startsWith('DATA')) socket.write(`354 Go on\r\n${early}\r\n`);
          else if (/^(?:EHLO|MAIL|RCPT)/.test(said)) socket.write('250 OK\r\n');
        });
      });
      await new Promise<void>((resolve) => { hasty.listen(0, '127.0.0.1', resolve); });
      let marked = false;
      // It would last for ever: the mail is given up.
      const endless = { ...context().blobs, read: () => new Readable({ read() { setImmediate(() => this.push(bytes)); } }) };
      const sent = submission({}, { annexes: [{ ...plan, size: 2 ** 20 }] });
      const change = { user: undefined, password: undefined, encryption: 'none', port: (hasty.address() as AddressInfo).port };
      const told = await failure(smtp.submit(sent, settings(change), context({ blobs: endless, markSent: () => { marked = true; return Promise.resolve(); } })));
      await new Promise((resolve) => { hasty.close(resolve); });

      expect(told).to.match(expected);
      expect(marked).to.equal(false);
    }
  });

  it('half an answer to the whole mail is none', async () => {
    server.faults.end = 'cuts';
    expect(await failure(smtp.submit(submission(), settings(), context()))).to.match(/^outcome-unknown: /);
  });

  it('an administrator may prefer a second mail to a question', async () => {
    expect(await smtp.probe(submission(), settings(), context())).to.equal('unknown');
    expect(await smtp.probe(submission(), settings({ resendWhenUnknown: true }), context())).to.equal('absent');
  });

  it('a connection that breaks while the mark is being kept has sent nothing', async () => {
    const markSent = async () => {
      await server.stop();
      await turns(100, () => true);
    };
    expect(await failure(smtp.submit(submission(), settings(), context({ markSent })))).to.match(/^not-sent: /);
    expect(server.mails).to.deep.equal([]);
  });

  it('a server that is silent for too long after the whole mail leaves the outcome open', async () => {
    server.faults.end = 'hangs';
    expect(await failure(smtp.submit(submission(), settings({ timeoutMs: 300 }), context()))).to.match(/^outcome-unknown: /);
  });

  describe('encryption', () => {
    it('is required: a server that offers none gets neither password nor mail', async () => {
      const plain = await openSmtpServer({ folder, account });
      const told = await failure(smtp.submit(submission(), settings({ port: plain.port }), context()));
      await plain.stop();

      expect(told).to.match(/^misconfigured: .*offers no encryption/);
      expect(plain.mails).to.deep.equal([]);
    });

    it('is with a server that is trusted', async () => {
      expect(await failure(smtp.check(settings({ ca: undefined }), context()))).to.match(/^misconfigured: No trusted encryption/);
      expect(await failure(smtp.check(settings({ encryption: 'tls' }), context()))).to.match(/^misconfigured: No trusted encryption/);
      await smtp.check(settings(), context());
    });

    it('is there from the first byte where that is set', async () => {
      const mails: unknown[] = [];
      const secure = createTlsServer(LOOPBACK_TLS, (socket) => {
        socket.on('error', () => undefined);
        converse(socket, { folder, account, faults: server.faults, keep: (mail) => mails.push(mail) }).then(() => socket.end(), () => socket.destroy());
      });
      await new Promise<void>((resolve) => { secure.listen(0, '127.0.0.1', resolve); });
      await smtp.submit(submission(), settings({ encryption: 'tls', port: (secure.address() as AddressInfo).port }), context());
      await new Promise((resolve) => { secure.close(resolve); });

      expect(mails).to.have.length(1);
    });
  });

  it('ends its session after each call', async () => {
    await smtp.submit(submission(), settings(), context());
    await failure(smtp.submit(submission(), settings({ password: 'another' }), context()));
    await failure(smtp.submit(submission(), settings(), context({ markSent: () => Promise.reject(new Error('the process died')) })));

    await turns(1000, () => server.connections() > 0);
    expect([server.connections(), server.mails.length]).to.deep.equal([0, 1]);
  });
});
