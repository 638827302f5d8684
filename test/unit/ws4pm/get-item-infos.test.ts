import { expect } from 'chai';
import { createHash, randomBytes } from 'node:crypto';
import type { Authority } from '../../../src/domain/authority.js';
import type { Item } from '../../../src/domain/item.js';
import { AnyContent, type ReplyStruct, type RequestStruct } from '../../../src/soap/service.js';
import { getItemInfosOperation } from '../../../src/ws4pm/get-item-infos.js';
import { getSingleItemInfosOperation } from '../../../src/ws4pm/get-single-item-infos.js';
import { all, bytes, call, readingContext, refused, type LogLine, type Reading } from '../../support/reading.js';
import { CATEGORISED, MEETINGS, NOW, PLAIN, sampleAuthority, VENDORS, withConfig } from '../../support/sample-authority.js';
import { sampleAnnex, sampleItem } from '../../support/sample-item.js';
import { wsdlChildren } from '../../support/wsdl-types.js';

const day = 24 * 3_600_000;
const NONE = new Date('1950-01-01T00:00:00Z');

/** What the reader hands over for a request with only a UID: the defaults of the WSDL. */
const DEFAULTS = { showExtraInfos: false, showAnnexes: false, include_annex_binary: true, allowed_annexes_types: [], showAssembly: false, showTemplates: false, showEmptyValues: true };

async function ask(userId: string, item: Item | string, request: RequestStruct = {}, reading: Reading = {}): Promise<ReplyStruct[]> {
  const items = typeof item === 'string' ? [] : [item];
  const context = readingContext({ items, ...reading });
  const answer = await call(getItemInfosOperation(context), userId, { ...DEFAULTS, UID: typeof item === 'string' ? item : item.uid, ...request });
  return all(answer['itemInfo']);
}

async function info(userId: string, item: Item, request: RequestStruct = {}, reading: Reading = {}): Promise<ReplyStruct> {
  const [first] = await ask(userId, item, request, reading);
  expect(first, 'the item is visible').to.not.equal(undefined);
  return first!;
}

const extra = async (...asked: Parameters<typeof info>) => ((await info(...asked))['extraInfos'] as AnyContent).children;

