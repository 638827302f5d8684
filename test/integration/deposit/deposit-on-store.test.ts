import { expect } from 'chai';
import fs from 'node:fs/promises';
import path from 'node:path';
import { openBlobStore } from '../../../src/blobs/file-blob-store.js';
import type { SweptBlobStore } from '../../../src/blobs/blob-store.js';
import { stageFile } from '../../../src/deposit/staged-file.js';
import { takeDeposit, type DepositParts } from '../../../src/deposit/take-deposit.js';
import type { DepositOutcome } from '../../../src/deposit/outcome.js';
import { createIntake } from '../../../src/intake/accept-item.js';
import { createNewId } from '../../../src/platform/new-id.js';
import { DAY, depositParts, watchRig } from '../../support/deposit-rig.js';
import { eachEngine } from '../../support/each-engine.js';
import { pesFile } from '../../support/pes-file.js';
import { sampleAuthority } from '../../support/sample-authority.js';
import { gather, type TempStore } from '../../support/temp-store.js';

eachEngine('deposits on the store', (open) => {
  let store: TempStore;
  let blobs: SweptBlobStore;
  let parts: DepositParts;
  beforeEach(async () => {
    store = await open();
    blobs = await openBlobStore(path.join(store.folder, 'blobs'));
    const newId = createNewId();
    const clock = { now: () => store.time.at };
    parts = depositParts({ blobs, newId, clock, intake: createIntake({ store: store.intake, routes: sampleAuthority(), clock, newId, onAccepted: () => undefined }) });
  });
  afterEach(() => store.close());

  const items = async () => gather(store.history.search('default', {}, 'everything'));
  async function deposit(content: Buffer, requestKey?: string): Promise<DepositOutcome> {
    const file = await stageFile((async function* () { yield await Promise.resolve(content); })(), { blobs, filename: 'flux.xml', asPes: true });
    return await takeDeposit([file], {}, { way: 'http', requestKey }, parts);
  }

  it('the same NomFic twice with the same content, however many at once, is one item', async () => {
    const content = pesFile({ nomFic: 'FLUX_1' });
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => deposit(content)));
    const uids = new Set(outcomes.map((outcome) => (outcome.state === 'refused' ? outcome.refusal.code : outcome.uid)));
    expect([uids.size, outcomes.filter(({ state }) => state === 'received').length]).to.deep.equal([1, 1]);
    expect((await items()).map(({ uid }) => uid)).to.deep.equal([...uids]);
  });

  it('the same NomFic twice with other content: one is received, the other is told which', async () => {
    const outcomes = await Promise.all([1, 2, 3, 4].map((slips) => deposit(pesFile({ nomFic: 'FLUX_1', slips }))));
    const [received] = outcomes.flatMap((outcome) => (outcome.state === 'received' ? [outcome.uid] : []));
    expect(outcomes.filter(({ state }) => state === 'refused').map((outcome) => (outcome.state === 'refused' ? [outcome.refusal.code, outcome.refusal.uid] : []))).to.deep.equal(Array.from({ length: 3 }, () => ['name-taken', received]));
    expect(await items()).to.have.length(1);
  });

  it('an Idempotency-Key with another content is refused, and what it was used for stays', async () => {
    const first = await deposit(pesFile({ nomFic: 'A' }), 'request:compta/1');
    const second = await deposit(pesFile({ nomFic: 'B' }), 'request:compta/1');
    expect(first.state).to.equal('received');
    expect(second).to.have.nested.property('refusal.code', 'request-taken');
    expect(await deposit(pesFile({ nomFic: 'A' }), 'request:compta/1')).to.deep.include({ state: 'already-received', uid: first.state === 'refused' ? '' : first.uid });
  });

  it('two processes that look into one folder make one item of each file, and its bytes are kept', async () => {
    const root = path.join(store.folder, 'in');
    await fs.mkdir(root);
    const shared = { blobs, intake: parts.intake };
    const [one, other] = [await watchRig(root, { parts: shared }), await watchRig(root, { parts: shared })];
    for (let flow = 0; flow < 30; flow += 1) await one.drop(`flux-${flow}.xml`, pesFile({ nomFic: `FLUX_${flow}` }));
    for (let looks = 0; looks < 6; looks += 1) await Promise.all([one.look(), other.look()]);
    await Promise.all([one.stop(), other.stop()]);

    const found = await items();
    expect([found.length, await one.names(), (await one.names(`processed/${DAY}`)).filter((name) => name.endsWith('.xml')).length]).to.deep.equal([30, ['processed'], 30]);
    for (const { annexes: [annex], extra } of found) {
      const bytes = await gather(blobs.read(annex!.sha256) as AsyncIterable<Buffer>);
      expect(Buffer.concat(bytes).equals(pesFile({ nomFic: String(extra['nomFic']) }))).to.equal(true);
    }
  });
});
