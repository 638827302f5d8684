import { expect } from 'chai';
import { XMLParser } from 'fast-xml-parser';
import fs from 'node:fs';
import path from 'node:path';
import PizZip from 'pizzip';
import { parseStringPromise } from 'xml2js';
import type { DocumentData } from '../../../src/documents/generate-document.js';
import { makeDocx } from '../../../src/documents/make-docx.js';
import { printableData } from '../../../src/documents/printable-data.js';
import { RelaisError } from '../../../src/errors.js';
import { sampleData } from './sample-data.js';

const template = fs.readFileSync(path.resolve(import.meta.dirname, '../../../config/templates/item.docx'));

/** The parts of the file that was made, each proved well-formed. */
async function partsOf(data: DocumentData, from: Buffer = template): Promise<Map<string, string>> {
  const zip = new PizZip(await makeDocx(from, printableData(data)));
  const parts = new Map(Object.keys(zip.files).filter((name) => /\.(xml|rels)$/.test(name)).map((name) => [name, zip.file(name)!.asText()]));
  for (const xml of parts.values()) await parseStringPromise(xml);
  return parts;
}

/** The template with a part changed. */
function changed(part: string, change: (xml: string) => string): Buffer {
  const zip = new PizZip(template);
  zip.file(part, change(zip.file(part)?.asText() ?? ''));
  return zip.generate({ type: 'nodebuffer' });
}

const document = async (data: DocumentData, from?: Buffer) => (await partsOf(data, from)).get('word/document.xml')!;
const textOf = (xml: string) => [...xml.matchAll(/<w:t[ >][^<]*/g)].map(([found]) => found.replace(/^<w:t[^>]*>/, '')).join('');

async function refusal(from: Buffer): Promise<RelaisError> {
  const error: unknown = await makeDocx(from, sampleData()).catch((thrown: unknown) => thrown);
  expect(error).to.be.instanceOf(RelaisError).with.property('code', 'RELAIS_WS4PM_GENERATION');
  return error as RelaisError;
}