describe('ws4pm getItemInfos: main fields', () => {
  const html = '<p>Égouts &amp; voirie</p>';
  const item = sampleItem({ title: 'Égouts & voirie', id: 'egouts-voirie', configId: CATEGORISED, category: 'events', description: html });

  it('36 an item just created: all main fields, as declared by the WSDL, accents intact', async () => {
    const found = await info('creator1', item);
    const declared = wsdlChildren('ItemInfo');
    expect(Object.keys(found)).to.deep.equal(declared.map((child) => child.name));
    expect(declared.filter((child) => child.occurs.startsWith('1') && found[child.name] === undefined)).to.deep.equal([]);
    expect(found).to.include({ UID: item.uid, id: 'egouts-voirie', title: 'Égouts & voirie', description: html });
    expect(found['creation_date']).to.deep.equal(new Date(item.createdAt));
    expect(found['modification_date']).to.deep.equal(new Date(item.modifiedAt));
  });

  it('37 no meeting: an empty preferredMeeting, both dates in 1950, no meeting and no assembly, empty externalIdentifier and extraInfos', async () => {
    const found = await info('creator1', item);
    expect(found).to.include({ preferredMeeting: '', meeting: undefined, item_assembly: undefined, externalIdentifier: '' });
    expect(found['meeting_date']).to.deep.equal(NONE);
    expect(found['preferred_meeting_date']).to.deep.equal(NONE);
    expect(found['extraInfos']).to.deep.equal(new AnyContent({}));
  });

  it('38 category is the id of the category, creator that of the user, absolute_url ends with the item id', async () => {
    const found = await info('creator1', item);
    expect(found).to.include({ category: 'events', review_state: 'itemcreated', creator: 'creator1' });
    expect(found['absolute_url']).to.equal(`https://relais.example.be/${CATEGORISED}/creator1/egouts-voirie`);
    expect(await info('creator1', sampleItem()), 'without a category').to.include({ category: 'developers' });
  });

  it('39 an item in a meeting tells the meeting and its date', async () => {
    const found = await info('creator1', sampleItem({ reviewState: 'presented', meeting: MEETINGS.frozen }));
    expect(found).to.include({ meeting: MEETINGS.frozen, review_state: 'presented' });
    expect(found['meeting_date']).to.deep.equal(new Date(NOW + 21 * day));
  });

  it('40 a preferred meeting tells its UID and date', async () => {
    const found = await info('creator1', sampleItem({ preferredMeeting: MEETINGS.created }));
    expect(found).to.include({ preferredMeeting: MEETINGS.created });
    expect(found['preferred_meeting_date']).to.deep.equal(new Date(NOW + 14 * day));
  });

  it('40 its date is kept from who may not see the meeting', async () => {
    const authority = withConfig(sampleAuthority(), PLAIN, { usingOrganisations: ['other'] });
    const asked = sampleItem({ proposingOrganisation: VENDORS, preferredMeeting: MEETINGS.created });
    const found = await info('reviewer2', asked, {}, { authority });
    expect(found['preferred_meeting_date']).to.deep.equal(NONE);
  });

  it('41 an empty detailedDescription is empty, not left out', async () => {
    expect(await info('creator1', item)).to.include({ detailedDescription: '' });
  });

  it('42 an unknown UID is an empty answer', async () => {
    expect(await ask('creator1', 'unheard-of')).to.deep.equal([]);
  });

  it('43 so is an item that the user may not see', async () => {
    expect(await ask('creator2', item)).to.deep.equal([]);
  });

  it('refuses a request without a UID before it looks at the user', async () => {
    await refused(call(getItemInfosOperation(readingContext()), 'creator1', { UID: '', inTheNameOf: 'nobody' }), 'RELAIS_WS4PM_NO_CRITERION', 'UID');
  });

  it('labels local wall time as UTC where the authority wants it, except for the date that means none', async () => {
    const authority = sampleAuthority({ dates: 'local-as-utc' });
    const summer = await info('creator1', sampleItem({ createdAt: Date.UTC(2027, 6, 1, 22, 30) }), {}, { authority });
    expect(summer['creation_date']).to.deep.equal(new Date('2027-07-02T00:30:00Z'));
    expect(summer['meeting_date']).to.deep.equal(NONE);
    const winter = await info('creator1', sampleItem({ meeting: MEETINGS.frozen }), {}, { authority });
    expect(winter['meeting_date']).to.deep.equal(new Date(NOW + 21 * day + 3_600_000));
  });

  it('hides a decision in the making from who does not manage the config', async () => {
    const authority = withConfig(sampleAuthority(), PLAIN, { hiddenDecisionText: '<p>En cours</p>' });
    const decided = sampleItem({ reviewState: 'presented', meeting: MEETINGS.decided, decision: '<p>Oui</p>', extra: { decisionEnd: '<p>Fin</p>' } });
    expect(await info('creator1', decided, {}, { authority })).to.include({ decision: '<p>En cours</p>' });
    expect(await info('manager', decided, {}, { authority })).to.include({ decision: '<p>Oui</p>' });
    expect(await extra('creator1', decided, { showExtraInfos: true }, { authority })).to.not.have.property('decisionEnd');
    const frozen = { ...decided, meeting: MEETINGS.frozen };
    expect(await info('creator1', frozen, {}, { authority })).to.include({ decision: '<p>Oui</p>' });
  });
});

describe('ws4pm getItemInfos: fields that only this item has', () => {
  const item = sampleItem({ extra: { date_executoire: '2027-03-01', rejected: ['one', 'two'], partly: true, notes: '<p>n</p>', 'not an element': 'x', xmlns: 'x', review_state_translated: 'x' } });

  it('are among its extraInfos, for whoever sees it', async () => {
    expect(await extra('creator1', item, { showExtraInfos: true })).to.include({ date_executoire: '2027-03-01', partly: true }).and.to.deep.include({ rejected: ['one', 'two'] });
  });

  it('take no place of another one, and have names that can be elements', async () => {
    const found = await extra('creator1', item, { showExtraInfos: true });
    expect(found).to.not.have.any.keys('not an element', 'xmlns', 'notes');
    expect(found['review_state_translated']).to.not.equal('x');
  });
});

