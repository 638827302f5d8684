import { expect } from 'chai';
import fc from 'fast-check';
import fs from 'node:fs';
import path from 'node:path';
import { startGateway, temporaryFolder, type GatewayProcess } from '../support/gateway-process.js';
import { call, collegeItem, envelope, post, type SoapAnswer } from '../support/soap-call.js';

const samples = [
  Buffer.from(envelope('createItem', collegeItem('Façade rue de l&apos;Été', '<description>&lt;p&gt;Texte &amp;amp; suite&lt;/p&gt;</description>', [{ name: 'plan.pdf', bytes: Buffer.from('%PDF-1.4 mutation') }]))),
  ...fixtureRequests('createItem'),
];

function fixtureRequests(operation: string): Buffer[] {
  const folder = path.resolve(import.meta.dirname, '../../fixtures/soap');
  return fs.readdirSync(folder).filter((name) => name.startsWith(`${operation}__`))
    .map((name) => path.join(folder, name, 'request.xml')).filter((file) => fs.existsSync(file)).map((file) => fs.readFileSync(file));
}

type Mutation = { readonly kind: 'flip' | 'remove' | 'repeat' | 'insert'; readonly at: number; readonly length: number; readonly bytes: Uint8Array };

const mutations = fc.array(fc.record<Mutation>({
  kind: fc.constantFrom('flip', 'remove', 'repeat', 'insert'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 40 }),
  bytes: fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.constantFrom('<', '&', ']]>', '<!DOCTYPE a>', '\0', '</', '<a>', '&#0;', '&x;', 'é').map((text) => new TextEncoder().encode(text))),
}), { minLength: 1, maxLength: 4 });

function mutate(sample: Buffer, changes: readonly Mutation[]): Buffer {
  let bytes = sample;
  for (const { kind, at, length, bytes: extra } of changes) {
    const from = Math.floor(at * bytes.length);
    const [before, part, after] = [bytes.subarray(0, from), bytes.subarray(from, from + length), bytes.subarray(from + length)];
    const middle = { flip: [Buffer.from(part.map((byte) => byte ^ 0x11))], remove: [], repeat: [part, part], insert: [extra, part] }[kind];
    bytes = Buffer.concat([before, ...middle, after]);
  }
  return bytes;
}

describe('mutated envelopes', function () {
  this.timeout(120_000);
  const data = temporaryFolder();
  let gateway: GatewayProcess;
  before(async () => { gateway = await startGateway({ data }); });
  after(async () => {
    expect(await gateway.stop()).to.equal(0);
    fs.rmSync(data, { recursive: true, force: true });
  });

  async function isStored(uid: string): Promise<boolean> {
    const { reply } = await call(`${gateway.url}/ws4pm`, 'getItemInfos', `<UID>${uid}</UID>`, 'admin:demo');
    return Array.isArray(reply['itemInfo']) && reply['itemInfo'].length === 1;
  }

  it('answer a fault or store an item: never a crash, never a success without an item', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...samples), mutations, async (sample, changes) => {
      const answer: SoapAnswer = await post(`${gateway.url}/ws4pm`, mutate(sample, changes));
      if (answer.fault !== null) { expect(answer.status).to.equal(500); return; }
      expect(answer.status).to.equal(200);
      if (answer.text.includes('createItemResponse')) expect(await isStored(answer.reply['UID'] as string)).to.equal(true);
    }), { numRuns: 1500 });
    expect((await call(`${gateway.url}/ws4pm`, 'testConnection', '')).reply['connectionState']).to.equal('true');
    expect(gateway.output()).to.not.match(/"level":"error"/);
  });
});
