import { expect } from 'chai';
import net from 'node:net';
import { createSimulators, findSimulation, type Simulators } from '../../../src/compose/simulators.js';
import type { ConnectorSetting } from '../../../src/domain/authority.js';
import { freePort } from '../../support/gateway-process.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { sampleAuthority } from '../../support/sample-authority.js';
import { sampleConnector } from '../../support/sample-route.js';
import { rejection, tempFolder } from '../../support/temp-store.js';

function configuration(...connectors: Partial<ConnectorSetting>[]) {
  return { authorities: [{ authority: { ...sampleAuthority(), connectors: connectors.map((one) => ({ ...sampleConnector('hook', 'none'), type: 'webhook', ...one })) } }] as never };
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false);
}

describe('simulated other sides', () => {
  const logger = recordingLogger();
  let temp: Awaited<ReturnType<typeof tempFolder>>;
  let simulators: Simulators;

  before(async () => { temp = await tempFolder(); });
  after(() => temp.dispose());
  beforeEach(() => { simulators = createSimulators({ dataFolder: temp.folder, logger, onNews: () => undefined }); });
  afterEach(() => simulators.close());

  it('run as the configuration asks, which the log says, and stop when it asks no more', async () => {
    const [one, other] = [await freePort(), await freePort()];
    await simulators.follow(configuration({ simulated: one }, { id: 'real' }));
    expect(await answers(one)).to.equal(true);
    expect(logger.lines).to.deep.include({
      level: 'warn', message: 'The other side of a connector is simulated: nothing leaves this machine',
      fields: { authority: 'default', connector: 'hook', type: 'webhook', url: `http://127.0.0.1:${one}/` },
    });
    const said = logger.lines.length;
    await simulators.follow(configuration({ simulated: one }));
    expect(logger.lines).to.have.length(said);
    await simulators.follow(configuration({ simulated: other }));
    expect([await answers(one), await answers(other)]).to.deep.equal([false, true]);
    await simulators.close();
    expect(await answers(other)).to.equal(false);
  });

  it('leave everything as it was when one cannot run, and say which', async () => {
    const [one, taken] = [await freePort(), await freePort()];
    await simulators.follow(configuration({ simulated: one }));
    const holder = net.createServer();
    await new Promise<void>((resolve) => { holder.listen(taken, '127.0.0.1', resolve); });
    try {
      const refused = await rejection(simulators.follow(configuration({ id: 'second', simulated: taken })));
      expect(refused).to.include({ code: 'RELAIS_CONFIG_CONNECTOR' });
      expect(refused.message).to.equal(`authority default, connector second: its simulated other side cannot run, port ${taken} is in use; stop the other program, or choose another port for \`simulated\``);
      expect(await answers(one)).to.equal(true);
    } finally {
      await new Promise((resolve) => { holder.close(resolve); });
    }
  });

  it('have settings that are known before they run', async () => {
    expect((await findSimulation('webhook'))?.(8090)).to.include({ url: 'http://127.0.0.1:8090/hook', allowPrivate: true });
    expect(await findSimulation('folder')).to.equal(undefined);
    expect(await findSimulation('of-no-such-type')).to.equal(undefined);
  });
});