describe('ws4pm getItemInfos: extra infos', () => {
  /** All of contracts/ws4pm.md §5.2. */
  const NAMES = [
    'itemNumber', 'itemReference', 'budgetRelated', 'budgetInfos', 'proposingGroup', 'proposingGroupWithGroupInCharge', 'groupsInCharge',
    'associatedGroups', 'classifier', 'committees', 'listType', 'emergency', 'preferredMeeting', 'meetingDeadlineDate', 'itemTags',
    'itemKeywords', 'optionalAdvisers', 'motivation', 'decisionSuite', 'decisionEnd', 'votesResult', 'oralQuestion', 'toDiscuss',
    'itemInitiator', 'inAndOutMoves', 'notes', 'meetingManagersNotes', 'meetingManagersNotesSuite', 'meetingManagersNotesEnd', 'internalNotes',
    'marginalNotes', 'observations', 'templateUsingGroups', 'meetingTransitionInsertingMe', 'itemAssembly', 'itemAssemblyExcused',
    'itemAssemblyAbsents', 'itemAssemblyGuests', 'itemSignatures', 'copyGroups', 'restrictedCopyGroups', 'pollType', 'pollTypeObservations',
    'committeeObservations', 'committeeTranscript', 'votesObservations', 'manuallyLinkedItems', 'otherMeetingConfigsClonableTo',
    ...['ToEmergency', 'ToPrivacy', 'ToFieldTitle', 'ToFieldDescription', 'ToFieldDetailedDescription', 'ToFieldMotivation', 'ToFieldDecision',
      'ToFieldDecisionSuite', 'ToFieldDecisionEnd'].map((end) => `otherMeetingConfigsClonable${end}`),
    'isAcceptableOutOfMeeting', 'sendToAuthority', 'privacy', 'completeness', 'itemIsSigned', 'takenOverBy', 'textCheckList',
    'meeting_config_id', 'meeting_config_title', 'review_state_translated', 'category_title', 'creator_fullname',
  ];
  const item = sampleItem({ reviewState: 'validated', motivation: '<p>Vu</p>', associatedOrganisations: [VENDORS], extra: { notes: '<p>Discret</p>', internalNotes: '<p>Interne</p>' } });

  it('44 every field is there for a manager, with the five computed ones', async () => {
    const infos = await extra('manager', item, { showExtraInfos: true });
    expect(Object.keys(infos)).to.have.members(NAMES);
    expect(infos).to.deep.include({
      meeting_config_id: PLAIN, meeting_config_title: 'Collège communal', review_state_translated: 'Validé', category_title: 'Développeurs',
      creator_fullname: 'Créatrice Un', motivation: '<p>Vu</p>', preferredMeeting: 'whatever', toDiscuss: true, itemNumber: 0,
      associatedGroups: [VENDORS], copyGroups: [], notes: '<p>Discret</p>',
    });
  });

  it('44 none of the main fields is repeated', async () => {
    expect(await extra('manager', item, { showExtraInfos: true })).to.not.have.any.keys(
      'title', 'id', 'category', 'description', 'detailedDescription', 'decision', 'externalIdentifier');
  });

  it('44 the notes of managers and of proposers stay with them', async () => {
    expect(await extra('creator1', item, { showExtraInfos: true })).to.include.keys('internalNotes').and.not.have.any.keys('notes', 'meetingManagersNotes');
    const authority = withConfig(sampleAuthority(), PLAIN, { powerObservers: ['reviewer2'] });
    expect(await extra('reviewer2', item, { showExtraInfos: true }, { authority })).to.not.have.any.keys('notes', 'internalNotes');
  });

  it('44 an empty motivation is left out, because urban cannot print an empty one', async () => {
    expect(await extra('creator1', sampleItem(), { showExtraInfos: true })).to.not.have.property('motivation');
  });

  it('44 category_title is that of the category where there is one', async () => {
    expect(await extra('creator1', sampleItem({ configId: CATEGORISED, category: 'events' }), { showExtraInfos: true })).to.include({ category_title: 'Catégorie events' });
  });
});

