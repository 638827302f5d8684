import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import ssh2 from 'ssh2';
import type { SftpSettings } from '../../connectors/sftp/config.js';
import { sftp } from '../../connectors/sftp/index.js';
import { openSftpServer, type SftpServer } from '../../connectors/sftp/sftp-server.js';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { isFailure } from '../../src/connector-api/failures.js';
import { recordingLogger } from '../support/recording-logger.js';
import { sampleAnnex, sampleItem } from '../support/sample-item.js';

const bytes = Buffer.from('%PDF-1.4');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const account = { user: 'relais', password: 'secret of the account' };
const FAILURE = 4;
const PERMISSION_DENIED = 3;

describe('the sftp connector', () => {
  let root: string;
  let server: SftpServer;
  let keyPair: { private: string; public: string };
  before(() => { keyPair = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256, passphrase: 'open', cipher: 'aes256-ctr', rounds: 1 }); });
  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'relais-sftp-'));
    server = await openSftpServer({ root, ...account, authorizedKey: keyPair.public });
  });
  afterEach(async () => {
    await server.stop();
    await rm(root, { recursive: true, force: true });
  });

  function settings(change: Record<string, unknown> = {}): SftpSettings {
    return sftp.settings.parse({ host: '127.0.0.1', port: server.port, ...account, hostKey: server.hostKey, ...change });
  }

  function context(change: Partial<ConnectorContext> = {}): ConnectorContext {
    return {
      logger: recordingLogger(), clock: { now: () => Date.UTC(2027, 2, 1) }, signal: new AbortController().signal, callBackUrl: 'http://127.0.0.1:9/callbacks/town',
      http: () => Promise.reject(new Error('no HTTP here')), markSent: () => Promise.resolve(),
      blobs: { read: () => Readable.from([bytes]), keep: () => Promise.reject(new Error('nothing is brought back')) }, ...change,
    };
  }

  function submission(change: Partial<Submission> = {}): Submission {
    return { key: 'key-1', operation: 'deposit', item: sampleItem({ annexes: [sampleAnnex('plan.pdf', { sha256, size: bytes.length })] }), fields: {}, results: {}, ...change };
  }

  const targetOf = ({ item }: Submission) => path.join(root, item.authority, item.configId, item.uid);
  const died = { markSent: () => Promise.reject(new Error('the process died')) };

  /** `kind: message` of the failure. */
  async function failure(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.then(() => 'no failure', (thrown: unknown) => thrown);
    return isFailure(error) ? `${error.kind}: ${error.message}` : String(error);
  }

  it('leaves item.json, the annexes and a manifest whose hashes are true, and no draft', async () => {
    const sent = submission();
    const receipt = await sftp.submit(sent, settings(), context());

    expect(receipt).to.deep.equal({ reference: `default/${sent.item.configId}/${sent.item.uid}`, state: 'done' });
    expect((await readdir(targetOf(sent), { recursive: true })).toSorted()).to.deep.equal(['annexes', 'annexes/01-plan.pdf', 'item.json', 'manifest.json']);
    const manifest = JSON.parse(await readFile(path.join(targetOf(sent), 'manifest.json'), 'utf8')) as { key: string; files: { path: string; size: number; sha256: string }[] };
    expect(manifest.key).to.equal('key-1');
    for (const file of manifest.files) {
      const content = await readFile(path.join(targetOf(sent), file.path));
      expect({ size: content.length, sha256: createHash('sha256').update(content).digest('hex') }).to.deep.equal({ size: file.size, sha256: file.sha256 });
    }
    expect(await readdir(path.join(root, '.drafts'))).to.deep.equal([]);
  });

  it('tells the key of the server where the setting is missing or another, and sends nothing', async () => {
    expect(await failure(sftp.check(settings({ hostKey: undefined }), context()))).to.match(/^misconfigured: The setting hostKey is missing/).and.include(server.hostKey);
    const other = `SHA256:${'A'.repeat(43)}`;
    expect(await failure(sftp.submit(submission(), settings({ hostKey: other }), context()))).to.match(/^misconfigured: /).and.include(other).and.include(server.hostKey);
    expect(await readdir(root)).to.deep.equal([]);
  });

  it('logs in with a private key', async () => {
    const withKey = { password: undefined, privateKey: keyPair.private, passphrase: 'open' };
    await sftp.check(settings(withKey), context());

    expect(await failure(sftp.check(settings({ ...withKey, passphrase: 'shut' }), context()))).to.match(/^misconfigured: The private key cannot be read/);
    const stranger = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private;
    expect(await failure(sftp.check(settings({ password: undefined, privateKey: stranger }), context()))).to.match(/^misconfigured: .* check the user and the private key/);
  });

  it('wants a password or a key, not both', () => {
    expect(() => settings({ password: undefined })).to.throw(/one of password and privateKey/);
    expect(() => settings({ privateKey: keyPair.private })).to.throw(/one of password and privateKey/);
  });

  it('makes its folder only where the settings say so', async () => {
    expect(await failure(sftp.check(settings({ path: 'new/outbox/' }), context()))).to.equal('misconfigured: The folder «new/outbox» of the SFTP server does not exist.');
    await sftp.submit(submission(), settings({ path: 'new/outbox/', create: true }), context());

    expect(await readdir(path.join(root, 'new/outbox'))).to.include('default');
  });

  it('its check finds out that nothing may be written or renamed, and leaves nothing', async () => {
    await sftp.check(settings(), context());
    expect(await readdir(root)).to.deep.equal([]);
    server.faults.fail.set('OPEN', PERMISSION_DENIED);
    expect(await failure(sftp.check(settings(), context()))).to.match(/^misconfigured: .*may not write there/);
    server.faults.fail.clear();
    server.faults.fail.set('RENAME', FAILURE);
    expect(await failure(sftp.check(settings(), context()))).to.match(/^misconfigured: /);
  });

  it('a full disk is not sent, a forbidden folder is misconfigured, and neither leaves a draft', async () => {
    server.faults.fail.set('WRITE', FAILURE);
    expect(await failure(sftp.submit(submission(), settings(), context()))).to.match(/^not-sent: .*full disk or quota/);
    expect(await readdir(path.join(root, '.drafts'))).to.deep.equal([]);
    server.faults.fail.clear();
    server.faults.fail.set('MKDIR', PERMISSION_DENIED);
    expect(await failure(sftp.submit(submission({ key: 'key-2' }), settings(), context()))).to.match(/^misconfigured: .*may not write there/);
  });

  it('leaves the outcome open when the rename fails, and proves absence by the draft', async () => {
    const sent = submission();
    server.faults.fail.set('RENAME', FAILURE);
    expect(await failure(sftp.submit(sent, settings(), context()))).to.match(/^outcome-unknown: /);

    expect(await sftp.probe(sent, settings(), context())).to.equal('absent');
    server.faults.fail.clear();
    await sftp.submit(sent, settings(), context());
    expect(await readdir(path.join(root, '.drafts'))).to.deep.equal([]);
  });

  it('a server that is silent for too long after the mark leaves the outcome open', async () => {
    server.faults.rename = 'hangs';
    expect(await failure(sftp.submit(submission(), settings({ timeoutMs: 150 }), context()))).to.match(/^outcome-unknown: /);
  });

  it('does not hide that the reader took the folder away before the receipt: unknown, never absent', async () => {
    const sent = submission();
    await sftp.submit(sent, settings(), context());
    await rename(targetOf(sent), path.join(root, 'taken'));

    expect(await sftp.probe(sent, settings(), context())).to.equal('unknown');
  });

  it('does not overwrite what another delivery or a person put there', async () => {
    const sent = submission();
    await sftp.submit(sent, settings(), context());
    const other = { ...sent, key: 'key-2' };
    expect(await failure(sftp.submit(other, settings(), context()))).to.match(/^refused: .*key-1/);
    await writeFile(path.join(targetOf(sent), 'manifest.json'), '{');
    expect(await failure(sftp.submit(other, settings(), context()))).to.match(/^refused: .*not a delivery/);
    await rm(targetOf(sent), { recursive: true });
    const inTheWay = context({ markSent: async () => { await mkdir(targetOf(sent)); } });
    expect(await failure(sftp.submit(other, settings(), inTheWay))).to.match(/^outcome-unknown: /);
    expect(await readdir(targetOf(sent))).to.deep.equal([]);
  });

  it('removes the drafts that a dead process left', async () => {
    const sent = submission();
    await failure(sftp.submit(sent, settings(), context(died)));
    await failure(sftp.submit(sent, settings(), context(died)));
    expect(await readdir(path.join(root, '.drafts', 'key-1'))).to.have.length(1);
    await sftp.submit(sent, settings(), context());

    expect(await readdir(path.join(root, '.drafts'))).to.deep.equal([]);
  });

  it('keeps hostile names inside the folder', async () => {
    const item = sampleItem({ authority: '..', configId: '../../etc', uid: 'a/b', annexes: [sampleAnnex('../../passwd', { sha256, size: bytes.length })] });
    await sftp.submit(submission({ item, key: '../key' }), settings(), context());

    await access(path.join(root, '%2E.', '%2E.%2F..%2Fetc', 'a%2Fb', 'annexes', '01-%2E.%2F..%2Fpasswd'));
  });

  it('writes an annex of many pieces as it is', async () => {
    const large = Buffer.from(Array.from({ length: 300_000 }, (_value, index) => index % 251));
    const annex = sampleAnnex('large.bin', { sha256: createHash('sha256').update(large).digest('hex'), size: large.length });
    const sent = submission({ item: sampleItem({ annexes: [annex] }) });
    await sftp.submit(sent, settings(), context({ blobs: { ...context().blobs, read: () => Readable.from([large.subarray(0, 100_000), large.subarray(100_000)]) } }));

    expect((await readFile(path.join(targetOf(sent), 'annexes/01-large.bin'))).equals(large)).to.equal(true);
  });

  it('what is no SSH server, or not there, is not sent to', async () => {
    const deaf = createServer((socket) => { socket.on('error', () => undefined).resume().end('220 mail.example ESMTP\r\n'); });
    await new Promise<void>((resolve) => { deaf.listen(0, '127.0.0.1', resolve); });
    expect(await failure(sftp.submit(submission(), settings({ port: (deaf.address() as AddressInfo).port, timeoutMs: 500 }), context()))).to.match(/^not-sent: .*could not be reached/);
    await new Promise((resolve) => { deaf.close(resolve); });
    await server.stop();
    expect(await failure(sftp.submit(submission(), settings(), context()))).to.match(/^not-sent: .*ECONNREFUSED/);
  });

  it('ends its session after each call', async () => {
    await sftp.submit(submission(), settings(), context());
    await failure(sftp.submit(submission(), settings({ password: 'another' }), context()));
    await failure(sftp.submit(submission({ key: 'key-3' }), settings(), context(died)));

    for (let turn = 0; server.connections() > 0 && turn < 1000; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
    expect(server.connections()).to.equal(0);
  });
});
