import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { backConfigs, type BackendType } from '../support/backed-config.js';
import { behind } from '../support/backed-exceptions.js';
import { freePort, startGateway, temporaryFolder, type GatewayProcess } from '../support/gateway-process.js';
import { FOREIGN_CLIENTS, type ForeignClient } from './clients.js';
import { EDITH, demoWithEdith } from './demo-with-edith.js';
import { runClient, type Report } from './run-client.js';
import { STEPS } from './scenario.js';
import { describeRawHttp } from './wire.js';

const ACCOUNT = 'ged';
const PASSWORD = 'demo';

/** What stands in PloneMeeting is addressed there, not here: the one exception before it. */
const HTTP = 'http://';

/** Nothing behind the meeting configs, then a simulated PloneMeeting of today. */
for (const backend of [undefined, 'plonemeeting-rest'] as const) describe(`interoperability${behind(backend)}`, () => {
  // Random, so that no encoding passes by luck; the start makes it a PDF for who looks at the content.
  const annex = Buffer.concat([Buffer.from('%PDF-1.4\n'), randomBytes(70_000)]);
  let folder: string;
  let gateway: GatewayProcess;

  before(async () => {
    folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'annex.pdf'), annex);
    gateway = await startGateway({ data: path.join(folder, 'data'), config: await configOf(folder, backend) });
  });

  after(async () => {
    try {
      expect(await gateway.stop()).to.equal(0);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  for (const client of FOREIGN_CLIENTS) describe(client.title, () => { describeClient(client); });
  // What stands behind does not show on the wire.
  if (backend === undefined) describe('raw HTTP', () => { describeRawHttp(() => gateway.url, annex); });

  describe('after all of them, the log', () => {
    it('asks no human to act: every refusal was a caller\'s own', () => {
      expect(gateway.output().split('\n').filter((line) => /\bERROR\b/.test(line))).to.deep.equal([]);
    });

    it('holds no password', () => {
      for (const secret of ['mauvais', EDITH.password, Buffer.from('ged:demo').toString('base64')]) expect(gateway.output()).to.not.include(secret);
    });
  });

  function describeClient(client: ForeignClient): void {
    let report: Report;

    before(`${client.name} builds and runs`, async () => {
      report = await runClient(client, { url: gateway.url, account: ACCOUNT, password: PASSWORD, annex: path.join(folder, 'annex.pdf'), folder });
    });

    const others = FOREIGN_CLIENTS.filter((other) => other !== client).flatMap((other) => other.ownSteps ?? []);
    const steps = [...STEPS].filter(([step]) => !others.includes(step));
    for (const [step, check] of steps) {
      it(step, () => { check(report.seen(step), report, { url: backend === undefined ? gateway.url : HTTP, account: ACCOUNT, annex }); });
    }

    it('takes these steps and no others', () => { expect(report.steps).to.deep.equal(steps.map(([step]) => step)); });
  }
});

/** Behind, items are created within the call: clients read at once what they created. */
async function configOf(folder: string, backend: BackendType | undefined): Promise<string> {
  const plain = await demoWithEdith(folder);
  if (backend === undefined) return plain;
  return backConfigs(plain, path.join(path.dirname(plain), 'backed.yaml'), { type: backend, port: await freePort(), backend: { forward: 'direct' } });
}