describe('ws4pm getItemInfos: annexes', () => {
  const content = randomBytes(3000);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const LONG = `${PLAIN}-annexes_types_-_item_annexes_-_financial-analysis`;
  const item = sampleItem({
    annexes: [
      sampleAnnex('plan.pdf', { sha256, size: content.length }),
      sampleAnnex('avis.pdf', { typeId: 'decision-annex', relatedTo: 'decision' }),
    ],
  });
  const annexes = async (request: RequestStruct, asked = item, userId = 'creator1') =>
    all((await info(userId, asked, { showAnnexes: true, ...request }, { blobs: { [sha256]: content } }))['annexes']);

  it('45 they are not shown unless asked', async () => {
    expect((await info('creator1', item))['annexes']).to.deep.equal([]);
  });

  it('46 id, title, long type, file name and content', async () => {
    const [first] = await annexes({});
    expect(Object.keys(first!)).to.deep.equal(wsdlChildren('AnnexInfo').map((child) => child.name));
    expect(first).to.include({ id: 'plan.pdf', title: 'Annexe plan.pdf', annexTypeId: LONG, filename: 'plan.pdf' });
  });

  it('47 they come in creation order, each with its own type', async () => {
    expect((await annexes({})).map((annex) => [annex['id'], annex['annexTypeId']])).to.deep.equal([
      ['plan.pdf', LONG], ['avis.pdf', `${PLAIN}-annexes_types_-_item_decision_annexes_-_decision-annex`],
    ]);
  });

  it('50 no allowed type means all', async () => {
    expect(await annexes({ allowed_annexes_types: [] })).to.have.length(2);
  });

  it('51 the type that was sent out selects its annexes, as does the short id', async () => {
    for (const type of [LONG, 'financial-analysis']) expect((await annexes({ allowed_annexes_types: [type] })).map((annex) => annex['id'])).to.deep.equal(['plan.pdf']);
  });

  it('52 another type selects none', async () => {
    expect(await annexes({ allowed_annexes_types: [`${PLAIN}-annexes_types_-_item_annexes_-_overhead-analysis`] })).to.deep.equal([]);
  });

  it('53 the content is the same byte for byte', async () => {
    const [first] = await annexes({});
    expect((await bytes(first!['file'])).equals(content)).to.equal(true);
    expect(first!['file']).to.include({ size: 3000 });
  });

  it('54 include_annex_binary=false lists them without content', async () => {
    const listed = await annexes({ include_annex_binary: false });
    expect(listed.map((annex) => [annex['id'], annex['file']])).to.deep.equal([['plan.pdf', undefined], ['avis.pdf', undefined]]);
  });

  it('a confidential annex is shown to the proposers and the managers only', async () => {
    const confidential = sampleItem({ reviewState: 'validated', annexes: [sampleAnnex('secret.pdf', { confidential: true })], optionalAdvisers: [VENDORS] });
    const authority = withConfig(sampleAuthority(), PLAIN, { powerObservers: ['reviewer2'], managers: ['creator2'] });
    const seenBy = async (userId: string) => all((await info(userId, confidential, { showAnnexes: true }, { authority }))['annexes']);
    expect([(await seenBy('creator1')).length, (await seenBy('creator2')).length, (await seenBy('reviewer2')).length]).to.deep.equal([1, 1, 0]);
  });
});

describe('ws4pm getItemInfos: empty values', () => {
  const item = sampleItem();

  it('55 an empty decision is there by default', async () => {
    expect(await info('creator1', item)).to.include({ decision: '' });
  });

  it('56 showEmptyValues=false leaves out all that is empty, and nothing else', async () => {
    const found = await info('creator1', item, { showEmptyValues: false });
    expect(found).to.have.all.keys('UID', 'id', 'title', 'creator', 'creation_date', 'modification_date', 'category', 'preferred_meeting_date', 'review_state', 'meeting_date', 'absolute_url');
    expect(Object.values(found).filter((value) => value === '' || value === undefined)).to.deep.equal([]);
  });

  it('56 what is filled stays', async () => {
    const filled = sampleItem({ decision: '<p>Oui</p>', annexes: [sampleAnnex('plan.pdf')] });
    const found = await info('creator1', filled, { showEmptyValues: false, showAnnexes: true, showExtraInfos: true });
    expect(found).to.include.keys('decision', 'annexes', 'extraInfos').and.not.have.any.keys('description', 'templates');
  });
});

