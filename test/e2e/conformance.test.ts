import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import PizZip from 'pizzip';
import { BACKENDS, behind, unlessExcepted } from '../support/backed-exceptions.js';
import { annex, conformanceTown, xml, type ConformanceTown, type Fields, type InfoFields } from '../support/conformance-town.js';
import { envelope, post } from '../support/soap-call.js';
import { wsdlMistakes } from '../support/wsdl-mistakes.js';

// Numbers are those of contracts/ws4pm.md §6: the checklist over HTTP, as far as asking goes. Creating is in
// conformance-create.test.ts.

const NONE = '1950-01-01T00:00:00Z';
const PDF = Buffer.from('%PDF-1.4 \u0000\u00ff plan');
const LONG = 'college-annexes_types_-_item_annexes_-_financial-analysis';
const PRESENT = '<wfTransitions>propose</wfTransitions><wfTransitions>validate</wfTransitions><wfTransitions>present</wfTransitions>';
const VENDORS = '<proposingGroupId>vendors</proposingGroupId>';

/** Without the moment of the answer, which before a system that decides may differ from question to question. */
const undated = (of: unknown): unknown => JSON.parse(JSON.stringify(of, (name, value: unknown) => (name === 'relais_as_of' ? undefined : value)));
const fields = (of: unknown) => of as Fields[];
const ids = (of: unknown) => fields(of ?? []).map(({ id }) => id);

