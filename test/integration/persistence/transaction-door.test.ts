import Sqlite from 'better-sqlite3';
import { expect } from 'chai';
import path from 'node:path';
import { DataSource } from 'typeorm';
import { RelaisError } from '../../../src/errors.js';
import { databaseFile, sqliteEngine } from '../../../src/persistence/sqlite-dialect.js';
import { openDoor } from '../../../src/persistence/transaction-door.js';
import type { DoorSettings } from '../../../src/persistence/transaction-door.js';
import { notesOf } from '../../../src/persistence/transaction-notes.js';
import { acceptItems, newItem, openTempStore, rejection, tempFolder } from '../../support/temp-store.js';
import { turns } from '../../support/fake-time.js';

async function notes(): Promise<{ source: DataSource; kept: () => Promise<string[]>; close: () => Promise<void> }> {
  const { folder, dispose } = await tempFolder();
  const source = new DataSource({ type: 'better-sqlite3', database: path.join(folder, 'notes.sqlite'), enableWAL: true });
  await source.initialize();
  await source.query('CREATE TABLE note (text TEXT PRIMARY KEY)');
  await source.query('CREATE TABLE meeting (date INTEGER)');
  return {
    source,
    kept: async () => (await source.query<{ text: string }[]>('SELECT text FROM note ORDER BY text')).map(({ text }) => text),
    close: async () => { await source.destroy(); await dispose(); },
  };
}

const ADD = 'INSERT INTO note VALUES (?)';

/** A door over tables that are not Relais's. */
function doorTo(source: DataSource, change: Partial<DoorSettings> & { readonly makeDurable?: () => Promise<void> } = {}) {
  const { makeDurable = () => Promise.resolve(), writeNotes = () => Promise.resolve() } = change;
  return openDoor({ engine: { ...sqliteEngine(source, source), makeDurable }, writeNotes });
}

