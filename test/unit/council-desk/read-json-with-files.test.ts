import { expect } from 'chai';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { openDeskFiles, type DeskFiles } from '../../../src/signature-desk/desk-files.js';
import { JsonBodyError, readJsonWithFiles } from '../../../src/council-desk/read-json-with-files.js';

async function* inChunks(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

describe('a JSON body with files', () => {
  let files: DeskFiles;
  before(async () => { files = await openDeskFiles(); });
  after(() => files.close());

  it('is read as JSON is, wherever it is cut', async () => {
    await fc.assert(fc.asyncProperty(fc.json({ depthSize: 'small' }), fc.integer({ min: 1, max: 40 }), async (text, size) => {
      expect(await readJsonWithFiles(inChunks(text, size), files)).to.deep.equal(JSON.parse(text));
    }), { numRuns: 200 });
  });

  it('keeps a long file under its hash, and leaves other long texts where they are', async () => {
    const content = Buffer.alloc(300_000, Buffer.from([255, 239, 190, 1]));
    const body = JSON.stringify({ title: '"data":"', note: 'x'.repeat(100_000), file: { data: content.toString('base64') } }).replaceAll('/', '\\/');
    for (const size of [1000, 65_536, 1_000_000]) {
      const read = await readJsonWithFiles(inChunks(body, size), files) as { readonly title: string; readonly note: string; readonly file: { readonly data: object } };
      expect(read.file.data).to.deep.equal({ keptFile: createHash('sha256').update(content).digest('hex'), size: 300_000 });
      expect(read.title).to.equal('"data":"');
      expect(read.note).to.have.length(100_000);
    }
    expect((await files.whole(createHash('sha256').update(content).digest('hex'))).equals(content)).to.equal(true);
  });

  it('refuses what is cut, no JSON, or no base64', async () => {
    for (const text of ['{"a": "b', '{"a": ', `{"data": "${'!'.repeat(70_000)}"}`, `{"data": "${'A'.repeat(70_001)}"}`]) {
      const error = await readJsonWithFiles(inChunks(text, 5000), files).then(() => undefined, (thrown: unknown) => thrown);
      expect(error, text.slice(0, 20)).to.be.instanceOf(JsonBodyError);
    }
  });
});
