import Sqlite from 'better-sqlite3';
import { expect } from 'chai';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ENTITIES } from '../../../src/persistence/entities.js';
import { MIGRATIONS } from '../../../src/persistence/migrations/index.js';
import { COPIED_TABLES } from '../../../src/persistence/copy-rows.js';
import { POSTGRES_MIGRATIONS } from '../../../src/persistence/migrations/postgres/index.js';
import { openStore, openStoreBeside } from '../../../src/persistence/open-store.js';
import { databaseFile } from '../../../src/persistence/sqlite-dialect.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { acceptItems, claimBy, flowOf, newDelivery, newItem, openTempPostgres, openTempStore, rejection, tempFolder } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

const clock = { now: () => Date.UTC(2027, 2, 1, 9) };
const settingsFor = (folder: string) => ({ engine: { kind: 'sqlite', folder }, clock, logger: recordingLogger() }) as const;

/** Files under `folder` that this process has open (Linux). */
async function openFiles(folder: string): Promise<string[]> {
  const descriptors = await fs.readdir('/proc/self/fd').catch(() => []);
  const targets = await Promise.all(descriptors.map((descriptor) => fs.readlink(`/proc/self/fd/${descriptor}`).catch(() => '')));
  return targets.filter((target) => target.startsWith(folder));
}

