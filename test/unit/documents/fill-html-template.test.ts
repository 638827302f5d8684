import { expect } from 'chai';
import { fillHtmlTemplate } from '../../../src/documents/fill-html-template.js';
import { RelaisError } from '../../../src/errors.js';

const data = { title: 'a < b & "c"', empty: '', lines: 'x\ny', annexes: [{ title: 'Plan' }, { title: '<Devis>' }], none: [] };

const cases: [string, string, string][] = [
  ['escapes values', '<p title="{title}">{title}</p>', '<p title="a &lt; b &amp; &quot;c&quot;">a &lt; b &amp; &quot;c&quot;</p>'],
  ['keeps line breaks of values', '{lines}', 'x<br>y'],
  ['prints nothing for a name without a value', '[{empty}{unknown}{constructor}]', '[]'],
  ['marks the place of rich text', '{@title}', '<relais-insert name="title"></relais-insert>'],
  ['repeats over a list, seeing the names around it', '{#annexes}{title}/{lines};{/annexes}', 'Plan/x<br>y;&lt;Devis&gt;/x<br>y;'],
  ['shows what depends on a value', '{#title}yes{/title}{#empty}no{/empty}{#none}no{/none}', 'yes'],
  ['shows what depends on the lack of one', '{^title}no{/title}{^empty}1{/empty}{^none}2{/none}{^unknown}3{/unknown}', '123'],
  ['leaves CSS and comments alone', '<style>p {color: red}</style><!-- {#annexes} and {title} -->', '<style>p {color: red}</style>'],
];

describe('HTML templates', () => {
  for (const [name, template, expected] of cases) {
    it(name, () => expect(fillHtmlTemplate(template, data)).to.equal(expected));
  }

  for (const [name, template, message] of [
    ['a section that is never closed', 'a{#annexes}b', 'Exception: {#annexes} of the template is never closed, expected {/annexes}.'],
    ['a section closed by another name', '\n{#annexes}{/annexe}', 'Exception: line 2 of the template: found {/annexe}, expected {/annexes}.'],
    ['a closing without an opening', '{/title}', 'Exception: line 1 of the template: found {/title}, expected no closing tag there.'],
  ] as const) {
    it(`refuses ${name}`, () => expect(() => fillHtmlTemplate(template, data)).to.throw(RelaisError, message).with.property('code', 'RELAIS_WS4PM_GENERATION'));
  }
});
