import { expect } from 'chai';
import path from 'node:path';
import { openBlobStore } from '../../../src/blobs/file-blob-store.js';
import { createIntake } from '../../../src/intake/accept-item.js';
import { createNewId } from '../../../src/platform/new-id.js';
import { eachEngine } from '../../support/each-engine.js';
import { attachment, letter, mailParts, take } from '../../support/mail-rig.js';
import { sampleAuthority } from '../../support/sample-authority.js';
import { gather, type TempStore } from '../../support/temp-store.js';

eachEngine('mail on the store', (open) => {
  let store: TempStore;
  beforeEach(async () => { store = await open(); });
  afterEach(() => store.close());

  it('the same letter, however many at once, is one item, and its bytes are kept', async () => {
    const newId = createNewId();
    const blobs = await openBlobStore(path.join(store.folder, 'blobs'));
    const intake = createIntake({ store: store.intake, routes: sampleAuthority(), clock: { now: () => store.time.at }, newId, onAccepted: () => undefined });
    const parts = { ...mailParts(), blobs, intake, newId };
    const message = letter({ parts: [attachment('plan.pdf', 'x'.repeat(50_000)), attachment('note.pdf', 'y')] });
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => take(message, parts)));

    expect(new Set(outcomes.map((outcome) => ('uid' in outcome ? outcome.uid : outcome.state))).size).to.equal(1);
    expect(outcomes.filter(({ state }) => state === 'received')).to.have.length(1);
    const [item, ...others] = await gather(store.history.search('default', {}, 'everything'));
    expect([others, item?.annexes.map(({ filename }) => filename)]).to.deep.equal([[], ['plan.pdf', 'note.pdf', 'message.eml']]);
    for (const [index, expected] of ['x'.repeat(50_000), 'y', message.replaceAll('\n', '\r\n')].entries()) {
      const bytes = await gather(blobs.read(item!.annexes[index]!.sha256) as AsyncIterable<Buffer>);
      expect(Buffer.concat(bytes).toString()).to.equal(expected);
    }
  });
});
