import { expect } from 'chai';
import { BACKENDS, behind, unlessExcepted } from '../support/backed-exceptions.js';
import { annex, conformanceTown, xml, type ConformanceTown, type Fields } from '../support/conformance-town.js';

// Numbers are those of contracts/ws4pm.md §6: the checklist over HTTP, as far as creating goes.

const COUNCIL = '<meetingConfigId>council</meetingConfigId>';
const EVENT = '<category>events</category>';
const VENDORS = '<proposingGroupId>vendors</proposingGroupId>';
const PRESENT = '<wfTransitions>propose</wfTransitions><wfTransitions>validate</wfTransitions><wfTransitions>present</wfTransitions>';
const PDF = '%PDF-1.4 plan';
const BINARY = Buffer.from([0, 1, 2, 3, 255]);
const LARGE = Buffer.alloc(300_000, 7);

const acting = (user: string) => `<inTheNameOf>${user}</inTheNameOf>`;
const rich = (name: string, html: string) => `<${name}>${xml(html)}</${name}>`;
const extra = (key: string, value: string) => `<extraAttrs><key>${key}</key><value>${xml(value)}</value></extraAttrs>`;

for (const backend of BACKENDS) describe(`conformance over HTTP: creating${behind(backend)}`, function () {
  this.timeout(60_000);
  const it = unlessExcepted(backend);
  let town: ConformanceTown;
  let organisations: Record<string, string>;
  let decided: string;
  let meetings: readonly string[];
  before(async () => {
    town = await conformanceTown(backend, 'direct');
    const { groupInfo } = await town.ask('manager', 'getConfigInfos');
    organisations = Object.fromEntries((groupInfo as Fields[]).map(({ id, UID }) => [id, UID]));
    const { meetingInfo } = await town.ask('manager', 'meetingsAcceptingItems', '<meetingConfigId>college</meetingConfigId>');
    [decided = '', ...meetings] = (meetingInfo as Fields[]).map(({ UID }) => UID ?? '');
  });
  after(() => town.stop());

  const refuses = (user: string, data: string, request: string, ...words: string[]) => {
    const parts = [/<meetingConfigId>/.test(request) ? '' : '<meetingConfigId>college</meetingConfigId>', /<proposingGroupId>/.test(request) ? '' : '<proposingGroupId>developers</proposingGroupId>'];
    return town.refuses(user, 'createItem', `${parts.join('')}${request}<creationData>${data}</creationData>`, ...words);
  };
  const annexesOf = async (uid: string) => [...(await town.item(uid, '<showAnnexes>1</showAnnexes>')).annexes ?? []];

  it('96 97 119 broken HTML is repaired with one warning, an absent decision is an empty paragraph', async () => {
    const { uid, warnings } = await town.create('creator1', `<title>Réparé</title>${rich('description', '<p>été<b></p></b>')}${annex({ filename: 'plan.pdf', file: PDF })}`);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include('HTML').and.include('/college/creator1/repare').and.include('creator1');
    expect(await town.item(uid)).to.include({ description: '<p>été<b></b></p>', decision: '<p></p>' });
  });

  it('98 99 100 101 102 103 104 what is missing or wrong is refused, and nothing is kept', async () => {
    const title = '<title>Refusé partout</title>';
    await refuses('creator1', '<title> </title>', '', 'title');
    await refuses('creator1', title, '<meetingConfigId>nowhere</meetingConfigId>', 'nowhere');
    await refuses('creator1', title, VENDORS, 'creator1', 'vendors');
    await refuses('creator1', title, COUNCIL, 'category');
    await refuses('creator1', `${title}${EVENT}`, '', '"category"');
    await refuses('creator1', `${title}<category>unheard-of</category>`, COUNCIL, 'unheard-of', 'developers');
    await refuses('creator1', `${title}<category>marketing</category>`, COUNCIL, 'marketing');
    await refuses('newcomer', title, '', 'newcomer');
    expect(await town.find('admin', '<Title>refusé partout</Title>')).to.deep.equal([]);
  });

  it('101 a category is not needed where the user may select none', async () => {
    const reserved = await town.create('creator1', '<title>Sans choix</title>', '<meetingConfigId>reserved</meetingConfigId>');
    expect((await town.item(reserved.uid))['category']).to.equal('developers');
    await refuses('creator2', '<title>Avec choix</title>', `<meetingConfigId>reserved</meetingConfigId>${VENDORS}`, 'category');
  });

  it('99b an inactive config still takes items', async () => {
    const { uid } = await town.create('creator1', '<title>Ancien</title>', '<meetingConfigId>former</meetingConfigId>');
    expect((await town.item(uid)).extraInfos).to.include({ meeting_config_id: 'former' });
  });

  it('105 106 motivation and toDiscuss need to be enabled', async () => {
    const motivation = '<p>Vu la loi</p>';
    await refuses('creator1', `<title>M</title>${rich('motivation', motivation)}`, '', '"motivation"');
    await refuses('creator1', '<title>D</title><toDiscuss>true</toDiscuss>', '', '"toDiscuss"');
    const { uid, warnings } = await town.create('creator1', `<title>M</title>${EVENT}${rich('motivation', motivation)}`, COUNCIL);
    expect(warnings).to.deep.equal([]);
    expect((await town.item(uid)).extraInfos).to.include({ motivation });
  });

  it('107 108 toDiscuss as given, else the default of the config', async () => {
    const stored = async (more: string, request: string) => (await town.item((await town.create('creator1', `<title>À discuter</title>${more}`, request)).uid)).extraInfos['toDiscuss'];
    const reserved = '<meetingConfigId>reserved</meetingConfigId>';
    for (const [config, category, byDefault] of [[COUNCIL, EVENT, 'true'], [reserved, '', 'false']] as const) {
      expect(await stored(`${category}<toDiscuss>true</toDiscuss>`, config)).to.equal('true');
      expect(await stored(`${category}<toDiscuss>0</toDiscuss>`, config)).to.equal('false');
      expect(await stored(category, config)).to.equal(byDefault);
    }
  });

  it('109 110 111 114 115 annexes keep their order, names, types and bytes', async () => {
    const sent = [
      { filename: 'Grand.pdf', file: Buffer.concat([Buffer.from(PDF), LARGE]) },
      { filename: 'Grand.odt', file: Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(26), Buffer.from('mimetypeapplication/vnd.oasis.opendocument.textPK\x03\x04'), LARGE]), annexTypeId: 'overhead-analysis' },
      { filename: 'Grand.doc', file: Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), LARGE]), annexTypeId: 'unheard-of' },
      { filename: 'releve.bin', file: BINARY, annexTypeId: 'college-annexes_types_-_item_annexes_-_overhead-analysis' },
    ];
    const { uid, warnings } = await town.create('creator1', `<title>Annexes</title>${sent.map((one, index) => annex({ title: `Pièce n° ${index}`, ...one })).join('')}`);
    expect(warnings).to.deep.equal([]);
    const type = (id: string) => `college-annexes_types_-_item_annexes_-_${id}`;
    expect((await annexesOf(uid)).map(({ title, filename, annexTypeId }) => [title, filename, annexTypeId])).to.deep.equal([
      ['Pièce n° 0', 'Grand.pdf', type('financial-analysis')], ['Pièce n° 1', 'Grand.odt', type('overhead-analysis')],
      ['Pièce n° 2', 'Grand.doc', type('financial-analysis')], ['Pièce n° 3', 'releve.bin', type('overhead-analysis')],
    ]);
    expect((await annexesOf(uid)).map(({ file }) => file)).to.deep.equal(sent.map(({ file }) => file.toString('base64')));
  });

  it('112 113 116 118 120 annexes that cannot be kept are skipped, with warnings in order', async () => {
    const { uid, warnings } = await town.create('creator1', `<title>Écartées</title>${rich('description', '<p>a<b></p></b>')}`
      + annex({ title: 'Vide', filename: 'vide.pdf', file: '' }) + annex({ title: 'Sans nom', filename: 'releve', file: BINARY })
      + annex({ title: 'Promesse' }) + annex({ title: 'Élévation côté rue', file: BINARY }) + annex({ title: 'Bonne', filename: 'bonne.pdf', file: PDF }), '<wfTransitions>nulle-part</wfTransitions>');
    expect((await annexesOf(uid)).map(({ title }) => title)).to.deep.equal(['Bonne']);
    const expected = [['HTML'], ['MIME', 'vide.pdf'], ['application/octet-stream', 'releve'], ['MIME', 'Promesse'], ['application/octet-stream', 'Élévation côté rue'], ['nulle-part']];
    expect(warnings).to.have.length(expected.length);
    for (const [index, words] of expected.entries()) for (const word of words) expect(warnings[index]).to.include(word);
    for (const warning of warnings.slice(0, 5)) expect(warning).to.include('/college/creator1/ecartees');
  });

  it('121 122 123 124 125 126 creating in the name of others', async () => {
    const { uid } = await town.create('manager', '<title>Pour un autre</title>', `${VENDORS}${acting('creator2')}`);
    expect(await town.item(uid)).to.include({ creator: 'creator2', category: 'vendors' });
    expect((await town.item((await town.create('manager', '<title>Pour moi</title>')).uid))['creator']).to.equal('manager');
    await refuses('creator1', '<title>T</title>', acting('creator1'), 'inTheNameOf', 'Manager');
    await refuses('manager', '<title>T</title>', acting('creator2'), 'creator2', 'developers');
    await refuses('manager', '<title>T</title>', acting('nobody'), 'inTheNameOf', 'nobody');
    await refuses('manager', '<title>T</title>', acting('newcomer'), 'newcomer');
    await refuses('manager', '<title>T</title>', acting('admin'), 'admin');
  });

  it('127 128 129 the preferred meeting', async () => {
    await refuses('creator1', `<title>T</title><preferredMeeting>${'f'.repeat(32)}</preferredMeeting>`, '', 'f'.repeat(32));
    const preferring = async (meeting: string) => await town.item((await town.create('creator1', `<title>T</title><preferredMeeting>${meeting}</preferredMeeting>`)).uid);
    expect((await preferring(meetings[1] ?? ''))['preferredMeeting']).to.equal(meetings[1]);
    for (const none of ['', 'whatever']) {
      const { preferredMeeting, extraInfos } = await preferring(none);
      expect([preferredMeeting, extraInfos['preferredMeeting']]).to.deep.equal(['', 'whatever']);
    }
  });

  it('127b a meeting that people who are no managers may not choose', async () => {
    await refuses('creator1', `<title>T</title><preferredMeeting>${decided}</preferredMeeting>`, '', 'preferredMeeting', decided);
  });

  it('128b a manager chooses for another a meeting that this one may not choose', async () => {
    const data = `<title>T</title><preferredMeeting>${decided}</preferredMeeting>`;
    expect((await town.item((await town.create('manager', data, acting('creator1'))).uid))['preferredMeeting']).to.equal(decided);
  });

  it('130 131 132 extra attributes', async () => {
    await refuses('creator1', `<title>T</title>${extra('unheardOf', 'x')}`, '', 'unheardOf');
    await refuses('creator1', `<title>T</title>${extra('privacy', 'secret')}`, '', 'privacy');
    const { uid } = await town.create('creator1', `<title>T</title>${extra('notes', '<p>Été</p>')}${extra('motivation', 'x')}`);
    expect((await town.item(uid)).extraInfos).to.include({ notes: '<p>Été</p>', motivation: '<p></p>' });
  });

  it('133 134 style goes unless cleaning is off', async () => {
    const decision = '<p style="color: red">a&#xa0;b</p>';
    const stored = async (request: string) => (await town.item((await town.create('creator1', `<title>T</title>${rich('decision', decision)}`, request)).uid))['decision'];
    expect([await stored(''), await stored('<cleanHtml></cleanHtml>'), await stored('<cleanHtml>0</cleanHtml>')]).to.deep.equal(['<p>a\u00a0b</p>', '<p>a\u00a0b</p>', decision]);
  });

  for (const [number, attribute] of [['135 136', 'groupsInCharge'], ['137', 'associatedGroups']] as const) {
    it(`${number} ${attribute}: only where enabled, only what exists, in order`, async () => {
      const list = (...values: (string | undefined)[]) => `<title>T</title>${EVENT}${values.map((value) => `<${attribute}>${value ?? ''}</${attribute}>`).join('')}`;
      await refuses('creator1', list(organisations['vendors']).replace(EVENT, ''), '', `"${attribute}"`);
      const text = await refuses('creator1', list(organisations['vendors'], 'unheard-of', 'developers'), COUNCIL, attribute, 'unheard-of, developers');
      expect(text).to.not.include(organisations['vendors']);
      const { uid } = await town.create('creator1', list(organisations['vendors'], organisations['developers']), COUNCIL);
      const { text: reply } = await town.answer('creator1', 'getItemInfos', `<UID>${uid}</UID><showExtraInfos>1</showExtraInfos>`);
      expect(reply).to.include(`<${attribute}><element>${organisations['vendors']}</element><element>${organisations['developers']}</element></${attribute}>`);
    });
  }

  const advisers = (...values: (string | undefined)[]) => `<title>Avis</title>${EVENT}${values.map((value) => `<optionalAdvisers>${value ?? ''}</optionalAdvisers>`).join('')}`;
  const advisersOf = async (uid: string) => /<optionalAdvisers>.*<\/optionalAdvisers>/.exec((await town.answer('creator1', 'getItemInfos', `<UID>${uid}</UID><showExtraInfos>1</showExtraInfos>`)).text)?.[0];

  it('138 139 140 advisers: only where advices are on, only selectable ones, in order, and asked once the item is proposed', async () => {
    const { vendors, archivists } = organisations;
    await refuses('creator1', advisers(vendors).replace(EVENT, ''), '', 'advices');
    await refuses('creator1', advisers(vendors, 'unheard-of'), COUNCIL, 'optionalAdvisers', 'unheard-of');
    const early = await town.create('creator1', advisers(vendors, archivists), COUNCIL);
    const { uid } = await town.create('creator1', advisers(vendors, archivists), `${COUNCIL}<wfTransitions>propose</wfTransitions>`);
    expect(await town.find('adviser', '<Title>avis</Title>')).to.include(uid).and.not.include(early.uid);
    expect(await advisersOf(uid)).to.equal(`<optionalAdvisers><element>${vendors}</element><element>${archivists}</element></optionalAdvisers>`);
  });

  it('140b advisers with a delay, and named ones', async () => {
    const { vendors, developers } = organisations;
    const asked = [`${developers}__rowid__delay-5`, `${vendors}__userid__manager`];
    const { uid } = await town.create('creator1', advisers(...asked), COUNCIL);
    expect(await advisersOf(uid)).to.equal(`<optionalAdvisers>${asked.map((token) => `<element>${token}</element>`).join('')}</optionalAdvisers>`);
  });

  it('141 142 144 transitions', async () => {
    const after = async (data: string, request: string) => {
      const { uid, warnings } = await town.create('creator1', data, request);
      const { review_state: state, meeting } = await town.item(uid);
      return { state, meeting, warnings };
    };
    expect(await after('<title>T</title>', PRESENT.replace(/<wfTransitions>present.*/, ''))).to.deep.equal({ state: 'validated', meeting: undefined, warnings: [] });
    const odd = await after('<title>T</title>', '<wfTransitions>propose</wfTransitions><wfTransitions>inventée</wfTransitions><wfTransitions>validate</wfTransitions>');
    expect(odd).to.include({ state: 'validated' });
    expect(odd.warnings).to.have.length(1);
    expect(odd.warnings[0]).to.include('inventée');
    expect(await after('<title>T</title>', PRESENT)).to.deep.equal({ state: 'presented', meeting: meetings[0], warnings: [] });
    expect(await after(`<title>T</title><preferredMeeting>${meetings[1]}</preferredMeeting>`, PRESENT)).to.deep.equal({ state: 'presented', meeting: meetings[1], warnings: [] });
  });

  it('143 present without a meeting', async () => {
    const { uid, warnings } = await town.create('creator1', `<title>T</title>${EVENT}`, `${COUNCIL}${PRESENT}`);
    expect((await town.item(uid))['review_state']).to.equal('validated');
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include('present').and.include('council').and.include('meeting');
  });
});
