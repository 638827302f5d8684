import { expect } from 'chai';
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { jsonWithFiles } from '../../../src/connector-api/json-with-files.js';
import { sampleAnnex } from '../../support/sample-item.js';

describe('a JSON body with files', () => {
  const files = [randomBytes(1000), Buffer.alloc(0), randomBytes(77_777)];
  const annexes = files.map((bytes, index) => sampleAnnex(`${index}.bin`, { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length }));
  const read = (sha256: string): Readable => Readable.from(chunks(files[annexes.findIndex((annex) => annex.sha256 === sha256)] ?? Buffer.alloc(0)));
  const context = { blobs: { read, keep: () => Promise.reject(new Error('nothing is kept')) }, signal: new AbortController().signal };

  it('is what JSON.stringify would have made of it, and as long as it says', async () => {
    const { headers, body, bytes: length } = jsonWithFiles({ title: 'Réfection « Haute »', files: annexes.map((annex) => ({ name: annex.filename, data: { base64Of: annex } })), end: null }, context);
    const bytes = await buffer(body);
    expect(bytes.toString()).to.equal(JSON.stringify({ title: 'Réfection « Haute »', files: files.map((file, index) => ({ name: `${index}.bin`, data: file.toString('base64') })), end: null }));
    expect(headers).to.deep.equal({ 'content-type': 'application/json', 'content-length': String(bytes.length) });
    expect(length).to.equal(bytes.length);
  });

  it('breaks off where a file is not what was received', async () => {
    const [annex = sampleAnnex('0.bin')] = annexes;
    const { body } = jsonWithFiles([{ base64Of: { ...annex, size: annex.size - 1 } }], context);
    const failure = await buffer(body).catch((error: unknown) => error);
    expect(failure).to.have.property('kind', 'refused');
  });

  function chunks(bytes: Buffer): Buffer[] {
    return [bytes.subarray(0, 7), bytes.subarray(7, 8), bytes.subarray(8)];
  }
});
