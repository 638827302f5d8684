import { expect } from 'chai';
import fc from 'fast-check';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { BlobStore, StagedBlob } from '../../../src/blobs/blob-store.js';
import { openBlobStore } from '../../../src/blobs/file-blob-store.js';
import type { FileBlobStore } from '../../../src/blobs/file-blob-store.js';
import { gather, rejection, tempFolder } from '../../support/temp-store.js';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function stage(store: BlobStore, ...chunks: Buffer[]): Promise<StagedBlob> {
  const writer = store.create();
  for (const chunk of chunks) await writer.write(chunk);
  return writer.finish();
}

describe('the blob store', () => {
  let folder: string;
  let dispose: () => Promise<void>;
  let store: FileBlobStore;
  beforeEach(async () => {
    ({ folder, dispose } = await tempFolder());
    store = await openBlobStore(folder);
  });
  afterEach(async () => { await dispose(); });

  const incoming = () => fs.readdir(path.join(folder, 'incoming'));
  const bytesOf = async (name: string) => Buffer.concat(await gather(store.read(name) as AsyncIterable<Buffer>));
  const age = async (name: string) => { await fs.utimes(path.join(folder, name.slice(0, 2), name), new Date(0), new Date(0)); };

  it('gives back what was written, whatever the chunks', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 40 }), async (arrays) => {
      const chunks = arrays.map((array) => Buffer.from(array));
      const whole = Buffer.concat(chunks);
      const blob = await stage(store, ...chunks);
      expect(blob).to.deep.equal({ sha256: sha256(whole), size: whole.length, head: whole.subarray(0, 4096) });
      await store.keep([blob]);
      expect((await bytesOf(blob.sha256)).equals(whole)).to.equal(true);
    }), { numRuns: 30 });
    expect(await incoming()).to.deep.equal([]);
  });

  it('holds many megabytes with little pending, and asks the writer to wait', async () => {
    const chunk = randomBytes(64 * 1024);
    const writer = store.create();
    let waits = 0;
    for (let n = 0; n < 320; n += 1) {
      const wait = writer.write(chunk);
      if (wait !== undefined) { waits += 1; await wait; }
    }
    const blob = await writer.finish();
    expect(blob.size).to.equal(320 * chunk.length);
    expect(waits).to.be.greaterThan(5);
    await store.keep([blob]);
    expect((await fs.stat(path.join(folder, blob.sha256.slice(0, 2), blob.sha256))).size).to.equal(blob.size);
  });

  it('keeps the same bytes once, and staged bytes only when told', async () => {
    const [first, second, discarded] = [await stage(store, Buffer.from('same')), await stage(store, Buffer.from('same')), await stage(store, Buffer.from('other'))];
    await store.keep([first, second]);
    await store.discard([first, discarded]);
    expect((await bytesOf(first.sha256)).toString()).to.equal('same');
    expect((await rejection(bytesOf(discarded.sha256))).code).to.equal('RELAIS_BLOB_MISSING');
    expect(await incoming()).to.deep.equal([]);
    await store.keep([first]);
  });

  it('aborted and failed writes leave nothing', async () => {
    const aborted = store.create();
    await aborted.write(Buffer.from('half'));
    await aborted.abort();
    await store.create().abort();
    expect(await incoming()).to.deep.equal([]);
    await fs.rm(path.join(folder, 'incoming'), { recursive: true });
    const failing = store.create();
    await failing.write(randomBytes(300 * 1024));
    expect((await rejection(failing.finish())).code).to.equal('RELAIS_BLOB_UNAVAILABLE');
    await failing.abort();
  });

  it('tells a writer early that the disk fails', async () => {
    await fs.rm(path.join(folder, 'incoming'), { recursive: true });
    const writer = store.create();
    const write = async (): Promise<void> => { for (let n = 0; n < 100; n += 1) await writer.write(randomBytes(256 * 1024)); };
    expect((await rejection(write())).code).to.equal('RELAIS_BLOB_UNAVAILABLE');
    await writer.abort();
  });

  it('a keep that fails says so', async () => {
    const blob = await stage(store, Buffer.from('x'));
    await fs.writeFile(path.join(folder, blob.sha256.slice(0, 2)), 'a file where a folder belongs');
    expect((await rejection(store.keep([blob]))).code).to.equal('RELAIS_BLOB_UNAVAILABLE');
    await store.discard([blob]);
    expect(await incoming()).to.deep.equal([]);
  });

  it('replaces what a crash left half-written under a final name', async () => {
    const bytes = randomBytes(50_000);
    const blob = await stage(store, bytes);
    const target = path.join(folder, blob.sha256.slice(0, 2), blob.sha256);
    await fs.mkdir(path.dirname(target));
    await fs.writeFile(target, bytes.subarray(0, 20_000));
    await store.keep([blob]);
    expect((await bytesOf(blob.sha256)).equals(bytes)).to.equal(true);
    expect(await incoming()).to.deep.equal([]);
  });

  it('small blobs beyond what memory may hold wait on disk', async () => {
    const blobs = await Promise.all(Array.from({ length: 60 }, (_, n) => stage(store, Buffer.alloc(200_000, n))));
    const onDisk = (await incoming()).length;
    expect(onDisk).to.be.greaterThan(10).and.lessThan(60);
    await store.keep(blobs.slice(0, 30));
    await store.discard(blobs.slice(30));
    expect(await incoming()).to.deep.equal([]);
    expect((await bytesOf(blobs[29]!.sha256)).equals(Buffer.alloc(200_000, 29))).to.equal(true);
    expect((await Promise.all(Array.from({ length: 40 }, (_, n) => stage(store, Buffer.alloc(200_000, n))))).length).to.equal(40);
    expect((await incoming()).length, 'memory was given back').to.be.lessThan(10);
  });

  it('removes at the start what a crash cut off, and keeps what was kept', async () => {
    const kept = await stage(store, Buffer.from('kept'));
    await store.keep([kept]);
    const cut = store.create();
    await cut.write(randomBytes(300 * 1024));
    await stage(store, Buffer.from('staged, never kept'));
    store = await openBlobStore(folder);
    expect(await incoming()).to.deep.equal([]);
    expect((await bytesOf(kept.sha256)).toString()).to.equal('kept');
    await cut.abort();
  });

  it('the sweep removes old orphans only', async () => {
    const blobs = await Promise.all(['referred', 'orphan', 'young', 'kept again'].map((text) => stage(store, Buffer.from(text))));
    await store.keep(blobs);
    const [referred, orphan, young, again] = blobs as [StagedBlob, StagedBlob, StagedBlob, StagedBlob];
    for (const blob of [referred, orphan, again]) await age(blob.sha256);
    await store.keep([await stage(store, Buffer.from('kept again'))]);
    const swept = await store.sweepOrphans((name) => Promise.resolve(name === referred.sha256), 3_600_000);
    expect(swept).to.deep.equal({ removed: 1, bytes: 'orphan'.length });
    for (const blob of [referred, young, again]) expect(await bytesOf(blob.sha256)).to.have.length.greaterThan(0);
    expect((await rejection(bytesOf(orphan.sha256))).code).to.equal('RELAIS_BLOB_MISSING');
  });

  it('the sweep leaves alone what is kept while it looks', async () => {
    const old = await stage(store, Buffer.from('contested'));
    await store.keep([old]);
    await age(old.sha256);
    const again = await stage(store, Buffer.from('contested'));
    let keeping: Promise<void> | undefined;
    await store.sweepOrphans(() => { keeping = store.keep([again]); return Promise.resolve(false); }, 3_600_000);
    await keeping;
    expect((await bytesOf(old.sha256)).toString()).to.equal('contested');
  });

  it('a name from outside never becomes a path', () => {
    for (const name of ['../../etc/passwd', '', 'ABCDEF', `${'a'.repeat(63)}/`]) expect(() => store.read(name)).to.throw().with.property('code', 'RELAIS_BLOB_MISSING');
  });

  it('a reader that stops early leaves no open file', async () => {
    const blob = await stage(store, randomBytes(2 * 1024 * 1024));
    await store.keep([blob]);
    const before = (await fs.readdir('/proc/self/fd').catch(() => [])).length;
    const stream = store.read(blob.sha256);
    await once(stream, 'readable');
    stream.destroy();
    await once(stream, 'close');
    expect((await fs.readdir('/proc/self/fd').catch(() => [])).length).to.equal(before);
  });
});
