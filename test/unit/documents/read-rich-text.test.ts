import { expect } from 'chai';
import fc from 'fast-check';
import { readRichText } from '../../../src/documents/read-rich-text.js';
import type { Block } from '../../../src/documents/rich-text.js';
import { RelaisError } from '../../../src/errors.js';

/** Blocks in short: paragraphs as text with marks, the rest by structure. */
function outline(blocks: readonly Block[]): unknown[] {
  return blocks.map((block) => {
    switch (block.type) {
      case 'paragraph': {
        const text = block.runs.map(({ text, bold, italic, underline, strike, script, link }) => (
          `${bold === true ? 'B' : ''}${italic === true ? 'I' : ''}${underline === true ? 'U' : ''}${strike === true ? 'S' : ''}${script ?? ''}${link === undefined ? '' : `<${link}>`}[${text}]`)).join('');
        return `${block.level > 0 ? `h${block.level} ` : ''}${block.alignment === null ? '' : `${block.alignment} `}${text}`;
      }
      case 'list': return { [block.ordered ? `ol ${block.start}` : 'ul']: block.items.map(outline) };
      case 'table': return { table: block.rows.map((row) => row.map(({ header, colSpan, rowSpan, blocks: content }) => [header ? 'th' : 'td', colSpan, rowSpan, ...outline(content)])) };
      case 'rule': return 'rule';
    }
  });
}

function depthOf(blocks: readonly Block[]): number {
  return Math.max(0, ...blocks.map((block) => (block.type === 'list' ? 1 + Math.max(0, ...block.items.map(depthOf)) : 0)));
}

function textOf(blocks: readonly Block[]): string {
  return blocks.map((block) => {
    if (block.type === 'paragraph') return block.runs.map(({ text }) => text).join('');
    if (block.type === 'list') return block.items.map(textOf).join('');
    return block.type === 'table' ? block.rows.map((row) => row.map((cell) => textOf(cell.blocks)).join('')).join('') : '';
  }).join('');
}

const cases: [string, string, unknown[]][] = [
  ['paragraphs and loose text', 'avant<p> a \n  b </p>après', ['[avant]', '[a b]', '[après]']],
  ['styles by element', '<p>a <b>b</b> <i><u>c</u></i><s>d</s><sup>e</sup></p>', ['[a ]B[b][ ]IU[c]S[d]super[e]']],
  ['styles that editors write', '<p><span style="font-weight: 700; font-style:italic">a</span><span style="text-decoration: underline line-through">b</span></p>', ['BI[a]US[b]']],
  ['headings and alignment', '<h2 style="text-align: center">T</h2><p align="right">r</p><center>c</center>', ['h2 center [T]', 'right [r]', 'center [c]']],
  ['line breaks, and spaces around them', '<p>a <br> b<br></p>', ['[a ][\n][b]']],
  ['a line that a no-break space leaves empty', '<p>a</p><p>&nbsp;</p><p></p><p>b</p>', ['[a]', '[\u00a0]', '[b]']],
  ['preformatted text', '<pre>a\n  b</pre>', ['[a\n  b]']],
  ['entities', '<p>&eacute;&#8364;&lt;b&gt;&amp;</p>', ['[é€<b>&]']],
  ['links to the web and to mail only', '<a href="https://a.be/?x=1&amp;y=2">a</a><a href="javascript:alert(1)">b</a><a href="mailto:a@b.be">c</a>', ['<https://a.be/?x=1&y=2>[a][b]<mailto:a@b.be>[c]']],
  ['nested lists', '<ul><li>a<ol start="3"><li>b</li></ol></li><li><p>c</p><p>d</p></li></ul>', [{ ul: [['[a]', { 'ol 3': [['[b]']] }], ['[c]', '[d]']] }]],
  ['a list directly within a list', '<ul><li>a</li><ul><li>b</li></ul></ul>', [{ ul: [['[a]', { ul: [['[b]']] }]] }]],
  ['an item without a list', '<li>a</li>', ['[a]']],
  ['ragged rows and spans', '<table><caption>t</caption><thead><tr><th>a</th></tr></thead><tr><td colspan="2">b</td><td rowspan="x">c</td></tr><tr></tr></table>', ['[t]', { table: [[['th', 1, 1, 'B[a]']], [['td', 2, 1, '[b]'], ['td', 1, 1, '[c]']]] }]],
  ['a table within a table', '<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td></tr></table>', [{ table: [[['td', 1, 1, '[a]', '[b]', '[c]']]] }]],
  ['images, scripts and styles', '<p>a<img src="x" alt="y"><script>b</script><style>c</style><svg><text>d</text></svg></p><hr>', ['[a]', 'rule']],
  ['broken HTML', '<p>a<b>b<p>c</i></div><td>d', ['[a]B[b]', 'B[c]', 'B[d]']],
  ['nothing', ' \n <p> </p>', []],
];

describe('rich text', () => {
  for (const [name, html, expected] of cases) {
    it(`reads ${name}`, () => expect(outline(readRichText(html))).to.deep.equal(expected));
  }

  it('puts what a template inserts in place of its mark, and only there', () => {
    const html = '<p>a<relais-insert name="x"></relais-insert>b</p>';

    expect(outline(readRichText(html, (name) => readRichText(`<p>${name}</p>`)))).to.deep.equal(['[a]', '[x]', '[b]']);
    expect(outline(readRichText(html))).to.deep.equal(['[a]', '[b]']);
  });

  it('keeps lists within the nine levels of Word without losing text', () => {
    const blocks = readRichText('<ul><li>x'.repeat(60));

    expect(depthOf(blocks)).to.equal(9);
    expect(textOf(blocks)).to.equal('x'.repeat(60));
  });

  it('keeps the text of columns too many', () => {
    const [table] = readRichText(`<table><tr>${'<td>x</td>'.repeat(300)}</tr></table>`);

    expect(table?.type === 'table' && table.rows[0]?.length).to.equal(24);
    expect(textOf(table === undefined ? [] : [table])).to.equal('x'.repeat(300));
  });

  for (const [name, html] of [
    ['nesting of 1 MB', '<b>'.repeat(350_000)], ['as many paragraphs as fit in 1 MB', '<p>a'.repeat(250_000)],
  ] as const) {
    it(`refuses ${name} quickly`, () => {
      const start = performance.now();
      expect(() => readRichText(html)).to.throw(RelaisError).with.property('code', 'RELAIS_WS4PM_GENERATION');
      expect(performance.now() - start).to.be.lessThan(3_000);
    });
  }

  it('reads 1 MB of closing tags, attributes and entities quickly', () => {
    const start = performance.now();
    for (const piece of ['</b></p>', '&amp;&nbsp;', '<br>', '<td>']) readRichText(piece.repeat(Math.min(15_000, 1_000_000 / piece.length)));
    readRichText(`<p ${'x=1 '.repeat(250_000)}>a</p>`);
    expect(performance.now() - start).to.be.lessThan(5_000);
  });

  it('loses no text of any mixture of elements', () => {
    const tag = fc.constantFrom('p', 'div', 'b', 'ul', 'ol', 'li', 'table', 'tr', 'td', 'h1', 'blockquote', 'span');
    const piece = fc.oneof(tag.map((name) => `<${name}>`), tag.map((name) => `</${name}>`), fc.constant('x'));
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const html = pieces.join('');
      expect(textOf(readRichText(html)).replaceAll(/[^x]/g, '')).to.have.length(pieces.filter((one) => one === 'x').length);
    }));
  });
});
