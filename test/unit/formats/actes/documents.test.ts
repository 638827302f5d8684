import { expect } from 'chai';
import { checkActDocument, type ExpectedDocument } from '../../../../src/formats/actes/check-act-document.js';
import { FormatError } from '../../../../src/formats/format-error.js';
import { inPieces } from '../../../support/shared-sample.js';

const PDF = '%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n';
const BUDGET = 'http://www.minefi.gouv.fr/cp/demat/docbudgetaire';
const totem = (inside: string): string => `<?xml version="1.0" encoding="ISO-8859-1"?><DocumentBudgetaire xmlns="${BUDGET}"><VersionSchema V="70"/>${inside}<EnTeteDocBudgetaire/><Budget/></DocumentBudgetaire>`;
const deliberation: ExpectedDocument = { nature: '1', classification: '7.10', mediaType: 'application/octet-stream', part: 'main' };
const budget: ExpectedDocument = { ...deliberation, nature: '5', classification: '7.1' };

const check = (content: string | Buffer, expected: ExpectedDocument): ReturnType<typeof checkActDocument> => checkActDocument(inPieces(typeof content === 'string' ? Buffer.from(content, 'latin1') : content, 7), expected);

async function refusal(content: string | Buffer, expected: ExpectedDocument): Promise<string> {
  const failure: unknown = await check(content, expected).then(() => undefined, (error: unknown) => error);
  expect(failure).to.be.instanceOf(FormatError);
  return (failure as FormatError).message;
}

describe('documents of an act (contracts/s2low.md §3.2, contracts/pes-actes-formats.md §B5)', () => {
  it('a PDF has a head and an end, wherever readers look for them', async () => {
    for (const good of [PDF, `\n  junk ${PDF}`, `${PDF}${'\0'.repeat(2000)}`]) expect(await check(good, deliberation)).to.deep.equal({ kind: 'pdf', warnings: [] });
    expect(await refusal(PDF.slice(0, 60), deliberation)).to.match(/without end/);
    expect(await refusal(`%PDF-1.7 %%EOF ${'x'.repeat(5000)}`, deliberation), 'an end in the beginning').to.match(/without end/);
  });

  it('a PDF with a password is refused before it is sent, wherever its trailer says so', async () => {
    expect(await refusal(PDF.replace('/Root 1 0 R', '/Root 1 0 R/Encrypt 12 0 R'), deliberation)).to.match(/protected/);
    expect(await refusal(PDF.replace('endobj', `endobj\n<</Type/XRef /Encrypt <</Filter/Standard>>>>${'x'.repeat(9000)}`), deliberation)).to.match(/protected/);
    expect(await check(PDF.replace('endobj', '(/Encrypt is a word of PDF) /EncryptMetadata false\nendobj'), deliberation)).to.have.property('kind', 'pdf');
  });

  it('a web page that was saved in place of the document is refused', async () => {
    for (const page of ['<!DOCTYPE html><html></html>', '\n<html><head>', '<!-- x -->\n<HTML lang="fr">']) expect(await refusal(page, { ...deliberation, part: 'annex' })).to.match(/web page/);
  });

  it('what a document is, its content says and not its name', async () => {
    expect(await refusal(PDF, { ...deliberation, mediaType: 'application/xml' })).to.match(/declared as application\/xml and is a PDF/);
    expect(await refusal('PK\x03\x04', { ...deliberation, mediaType: 'application/pdf' })).to.match(/neither PDF/);
    expect(await refusal('', deliberation)).to.match(/empty/);
  });

  it('annexes may be PDF, XML, JPEG or PNG', async () => {
    const annex: ExpectedDocument = { ...deliberation, part: 'annex' };
    expect(await check('\xFF\xD8\xFF\xE0 image', { ...annex, mediaType: 'image/jpeg' })).to.have.property('kind', 'jpeg');
    expect(await check('\x89PNG\r\n\x1A\n image', annex)).to.have.property('kind', 'png');
    expect(await check('\xEF\xBB\xBF<?xml version="1.0"?><a><b/></a>', { ...annex, mediaType: 'text/xml' })).to.have.property('kind', 'xml');
    expect(await refusal('<a><b></a>', annex)).to.match(/not well-formed/);
    expect(await refusal('\xFF\xD8\xFF\xE0 image', deliberation), 'as main document').to.match(/must be a PDF/);
  });

  it('the main document may be XML for nature 5 and matter 7.1 alone, and then of TotEM', async () => {
    expect(await check(totem('<Scellement md5="x"/>'), budget)).to.deep.equal({ kind: 'xml', warnings: [] });
    expect(await check('<CompteFinancierUnique><Scellement/></CompteFinancierUnique>', budget)).to.deep.equal({ kind: 'xml', warnings: [] });
    expect(await refusal(totem(''), { ...budget, classification: '7.10' })).to.match(/nature is 5 and matter 7.1/);
    expect(await refusal(totem(''), { ...budget, nature: '1' })).to.match(/nature is 5 and matter 7.1/);
    expect(await refusal('<Budget/>', budget)).to.match(/root Budget/);
    expect(await refusal('<DocumentBudgetaire/>', budget)).to.match(/namespace/);
    expect(await check(PDF, budget), 'a budget may be a PDF too').to.have.property('kind', 'pdf');
  });

  it('a budget that was not sealed is warned of', async () => {
    const { warnings } = await check(totem('<Budget><Scellement/></Budget>'), budget);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/not sealed/);
  });
});
