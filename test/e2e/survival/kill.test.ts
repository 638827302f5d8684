import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { startGateway, temporaryFolder } from '../../support/gateway-process.js';
import { startShakyPartner, STEADY, type ShakyPartner } from '../../support/shaky-partner.js';
import { beside, brokenPromises, buildOnce, drained, feed } from '../../support/survival.js';

/** `npm run test:survival` makes it 200. */
const ROUNDS = Number(process.env['RELAIS_SURVIVAL_ROUNDS'] ?? 15);
const STREAMS = 4;
const LONGEST_LIFE_MS = 500;
const SHAKY = { dropBefore: 0.05, dropAfter: 0.1, busy: 0.03, dropProbe: 0.05 };

describe('kill -9 at random moments, with a partner that commits and drops the connection', function () {
  this.timeout(60_000 + ROUNDS * 4_000);
  const data = temporaryFolder();
  const engine = { kind: 'sqlite', folder: data } as const;
  let partner: ShakyPartner;
  before(async () => {
    partner = await startShakyPartner();
    buildOnce();
  });
  after(async () => {
    await partner.close();
    fs.rmSync(data, { recursive: true, force: true });
  });

  it(`${ROUNDS} rounds: each item that was accepted is done exactly once, or parked with the truth; the journal verifies`, async () => {
    const answered = new Set<string>();
    const start = () => startGateway({ data, built: true, config: path.join(import.meta.dirname, 'relais.yaml'), environment: { PARTNER: partner.url } });
    partner.behave(SHAKY);
    for (let round = 0; round < ROUNDS; round += 1) {
      const gateway = await start();
      const streams = Array.from({ length: STREAMS }, (_, n) => feed(gateway.url, `${round}-${n}`, answered));
      await new Promise((resolve) => { setTimeout(resolve, 50 + Math.random() * LONGEST_LIFE_MS); });
      await gateway.kill();
      await Promise.all(streams);
      // five failures in a row may have opened the breaker, and its canary takes half a minute
      if (round % 5 === 4) await beside(engine, (store) => store.operations.release('default', 'partner', 'test'));
    }
    partner.behave(STEADY);
    const gateway = await start();
    try {
      await drained(engine, 60_000);
      expect(answered.size).to.be.greaterThan(ROUNDS);
      expect(await brokenPromises(engine, partner, answered)).to.deep.equal([]);
    } finally {
      expect(await gateway.stop()).to.equal(0);
    }
  });
});
