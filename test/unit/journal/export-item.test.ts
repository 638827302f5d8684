import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { exportItem } from '../../../src/journal/export-item.js';
import { createTimeStampClient } from '../../../src/journal/time-stamp-client.js';
import { createTimestamper } from '../../../src/journal/timestamper.js';
import { writeArchive } from '../../../src/journal/write-archive.js';
import { fakeTime } from '../../support/fake-time.js';
import { memoryJournalStore, type MemoryJournalStore } from '../../support/memory-journal-store.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { sampleAnnex, sampleItem } from '../../support/sample-item.js';
import { tempFolder } from '../../support/temp-store.js';
import { startTimeStampAuthority, type TimeStampAuthority } from '../../support/time-stamp-authority.js';

const hasTools = ['bash', 'openssl', 'sha256sum', 'tar'].every((tool) => spawnSync(tool, ['--version']).error === undefined);

describe('the export of an item', function () {
  this.timeout(60_000);
  let authority: TimeStampAuthority;
  let folder: string;
  let dispose: () => Promise<void>;
  let store: MemoryJournalStore;
  const bytes = Buffer.from('%PDF-1.4 a plan');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const item = sampleItem({ title: 'Façade', description: 'a text that stays at home', annexes: [sampleAnnex('plan.pdf', { sha256, size: bytes.length })] });

  before(async () => {
    authority = await startTimeStampAuthority();
    ({ folder, dispose } = await tempFolder());
    store = memoryJournalStore(item.authority);
    const time = fakeTime();
    const ask = createTimeStampClient({ url: authority.url, ca: authority.ca, post: async (_url, _headers, body) => ({ status: 200, body: await authority.reply(body) }) });
    const stamper = createTimestamper({ store, stamp: ask, clock: time, timer: time, logger: recordingLogger(), everyMs: 60_000 });
    store.append(...Array.from({ length: 13 }, (_, n) => ({ item: n % 3 === 0 ? item.uid : 'another', data: { n } })));
    await stamper.sealNow(item.authority);
    store.append({ item: item.uid }, { item: 'another' });
    await stamper.sealNow(item.authority);
    store.append({ item: item.uid, data: { note: 'not sealed' } });
    const archive = path.join(folder, 'export.tar.gz');
    const files = exportItem({ item, deliveries: [] }, { store, timeStampCa: authority.ca, read: () => Readable.from([bytes]) });
    await writeArchive(files, createWriteStream(archive), new Date(0));
    fs.mkdirSync(path.join(folder, 'e'));
    expect(spawnSync('tar', ['-xzf', archive, '-C', path.join(folder, 'e')]).status).to.equal(0);
    fs.writeFileSync(path.join(folder, 'ca.pem'), authority.ca);
  });
  after(async () => {
    await authority.close();
    await dispose();
  });

  function verify(change: (copy: string) => void = () => undefined): { readonly status: number | null; readonly said: string } {
    const copy = fs.mkdtempSync(path.join(folder, 'copy-'));
    fs.cpSync(path.join(folder, 'e'), copy, { recursive: true });
    change(copy);
    const { status, stdout, stderr } = spawnSync('bash', [path.join(copy, 'verify.sh'), path.join(folder, 'ca.pem')], { encoding: 'utf8' });
    return { status, said: stdout + stderr };
  }

  /** Somebody who forges keeps the list of sums right. */
  function forge(copy: string, name: string, from: string, to: string): void {
    const file = path.join(copy, name);
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(from, to));
    const list = path.join(copy, 'SHA256SUMS');
    const sum = createHash('sha256').update(fs.readFileSync(file)).digest('hex');
    fs.writeFileSync(list, fs.readFileSync(list, 'utf8').replace(new RegExp(`^[0-9a-f]+  ${name}$`, 'm'), `${sum}  ${name}`));
  }

  it('holds no text of the item, and its file by hash', () => {
    const all = fs.readdirSync(path.join(folder, 'e'), { recursive: true, encoding: 'utf8' });
    expect(all).to.include(`files/${sha256}-plan.pdf`);
    expect(fs.readFileSync(path.join(folder, 'e', 'item.json'), 'utf8')).to.include('Façade').and.not.include('stays at home');
  });

  (hasTools ? it : it.skip)('is proved by its own script, with the certificate that the reader brings', () => {
    const { status, said } = verify();
    expect(said).to.include('entries: 7').and.include('Time stamp').and.include('PROVED');
    expect(status).to.equal(0);
  });

  const forgeries: Readonly<Record<string, (copy: string) => void>> = {
    'a file that was exchanged': (copy) => fs.writeFileSync(path.join(copy, 'files', `${sha256}-plan.pdf`), 'another plan'),
    'an entry that was altered': (copy) => forge(copy, 'entries/4.json', '"n":3', '"n":4'),
    'a hash that was made to fit': (copy) => {
      forge(copy, 'entries/4.json', '"n":3', '"n":4');
      const [, previous = '', hash = ''] = fs.readFileSync(path.join(copy, 'proofs.txt'), 'utf8').split('\n')[1]!.split(' ');
      const made = createHash('sha256').update(previous + fs.readFileSync(path.join(copy, 'entries/4.json'), 'utf8')).digest('hex');
      forge(copy, 'proofs.txt', hash, made);
    },
    'a seal that was altered': (copy) => forge(copy, 'seals/00000002.json', '"to":15', '"to":16'),
    'a token of another seal': (copy) => {
      fs.copyFileSync(path.join(copy, 'seals/00000001.tst'), path.join(copy, 'seals/00000002.tst'));
      forge(copy, 'seals/00000002.tst', '', '');
    },
  };
  for (const [what, change] of Object.entries(forgeries)) {
    (hasTools ? it : it.skip)(`the script finds ${what}`, () => {
      const { status, said } = verify(change);
      expect(said).to.include('NOT PROVED').and.not.include('PROVED: nothing');
      expect(status).to.equal(1);
    });
  }
});
