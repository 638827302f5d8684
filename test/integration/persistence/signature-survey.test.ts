import { expect } from 'chai';
import { iParapheur } from '../../../connectors/i-parapheur/index.js';
import { openSimulator } from '../../../connectors/i-parapheur/simulator.js';
import { createEngine } from '../../../src/delivery/engine.js';
import { systemTimer } from '../../../src/delivery/timer.js';
import type { Connector } from '../../../src/connector-api/connector.js';
import { createOutboundHttp } from '../../../src/outbound/create-outbound-http.js';
import { plainRules } from '../../support/engine-rig.js';
import { waitFor } from '../../support/gateway-process.js';
import { memoryBlobStore } from '../../support/memory-blob-store.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { sampleAuthority } from '../../support/sample-authority.js';
import { acceptDeliveries, newDelivery, openTempStore } from '../../support/temp-store.js';

const FOLDERS = 2_000;
const FILE = { filename: 'décision.pdf', mediaType: 'application/pdf' };

describe('two thousand folders under way', () => {
  it('are asked about in forty searches, and by itself only the one that was refused meanwhile', async function () {
    this.timeout(120_000);
    const store = await openTempStore();
    const book = await openSimulator();
    const outbound = createOutboundHttp();
    const blobs = memoryBlobStore();
    const asked: string[] = [];
    let lastId = 0;
    const settings = iParapheur.settings.parse({ ...book.settings, afterwards: 'keep' });
    const content = await book.desk.files.keep((async function* () { yield await Promise.resolve(Buffer.from('%PDF-1.7')); })());
    const sent = { title: 'T', type: 'Visa seul', subtype: 'Visa', expects: 'visa', place: null, files: [{ part: 'main', ...FILE, ...content }] };
    const engine = createEngine({
      store: store.deliveries, rules: plainRules, connectors: new Map<string, Connector>([['i-parapheur', iParapheur]]),
      authority: (id) => ({ ...sampleAuthority(), id, connectors: [{ id: 'book', type: 'i-parapheur', settings, limits: { concurrency: 4, perMinute: null, order: 'none' } }] }),
      clock: { now: () => store.time.at }, timer: systemTimer, logger: recordingLogger(), owner: 'me', blobs: () => blobs, newId: () => `id-${lastId += 1}`,
      callBackUrl: () => 'http://127.0.0.1:9/callbacks/book', options: { concurrency: 8 },
      http: (signal) => {
        const call = outbound.callFor(signal);
        return async (request) => {
          const answer = await call(request);
          asked.push('asked');
          return answer;
        };
      },
    });
    try {
      for (let n = 0; n < FOLDERS; n += 1) {
        await book.desk.create({ id: `F-${n}`, type: 'Visa seul', subtype: 'Visa', title: `Dossier ${n}`, main: [{ ...FILE, ...content }] });
        await acceptDeliveries(store, {}, [newDelivery(`d-${n}`, { connector: 'book', operation: 'sign' })]);
      }
      await store.door.write((manager) => manager.query(`UPDATE delivery SET state = 'sent', remote_reference = 'F-' || substr(id, 3), receipt_data = '${JSON.stringify({ sent, seen: ['EnCoursVisa', 'NonLu'], missingSince: null, refusals: 0 })}'`));
      await book.desk.act('F-7', { do: 'reject', reason: 'Non' });
      engine.start();
      const left = () => store.operations.count('default', { state: ['ready', 'sending'] });
      await waitFor(async () => asked.length >= FOLDERS / 50 + 2 && await left() === 0, 30_000, () => `${asked.length} calls`);
      expect(asked.length).to.be.within(40, 44);
    } finally {
      await engine.stop();
      outbound.close();
      await book.close();
    }
    const states = await store.operations.list('default', { state: ['rejected'] }, { limit: 10 });
    expect(states.map(({ id }) => id)).to.deep.equal(['d-7']);
    await store.close();
  });
});
