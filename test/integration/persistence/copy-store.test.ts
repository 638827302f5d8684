import { expect } from 'chai';
import fs from 'node:fs/promises';
import path from 'node:path';
import { openBlobStore } from '../../../src/blobs/file-blob-store.js';
import { storeCopy } from '../../../src/persistence/copy-store.js';
import { storeMigrate } from '../../../src/persistence/migrate-store.js';
import { openStore } from '../../../src/persistence/open-store.js';
import type { Store } from '../../../src/persistence/open-store.js';
import { freshDatabase } from '../../support/embedded-postgres.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { sampleAnnex } from '../../support/sample-item.js';
import { stage } from '../../support/stage-blob.js';
import { acceptDeliveries, acceptItems, claimBy, gather, newDelivery, rejection, tempFolder } from '../../support/temp-store.js';

const time = { at: Date.UTC(2027, 2, 1, 9) };
const clock = { now: () => time.at };

describe('copying a store from SQLite to PostgreSQL', () => {
  let folder: string;
  let url: string;
  let closing: (() => Promise<void>)[];
  beforeEach(async () => {
    const temp = await tempFolder();
    const database = await freshDatabase();
    folder = temp.folder;
    url = database.url;
    closing = [temp.dispose, database.drop];
  });
  afterEach(async () => { for (const close of closing) await close(); });

  const from = () => ({ engine: { kind: 'sqlite', folder }, clock, logger: recordingLogger() }) as const;
  const to = () => ({ engine: { kind: 'postgres', url, poolSize: 4, clock }, clock, logger: recordingLogger() }) as const;
  const searched = (store: Store, word: string) => gather(store.history.search('default', { text: [{ field: 'everything', query: { type: 'word', text: word } }] }, 'everything'));

  /** Something of everything. */
  async function fill(): Promise<{ readonly uids: string[]; readonly blob: string }> {
    const store = await openStore(from());
    const blobs = await openBlobStore(path.join(folder, 'blobs', 'default'));
    const blob = await stage(blobs, Buffer.from('the bytes of an annex'));
    await blobs.keep([blob]);
    const annexes = [sampleAnnex('plan.pdf', { sha256: blob.sha256, size: blob.size, confidential: true }), sampleAnnex('lost.pdf', { sha256: 'b'.repeat(64) })];
    const ends = { ...store, folder, time };
    const item = await acceptDeliveries(ends, { title: 'Réfection de la voirie', toDiscuss: false, optionalAdvisers: ['o'], annexes }, [newDelivery('a'), newDelivery('b', { position: 1, step: 'next', state: 'waiting' })]);
    const rows = await acceptItems(store, ...Array.from({ length: 450 }, (_, n) => ({ title: 'Trottoir', externalIdentifier: `x${n}`, authority: n < 3 ? 'other' : 'default' })));
    const purged = await acceptDeliveries(ends, { title: 'Secret', description: '<p>disparu</p>' }, []);
    await store.retention.purge('default', purged.uid, 'test');
    const [claimed] = await store.deliveries.claim(claimBy('one'));
    await store.deliveries.finish(claimed!.delivery, { state: 'parked', reason: 'correct it', fix: null, countsAsAttempt: true, cleared: false }, { verdict: 'unaffected' });
    await store.operations.hold('default', 'folder', 'marie', 'maintenance');
    await store.meetings.settle('default', [{ configId: 'college', id: 'm', uid: 'm1', date: 7 }]);
    await store.close();
    return { uids: [item.uid, rows.at(-1)!.uid, purged.uid], blob: blob.sha256 };
  }

  it('brings everything over, and goes on there', async () => {
    const { uids, blob } = await fill();
    const source = await openStore(from());
    const before = { stories: await Promise.all(uids.map((uid) => source.history.story('default', uid))), states: await source.operations.connectorStates(null), journal: await source.verifyJournal('default') };
    await source.close();
    const copied = await storeCopy(from(), to(), { blobs: 'database' });
    expect(copied.rows).to.include({ item: 452, annex: 2, delivery: 2, flow_version: 2, connector_state: 1, meeting: 1 });
    expect(copied.blobs).to.deep.equal({ count: 1, bytes: 21, missing: [`default/${'b'.repeat(64)}`] });
    expect(copied.journals).to.deep.equal([{ authority: 'default', entries: before.journal.entries, lastHash: before.journal.lastHash }]);

    const target = await openStore(to());
    closing.unshift(() => target.close());
    expect(await Promise.all(uids.map((uid) => target.history.story('default', uid)))).to.deep.equal(before.stories);
    expect(await target.operations.connectorStates(null)).to.deep.equal(before.states);
    expect((await searched(target, 'voirie')).map(({ title }) => title)).to.deep.equal(['Réfection de la voirie']);
    expect(await searched(target, 'trottoir')).to.have.length(447);
    expect(await searched(target, 'disparu')).to.deep.equal([]);
    expect(Buffer.concat(await gather(target.databaseBlobs!('default').read(blob) as AsyncIterable<Buffer>)).toString()).to.equal('the bytes of an annex');
    await acceptItems(target, { title: 'Trottoir' });
    await target.operations.release('default', 'folder', 'marie');
    expect(await target.operations.retry('default', { state: ['parked'] }, 'marie')).to.equal(1);
    expect(await target.deliveries.claim(claimBy('one'))).to.have.length(1);
    expect(await target.verifyJournal('default')).to.include({ brokenAt: null });
  });

  it('refuses a store in use, a target that holds something, and other engines', async () => {
    await fill();
    const running = await openStore(from());
    expect((await rejection(storeCopy(from(), to(), { blobs: 'folder' }))).code).to.equal('RELAIS_STORE_IN_USE');
    await running.close();
    await storeCopy(from(), to(), { blobs: 'folder' });
    expect((await rejection(storeCopy(from(), to(), { blobs: 'folder' }))).code).to.equal('RELAIS_STORE_COPY');
    expect((await rejection(storeCopy(to(), from(), { blobs: 'folder' }))).code).to.equal('RELAIS_STORE_COPY');
  });

  it('copies all or nothing', async () => {
    await fill();
    expect(await storeMigrate(to())).to.have.length.greaterThan(0);
    expect(await storeMigrate(to())).to.deep.equal([]);
    const spoilt = await openStore(to());
    await spoilt.door.write((manager) => manager.query('ALTER TABLE meeting ADD CONSTRAINT spoilt CHECK (date < 0)'));
    const parts: string[] = [];
    expect((await rejection(storeCopy(from(), to(), { blobs: 'folder', onProgress: (part) => parts.push(part) }))).message).to.contain('spoilt');
    expect(parts).to.include.members(['blobs', 'item', 'meeting']).and.not.include('verification');
    expect(await spoilt.history.latest('default', 1)).to.deep.equal([]);
    await spoilt.door.write((manager) => manager.query('ALTER TABLE meeting DROP CONSTRAINT spoilt'));
    await spoilt.close();
    expect((await storeCopy(from(), to(), { blobs: 'folder' })).rows['item']).to.equal(452);
  });

  it('tells bytes that were altered', async () => {
    const { blob } = await fill();
    const file = path.join(folder, 'blobs', 'default', blob.slice(0, 2), blob);
    await fs.chmod(file, 0o600);
    await fs.writeFile(file, 'other bytes');
    const { blobs } = await storeCopy(from(), to(), { blobs: 'folder' });
    expect(blobs.missing).to.include(`default/${blob}`);
  });
});
