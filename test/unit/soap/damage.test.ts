import { expect } from 'chai';
import { RelaisError } from '../../../src/errors.js';
import { createMessageReader } from '../../../src/soap/message-reader.js';
import { memoryBlobStore } from '../../support/memory-blob-store.js';
import { createItem, model, read, refusal, roomy } from './read-message.js';

const sample = Buffer.from(`<?xml version="1.0"?>${createItem(
  '<title>Été</title><description>&lt;p&gt;a&lt;/p&gt;</description><!-- c --><x y="z"><![CDATA[d]]></x>'
  + '<annexes><title>plan</title><file>QUJDREVGR0hJSktMTU5PUA==</file></annexes><toDiscuss>true</toDiscuss>')}`);

describe('damaged messages', () => {
  it('cut at any offset: a fault, and nothing left behind', async () => {
    for (let length = 0; length < sample.length; length++) {
      const error = await refusal(sample.subarray(0, length), { chunk: 50 });
      expect(error.blame, `cut at ${length}`).to.equal('caller');
    }
  });

  for (const byte of [0x00, 0x3c, 0x3e, 0x26, 0xff, 0x22, 0x5d]) {
    it(`the byte ${byte} at any offset: a fault of the caller or a request, nothing else`, async () => {
      let refused = 0;
      for (let offset = 0; offset < sample.length; offset++) {
        const damaged = Buffer.from(sample);
        damaged[offset] = byte;
        try {
          await read(damaged, { chunk: 40 });
        } catch (error) {
          expect(error, `byte at ${offset}`).to.be.instanceOf(RelaisError);
          expect((error as RelaisError).blame, `byte at ${offset}`).to.equal('caller');
          refused += 1;
        }
      }
      expect(refused).to.be.greaterThan(byte === 0 || byte === 0xff ? sample.length - 1 : sample.length / 3);
    });
  }

  it('a disk that is full: the error comes through, and nothing is left', async () => {
    const blobs = memoryBlobStore({ isFull: true });
    const error = await refusal(sample, { blobs });
    expect(error.code).to.equal('RELAIS_BLOB_UNAVAILABLE');
    expect(blobs.openWriters).to.equal(0);
  });

  it('given up in the middle of an annex: nothing is left', async () => {
    const blobs = memoryBlobStore({ slowEvery: 1 });
    const reader = createMessageReader({ model, limits: roomy, blobs }, 'text/xml');
    const waited = reader.push(sample.subarray(0, sample.indexOf('UA==')));
    expect(blobs.openWriters).to.equal(1);
    await reader.discard();
    await waited;
    expect(blobs.openWriters).to.equal(0);
  });
});
