import { expect } from 'chai';
import fc from 'fast-check';
import type { Submission } from '../../../src/connector-api/connector.js';
import { Refused } from '../../../src/connector-api/failures.js';
import type { Annex, Item } from '../../../src/domain/item.js';
import { actOf, type Act } from '../../../src/tele-transmission/act.js';
import { sampleAnnex, sampleItem } from '../../support/sample-item.js';

const NOW = Date.parse('2027-03-01T22:30:00Z');
const deliberation = sampleAnnex('deliberation.pdf', { size: 1000 });
const fields = { number: '2027_12', nature: '1', classification: '7.10', decisionDate: '2027-03-01' };

function submission(change: Submission['fields'] = {}, annexes: readonly Annex[] = [deliberation], item: Partial<Item> = {}): Submission {
  return { key: 'k', operation: 'transmit-act', item: sampleItem({ annexes, title: 'Budget primitif', ...item }), fields: { ...fields, ...change }, results: {} };
}

const act = (...given: Parameters<typeof submission>): Act => actOf(submission(...given), {}, NOW);

function refusal(...given: Parameters<typeof submission>): string {
  try {
    act(...given);
  } catch (error) {
    expect(error).to.be.instanceOf(Refused);
    return (error as Refused).message;
  }
  return 'it was taken';
}

