import { expect } from 'chai';
import { openStore } from '../../../src/persistence/open-store.js';
import type { Store } from '../../../src/persistence/open-store.js';
import { freshDatabase } from '../../support/embedded-postgres.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { claimBy, flowOf, newDelivery, newItem, rejection } from '../../support/temp-store.js';

const DONE = { state: 'done', remoteReference: 'R', broughtBack: { fields: {}, annexes: [], reviewState: null } } as const;

describe('the distributed queue', () => {
  let drop: () => Promise<void>;
  let nodes: readonly [Store, Store];
  let time: { at: number };
  beforeEach(async () => {
    const database = await freshDatabase();
    ({ drop } = database);
    // only the direct look goes by this clock: it stands still, so that what is claimed was permitted
    time = { at: Date.now() };
    const open = () => openStore({ engine: { kind: 'postgres', url: database.url, poolSize: 4 }, clock: { now: () => time.at }, logger: recordingLogger() });
    nodes = [await open(), await open()];
    for (const node of nodes) await node.deliveries.claim(claimBy('first look'));
  });
  afterEach(async () => {
    for (const node of nodes) await node.close();
    await drop();
  });

  function accept(store: Store, id: string, change: { readonly item?: ReturnType<typeof newItem>; readonly state?: 'waiting' } = {}): Promise<unknown> {
    const delivery = newDelivery(id, { state: change.state ?? 'ready' });
    const item = change.item ?? newItem({ createdAt: Date.now() - 1000 });
    return store.intake.accept({ item, history: [], flow: { definition: flowOf([delivery]), version: '' }, deliveries: [delivery], journal: [] });
  }
  const claim = async (store: Store, limit = 10) => (await store.deliveries.claim(claimBy('one', { limit }))).map(({ delivery }) => delivery);
  const jobs = () => nodes[0].door.read(async (manager) => (await manager.query<{ n: number }[]>('SELECT count(*) AS n FROM pgboss.job'))[0]?.n);

  it('what one node accepts another may deliver, each once; used permits are gone', async () => {
    for (const id of ['a', 'b', 'c']) await accept(nodes[0], id);
    expect(await jobs()).to.equal(3);
    const shares = await Promise.all([claim(nodes[0], 2), claim(nodes[1], 2), claim(nodes[0], 2), claim(nodes[1], 2)]);
    expect(shares.flat().map(({ id }) => id).toSorted()).to.deep.equal(['a', 'b', 'c']);
    expect(await jobs()).to.equal(0);
  });

  it('a permit shares the fate of what it is for', async () => {
    const item = newItem({ createdAt: Date.now() - 1000 });
    await accept(nodes[0], 'a', { item });
    await rejection(accept(nodes[0], 'b', { item }));
    await accept(nodes[0], 'c', { state: 'waiting' });
    expect(await jobs(), 'one for what is due').to.equal(1);
  });

  it('a retry is permitted when it is due, and not before', async () => {
    await accept(nodes[0], 'a');
    const [delivery] = await claim(nodes[0]);
    const soon = Date.now() + 400;
    await nodes[0].deliveries.finish(delivery!, { state: 'ready', dueAt: soon, reason: 'later', countsAsAttempt: true, cleared: false }, { verdict: 'unaffected' });
    expect(await claim(nodes[1])).to.deep.equal([]);
    let again: readonly { readonly id: string }[] = [];
    for (let tries = 0; again.length === 0 && tries < 2000; tries += 1) again = await claim(nodes[1]);
    expect(again.map(({ id }) => id)).to.deep.equal(['a']);
    expect(Date.now()).to.be.at.least(soon);
  });

  it('lost permits, permits that come twice and permits of nothing change nothing', async () => {
    for (const id of ['a', 'b']) await accept(nodes[0], id);
    await nodes[0].door.write((manager) => manager.query('DELETE FROM pgboss.job'));
    expect(await claim(nodes[1])).to.deep.equal([]);
    time.at += 2000;
    const claimed = await claim(nodes[1]);
    expect(claimed).to.have.length(2);
    await nodes[0].door.write((manager) => manager.query('INSERT INTO pgboss.job (name, policy, start_after) SELECT \'deliveries\', \'standard\', now() - interval \'1 second\' FROM generate_series(1, 5)'));
    expect(await claim(nodes[0])).to.deep.equal([]);
    for (const delivery of claimed) expect(await nodes[1].deliveries.finish(delivery, DONE, { verdict: 'works' })).to.not.equal(false);
  });

  it('an item is accepted, and delivered later, if the queue is gone', async () => {
    await nodes[0].door.write((manager) => manager.query('DELETE FROM pgboss.queue'));
    await accept(nodes[0], 'a');
    time.at += 2000;
    expect((await claim(nodes[1])).map(({ id }) => id)).to.deep.equal(['a']);
  });
});
