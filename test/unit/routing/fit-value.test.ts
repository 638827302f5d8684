import { expect } from 'chai';
import fc from 'fast-check';
import type { TargetField } from '../../../src/domain/mapping.js';
import { fitValue, type Fitted } from '../../../src/routing/fit-value.js';
import { characters } from '../../../src/routing/shown-text.js';
import { target } from '../../support/sample-route.js';

const TYPES: TargetField['type'][] = ['text', 'html', 'boolean', 'integer', 'date', 'list'];
const DATE = 'a date (2027-03-01) or a moment with its time zone (2027-03-01T09:00:00Z)';

describe('fitValue', () => {
  const converted: [type: TargetField['type'], found: unknown, value: unknown][] = [
    ['text', 'rue Haute', 'rue Haute'], ['text', 12, '12'], ['text', false, 'false'], ['text', ['one'], 'one'], ['text', '', ''], ['text', null, undefined], ['text', [], undefined],
    ['html', '<p>x</p>', '<p>x</p>'],
    ['boolean', true, true], ['boolean', 'false', false], ['boolean', '', undefined],
    ['integer', 3, 3], ['integer', ' -12 ', -12], ['integer', '-0', 0], ['integer', undefined, undefined],
    ['date', '2027-03-01', '2027-03-01'], ['date', Date.UTC(2027, 2, 1, 9), '2027-03-01T09:00:00.000Z'], ['date', '2027-03-01T09:00+01:00', '2027-03-01T08:00:00.000Z'],
    ['date', '2028-02-29', '2028-02-29'],
    ['list', ['a', '', 2, null], ['a', '2']], ['list', 'a', ['a']], ['list', [], []], ['list', null, undefined],
  ];
  for (const [type, found, value] of converted) {
    it(`makes ${JSON.stringify(value)} of ${JSON.stringify(found)} for a field of type ${type}`, () => expect(fitValue(found, target(type))).to.deep.equal({ value }));
  }

  const refused: [type: TargetField['type'], found: unknown, problem: string][] = [
    ['text', { a: 1 }, 'found an object, expected a text'],
    ['text', 1 / 0, 'found Infinity, expected a text'],
    ['text', ['a', 'b'], 'found a list of 2 values, expected a text; $join(…, ", ") makes one text of a list'],
    ['boolean', 'oui', 'found «oui», expected true or false'],
    ['boolean', 1, 'found «1», expected true or false'],
    ['integer', 1.5, 'found «1.5», expected a whole number'],
    ['integer', '1e3', 'found «1e3», expected a whole number'],
    ['integer', '9007199254740993', 'found «9007199254740993», expected a whole number'],
    ['date', '2027-02-30', `found «2027-02-30», expected ${DATE}`],
    ['date', '2027-02-30T10:00:00Z', `found «2027-02-30T10:00:00Z», expected ${DATE}`],
    ['date', '2027-03-01T09:00', `found «2027-03-01T09:00», expected ${DATE}`],
    ['date', '2027-03-01T25:00Z', `found «2027-03-01T25:00Z», expected ${DATE}`],
    ['date', '01/03/2027', `found «01/03/2027», expected ${DATE}`],
    ['date', 1e17, `found «100000000000000000», expected ${DATE}`],
    ['list', [['a']], 'found a list, expected a list of texts'],
  ];
  for (const [type, found, problem] of refused) {
    it(`refuses ${JSON.stringify(found)} for a field of type ${type}`, () => expect(fitValue(found, target(type))).to.deep.equal({ problem }));
  }

  it('requires something that is not blank', () => {
    for (const type of TYPES) {
      for (const nothing of [undefined, null, '', ' \n', [], ['', null]]) {
        expect(fitValue(nothing, target(type, { required: true })), type).to.deep.equal({ problem: 'is required, but there is no value for this item' });
      }
    }
  });

  it('keeps to the values of the other side, and names the one that was meant', () => {
    const field = target('text', { values: ['Délibération', 'Arrêté'] });
    expect(fitValue('Arrêté', field)).to.deep.equal({ value: 'Arrêté' });
    expect(fitValue('deliberation ', field)).to.deep.equal({ problem: 'found «deliberation », expected one of «Délibération», «Arrêté»; did you mean «Délibération»?' });
    expect(fitValue('Décision', field)).to.deep.equal({ problem: 'found «Décision», expected one of «Délibération», «Arrêté»' });
    expect(fitValue('', field)).to.deep.equal({ value: undefined });
    expect(fitValue(3, target('integer', { values: ['1', '2'] }))).to.deep.equal({ problem: 'found «3», expected one of «1», «2»' });
    expect(fitValue(['1', '3'], target('list', { values: ['1', '2'] }))).to.have.property('problem');
  });

  describe('a text that is too long', () => {
    it('is cut with a warning', () => {
      expect(fitValue('Réfection de la rue', target('text', { maxLength: 9 }))).to.deep.equal({ value: 'Réfection', cut: '«Réfection de la rue» is cut: 19 characters, at most 9 are taken' });
    });

    it('is refused where cutting is forbidden, and where it is HTML', () => {
      const problem = 'found «<p>long</p>» of 11 characters, at most 5 are taken';
      expect(fitValue('<p>long</p>', target('text', { maxLength: 5, cut: false }))).to.deep.equal({ problem });
      expect(fitValue('<p>long</p>', target('html', { maxLength: 5 }))).to.deep.equal({ problem });
    });

    it('counts characters, not the units of JavaScript', () => expect(fitValue('🏛🏛🏛', target('text', { maxLength: 3 }))).to.deep.equal({ value: '🏛🏛🏛' }));

    const whole: [text: string, most: number, cut: string][] = [
      ['ae\u0301', 2, 'a'], ['a🇧🇪', 2, 'a'], ['a👨‍👩‍👧b', 4, 'a'], ['👨‍👩‍👧', 2, '👨‍'], ['a🏛b', 2, 'a🏛'], ['a\r\nb', 2, 'a'],
    ];
    for (const [text, most, cut] of whole) it(`takes no character apart: ${JSON.stringify(text)}`, () => expect(fitValue(text, target('text', { maxLength: most }))).to.include({ value: cut }));

    it('never exceeds the length, and loses no more than the last character, whatever the text', () => {
      const unit = fc.constantFrom('a', 'é', 'e\u0301', '👨‍👩‍👧', '🇧🇪', '\r\n', '\uD83D', ' ', '🏛');
      fc.assert(fc.property(fc.string({ unit, maxLength: 40 }), fc.integer({ min: 1, max: 30 }), (text, most) => {
        const fitted = fitValue(`x${text}`, target('text', { maxLength: most })) as { value: string };
        expect(characters(fitted.value)).to.be.at.most(most);
        expect(`x${text}`.startsWith(fitted.value)).to.equal(true);
        const room = Math.min(most, characters(`x${text}`)) - characters(fitted.value);
        expect(room).to.be.lessThan(8);
      }));
    });
  });

  it('answers for any JSON value and any field, with a value of the declared type', () => {
    const field = fc.record<TargetField>({
      type: fc.constantFrom(...TYPES), title: fc.constant({ fr: '', en: '' }), required: fc.boolean(), maxLength: fc.integer({ min: 1, max: 20 }), cut: fc.boolean(),
      values: fc.array(fc.string(), { maxLength: 3 }),
    }, { requiredKeys: ['type', 'title'] });
    const value = fc.oneof(fc.jsonValue(), fc.string(), fc.integer().map(String), fc.date({ noInvalidDate: true }).map((date) => date.toISOString()), fc.constantFrom(NaN, 'true', '2027-03-01'));
    fc.assert(fc.property(value, field, (found, declared) => checkFitted(fitValue(found, declared), declared)), { numRuns: 1000 });
  });
});

const IS_OF_TYPE: Record<TargetField['type'], (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string',
  html: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isSafeInteger(value),
  date: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  list: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
};

function checkFitted(fitted: Fitted, field: TargetField): void {
  if ('problem' in fitted) { expect(fitted.problem).to.match(/^(found |is required)/); return; }
  if (fitted.value === undefined) { expect(field.required === true).to.equal(false); return; }
  expect(IS_OF_TYPE[field.type](fitted.value), `${field.type} ${JSON.stringify(fitted.value)}`).to.equal(true);
  for (const text of [fitted.value].flat().filter((each) => typeof each === 'string')) {
    if (field.maxLength !== undefined) expect(characters(text)).to.be.at.most(field.maxLength);
    if (field.values !== undefined && field.maxLength === undefined) expect(field.values).to.include(text);
  }
}