for (const backend of BACKENDS) describe(`conformance over HTTP: asking${behind(backend)}`, function () {
  this.timeout(60_000);
  const it = unlessExcepted(backend);
  let town: ConformanceTown;
  let meetings: { decided: string; text: string; contacts: string; later: string };
  before(async () => {
    town = await conformanceTown(backend);
    const listed = fields((await town.ask('manager', 'meetingsAcceptingItems', '<meetingConfigId>college</meetingConfigId>'))['meetingInfo']);
    const [decided = '', text = '', contacts = '', later = ''] = listed.map(({ UID }) => UID ?? '');
    meetings = { decided, text, contacts, later };
  });
  after(() => town.stop());

  const infos = async (user: string, uid: string, more = '') =>
    ((await town.ask(user, 'getItemInfos', `<UID>${uid}</UID>${more}`))['itemInfo'] ?? []) as InfoFields[];

  it('1 an anonymous call is refused with 401 and a challenge', async () => {
    const answer = await post(town.gateway.url, envelope('testConnection', ''), { user: '' });
    expect(answer.status).to.equal(401);
    expect(answer.headers['www-authenticate']).to.match(/^Basic realm="[^"]+"/);
  });

  it('2 3 an authenticated call is connected and gets the version of the package', async () => {
    const { version } = JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string };
    expect(await town.ask('creator1', 'testConnection', '<dummy></dummy>')).to.deep.equal({ connectionState: 'true', version });
  });

  it('4 the WSDL is published without credentials', async () => {
    const response = await fetch(`${town.gateway.url}/ws4pm.wsdl`);
    expect([response.status, response.headers.get('content-type')]).to.deep.equal([200, 'text/xml; charset=utf-8']);
    expect(await response.text()).to.include('targetNamespace="http://ws4pm.imio.be"').and.include(`location="${town.gateway.url}/`);
  });

  it('7 8 9 10 11 links of an item that the manager does not see', async () => {
    const identifier = '<externalIdentifier>urb-42</externalIdentifier>';
    const { uid } = await town.create('archivist', `<title>Lié</title>${identifier}`, '<proposingGroupId>archivists</proposingGroupId>');
    await town.refuses('archivist', 'checkIsLinked', identifier, 'Manager', 'MeetingManager');
    expect(await infos('manager', uid)).to.deep.equal([]);
    expect(await town.ask('manager', 'checkIsLinked', '<externalIdentifier>urb-43</externalIdentifier>')).to.deep.equal({ isLinked: 'false' });
    await town.refuses('manager', 'checkIsLinked', `<meetingConfigId>nowhere</meetingConfigId>${identifier}`, 'nowhere');
    expect(await town.ask('manager', 'checkIsLinked', `<meetingConfigId>college</meetingConfigId>${identifier}`)).to.deep.equal({ isLinked: 'true' });
    expect(await town.ask('manager', 'checkIsLinked', `<meetingConfigId>council</meetingConfigId>${identifier}`)).to.deep.equal({ isLinked: 'false' });
  });

  it('13 14 15 16 17 18 configs, their states and organisations, for any user', async () => {
    const { configInfo, groupInfo } = await town.ask('creator1', 'getConfigInfos');
    expect(ids(configInfo)).to.deep.equal(['college', 'council']);
    const [college, council] = configInfo as (Fields & { itemPositiveDecidedStates?: string[] })[];
    expect(college).to.include({ title: 'Collège communal', description: '' }).and.not.have.property('categories');
    expect(college?.itemPositiveDecidedStates).to.deep.equal(['accepted', 'accepted_but_modified']);
    expect(council).to.include({ description: 'Séances publiques' }).and.not.have.property('itemPositiveDecidedStates');
    expect(ids(groupInfo)).to.deep.equal(['developers', 'vendors', 'archivists']);
    expect(fields(groupInfo)[0]).to.include({ title: 'Développeurs', description: '' });
  });

  it('14 16 19 in the text of the reply, all configs come before all organisations, and states before categories', async () => {
    const { text } = await town.answer('creator1', 'getConfigInfos', '<showCategories>true</showCategories>');
    expect(text.lastIndexOf('<configInfo>')).to.be.below(text.indexOf('<groupInfo>'));
    expect(text).to.match(/<configInfo><UID>\w+<\/UID><id>college<\/id><title>Collège communal<\/title><description><\/description><itemPositiveDecidedStates>accepted<\/itemPositiveDecidedStates><itemPositiveDecidedStates>accepted_but_modified<\/itemPositiveDecidedStates><\/configInfo>/);
  });

  it('19 20 21 22 23 24 categories, by who asks and for whom', async () => {
    const categories = async (user: string, more = '') => {
      const { configInfo } = await town.ask(user, 'getConfigInfos', `<showCategories>1</showCategories>${more}`);
      return (configInfo as { id: string; categories?: Fields[] }[]).map((config) => [config.id, ids(config.categories)]);
    };
    expect(await categories('creator1')).to.deep.equal([['college', []], ['council', ['development', 'events']]]);
    expect(await categories('creator2')).to.deep.equal([['college', []], ['council', ['development', 'events', 'marketing']], ['reserved', ['sales']]]);
    const of = (user: string) => `<userToShowCategoriesFor>${user}</userToShowCategoriesFor>`;
    await town.refuses('creator1', 'getConfigInfos', of('creator1'), 'Manager', 'userToShowCategoriesFor');
    await town.refuses('manager', 'getConfigInfos', of('nobody'), 'nobody');
    expect((await categories('manager', of('creator1')))[1]).to.deep.equal(['council', ['development', 'events']]);
    expect((await categories('manager', of('creator2')))[1]).to.deep.equal(['council', ['development', 'events', 'marketing']]);
  });

  it('25 26 27 28 29 30 users and their organisations', async () => {
    await town.refuses('creator1', 'getUserInfos', '<userId>creator2</userId>', 'creator1');
    expect(await town.ask('manager', 'getUserInfos', '<userId>creator2</userId>')).to.deep.equal({ fullname: 'Créateur Deux', email: '' });
    await town.refuses('manager', 'getUserInfos', '<userId>nobody</userId>', 'nobody');
    expect(await town.ask('creator1', 'getUserInfos', '<userId>creator1</userId>')).to.deep.equal({ fullname: 'Créatrice Un', email: 'creator1@ville.example' });
    const groups = async (more = '') => fields((await town.ask('manager', 'getUserInfos', `<userId>manager</userId><showGroups>1</showGroups>${more}`))['groups']);
    expect(ids(await groups())).to.deep.equal(['developers', 'vendors']);
    expect((await groups())[0]).to.include({ title: 'Développeurs', description: '' });
    expect(ids(await groups('<suffix>creators</suffix>'))).to.deep.equal(['developers']);
  });

  it('31 32 33 meetings that accept items', async () => {
    await town.refuses('manager', 'meetingsAcceptingItems', '', 'meetingConfigId');
    const asked = async (more = '') => fields((await town.ask('manager', 'meetingsAcceptingItems', `<meetingConfigId>college</meetingConfigId>${more}`))['meetingInfo']);
    const listed = await asked();
    expect(listed).to.have.length(4);
    expect(listed.map(({ date }) => date)).to.deep.equal(listed.map(({ date }) => date).toSorted());
    // Declared at ten o'clock in Brussels, in whatever season, and told as local time.
    for (const { date } of listed) expect(date).to.match(/T10:00:00Z$/);
  });

  it('34 people who are no managers are told those alone that accept items of theirs', async () => {
    const { meetingInfo } = await town.ask('manager', 'meetingsAcceptingItems', '<meetingConfigId>college</meetingConfigId><inTheNameOf>creator1</inTheNameOf>');
    expect(fields(meetingInfo).map(({ UID }) => UID)).to.deep.equal([meetings.text, meetings.contacts, meetings.later]);
  });

  it('36 37 38 41 an item just created, field by field', async () => {
    const { uid } = await town.create('creator1', `<title>Égouts &amp; voirie &lt;1&gt;</title><category>events</category><description>${xml('<p>Çà &amp; là &lt;ici&gt;</p>')}</description>`,
      '<meetingConfigId>council</meetingConfigId><cleanHtml>0</cleanHtml>');
    const [item] = await infos('creator1', uid);
    expect(item).to.deep.include({
      UID: uid, title: 'Égouts & voirie <1>', creator: 'creator1', category: 'events', description: '<p>Çà &amp; là &lt;ici&gt;</p>',
      detailedDescription: '', decision: '', preferredMeeting: '', preferred_meeting_date: NONE, meeting_date: NONE, review_state: 'itemcreated',
      externalIdentifier: '', extraInfos: '',
    });
    expect(item?.['id']).to.match(/^egouts-voirie-1/);
    expect(String(item?.['absolute_url']).endsWith(`/${String(item?.['id'])}`), String(item?.['absolute_url'])).to.equal(true);
    expect(item).to.not.have.any.keys('meeting', 'item_assembly', 'annexes', 'templates');
    const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Brussels', dateStyle: 'short' }).format(new Date());
    expect(item?.['creation_date']).to.match(new RegExp(`^${wall}T`)).and.equal(item?.['modification_date']);
  });

  it('38b its short id is made of the title alone, and its address is one of the gateway', async () => {
    const { uid } = await town.create('creator1', '<title>Égouts &amp; voirie &lt;2&gt;</title>');
    expect((await infos('creator1', uid))[0]).to.include({ id: 'egouts-voirie-2', absolute_url: `${town.gateway.url}/college/creator1/egouts-voirie-2` });
  });

  it('39 40 64 65 66 68 an item in a meeting, one that prefers a meeting, and who sits there', async () => {
    const { uid } = await town.create('creator1', `<title>Présenté</title><preferredMeeting>${meetings.text}</preferredMeeting>`, PRESENT);
    const [item] = await infos('creator1', uid);
    expect(item).to.include({ meeting: meetings.text, preferredMeeting: meetings.text, review_state: 'presented' });
    expect(item?.['meeting_date']).to.match(/^20.*T10:00:00Z$/).and.equal(item?.['preferred_meeting_date']);
    expect(item).to.not.have.property('item_assembly');
    const assembly = async (of: string) => (await infos('creator1', of, '<showAssembly>1</showAssembly>'))[0]?.['item_assembly'];
    expect(await assembly(uid)).to.equal('itemAssembly|<p>Le collège</p>|itemAssemblyExcused||itemAssemblyAbsents||itemAssemblyGuests|');
    const contacts = await town.create('creator1', `<title>Autre</title><preferredMeeting>${meetings.contacts}</preferredMeeting>`, PRESENT);
    expect(await assembly(contacts.uid)).to.equal('Attendees|Mme A, Échevine & juriste\nM. B, Échevin|Absents||Excused||itemAssemblyGuests|');
    expect(await assembly((await town.create('creator1', '<title>Dehors</title>')).uid)).to.equal(undefined);
  });

  it('42 43 57 58 59 60 61 62 63 who sees an item, and who acts for whom', async () => {
    const { uid } = await town.create('creator1', '<title>Discret</title>');
    expect(await infos('creator1', 'f'.repeat(32))).to.deep.equal([]);
    expect(await infos('creator2', uid)).to.deep.equal([]);
    expect(await infos('creator1', uid)).to.have.length(1);
    const acting = (user: string) => `<inTheNameOf>${user}</inTheNameOf>`;
    await town.refuses('creator1', 'getItemInfos', `<UID>${uid}</UID>${acting('creator1')}`, 'inTheNameOf', 'Manager', 'MeetingManager');
    expect(await infos('manager', uid, acting('creator1'))).to.have.length(1);
    expect(await infos('manager', uid, acting('creator2'))).to.deep.equal([]);
    expect(await infos('manager', uid)).to.have.length(1);
    await town.refuses('manager', 'getItemInfos', `<UID>${uid}</UID>${acting('nobody')}`, 'inTheNameOf', 'nobody');
    expect(await infos('creator2', uid)).to.deep.equal([]);
  });

  it('44 70 71 the extra infos, and the same from getSingleItemInfos', async () => {
    const { uid } = await town.create('creator1', '<title>Seul</title><description>x</description>');
    for (const more of ['<showExtraInfos>1</showExtraInfos>', '<showEmptyValues>0</showEmptyValues>', '<showTemplates>1</showTemplates><showAnnexes>1</showAnnexes>']) {
      const asked = async () => [(await infos('creator1', uid, more))[0], await town.ask('creator1', 'getSingleItemInfos', `<UID>${uid}</UID>${more}`)];
      const [item, single] = (await asked()).map(undated);
      expect(single).to.deep.equal(item);
    }
    const [item] = await infos('creator1', uid, '<showExtraInfos>1</showExtraInfos>');
    expect(item?.extraInfos).to.include({
      meeting_config_id: 'college', meeting_config_title: 'Collège communal', review_state_translated: 'Created', category_title: 'Développeurs',
      creator_fullname: 'Créatrice Un', preferredMeeting: 'whatever', motivation: '<p></p>',
    });
    await town.refuses('creator2', 'getSingleItemInfos', `<UID>${uid}</UID>`, uid);
  });

  it('45 46 47 50 51 52 53 54 annexes, by what is asked', async () => {
    const { uid, warnings } = await town.create('creator1', '<title>Annexes</title>'
      + annex({ title: 'Plan', filename: 'Plan A.pdf', file: PDF }) + annex({ title: 'Note', annexTypeId: 'overhead-analysis', filename: 'note.txt', file: 'Été' }));
    expect(warnings).to.deep.equal([]);
    const annexes = async (more: string) => (await infos('creator1', uid, more))[0]?.annexes ?? [];
    expect(await annexes('')).to.deep.equal([]);
    const all = await annexes('<showAnnexes>1</showAnnexes><allowed_annexes_types></allowed_annexes_types>');
    expect(all[0]).to.deep.equal({ id: 'plan-a.pdf', title: 'Plan', annexTypeId: LONG, filename: 'Plan A.pdf', file: PDF.toString('base64') });
    expect(all[1]).to.include({ id: 'note.txt', annexTypeId: LONG.replace('financial', 'overhead') });
    const typed = (type: string) => annexes(`<showAnnexes>1</showAnnexes><allowed_annexes_types>${type}</allowed_annexes_types>`);
    expect(ids(await typed(LONG))).to.deep.equal(['plan-a.pdf']);
    expect(await typed('college-annexes_types_-_item_annexes_-_unheard-of')).to.deep.equal([]);
    const listed = await annexes('<showAnnexes>1</showAnnexes><include_annex_binary>0</include_annex_binary>');
    expect(listed.map((one) => Object.keys(one))).to.deep.equal([1, 2].map(() => ['id', 'title', 'annexTypeId', 'filename']));
  });

  it('48 49 72 73 74 75 76 77 78 79 templates and documents', async () => {
    const { uid } = await town.create('creator1', '<title>Réfection de la rue Haute</title>');
    const templates = (await infos('creator1', uid, '<showTemplates>1</showTemplates>'))[0]?.templates ?? [];
    expect(templates.map(({ templateId, templateFilename, templateFormat }) => [templateId, templateFilename, templateFormat])).to.deep.equal([
      ['itemTemplate__format__docx', 'item.docx', 'docx'], ['same-file__format__docx', 'item.docx', 'docx'], ['itemPdf__format__pdf', 'item.html', 'pdf'],
    ]);
    const asked = (templateId: string, more = '') => `<itemUID>${uid}</itemUID><templateId>${templateId}</templateId>${more}`;
    const file = async (user: string, children: string) => Buffer.from((await town.ask(user, 'getItemTemplate', children))['file'] as string, 'base64');
    for (const [user, more] of [['creator1', ''], ['manager', '<inTheNameOf>creator1</inTheNameOf>']] as const) {
      const document = new PizZip(await file(user, asked('itemTemplate__format__docx', more))).file('word/document.xml')?.asText();
      expect(document).to.include('Réfection de la rue Haute');
    }
    expect((await file('creator1', asked('itemPdf'))).subarray(0, 5).toString()).to.equal('%PDF-');
    await town.refuses('creator2', 'getItemTemplate', asked('itemTemplate__format__docx'), uid);
    await town.refuses('creator1', 'getItemTemplate', asked('agenda__format__docx'), 'agenda');
    expect(await town.refuses('creator1', 'getItemTemplate', asked('itemTemplate__format__odt'), 'itemTemplate', 'odt')).to.match(/^Exception/);
    await town.refuses('creator1', 'getItemTemplate', asked('itemTemplate__format__docx', '<inTheNameOf>creator1</inTheNameOf>'), 'inTheNameOf', 'Manager');
    await town.refuses('manager', 'getItemTemplate', asked('itemTemplate__format__docx', '<inTheNameOf>creator2</inTheNameOf>'), uid);
    await town.refuses('manager', 'getItemTemplate', asked('itemTemplate__format__docx', '<inTheNameOf>nobody</inTheNameOf>'), 'nobody');
  });

  it('55 56 empty values are there unless they are not wanted', async () => {
    const { uid } = await town.create('creator1', '<title>Vide</title>', '<cleanHtml>false</cleanHtml>');
    expect((await infos('creator1', uid))[0]).to.include({ decision: '', description: '' });
    const [sparse] = await infos('creator1', uid, '<showEmptyValues>0</showEmptyValues>');
    expect(sparse).to.have.all.keys('UID', 'id', 'title', 'creator', 'creation_date', 'modification_date', 'category', 'preferred_meeting_date', 'review_state', 'meeting_date', 'absolute_url');
    expect(Object.values(sparse ?? {})).to.not.include('');
  });

  it('81 82 83 84 85 86 87 88 searching by words, category and config', async () => {
    const council = '<meetingConfigId>council</meetingConfigId>';
    const road = (await town.create('creator1', '<title>Réverbère rue Haute</title><category>development</category><externalIdentifier>urb-1</externalIdentifier>', council)).uid;
    const lane = (await town.create('creator1', '<title>Rue Basse, réverbère</title><category>events</category>', council)).uid;
    const plain = (await town.create('creator1', '<title>REVERBERE</title>')).uid;
    expect(await town.find('creator1', '<Title>reverbere</Title><getCategory>development</getCategory>')).to.deep.equal([road]);
    expect((await infos('creator1', road))[0]).to.include({ externalIdentifier: 'urb-1' });
    expect(await town.find('creator1', '<Title>rue réverbère</Title><getCategory></getCategory>')).to.deep.equal([road, lane]);
    expect(await town.find('creator1', '<Title>réverbère</Title>')).to.deep.equal([road, lane, plain]);
    expect(await town.find('creator1', '<Title>piscine</Title>')).to.deep.equal([]);
    for (const none of ['', '<Title> </Title>', '<inTheNameOf>nobody</inTheNameOf>']) await town.refuses('creator1', 'searchItems', none, 'criterion');
    expect(await town.find('creator1', '<Title>réverbère</Title><meetingConfigId>college</meetingConfigId>')).to.deep.equal([plain]);
    await town.refuses('creator1', 'searchItems', '<Title>réverbère</Title><meetingConfigId>nowhere</meetingConfigId>', 'nowhere');
  });

  it('83 items of the same moment stay in the order in which they were created', async () => {
    const created: string[] = [];
    for (let index = 0; index < 30; index += 1) created.push((await town.create('creator1', `<title>Tombola ${index}</title>`)).uid);
    expect(await town.find('creator1', '<Title>tombola</Title>')).to.deep.equal(created);
  });

  it('89 90 91 92 each creator finds the own organisation’s, a manager in both finds both', async () => {
    const ours = (await town.create('creator1', '<title>Kermesse</title>')).uid;
    const theirs = (await town.create('creator2', '<title>Kermesse</title>', VENDORS)).uid;
    const found = (user: string, more = '') => town.find(user, `<Title>kermesse</Title>${more}`);
    const acting = (user: string) => `<inTheNameOf>${user}</inTheNameOf>`;
    expect([await found('creator1'), await found('creator2'), await found('manager')]).to.deep.equal([[ours], [theirs], [ours, theirs]]);
    for (const user of ['creator1', 'creator2']) await town.refuses(user, 'searchItems', `<Title>kermesse</Title>${acting(user)}`, 'inTheNameOf', user);
    expect([await found('manager', acting('creator1')), await found('manager', acting('creator2')), await found('manager')]).to.deep.equal([[ours], [theirs], [ours, theirs]]);
  });

  it('E1 E2 E3 E4 E5 E6 E7 E8 E9 E10 E11 E12 what replies look like on the wire', async () => {
    const { uid } = await town.create('creator1', `<title>Fil</title>${annex({ filename: 'a.pdf', file: Buffer.concat([PDF, Buffer.alloc(500)]) })}`);
    const { status, headers, text } = await town.answer('creator1', 'getItemInfos', `<UID>${uid}</UID><showAnnexes>1</showAnnexes><showExtraInfos>1</showExtraInfos><showTemplates>1</showTemplates>`);
    expect([status, headers['content-type']]).to.deep.equal([200, 'text/xml; charset=utf-8']);
    expect(wsdlMistakes('getItemInfos', text)).to.deep.equal([]);
    expect(text).to.match(/^<SOAP-ENV:Envelope xmlns:SOAP-ENV="http:\/\/schemas\.xmlsoap\.org\/soap\/envelope\/"[^>]*><SOAP-ENV:Header\/><SOAP-ENV:Body><ns1:getItemInfosResponse xmlns:ns1="http:\/\/ws4pm\.imio\.be"><itemInfo><UID>/);
    expect(text).to.not.match(/\sxmlns=|xsi:type|>\s+<|<file>[^<]*\s/);
    expect(text).to.include('<decision>&lt;p&gt;&lt;/p&gt;</decision>').and.include('<preferredMeeting></preferredMeeting>').and.not.include('<meeting>');
    const empty = await town.answer('creator1', 'searchItems', '<Title>introuvable</Title>');
    expect([empty.status, empty.text]).to.deep.equal([200, text.replace(/<ns1:.*<\/ns1:\w+>/s, '<ns1:searchItemsResponse xmlns:ns1="http://ws4pm.imio.be"></ns1:searchItemsResponse>')]);
  });

  it('146 a creation answers 200, never a redirect', async () => {
    const { status, headers } = await town.answer('creator1', 'createItem', '<meetingConfigId>college</meetingConfigId><proposingGroupId>developers</proposingGroupId><creationData><title>Direct</title></creationData>');
    expect([status, headers['location']]).to.deep.equal([200, undefined]);
  });

  it('93 94 items of a meeting, of an unknown one, and of none', async () => {
    const inMeeting = `<preferredMeeting>${meetings.later}</preferredMeeting>`;
    const of = async (user: string, title: string, more: string) => (await town.create('manager', `<title>${title}</title>${inMeeting}`, `${more}<inTheNameOf>${user}</inTheNameOf>${PRESENT}`)).uid;
    const created = [await of('creator1', 'Un', ''), await of('creator2', 'Deux', VENDORS), await of('creator1', 'Trois', ''), await of('creator2', 'Quatre', VENDORS), await of('creator2', 'Cinq', VENDORS)];
    const found = (user: string, meeting: string) => town.find(user, `<meeting_uid>${meeting}</meeting_uid>`);
    expect(await found('manager', meetings.later)).to.deep.equal(created);
    expect(await found('creator1', meetings.later)).to.deep.equal([created[0], created[2]]);
    expect(await found('manager', 'f'.repeat(32))).to.deep.equal([]);
    const outside = (await town.create('creator1', '<title>Sans séance</title>')).uid;
    expect(await found('creator1', 'whatever')).to.include(outside).and.not.include(created[0]);
    expect(await town.find('manager', `<linkedMeetingUID>${meetings.later}</linkedMeetingUID>`)).to.deep.equal(created);
  });
});
