import { expect } from 'chai';
import type { Classification } from '../../../../src/formats/actes/classification.js';
import { classificationOf, readClassification } from '../../../../src/formats/actes/read-classification.js';
import { writeClassification } from '../../../../src/formats/actes/write-classification.js';
import { FormatError } from '../../../../src/formats/format-error.js';
import { inPieces, sharedSample } from '../../../support/shared-sample.js';

const classification: Classification = {
  date: '2027-01-01',
  natures: [{ code: '1', label: 'Délibérations', short: 'DE', typologies: [{ code: '21_RP', label: 'Rapport' }, { code: '99_DE', label: 'Délibération' }, { code: '99_SE', label: 'Signature' }] }],
  matters: new Map([['7', 'Finances'], ['7.1', 'Décisions budgétaires'], ['7.10', 'Divers'], ['7.2', 'Fiscalité'], ['7.2.1', 'Taux'], ['1', 'Commande publique'], ['1.1', 'Marchés']]),
};

describe('the classification of the prefecture (contracts/pes-actes-formats.md §B2)', () => {
  it('general types come first, and the order of the matters is not that of their numbers', async () => {
    const read = await readClassification(inPieces(writeClassification(classification), 11));
    expect(read.natures[0]?.typologies.map(({ code }) => code)).to.deep.equal(['99_DE', '99_SE', '21_RP']);
    expect([...read.matters]).to.deep.equal([...classification.matters]);
    expect(read.matters.get('7.10')).to.equal('Divers');
    expect(read.date).to.equal('2027-01-01');
  });

  it('one of before there were types of documents has none', () => {
    const old = classificationOf(writeClassification({ ...classification, natures: [{ code: '1', label: 'D', short: 'DE', typologies: [] }] }));
    expect(old.natures[0]?.typologies).to.deep.equal([]);
  });

  it('an answer that is none is not taken for one', async () => {
    const failing = async (text: string): Promise<unknown> => readClassification(inPieces(Buffer.from(text))).then(() => undefined, (error: unknown) => error);
    for (const [text, words] of [
      ['KO\nPas de classification', /not well-formed/], ['<html></html>', /web page/], ['<a:ReponseClassificationSansChangement xmlns:a="x"><a:DateClassification>2027-01-01</a:DateClassification></a:ReponseClassificationSansChangement>', /is a ReponseClassif/],
      ['<RetourClassification/>', /expected/], ['<RetourClassification><DateClassification>2027-01-01</DateClassification></RetourClassification>', /no natures/],
    ] as const) {
      expect(await failing(text), text).to.be.instanceOf(FormatError).with.property('message').that.matches(words);
    }
    expect(await failing(' '.repeat(9 * 2 ** 20))).to.be.instanceOf(FormatError).with.property('message').that.matches(/more than/);
  });

  it('real ones are read, with and without types', function () {
    const current = classificationOf(sharedSample('actes/classification_avec_typologie.xml', this));
    expect(current.natures.flatMap(({ typologies }) => typologies)).to.have.length(115);
    expect(current.matters.get('7.10')).to.be.a('string');
    const old = classificationOf(sharedSample('actes/classification_sans_typologie.xml', this));
    expect(old).to.have.property('date', '2004-04-01');
    expect(old.natures.flatMap(({ typologies }) => typologies)).to.deep.equal([]);
    expect(classificationOf(sharedSample('actes/999-1234----7-2_1.xml', this)).date).to.equal('2019-04-18');
  });
});
