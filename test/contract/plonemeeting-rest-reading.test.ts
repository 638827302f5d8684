import { expect } from 'chai';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { ploneMeetingRest } from '../../connectors/plonemeeting-rest/index.js';
import type { CouncilItem, CouncilQuery } from '../../src/connector-api/deliberation.js';
import { COLLEGE, failureOf, GROUP, infos, itemAnswer, listOf, openPloneRig, type PloneRig } from '../support/scripted-plonemeeting.js';

const { deliberation } = ploneMeetingRest;
if (deliberation === undefined) throw new Error('the connector has no reading side');
const reading = deliberation;
const UID = 'b'.repeat(32);
const rich = (data: string) => ({ 'content-type': 'text/html', data });

describe('plonemeeting-rest: reading', () => {
  let rig: PloneRig;
  let settings: ReturnType<PloneRig['settings']>;
  beforeEach(async () => {
    rig = await openPloneRig('/pm');
    settings = rig.settings();
  });
  afterEach(() => rig.close());

  const item = (reader: string | null = null) => reading.item(UID, reader, settings, rig.context);
  const read = async (): Promise<CouncilItem> => {
    const found = await item('jdupont');
    if (typeof found === 'string') throw new Error(`the item is ${found}`);
    return found;
  };
  const search = async (query: CouncilQuery, reader: string | null = 'jdupont') => {
    const found: string[] = [];
    for await (const { uid } of reading.search(query, reader, settings, rig.context)) found.push(uid);
    return found;
  };
  const lastSearch = () => rig.heard.filter(({ path }) => path === '/@search').at(-1)?.query;

  describe('§8.6: an item', () => {
    const whole = () => itemAnswer({
      '@id': `${rig.url}/Members/jdupont/point`, 'review_state': { token: 'validated', title: 'Validé' }, 'creators': [{ token: 'jdupont', title: 'Jeanne Dupont' }, { token: 'x', title: 'x' }],
      'created': '2027-03-01T09:00:00+00:00', 'modified': '2027-03-01T11:30:00+02:00', 'category': { token: 'travaux', title: 'Travaux' }, 'proposingGroup': { token: GROUP, title: 'Travaux' },
      'description': rich('<p>d</p>'), 'decision': rich('<p>décidé</p>'), 'preferredMeeting': { token: 'whatever', title: 'Aucune' }, 'externalIdentifier': 'relais-text:dossier-%C3%A9', 'formatted_itemAssembly': '<p>Présents</p>',
      'toDiscuss': true, 'itemReference': 'REF-1', 'copyGroups': [{ token: 'g1', title: 'G' }], 'observations': rich('<p>o</p>'), 'ownField': rich('<p>own</p>'), 'itemNumber': 100, '@components': { x: 1 }, 'odd': { a: 1 },
      'extra_include_category': { '@id': 'x', 'id': 'travaux', 'title': 'Travaux', 'UID': 'c1' }, 'extra_include_proposing_group': { UID: GROUP, id: 'travaux', title: 'Travaux' },
      'extra_include_config': { id: COLLEGE, UID: 'cfg', title: 'Collège' }, 'extra_include_meeting': { UID: 'm1', date: '2027-07-06T18:30:00', id: 'x' },
      'extra_include_annexes': [{ '@type': 'annex', 'id': 'plan.pdf', 'title': 'Plan', 'UID': 'a1', 'content_category': { token: `${COLLEGE}-annexes_types_-_item_annexes_-_plan`, title: 'Plan' }, 'file': { 'filename': 'plan.pdf', 'content-type': 'application/pdf', 'size': 12, 'download': `${rig.url}/Members/plan.pdf/@@download/file/plan.pdf` } }],
      'extra_include_pod_templates': [{ id: 'deliberation', UID: 't', title: 'Délibération', outputs: [{ format: 'odt', url: 'u' }, { format: 'pdf', url: 'v' }], odt_file: { filename: 'delib.odt' } }],
    });

    it('comes in one call with everything, in the shapes of the contract', async () => {
      rig.script['GET /@item'] = { body: whole() };
      const { annexes, extra, ...found } = await read();
      expect(rig.asked).to.deep.equal(['GET /@infos', 'GET /@item']);
      expect(found).to.deep.equal({
        uid: UID, id: 'point', configId: COLLEGE, title: 'Point', creator: 'jdupont', creatorName: 'Jeanne Dupont', createdAt: Date.UTC(2027, 2, 1, 9), modifiedAt: Date.UTC(2027, 2, 1, 9, 30),
        reviewState: 'validated', reviewStateTitle: 'Validé', proposingOrganisation: GROUP, category: { id: 'travaux', title: 'Travaux' }, description: '<p>d</p>', detailedDescription: '', motivation: '',
        decision: '<p>décidé</p>', preferredMeeting: null, meeting: { uid: 'm1', date: Date.UTC(2027, 6, 6, 16, 30) }, externalIdentifier: 'dossier-é', address: `${rig.url}/Members/jdupont/point`,
        assembly: 'itemAssembly|<p>Présents</p>|itemAssemblyExcused||itemAssemblyAbsents||itemAssemblyGuests|',
        documents: [
          { templateId: 'deliberation__format__odt', title: 'Délibération', format: 'odt', filename: 'delib.odt' }, { templateId: 'deliberation__format__pdf', title: 'Délibération', format: 'pdf', filename: 'delib.odt' },
        ],
      });
      expect(annexes).to.deep.equal([{
        id: 'plan.pdf', title: 'Plan', typeId: `${COLLEGE}-annexes_types_-_item_annexes_-_plan`, relatedTo: 'item', filename: 'plan.pdf', mediaType: 'application/pdf', size: 12,
        place: { download: `${rig.url}/Members/plan.pdf/@@download/file/plan.pdf` },
      }]);
      expect(extra).to.deep.equal({ proposingGroup: GROUP, preferredMeeting: 'whatever', toDiscuss: true, itemReference: 'REF-1', copyGroups: ['g1'], observations: '<p>o</p>', ownField: '<p>own</p>', itemNumber: 100 });
    });

    it('who sits is told as SOAP tells it: a text with what the item says before its meeting, or person by person', async () => {
      const assemblyOf = async (change: Readonly<Record<string, unknown>>) => { rig.script['GET /@item'] = { body: itemAnswer(change) }; return (await read()).assembly; };
      const inMeeting = { extra_include_meeting: { UID: 'm1', date: '2027-07-06T18:30:00', assembly_excused: rich('<p>E</p>'), assembly_absents: rich('<p>A</p>'), assembly_guests: rich('') } };
      expect(await assemblyOf({ ...inMeeting, formatted_itemAssembly: '<p>Tous</p>', itemAssemblyAbsents: rich('M. C'), extra_include_attendees: [] }))
        .to.equal('itemAssembly|<p>Tous</p>|itemAssemblyExcused|<p>E</p>|itemAssemblyAbsents|<p>M. C</p>|itemAssemblyGuests|');
      const person = (title: string, token: string) => ({ '@type': 'held_position', 'UID': title, title, 'attendee_type': { token, title: token } });
      const attendees = [person('Mme A, Échevine', 'present'), person('M. B', 'absent'), person('M. C', 'present'), person('M. D', 'excused'), person('M. E', 'non_attendee')];
      expect(await assemblyOf({ ...inMeeting, formatted_itemAssembly: '', extra_include_attendees: attendees })).to.equal('Attendees|Mme A, Échevine\nM. C|Absents|M. B|Excused|M. D|itemAssemblyGuests|');
    });

    it('fields that the reader may not read are absent, and includes that are empty are {}', async () => {
      rig.script['GET /@item'] = { body: itemAnswer({ category: null, extra_include_category: {}, extra_include_meeting: {}, extra_include_proposing_group: {}, extra_include_annexes: [], externalIdentifier: null }) };
      expect(await read()).to.deep.include({ category: null, meeting: null, decision: '', externalIdentifier: '', annexes: [], documents: [], assembly: null, preferredMeeting: null });
    });

    it('404 is not there, 403 may not be seen; before 2.12 both are a 400, and are not told apart', async () => {
      rig.script['GET /@item'] = { status: 404, body: { error: { type: 'NotFound', message: `No element found with UID "${UID}"!` } } };
      expect(await item()).to.equal('unknown');
      rig.script['GET /@item'] = { status: 403, body: { error: { type: 'Forbidden', message: 'can not access it' } } };
      expect(await item()).to.equal('hidden');
      rig.script['GET /@item'] = { status: 400, body: { type: 'BadRequest', message: 'The in_name_of user "jdupont" was not found!' } };
      expect(await item('jdupont')).to.equal('hidden');
      rig.script['GET /@item'] = { status: 400, body: { type: 'BadRequest', message: 'not found' } };
      expect(await failureOf(item())).to.match(/^refused/);
      settings = rig.settings();
      rig.script['GET /@infos'] = infos('2.11');
      expect(await item()).to.equal('hidden');
    });
  });

  it('§1: a meeting\'s date is what the clocks show there, summer and winter and on the days between', async () => {
    const dates = {
      '2027-01-12T18:30:00': Date.UTC(2027, 0, 12, 17, 30), '2027-07-06T18:30:00': Date.UTC(2027, 6, 6, 16, 30), '2027-03-28T01:59:59': Date.UTC(2027, 2, 28, 0, 59, 59),
      '2027-03-28T02:30:00': Date.UTC(2027, 2, 28, 1), '2027-03-28T03:00:00': Date.UTC(2027, 2, 28, 1), '2027-10-31T02:30:00': Date.UTC(2027, 9, 31, 0, 30), '2027-10-31T03:00:00': Date.UTC(2027, 9, 31, 2),
      '2027-07-06T18:30:00+00:00': Date.UTC(2027, 6, 6, 18, 30), '2027-07-06T18:30:00.5': Date.UTC(2027, 6, 6, 16, 30),
    };
    for (const [date, at] of Object.entries(dates)) {
      rig.script['GET /@item'] = { body: itemAnswer({ extra_include_meeting: { UID: 'm1', date } }) };
      expect((await read()).meeting, date).to.deep.equal({ uid: 'm1', date: at });
    }
    rig.script['GET /@item'] = { body: itemAnswer({ extra_include_meeting: { UID: 'm1', date: 'demain' } }) };
    expect((await read()).meeting).to.equal(null);
  });

  describe('§8.5: search', () => {
    it('asks by the indexes of the catalog, in the order of creation', async () => {
      rig.script['GET /@search'] = listOf(itemAnswer({ externalIdentifier: 'GED-1' }));
      const query: CouncilQuery = { configId: COLLEGE, creator: 'a', title: 'rue*', description: 'd', text: 't', category: 'c', organisation: GROUP, reviewState: 'validated', meeting: null, externalIdentifier: 'GED-1' };
      expect(await search(query)).to.deep.equal([UID]);
      expect(Object.fromEntries(lastSearch() ?? [])).to.deep.include({
        type: 'item', config_id: COLLEGE, in_name_of: 'jdupont', sort_on: 'created', Creator: 'a', Title: 'rue*', Description: 'd', SearchableText: 't', getCategory: 'c', getProposingGroup: GROUP,
        review_state: 'validated', meeting_uid: 'whatever', externalIdentifier: 'GED-1',
      });
    });

    it('§4.1: without a config, type=item needs somebody; else the kind of content is asked for', async () => {
      await search({ text: 'rue' });
      expect(lastSearch()?.get('type')).to.equal('item');
      await search({ text: 'rue' }, null);
      expect([lastSearch()?.get('type'), lastSearch()?.get('meta_type')]).to.deep.equal([null, 'MeetingItem']);
    });

    it('what there is no index for gives nothing, and so does nothing at all', async () => {
      expect(await search({ configId: COLLEGE, decision: 'accord' })).to.deep.equal([]);
      expect(await search({})).to.deep.equal([]);
      expect(rig.asked).to.not.include('GET /@search');
    });

    it('§10: a site without the index of external identifiers answers other people\'s items: they are left out', async () => {
      rig.script['GET /@search'] = listOf(itemAnswer({ externalIdentifier: 'GED-2' }), itemAnswer({ UID: '1'.repeat(32) }), itemAnswer({ UID: '2'.repeat(32), externalIdentifier: 'relais-text:%C3%A9' }));
      expect(await search({ externalIdentifier: 'é' })).to.deep.equal(['2'.repeat(32)]);
      expect(lastSearch()?.getAll('externalIdentifier')).to.deep.equal(['é', 'relais-text:%C3%A9']);
    });

    it('§9: stale rows without an element, and rows that come twice, are passed over; an unknown reader sees nothing', async () => {
      rig.script['GET /@search'] = { body: { items_total: 3, items: [itemAnswer(), itemAnswer(), null] } };
      expect(await search({ text: 'rue' })).to.deep.equal([UID]);
      rig.script['GET /@search'] = { status: 400, body: { type: 'BadRequest', message: 'The in_name_of user "jdupont" was not found!' } };
      expect(await search({ text: 'rue' })).to.deep.equal([]);
      rig.script['GET /@search'] = { status: 400, body: { type: 'BadRequest', message: 'The given "config_id" named "x" was not found!' } };
      expect(await failureOf(search({ configId: 'x', text: 'rue' }))).to.match(/^refused: .*config_id/);
    });
  });

  describe('§8.2: is it linked', () => {
    const linked = (identifier = 'GED-1', config: string | null = COLLEGE) => reading.isLinked(identifier, config, settings, rig.context);

    it('yes for one that is there, and for one that may not be seen; asked in nobody\'s name', async () => {
      rig.script['GET /@get'] = { body: itemAnswer({ externalIdentifier: 'GED-1' }) };
      expect(await linked()).to.equal(true);
      rig.script['GET /@get'] = { status: 403, body: { error: { type: 'Forbidden', message: 'can not access' } } };
      expect(await linked()).to.equal(true);
      expect(rig.heard.at(-1)?.search).to.equal(`?externalIdentifier=GED-1&config_id=${COLLEGE}&metadata_fields=externalIdentifier`);
    });

    it('no for what is not there: 404; before 2.13 an empty list is not sure', async () => {
      expect(await linked()).to.equal(false);
      rig.script['GET /@get'] = listOf();
      expect(await linked()).to.equal(false);
      settings = rig.settings();
      rig.script['GET /@infos'] = infos('2.12.1');
      expect(await linked()).to.equal('unsure');
      expect(await linked('')).to.equal(false);
    });

    it('another item is no yes: the site lacks the index', async () => {
      rig.script['GET /@get'] = { body: itemAnswer({ externalIdentifier: 'GED-2' }) };
      expect(await linked()).to.equal('unsure');
    });

    it('§9: one that is not ASCII is asked as it is and as it is carried; a 500 for it is not sure', async () => {
      rig.script['GET /@get'] = ({ query }) => (query.get('externalIdentifier')?.startsWith('relais-text:') === true ? { body: itemAnswer({ externalIdentifier: 'relais-text:%C3%A9' }) } : { status: 500, body: { type: 'UnicodeDecodeError', message: 'ascii' } });
      expect(await linked('é')).to.equal(true);
      rig.script['GET /@get'] = ({ query }) => (query.get('externalIdentifier')?.startsWith('relais-text:') === true ? undefined : { status: 500, body: { type: 'UnicodeDecodeError', message: 'ascii' } });
      expect(await failureOf(linked('é'))).to.match(/no plonemeeting\.restapi/);
      rig.script['GET /@get'] = ({ query }) => (query.get('externalIdentifier')?.startsWith('relais-text:') === true ? { status: 404, body: { error: { type: 'NotFound', message: 'No element' } } } : { status: 500, body: { type: 'UnicodeDecodeError', message: 'ascii' } });
      expect(await linked('é')).to.equal('unsure');
    });

    it('an unknown config is refused; a page or a missing endpoint is no answer', async () => {
      rig.script['GET /@get'] = { status: 400, body: { type: 'BadRequest', message: 'The given "config_id" named "x" was not found!' } };
      expect(await failureOf(linked('GED-1', 'x'))).to.match(/^refused: .*«x»/);
      rig.script['GET /@get'] = { status: 404, body: '<html>' };
      expect(await failureOf(linked())).to.match(/^outcome-unknown/);
      rig.script['GET /@get'] = { status: 403, body: '<html>' };
      expect(await failureOf(linked())).to.match(/^outcome-unknown/);
    });
  });

  describe('§8.4: a user', () => {
    it('with the groups of Plone taken apart, under the name that Relais knows', async () => {
      settings = rig.settings({ users: { jd: 'jeanne dupont' } });
      rig.script['GET /@users/jeanne dupont'] = { body: {
        id: 'jeanne dupont', fullname: 'Jeanne Dupont', email: null,
        extra_include_app_groups: [`${GROUP}_creators`, `${GROUP}_reviewers`, `${COLLEGE}_meetingmanagers`, 'meeting-config-council_powerobservers', 'meeting-config-council_restrictedpowerobservers', 'AuthenticatedUsers', 'Administrators'].map((token) => ({ token, title: '' })),
        extra_include_categories: { [COLLEGE]: [{ id: 'travaux', title: 'Travaux' }], 'meeting-config-council': [] },
      } };
      expect(await reading.user('jd', settings, rig.context)).to.deep.equal({
        id: 'jd', fullname: 'Jeanne Dupont', email: '', memberships: { [GROUP]: ['creators', 'reviewers'] }, manages: [COLLEGE], observes: ['meeting-config-council'],
        categories: { [COLLEGE]: ['travaux'], 'meeting-config-council': [] },
      });
      expect(rig.heard.at(-1)?.search).to.equal('?extra_include=app_groups&extra_include=categories');
    });

    it('who may do everything there is told apart: Managers, and the account itself, whatever it is called here', async () => {
      settings = rig.settings({ users: { robot: '' } });
      rig.script['GET /@users/'] = ({ path }) => ({ body: { id: path, roles: path.endsWith('boss') ? ['Member', 'Manager'] : ['Member'] } });
      const told = await Promise.all(['jdupont', 'boss', 'relais', 'robot'].map((id) => reading.user(id, settings, rig.context)));
      expect(told.map((user) => user?.isManager)).to.deep.equal([undefined, true, true, true]);
    });

    it('nobody has that id: 404 with null; a 404 that speaks is about the endpoint', async () => {
      rig.script['GET /@users/'] = { status: 404, body: null };
      expect(await reading.user('ghost', settings, rig.context)).to.equal(null);
      rig.script['GET /@users/'] = { status: 404, body: { type: 'NotFound', message: 'Resource not found' } };
      expect(await failureOf(reading.user('ghost', settings, rig.context))).to.match(/^misconfigured/);
      rig.script['GET /@users/'] = { status: 401, body: null };
      expect(await failureOf(reading.user('ghost', settings, rig.context))).to.match(/^refused: .*role/);
    });
  });

  describe('§8.3, §8.9: the directory', () => {
    const config = (change: object = {}) => ({
      '@type': 'MeetingConfig', 'id': COLLEGE, 'UID': 'cfg', 'title': 'Collège', 'description': { 'content-type': 'text/plain', 'data': 'Le collège' },
      'usedItemAttributes': [{ token: 'category', title: 'Catégorie' }, { token: 'motivation', title: '' }], 'itemPreferredMeetingStates': [{ token: 'created', title: '' }, { token: 'frozen', title: '' }],
      'extra_include_categories': [{ UID: 'c1', id: 'travaux', title: 'Travaux', description: '', enabled: true }, { UID: 'c2', id: 'vieux', title: 'Vieux', description: '', enabled: false }],
      'extra_include_proposing_groups': [{ UID: GROUP, id: 'travaux', title: 'Travaux', description: 'Les travaux', full_id: 'travaux' }], ...change,
    });
    const meeting = (UID: string, date: string, state: string) => ({ UID, id: UID, date, review_state: state, title: '' });
    const directory = (...ids: string[]) => reading.directory(ids, settings, rig.context);
    beforeEach(() => {
      rig.script['GET /@config'] = ({ query }) => (query.get('config_id') === COLLEGE ? { body: config() } : { status: 400, body: { type: 'BadRequest', message: 'The given "config_id" named "x" was not found!' } });
      rig.script['GET /@search'] = listOf(meeting('m3', '2027-07-06T18:30:00', 'created'), meeting('m2', '2027-02-02T18:30:00', 'decided'), meeting('m1', '2025-01-01T18:30:00', 'closed'), meeting('m0', '2027-01-01T18:30:00', 'closed'));
    });

    it('configs that exist, with what they use, their meetings of a year and those to come, and the groups that may propose', async () => {
      expect(await directory(COLLEGE, 'x', COLLEGE)).to.deep.equal({
        version: '2.13', organisations: [{ uid: GROUP, id: 'travaux', title: 'Travaux', description: 'Les travaux' }],
        configs: [{
          id: COLLEGE, uid: 'cfg', title: 'Collège', description: 'Le collège', usedAttributes: ['category', 'motivation'], categories: [{ uid: 'c1', id: 'travaux', title: 'Travaux', description: '' }],
          meetingChosenBy: 'creator',
          meetings: [
            { uid: 'm2', id: 'm2', date: Date.UTC(2027, 1, 2, 17, 30), state: 'decided', acceptsItems: false }, { uid: 'm3', id: 'm3', date: Date.UTC(2027, 6, 6, 16, 30), state: 'created', acceptsItems: true },
          ],
        }],
      });
      expect(rig.heard.every(({ search: asked }) => !asked.includes('getConfigId'))).to.equal(true);
    });

    it('one that does not tell what it uses, or uses no category; one that is not active', async () => {
      rig.script['GET /@config'] = { body: config({ usedItemAttributes: undefined, extra_include_categories: [] }) };
      expect((await directory(COLLEGE)).configs[0]).to.deep.include({ usedAttributes: null, categories: null });
      rig.script['GET /@config'] = { body: config({ usedItemAttributes: [] }) };
      expect((await directory(COLLEGE)).configs[0]).to.deep.include({ usedAttributes: [], categories: null });
      rig.script['GET /@config'] = listOf();
      expect((await directory(COLLEGE)).configs).to.deep.equal([]);
    });

    it('a config that does not say which meetings accept items: those that accept them from the account, but for decided ones', async () => {
      rig.script['GET /@config'] = { body: config({ itemPreferredMeetingStates: undefined }) };
      const all = [meeting('m3', '2027-07-06T18:30:00', 'frozen'), meeting('m2', '2027-02-02T18:30:00', 'decided'), meeting('m4', '2027-01-02T18:30:00', 'closed')];
      rig.script['GET /@search'] = ({ query }) => listOf(...(query.has('meetings_accepting_items') ? all.slice(0, 2) : all));
      expect((await directory(COLLEGE)).configs[0]?.meetings.map(({ uid, acceptsItems }) => [uid, acceptsItems])).to.deep.equal([['m4', false], ['m2', false], ['m3', true]]);
    });

    it('PloneMeeting away is no empty town', async () => {
      rig.script['GET /@config'] = { body: '<html>' };
      expect(await failureOf(directory(COLLEGE))).to.match(/^outcome-unknown/);
    });
  });

  describe('§5, §8.8: files', () => {
    const content = async (stream: Readable | string) => (typeof stream === 'string' ? stream : await text(stream));

    it('bytes of an annex, with the account; gone is gone', async () => {
      rig.script['GET /a/@@download'] = { body: Buffer.from('bytes'), headers: { 'content-type': 'application/pdf' } };
      const bytesAt = async (place: unknown) => content(await reading.annexContent(place, 'jdupont', settings, rig.context));
      expect(await bytesAt({ download: `${rig.url}/a/@@download?x=1` })).to.equal('bytes');
      expect(await bytesAt({ download: `${rig.url}/b/@@download` })).to.equal('gone');
      expect(await bytesAt({ download: '' })).to.equal('gone');
      // a proxy that tells PloneMeeting another scheme: the address is ours all the same
      expect(await bytesAt({ download: `${rig.url.replace('http:', 'https:')}/a/@@download` })).to.equal('bytes');
      expect(await failureOf(bytesAt({ download: 'http://evil.example/a' }))).to.match(/^misconfigured: .*calls itself http:\/\/evil\.example/);
      expect(await failureOf(bytesAt({ download: `${rig.url.slice(0, -'/pm'.length)}/other-site/a` }))).to.match(/^misconfigured: .*outside/);
    });

    it('a document is offered to the reader, and made as the account; a bad template is not offered', async () => {
      const url = `${rig.url}/Members/point/document-generation?template_uid=t&output_format=pdf`;
      rig.script['GET /@item'] = ({ query }) => ({ body: itemAnswer({ extra_include_pod_templates: query.get('in_name_of') === 'jdupont' ? [{ id: 'deliberation', outputs: [{ format: 'pdf', url }] }] : [] }) });
      rig.script['GET /Members/point/document-generation'] = { body: Buffer.from('%PDF'), headers: { 'content-type': 'application/pdf' } };
      const made = async (templateId: string, reader: string | null = 'jdupont') => content(await reading.document(UID, templateId, reader, settings, rig.context));
      expect(await made('deliberation__format__pdf')).to.equal('%PDF');
      expect(rig.heard.at(-1)?.query.get('template_uid')).to.equal('t');
      for (const templateId of ['deliberation__format__odt', 'deliberation', 'other__format__pdf', '']) expect(await made(templateId), templateId).to.equal('not-offered');
      expect(await made('deliberation__format__pdf', null)).to.equal('not-offered');
      rig.script['GET /@item'] = { status: 403, body: { error: { type: 'Forbidden', message: 'x' } } };
      expect(await made('deliberation__format__pdf')).to.equal('not-offered');
    });
  });
});
