import { expect } from 'chai';
import fc from 'fast-check';
import { toLatin1 } from '../../../src/tele-transmission/latin1.js';

describe('texts for platforms that read ISO-8859-1 (contracts/s2low.md §2)', () => {
  it('what people type and it has not becomes what is read the same', () => {
    expect(toLatin1('L’œuvre… « 1 000 € » – n° 3 — ŒUVRE')).to.deep.include({ text: 'L\'oeuvre... « 1 000 EUR » - n° 3 - OEUVRE', replaced: [] });
    expect(toLatin1('Łódź, Şehir, e\u0301te\u0301, ﬁn, a\u200Bb\u00ADc')).to.deep.include({ text: 'Lódz, Sehir, été, fin, abc'.replace('abc', 'ab\u00ADc'), replaced: [] });
    expect(toLatin1('ligne 1\r\nligne 2\u2028ligne 3\t!')).to.have.property('text', 'ligne 1 ligne 2 ligne 3 !');
  });

  it('what has nothing like it becomes a question mark, and is told', () => {
    expect(toLatin1('中文 😀 中 \uD800')).to.deep.include({ text: '?? ? ? ?', replaced: ['中', '文', '😀', '\uD800'] });
  });

  it('the bytes are the text, whatever was given, and it stays as it is when it comes back', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 0x10FFFF }), { maxLength: 20 }).map((codes) => String.fromCodePoint(...codes)), (given) => {
      const { text, bytes } = toLatin1(given);
      expect(bytes.toString('latin1')).to.equal(text);
      expect(text).to.not.match(/\p{Cc}/u);
      expect(toLatin1(text)).to.deep.equal({ text, bytes, replaced: [] });
    }));
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'abc éèàçùÿ°«»ÀÉ§'.split('')) }), (given) => {
      expect(toLatin1(given).text).to.equal(given.trim());
    }));
  });
});
