import { expect } from 'chai';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { FolderSettings } from '../../connectors/folder/config.js';
import { fileFailure } from '../../connectors/folder/file-failure.js';
import { folder } from '../../connectors/folder/index.js';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { Misconfigured, NotSent, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { annexPath, pathElement } from '../../src/formats/item-files.js';
import { recordingLogger } from '../support/recording-logger.js';
import { sampleAnnex, sampleItem } from '../support/sample-item.js';

const bytes = Buffer.from('%PDF-1.4');
const sha256 = createHash('sha256').update(bytes).digest('hex');

const settingsOf = (folderPath: string, change: Partial<FolderSettings> = {}): FolderSettings => ({ path: folderPath, create: false, layout: 'item', roles: [], language: 'fr', ...change });
const unused = () => Promise.reject(new Error('a folder needs neither HTTP nor a place for files'));
const storeOf = (content: Buffer): ConnectorContext['blobs'] => ({ read: () => Readable.from([content]), keep: unused });

describe('the folder connector', () => {
  let root: string;
  beforeEach(async () => { root = await mkdtemp(path.join(os.tmpdir(), 'relais-folder-')); });
  afterEach(() => rm(root, { recursive: true, force: true }));

  function context(change: Partial<ConnectorContext> = {}): ConnectorContext {
    return {
      logger: recordingLogger(), clock: { now: () => Date.UTC(2027, 2, 1) }, signal: new AbortController().signal, callBackUrl: 'http://127.0.0.1:9/callbacks/town',
      blobs: storeOf(bytes), http: unused, markSent: () => Promise.resolve(), ...change,
    };
  }

  function submission(change: Partial<Submission> = {}): Submission {
    return { key: 'key-1', operation: 'deposit', item: sampleItem({ annexes: [sampleAnnex('plan.pdf', { sha256, size: bytes.length })] }), fields: {}, results: {}, ...change };
  }

  const targetOf = ({ item }: Submission) => path.join(root, item.authority, item.configId, item.uid);

  async function thrownBy(work: Promise<unknown>): Promise<unknown> {
    return work.then(() => undefined, (error: unknown) => error);
  }

  it('leaves item.json, the annexes and a manifest whose hashes are true, and no draft', async () => {
    const sent = submission();
    const receipt = await folder.submit(sent, settingsOf(root), context());

    expect(receipt).to.deep.equal({ reference: `default/${sent.item.configId}/${sent.item.uid}`, state: 'done' });
    expect((await readdir(targetOf(sent), { recursive: true })).toSorted()).to.deep.equal(['annexes', 'annexes/01-plan.pdf', 'item.json', 'manifest.json']);
    const manifest = JSON.parse(await readFile(path.join(targetOf(sent), 'manifest.json'), 'utf8')) as { key: string; files: { path: string; size: number; sha256: string }[] };
    expect(manifest.key).to.equal('key-1');
    for (const file of manifest.files) {
      const content = await readFile(path.join(targetOf(sent), file.path));
      expect({ size: content.length, sha256: createHash('sha256').update(content).digest('hex') }).to.deep.equal({ size: file.size, sha256: file.sha256 });
    }
    const item = JSON.parse(await readFile(path.join(targetOf(sent), 'item.json'), 'utf8')) as Record<string, unknown>;
    expect(item).to.deep.include({ uid: sent.item.uid, title: sent.item.title, createdAt: new Date(sent.item.createdAt).toISOString() });
    expect(item['annexes']).to.have.nested.property('[0].path', 'annexes/01-plan.pdf');
    expect(await readdir(path.join(root, '.drafts'))).to.deep.equal([]);
  });

  it('makes its folder only where the settings say so', async () => {
    const missing = path.join(root, 'new', 'outbox');
    expect(await thrownBy(folder.check(settingsOf(missing), context()))).to.be.instanceOf(Misconfigured);

    await folder.check(settingsOf(missing, { create: true }), context());
    await rm(missing, { recursive: true });
    await folder.submit(submission(), settingsOf(missing, { create: true }), context());

    expect(await readdir(missing)).to.include('default');
  });

  it('does not hide that the reader took the folder away before the receipt: unknown, never absent', async () => {
    const sent = submission();
    await folder.submit(sent, settingsOf(root), context());
    await rename(targetOf(sent), path.join(root, 'taken'));

    expect(await folder.probe(sent, settingsOf(root), context())).to.equal('unknown');
  });

  it('removes the draft that a dead process left', async () => {
    const sent = submission();
    await thrownBy(folder.submit(sent, settingsOf(root), context({ markSent: () => Promise.reject(new Error('died')) })));
    expect(await readdir(path.join(root, '.drafts', 'key-1'))).to.have.length(1);
    await folder.submit(sent, settingsOf(root), context());

    expect(await readdir(path.join(root, '.drafts'))).to.deep.equal([]);
  });

  it('does not overwrite what another delivery or a person put there', async () => {
    const sent = submission();
    await folder.submit(sent, settingsOf(root), context());
    const other = { ...sent, key: 'key-2' };
    expect(await thrownBy(folder.submit(other, settingsOf(root), context()))).to.be.instanceOf(Refused).with.property('message').that.includes('key-1');
    await writeFile(path.join(targetOf(sent), 'manifest.json'), '{');
    expect(await thrownBy(folder.submit(other, settingsOf(root), context()))).to.be.instanceOf(Refused);
    expect(await readdir(path.join(root, '.drafts'))).to.deep.equal([]);
  });

  it('leaves the outcome open when the rename fails', async () => {
    const sent = submission();
    const blocked = context({ markSent: async () => { await mkdir(path.join(targetOf(sent), 'in the way'), { recursive: true }); } });

    expect(await thrownBy(folder.submit(sent, settingsOf(root), blocked))).to.be.instanceOf(OutcomeUnknown);
  });

  it('refuses an annex that is damaged, and keeps nothing of it', async () => {
    const sent = submission();
    const damaged = context({ blobs: storeOf(Buffer.from('%PDF-1.5')) });

    expect(await thrownBy(folder.submit(sent, settingsOf(root), damaged))).to.be.instanceOf(Refused).with.property('message').that.includes('plan.pdf');
    expect(await readdir(path.join(root, '.drafts'))).to.deep.equal([]);
  });

  it('keeps hostile names inside the folder', async () => {
    const item = sampleItem({ authority: '..', configId: '../../etc', uid: 'a/b', annexes: [sampleAnnex('../../passwd', { sha256, size: bytes.length })] });
    await folder.submit(submission({ item, key: '../key' }), settingsOf(root), context());

    await access(path.join(root, '%2E.', '%2E.%2F..%2Fetc', 'a%2Fb', 'annexes', '01-%2E.%2F..%2Fpasswd'));
  });

  it('every text becomes one visible path element, and distinct texts stay distinct', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
      expect(pathElement(one)).to.match(/^[A-Za-z0-9_%-][A-Za-z0-9._%-]*$/);
      expect(pathElement(one) === pathElement(other)).to.equal(one === other);
    }));
  });

  it('shortens a long annex name before its extension', () => {
    expect(annexPath(sampleAnnex(`${'x'.repeat(300)}.pdf`), 11)).to.equal(`annexes/12-${'x'.repeat(96)}.pdf`);
  });

  it('a full disk is not sent: it is tried again', () => {
    const full = fileFailure(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }), '/srv/out');

    expect(full).to.be.instanceOf(NotSent).with.property('message', 'Nothing could be written to «/srv/out»: the disk is full.');
  });
});
