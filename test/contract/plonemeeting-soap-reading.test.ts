import { expect } from 'chai';
import { ploneMeetingSoap } from '../../connectors/plonemeeting-soap/index.js';
import { momentOf } from '../../connectors/plonemeeting-soap/moments.js';
import type { CouncilItem, CouncilQuery, Deliberation } from '../../src/connector-api/deliberation.js';
import { Misconfigured, NotSent, Refused } from '../../src/connector-api/failures.js';
import { largeAnnex, REHEARSAL_TIME, sampleAnnex } from '../../src/connector-kit/sample-item.js';
import { watchMemory } from '../../src/connector-kit/live-memory.js';
import type { CouncilSoapSettings } from '../../connectors/plonemeeting-soap/config.js';
import { openSoapCouncil, SAMPLE_GROUP, type SoapCouncil } from '../support/soap-council.js';

const { deliberation } = ploneMeetingSoap as { readonly deliberation: Deliberation<CouncilSoapSettings> };
const COLLEGE = 'meeting-config-college';

describe('plonemeeting-soap: reading', () => {
  let council: SoapCouncil;
  beforeEach(async () => { council = await openSoapCouncil(); });
  afterEach(() => council.close());

  const made = async (...given: Parameters<SoapCouncil['submission']>): Promise<string> => (await ploneMeetingSoap.submit(council.submission(...given), council.settings, council.context())).reference;
  const item = (uid: string, reader: string | null = null) => deliberation.item(uid, reader, council.settings, council.context());
  const shown = async (uid: string, reader: string | null = null): Promise<CouncilItem> => {
    const found = await item(uid, reader);
    if (typeof found === 'string') throw new Error(`${uid} is ${found}`);
    return found;
  };
  const search = async (query: CouncilQuery, reader: string | null = null): Promise<readonly CouncilItem[]> => {
    const found: CouncilItem[] = [];
    for await (const one of deliberation.search(query, reader, council.settings, council.context())) found.push(one);
    return found;
  };
  const bytesOf = async (content: AsyncIterable<Buffer>): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const failure = (work: Promise<unknown>): Promise<Error> => work.then(() => { throw new Error('it succeeded'); }, (error: unknown) => error as Error);

  it('the directory: configs that were asked for, categories, organisations, meetings as true moments', async () => {
    const { version, configs, organisations } = await deliberation.directory([COLLEGE, 'college', 'none-such'], council.settings, council.context());
    expect(version).to.equal('3.9');
    expect(configs.map(({ id, categories }) => [id, categories?.map((one) => one.id) ?? null])).to.deep.equal([[COLLEGE, null], ['college', ['affaires-generales', 'travaux', 'budget']]]);
    expect(organisations.map(({ id }) => id)).to.deep.equal(['direction-generale', 'urbanisme', 'finances']);
    const meetings = council.other.desk.config('college')?.meetings.filter(({ state }) => state !== 'closed') ?? [];
    expect(configs[1]?.meetings.map(({ uid, date, acceptsItems }) => ({ uid, date, acceptsItems }))).to.deep.equal(meetings.map(({ uid, date }) => ({ uid, date, acceptsItems: true })));
  });

  it('a person: sub-groups by organisation, categories that may be selected; nobody is null', async () => {
    const user = await deliberation.user('mmartin', council.settings, council.context());
    const uidOf = (id: string) => council.other.desk.town().organisations.find((one) => one.id === id)?.uid ?? '';
    expect(user).to.deep.include({ id: 'mmartin', fullname: 'Marc Martin', email: 'mmartin@ville.example', memberships: { [uidOf('finances')]: ['creators', 'reviewers', 'advisers'], [uidOf('urbanisme')]: ['reviewers'] } });
    expect(user?.categories['college']).to.deep.equal(['affaires-generales', 'travaux', 'budget']);
    expect((await deliberation.user('jdupont', council.settings, council.context()))?.categories['college']).to.deep.equal(['affaires-generales', 'travaux']);
    expect(await deliberation.user('nobody', council.settings, council.context())).to.equal(null);
    expect(await failure(deliberation.user('dgs', { ...council.settings, login: 'jdupont' }, council.context()))).to.be.instanceOf(Misconfigured);
  });

  it('an item with everything, as its reader sees it', async () => {
    const uid = await made({ extra: { notes: '<p>n</p>' } }, { transitions: ['propose', 'validate'] }, [sampleAnnex('plan.pdf', Buffer.from('plan'))]);
    await council.other.desk.people.decide(uid, 'accept', { text: '<p>Décide</p>' });
    await council.other.desk.people.attach(uid, 'extrait.pdf', Buffer.from('extrait'));
    const found = await shown(uid, 'jdupont');
    const meeting = council.other.desk.config('college')?.meetings.find(({ state }) => state === 'created');
    expect(found).to.deep.include({
      uid, configId: 'college', creator: 'jdupont', creatorName: 'Jeanne Dupont', createdAt: REHEARSAL_TIME, reviewState: 'accepted', reviewStateTitle: 'Accepté', proposingOrganisation: SAMPLE_GROUP,
      category: { id: 'travaux', title: 'Travaux et voirie' }, motivation: '<p>Motivation</p>', decision: '<p>Décide</p>', preferredMeeting: null, meeting: { uid: meeting?.uid, date: meeting?.date },
      externalIdentifier: 'GED-1', address: `${council.other.url}/Members/jdupont/mymeetings/college/point-1`,
    });
    expect(found.extra).to.include({ toDiscuss: true, itemIsSigned: false, itemNumber: 0, notes: '<p>n</p>', proposingGroup: SAMPLE_GROUP }).and.to.not.have.any.keys('pollType', 'meeting_config_id', 'creator_fullname');
    expect(found.extra['groupsInCharge']).to.deep.equal([]);
    expect(found.assembly).to.include('Claire Lambert');
    expect(found.annexes.map(({ filename, relatedTo, typeId, mediaType, size }) => ({ filename, relatedTo, typeId, mediaType, size }))).to.deep.equal([
      { filename: 'plan.pdf', relatedTo: 'item', typeId: 'college-annexes_types_-_item_annexes_-_annexe', mediaType: 'application/pdf', size: null },
      { filename: 'extrait.pdf', relatedTo: 'decision', typeId: 'college-annexes_types_-_item_decision_annexes_-_decision-annexe', mediaType: 'application/pdf', size: null },
    ]);
    expect(found.documents.map(({ templateId, format }) => [templateId, format])).to.deep.equal([['deliberation__format__pdf', 'pdf'], ['deliberation__format__docx', 'docx']]);
    expect(JSON.parse(JSON.stringify(found))).to.deep.equal(found);
  });

  it('an item without category tells its organisation in place of one', async () => {
    const found = await shown(await made({ configId: COLLEGE, category: null }));
    expect(found).to.deep.include({ category: null, proposingOrganisation: SAMPLE_GROUP, meeting: null, assembly: null });
    const [listed] = await search({ configId: COLLEGE });
    expect(listed).to.deep.include({ category: null, proposingOrganisation: SAMPLE_GROUP, extra: {} });
  });

  it('what may not be seen and what is not there are the same', async () => {
    expect(await item(await made(), 'mmartin')).to.equal('hidden');
    expect(await item('f'.repeat(32))).to.equal('hidden');
  });

  it('a search answers what its reader may see, with the config of each', async () => {
    await made({ title: 'Rue Haute' });
    council.clock.at += 60_000;
    await made({ title: 'Rue Basse', configId: COLLEGE, category: null, externalIdentifier: 'Y' });
    expect((await search({ title: 'rue' })).map(({ title, configId }) => [title, configId])).to.deep.equal([['Rue Haute', 'college'], ['Rue Basse', COLLEGE]]);
    expect(await search({ title: 'rue' }, 'mmartin')).to.deep.equal([]);
    expect((await search({ externalIdentifier: 'Y', creator: 'jdupont', organisation: SAMPLE_GROUP, reviewState: 'itemcreated', meeting: null })).map(({ title }) => title)).to.deep.equal(['Rue Basse']);
    expect((await search({ category: 'travaux', text: 'motivation' })).map(({ title }) => title)).to.deep.equal(['Rue Haute']);
  });

  it('a search that the server would answer with everything, or with a breakdown, does not', async () => {
    await made({ title: 'Rue Haute (partie 2)' });
    for (const query of [{}, { decision: 'x' }, { title: ' ' }, { decision: 'x', title: 'Rue' }] as const) expect(await search(query), JSON.stringify(query)).to.deep.equal([]);
    expect((await search({ title: 'Haute (partie' })).map(({ title }) => title)).to.deep.equal(['Rue Haute (partie 2)']);
    expect(await failure(search({ title: 'x', configId: 'none-such' }))).to.be.instanceOf(Refused);
  });

  it('an identifier is linked whoever may see the item, in its config alone', async () => {
    await made({ externalIdentifier: 'É-1' });
    const linked = (identifier: string, config: string | null) => deliberation.isLinked(identifier, config, council.settings, council.context());
    expect([await linked('É-1', null), await linked('É-1', 'college'), await linked('É-1', COLLEGE), await linked('é-1', null), await linked('', null)]).to.deep.equal([true, true, false, false, false]);
  });

  it('the bytes of one annex out of several of its type', async () => {
    const uid = await made({}, {}, ['un', 'deux', 'trois'].map((text) => sampleAnnex(`${text}.pdf`, Buffer.from(text))));
    const { annexes } = await shown(uid);
    const read = (place: unknown, reader: string | null = null) => deliberation.annexContent(place, reader, council.settings, council.context());
    for (const [index, text] of ['un', 'deux', 'trois'].entries()) {
      const content = await read(JSON.parse(JSON.stringify(annexes[index]?.place)));
      expect(typeof content === 'string' ? content : (await bytesOf(content)).toString()).to.equal(text);
    }
    expect(await read(annexes[0]?.place, 'mmartin')).to.equal('gone');
    await council.other.desk.people.remove(uid);
    expect(await read(annexes[0]?.place)).to.equal('gone');
  });

  it('a large annex comes at constant memory, and who stops reading ends the call', async () => {
    const size = 48 * 1024 * 1024;
    const uid = await made({}, {}, [largeAnnex('grand.pdf', size, () => undefined), sampleAnnex('autre.pdf', Buffer.from('autre'))]);
    const place = (await shown(uid)).annexes[0]?.place;
    const read = () => deliberation.annexContent(place, null, council.settings, council.context());
    const room = 32 * 1024 * 1024;
    const memory = watchMemory(room);
    let came = 0;
    for await (const chunk of await read() as AsyncIterable<Buffer>) came += chunk.length;
    expect(memory.end()).to.be.at.most(room);
    expect(came).to.equal(size);
    for await (const chunk of await read() as AsyncIterable<Buffer>) { expect(chunk.length).to.be.greaterThan(0); break; }
  });

  it('a document is made now; what is not offered is not, and what cannot be made is said', async () => {
    const uid = await made();
    const document = (templateId: string, reader: string | null = null) => deliberation.document(uid, templateId, reader, council.settings, council.context());
    const content = await document('deliberation__format__pdf');
    expect(typeof content === 'string' ? content : (await bytesOf(content)).subarray(0, 5).toString()).to.equal('%PDF-');
    expect(await document('none-such__format__pdf')).to.equal('not-offered');
    expect(await document('deliberation__format__pdf', 'mmartin')).to.equal('not-offered');
    const refused = await failure(document('deliberation__format__xls'));
    expect(refused).to.be.instanceOf(Refused);
    expect(refused.message).to.include('xls');
  });

  it('a server that is away, breaks, or answers with a page was not asked', async () => {
    const uid = await made();
    const asked: readonly (() => Promise<unknown>)[] = [
      () => item(uid), () => search({ title: 'x' }), () => deliberation.directory([COLLEGE], council.settings, council.context()), () => deliberation.isLinked('x', null, council.settings, council.context()),
    ];
    for (const mishap of ['html', 'server-fault', 'unavailable'] as const) {
      council.other.mishaps.set(mishap, '*');
      for (const ask of asked) expect(await failure(ask()), mishap).to.be.instanceOf(NotSent);
    }
    await council.other.behave('down');
    for (const ask of asked) expect(await failure(ask())).to.be.instanceOf(NotSent);
  });

  it('times: a Z that is not true, one that is, none, and years that mean none', () => {
    const brussels = { timeZone: 'Europe/Brussels', dates: 'wall' } as const;
    expect(momentOf('2027-03-12T18:30:00.004Z', brussels)).to.equal(Date.UTC(2027, 2, 12, 17, 30));
    expect(momentOf('2027-07-12T18:30:00Z', brussels)).to.equal(Date.UTC(2027, 6, 12, 16, 30));
    expect(momentOf('2027-07-12T18:30:00', brussels)).to.equal(Date.UTC(2027, 6, 12, 16, 30));
    expect(momentOf('2027-07-12T18:30:00+02:00', brussels)).to.equal(Date.UTC(2027, 6, 12, 16, 30));
    expect(momentOf('2027-07-12T18:30:00.004Z', { ...brussels, dates: 'utc' })).to.equal(Date.UTC(2027, 6, 12, 18, 30));
    for (const none of ['1950-01-01T00:00:00.006Z', '1950-01-01T01:00:00Z', '1949-12-31T19:00:00Z', '', 'demain', undefined]) expect(momentOf(none, brussels)).to.equal(null);
  });
});
