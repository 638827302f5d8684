import { expect } from 'chai';
import fs from 'node:fs/promises';
import path from 'node:path';
import { RelaisError } from '../../../src/errors.js';
import { DAY, sampleDeposit, watchRig, type RigOptions, type WatchRig } from '../../support/deposit-rig.js';
import { memoryBlobStore } from '../../support/memory-blob-store.js';
import { pesFile } from '../../support/pes-file.js';
import { tempFolder } from '../../support/temp-store.js';

const PES = pesFile({ nomFic: 'FLUX_1' });

describe('a watched folder', () => {
  let root: string;
  let dispose: () => Promise<void>;
  let rig: WatchRig | undefined;
  beforeEach(async () => { ({ folder: root, dispose } = await tempFolder()); });
  afterEach(async () => { await rig?.stop(); await dispose(); });

  async function watch(options: RigOptions = {}): Promise<WatchRig> {
    rig = await watchRig(root, options);
    return rig;
  }
  const documents = (change: RigOptions = {}): RigOptions => ({ ...change, parts: { deposit: sampleDeposit({ kind: 'document' }), ...change.parts } });

  it('makes an item of a PES that is complete, and puts it away', async () => {
    const { intake, blobs, settle, drop, names, taken } = await watch();
    await drop('flux.xml', PES);
    await settle();

    expect(taken).to.deep.equal(['received']);
    expect(await names()).to.deep.equal(['processed']);
    expect(await names(`processed/${DAY}`)).to.deep.equal(['flux.xml']);
    const [{ item, journal }] = intake.submissions as [typeof intake.submissions[number]];
    expect(item).to.deep.include({ kind: 'pes', title: 'PES FLUX_1', externalIdentifier: 'FLUX_1', creator: 'compta', source: 'finance', reviewState: 'itemcreated' });
    expect(item.extra).to.include({ nomFic: 'FLUX_1', signature: 'none', slipCount: 1 });
    expect(item.annexes.map(({ filename, mediaType, size }) => ({ filename, mediaType, size }))).to.deep.equal([{ filename: 'flux.xml', mediaType: 'application/xml', size: PES.length }]);
    expect(journal?.[0]).to.deep.include({ event: 'item.deposited', data: { deposit: 'finances', way: 'folder', files: ['flux.xml'] } });
    expect([blobs.staged, blobs.openWriters]).to.deep.equal([[], 0]);
  });

  it('half-written: a file that still grows is left alone, however old its date is', async () => {
    const { intake, look, settle, drop } = await watch();
    await drop('flux.xml', PES.subarray(0, 1000));
    await fs.utimes(path.join(root, 'flux.xml'), 0, 0);
    await look();
    await look();
    await drop('flux.xml', PES.subarray(0, 2000));
    await look();
    await look();
    await drop('flux.xml', PES);
    await look();
    expect(intake.submissions).to.have.length(0);
    await settle();
    expect(intake.submissions).to.have.length(1);
  });

  it('foreign: a name in ISO-8859-1 is told once, and counts as waiting until it is renamed', async function () {
    const { log, settle, names, figures } = await watch();
    const given = Buffer.concat([Buffer.from(`${root}/d`), Buffer.from([0xe9]), Buffer.from('penses.xml')]);
    // file systems of some machines take no such name
    await fs.writeFile(given, PES).catch(() => { this.skip(); });
    await settle();
    await settle();
    expect(figures.at(-1)).to.deep.equal({ isUp: true, waiting: 1 });
    expect(log.lines.filter(({ message }) => message.includes('not written in UTF-8')).map(({ fields }) => fields)).to.deep.equal([{ file: 'd\uFFFDpenses.xml' }]);
    await fs.rename(given, path.join(root, 'dépenses.xml'));
    await settle();
    expect([await names(`processed/${DAY}`), figures.at(-1)?.waiting]).to.deep.equal([['dépenses.xml'], 0]);
  });

  it('names of what is not finished, hidden and lock files are passed over', async () => {
    const { intake, settle, drop, names } = await watch(documents());
    const unfinished = ['.hidden', 'flux.xml.part', 'flux.tmp', '~$flux.docx', 'flux.xml.filepart', 'Thumbs.db', '.flux.xml.swp', 'flux.lck', 'flux.xml~', 'flux.xml.reason.txt'];
    for (const name of unfinished) await drop(name, PES);
    await settle();
    expect([intake.submissions.length, await names()]).to.deep.equal([0, unfinished.toSorted()]);
  });

  it('renamed in between: the new name is another file, and it is taken once', async () => {
    const { intake, look, settle, drop, names } = await watch();
    await drop('draft.xml', PES);
    await look();
    await look();
    await fs.rename(path.join(root, 'draft.xml'), path.join(root, 'flux.xml'));
    await settle();
    expect([intake.submissions.length, await names(`processed/${DAY}`)]).to.deep.equal([1, ['flux.xml']]);
  });

  it('links, folders and pipes are not followed', async () => {
    const { intake, settle, names } = await watch(documents());
    await fs.mkdir(path.join(root, 'folder'));
    await fs.writeFile(path.join(root, 'folder', 'inside.pdf'), 'x');
    await fs.symlink('/etc/passwd', path.join(root, 'link.pdf'));
    await settle();
    expect([intake.submissions.length, await names()]).to.deep.equal([0, ['folder', 'link.pdf']]);
  });

  it('a link that takes the place of a file between the look and the reading is not followed', async () => {
    const secret = path.join(root, '.secret');
    await fs.writeFile(secret, 'secret');
    const { intake, settle, drop } = await watch(documents({
      disk: {
        async open(file, ...rest) {
          if (String(file).endsWith('flux.pdf')) { await fs.rm(file); await fs.symlink(secret, file); }
          return await fs.open(file, ...rest);
        },
      },
    }));
    await drop('flux.pdf', 'content');
    await settle();
    expect(intake.submissions).to.have.length(0);
  });

  it('the same bytes again: put away as received before, no second item', async () => {
    const { intake, settle, drop, names, text, taken } = await watch();
    await drop('flux.xml', PES);
    await settle();
    await drop('copie.xml', PES);
    await settle();

    expect(taken).to.deep.equal(['received', 'already-received']);
    expect(intake.submissions).to.have.length(1);
    expect(await names(`processed/${DAY}`)).to.deep.equal(['copie.xml', 'copie.xml.reason.txt', 'flux.xml']);
    expect(await text(`processed/${DAY}/copie.xml.reason.txt`)).to.equal(`copie.xml: already received as item ${intake.submissions[0]!.item.uid}. No second item was made.\r\n`);
  });

  it('a sub-second double drop: two names, the same bytes, one item', async () => {
    const { intake, settle, drop, names } = await watch();
    await Promise.all([drop('a.xml', PES), drop('b.xml', PES)]);
    await settle();
    expect([intake.submissions.length, await names()]).to.deep.equal([1, ['processed']]);
  });

  it('a sub-second double drop: another file under the name while the first is taken is not lost', async () => {
    const other = pesFile({ nomFic: 'FLUX_2' });
    const { intake, settle, drop, names } = await watch({
      disk: {
        async rename(from, to) {
          if (intake.submissions.length === 1 && String(to).endsWith(`${DAY}/flux.xml`)) await fs.writeFile(from, other);
          await fs.rename(from, to);
        },
      },
    });
    await drop('flux.xml', PES);
    await settle();
    await settle();
    expect(intake.submissions.map(({ item }) => item.title)).to.deep.equal(['PES FLUX_1', 'PES FLUX_2']);
    expect(await names()).to.deep.equal(['processed']);
  });

  it('the same NomFic with other content: put with the errors, with the item that has the name', async () => {
    const { intake, settle, drop, names, text } = await watch();
    await drop('flux.xml', PES);
    await settle();
    await drop('flux.xml', pesFile({ nomFic: 'FLUX_1', slips: 3 }));
    await settle();

    expect(intake.submissions).to.have.length(1);
    expect(await names('errors')).to.deep.equal(['flux.xml', 'flux.xml.reason.txt']);
    expect(await text('errors/flux.xml.reason.txt')).to.include(`Another flow with the name FLUX_1 was received as item ${intake.submissions[0]!.item.uid}`);
  });

  it('UTF-8 PES: put with the errors, with place, line and rule in French', async () => {
    const { blobs, intake, settle, drop, text } = await watch({ parts: { language: 'fr' } });
    await drop('flux.xml', pesFile({ nomFic: 'FLUX_1', encoding: 'UTF-8' }));
    await settle();

    const reason = await text('errors/flux.xml.reason.txt');
    expect(reason).to.match(/^flux\.xml n'a pas été accepté\.\r\nCe n'est pas un flux PES que le Trésor accepterait\.\r\n\r\n- .*ISO-8859-1.*\[A6\.2\]\r\n/);
    expect([intake.submissions.length, blobs.staged.length, blobs.openWriters]).to.deep.equal([0, 0, 0]);
  });

  const foreign: [string, string | Buffer, RegExp][] = [
    ['an empty file', '', /A6\.1/],
    ['HTML', '<!DOCTYPE html><html><body>Connexion</body></html>', /A6\./],
    ['a PES_ACQUIT', '<?xml version="1.0" encoding="ISO-8859-1"?><n:PES_ACQUIT xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2"/>', /A6\.4/],
    ['bytes that are no text', Buffer.alloc(4096, 7), /A6\./],
    ['half a PES', PES.subarray(0, PES.length / 2), /A6\.3/],
  ];
  for (const [what, content, rule] of foreign) {
    it(`foreign: ${what} goes to the errors with its reason`, async () => {
      const { intake, settle, drop, names, text } = await watch();
      await drop('flux.xml', content);
      await settle();
      expect([intake.submissions.length, await names('errors')]).to.deep.equal([0, ['flux.xml', 'flux.xml.reason.txt']]);
      expect(await text('errors/flux.xml.reason.txt')).to.match(rule);
    });
  }

  it('foreign: a file that stays unreadable goes to the errors, after the time in which a writer may hold it', async () => {
    const { intake, look, settle, drop, names, text } = await watch({ disk: { open: (file, ...rest) => (String(file).endsWith('held.xml') ? Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES' })) : fs.open(file, ...rest)) } });
    await drop('held.xml', PES);
    await drop('flux.xml', pesFile({ nomFic: 'FLUX_2' }));
    await settle();
    expect([intake.submissions.length, await names()]).to.deep.equal([1, ['held.xml', 'processed']]);
    await look(61_000);
    expect(await names('errors')).to.deep.equal(['held.xml', 'held.xml.reason.txt']);
    expect(await text('errors/held.xml.reason.txt')).to.include('The file cannot be read: EACCES.');
  });

  for (const code of ['EIO', 'EACCES']) {
    it(`foreign: a file that opens and cannot be read (${code}) keeps no other file waiting`, async () => {
      const failing: typeof fs.open = async (file, ...rest) => {
        const handle = await fs.open(file, ...rest);
        if (String(file).endsWith('a-bad.xml')) handle.read = () => Promise.reject(Object.assign(new Error(code), { code }));
        return handle;
      };
      const { intake, look, settle, drop, names, text, figures } = await watch({ disk: { open: failing } });
      await drop('a-bad.xml', PES);
      for (let number = 0; number < 40; number += 1) await drop(`flux-${number}.xml`, pesFile({ nomFic: `FLUX_${number}` }));
      await settle();
      expect([intake.submissions.length, await names(), figures.at(-1)]).to.deep.equal([40, ['a-bad.xml', 'processed'], { isUp: true, waiting: 1 }]);
      await look(61_000);
      expect(await text('errors/a-bad.xml.reason.txt')).to.include(`The file cannot be read: ${code}.`);
    });
  }

  it('a file that another program holds while it is put away stays, is told once, and keeps no other file waiting', async () => {
    let held = true;
    const { intake, settle, look, drop, names, log, taken } = await watch({ disk: { rename: (from, to) => (held && String(from).endsWith('held.xml') ? Promise.reject(Object.assign(new Error('EBUSY'), { code: 'EBUSY' })) : fs.rename(from, to)) } });
    await drop('held.xml', 'no PES');
    await drop('flux.xml', PES);
    await settle();
    await look(60_000);
    expect([taken, await names(), await names('errors'), log.lines.filter(({ level }) => level === 'warn').length]).to.deep.equal([['received'], ['errors', 'held.xml', 'processed'], [], 1]);
    held = false;
    await look(60_000);
    expect([intake.submissions.length, await names('errors')]).to.deep.equal([1, ['held.xml', 'held.xml.reason.txt']]);
  });

  it('an item that was made counts as received, though its file cannot be put away at once', async () => {
    let held = true;
    const { settle, look, drop, names, taken } = await watch({ disk: { rename: (from, to) => (held ? Promise.reject(Object.assign(new Error('EBUSY'), { code: 'EBUSY' })) : fs.rename(from, to)) } });
    await drop('flux.xml', PES);
    await settle();
    expect([taken, await names()]).to.deep.equal([['received'], ['flux.xml', 'processed']]);
    held = false;
    await look(61_000);
    expect([taken, await names()]).to.deep.equal([['received', 'already-received'], ['processed']]);
  });

  it('names that are taken in processed and in errors get a number', async () => {
    const { settle, drop, names } = await watch();
    for (const [name, nomFic] of [['flux.xml', 'A'], ['flux.xml', 'B'], ['flux.xml', 'C']] as const) {
      await drop(name, pesFile({ nomFic }));
      await drop('faux.xml', nomFic);
      await settle();
    }
    expect(await names(`processed/${DAY}`)).to.deep.equal(['flux-2.xml', 'flux-3.xml', 'flux.xml']);
    expect(await names('errors')).to.deep.equal(['faux-2.xml', 'faux-2.xml.reason.txt', 'faux-3.xml', 'faux-3.xml.reason.txt', 'faux.xml', 'faux.xml.reason.txt']);
  });

  it('names as long as the file system takes are put away, with a number and a reason', async () => {
    const name = `${'é'.repeat(125)}.xml`;
    const { settle, drop, names } = await watch();
    for (const content of ['a', 'b']) {
      await drop(name, content);
      await settle();
    }
    const found = await names('errors');
    expect(found).to.have.length(4).and.satisfy((all: string[]) => all.every((one) => Buffer.byteLength(one) <= 255) && all.filter((one) => one.endsWith('.xml.reason.txt')).length === 2);
  });

  it('restart in the middle: what was accepted and not moved is found to be received, and moved', async () => {
    const { intake, settle, drop, names } = await watch({ disk: { rename: (from, to) => (intake.submissions.length === 1 && failures > 0 ? (failures -= 1, Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))) : fs.rename(from, to)) } });
    let failures = 1;
    await drop('flux.xml', PES);
    await settle();
    await settle();
    expect([intake.submissions.length, await names(), await names(`processed/${DAY}`)]).to.deep.equal([1, ['processed'], ['flux.xml', 'flux.xml.reason.txt']]);
  });

  it('two processes that watch one folder make one item of each file', async () => {
    const first = await watch();
    const second = await watchRig(root, { parts: { intake: first.intake } });
    for (let flow = 0; flow < 20; flow += 1) await first.drop(`flux-${flow}.xml`, pesFile({ nomFic: `FLUX_${flow}` }));
    for (let looks = 0; looks < 6; looks += 1) await Promise.all([first.look(), second.look()]);
    await second.stop();
    expect(first.intake.submissions).to.have.length(20);
    expect(await first.names()).to.deep.equal(['processed']);
    expect((await first.names(`processed/${DAY}`)).filter((name) => !name.endsWith('.reason.txt'))).to.have.length(20);
    expect([...first.log.lines, ...second.log.lines].filter(({ level }) => level === 'error' || level === 'warn')).to.deep.equal([]);
  });

  it('a share that disappears is told once, tried again at each look, and taken up by itself', async () => {
    const { intake, look, settle, drop, log, figures } = await watch();
    const away = `${root}-away`;
    await fs.rename(root, away);
    await look();
    await look();
    expect(figures.at(-1)).to.deep.equal({ isUp: false, waiting: 0 });
    expect(log.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields['reason'])).to.deep.equal(['it is not there; is the share mounted?']);
    await fs.rename(away, root);
    await drop('flux.xml', PES);
    await settle();
    expect([intake.submissions.length, figures.at(-1)?.isUp]).to.deep.equal([1, true]);
    expect(log.lines.filter(({ level }) => level === 'warn')).to.have.length(1);
  });

  it('while Relais cannot keep anything, files wait where they are', async () => {
    const { intake, settle, look, drop, names, figures } = await watch();
    intake.failure = new RelaisError('RELAIS_STORE_UNAVAILABLE', 'full');
    await drop('flux.xml', PES);
    await settle();
    expect([await names(), figures.at(-1)?.isUp]).to.deep.equal([['flux.xml'], false]);
    intake.failure = null;
    await look();
    expect(intake.submissions).to.have.length(1);
  });

  it('while the disk is full, no file stays open', async () => {
    const full = (): Promise<never> => Promise.reject(new RelaisError('RELAIS_BLOB_UNAVAILABLE', 'full'));
    const blobs = { ...memoryBlobStore(), create: () => ({ write: full, finish: full, abort: () => Promise.resolve() }) };
    const handles: fs.FileHandle[] = [];
    const { settle, drop, names } = await watch({ parts: { blobs }, disk: { open: async (...given) => {
      const handle = await fs.open(...given);
      handles.push(handle);
      return handle;
    } } });
    await drop('flux.xml', PES);
    await settle();
    expect([handles.length > 0, handles.filter(({ fd }) => fd >= 0).length, await names()]).to.deep.equal([true, 0, ['flux.xml']]);
  });

  it('a failure that nobody foresaw concerns its file alone, and is tried again later', async () => {
    const { intake, settle, look, drop, names, log } = await watch();
    intake.failure = new Error('a mistake of ours');
    await drop('flux.xml', PES);
    await settle();
    expect(log.lines.filter(({ level }) => level === 'error')).to.have.length(1);
    intake.failure = null;
    await look(60_000);
    expect([intake.submissions.length, await names()]).to.deep.equal([1, ['processed']]);
  });

  it('a marker says when a file is complete, and goes where it goes', async () => {
    const { intake, settle, drop, names } = await watch({ folder: { marker: '.ok' } });
    await drop('flux.xml', PES);
    await settle();
    expect(intake.submissions).to.have.length(0);
    await drop('flux.xml.ok', '');
    await settle();
    expect([intake.submissions.length, await names(), await names(`processed/${DAY}`)]).to.deep.equal([1, ['processed'], ['flux.xml', 'flux.xml.ok']]);
  });

  it('removes processed files of days that are over, and nothing else', async () => {
    await fs.mkdir(path.join(root, 'processed', '2027-01-01'), { recursive: true });
    await fs.mkdir(path.join(root, 'processed', '2027-02-28'));
    await fs.mkdir(path.join(root, 'processed', 'mine'));
    const { names } = await watch({ folder: { keepProcessedDays: 30 } });
    expect(await names('processed')).to.deep.equal(['2027-02-28', 'mine']);
  });

  it('puts away on another file system by a copy that appears whole', async () => {
    const { settle, drop, names, text } = await watch({ disk: { rename: (from, to) => (path.dirname(String(from)) === root ? Promise.reject(Object.assign(new Error('EXDEV'), { code: 'EXDEV' })) : fs.rename(from, to)) } });
    await drop('flux.xml', PES);
    await settle();
    expect([await names(), await names(`processed/${DAY}`), (await text(`processed/${DAY}/flux.xml`)).length]).to.deep.equal([['processed'], ['flux.xml'], PES.length]);
  });

  it('a file over the limit is refused without being read', async () => {
    const { settle, drop, text } = await watch({ parts: { deposit: sampleDeposit({ maxBytes: 100 }) }, disk: { open: () => Promise.reject(new Error('it was read')) } });
    await drop('flux.xml', PES);
    await settle();
    expect(await text('errors/flux.xml.reason.txt')).to.include('larger than 100 bytes');
  });
});
