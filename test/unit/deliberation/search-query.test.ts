import { expect } from 'chai';
import fc from 'fast-check';
import { parseSearchQuery } from '../../../src/deliberation/search-query.js';
import { RelaisError } from '../../../src/errors.js';
import type { TextQuery } from '../../../src/history/store.js';

const parse = (source: string) => parseSearchQuery('Title', source);
const word = (text: string): TextQuery => ({ type: 'word', text });
const and = (...operands: TextQuery[]): TextQuery => ({ type: 'and', operands });
const or = (...operands: TextQuery[]): TextQuery => ({ type: 'or', operands });
const not = (operand: TextQuery): TextQuery => ({ type: 'not', operand });
const phrase = (...words: string[]): TextQuery => ({ type: 'phrase', words });
const pattern = (text: string): TextQuery => ({ type: 'pattern', pattern: text });

describe('search expressions', () => {
  const readable: [string, TextQuery][] = [
    ['voirie', word('voirie')],
    ['rue  haute', and(word('rue'), word('haute'))],
    ['rue AND haute', and(word('rue'), word('haute'))],
    ['rue OR place haute', or(word('rue'), and(word('place'), word('haute')))],
    ['(rue OR place) haute', and(or(word('rue'), word('place')), word('haute'))],
    ['rue NOT haute', and(word('rue'), not(word('haute')))],
    ['rue AND NOT (haute OR basse)', and(word('rue'), not(or(word('haute'), word('basse'))))],
    ['NOT haute AND rue', and(word('rue'), not(word('haute')))],
    ['"rue haute" 12', and(phrase('rue', 'haute'), word('12'))],
    ['"rue"', word('rue')],
    ['l\'école', phrase('l', 'école')],
    ['PU-2026/12', phrase('PU', '2026', '12')],
    ['voir* tr?ttoir', and(pattern('voir*'), pattern('tr?ttoir'))],
    ['PU-20*', and(word('PU'), pattern('20*'))],
    ['PU-*', word('PU')],
    ['Bas & haut !', and(word('Bas'), word('haut'))],
    ['voirie ?', word('voirie')],
    ['(-) voirie', word('voirie')],
    ['voirie NOT -', word('voirie')],
    ['prix de l\'or or and not', and(word('prix'), word('de'), phrase('l', 'or'), word('or'), word('and'), word('not'))],
    ['"AND"', word('AND')],
  ];
  for (const [source, query] of readable) {
    it(`reads ${source}`, () => expect(parse(source)).to.deep.equal(query));
  }

  const refused: [string, RegExp][] = [
    ['(rue', /character 1,.*closing parenthesis/],
    ['rue)', /found \) at character 4/],
    ['"rue', /found "rue at character 1,.*closing quotation mark/],
    ['rue AND', /found the end at character 8/],
    ['OR rue', /found OR rue at character 1/],
    ['rue AND OR haute', /found OR haute at character 9/],
    ['NOT NOT rue', /found NOT rue at character 5/],
    ['NOT haute', /beside what NOT excludes/],
    ['rue OR NOT haute', /found NOT haute at character 8,.*beside what NOT excludes/],
    ['*rie', /before \* or \?/],
    ['rue ?oirie', /at character 5.*before \* or \?/],
    ['---', /at least one word/],
    ['*', /at least one word/],
    ['()', /found \) at character 2/],
    ['('.repeat(30) + 'rue' + ')'.repeat(30), /at most 20 parentheses/],
    ['rue '.repeat(201), /found 201 words, expected at most 200/],
    ['('.repeat(5000), /at most 4000 characters/],
  ];
  for (const [source, message] of refused) {
    it(`refuses ${source.slice(0, 40)}`, () => expect(() => parse(source)).to.throw(RelaisError, message).with.property('code', 'RELAIS_WS4PM_QUERY'));
  }

  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(fc.constantFrom('(', ')', 'AND', 'OR', 'NOT', '"', '*', '?', 'rue', 'é', '-', ' '), { maxLength: 40 }).map((parts) => parts.join('')),
    fc.array(fc.constantFrom('(', ')', 'AND', 'OR', 'NOT', '"a b"', 'a*', 'rue', '-'), { maxLength: 40 }).map((parts) => parts.join(' ')),
  );

  it('gives a query that every store can answer, or is refused by its name: nothing else', () => {
    fc.assert(fc.property(anything, (source) => {
      try {
        expectAnswerable(parse(source));
      } catch (error) {
        if (!(error instanceof RelaisError)) throw error;
        expect(error.code).to.equal('RELAIS_WS4PM_QUERY');
        expect(error.message).to.match(/^Title: found .*, expected /s);
      }
    }), { numRuns: 3000 });
  });

  it('reads any words as all required', () => {
    const words = fc.array(fc.stringMatching(/^[a-zéèœ0-9]{1,8}$/), { minLength: 2, maxLength: 12 });
    fc.assert(fc.property(words, (chosen) => { expect(parse(chosen.join(' '))).to.deep.equal(and(...chosen.map(word))); }));
  });
});

/** No empty word, no pattern that begins with a wildcard, no NOT without something to take from. */
function expectAnswerable(query: TextQuery): void {
  switch (query.type) {
    case 'word': expect(query.text).to.match(/^[\p{L}\p{N}\p{M}\p{Co}]+$/u); return;
    case 'phrase': expect(query.words.length).to.be.greaterThan(1); query.words.forEach((text) => expectAnswerable(word(text))); return;
    case 'pattern': expect(query.pattern).to.match(/^[\p{L}\p{N}\p{M}\p{Co}][\p{L}\p{N}\p{M}\p{Co}*?]*$/u); return;
    case 'not': throw new Error('a NOT outside an AND');
    case 'or': expect(query.operands.length).to.be.greaterThan(1); query.operands.forEach(expectAnswerable); return;
    case 'and': {
      const wanted = query.operands.filter((operand) => operand.type !== 'not');
      expect(wanted.length).to.be.greaterThan(0);
      expect(query.operands.length).to.be.greaterThan(1);
      query.operands.forEach((operand) => expectAnswerable(operand.type === 'not' ? operand.operand : operand));
    }
  }
}
