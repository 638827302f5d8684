import { expect } from 'chai';
import { signingSession } from '../../connectors/signing-session/index.js';
import { openSimulator, type SigningSide } from '../../connectors/signing-session/simulator.js';
import type { Item } from '../../src/domain/item.js';
import { createEngine } from '../../src/delivery/engine.js';
import { createOutboundHttp, type OutboundHttp } from '../../src/outbound/create-outbound-http.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { plainRules } from '../support/engine-rig.js';
import { fakeTime, turns, type FakeTime } from '../support/fake-time.js';
import { memoryBlobStore } from '../support/memory-blob-store.js';
import { memoryDeliveryStore, type MemoryDeliveryStore } from '../support/memory-delivery-store.js';
import { recordingLogger } from '../support/recording-logger.js';
import { sampleAuthority } from '../support/sample-authority.js';
import { sampleStep } from '../support/sample-delivery.js';
import { sampleAnnex, sampleItem } from '../support/sample-item.js';

const JEANNE = 'jeanne.dupont@ville.example';
const MINUTE = 60_000;
const LONGEST_MS = 10_000;

describe('signing sessions under the engine', () => {
  let partner: SigningSide;
  let outbound: OutboundHttp;
  let time: FakeTime;
  let store: MemoryDeliveryStore;
  let engine: ReturnType<typeof createEngine>;
  const blobs = memoryBlobStore();

  beforeEach(async () => {
    partner = await openSimulator();
    outbound = createOutboundHttp();
    time = fakeTime(Date.now());
    store = memoryDeliveryStore(time);
    engine = engineWith({ maxItems: 3 });
  });

  afterEach(async () => {
    await engine.stop();
    outbound.close();
    await partner.close();
  });

  function engineWith(session: object): ReturnType<typeof createEngine> {
    const settings = signingSession.settings.parse({ ...partner.settings, session });
    const authority = { ...sampleAuthority(), connectors: [{ id: 'out', type: 'signing-session', settings, limits: { concurrency: 4, perMinute: null, order: 'none' as const } }] };
    let lastId = 0;
    return createEngine({
      store, clock: time, timer: time, logger: recordingLogger(), owner: 'me', random: () => 1, blobs: () => blobs, newId: () => `id-${lastId += 1}`,
      rules: { ...plainRules, mapFields: () => Promise.resolve({ fields: { signers: [JEANNE] }, warnings: [] }) },
      connectors: new Map([['signing-session', signingSession]]), authority: () => authority,
      callBackUrl: () => 'http://127.0.0.1:9/callbacks/out', http: (signal) => outbound.callFor(signal), onOutcome: () => undefined,
    });
  }

  async function add(number: number): Promise<string> {
    const writer = blobs.create();
    await writer.write(makePdf([`document ${number}`]));
    const staged = await writer.finish();
    await blobs.keep([staged]);
    const item: Item = sampleItem({ annexes: [sampleAnnex(`plan ${number}.pdf`, { sha256: staged.sha256, size: staged.size })] });
    return store.add(item, { operation: 'sign' }, { ...sampleStep(), operation: 'sign' });
  }

  /** Real calls over loopback under a clock that stands still. */
  async function eventually(condition: () => boolean, what: string): Promise<void> {
    const began = performance.now();
    while (!condition()) {
      if (performance.now() - began > LONGEST_MS) throw new Error(`never came: ${what}; ${JSON.stringify(store.outcomes.at(-1))}`);
      await turns(20);
    }
  }

  /** Moves the clock on in steps until it is so. */
  async function later(condition: () => boolean, what: string): Promise<void> {
    const began = performance.now();
    while (!condition()) {
      if (performance.now() - began > LONGEST_MS) throw new Error(`never came: ${what}; ${JSON.stringify(store.outcomes.at(-1))}`);
      await time.advance(MINUTE);
      await turns(50);
    }
  }

  const statesOf = (ids: readonly string[]) => ids.map((id) => store.row(id).state);
  const areAll = (ids: readonly string[], state: string) => () => statesOf(ids).every((found) => found === state);

  it('three items are one session; once it is signed, each has its own document back', async () => {
    const ids = [await add(1), await add(2), await add(3)];
    engine.start();
    await eventually(areAll(ids, 'sent'), 'one session');
    expect(partner.sessions.all().map(({ documents }) => documents.length)).to.deep.equal([3]);
    expect(new Set(ids.map((id) => store.row(id).remoteReference)).size).to.equal(1);
    await partner.commands.run(`sign ${JEANNE}`);
    await later(areAll(ids, 'done'), 'the documents');
    for (const [index, id] of ids.entries()) {
      expect(store.item(id).annexes.map(({ filename, role }) => [filename, role])).to.deep.equal([[`plan ${index + 1}.pdf`, undefined], [`plan ${index + 1}.pdf`, 'signed-document']]);
    }
  });

  it('two wait for a third until the time is up', async () => {
    const ids = [await add(1), await add(2)];
    engine.start();
    await eventually(() => ids.every((id) => store.row(id).reason?.includes('Waits for a load') ?? false), 'gathered');
    expect(partner.sessions.all()).to.deep.equal([]);
    await later(areAll(ids, 'sent'), 'the time');
    expect(partner.sessions.all()).to.have.length(1);
  });

  it('one refusal returns all of them', async () => {
    const ids = [await add(1), await add(2), await add(3)];
    engine.start();
    await eventually(areAll(ids, 'sent'), 'one session');
    await partner.commands.run(`refuse ${JEANNE} Le montant est faux.`);
    await later(areAll(ids, 'rejected'), 'the refusal');
    for (const id of ids) expect(store.row(id).reason).to.include(JEANNE).and.include('Le montant est faux');
  });

  it('the answer is lost: each is found by itself, and nothing is sent twice', async () => {
    await partner.behave('loses-answer');
    const ids = [await add(1), await add(2), await add(3)];
    engine.start();
    await later(() => partner.sessions.all().length > 0, 'the session');
    await partner.behave('well');
    await later(areAll(ids, 'sent'), 'found');
    expect(partner.sessions.all()).to.have.length(1);
  });

  it('stopped between the mark and the receipts, and started again: nothing is lost nor sent twice', async () => {
    await partner.behave('hangs');
    const ids = [await add(1), await add(2), await add(3)];
    engine.start();
    await eventually(() => ids.every((id) => store.row(id).markedAt !== null), 'the mark');
    const stopping = engine.stop();
    await time.advance(MINUTE);
    await stopping;
    await partner.behave('well');
    engine = engineWith({ maxItems: 3 });
    engine.start();
    await later(areAll(ids, 'sent'), 'sent after all');
    expect((await partner.delivered()).map(({ itemUid }) => itemUid).toSorted()).to.deep.equal(ids.map((id) => store.item(id).uid).toSorted());
  });
});
