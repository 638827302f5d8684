import { expect } from 'chai';
import { createServer } from 'node:http';
import { ploneMeetingRest } from '../../connectors/plonemeeting-rest/index.js';
import { watchMemory } from '../../src/connector-kit/live-memory.js';
import { listenOnLoopback } from '../../src/connector-kit/loopback-server.js';
import { largeAnnex } from '../../src/connector-kit/sample-item.js';
import { itemAnswer, openPloneRig } from '../support/scripted-plonemeeting.js';

const MIB = 2 ** 20;
const ROOM = 48 * MIB;

describe('plonemeeting-rest: the largest item', () => {
  it('150 MiB of annexes travel as base64 within one JSON body of known length, at constant memory', async () => {
    const rig = await openPloneRig();
    let length = 0;
    let declared = 0;
    // Takes the body of the creation, and lets the other calls through to the script.
    const server = createServer((request, response) => {
      if (request.method !== 'POST') { response.writeHead(307, { location: 'x' }).end(); return; }
      declared = Number(request.headers['content-length']);
      request.on('data', (chunk: Buffer) => { length += chunk.length; });
      request.on('end', () => response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(itemAnswer({ '__children__': [{ UID: '1' }, { UID: '2' }, { UID: '3' }] }))));
    });
    const listening = await listenOnLoopback(server);
    const { http } = rig.context;
    const context = { ...rig.context, http: (request: Parameters<typeof http>[0]) => http(request.method === 'POST' ? { ...request, url: `http://127.0.0.1:${listening.port}/@item` } : request) };
    const memory = watchMemory(ROOM);
    const annexes = [1, 2, 3].map((number) => largeAnnex(`plan-${number}.pdf`, 50 * MIB + number, () => { memory.look(); }));
    annexes.forEach((annex) => { rig.files.put(annex); });
    let grown: number;
    try {
      const receipt = await ploneMeetingRest.submit(rig.submission({ annexes: annexes.map(({ annex }) => annex) }), rig.settings({ timeoutMs: 60_000 }), context);
      expect(receipt.results?.fields).to.not.have.property('warnings');
    } finally {
      grown = memory.end();
      await listening.stop();
      await rig.close();
    }
    expect(length).to.equal(declared);
    expect(length).to.be.greaterThan(200 * MIB);
    expect(grown / MIB).to.be.lessThan(ROOM / MIB);
  }).timeout(120_000);
});
