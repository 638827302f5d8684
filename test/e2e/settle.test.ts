import { expect } from 'chai';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { systemClock } from '../../src/platform/clock.js';
import { openStore } from '../../src/persistence/open-store.js';
import { demoTown } from '../support/demo-town.js';
import { temporaryFolder } from '../support/gateway-process.js';
import { PARKED, UNAFFECTED } from '../support/ledger-story.js';
import { recordingLogger } from '../support/recording-logger.js';
import { relais } from '../support/relais-command.js';
import { acceptDeliveries, claimBy, newDelivery } from '../support/temp-store.js';

describe('relais deliveries settle', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const data = path.join(folder, 'data');
  const file = demoTown(path.join(folder, 'config'), (text) => text);
  const run = (...words: string[]) => relais(words, { RELAIS_CONFIG: file, RELAIS_DATA: data });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('ends what an operator found on the other side, and refuses what cannot be there', async () => {
    fs.mkdirSync(data);
    const store = await openStore({ engine: { kind: 'sqlite', folder: data }, clock: systemClock, logger: recordingLogger() });
    const { uid } = await acceptDeliveries({ ...store, folder, time: { at: systemClock.now() } }, {}, [newDelivery('sent'), newDelivery('refused', { step: 'step-1', position: 1 })], { 'step-1': { after: [] } });
    for (const { delivery } of await store.deliveries.claim(claimBy('one', { limit: 2 }))) {
      if (delivery.id === 'sent') await store.deliveries.markSent(delivery);
      await store.deliveries.finish(delivery, { ...PARKED, cleared: false }, UNAFFECTED);
    }
    await store.close();

    expect((await run('deliveries', 'settle', 'sent')).err).to.include('--reference');
    const refused = await run('deliveries', 'settle', 'refused', '--reference', 'X', '--lang', 'en');
    expect(refused.code).to.equal(1);
    expect(refused.err).to.match(/^RELAIS_DELIVERY_STATE\nnothing to settle among refused/).and.to.include('that may have reached the other side');
    expect((await run('deliveries', 'settle', 'sent', 'refused', '--reference', 'X', '--awaited')).err).to.include('--awaited: found 2 ids');
    const awaited = await run('deliveries', 'settle', 'refused', '--reference', '34', '--awaited', '--lang', 'en');
    expect([awaited.code, awaited.err]).to.deep.equal([0, '']);
    expect(awaited.out).to.include('1 delivery waiting for an answer again');
    expect((await run('deliveries', 'settle', 'refused', '--reference', '34', '--awaited')).err).to.match(/^RELAIS_DELIVERY_STATE\nnothing to await among refused/);
    const settled = await run('deliveries', 'settle', 'sent', '--reference', 'ACTE-7', '--comment', 'seen in their list', '--lang', 'en');
    expect([settled.code, settled.err]).to.deep.equal([0, '']);
    expect(settled.out).to.include('1 delivery done; the next steps go on.');
    const story = (await run('items', 'show', uid, '--lang', 'en')).out;
    expect(story).to.include('found on the other side by an operator, answer awaited (step-1, Found there by');
    expect(story).to.include(`found on the other side by an operator, done (step-0, seen in their list, reference on the other side: ACTE-7), by operator:${os.userInfo().username}`);
  });
});
