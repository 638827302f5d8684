import { expect } from 'chai';
import fc from 'fast-check';
import { cleanHtml, cleanMarkup } from '../../../src/deliberation/html/clean-html.js';
import { RelaisError } from '../../../src/errors.js';

const any = (raw: string) => cleanHtml(raw, 'any', 'description');
const real = (raw: string) => cleanHtml(raw, 'real', 'description');

/** Elements that are open at the end, or closed in another order than opened. */
function unclosed(html: string): string[] {
  const open: string[] = [];
  for (const [, close, name = ''] of html.matchAll(/<(\/?)([a-z]+)[^>]*>/g)) {
    if (['br', 'img'].includes(name)) continue;
    if (close !== '/') open.push(name);
    else if (open.pop() !== name) return [`</${name}>`];
  }
  return open;
}

describe('cleaning HTML (contracts/ws4pm.md §4.3)', () => {
  const table: [what: string, raw: string, stored: string, warns: boolean, warnsReally: boolean][] = [
    ['empty', '', '<p></p>', false, false],
    ['plain text', 'abc', '<p>abc</p>', false, false],
    ['a paragraph', '<p>abc</p>', '<p>abc</p>', false, false],
    ['a paragraph with attributes', '<p class="x">abc</p>', '<p class="x">abc</p>', true, false],
    ['a paragraph and a list', '<p>a</p><ul><li>b</li></ul>', '<p>a</p><ul><li>b</li></ul>', true, false],
    ['inline style', '<p style="color: red">a</p>', '<p>a</p>', true, true],
    ['mismatched tags', '<p>a<b></p></b>', '<p>a<b></b></p>', true, true],
    ['mismatched tags after text', 'été<b>b</p>', '<p>été<b>b</b></p><p></p>', true, true],
    ['a named entity', '<p>a&nbsp;b</p>', '<p>a\u00a0b</p>', true, false],
    ['a numeric entity', '<p>a&#xa0;b&#233;</p>', '<p>a\u00a0bé</p>', true, false],
    ['escaped markup, which stays text', '<p>&lt;script&gt;x&lt;/script&gt; &amp;lt;</p>', '<p>&lt;script&gt;x&lt;/script&gt; &amp;lt;</p>', false, false],
    ['numerically escaped markup', '<p>&#60;b&#62;</p>', '<p>&lt;b&gt;</p>', true, false],
    ['a bare ampersand', '<p>a & b</p>', '<p>a &amp; b</p>', true, false],
    ['a line break, spelled as HTML', '<p>a<br />b<br></p>', '<p>a<br>b<br></p>', true, false],
    ['script, with content', '<p>a<script>alert(1)</script></p>', '<p>a</p>', true, true],
    ['style, with content', '<p>a<style>p {color: red}</style></p>', '<p>a</p>', true, true],
    ['a comment and an instruction', '<p>a<!-- b --><?php c ?></p>', '<p>a</p>', true, false],
    ['a frame, an object, controls', '<p>a<iframe src="x">i</iframe><object><param name="n">o</object><button>b</button><textarea>t</textarea><input></p>', '<p>a</p>', true, true],
    ['a form and unknown elements, unwrapped', '<p><form>a<blink>b</blink></form></p>', '<p></p>ab<p></p>', true, true],
    ['event handlers and data attributes', '<p onclick="x()" data-a="1" title="t">a</p>', '<p title="t">a</p>', true, true],
    ['a script address', '<p><a href="java&#10;script:alert(1)">a</a></p>', '<p><a>a</a></p>', true, true],
    ['a script address behind a comment', '<p><a href="<!-- -->javascript:alert(1)">a</a></p>', '<p><a>a</a></p>', true, true],
    ['a good address and a pasted picture', '<p><a href="https://a.be/?b=1&amp;c">a</a><img src="data:image/png;base64,AA=="></p>', '<p><a href="https://a.be/?b=1&amp;c">a</a><img src="data:image/png;base64,AA=="></p>', false, false],
    ['a comment that never ends', '<p class="x">a</p><!-- <b>', '<p class="x">a</p>', true, false],
  ];

  for (const [what, raw, stored, warns, warnsReally] of table) {
    it(what, () => {
      expect(any(raw)).to.deep.equal({ html: stored, warns });
      expect(real(raw)).to.deep.equal({ html: stored, warns: warnsReally });
    });
  }

  it('the short cut for plain text gives what the sanitiser gives', () => {
    const unit = fc.constantFrom('<', '>', '&', '<p>', '</p>', '<b>', ' ', 'a', 'é', '"', '\'', '\n', '\r', '\t', '&amp;', '\u00a0', '😀', '/', '=');
    fc.assert(fc.property(fc.array(unit, { maxLength: 12 }), (parts) => {
      const raw = parts.join('');
      expect(any(raw)).to.deep.equal(cleanMarkup(raw, 'any', 'description'));
    }), { numRuns: 2000 });
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (text, wrapped) => {
      const raw = wrapped ? `<p>${text}</p>` : text;
      expect(real(raw)).to.deep.equal(cleanMarkup(raw, 'real', 'description'));
    }));
  });

  it('whatever comes in, balanced and harmless markup comes out', () => {
    const unit = fc.constantFrom('<p>', '</p>', '<b>', '</b>', '<ul><li>', '</ul>', '<table><tr><td>', '</table>', '<br/>', 'a', '&lt;', '&', '<', '>', '"', '<style>',
      '</style>', '<script>', '</script>', '<svg>', '<math>', '<title>', '<x>', '<!--', '-->', '<img src=x onerror=', '<a href="javascript:', '&#60;', '<iframe', '<?', '<![CDATA[');
    fc.assert(fc.property(fc.array(unit, { maxLength: 14 }), (parts) => {
      const { html } = any(parts.join(''));
      expect(html).to.match(/^<p>/).and.not.match(/<[^>]*(?:onerror|javascript:)/i);
      expect(html).to.not.match(/<(?!\/?(?:p|b|ul|li|table|tr|td|br|a|img)[ >])/);
      expect(unclosed(html)).to.deep.equal([]);
    }), { numRuns: 2000 });
  });

  it('refuses elements nested too deeply, naming the field, in little time', () => {
    const bomb = '<b>'.repeat(1_000_000);
    expect(() => any(bomb)).to.throw(RelaisError, /^description: .*256/).with.property('code', 'RELAIS_WS4PM_HTML');
    expect(any(`<p>${'<b>x</b>'.repeat(1000)}</p>`).warns).to.equal(false);
  });

  it('takes time in proportion to hostile input', () => {
    const hostile = [
      `<p><a href="${'<!---->'.repeat(50_000)}">a</a></p>`, `<p>${'<!--'.repeat(50_000)}`, `<p>${'</i>'.repeat(50_000)}`,
      `<p>${'&'.repeat(200_000)}</p>`, `<p ${'a '.repeat(50_000)}>`, `<p>${'<'.repeat(200_000)}`,
    ];
    for (const raw of hostile) {
      const start = performance.now();
      real(raw);
      expect(performance.now() - start, raw.slice(0, 20)).to.be.below(2000);
    }
  }).timeout(60_000);
});
