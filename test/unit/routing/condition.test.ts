import { expect } from 'chai';
import fc from 'fast-check';
import { askStep } from '../../../src/routing/ask-step.js';
import { compileCondition } from '../../../src/routing/condition.js';
import { checkExpression, compileExpression } from '../../../src/routing/expression.js';
import { rejection } from '../../support/temp-store.js';

describe('checkExpression', () => {
  it('accepts what jsonata can read', () => expect(checkExpression('category = "travaux" and $count(annexes) > 0')).to.equal(null));

  it('says where the expression goes wrong', () => {
    expect(checkExpression('category == "x"')).to.deep.include({ offset: 10 });
    expect(checkExpression('category = ')?.message).to.match(/end of expression/);
    expect(checkExpression('"open')?.message).to.match(/String literal must be terminated/);
  });
});

describe('compileCondition', () => {
  const ruledOut: [expression: string, view: Record<string, unknown>, yes: boolean][] = [
    ['category = "a"', { category: 'b' }, true],
    ['category = "a"', { category: null }, true],
    ['category = "a"', {}, true],
    ['category = "a"', { category: 'a' }, false],
    ['category = null', { category: null }, false],
    ['category = "a" and $error("no")', { category: 'b' }, true],
    ['category = "a" and toDiscuss = true and $error("no")', { category: 'a', toDiscuss: false }, true],
    ['$error("no") and category = "a"', { category: 'b' }, false],
    ['category = "a" or toDiscuss', { category: 'b' }, false],
    ['$not(category = "a")', { category: 'b' }, false],
    ['extra.tag = "a"', { extra: {} }, false],
    ['annexes = "a"', { annexes: ['a'] }, false],
    ['category[0] = "a"', { category: 'b' }, false],
    ['toString = "a"', {}, true],
    ['category in ["a", "b"]', { category: 'c' }, true],
    ['category in ["a", "b"]', { category: 'b' }, false],
    ['category in ["a", title]', { category: 'c' }, false],
    ['category in []', { category: 'c' }, true],
    ['category = ["a"]', { category: 'b' }, false],
    ['category in "a" and toDiscuss = true', { category: 'a', toDiscuss: false }, true],
  ];
  for (const [expression, view, yes] of ruledOut) {
    it(`${yes ? 'rules out' : 'has to ask'} ${expression} for ${JSON.stringify(view)}`, () => expect(compileCondition(expression).isRuledOut(view)).to.equal(yes));
  }

  it('rules out only what jsonata answers with false', async () => {
    const word = fc.constantFrom('a', 'b', '');
    const value = fc.oneof(word, fc.constant(null), fc.boolean(), fc.constantFrom(0, 1), fc.array(word, { maxLength: 2 }), fc.record({ a: word }));
    const view = fc.record({ category: value, title: value, toDiscuss: value }, { requiredKeys: [] });
    const literal = fc.constantFrom('"a"', '""', 'true', 'false', 'null', '0', '1', '["a"]', '["a", null]', '[0, title]', '{"a": "a"}', 'title');
    const comparison = fc.tuple(fc.constantFrom('category', 'title', 'toDiscuss', 'category.a', '$.title'), fc.constantFrom('=', '!=', 'in'), literal).map((parts) => parts.join(' '));
    const expression = fc.array(comparison, { minLength: 1, maxLength: 4 }).chain((parts) =>
      fc.array(fc.constantFrom(' and ', ' or '), { minLength: parts.length, maxLength: parts.length })
        .map((joins) => parts.map((part, index) => (index === 0 ? part : `${joins[index]!}${part}`)).join('')));
    let many = 0;
    await fc.assert(fc.asyncProperty(expression, view, async (text, given) => {
      const condition = compileCondition(text);
      if (!condition.isRuledOut(given)) return;
      many += 1;
      expect(await condition.ask(given)).to.equal(false);
    }), { numRuns: 1000 });
    expect(many).to.be.greaterThan(20);
  });

  it('is compiled once for a text', () => {
    expect(compileCondition('title = "once"')).to.equal(compileCondition('title = "once"'));
    expect(compileExpression('title = "once"')).to.equal(compileExpression('title = "once"'));
  });
});

describe('askStep', () => {
  it('asks the condition of a step; without one the step is carried out', async () => {
    expect(await askStep({ id: 'sign', when: null }, {})).to.equal(true);
    expect(await askStep({ id: 'sign', when: 'toDiscuss' }, { toDiscuss: true })).to.equal(true);
    expect(await askStep({ id: 'sign', when: 'toDiscuss' }, {})).to.equal(false);
    expect(await askStep({ id: 'sign', when: 'results.before.state = "done"' }, { results: { before: { state: 'done' } } })).to.equal(true);
  });

  it('says in plain words that it could not be decided', async () => {
    expect((await rejection(askStep({ id: 'sign', when: 'title' }, { title: 'x' }))).message)
      .to.equal('The condition of step «sign» could not be decided: it gives a text, expected true or false');
    expect((await rejection(askStep({ id: 'sign', when: 'title =' }, {}))).message).to.match(/^The condition of step «sign» could not be decided: .*(end of expression|unexpected end)/i);
  });
});