describe('ws4pm getItemInfos: in the name of', () => {
  const item = sampleItem();

  it('57 a creator sees an item of the own organisation', async () => {
    expect(await ask('creator1', item)).to.have.length(1);
  });

  it('58 a creator may not act, not even as oneself', async () => {
    await refused(ask('creator1', item, { inTheNameOf: 'creator1' }).then((found) => ({ found })), 'RELAIS_WS4PM_ROLE', 'inTheNameOf', 'Manager', 'MeetingManager');
  });

  it('59 a manager acts as creator1 and gets the item; the log says so', async () => {
    const log: LogLine[] = [];
    expect(await ask('manager', item, { inTheNameOf: 'creator1' }, { log })).to.have.length(1);
    expect(log.map(({ fields }) => fields)).to.deep.equal([{ authority: 'default', operation: 'getItemInfos', caller: 'manager', acting: 'creator1', correlationId: 'correlation' }]);
  });

  it('60 afterwards the same account is the manager again', async () => {
    const authority = sampleAuthority();
    const theirs = sampleItem({ proposingOrganisation: 'nobodys', reviewState: 'validated' });
    expect(await ask('manager', theirs, { inTheNameOf: 'creator1' }, { authority })).to.have.length(0);
    expect(await ask('manager', theirs, {}, { authority })).to.have.length(1);
  });

  it('61 as creator2, who cannot see it, the answer is empty', async () => {
    expect(await ask('manager', item, { inTheNameOf: 'creator2' })).to.deep.equal([]);
  });

  it('62 an unknown user is refused by that name', async () => {
    await refused(ask('manager', item, { inTheNameOf: 'nobody' }).then((found) => ({ found })), 'RELAIS_WS4PM_USER', 'nobody', 'inTheNameOf');
  });

  it('63 what each user may see stays right after acting', async () => {
    const authority = sampleAuthority();
    const users = ['creator1', 'creator2', 'manager', 'reviewer2', 'admin'];
    const seen = async () => Promise.all(users.map(async (userId) => (await ask(userId, item, {}, { authority })).length));
    const before = await seen();
    for (const userId of users.slice(0, 4)) await ask('manager', item, { inTheNameOf: userId }, { authority });
    expect(await seen()).to.deep.equal(before).and.to.deep.equal([1, 0, 1, 0, 1]);
  });

  it('a MeetingManager may not act as a global Manager, who may act as anybody', async () => {
    await refused(ask('manager', item, { inTheNameOf: 'admin' }).then((found) => ({ found })), 'RELAIS_WS4PM_ROLE', 'admin');
    expect(await ask('admin', item, { inTheNameOf: 'creator1' })).to.have.length(1);
  });
});

