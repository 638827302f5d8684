import { expect } from 'chai';
import { ITEM_FIELDS } from '../../../src/domain/item-fields.js';
import { RelaisError } from '../../../src/errors.js';
import { creating, staged } from '../../support/creating.js';
import { refused } from '../../support/reading.js';
import { CATEGORISED, MEETINGS, NOW, PLAIN, sampleAuthority, VENDORS, withConfig } from '../../support/sample-authority.js';
import { wsdlChildren } from '../../support/wsdl-types.js';

// Numbers are those of contracts/ws4pm.md §6.

describe('ws4pm createItem', () => {
  it('95 the request is what the WSDL says, with cleanHtml=true by default', async () => {
    expect(wsdlChildren('CreateItemRequest').map(({ name }) => name)).to.deep.equal(
      ['meetingConfigId', 'proposingGroupId', 'creationData', 'cleanHtml', 'wfTransitions', 'inTheNameOf']);
    expect(wsdlChildren('CreationData').map(({ name }) => name)).to.deep.equal([
      'title', 'category', 'description', 'detailedDescription', 'motivation', 'decision', 'preferredMeeting', 'associatedGroups', 'groupsInCharge',
      'optionalAdvisers', 'toDiscuss', 'externalIdentifier', 'extraAttrs', 'annexes',
    ]);
    const gateway = creating();
    await gateway.create({ description: 'abc' }, { cleanHtml: undefined });
    expect(gateway.item().description).to.equal('<p>abc</p>');
  });

  it('keeps everything that was sent, answers the UID and no warning', async () => {
    const gateway = creating();
    const answer = await gateway.create({ title: 'Budget 2027, l’été', description: '<p>Où ?</p>', decision: '<p>Oui</p>', externalIdentifier: 'GED-1' });
    expect(answer).to.deep.equal({ UID: gateway.item().uid, warnings: [] });
    expect(gateway.item()).to.deep.include({
      authority: 'default', kind: 'deliberation', source: 'creator1', configId: PLAIN, baseId: 'budget-2027-l-ete', creator: 'creator1',
      createdAt: NOW, modifiedAt: NOW, reviewState: 'itemcreated', title: 'Budget 2027, l’été', category: null, description: '<p>Où ?</p>',
      detailedDescription: '<p></p>', motivation: '<p></p>', decision: '<p>Oui</p>', meeting: null, externalIdentifier: 'GED-1', extra: {}, annexes: [],
    });
    expect(gateway.item().uid).to.match(/^[0-9a-f]{32}$/);
  });

  it('96 broken HTML: created, with one warning that names the item and its creator', async () => {
    const gateway = creating();
    await gateway.create();
    const answer = await gateway.create({ description: '<p>été<b></p></b>', decision: '<p>a<i></p></i>' });
    expect(gateway.item()).to.deep.include({ description: '<p>été<b></b></p>', decision: '<p>a<i></i></p>' });
    expect(answer['UID']).to.equal(gateway.item().uid);
    expect(answer['warnings']).to.have.length(1);
    expect(answer['warnings']).to.have.nested.property('[0]').that.includes(`/${PLAIN}/creator1/un-point-1`).and.includes('creator1').and.includes('HTML');
  });

  it('warns of HTML as the authority wants, in its language', async () => {
    const description = '<p class="x">a</p>';
    expect((await creating().create({ description }))['warnings']).to.have.length(1);
    expect((await creating(sampleAuthority({ htmlWarnings: 'real' })).create({ description }))['warnings']).to.have.length(0);
    const [french] = (await creating(sampleAuthority({ language: 'fr' })).create({ description }))['warnings'] as string[];
    expect(french).to.match(/^Le HTML du point \/meeting-config-college\/creator1\/un-point/);
  });

  it('97 an absent decision becomes an empty paragraph', async () => {
    const gateway = creating();
    expect((await gateway.create())['warnings']).to.deep.equal([]);
    expect(gateway.item().decision).to.equal('<p></p>');
  });

  it('119 mismatched tags give the HTML warning only', async () => {
    const answer = await creating().create({ description: '<p>a<b></p></b>', annexes: [{ title: 'Plan', filename: 'plan.pdf', file: staged('%PDF-1.4') }] });
    expect(answer['warnings']).to.have.length(1);
  });

  it('120 HTML warnings come before those of annexes, and those of transitions last', async () => {
    const annexes = [{ title: 'Élévation côté rue', file: staged(Buffer.from([0, 1, 2, 3])) }];
    const answer = await creating().create({ description: '<p>a<b></p></b>', annexes }, { wfTransitions: ['nowhere'] });
    const [html, annex, transition, ...rest] = answer['warnings'] as string[];
    expect(html).to.include('HTML');
    expect(annex).to.include('MIME').and.include('application/octet-stream').and.include('Élévation côté rue').and.include(`/${PLAIN}/creator1/un-point`);
    expect(transition).to.include('nowhere');
    expect(rest).to.deep.equal([]);
  });

  it('121 a manager creates in the name of creator2: the item is that person’s, the journal knows who called', async () => {
    const gateway = creating();
    await gateway.send('manager', { inTheNameOf: 'creator2', proposingGroupId: 'vendors', creationData: { title: 'T' } });
    expect(gateway.item()).to.include({ creator: 'creator2', proposingOrganisation: VENDORS, source: 'ged' });
    expect(gateway.history()[0]).to.include({ actor: 'creator2' });
    expect(gateway.intake.submissions[0]).to.include({ caller: 'manager' });
  });

  it('126 the next call acts for its own caller again', async () => {
    const gateway = creating();
    await gateway.send('manager', { inTheNameOf: 'creator2', proposingGroupId: 'vendors', creationData: { title: 'T' } });
    await gateway.send('manager', { creationData: { title: 'T' } });
    expect(gateway.item().creator).to.equal('manager');
    await refused(gateway.send('manager', { proposingGroupId: 'vendors', creationData: { title: 'T' } }), 'RELAIS_WS4PM_GROUP', 'manager');
  });

  it('132 an extraAttr of a rich field is cleaned and stored, one of a creationData child passed over', async () => {
    const gateway = creating();
    await gateway.create({ extraAttrs: [{ key: 'notes', value: 'Note' }, { key: 'motivation', value: 'no' }, { key: 'toDiscuss', value: 'no' }, { key: 'internalNotes' }] });
    expect(gateway.item().extra).to.deep.equal({ notes: '<p>Note</p>', internalNotes: '<p></p>' });
    expect(gateway.item().motivation).to.equal('<p></p>');
  });

  it('every rich key of the contract is accepted', async () => {
    const keys = ['budgetInfos', 'decisionSuite', 'decisionEnd', 'votesResult', 'inAndOutMoves', 'notes', 'meetingManagersNotes', 'meetingManagersNotesSuite',
      'meetingManagersNotesEnd', 'internalNotes', 'marginalNotes', 'observations', 'pollTypeObservations', 'committeeObservations', 'committeeTranscript',
      'votesObservations', ...['Description', 'DetailedDescription', 'Motivation', 'Decision', 'DecisionSuite', 'DecisionEnd'].map((end) => `otherMeetingConfigsClonableToField${end}`)];
    expect([...ITEM_FIELDS].filter(([name, { kind }]) => kind === 'rich' && name !== 'motivation').map(([name]) => name)).to.have.members(keys);
    const gateway = creating();
    await gateway.create({ extraAttrs: keys.map((key) => ({ key, value: key })) });
    expect(gateway.item().extra).to.deep.equal(Object.fromEntries(keys.map((key) => [key, `<p>${key}</p>`])));
  });

  it('133 cleaning removes inline style and turns entities into characters', async () => {
    const gateway = creating();
    await gateway.create({ decision: '<p style="color: red">a&#xa0;b</p>' });
    expect(gateway.item().decision).to.equal('<p>a\u00a0b</p>');
  });

  it('134 cleanHtml=0 keeps everything as given', async () => {
    const gateway = creating();
    const decision = '<p style="color: red">a&#xa0;b';
    const answer = await gateway.create({ decision, extraAttrs: [{ key: 'notes', value: 'x' }] }, { cleanHtml: false });
    expect(gateway.item()).to.deep.include({ decision, description: '', extra: { notes: 'x' } });
    expect(answer['warnings']).to.deep.equal([]);
  });

  it('141 transitions take the item through its workflow, with the rights of a Manager', async () => {
    const gateway = creating();
    const answer = await gateway.create({}, { wfTransitions: ['propose', 'validate'] });
    expect(answer['warnings']).to.deep.equal([]);
    expect(gateway.item()).to.include({ reviewState: 'validated', meeting: null });
    expect(gateway.history().slice(1)).to.deep.equal([
      { at: NOW, actor: 'creator1', action: 'propose', comment: 'wf_transition_triggered_by_application', fromState: 'itemcreated', toState: 'proposed' },
      { at: NOW, actor: 'creator1', action: 'validate', comment: 'wf_transition_triggered_by_application', fromState: 'proposed', toState: 'validated' },
    ]);
  });

  it('142 a transition that is not available is skipped with a warning, the others are applied', async () => {
    const gateway = creating();
    const answer = await gateway.create({}, { wfTransitions: ['propose', 'unheardOf', 'accept', 'validate'] });
    expect(gateway.item().reviewState).to.equal('validated');
    const [unknown, early, ...rest] = answer['warnings'] as string[];
    expect(unknown).to.include('unheardOf').and.not.include('meeting');
    expect(early).to.include('accept').and.include('proposed');
    expect(rest).to.deep.equal([]);
  });

  it('143 present without a meeting stays undone, and the warning says what is missing', async () => {
    const only = (...uids: string[]) => withConfig(sampleAuthority(), PLAIN, {
      meetings: sampleAuthority().meetingConfigs[0]!.meetings.filter((meeting) => uids.includes(meeting.uid)),
    });
    for (const authority of [only(), only(MEETINGS.past, MEETINGS.closed, MEETINGS.decided)]) {
      const gateway = creating(authority);
      const [warning, ...rest] = (await gateway.create({}, { wfTransitions: ['propose', 'validate', 'present'] }))['warnings'] as string[];
      expect(gateway.item()).to.include({ reviewState: 'validated', meeting: null });
      expect(warning).to.include('present').and.include(PLAIN).and.include('meeting');
      expect(rest).to.deep.equal([]);
    }
  });

  it('144 present puts the item into the preferred meeting, else the earliest to come', async () => {
    const gateway = creating();
    const wfTransitions = ['propose', 'validate', 'present'];
    expect((await gateway.create({}, { wfTransitions }))['warnings']).to.deep.equal([]);
    expect(gateway.item()).to.include({ reviewState: 'presented', meeting: MEETINGS.created, preferredMeeting: null });
    await gateway.create({ preferredMeeting: MEETINGS.frozen }, { wfTransitions });
    expect(gateway.item()).to.include({ reviewState: 'presented', meeting: MEETINGS.frozen });
  });

  it('145 the history begins with the action of a creation by SOAP, before transitions', async () => {
    const gateway = creating();
    await gateway.create({}, { wfTransitions: ['propose'] });
    expect(gateway.history().map(({ action }) => action)).to.deep.equal(['create_item_using_imio_pm_ws_soap', 'propose']);
    expect(gateway.history()[0]).to.deep.equal({
      at: NOW, actor: 'creator1', action: 'create_item_using_imio_pm_ws_soap', comment: 'create_item_using_imio_pm_ws_soap_comments', fromState: null, toState: 'itemcreated',
    });
  });

  it('stores files before the item, and answers an error when either is refused', async () => {
    const gateway = creating();
    const file = staged('%PDF-1.4');
    await gateway.create({ annexes: [{ title: 'Plan', filename: 'plan.pdf', file }] });
    expect(gateway.calls).to.deep.equal([file.sha256, 'accept']);
    gateway.intake.failure = new RelaisError('RELAIS_STORE_UNAVAILABLE', 'no room');
    await refused(gateway.create({ externalIdentifier: 'GED-1' }), 'RELAIS_STORE_UNAVAILABLE');
    gateway.intake.failure = null;
    expect((await gateway.create({ externalIdentifier: 'GED-1' }))['warnings']).to.deep.equal([]);
  });

  it('a likely repeat makes a second item, with a warning that names the first, last of all', async () => {
    const gateway = creating();
    const first = await gateway.create({ externalIdentifier: 'GED-1' });
    gateway.time += 100_000;
    const [skipped, repeat, ...rest] = (await gateway.create({ externalIdentifier: 'GED-1' }, { wfTransitions: ['nowhere'] }))['warnings'] as string[];
    expect(skipped).to.include('nowhere');
    expect(repeat).to.include(first['UID'] as string);
    expect(rest).to.deep.equal([]);
    expect(gateway.intake.submissions).to.have.length(2);
  });

  it('what differs from the first, or comes later, or has no identifier, is no repeat', async () => {
    const gateway = creating();
    const sameAgain = { externalIdentifier: 'GED-1' };
    await gateway.create(sameAgain);
    await gateway.create();
    const others = [
      await gateway.create(), await gateway.create({ ...sameAgain, title: 'Un autre' }), await gateway.create({ externalIdentifier: 'GED-2' }),
      await gateway.create({ ...sameAgain, category: 'events' }, { meetingConfigId: CATEGORISED }),
      await gateway.send('manager', { creationData: { title: 'Un point', ...sameAgain } }),
    ];
    gateway.time += 120_001;
    others.push(await gateway.create(sameAgain));
    expect(others.map((answer) => answer['warnings'])).to.deep.equal(others.map(() => []));
  });
});
