import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { SweptBlobStore } from '../../../src/blobs/blob-store.js';
import { openBlobStore } from '../../../src/blobs/file-blob-store.js';
import { waitFor } from '../../support/gateway-process.js';
import { stage } from '../../support/stage-blob.js';
import { gather, rejection, tempFolder } from '../../support/temp-store.js';

describe('the blob store in a folder', () => {
  let folder: string;
  let dispose: () => Promise<void>;
  let store: SweptBlobStore;
  beforeEach(async () => {
    ({ folder, dispose } = await tempFolder());
    store = await openBlobStore(folder);
  });
  afterEach(async () => { await dispose(); });

  const incoming = () => fs.readdir(path.join(folder, 'incoming'));
  const bytesOf = async (name: string) => Buffer.concat(await gather(store.read(name) as AsyncIterable<Buffer>));
  const age = async (file: string) => { await fs.utimes(path.join(folder, file), new Date(0), new Date(0)); };

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

  it('where processes share the folder, what others receive now is left alone', async () => {
    const other = store.create();
    await other.write(randomBytes(300 * 1024));
    await other.write(randomBytes(1));
    // written behind: the file may come a moment after the write was taken
    await waitFor(async () => (await incoming()).length === 1, 5_000, () => 'nothing is received');
    const [name] = await incoming();
    await openBlobStore(folder, { shared: true });
    expect(await incoming()).to.deep.equal([name]);
    const blob = await other.finish();
    await store.keep([blob]);
    const forgotten = store.create();
    await forgotten.write(randomBytes(600 * 1024));
    await forgotten.finish();
    for (const left of await incoming()) await age(path.join('incoming', left));
    await openBlobStore(folder, { shared: true });
    expect(await incoming()).to.deep.equal([]);
    expect(await bytesOf(blob.sha256)).to.have.length(300 * 1024 + 1);
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
