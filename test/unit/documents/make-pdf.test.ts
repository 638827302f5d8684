import { expect } from 'chai';
import { buffer } from 'node:stream/consumers';
import { makePdf } from '../../../src/documents/make-pdf.js';
import { readRichText } from '../../../src/documents/read-rich-text.js';

/** The file with its streams readable. */
async function pdfOf(html: string): Promise<string> {
  return (await buffer(await makePdf(readRichText(html), { title: 'Essai', compress: false }))).toString('latin1');
}

const pages = (pdf: string) => pdf.match(/\/Type \/Page\b/g)?.length ?? 0;

describe('PDF documents', () => {
  it('are whole files of one page with embedded fonts', async () => {
    const pdf = await pdfOf('<p>Été <b>gras</b> <i>italique</i></p>');

    expect(pdf).to.match(/^%PDF-1\./).and.match(/%%EOF\s*$/);
    expect(pages(pdf)).to.equal(1);
    expect(pdf).to.include('/FontFile2').and.include('Roboto-Regular').and.include('Roboto-Medium').and.include('Roboto-Italic');
  });

  it('map accents, œ and € so that the text can be copied and searched', async () => {
    const pdf = await pdfOf('<p>éœ€</p>');

    // ToUnicode tables name each character in UTF-16.
    for (const code of ['00e9', '0153', '20ac']) expect(pdf.toLowerCase()).to.include(code);
  });

  it('link to the web, and load nothing from there', async () => {
    const pdf = await pdfOf('<p><a href="https://a.be/plan">plan</a><img src="http://127.0.0.1:1/x.png"></p>');

    expect(pdf).to.include('/URI (https://a.be/plan)');
    expect(pdf).to.not.include('127.0.0.1');
  });

  it('draw the lines of tables, with spans, ragged rows and lists in cells', async () => {
    const lines = (pdf: string) => pdf.match(/ l\n/g)?.length ?? 0;
    const table = await pdfOf('<table><tr><th rowspan="2">a</th><td>b</td><td>c</td></tr><tr><td><ul><li>d<ol><li>e</li></ol></li></ul></td></tr><tr><td colspan="9">f</td></tr></table>');

    expect(lines(table)).to.be.greaterThan(lines(await pdfOf('<p>abcdef</p>')) + 8);
  });

  it('bear the widest and deepest that is accepted', async () => {
    const deep = `${'<ul><li>x'.repeat(9)}<table><tr>${'<td>mot plus long que la colonne</td>'.repeat(24)}</tr></table>`;

    expect(pages(await pdfOf(deep))).to.be.greaterThan(0);
  });

  it('go over as many pages as 2,000 paragraphs need', async () => {
    expect(pages(await pdfOf('<p>Considérant que ce paragraphe compte.</p>'.repeat(2_000)))).to.be.within(40, 80);
  }).timeout(60_000);

  it('are one page when there is nothing to print', async () => {
    expect(pages(await pdfOf(''))).to.equal(1);
  });
});