describe('Word documents', () => {
  it('print values, sections and lists of the demonstration template', async () => {
    const text = textOf(await document(sampleData()));

    expect(text).to.include('Réfection de l’église').and.include('Urbanisme').and.include('15 mars 2027 à 18:30').and.include('– Plan (plan.pdf)');
    expect(text).to.not.include('{').and.not.include('Aucune annexe').and.not.include('Motivation');
  });

  it('print what depends on the lack of a value, and nothing for empty ones', async () => {
    const text = textOf(await document(sampleData({ annexes: [], meeting: '', descriptionHtml: '' })));

    expect(text).to.include('Aucune annexe').and.include('À fixer');
  });

  it('escape HTML in plain fields and drop characters that XML forbids', async () => {
    const xml = await document(sampleData({ title: '<b>&amp;</b>\u0000\u0008\ud800 fin', descriptionHtml: '<p>a&#0;\u000bb\uffff</p>' }));

    expect(textOf(xml)).to.include('&lt;b&gt;&amp;amp;&lt;/b&gt; fin').and.match(/a\ufffd?b/);
  });

  it('give every ordered list its own numbering, at its level, from its start', async () => {
    const parts = await partsOf(sampleData({ descriptionHtml: '<ol><li>a<ol start="4"><li>b</li></ol></li></ol><ol><li>c</li></ol><ul><li>d</li></ul>' }));
    const paragraphs = [...parts.get('word/document.xml')!.matchAll(/<w:ilvl w:val="(\d)"\/><w:numId w:val="(\d+)"\/>/g)].map(([, level, id]) => ({ level, id }));
    const numbering = parts.get('word/numbering.xml')!;

    expect(paragraphs.map(({ level }) => level)).to.deep.equal(['0', '1', '0', '0']);
    expect(new Set(paragraphs.map(({ id }) => id)).size).to.equal(4);
    for (const { id } of paragraphs) expect(numbering).to.include(`<w:num w:numId="${id}">`);
    expect(numbering).to.include('<w:lvlOverride w:ilvl="1"><w:startOverride w:val="4"/>');
    expect(numbering.lastIndexOf('<w:abstractNum ')).to.be.lessThan(numbering.indexOf('<w:num '));
    expect(parts.get('[Content_Types].xml')).to.include('/word/numbering.xml');
    expect(parts.get('word/_rels/document.xml.rels')).to.include('Target="numbering.xml"');
  });

  it('add to the numbering that a template has already', async () => {
    const word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
    const own = `<w:numbering ${word}><w:abstractNum w:abstractNumId="7"/><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num><w:numIdMacAtCleanup w:val="1"/></w:numbering>`;
    const numbering = (await partsOf(sampleData({ descriptionHtml: '<ul><li>a</li></ul>' }), changed('word/numbering.xml', () => own))).get('word/numbering.xml')!;

    expect([...numbering.matchAll(/<(w:abstractNum|w:num|w:numIdMacAtCleanup) [^>]*="(\d+)"/g)].map(([, name, id]) => `${name} ${id}`))
      .to.deep.equal(['w:abstractNum 7', 'w:abstractNum 8', 'w:abstractNum 9', 'w:num 3', 'w:num 4', 'w:numIdMacAtCleanup 1']);
  });

  it('keep links as relationships of the part that shows them, each address once', async () => {
    const link = '<p><a href="https://a.be/?x=1&amp;y=$&amp;">un</a> <a href="https://a.be/?x=1&amp;y=$&amp;">deux</a></p>';
    const parts = await partsOf(sampleData({ descriptionHtml: link, decisionHtml: link }), changed('word/footer1.xml', (xml) => xml.replace(/<w:p>.*<\/w:p>/, '<w:p><w:r><w:t>{@decisionHtml}</w:t></w:r></w:p>')));

    for (const part of ['document', 'footer1']) {
      const relationships = parts.get(`word/_rels/${part}.xml.rels`)!;
      expect(relationships.match(/TargetMode="External"/g)).to.have.length(1);
      expect(relationships).to.include('Id="relaisLink1"').and.include('Target="https://a.be/?x=1&amp;y=$&amp;"');
      expect(parts.get(`word/${part}.xml`)).to.include('r:id="relaisLink1"');
    }
  });

  it('draw tables with borders and spans, every row as wide as the grid', async () => {
    const html = '<table><tr><th rowspan="2">a</th><td>b</td></tr><tr><td>c</td></tr><tr><td colspan="2">d</td></tr><tr><td>e</td></tr></table>';
    const xml = await document(sampleData({ descriptionHtml: html }));
    const table = xml.slice(xml.indexOf('<w:tbl>', xml.indexOf('Exposé')));
    const parsed = new XMLParser({ ignoreAttributes: false, isArray: (name) => ['w:tr', 'w:tc'].includes(name) }).parse(table.slice(0, table.indexOf('</w:tbl>') + 8)) as
      { 'w:tbl': { 'w:tblPr': object; 'w:tblGrid': { 'w:gridCol': object[] }; 'w:tr': { 'w:tc': { 'w:tcPr': Record<string, Record<string, string>> }[] }[] } };

    expect(parsed['w:tbl']['w:tblPr']).to.have.nested.property('w:tblBorders.w:insideH.@_w:val', 'single');
    const cells = parsed['w:tbl']['w:tr'].map((row) => row['w:tc'].map(({ 'w:tcPr': { 'w:gridSpan': span, 'w:vMerge': merge } }) => [Number(span?.['@_w:val'] ?? 1), merge?.['@_w:val'] ?? '']));
    expect(cells).to.deep.equal([[[1, 'restart'], [1, '']], [[1, 'continue'], [1, '']], [[2, '']], [[1, ''], [1, '']]]);
  });

  it('carry styles, headings, alignment and line breaks', async () => {
    const xml = await document(sampleData({ descriptionHtml: '<h2>t</h2><p style="text-align:justify"><b><i><u>a</u></i></b><br>b<sup>c</sup></p>' }));

    expect(xml).to.include('<w:outlineLvl w:val="2"/>').and.include('<w:jc w:val="both"/>');
    expect(xml).to.include('<w:rPr><w:b/><w:i/><w:u w:val="single"/></w:rPr><w:t xml:space="preserve">a</w:t>').and.include('<w:br/>').and.include('superscript');
  });

  it('hold 2,000 paragraphs', async () => {
    expect((await document(sampleData({ decisionHtml: '<p>x</p>'.repeat(2_000) }))).match(/<w:t xml:space="preserve">x</g)).to.have.length(2_000);
  });

  it('refuse a template whose tag is open, in the middle of a text or never closed, naming it', async () => {
    const put = (text: string) => changed('word/document.xml', (xml) => xml.replace('{@decisionHtml}', text));

    expect((await refusal(put('{@decisionHtml'))).message).to.match(/^Exception: .*decisionHtml/);
    expect((await refusal(put('avant {@decisionHtml}'))).message).to.match(/^Exception: .*decisionHtml/);
    expect((await refusal(put('{#decisionHtml}'))).message).to.match(/^Exception: .*decisionHtml/);
  });

  it('refuse what is not a Word file', async () => {
    expect((await refusal(Buffer.from('not a zip'))).message).to.include('not a Word file');
    expect((await refusal(new PizZip().file('a.txt', 'a').generate({ type: 'nodebuffer' }))).message).to.match(/^Exception: /);
  });
});
