import Sqlite from 'better-sqlite3';
import { expect } from 'chai';
import { DataSource } from 'typeorm';
import { FirstSchema0000000000001 } from '../../../src/persistence/migrations/0001-first-schema.js';
import { openStore } from '../../../src/persistence/open-store.js';
import { databaseFile } from '../../../src/persistence/sqlite-dialect.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { claimBy, tempFolder } from '../../support/temp-store.js';

const NOW = Date.UTC(2027, 2, 1, 9);
const RETRY = '{"firstDelayMs":1000,"factor":2,"maxDelayMs":60000,"maxAttempts":5}';

/** A database of the first release with three items: two went the same way, the third when the flow had a step more. */
async function firstRelease(folder: string): Promise<void> {
  const source = new DataSource({ type: 'better-sqlite3', database: databaseFile(folder), migrations: [FirstSchema0000000000001] });
  await source.initialize();
  await source.runMigrations();
  await source.destroy();
  const database = new Sqlite(databaseFile(folder));
  const item = database.prepare(`INSERT INTO item (seq, uid, authority, kind, source, config_id, short_id, creator, created_at, modified_at, review_state,
    proposing_organisation, external_identifier, to_discuss, text_bytes, title, associated_organisations, organisations_in_charge, optional_advisers, extra,
    description, detailed_description, motivation, decision)
    VALUES (?, ?, 'default', 'letter', 's', 'c', ?, 'u', ?, ?, 'itemcreated', 'o', '', 1, 0, 't', '[]', '[]', '[]', '{}', '', '', '', '')`);
  const delivery = database.prepare(`INSERT INTO delivery (id, authority, item_seq, item_uid, flow, step, position, connector, operation, state, attempts, due_at, epoch, lease_owner,
    lease_until, marked_at, remote_reference, reason, retry) VALUES (?, 'default', ?, ?, 'flow', ?, ?, ?, 'deposit', ?, ?, ?, 3, ?, ?, ?, ?, ?, '${RETRY}')`);
  const journal = database.prepare('INSERT INTO journal (authority, sequence, at, actor, item, event, data, hash) VALUES (\'default\', ?, ?, \'relais\', ?, ?, ?, \'\')');
  for (const seq of [1, 2, 3]) item.run(seq, `item-${seq}`, `i-${seq}`, NOW - seq * 1000, NOW - seq * 1000);
  delivery.run('a0', 1, 'item-1', 'deposit', 0, 'folder', 'done', 1, NOW - 900, null, null, NOW - 800, 'R', null);
  delivery.run('a1', 1, 'item-1', 'mail', 1, 'mail', 'ready', 2, NOW - 500, null, null, null, null, 'busy');
  delivery.run('b0', 2, 'item-2', 'deposit', 0, 'folder', 'sending', 0, NOW - 2000, 'gone', NOW + 60_000, NOW - 1, null, null);
  delivery.run('b1', 2, 'item-2', 'mail', 1, 'mail', 'waiting', 0, NOW - 2000, null, null, null, null, null);
  delivery.run('c0', 3, 'item-3', 'deposit', 0, 'folder', 'parked', 5, NOW - 2000, null, null, null, null, 'refused');
  delivery.run('c1', 3, 'item-3', 'archive', 1, 'folder', 'waiting', 0, NOW - 2000, null, null, null, null, null);
  delivery.run('c2', 3, 'item-3', 'mail', 2, 'mail', 'waiting', 0, NOW - 2000, null, null, null, null, null);
  journal.run(1, NOW - 700, 'item-1', 'delivery.done', '{"delivery":"a0","step":"deposit"}');
  journal.run(2, NOW - 600, 'item-1', 'delivery.ready', '{"delivery":"a1","step":"mail"}');
  database.close();
}

describe('a database of the first release', () => {
  it('is carried over: deliveries go on where they were, on a version of their flow made of their rows', async () => {
    const { folder, dispose } = await tempFolder();
    await firstRelease(folder);
    const store = await openStore({ engine: { kind: 'sqlite', folder }, clock: { now: () => NOW }, logger: recordingLogger() });
    const [a0, a1] = (await store.history.story('default', 'item-1'))!.deliveries;
    expect(a0).to.deep.include({ id: 'a0', state: 'done', stateSince: NOW - 700, flowVersion: 'first-release-1', role: 'step', remoteReference: 'R', epoch: 3, orderKey: null, cancelRequested: false });
    expect(a1).to.deep.include({ id: 'a1', state: 'ready', stateSince: NOW - 600, attempts: 2, reason: 'busy', retry: JSON.parse(RETRY) as unknown });
    const [b0] = (await store.history.story('default', 'item-2'))!.deliveries;
    expect(b0).to.deep.include({ state: 'sending', markedAt: NOW - 1, flowVersion: 'first-release-1', stateSince: NOW - 2000 });
    expect((await store.history.story('default', 'item-3'))!.deliveries.map(({ flowVersion }) => flowVersion)).to.deep.equal(['first-release-2', 'first-release-2', 'first-release-2']);

    expect(await store.deliveries.reap()).to.equal(1);
    const claimed = await store.deliveries.claim(claimBy('one', { limit: 9 }));
    expect(claimed.map(({ delivery, step, results }) => [delivery.id, step.after, results])).to.deep.equal([
      ['b0', [], {}], ['a1', ['deposit'], { deposit: { reference: 'R', state: 'done', reason: null, fields: {} } }],
    ]);
    await store.deliveries.finish(claimed[0]!.delivery, { state: 'done', remoteReference: 'R', broughtBack: { fields: {}, annexes: [], reviewState: null } }, { verdict: 'works' });
    expect((await store.history.story('default', 'item-2'))!.deliveries.map(({ state }) => state)).to.deep.equal(['done', 'ready']);
    expect(await store.operations.retry('default', { state: ['parked'] }, 'anne')).to.equal(1);
    await store.close();
    await dispose();
  });
});