describe('opening the store', () => {
  it('writes durably: WAL, whose flush the door awaits, and foreign keys', async () => {
    const store = await openTempStore();
    await store.door.write(async (manager) => {
      expect(await manager.query('PRAGMA journal_mode')).to.deep.equal([{ journal_mode: 'wal' }]);
      expect(await manager.query('PRAGMA synchronous')).to.deep.equal([{ synchronous: 1 }]);
      expect(await manager.query('PRAGMA foreign_keys')).to.deep.equal([{ foreign_keys: 1 }]);
    });
    const orphan = store.door.write((manager) => manager.query('INSERT INTO item_adviser VALUES (99, \'o\')'));
    expect((await rejection(orphan)).message).to.contain('FOREIGN KEY');
    await store.close();
  });

  it('has exactly the columns that the entities declare, and takes its tables back', async () => {
    const store = await openTempStore();
    for (const { options } of ENTITIES) {
      const declared = Object.entries(options.columns as Record<string, { name?: string }>).map(([property, { name }]) => name ?? property);
      const columns = await store.door.read((manager) => manager.query<{ name: string }[]>(`PRAGMA table_info(${options.name})`));
      expect(columns.map(({ name }) => name).toSorted(), options.name).to.deep.equal(declared.toSorted());
    }
    await store.door.write(async (manager) => {
      for (const Migration of MIGRATIONS.toReversed()) await new Migration().down(manager.dataSource.createQueryRunner());
    });
    const left = await store.door.read((manager) => manager.query('SELECT name FROM sqlite_master WHERE name NOT LIKE \'sqlite_%\' AND name <> \'migrations\''));
    expect(left).to.deep.equal([]);
    await store.close();
  });

  it('has the same tables and columns on PostgreSQL, copies every one of them, and takes them back', async () => {
    const [file, server] = [await openTempStore(), await openTempPostgres()];
    const tables = async (store: TempStore, sql: string) => (await store.door.read((manager) => manager.query<{ name: string }[]>(sql))).map(({ name }) => name)
      .filter((name) => !/^(item_text|item_term|blob|sqlite_|migrations)/.test(name)).toSorted();
    const onServer = 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = \'public\'';
    const found = await tables(file, 'SELECT name FROM sqlite_master WHERE type = \'table\'');
    expect(await tables(server, onServer)).to.deep.equal(found);
    expect(COPIED_TABLES.map(([name]) => name).toSorted()).to.deep.equal(found);
    for (const name of found) {
      const columns = await tables(server, `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '${name}'`);
      expect(columns, name).to.deep.equal(await tables(file, `SELECT name FROM pragma_table_info('${name}')`));
    }
    await server.door.write(async ({ queryRunner }) => { for (const Migration of POSTGRES_MIGRATIONS.toReversed()) await new Migration().down(queryRunner!); });
    expect(await tables(server, onServer)).to.deep.equal([]);
    await file.close();
    await server.close();
  });

  it('lets an operator change something beside the process that runs, as durably', async () => {
    const store = await openTempStore();
    const [first] = [await acceptItems(store, {})];
    const beside = await openStoreBeside(settingsFor(store.folder));
    await Promise.all([
      ...Array.from({ length: 20 }, (_, n) => beside.operations.hold('default', `c${n}`, 'marie', 'maintenance')),
      ...Array.from({ length: 20 }, () => acceptItems(store, {})),
    ]);
    expect(await store.operations.connectorStates('default')).to.have.length(20);
    expect(await store.verifyJournal('default')).to.include({ entries: 20, brokenAt: null });
    expect((await rejection(openStore(settingsFor(store.folder)))).code, 'it takes no part in the lock').to.equal('RELAIS_STORE_IN_USE');
    await beside.close();
    expect(await store.history.story('default', first[0]!.uid)).to.not.equal(null);
    await acceptItems(store, {});
    await store.close();
  });

  it('finds everything again, brings nothing up to date twice, and leaves no file open', async () => {
    const { folder, dispose } = await tempFolder();
    const first = await openStore(settingsFor(folder));
    const [item] = await acceptItems(first, { title: 'kept' });
    expect(await openFiles(folder)).to.have.length.greaterThan(process.platform === 'linux' ? 2 : -1);
    await first.close();
    expect(await openFiles(folder)).to.deep.equal([]);
    const settings = settingsFor(folder);
    const second = await openStore(settings);
    expect((await second.history.story('default', item!.uid))?.item.title).to.equal('kept');
    expect(settings.logger.lines).to.deep.equal([]);
    await second.close();
    await dispose();
  });

  it('takes up at once what a killed process was delivering', async () => {
    const { folder, dispose } = await tempFolder();
    const killed = await openStore(settingsFor(folder));
    const deliveries = [newDelivery('d', { flowVersion: 'v' })];
    await killed.intake.accept({ item: newItem({ createdAt: clock.now() }), history: [], flow: { definition: flowOf(deliveries), version: 'v' }, deliveries, journal: [] });
    expect(await killed.deliveries.claim(claimBy('killed'))).to.have.length(1);
    await killed.close();

    const store = await openStore(settingsFor(folder));
    expect(await store.deliveries.reap()).to.equal(1);
    expect((await store.deliveries.claim(claimBy('next'))).map(({ delivery }) => delivery.id)).to.deep.equal(['d']);
    await store.close();
    await dispose();
  });

  it('beside a gateway that is writing waits for its turn', async () => {
    const store = await openTempStore();
    const gateway = new Sqlite(databaseFile(store.folder));
    gateway.exec('BEGIN IMMEDIATE');
    const opening = openStoreBeside(settingsFor(store.folder));
    setTimeout(() => { gateway.exec('ROLLBACK'); }, 100);
    const beside = await opening;
    expect(gateway.inTransaction).to.equal(false);
    await beside.close();
    gateway.close();
    await store.close();
  });

  it('says what is wrong with the folder or the file, and holds nothing afterwards', async () => {
    const { folder, dispose } = await tempFolder();
    await fs.writeFile(path.join(folder, 'file'), '');
    expect((await rejection(openStore(settingsFor(path.join(folder, 'file'))))).code).to.equal('RELAIS_STORE_UNAVAILABLE');
    await fs.writeFile(databaseFile(folder), 'this is no database, and it is long enough to be looked at as one'.repeat(100));
    for (let attempt = 0; attempt < 2; attempt += 1) expect((await rejection(openStore(settingsFor(folder)))).code).to.equal('RELAIS_STORE_CORRUPT');
    expect(await openFiles(folder)).to.deep.equal([]);
    await dispose();
  });
});
