import { expect } from 'chai';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { FolderSettings } from '../../connectors/folder/config.js';
import { folder } from '../../connectors/folder/index.js';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { recordingLogger } from '../support/recording-logger.js';
import { sampleAnnex, sampleItem } from '../support/sample-item.js';
import { rejection, tempFolder } from '../support/temp-store.js';

const ACQUIT = Buffer.from('<n:PES_ACQUIT/>');
const acquit = (name = 'PES_ACQUIT_FLUX_1.xml') => sampleAnnex(name, { filename: name, sha256: createHash('sha256').update(ACQUIT).digest('hex'), size: ACQUIT.length, role: 'acknowledgement' });
const flow = sampleAnnex('flux.xml', { filename: 'flux.xml' });
const unused = () => Promise.reject(new Error('a folder needs neither HTTP nor a place for files'));

describe('the folder connector, layout files: the acknowledgement goes back to the finance software', () => {
  let root: string;
  let dispose: () => Promise<void>;
  beforeEach(async () => { ({ folder: root, dispose } = await tempFolder()); });
  afterEach(() => dispose());

  const settings = (change: Partial<FolderSettings> = {}): FolderSettings => ({ path: root, create: false, layout: 'files', roles: ['acknowledgement'], language: 'fr', ...change });
  function context(change: Partial<ConnectorContext> = {}): ConnectorContext {
    return {
      logger: recordingLogger(), clock: { now: () => Date.UTC(2027, 2, 1) }, signal: new AbortController().signal, callBackUrl: 'http://127.0.0.1:9/callbacks/town',
      blobs: { read: () => Readable.from([ACQUIT]), keep: unused }, http: unused, markSent: () => Promise.resolve(), ...change,
    };
  }
  const submission = (change: Partial<Submission> = {}): Submission => ({ key: 'key-1', operation: 'deposit', item: sampleItem({ title: 'PES FLUX_1', annexes: [flow, acquit()] }), fields: {}, results: {}, ...change });
  const visible = async (): Promise<string[]> => (await fs.readdir(root)).filter((name) => !name.startsWith('.')).toSorted();

  it('writes the files of its roles under the names as they came, and nothing else that is seen', async () => {
    const receipt = await folder.submit(submission(), settings(), context());
    expect(receipt).to.deep.equal({ reference: 'PES_ACQUIT_FLUX_1.xml', state: 'done' });
    expect([await visible(), await fs.readFile(path.join(root, 'PES_ACQUIT_FLUX_1.xml'))]).to.deep.equal([['PES_ACQUIT_FLUX_1.xml'], ACQUIT]);
    expect(await fs.readdir(path.join(root, '.drafts'))).to.deep.equal([]);
  });

  it('the same key again gives no second file, though the reader took the first away', async () => {
    await folder.submit(submission(), settings(), context());
    await fs.rm(path.join(root, 'PES_ACQUIT_FLUX_1.xml'));
    await folder.submit(submission(), settings(), context());
    expect([await visible(), await folder.probe(submission(), settings(), context())]).to.deep.equal([[], { found: { reference: 'PES_ACQUIT_FLUX_1.xml', state: 'done' } }]);
  });

  it('a name that is taken gets a number; nothing is overwritten', async () => {
    await fs.writeFile(path.join(root, 'PES_ACQUIT_FLUX_1.xml'), 'of another');
    await folder.submit(submission(), settings(), context());
    expect([await visible(), await fs.readFile(path.join(root, 'PES_ACQUIT_FLUX_1.xml'), 'utf8')]).to.deep.equal([['PES_ACQUIT_FLUX_1-2.xml', 'PES_ACQUIT_FLUX_1.xml'], 'of another']);
  });

  it('a rejection of one slip writes the acknowledgement and says why beside it, all lines of it', async () => {
    const results = { tdt: { reference: '42', state: 'rejected', reason: 'Rejeté en partie.\nBordereau 7', fields: { summary: 'Rejeté en partie : 1 élément sur 3.', rejected: ['Bordereau 7 : montant', 'Bordereau 9 : doublon'] } } };
    await folder.submit(submission({ results }), settings(), context());
    expect(await visible()).to.deep.equal(['PES_ACQUIT_FLUX_1.xml', 'PES_ACQUIT_FLUX_1.xml.reason.txt']);
    expect(await fs.readFile(path.join(root, 'PES_ACQUIT_FLUX_1.xml.reason.txt'), 'utf8')).to.equal('PES FLUX_1 : rejeté.\r\nRejeté en partie : 1 élément sur 3.\r\n- Bordereau 7 : montant\r\n- Bordereau 9 : doublon\r\n');
  });

  it('a rejection before the treasury has no acknowledgement: the reason alone, named after the flow', async () => {
    const results = { signature: { reference: '1', state: 'rejected', reason: 'Montant inexact.', fields: {} } };
    await folder.submit(submission({ item: sampleItem({ title: 'PES FLUX_1', annexes: [flow] }), results }), settings({ language: 'en' }), context());
    expect([await visible(), await fs.readFile(path.join(root, 'flux.xml.reason.txt'), 'utf8')]).to.deep.equal([['flux.xml.reason.txt'], 'PES FLUX_1: rejected.\r\nMontant inexact.\r\n']);
  });

  it('an item without such a file, and that nobody rejected, is refused', async () => {
    const error = await rejection(folder.submit(submission({ item: sampleItem({ annexes: [flow] }) }), settings(), context()));
    expect(error).to.be.instanceOf(Refused).with.property('message').that.includes('acknowledgement');
  });

  it('a crash between the mark and the end goes on with what is left, and gives no file twice', async () => {
    const two = submission({ item: sampleItem({ annexes: [acquit('a.xml'), acquit('b.xml')] }) });
    await rejection(folder.submit(two, settings(), context({ markSent: () => Promise.reject(new Error('killed')) })));
    expect(await folder.probe(two, settings(), context())).to.equal('absent');
    const drafts = path.join(root, '.drafts', 'key-1');
    // the first was given, the second had both its names when the crash came
    await fs.rename(path.join(drafts, '0'), path.join(root, 'a.xml'));
    await fs.link(path.join(drafts, '1'), path.join(root, 'b.xml'));
    await folder.submit(two, settings(), context());
    expect(await visible()).to.deep.equal(['a.xml', 'b.xml']);
  });

  it('drafts that were not complete are written again', async () => {
    await fs.mkdir(path.join(root, '.drafts', 'key-1'), { recursive: true });
    await fs.writeFile(path.join(root, '.drafts', 'key-1', '0'), 'half');
    await folder.submit(submission(), settings(), context());
    expect(await fs.readFile(path.join(root, 'PES_ACQUIT_FLUX_1.xml'))).to.deep.equal(ACQUIT);
  });

  it('when drafts and note are gone, nobody knows: unknown, never absent', async () => {
    expect(await folder.probe(submission(), settings(), context())).to.equal('unknown');
  });

  it('leaves the outcome open when the folder goes away after the mark', async () => {
    const gone = context({ markSent: () => fs.rm(root, { recursive: true }) });
    expect(await rejection(folder.submit(submission(), settings(), gone))).to.be.instanceOf(OutcomeUnknown);
    await fs.mkdir(root);
  });

  it('hostile names stay inside, and are seen', async () => {
    await folder.submit(submission({ item: sampleItem({ annexes: [acquit('../../.profile')] }) }), settings(), context());
    expect(await visible()).to.deep.equal(['_profile']);
  });
});
