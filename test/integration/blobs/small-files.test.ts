import { expect } from 'chai';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { createSmallFiles } from '../../../src/blobs/small-files.js';
import { waitFor } from '../../support/gateway-process.js';
import { rejection, tempFolder } from '../../support/temp-store.js';

describe('small files under their final name', () => {
  const bytes = Buffer.from('the same letter, sent twice at once');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  let folder: string;
  let dispose: () => Promise<void>;
  let target: string;
  /** Flushes that were asked for and have not ended. */
  let flushes: { readonly end: () => void; readonly fail: (error: Error) => void }[];
  const flush = () => new Promise<void>((resolve, reject) => { flushes.push({ end: resolve, fail: reject }); });
  beforeEach(async () => {
    ({ folder, dispose } = await tempFolder());
    target = path.join(folder, sha256);
    flushes = [];
  });
  afterEach(async () => { await dispose(); });

  const flushAsked = (count: number) => waitFor(() => flushes.length === count, 5_000, () => `flush ${count} never came`);
  const smallFiles = () => createSmallFiles(() => path.join(folder, 'spare'), flush);

  it('the second to bring the same bytes is not done before they are flushed', async () => {
    const files = smallFiles();
    const done: string[] = [];
    const first = files.place(target, sha256, [bytes]).then(() => done.push('first'));
    const second = files.place(target, sha256, [bytes]).then(() => done.push('second'));
    await flushAsked(1);
    // long enough for the second to read the file, if it did not wait
    await fs.readFile(target);
    await fs.readFile(target);
    expect(done).to.deep.equal([]);
    flushes[0]?.end();
    await Promise.all([first, second]);
    expect(done).to.deep.equal(['first', 'second']);
    expect(flushes).to.have.length(1);
  });

  it('when the flush of the first fails, the second writes the bytes itself', async () => {
    const files = smallFiles();
    const first = rejection(files.place(target, sha256, [bytes]));
    const second = files.place(target, sha256, [bytes]);
    await flushAsked(1);
    flushes[0]?.fail(new Error('the disk is gone'));
    expect((await first).message).to.equal('the disk is gone');
    await flushAsked(2);
    flushes[1]?.end();
    await second;
    expect((await fs.readFile(target)).equals(bytes)).to.equal(true);
  });

  it('what a killed process left is flushed before it counts', async () => {
    await fs.writeFile(target, bytes);
    let isPlaced = false;
    const placed = smallFiles().place(target, sha256, [bytes]).then(() => { isPlaced = true; });
    await flushAsked(1);
    expect(isPlaced).to.equal(false);
    flushes[0]?.end();
    await placed;
  });

  it('what is damaged is replaced', async () => {
    await fs.writeFile(target, 'the same le');
    const placed = smallFiles().place(target, sha256, [bytes]);
    await flushAsked(1);
    flushes[0]?.end();
    await placed;
    expect((await fs.readFile(target)).equals(bytes)).to.equal(true);
  });
});
