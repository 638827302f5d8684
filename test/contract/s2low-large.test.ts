import { expect } from 'chai';
import { Readable } from 'node:stream';
import { s2lowSettings } from '../../connectors/s2low/config.js';
import { s2low } from '../../connectors/s2low/index.js';
import { openS2lowSimulator } from '../../connectors/s2low/simulator.js';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { watchMemory } from '../../src/connector-kit/live-memory.js';
import { createOutboundHttp } from '../../src/outbound/create-outbound-http.js';
import { openDeskFiles } from '../../src/signature-desk/desk-files.js';
import { pesFileStream } from '../support/pes-file.js';
import { recordingLogger } from '../support/recording-logger.js';
import { sampleAnnex, sampleItem } from '../support/sample-item.js';

const MIB = 2 ** 20;
const ROOM = 64 * MIB;

describe('s2low: the largest flow', () => {
  it('a PES of 128 MiB is read, checked and posted at constant memory; the simulated platform included', async () => {
    const [platform, files, outbound] = [await openS2lowSimulator(), await openDeskFiles(), createOutboundHttp()];
    const { signal } = new AbortController();
    const context: ConnectorContext = {
      logger: recordingLogger(), signal, clock: { now: () => Date.now() }, callBackUrl: 'http://127.0.0.1:9/callbacks/s2low', blobs: files, markSent: () => Promise.resolve(), http: outbound.callFor(signal),
    };
    const kept = await files.keep(Readable.from(pesFileStream({ nomFic: 'PES_GRAND', bytes: 127 * MIB })));
    const submission: Submission = { key: 'delivery-1', operation: 'transmit-pes', item: sampleItem({ annexes: [sampleAnnex('grand.xml', { mediaType: 'application/xml', ...kept })] }), fields: {}, results: {} };
    const memory = watchMemory(ROOM);
    let grown: number;
    try {
      const receipt = await s2low.submit(submission, s2lowSettings.parse(platform.settings), context);
      expect(receipt.reference).to.match(/^helios-\d+$/);
      expect(platform.desk.treasury.list().map(({ file }) => file.size)).to.deep.equal([kept.size]);
    } finally {
      grown = memory.end();
      await platform.close();
      outbound.close();
      await files.close();
    }
    expect(kept.size).to.be.within(126 * MIB, 128 * MIB);
    expect(grown / MIB).to.be.lessThan(ROOM / MIB);
  }).timeout(180_000);
});