describe('ws4pm getItemInfos: assembly', () => {
  const inMeeting = sampleItem({ reviewState: 'presented', meeting: MEETINGS.frozen });
  const person = (id: string, presence: 'attendee' | 'excused' | 'absent', label = id) => ({ id, label, presence });
  const empty = { text: '', excused: '', absents: '', guests: '', attendees: [] };

  function meetingWith(assembly: Partial<typeof empty> | { attendees: ReturnType<typeof person>[] }): Authority {
    const authority = sampleAuthority();
    const meetings = authority.meetingConfigs[0]!.meetings.map((meeting) => (meeting.uid === MEETINGS.frozen ? { ...meeting, assembly: { ...empty, ...assembly } } : meeting));
    return withConfig(authority, PLAIN, { meetings });
  }

  const assembly = async (item: Item, authority: Authority, showAssembly = true) => (await info('creator1', item, { showAssembly }, { authority }))['item_assembly'];

  it('64 outside a meeting there is none', async () => {
    expect(await assembly(sampleItem(), meetingWith({ text: '<p>Tous</p>' }))).to.equal(undefined);
  });

  it('65 nor unless asked', async () => {
    expect(await assembly(inMeeting, meetingWith({ text: '<p>Tous</p>' }), false)).to.equal(undefined);
  });

  it('66 free text, with what is empty', async () => {
    expect(await assembly(inMeeting, meetingWith({ text: '<p>Tous</p>' })))
      .to.equal('itemAssembly|<p>Tous</p>|itemAssemblyExcused||itemAssemblyAbsents||itemAssemblyGuests|');
  });

  it('66 a text without markup becomes a paragraph', async () => {
    expect(await assembly(inMeeting, meetingWith({ text: 'Tous' }))).to.contain('itemAssembly|<p>Tous</p>|');
  });

  it('67 the texts of the item win', async () => {
    const extraTexts = { itemAssembly: '<p>Un</p>', itemAssemblyExcused: '<p>Deux</p>', itemAssemblyAbsents: '<p>Trois</p>', itemAssemblyGuests: '<p>Quatre</p>' };
    expect(await assembly({ ...inMeeting, extra: extraTexts }, meetingWith({ text: '<p>Tous</p>', guests: '<p>Invités</p>' })))
      .to.equal('itemAssembly|<p>Un</p>|itemAssemblyExcused|<p>Deux</p>|itemAssemblyAbsents|<p>Trois</p>|itemAssemblyGuests|<p>Quatre</p>');
  });

  const contacts = meetingWith({ attendees: [person('a', 'attendee', 'Mme A, Échevine & juriste'), person('b', 'attendee', 'M. B, Échevin'), person('c', 'attendee', 'M. C, Échevin')] });

  it('68 persons, one a line, and what is empty', async () => {
    expect(await assembly(inMeeting, contacts)).to.equal('Attendees|Mme A, Échevine & juriste\nM. B, Échevin\nM. C, Échevin|Absents||Excused||itemAssemblyGuests|');
  });

  it('69 persons absent for the item move, in order', async () => {
    expect(await assembly({ ...inMeeting, extra: { itemAbsents: ['c', 'a'] } }, contacts))
      .to.equal('Attendees|M. B, Échevin|Absents|Mme A, Échevine & juriste\nM. C, Échevin|Excused||itemAssemblyGuests|');
  });

  it('69 who is absent or excused from the meeting stays so', async () => {
    const authority = meetingWith({ attendees: [person('a', 'absent'), person('b', 'excused'), person('c', 'attendee')] });
    expect(await assembly({ ...inMeeting, extra: { itemAbsents: ['b'] } }, authority)).to.equal('Attendees|c|Absents|a|Excused|b|itemAssemblyGuests|');
  });
});

describe('ws4pm getSingleItemInfos', () => {
  const item = sampleItem({ decision: '<p>Oui</p>', annexes: [sampleAnnex('plan.pdf')] });
  const single = (userId: string, request: RequestStruct) => call(getSingleItemInfosOperation(readingContext({ items: [item] })), userId, { ...DEFAULTS, UID: item.uid, ...request });
  const request = { showExtraInfos: true, showAnnexes: true, include_annex_binary: false };

  it('70 the content is that of getItemInfos', async () => {
    expect(await single('creator1', request)).to.deep.equal(await info('creator1', item, request));
  });

  it('71 also without empty values', async () => {
    const sparse = { ...request, showEmptyValues: false };
    expect(await single('creator1', sparse)).to.deep.equal(await info('creator1', item, sparse)).and.not.have.property('description');
  });

  it('an item that is unknown or not visible is refused', async () => {
    await refused(single('creator2', {}), 'RELAIS_WS4PM_ITEM', item.uid, 'creator2');
    await refused(single('creator1', { UID: 'unheard-of' }), 'RELAIS_WS4PM_ITEM', 'unheard-of');
    await refused(single('creator1', { UID: 'é'.repeat(5000) }), 'RELAIS_WS4PM_ITEM', `UID: found ${'é'.repeat(200)}…, expected`);
    await refused(single('creator1', { UID: undefined }), 'RELAIS_WS4PM_NO_CRITERION', 'UID');
  });
});
