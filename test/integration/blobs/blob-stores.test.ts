import { expect } from 'chai';
import fc from 'fast-check';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { StagedBlob, SweptBlobStore } from '../../../src/blobs/blob-store.js';
import { openBlobStore } from '../../../src/blobs/file-blob-store.js';
import { stage } from '../../support/stage-blob.js';
import { gather, openTempPostgres, rejection, tempFolder } from '../../support/temp-store.js';

interface OpenBlobs {
  readonly store: SweptBlobStore;
  /** How many blobs are not complete, or were not kept. */
  readonly incoming: () => Promise<number>;
  /** Makes a kept blob look very old. */
  readonly age: (sha256: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

async function inFolder(): Promise<OpenBlobs> {
  const { folder, dispose } = await tempFolder();
  return {
    store: await openBlobStore(folder),
    incoming: async () => (await fs.readdir(path.join(folder, 'incoming'))).length,
    age: (name) => fs.utimes(path.join(folder, name.slice(0, 2), name), new Date(0), new Date(0)),
    close: dispose,
  };
}

async function inDatabase(): Promise<OpenBlobs> {
  const store = await openTempPostgres();
  const count = (sql: string) => store.door.read(async (manager) => (await manager.query<{ n: number }[]>(sql))[0]!.n);
  return {
    store: store.databaseBlobs!('default'),
    // pieces that belong to nothing would be there for ever
    incoming: async () => await count('SELECT count(*) AS n FROM blob_incoming') + await count('SELECT count(*) AS n FROM blob_chunk WHERE id NOT IN (SELECT id FROM blob)'),
    age: (name) => store.door.write((manager) => manager.query('UPDATE blob SET kept_at = 0 WHERE sha256 = ?', [name])),
    close: () => store.close(),
  };
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

for (const [where, open] of [['a folder', inFolder], ['the database', inDatabase]] as const) {
  describe(`blobs in ${where}`, () => {
    let blobs: OpenBlobs;
    before(async () => { blobs = await open(); });
    after(async () => { await blobs.close(); });
    const bytesOf = async (name: string) => Buffer.concat(await gather(blobs.store.read(name) as AsyncIterable<Buffer>));

    it('gives back what was written, whatever the chunks', async () => {
      await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 40 }), async (arrays) => {
        const chunks = arrays.map((array) => Buffer.from(array));
        const whole = Buffer.concat(chunks);
        const blob = await stage(blobs.store, ...chunks);
        expect(blob).to.deep.equal({ sha256: sha256(whole), size: whole.length, head: whole.subarray(0, 4096) });
        await blobs.store.keep([blob]);
        expect((await bytesOf(blob.sha256)).equals(whole)).to.equal(true);
      }), { numRuns: 30 });
      expect(await blobs.incoming()).to.equal(0);
    });

    it('keeps the same bytes once, and staged bytes only when told', async () => {
      const [first, second, discarded] = [await stage(blobs.store, Buffer.from('same')), await stage(blobs.store, Buffer.from('same')), await stage(blobs.store, Buffer.from('other'))];
      await blobs.store.keep([first, second]);
      await blobs.store.discard([first, discarded]);
      expect((await bytesOf(first.sha256)).toString()).to.equal('same');
      expect((await rejection(bytesOf(discarded.sha256))).code).to.equal('RELAIS_BLOB_MISSING');
      expect(await blobs.incoming()).to.equal(0);
      await blobs.store.keep([first]);
    });

    it('the sweep removes old orphans only', async () => {
      const staged = await Promise.all(['referred', 'orphan', 'young', 'kept again'].map((text) => stage(blobs.store, Buffer.from(text))));
      await blobs.store.keep(staged);
      const [referred, orphan, young, again] = staged as [StagedBlob, StagedBlob, StagedBlob, StagedBlob];
      for (const blob of [referred, orphan, again]) await blobs.age(blob.sha256);
      await blobs.store.keep([await stage(blobs.store, Buffer.from('kept again'))]);
      const swept = await blobs.store.sweepOrphans((name) => Promise.resolve(name === referred.sha256), 3_600_000);
      expect(swept).to.deep.equal({ removed: 1, bytes: 'orphan'.length });
      for (const blob of [referred, young, again]) expect(await bytesOf(blob.sha256)).to.have.length.greaterThan(0);
      expect((await rejection(bytesOf(orphan.sha256))).code).to.equal('RELAIS_BLOB_MISSING');
    });

    it('the sweep leaves alone what is kept while it looks', async () => {
      const old = await stage(blobs.store, Buffer.from('contested'));
      await blobs.store.keep([old]);
      await blobs.age(old.sha256);
      const again = await stage(blobs.store, Buffer.from('contested'));
      let keeping: Promise<void> | undefined;
      await blobs.store.sweepOrphans(() => { keeping = blobs.store.keep([again]); return Promise.resolve(false); }, 3_600_000);
      await keeping;
      expect((await bytesOf(old.sha256)).toString()).to.equal('contested');
    });

    it('large ones come and go in pieces, and ask the writer to wait', async () => {
      const chunk = randomBytes(100_000);
      const writer = blobs.store.create();
      let waits = 0;
      for (let n = 0; n < 320; n += 1) {
        const wait = writer.write(Buffer.from(chunk));
        if (wait !== undefined) { waits += 1; await wait; }
      }
      const blob = await writer.finish();
      expect(waits).to.be.greaterThan(5);
      await blobs.store.keep([blob]);
      const hash = createHash('sha256');
      let largest = 0;
      for await (const piece of blobs.store.read(blob.sha256) as AsyncIterable<Buffer>) {
        hash.update(piece);
        largest = Math.max(largest, piece.length);
      }
      expect(hash.digest('hex')).to.equal(blob.sha256);
      expect(largest).to.be.at.most(512 * 1024);
    });

    it('large ones are kept once, too, and go when they are aborted or discarded', async () => {
      const bytes = randomBytes(700_000);
      const [first, second, third] = [await stage(blobs.store, bytes), await stage(blobs.store, bytes), await stage(blobs.store, bytes)];
      await Promise.all([blobs.store.keep([first]), blobs.store.keep([second])]);
      await blobs.store.discard([third]);
      const aborted = blobs.store.create();
      await aborted.write(Buffer.from(bytes));
      await aborted.abort();
      expect(await blobs.incoming()).to.equal(0);
      expect((await bytesOf(first.sha256)).equals(bytes)).to.equal(true);
    });

    it('a reader may stop early', async () => {
      const blob = await stage(blobs.store, randomBytes(2 * 1024 * 1024));
      await blobs.store.keep([blob]);
      const stream = blobs.store.read(blob.sha256);
      await once(stream, 'readable');
      stream.destroy();
      await once(stream, 'close');
    });
  });
}

