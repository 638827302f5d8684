import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { freshDatabase, startServerAgain, stopServer } from '../../support/embedded-postgres.js';
import { startGateway, temporaryFolder, waitFor, type GatewayProcess } from '../../support/gateway-process.js';
import { startShakyPartner, STEADY, type ShakyPartner } from '../../support/shaky-partner.js';
import { brokenPromises, buildOnce, drained, feed } from '../../support/survival.js';

const STREAMS = 4;
const SHAKY = { dropBefore: 0.05, dropAfter: 0.1, busy: 0.03, dropProbe: 0.05 };
/** Of the configuration. */
const LEASE_MS = 5_000;

describe('several processes on one PostgreSQL', function () {
  this.timeout(180_000);
  const data = temporaryFolder();
  const config = path.join(import.meta.dirname, 'relais-postgres.yaml');
  const running = new Set<GatewayProcess>();
  let partner: ShakyPartner;
  let database: Awaited<ReturnType<typeof freshDatabase>>;

  before(buildOnce);
  beforeEach(async () => {
    partner = await startShakyPartner();
    database = await freshDatabase();
  });
  afterEach(async () => {
    await Promise.all([...running].map((gateway) => gateway.kill()));
    running.clear();
    await partner.close();
    await database.drop();
  });
  after(() => fs.rmSync(data, { recursive: true, force: true }));

  async function start(role: 'api' | 'worker' | 'all'): Promise<GatewayProcess> {
    const gateway = await startGateway({ data, config, role, built: true, environment: { PARTNER: partner.url, RELAIS_POSTGRES: database.url } });
    running.add(gateway);
    return gateway;
  }

  const store = () => ({ kind: 'postgres', url: database.url, poolSize: 4 }) as const;

  it('one of three workers frozen past its lease and thawed, another killed: no double effect, nothing lost', async () => {
    const api = await start('api');
    const workers = [await start('worker'), await start('worker'), await start('worker')];
    partner.behave(SHAKY, 5);
    const answered = new Set<string>();
    let over = false;
    const streams = Array.from({ length: STREAMS }, (_, n) => feed(api.url, String(n), answered, () => over));
    await waitFor(() => partner.commits.size > 20, 30_000, () => `nothing arrives: ${api.output()} ${workers.map((worker) => worker.output()).join('')}`);
    workers[0]!.child.kill('SIGSTOP');
    await waitFor(() => partner.commits.size > 60, 30_000, () => 'nothing arrives any more');
    await workers[1]!.kill();
    // longer than the lease, so that the others have taken over what the frozen one held
    const thawAt = Date.now() + LEASE_MS + 2_000;
    await waitFor(() => Date.now() > thawAt, LEASE_MS + 5_000, () => 'never');
    workers[0]!.child.kill('SIGCONT');
    over = true;
    await Promise.all(streams);
    partner.behave(STEADY);
    await drained(store(), 60_000);
    expect(await brokenPromises(store(), partner, answered)).to.deep.equal([]);
    expect(answered.size).to.be.greaterThan(50);
    expect(await workers[0]!.stop()).to.equal(0);
    expect(await api.stop()).to.equal(0);
  });

  it('PostgreSQL restarted under load: calls fail cleanly or succeed, nothing is lost, service resumes by itself', async () => {
    const gateway = await start('all');
    const answered = new Set<string>();
    let over = false;
    const streams = Array.from({ length: STREAMS }, (_, n) => feed(gateway.url, String(n), answered, () => over));
    await waitFor(() => answered.size > 20, 30_000, () => `nothing is answered: ${gateway.output()}`);
    await stopServer();
    await startServerAgain();
    const before = answered.size;
    await waitFor(() => answered.size > before + 20, 60_000, () => `nothing is answered any more: ${gateway.output().slice(-2_000)}`);
    over = true;
    await Promise.all(streams);
    await drained(store(), 60_000);
    expect(await brokenPromises(store(), partner, answered)).to.deep.equal([]);
    expect(await gateway.stop()).to.equal(0);
  });
});
