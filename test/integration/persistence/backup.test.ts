import { expect } from 'chai';
import fs from 'node:fs/promises';
import path from 'node:path';
import { openBlobStore } from '../../../src/blobs/file-blob-store.js';
import { backupStore } from '../../../src/persistence/backup-store.js';
import { openStore } from '../../../src/persistence/open-store.js';
import { restoreStore, verifyBackup } from '../../../src/persistence/restore-store.js';
import { systemClock } from '../../../src/platform/clock.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { sampleAnnex } from '../../support/sample-item.js';
import { stage } from '../../support/stage-blob.js';
import { newItem, openTempStore, rejection, tempFolder, type TempStore } from '../../support/temp-store.js';

const around = { clock: systemClock, logger: recordingLogger() };

describe('backup and restore', () => {
  let store: TempStore;
  let place: Awaited<ReturnType<typeof tempFolder>>;
  let backup: string;

  beforeEach(async () => {
    store = await openTempStore();
    place = await tempFolder();
    backup = path.join(place.folder, 'backup');
  });
  afterEach(async () => {
    await store.close();
    await place.dispose();
  });

  /** An item with one annex whose bytes are in the blob folder. */
  async function accept(uid: string, text: string): Promise<string> {
    const blobs = await openBlobStore(path.join(store.folder, 'blobs', 'ville'), { shared: true });
    const staged = await stage(blobs, Buffer.from(text));
    await blobs.keep([staged]);
    const annex = sampleAnnex(`annex-${uid}`, { sha256: staged.sha256, size: staged.size });
    const item = newItem({ uid, id: uid, authority: 'ville', externalIdentifier: '', annexes: [annex] });
    await store.intake.accept({ item, history: [], flow: null, deliveries: [], journal: [{ at: store.time.at, actor: 'ged', item: uid, event: 'item.accepted', data: {} }] });
    return staged.sha256;
  }

  const make = (link = false) => backupStore({ ...around, engine: { kind: 'sqlite', folder: store.folder } }, { dataFolder: store.folder, target: backup, version: '1.0.0', link });
  const blobFile = (folder: string, sha256: string): string => path.join(folder, 'blobs/ville', sha256.slice(0, 2), sha256);

  it('has all that was answered before it began, made while items arrive, and a store opens on what is restored', async () => {
    const before: string[] = [];
    let isDone = false as boolean;
    let accepted = 0;
    for (; accepted < 40; accepted += 1) { await accept(`item-${accepted}`, `annex ${accepted}`); before.push(`item-${accepted}`); }
    const load = (async () => { for (; !isDone; accepted += 1) await accept(`item-${accepted}`, `annex ${accepted}`); })();
    await make();
    isDone = true;
    await load;
    expect((await verifyBackup(backup, around)).problems).to.deep.equal([]);

    const data = path.join(place.folder, 'data');
    const manifest = await restoreStore(backup, data, around);
    const restored = await openStore({ ...around, engine: { kind: 'sqlite', folder: data } });
    const blobs = await openBlobStore(path.join(data, 'blobs', 'ville'));
    try {
      for (const uid of before) {
        const story = await restored.history.story('ville', uid);
        expect(story, uid).to.not.equal(null);
        let text = '';
        for await (const chunk of blobs.read(story!.item.annexes[0]!.sha256)) text += String(chunk);
        expect(text).to.equal(uid.replace('item-', 'annex '));
      }
      const check = await restored.verifyJournal('ville');
      expect(check).to.deep.include({ brokenAt: null, entries: manifest.journals[0]!.entries });
      await restored.tryToWrite();
    } finally {
      await restored.close();
    }
  });

  it('keeps the blobs that are there already, and none that nobody refers to any more', async () => {
    const kept = await accept('one', 'first');
    const gone = await accept('two', 'second');
    await make();
    const { ino } = await fs.stat(blobFile(backup, kept));
    await store.retention.purge('ville', 'two', 'retention');
    await accept('three', 'third');
    const { blobs } = await make();
    expect(blobs).to.deep.include({ count: 2, missing: [] });
    expect((await fs.stat(blobFile(backup, kept))).ino).to.equal(ino);
    expect(await fs.access(blobFile(backup, gone)).then(() => 'there', () => 'gone')).to.equal('gone');
    expect((await fs.readdir(backup)).filter((name) => name.startsWith('database-'))).to.have.length(1);
    expect((await verifyBackup(backup, around)).problems).to.deep.equal([]);
  });

  it('can share the bytes of blobs with the originals', async () => {
    const sha256 = await accept('one', 'first');
    await make(true);
    expect((await fs.stat(blobFile(backup, sha256))).ino).to.equal((await fs.stat(blobFile(store.folder, sha256))).ino);
  });

  it('names what was altered or is missing, and does not restore it', async () => {
    const altered = await accept('one', 'first');
    const lost = await accept('two', 'second');
    const { database } = await make();
    await fs.writeFile(blobFile(backup, altered), 'FIRST');
    await fs.rm(blobFile(backup, lost));
    const { problems } = await verifyBackup(backup, around);
    expect(problems.join('\n')).to.include(altered).and.include(lost);
    expect(problems).to.have.length(2);
    const data = path.join(place.folder, 'data');
    expect(await rejection(restoreStore(backup, data, around))).to.include({ code: 'RELAIS_BACKUP' });
    expect(await fs.access(data).then(() => 'there', () => 'none')).to.equal('none');
    await fs.appendFile(path.join(backup, database!.folder, 'relais.sqlite'), 'x');
    expect((await verifyBackup(backup, around)).problems[0]).to.match(/relais\.sqlite: found [0-9a-f]{64}, expected SHA-256/);
  });

  it('tells of bytes that the data folder has lost, and restores the rest', async () => {
    const lost = await accept('one', 'first');
    await accept('two', 'second');
    await fs.rm(blobFile(store.folder, lost));
    expect((await make()).blobs).to.deep.include({ count: 1, missing: [`ville/${lost}`] });
    expect((await verifyBackup(backup, around)).problems).to.deep.equal([`the bytes of ville/${lost} were missing when the backup was made`]);
    expect((await restoreStore(backup, path.join(place.folder, 'data'), around)).blobs.count).to.equal(1);
  });

  it('refuses places where it would do harm', async () => {
    await accept('one', 'first');
    await make();
    expect((await rejection(restoreStore(backup, store.folder, around))).message).to.include('expected an empty folder');
    expect((await rejection(restoreStore(place.folder, path.join(place.folder, 'x'), around))).message).to.include('found no manifest.json');
    backup = path.join(store.folder, 'backup');
    expect((await rejection(make())).message).to.include('expected one of its own');
    backup = path.join(place.folder, 'other');
    await fs.mkdir(backup);
    await fs.writeFile(path.join(backup, 'letter.odt'), '');
    expect((await rejection(make())).message).to.include('found other files');
  });
});