describe('blobs in the database of several authorities', () => {
  it('belong to one each', async () => {
    const store = await openTempPostgres();
    const [one, other] = [store.databaseBlobs!('one'), store.databaseBlobs!('other')];
    const blob = await stage(one, Buffer.from('of one'));
    await one.keep([blob]);
    const stolen = gather(other.read(blob.sha256) as AsyncIterable<Buffer>);
    expect((await rejection(stolen)).code).to.equal('RELAIS_BLOB_MISSING');
    await store.close();
  });

  it('a database that is gone says so, and what was cut off is swept after a day', async () => {
    const store = await openTempPostgres();
    const blobs = store.databaseBlobs!('default');
    const cut = blobs.create();
    await cut.write(randomBytes(600_000));
    await cut.finish();
    await blobs.sweepOrphans(() => Promise.resolve(true), 0);
    const pieces = () => store.door.read(async (manager) => (await manager.query<{ n: number }[]>('SELECT count(*) AS n FROM blob_chunk'))[0]!.n);
    expect(await pieces()).to.equal(3);
    store.time.at += 25 * 3_600_000;
    await blobs.sweepOrphans(() => Promise.resolve(true), 0);
    expect(await pieces()).to.equal(0);
    const writing = blobs.create();
    await store.close();
    await writing.write(randomBytes(600_000));
    expect((await rejection(writing.finish())).code).to.equal('RELAIS_BLOB_UNAVAILABLE');
    await writing.abort();
  });
});