describe('the transaction door', () => {
  it('without it, a committed transaction and a plain insert vanish when a neighbour rolls back', async () => {
    const { source, kept, close } = await notes();
    let fail = (): void => undefined;
    const failing = new Promise<void>((_, reject) => { fail = () => { reject(new Error('on purpose')); }; });
    const neighbour = source.transaction(async (manager) => {
      await manager.query(ADD, ['neighbour']);
      await failing;
    }).catch(() => 'rolled back');
    await turns(2);
    const committed = await source.transaction((manager) => manager.query(ADD, ['committed']).then(() => 'committed'));
    await source.query(ADD, ['plain']);
    fail();
    expect([await neighbour, committed]).to.deep.equal(['rolled back', 'committed']);
    expect(await kept(), 'both reported success and are lost').to.deep.equal([]);
    await close();
  });

  it('with it, each work stands or falls alone, in one commit', async () => {
    const { source, kept, close } = await notes();
    const door = doorTo(source);
    const outcomes = await Promise.allSettled([
      door.write((manager) => manager.query(ADD, ['first'])),
      door.write(async (manager) => {
        await manager.query(ADD, ['undone']);
        throw new Error('on purpose');
      }),
      door.write((manager) => manager.query(ADD, ['first'])),
      door.write((manager) => manager.query(ADD, ['last'])),
    ]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(await kept()).to.deep.equal(['first', 'last']);
    await door.close();
    await close();
  });

  it('commits together what arrives together, at most 64 works a commit', async () => {
    const { source, close } = await notes();
    const door = doorTo(source);
    const statements: string[] = [];
    const runner = source.createQueryRunner();
    const query = runner.query.bind(runner);
    runner.query = ((sql: string, ...rest: []) => { statements.push(sql); return query(sql, ...rest); }) as typeof runner.query;
    await Promise.all(Array.from({ length: 130 }, (_, index) => door.write((manager) => manager.query(ADD, [`note ${index}`]))));
    expect(statements.filter((sql) => sql === 'COMMIT')).to.have.length(3);
    await door.close();
    await close();
  });

  it('writes what was noted before the commit, without that of works that failed, and loses all of the batch if it cannot', async () => {
    const { source, kept, close } = await notes();
    const door = doorTo(source, { writeNotes: async (manager, { due }) => {
      for (const at of due) if (at < 0) throw new Error('on purpose'); else await manager.query(ADD, [`note ${at}`]);
    } });
    const note = (at: number, then: () => Promise<unknown> = () => Promise.resolve()) => door.write((manager) => { notesOf(manager).due.push(at); return then(); });
    await Promise.allSettled([note(1), note(2, () => Promise.reject(new Error('on purpose'))), note(3)]);
    const outcomes = await Promise.allSettled([door.write((manager) => manager.query(ADD, ['lost'])), note(-1)]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    await door.write((manager) => manager.query(ADD, ['after']));
    expect(await kept()).to.deep.equal(['after', 'note 1', 'note 3']);
    await door.close();
    await close();
  });

  it('lets a work that waits for others go first', async () => {
    const { source, close } = await notes();
    const door = doorTo(source);
    const order: string[] = [];
    const write = (name: string, first: boolean) => door.write(() => { order.push(name); return Promise.resolve(); }, { first });
    await Promise.all([write('one', false), write('two', false), write('claim', true)]);
    expect(order).to.deep.equal(['claim', 'one', 'two']);
    await door.close();
    await close();
  });

  it('answers after the disk has confirmed, not before', async () => {
    const { source, close } = await notes();
    const order: string[] = [];
    const door = doorTo(source, { makeDurable: () => turns(3).then(() => { order.push('confirmed'); }) });
    await door.write((manager) => manager.query(ADD, ['one']).then(() => { order.push('written'); }));
    order.push('answered');
    expect(order).to.deep.equal(['written', 'confirmed', 'answered']);
    await door.close();
    await close();
  });

  it('writes nothing more after the disk did not confirm', async () => {
    const { source, close } = await notes();
    const door = doorTo(source, { makeDurable: () => Promise.reject(new Error('EIO')) });
    for (const text of ['one', 'two']) {
      const refusal = await rejection(door.write((manager) => manager.query(ADD, [text])));
      expect(refusal).to.be.instanceOf(RelaisError).and.to.include({ code: 'RELAIS_STORE_UNAVAILABLE' });
    }
    expect(await source.query('SELECT text FROM note WHERE text = ?', ['two'])).to.deep.equal([]);
    await door.close();
    await close();
  });

  it('readers see what is committed only', async () => {
    const store = await openTempStore();
    let inside: unknown;
    await store.door.write(async (manager) => {
      await manager.query('INSERT INTO meeting VALUES (?, ?, ?, ?, ?)', ['default', 'uid', 'college', 'id', 1]);
      inside = await store.door.read((reader) => reader.query('SELECT count(*) AS n FROM meeting'));
    });
    expect(inside).to.deep.equal([{ n: 0 }]);
    expect(await store.door.read((reader) => reader.query('SELECT count(*) AS n FROM meeting'))).to.deep.equal([{ n: 1 }]);
    const refused = await rejection(store.door.read((reader) => reader.query('DELETE FROM meeting')));
    expect(refused.code).to.equal('RELAIS_STORE_UNAVAILABLE');
    await store.close();
  });

  it('a locked database answers RELAIS_STORE_UNAVAILABLE, and works again when the lock is gone', async () => {
    const store = await openTempStore({ lockWaitMs: 40 });
    const other = new Sqlite(databaseFile(store.folder));
    other.exec('BEGIN IMMEDIATE');
    const refused = await rejection(acceptItems(store, { title: 'refused' }));
    expect(refused).to.be.instanceOf(RelaisError);
    expect(refused.code).to.equal('RELAIS_STORE_UNAVAILABLE');
    expect(refused.cause, 'the cause is kept for the log').to.be.instanceOf(Error);
    const many = await Promise.allSettled(Array.from({ length: 200 }, () => acceptItems(store, {})));
    expect(many.filter(({ status }) => status === 'rejected'), 'all who wait are told together').to.have.length(200);
    other.exec('ROLLBACK');
    await acceptItems(store, { title: 'accepted' });
    expect((await store.history.latest('default', 10)).map(({ title }) => title)).to.deep.equal(['accepted']);
    other.close();
    await store.close();
  });

  it('waits for a short lock without blocking the event loop', async () => {
    const store = await openTempStore({ lockWaitMs: 5000 });
    const other = new Sqlite(databaseFile(store.folder));
    other.exec('BEGIN IMMEDIATE');
    const accepted = acceptItems(store, { title: 'in the end' });
    await turns(50);
    other.exec('COMMIT');
    other.close();
    expect((await accepted)[0]?.title).to.equal('in the end');
    await store.close();
  });

  it('a full disk refuses what does not fit, keeps what was accepted, and works again when there is room', async () => {
    const store = await openTempStore({ maxPages: 120 });
    const accepted: string[] = [];
    let refused: { code?: string } | undefined;
    for (let n = 0; n < 200 && refused === undefined; n += 1) {
      const item = newItem({ description: `<p>${'long '.repeat(2000)}</p>` });
      await store.intake.accept({ item, history: [], flow: null, deliveries: [], journal: [] })
        .then(() => accepted.push(item.uid), (error: unknown) => { refused = error as { code?: string }; });
    }
    expect(refused?.code).to.equal('RELAIS_STORE_UNAVAILABLE');
    expect(accepted).to.have.length.greaterThan(3);
    expect((await store.history.latest('default', 500)).map(({ uid }) => uid).toSorted()).to.deep.equal(accepted.toSorted());
    await store.door.read((reader) => reader.query('SELECT 1'));
    await store.door.write((manager) => manager.query('PRAGMA max_page_count = 4000'));
    const [later] = await acceptItems(store, { title: 'room again' });
    expect((await store.history.story('default', later!.uid))?.item.title).to.equal('room again');
    await store.close();
  });

  it('only one process opens a store; a reader beside it is welcome', async () => {
    const store = await openTempStore();
    const { openStore, openStoreReader } = await import('../../../src/persistence/open-store.js');
    const { recordingLogger } = await import('../../support/recording-logger.js');
    const settings = { engine: { kind: 'sqlite', folder: store.folder }, clock: { now: () => 0 }, logger: recordingLogger() } as const;
    expect((await rejection(openStore(settings))).code).to.equal('RELAIS_STORE_IN_USE');
    const [item] = await acceptItems(store, { title: 'seen from beside' });
    const reader = await openStoreReader(settings);
    expect((await reader.history.story('default', item!.uid))?.item.title).to.equal('seen from beside');
    await reader.close();
    await store.close();
    expect((await rejection(openStoreReader(settings))).code).to.equal('RELAIS_STORE_UNAVAILABLE');
  });

  it('refuses writes once it is closed, after those before', async () => {
    const store = await openTempStore();
    const before = acceptItems(store, {});
    const closed = store.close();
    expect((await rejection(acceptItems(store, {}))).code).to.equal('RELAIS_STOPPING');
    expect(await before).to.have.length(1);
    await closed;
  });
});
