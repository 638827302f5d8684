import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { iParapheurSettings } from '../../connectors/i-parapheur/config.js';
import { iParapheur } from '../../connectors/i-parapheur/index.js';
import { openSimulator } from '../../connectors/i-parapheur/simulator.js';
import type { Submission } from '../../src/connector-api/connector.js';
import { watchMemory } from '../../src/connector-kit/live-memory.js';
import { createOutboundHttp } from '../../src/outbound/create-outbound-http.js';
import { openDeskFiles } from '../../src/signature-desk/desk-files.js';
import { sampleAnnex, sampleItem } from '../support/sample-item.js';
import { scriptedParapheur } from '../support/scripted-parapheur.js';

const MIB = 2 ** 20;
const SIZE = 150 * MIB;
const ROOM = 64 * MIB;

/** 150 MiB without holding them. */
function large(): Readable {
  const chunk = randomBytes(256 * 1024);
  let left = SIZE;
  return new Readable({ read() {
    this.push(left > 0 ? chunk : null);
    left -= chunk.length;
  } });
}

describe('a main document of 150 MB', () => {
  for (const kind of [{ version: '5', files: 'mtom' }, { version: '4.7', files: 'plain' }] as const) {
    it(`goes to i-Parapheur ${kind.version} (${kind.files}) and comes back at constant memory`, async () => {
      const [simulator, files, outbound] = [await openSimulator(kind), await openDeskFiles(), createOutboundHttp()];
      const { context } = scriptedParapheur();
      const used = { ...context, blobs: files, http: outbound.callFor(context.signal) };
      const settings = iParapheurSettings.parse({ ...simulator.settings, type: 'Visa seul', subtype: 'Visa', expects: 'visa' });
      const kept = await files.keep(large());
      const submission: Submission = { key: 'delivery-1', operation: 'sign', item: sampleItem({ annexes: [sampleAnnex('grand.pdf', kept)] }), fields: {}, results: {} };
      const memory = watchMemory(ROOM);
      let grown: number;
      try {
        const receipt = await iParapheur.submit(submission, settings, used);
        await simulator.desk.finish(receipt.reference);
        expect(await iParapheur.track?.(receipt, submission, settings, used)).to.have.property('state', 'done');
      } finally {
        grown = memory.end();
        await simulator.close();
        outbound.close();
        await files.close();
      }
      expect(grown / MIB).to.be.lessThan(ROOM / MIB);
    }).timeout(120_000);
  }
});
