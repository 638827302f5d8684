import { expect } from 'chai';
import fc from 'fast-check';
import { htmlText } from '../../../src/persistence/html-text.js';

describe('htmlText', () => {
  for (const [html, text] of [
    ['', ''],
    ['plain', 'plain'],
    ['<p>one</p>', 'one'],
    ['<p>caf&eacute; &amp; th&#xe9; &lt;b&gt;</p>', 'café & thé <b>'],
    ['<p>un</p><p>deux</p>', 'un deux'],
    ['mo<b>t</b>', 'mot'],
    ['a<br>b<br/>c', 'a b c'],
    ['<ul><li>x</li><li>y</li></ul>', 'x y'],
    ['<p title="hidden">seen<!-- not seen --></p>', 'seen'],
    ['<style>p{}</style><script>x()</script>rest', 'rest'],
    ['<p>open <i>and never closed', 'open and never closed'],
  ] as const) {
    it(`${JSON.stringify(html)} → ${JSON.stringify(text)}`, () => {
      expect(htmlText(html).replace(/ +/g, ' ')).to.equal(text);
    });
  }

  it('takes anything without failing, and leaves no markup of a paragraph', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof htmlText(text) === 'string' && !htmlText(`<p>${text.replace(/[<&]/g, '')}</p>`).includes('<p>')));
  });
});
