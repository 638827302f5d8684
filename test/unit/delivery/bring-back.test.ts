import { expect } from 'chai';
import type { ResultDocument } from '../../../src/connector-api/connector.js';
import { bringBack } from '../../../src/delivery/bring-back.js';
import type { StepResults } from '../../../src/domain/flow.js';
import { sampleAuthority } from '../../support/sample-authority.js';
import { sampleStep } from '../../support/sample-delivery.js';
import { sampleAnnex, sampleItem } from '../../support/sample-item.js';

const [meetingConfig] = sampleAuthority().meetingConfigs;

function document(filename: string, title = ''): ResultDocument {
  return { title, filename, mediaType: 'application/pdf', sha256: 'a'.repeat(64), size: 12 };
}

function claimed(results: Partial<StepResults> = {}) {
  const step = sampleStep('sign');
  return { item: sampleItem({ reviewState: 'presented', annexes: [sampleAnnex('acte.pdf')] }), step: { ...step, results: { ...step.results, ...results } } };
}

function parts() {
  let last = 0;
  return { meetingConfig, decides: false, newId: () => `uid-${last += 1}` };
}

describe('bringBack', () => {
  it('leaves out what the item has already: the same bytes under the same name, title and role', () => {
    const { item, step } = claimed();
    const brought = { ...document('signé.pdf', 'Signed'), role: 'signed' };
    const { annexes: [first] } = bringBack({ documents: [brought] }, { state: 'sent' }, { item, step }, parts());
    const after = { step, item: { ...item, annexes: [...item.annexes, first!] } };
    const others = [{ ...brought, role: 'slip' }, { ...brought, title: 'Other' }, { ...brought, sha256: 'b'.repeat(64) }];

    expect(bringBack({ documents: [brought] }, { state: 'done', reference: 'R' }, after, parts()).annexes).to.deep.equal([]);
    expect(bringBack({ documents: [brought, ...others] }, { state: 'done', reference: 'R' }, after, parts()).annexes).to.have.length(3);
  });

  it('what is confidential over there stays so', () => {
    const { annexes } = bringBack({ documents: [{ ...document('secret.pdf'), confidential: true }, document('open.pdf')] }, { state: 'done', reference: 'R' }, claimed(), parts());
    expect(annexes.map(({ confidential }) => confidential)).to.deep.equal([true, false]);
  });

  it('makes documents complete annexes, each with an id of its own', () => {
    const { annexes } = bringBack({ documents: [document('Acte.PDF', 'Acte signé'), document('acte.pdf')] }, { state: 'done', reference: 'R' }, claimed(), parts());

    expect(annexes).to.deep.equal([
      { uid: 'uid-1', id: 'acte-1.pdf', title: 'Acte signé', typeId: 'financial-analysis', relatedTo: 'item', filename: 'Acte.PDF', mediaType: 'application/pdf', size: 12, sha256: 'a'.repeat(64), confidential: false },
      { uid: 'uid-2', id: 'acte-2.pdf', title: 'acte.pdf', typeId: 'financial-analysis', relatedTo: 'item', filename: 'acte.pdf', mediaType: 'application/pdf', size: 12, sha256: 'a'.repeat(64), confidential: false },
    ]);
  });

  it('takes no path from the other side', () => {
    const { annexes } = bringBack({ documents: [document('../../etc/passwd'), document('..')] }, { state: 'sent' }, claimed(), parts());

    expect(annexes.map(({ filename }) => filename)).to.deep.equal(['passwd', 'document']);
  });

  it('gives the annex type of the step, else the first that fits, else none', () => {
    const typeOf = (results: Partial<StepResults>, context = parts()) => bringBack({ documents: [document('a.pdf')] }, { state: 'sent' }, claimed(results), context).annexes[0]?.typeId;

    expect(typeOf({ annexType: 'overhead-analysis' })).to.equal('overhead-analysis');
    expect(typeOf({ relatedTo: 'decision' })).to.equal('decision-annex');
    expect(typeOf({}, { ...parts(), meetingConfig: undefined })).to.equal('');
  });

  it('gives the annex type of the role, and relates the document to what that type is for', () => {
    const results = { annexType: 'overhead-analysis', annexTypes: { 'signed-document': 'decision-annex' } };
    const { annexes } = bringBack({ documents: ['signed-document', 'circulation-slip', 'toString'].map((role) => ({ ...document('a.pdf'), role })) }, { state: 'done', reference: 'R' }, claimed(results), parts());

    expect(annexes.map(({ role, typeId, relatedTo }) => ({ role, typeId, relatedTo }))).to.deep.equal([
      { role: 'signed-document', typeId: 'decision-annex', relatedTo: 'decision' },
      { role: 'circulation-slip', typeId: 'overhead-analysis', relatedTo: 'item' },
      { role: 'toString', typeId: 'overhead-analysis', relatedTo: 'item' },
    ]);
  });

  it('puts the item into the state of the step, with a comment in words', () => {
    const states = { stateWhenDone: 'accepted', stateWhenRejected: 'itemcreated' };

    expect(bringBack(undefined, { state: 'done', reference: 'R7' }, claimed(states), parts()).reviewState)
      .to.deep.equal({ to: 'accepted', action: 'relais_step_done', comment: 'Step «sign» is done, reference R7.' });
    expect(bringBack(undefined, { state: 'rejected', reason: 'The mayor said no.' }, claimed(states), parts()).reviewState)
      .to.deep.equal({ to: 'itemcreated', action: 'relais_step_rejected', comment: 'Step «sign» was rejected: The mayor said no.' });
  });

  it('leaves the state where none is asked for, where it is that one already, and while an answer is awaited', () => {
    expect(bringBack(undefined, { state: 'done', reference: 'R' }, claimed(), parts()).reviewState).to.equal(null);
    expect(bringBack(undefined, { state: 'done', reference: 'R' }, claimed({ stateWhenDone: 'presented' }), parts()).reviewState).to.equal(null);
    expect(bringBack(undefined, { state: 'sent' }, claimed({ stateWhenDone: 'accepted' }), parts()).reviewState).to.equal(null);
  });

  it('hands the fields on as they are', () => {
    expect(bringBack({ fields: { numero: 7, visa: null } }, { state: 'sent' }, claimed(), parts()).fields).to.deep.equal({ numero: 7, visa: null });
  });

  it('gives the item the fields that the step names, of what was brought back this time, whatever the ending', () => {
    const itemFields = { date_executoire: 'enforceableOn', numero: 'actId', toString: 'toString', visa: 'visa' };
    const fields = { enforceableOn: '2027-03-01', visa: null, other: 'x' };
    for (const ending of [{ state: 'sent' }, { state: 'done', reference: 'R' }, { state: 'rejected', reason: 'no' }] as const) {
      expect(bringBack({ fields }, ending, claimed({ itemFields }), parts()).itemFields).to.deep.equal({ date_executoire: '2027-03-01' });
    }
    expect(bringBack({ fields }, { state: 'sent' }, claimed(), parts())).to.not.have.property('itemFields');
  });

  it('lets a system that decides say what the item is, and nobody else; what is so already is no news', () => {
    const news = { reviewState: 'accepted', title: 'Nouveau', meeting: null, category: null, decision: '' };
    const ours = claimed();
    const brought = (decides: boolean, item = news) => bringBack({ item }, { state: 'sent' }, ours, { ...parts(), decides });

    expect(brought(true).item).to.deep.equal({ reviewState: 'accepted', title: 'Nouveau' });
    expect(brought(false)).to.not.have.property('item');
    expect(brought(true, { ...news, reviewState: ours.item.reviewState, title: ours.item.title })).to.not.have.property('item');
  });
});
