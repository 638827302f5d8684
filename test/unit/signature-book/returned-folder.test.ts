import { expect } from 'chai';
import { OutcomeUnknown } from '../../../src/connector-api/failures.js';
import { folderOf } from '../../../src/signature-book/folder.js';
import { givenUp, missingFolder } from '../../../src/signature-book/missing-folder.js';
import { addedFiles, sentAs, unquoted } from '../../../src/signature-book/returned-folder.js';
import { receiptData } from '../../../src/signature-book/receipt-data.js';
import { sentFolder, sentFolderOf, type SentFile } from '../../../src/signature-book/sent-folder.js';
import { sampleAnnex, sampleItem } from '../../support/sample-item.js';

function sent(filename: string, sha256: string): SentFile {
  return { part: 'annex', filename, mediaType: 'application/pdf', sha256, size: 1 };
}

function returned(filename: string, sha256: string) {
  return { filename, mediaType: 'application/pdf', sha256, size: 1 };
}

describe('what comes back of a folder', () => {
  it('annexes that come back swapped are told by their content, whatever they are called now', () => {
    const files = [returned('b.pdf', 'B'), returned('a.pdf', 'A'), returned('slip.pdf', 'S')];
    expect(addedFiles(files, [sent('a.pdf', 'A'), sent('b.pdf', 'B')])).to.deep.equal([files[2]]);
    expect(addedFiles([returned('1.pdf', 'B')], [sent('b.pdf', 'B')])).to.deep.equal([]);
  });

  it('an annex that was made anew over there is told by its name', () => {
    expect(addedFiles([returned('"Étude.pdf"', 'X')], [sent('étude.pdf'.normalize('NFD'), 'A')])).to.deep.equal([]);
  });

  it('each file that was sent stands for one that came back: a copy that somebody added is added', () => {
    const copy = returned('a.pdf', 'A');
    expect(addedFiles([returned('a.pdf', 'A'), copy], [sent('a.pdf', 'A')])).to.deep.equal([copy]);
  });

  it('a document is found by its name, and by its name without extension where it was made a PDF', () => {
    const files = [sent('note.docx', 'N'), sent('note.pdf', 'P')];
    expect(sentAs('"NOTE.pdf"', files)?.sha256).to.equal('P');
    expect(sentAs('note.odt', files)?.sha256).to.equal('N');
    expect(sentAs('autre.pdf', files)).to.equal(null);
  });

  it('quotes around a name are taken off, and those within are not', () => {
    expect(['"a.pdf"', 'l"été".pdf', '"'].map(unquoted)).to.deep.equal(['a.pdf', 'l"été".pdf', '"']);
  });

  it('a receipt remembers what was sent, through the store', () => {
    const [pes, view, annex] = [sampleAnnex('pes.xml', { mediaType: 'text/xml', sha256: 'p', size: 3 }), sampleAnnex('vue.pdf'), sampleAnnex('annexe.pdf')];
    const defaults = { type: 'PES', subtype: 'Bordereau', visibility: 'SERVICE', expects: 'signature' } as const;
    const folder = folderOf({ item: sampleItem({ annexes: [pes, view, annex] }), fields: { mainDocument: 'pes.xml', visual: 'vue.pdf' } }, defaults);
    const read = receiptData(sentFolder, { data: JSON.parse(JSON.stringify(sentFolderOf(folder, '//Bordereau'))) as unknown });
    expect(read).to.deep.include({ place: '//Bordereau', expects: 'signature', type: 'PES', subtype: 'Bordereau' });
    expect(read.files.map(({ part, filename }) => [part, filename])).to.deep.equal([['main', 'pes.xml'], ['annex', 'annexe.pdf'], ['visual', 'vue.pdf']]);
    expect(read.files[0]).to.deep.equal({ part: 'main', filename: 'pes.xml', mediaType: 'text/xml', sha256: 'p', size: 3 });
  });

  it('a receipt of something else is no answer', () => {
    expect(() => receiptData(sentFolder, { data: { title: 'x' } })).to.throw(OutcomeUnknown);
  });

  it('a folder is lost when it is missed for so long', () => {
    expect(missingFolder(undefined, 1_000, 500)).to.deep.equal({ since: 1_000, lost: false });
    expect(missingFolder(1_000, 1_499, 500)).to.deep.equal({ since: 1_000, lost: false });
    expect(missingFolder(1_000, 1_500, 500)).to.deep.equal({ since: 1_000, lost: true });
    expect(givenUp(Date.parse('2027-03-01T09:00:00Z'), 86_400_000)).to.include('given up on 2027-03-02 09:00 UTC');
  });
});
