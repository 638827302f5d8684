import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createDocumentGenerator } from '../../../src/documents/create-document-generator.js';
import { RelaisError } from '../../../src/errors.js';
import { sampleData } from './sample-data.js';

const root = path.resolve(import.meta.dirname, '../../..');
const html = path.join(root, 'config/templates/item.html');
const docx = path.join(root, 'config/templates/item.docx');

async function refusal(work: Promise<unknown>): Promise<RelaisError> {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
  expect(error).to.be.instanceOf(RelaisError).with.property('code', 'RELAIS_WS4PM_GENERATION');
  return error as RelaisError;
}

describe('the document generator', function () {
  this.timeout(60_000);
  const generator = createDocumentGenerator({ idleMs: 5_000 });
  let folder: string;
  before(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'relais-documents-')); });
  after(() => rmSync(folder, { recursive: true }));

  it('makes both documents of the demonstration, asked for at once', async () => {
    const [pdf, word] = await Promise.all([generator.generate(html, 'pdf', sampleData()).then(buffer), generator.generate(docx, 'docx', sampleData()).then(buffer)]);

    expect(pdf.subarray(0, 5).toString()).to.equal('%PDF-');
    expect(word.subarray(0, 2).toString()).to.equal('PK');
  });

  it('refuses a format that a template does not make, naming it', async () => {
    expect((await refusal(generator.generate(html, 'docx', sampleData()))).message).to.match(/^Exception: format docx: .*pdf/);
    expect((await refusal(generator.generate(docx, 'pdf', sampleData()))).message).to.match(/^Exception: format pdf: .*docx/);
    expect((await refusal(generator.generate('/srv/item.odt', 'pdf', sampleData()))).message).to.equal('Exception: format pdf: a template of type .odt makes no document.');
  });

  it('refuses a template that is missing or wrong, with the cause and without its path, and goes on', async () => {
    const wrong = path.join(folder, 'wrong.html');
    writeFileSync(wrong, '{#annexes}');

    expect((await refusal(generator.generate(path.join(folder, 'none.html'), 'pdf', sampleData()))).message).to.equal('Exception: the file of the template cannot be read.');
    expect((await refusal(generator.generate(wrong, 'pdf', sampleData()))).message).to.include('{#annexes}').and.not.include(folder);
    expect((await buffer(await generator.generate(docx, 'docx', sampleData()))).length).to.be.greaterThan(1_000);
  });

  it('gives up a document that takes too long, and makes the next one', async () => {
    const impatient = createDocumentGenerator({ timeoutMs: 1, idleMs: 1 });
    expect((await refusal(impatient.generate(html, 'pdf', sampleData()))).message).to.equal('Exception: the document took longer than 0.001 s.');

    expect((await buffer(await generator.generate(docx, 'docx', sampleData()))).length).to.be.greaterThan(1_000);
  });

  it('does not keep its process alive', () => {
    const script = path.join(folder, 'once.mts');
    writeFileSync(script, `import { createDocumentGenerator } from ${JSON.stringify(path.join(root, 'src/documents/create-document-generator.ts'))};
      const data = ${JSON.stringify(sampleData())};
      const made = await createDocumentGenerator({ idleMs: 600_000 }).generate(${JSON.stringify(docx)}, 'docx', data);
      for await (const chunk of made) if (chunk.length > 0) process.stdout.write('made');`);

    expect(execFileSync(process.execPath, ['--import', 'tsx', script], { cwd: root, timeout: 30_000 }).toString()).to.equal('made');
  });
});
