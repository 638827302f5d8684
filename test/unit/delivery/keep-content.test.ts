import { expect } from 'chai';
import { Readable } from 'node:stream';
import { Refused } from '../../../src/connector-api/failures.js';
import { keepContent, type Room } from '../../../src/delivery/keep-content.js';
import { turns } from '../../support/fake-time.js';
import { memoryBlobStore } from '../../support/memory-blob-store.js';

const never = new AbortController().signal;
const roomFor = (left: number): Room => ({ left, exceeded: (message) => new Refused(message) });

async function failureOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'none', (error: unknown) => (error instanceof Error ? error.message : String(error)));
}

describe('keepContent', () => {
  it('keeps what comes, in pieces of any kind', async () => {
    const store = memoryBlobStore({ slowEvery: 2 });
    const kept = await keepContent(store, Readable.from([Buffer.from('un '), new Uint8Array([100, 101]), Buffer.from('ux')]), never, roomFor(100));

    expect(kept).to.have.keys('sha256', 'size').and.include({ size: 7 });
    expect(Buffer.concat(await store.read(kept.sha256).toArray() as Buffer[]).toString()).to.equal('un deux');
    expect(store).to.deep.include({ openWriters: 0, staged: [] });
  });

  it('leaves nothing when the content fails, and closes it when the disk is full', async () => {
    const broken = memoryBlobStore();
    async function* cut() { yield Buffer.from('a'); await turns(1); throw new Error('cut'); }
    expect(await failureOf(keepContent(broken, cut(), never, roomFor(100)))).to.equal('cut');
    expect(broken).to.deep.include({ openWriters: 0, staged: [] });

    const full = memoryBlobStore({ isFull: true });
    expect(await failureOf(keepContent(full, Readable.from([Buffer.from('a')]), never, roomFor(100)))).to.equal('no room');
    expect(full).to.deep.include({ openWriters: 0, staged: [] });
  });

  it('takes no more than there is room for, whatever number of files it comes in', async () => {
    const store = memoryBlobStore();
    const room = roomFor(10);
    async function* endless() { for (;;) { yield Buffer.from('abc'); await turns(1); } }

    expect(await keepContent(store, Readable.from([Buffer.from('six ok')]), never, room)).to.include({ size: 6 });
    expect(await failureOf(keepContent(store, endless(), never, room))).to.include('limits.requestBytes');
    expect(await failureOf(keepContent(store, Readable.from([Buffer.from('a')]), never, room))).to.include('limits.requestBytes');
    expect(store).to.deep.include({ openWriters: 0, staged: [] });
  });

  it('gives up at once when told to stop, even if the content stands still', async () => {
    const store = memoryBlobStore();
    const stop = new AbortController();
    const failure = failureOf(keepContent(store, new Readable({ read: () => undefined }), stop.signal, roomFor(100)));
    await turns(2);
    stop.abort(new Error('stopped'));

    expect(await failure).to.equal('stopped');
    expect(store).to.deep.include({ openWriters: 0, staged: [] });
  });

  it('discards what was received when it is told to stop before it is kept, and when that fails', async () => {
    const store = memoryBlobStore();
    const stop = new AbortController();
    async function* content() { yield Buffer.from('a'); await turns(1); }
    const create = store.create.bind(store);
    store.create = () => {
      const writer = create();
      return { ...writer, finish: async () => { const staged = await writer.finish(); stop.abort(new Error('stopped')); return staged; } };
    };
    expect(await failureOf(keepContent(store, content(), stop.signal, roomFor(100)))).to.equal('stopped');
    expect(store).to.deep.include({ openWriters: 0, staged: [] });

    const readOnly = memoryBlobStore();
    readOnly.keep = () => Promise.reject(new Error('read-only'));
    expect(await failureOf(keepContent(readOnly, content(), never, roomFor(100)))).to.equal('read-only');
    expect(readOnly.staged).to.deep.equal([]);
  });
});