describe('an act as every platform takes it (contracts/pes-actes-formats.md §B1)', () => {
  it('is made of what a step gives and of the item', () => {
    expect(act({ subject: 'L’été', typology: '99_DE', annexes: [], annexTypologies: [], paperFollows: true, publishedOn: '2027-03-05' })).to.deep.include({
      number: '2027_12', nature: '1', classification: '7.10', levels: ['7', '10'], decisionDate: '2027-03-01', publishedOn: '2027-03-05', main: deliberation, annexes: [], mainTypology: '99_DE', annexTypologies: [],
      paperFollows: true, subject: { text: 'L\'été', bytes: Buffer.from('L\'été', 'latin1'), replaced: [] },
    });
    expect(act()).to.deep.include({ mainTypology: null, annexTypologies: null, paperFollows: false, publishedOn: null });
    expect(act().subject.text).to.equal('Budget primitif');
  });

  it('the number is what all of them take: 2 to 15 of A-Z, 0-9 and _, with _ at neither end, never made upper-case', () => {
    for (const number of ['A', '', '_A', 'A_', 'ab', '2027-12', '2027 12', 'ÉTÉ', 'A'.repeat(16), '2027/12']) expect(refusal({ number }), number).to.match(/^Field «number»/);
    for (const number of ['12', 'A_B', 'A'.repeat(15), '0__0']) expect(act({ number }).number).to.equal(number);
    const s2low = /^([A-Z0-9][A-Z0-9_]{0,13})?[A-Z0-9]$/;
    const pastell = /^[0-9A-Z_]{2,15}$/;
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'AZ09_a- '.split('')), maxLength: 17 }), (number) => {
      const isTaken = s2low.test(number.trim()) && pastell.test(number.trim());
      expect(refusal({ number }) === 'it was taken').to.equal(isTaken);
    }));
  });

  it('the day is that of France and never tomorrow', () => {
    expect(act({ decisionDate: '2027-03-01' }).decisionDate).to.equal('2027-03-01');
    expect(refusal({ decisionDate: '2027-03-02' })).to.equal('Field «decisionDate»: found 2027-03-02, expected a day that is not after today, 2027-03-01.');
    expect(actOf(submission({ decisionDate: '2027-03-02' }), {}, Date.parse('2027-03-01T23:30:00Z')).decisionDate, 'half past midnight in Paris').to.equal('2027-03-02');
    expect(act({ decisionDate: '2027-02-28T23:30:00.000Z' }).decisionDate, 'a moment').to.equal('2027-03-01');
    expect(refusal({ decisionDate: null })).to.match(/^Field «decisionDate»: found nothing/);
    expect(refusal({ publishedOn: '2027-02-01' })).to.match(/^Field «publishedOn».*not before the decision/);
  });

  it('nature and matter come of the step, or else of the settings', () => {
    expect(actOf(submission({ nature: null, classification: '' }), { nature: '2', classification: '6.1' }, NOW)).to.deep.include({ nature: '2', classification: '6.1' });
    expect(refusal({ nature: null })).to.match(/^Field «nature»: found nothing/);
    for (const nature of ['0', '7', 'DE']) expect(refusal({ nature }), nature).to.match(/^Field «nature»/);
    for (const classification of ['7', '7.', '7.0', '07.1', '7.1.1.1.1.1', '7,1', '7.1 Budget']) expect(refusal({ classification }), classification).to.match(/^Field «classification»/);
  });

  it('the subject is cut where writing it so makes it longer, and one that nothing is left of is refused', () => {
    const { subject } = act({ subject: `a${'…'.repeat(300)}` });
    expect(subject.text).to.have.length(499);
    expect(subject.bytes).to.have.length(499);
    expect(act({ subject: 'a\nb' }).subject.text).to.equal('a b');
    for (const subject of ['中文', '……', ' . ']) expect(refusal({ subject }), subject).to.match(/^Field «subject»/);
  });

  it('the main document is the one that was signed, or the only PDF; which of several is never guessed', () => {
    const signed = sampleAnnex('signed.pdf', { size: 10, role: 'signed-document' });
    const slip = sampleAnnex('slip.pdf', { size: 10, role: 'circulation-slip' });
    expect(act({}, [deliberation, signed, slip]).main).to.equal(signed);
    expect(act({}, [deliberation, slip]).main).to.equal(deliberation);
    expect(act({ mainDocument: 'slip.pdf' }, [deliberation, slip]).main).to.equal(slip);
    expect(refusal({}, [deliberation, sampleAnnex('plan.pdf', { size: 1 })])).to.match(/^Field «mainDocument»: several files .*«deliberation.pdf», «plan.pdf»/);
    expect(refusal({}, [])).to.match(/^Field «mainDocument»: the item has no PDF, it has no file at all/);
    expect(refusal({ mainDocument: 'x.pdf' })).to.match(/^Field «mainDocument»: found «x.pdf»/);
  });

  it('annexes go to the State only where a step names them', () => {
    const plan = sampleAnnex('plan.pdf', { size: 10 });
    expect(act({ mainDocument: 'deliberation.pdf' }, [deliberation, plan]).annexes).to.deep.equal([]);
    expect(act({ mainDocument: 'deliberation.pdf', annexes: ['plan.pdf'] }, [deliberation, plan]).annexes).to.deep.equal([plan]);
    expect(refusal({ mainDocument: 'deliberation.pdf', annexes: ['deliberation.pdf'] }, [deliberation, plan])).to.match(/^Field «annexes»: «deliberation.pdf» is named twice/);
  });

  it('the XML of a budget is for nature 5 and matter 7.1 alone, and has PDF beside it only', () => {
    const totem = sampleAnnex('budget.xml', { size: 10, mediaType: 'application/xml' });
    const budget = { mainDocument: 'budget.xml', nature: '5', classification: '7.1' };
    expect(act(budget, [totem]).main).to.equal(totem);
    expect(act({ ...budget, annexes: ['deliberation.pdf'] }, [totem, deliberation]).annexes).to.deep.equal([deliberation]);
    expect(refusal({ ...budget, nature: '1' }, [totem])).to.match(/nature 5 and matter 7.1/);
    expect(refusal({ ...budget, classification: '7.10' }, [totem])).to.match(/nature 5 and matter 7.1/);
    const image = sampleAnnex('plan.png', { size: 10, mediaType: 'image/png' });
    expect(refusal({ ...budget, annexes: ['plan.png'] }, [totem, image])).to.match(/only PDF beside the XML/);
    expect(act({ annexes: ['plan.png'] }, [deliberation, image]).annexes).to.deep.equal([image]);
    expect(refusal({ annexes: ['a.docx'] }, [deliberation, sampleAnnex('a.docx', { size: 1, mediaType: 'application/msword' })])).to.match(/«a.docx» is application\/msword; expected PDF, XML, JPEG or PNG/);
  });

  it('an act of 150 MiB is refused before it is sent: its archive would be larger', () => {
    const of = (size: number): readonly Annex[] => [sampleAnnex('deliberation.pdf', { size: size - 1000 }), sampleAnnex('plan.pdf', { size: 1000 })];
    const both = { mainDocument: 'deliberation.pdf', annexes: ['plan.pdf'] };
    expect(refusal(both, of(157_286_400))).to.match(/hold 157286400 bytes together; expected at most 157155328/);
    expect(act(both, of(157_155_328)).annexes).to.have.length(1);
    expect(refusal({}, [sampleAnnex('deliberation.pdf', { size: 0 })])).to.equal('«deliberation.pdf» is empty.');
  });
});
