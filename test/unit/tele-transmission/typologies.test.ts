import { expect } from 'chai';
import fc from 'fast-check';
import { Refused } from '../../../src/connector-api/failures.js';
import type { Classification, Typology } from '../../../src/formats/actes/classification.js';
import type { Act } from '../../../src/tele-transmission/act.js';
import { typologiesOf } from '../../../src/tele-transmission/typologies.js';
import { sampleAnnex } from '../../support/sample-item.js';

const types = (...codes: readonly string[]): readonly Typology[] => codes.map((code) => ({ code, label: code }));
const classification: Classification = {
  date: '2027-01-01',
  natures: [
    { code: '1', label: 'Délibérations', short: 'DE', typologies: types('99_SE', '99_DE', '21_RP') }, { code: '2', label: 'Actes réglementaires', short: 'AR', typologies: types('99_AT', '21_EP') },
    { code: '6', label: 'Autres', short: 'AU', typologies: types('10_AB') },
  ],
  matters: new Map([['7', 'Finances'], ['7.1', 'Budget'], ['7.10', 'Divers']]),
};
const act: Parameters<typeof typologiesOf>[0] = { nature: '1', classification: '7.10', mainTypology: null, annexTypologies: null, annexes: [sampleAnnex('a.pdf'), sampleAnnex('b.pdf')] };
const before: Classification = { ...classification, natures: classification.natures.map((nature) => ({ ...nature, typologies: [] })) };

function refusal(change: Partial<Act>, over = classification): string {
  try {
    typologiesOf({ ...act, ...change }, over);
  } catch (error) {
    expect(error).to.be.instanceOf(Refused);
    return (error as Refused).message;
  }
  return 'it was taken';
}

describe('types of the documents of an act, held against the live classification (contracts/pes-actes-formats.md §B2)', () => {
  it('where none is given it is the first general one, and never that of a detached signature', () => {
    expect(typologiesOf(act, classification)).to.deep.equal({ main: '99_DE', annexes: ['99_DE', '99_DE'] });
  });

  it('codes come of the live classification and not of a table: 99_AT is of before and was 99_AR', () => {
    expect(typologiesOf({ ...act, nature: '2' }, classification).main).to.equal('99_AT');
    expect(refusal({ nature: '2', mainTypology: '99_AR' })).to.equal('Field «typology»: found «99_AR», which acts of nature 2 (Actes réglementaires) do not have in the classification of 2027-01-01; expected one of 99_AT, 21_EP.');
  });

  it('what is given is taken in its order, and an empty one decided', () => {
    expect(typologiesOf({ ...act, mainTypology: '21_RP', annexTypologies: ['', '21_RP'] }, classification)).to.deep.equal({ main: '21_RP', annexes: ['99_DE', '21_RP'] });
  });

  it('a type of another nature is refused here: the platform would take it, and fail later', () => {
    expect(refusal({ annexTypologies: ['99_DE', '21_EP'] })).to.match(/^Field «annexTypologies»: found «21_EP»/);
    expect(refusal({ nature: '6' })).to.match(/no general type of documents for nature 6 \(Autres\)\. Map one of 10_AB/);
  });

  it('each annex has a type of its own', () => {
    expect(refusal({ annexTypologies: ['99_DE'] })).to.equal('Field «annexTypologies»: found 1 types for 2 annexes; expected one for each, in their order.');
    expect(refusal({ annexTypologies: ['99_DE', '99_DE', '99_DE'] })).to.match(/found 3 types for 2/);
  });

  it('a classification of before there were types takes any, and has the usual ones', () => {
    expect(typologiesOf(act, before).main).to.equal('99_DE');
    expect(typologiesOf({ ...act, mainTypology: '12_AB' }, before).main).to.equal('12_AB');
    expect(refusal({ mainTypology: '99-DE' }, before)).to.match(/five characters/);
  });

  it('a matter or nature that the classification has no more is refused, with what it has', () => {
    expect(refusal({ classification: '7.2' })).to.equal('Field «classification»: found «7.2», which the classification of 2027-01-01 does not have; expected one of 7.1, 7.10.');
    expect(refusal({ nature: '3' })).to.match(/^Field «nature»: found «3»/);
  });

  it('what is chosen always belongs to the nature', () => {
    const code = fc.stringMatching(/^(?:99|21|70)_[A-Z]{2}$/);
    fc.assert(fc.property(fc.array(code, { minLength: 1, maxLength: 8 }), fc.option(code), (codes, given) => {
      const over = { ...classification, natures: [{ code: '1', label: 'D', short: 'DE', typologies: types(...codes) }] };
      const outcome = refusal({ mainTypology: given, annexes: [] }, over);
      if (outcome === 'it was taken') expect(codes).to.include(typologiesOf({ ...act, mainTypology: given, annexes: [] }, over).main);
      else expect(given === null ? codes.every((one) => !one.startsWith('99_') || one === '99_SE') : !codes.includes(given)).to.equal(true);
    }));
  });
});
