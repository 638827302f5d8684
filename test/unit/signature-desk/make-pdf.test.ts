import { expect } from 'chai';
import { makePdf } from '../../../src/signature-desk/make-pdf.js';

describe('a small PDF', () => {
  const text = (lines: readonly string[]) => makePdf(lines).toString('latin1');

  it('says where each of its objects is', () => {
    const pdf = text(Array.from({ length: 120 }, (_none, index) => `Ligne ${index}`));
    const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf)?.[1]);
    const offsets = [...pdf.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset));
    expect(pdf.slice(start, start + 4)).to.equal('xref');
    expect(offsets.map((offset) => /^\d+ 0 obj/.exec(pdf.slice(offset))?.[0])).to.deep.equal(offsets.map((_offset, index) => `${index + 1} 0 obj`));
  });

  it('announces the length of what it draws', () => {
    const pdf = text(['Délibération']);
    const [, length, drawn = ''] = /\/Length (\d+) >>\nstream\n([^]*?)\nendstream/.exec(pdf) ?? [];
    expect(drawn.length).to.equal(Number(length));
  });

  it('escapes what PDF reads otherwise, and knows accents', () => {
    expect(text([String.raw`(l'été) \o/`])).to.include(String.raw`(\(l'été\) \\o/) Tj`);
    expect(text(['Œuvre ж', 'l’été'])).to.include('(\u008Cuvre ?) Tj').and.include('(l\u0092été) Tj');
  });
});
