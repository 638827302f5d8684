import { expect } from 'chai';
import { ploneMeetingRest } from '../../connectors/plonemeeting-rest/index.js';
import type { Receipt, Submission, Tracking } from '../../src/connector-api/connector.js';
import { sampleAnnex } from '../../src/connector-kit/sample-item.js';
import { failureOf, infos, itemAnswer, listOf, openPloneRig, type PloneRig, type Said } from '../support/scripted-plonemeeting.js';

const UID = 'b'.repeat(32);
const rich = (data: string) => ({ 'content-type': 'text/html', data });
const HIDDEN: Said = { status: 403, body: { error: { type: 'Forbidden', message: 'Element with UID was found in config but user can not access it!' } } };
const GONE: Said = { status: 404, body: { error: { type: 'NotFound', message: `No element found with UID "${UID}"!` } } };

describe('plonemeeting-rest: following an item', () => {
  let rig: PloneRig;
  let settings: ReturnType<PloneRig['settings']>;
  let receipt: Receipt;
  beforeEach(async () => {
    rig = await openPloneRig();
    settings = rig.settings();
    rig.script['POST /@item'] = { status: 201, body: itemAnswer({ decision: rich('<p>Projet</p>'), description: rich('<p>Texte</p>'), category: { token: 'travaux', title: 'Travaux' } }) };
    receipt = await ploneMeetingRest.submit(rig.submission(), settings, rig.context);
  });
  afterEach(() => rig.close());

  /** The next question, as the engine asks it: what was kept comes back as JSON. */
  async function track(used = settings): Promise<Tracking> {
    if (ploneMeetingRest.track === undefined) throw new Error('the connector has no track');
    const tracking = await ploneMeetingRest.track(JSON.parse(JSON.stringify(receipt)) as Receipt, {} as Submission, used, rig.context);
    if (tracking.state === 'pending') receipt = { ...receipt, data: tracking.data ?? receipt.data };
    return tracking;
  }

  const item = (change: Readonly<Record<string, unknown>> = {}) => {
    rig.script['GET /@item'] = { body: itemAnswer({ decision: rich('<p>Projet</p>'), description: rich('<p>Texte</p>'), category: { token: 'travaux', title: 'Travaux' }, ...change }) };
  };

  it('tells where it stands, and what moved; nothing where nothing did', async () => {
    item({ review_state: { token: 'presented', title: 'Présenté' }, extra_include_meeting: { UID: 'm1', date: '2027-07-06T18:30:00' } });
    const first = await track();
    expect(first).to.deep.include({ state: 'pending', note: 'In PloneMeeting: «Présenté», in the meeting of 2027-07-06 18:30.' });
    expect(first.results?.item).to.deep.equal({ reviewState: 'presented', meeting: 'm1' });
    expect((await track()).results).to.equal(undefined);
    item({ review_state: { token: 'validated', title: 'Validé' } });
    expect((await track()).results?.item).to.deep.equal({ reviewState: 'validated', meeting: null });
  });

  it('§4.3: texts come back only when somebody changed them there: what is told of them differs from what was given', async () => {
    item({ description: rich('<p>Texte</p>') });
    expect((await track()).results?.item).to.deep.equal({ reviewState: 'itemcreated', meeting: null });
    item({ decision: rich('<p>Le collège décide</p>'), modified: '2027-03-02T09:00:00+00:00', title: 'Autre titre', category: { token: 'culture', title: '' }, preferredMeeting: { token: 'whatever', title: '' } });
    expect((await track()).results?.item).to.deep.equal({ reviewState: 'itemcreated', meeting: null, decision: '<p>Le collège décide</p>', title: 'Autre titre', category: 'culture' });
    expect((await track()).results).to.equal(undefined);
    // what the account may not read any more was not emptied
    rig.script['GET /@item'] = { body: itemAnswer({ review_state: 'validated' }) };
    expect((await track()).results?.item).to.not.have.any.keys('decision', 'description');
  });

  it('a new item is seen by its creator alone: it is asked in that name where the account may not see it', async () => {
    rig.script['GET /@item'] = ({ query }) => (query.get('in_name_of') === 'jdupont' ? { body: itemAnswer({ review_state: 'proposed', decision: rich('<p>in this state it is hidden</p>') }) } : HIDDEN);
    const { results } = await track();
    expect(results?.item).to.deep.equal({ reviewState: 'proposed', meeting: null });
    rig.script['GET /@item'] = HIDDEN;
    expect(await track()).to.deep.include({ state: 'pending', note: 'PloneMeeting shows the item neither to the account of Relais nor to its creator.' });
  });

  it('deleted over there: rejected; a page of a proxy, an endpoint that is gone or an old server say no such thing', async () => {
    rig.script['GET /@item'] = GONE;
    expect(await track()).to.deep.include({ state: 'rejected' }).and.to.have.property('reason').that.matches(/deleted in PloneMeeting/);
    rig.script['GET /@item'] = { status: 404, body: '<html>', headers: { 'content-type': 'text/html' } };
    expect(await failureOf(track())).to.match(/^outcome-unknown/);
    rig.script['GET /@infos'] = infos('2.11');
    rig.script['GET /@item'] = { status: 400, body: { type: 'BadRequest', message: 'not found' } };
    expect((await track(rig.settings())).state).to.equal('pending');
  });

  describe('decided', () => {
    const decision = sampleAnnex('décision.pdf', Buffer.from('%PDF-1.7 decision'));
    const annexes = (url: string) => ({
      extra_include_annexes: [
        { '@type': 'annex', 'UID': '1', 'id': 'plan.pdf', 'title': 'Plan', 'file': { filename: 'plan.pdf', download: `${url}/1/@@download` } },
        { '@type': 'annexDecision', 'UID': '2', 'id': 'd', 'title': 'Décision', 'file': { 'filename': '../décision.pdf', 'content-type': 'application/pdf', 'size': 17, 'download': `${url}/2/@@download` } },
        { '@type': 'annexDecision', 'UID': '3', 'id': 'd2', 'title': '', 'file': { 'filename': 'décision.pdf', 'content-type': 'application/pdf', 'size': 17, 'download': `${url}/2/@@download` } },
      ],
      extra_include_pod_templates: [{ id: 'deliberation', title: 'Délibération', outputs: [{ format: 'odt', url: `${url}/no` }, { format: 'pdf', url: `${url}/Members/point/document-generation?template_uid=t&output_format=pdf` }] }],
    });
    beforeEach(() => {
      item({ ...annexes(rig.url), review_state: { token: 'accepted', title: 'Accepté' } });
      rig.script['GET /2/@@download'] = { body: Buffer.from('%PDF-1.7 decision'), headers: { 'content-type': 'application/pdf' } };
      rig.script['GET /Members/point/document-generation'] = { body: Buffer.from('%PDF-1.7 extract'), headers: { 'content-type': 'application/pdf' } };
    });

    it('is done, with the annexes to the decision and the document that the settings name', async () => {
      const tracking = await track(rig.settings({ decisionDocument: 'deliberation__format__pdf' }));
      expect(tracking.state).to.equal('done');
      expect(tracking.results?.item).to.deep.include({ reviewState: 'accepted' });
      expect(tracking.results?.documents?.map(({ title, filename, mediaType, role, size }) => [title, filename, mediaType, role, size])).to.deep.equal([
        ['Décision', 'décision.pdf', 'application/pdf', 'added-annex', 17], ['décision.pdf', 'décision-2.pdf', 'application/pdf', 'added-annex', 17], ['Délibération', 'deliberation-point.pdf', 'application/pdf', 'report', 16],
      ]);
      expect(tracking.results?.documents?.[0]?.sha256).to.equal(decision.annex.sha256);
      expect(rig.heard.at(-1)?.search).to.include('output_format=pdf');
    });

    it('what is confidential over there stays so', async () => {
      const { extra_include_annexes: all } = annexes(rig.url);
      item({ extra_include_annexes: all.map((annex) => ({ ...annex, confidential: annex.UID === '2' })), review_state: { token: 'accepted', title: 'Accepté' } });
      expect((await track()).results?.documents?.map(({ confidential }) => confidential)).to.deep.equal([true, undefined]);
      expect(rig.heard.map(({ search }) => search).join()).to.include('extra_include_annexes_metadata_fields=confidential');
    });

    it('an annex to the decision that we sent ourselves does not come back', async () => {
      receipt = { ...receipt, data: { ...receipt.data as object, sent: [decision.annex.sha256] } };
      expect((await track()).results?.documents).to.deep.equal([]);
    });

    it('a document that is not offered is a warning; one that cannot be made now, or is a page, is no document', async () => {
      const used = rig.settings({ decisionDocument: 'extrait__format__pdf' });
      expect((await track(used)).results?.fields?.['warnings']).to.deep.equal(['PloneMeeting offers no document «extrait__format__pdf» for the item: see setting «decisionDocument».']);
      const made = rig.settings({ decisionDocument: 'deliberation__format__pdf' });
      rig.script['GET /Members/point/document-generation'] = { body: '<html><p>Error while converting</p></html>', headers: { 'content-type': 'text/html' } };
      expect(await failureOf(track(made))).to.match(/^refused: .*could not make the document «deliberation__format__pdf»: Error while converting/);
      rig.script['GET /Members/point/document-generation'] = { status: 503 };
      expect(await failureOf(track(made))).to.match(/^not-sent/);
      rig.script['GET /2/@@download'] = { body: '' };
      expect(await failureOf(track())).to.match(/^not-sent: .*empty file/);
    });

    it('§5: files are fetched from PloneMeeting alone: the account is shown nowhere else', async () => {
      for (const elsewhere of ['http://evil.example', 'http://127.0.0.1:9', 'file:///etc', 'http://127.0.0.1@evil.example']) {
        item({ ...annexes(elsewhere), review_state: 'accepted' });
        expect(await failureOf(track()), elsewhere).to.match(/^misconfigured: .*nothing is asked elsewhere/);
      }
    });

    it('which states are final is the town\'s to say', async () => {
      expect((await track(rig.settings({ finalStates: ['closed'] }))).state).to.equal('pending');
    });
  });

  describe('many at once', () => {
    const sent = (key: string, change: object) => ({ submission: { ...rig.submission(), key }, receipt: { ...receipt, ...change } });
    const survey = (many: readonly ReturnType<typeof sent>[]) => ploneMeetingRest.survey?.ask(many, settings, rig.context);
    const uidOf = (number: number) => number.toString(16).padStart(32, '0');

    it('one search tells what moved; what is not found is asked about, and what the account may not see is looked for as its creator', async () => {
      const seen = (state: string) => ({ data: { configId: 'c', user: 'jdupont', warnings: [], sent: [], seen: { state, modified: 'm', meeting: null } } });
      const rows = [1, 2, 4].map((number) => itemAnswer({ UID: uidOf(number), review_state: 'proposed', modified: 'm' }));
      rig.script['GET /@search'] = ({ query }) => {
        const wanted = query.getAll('UID');
        return listOf(...rows.filter(({ UID: uid }, index) => wanted.includes(String(uid)) && (query.has('in_name_of') ? index === 2 : index < 2)));
      };
      const many = [
        sent('quiet', { reference: uidOf(1), ...seen('proposed') }), sent('moved', { reference: uidOf(2), ...seen('itemcreated') }), sent('lost', { reference: uidOf(3), ...seen('proposed') }),
        sent('creators', { reference: uidOf(4), ...seen('proposed') }), sent('never seen', { reference: uidOf(1), data: { configId: 'c', user: null } }),
      ];
      expect([...await survey(many) ?? []]).to.deep.equal(['moved', 'lost', 'never seen']);
      expect(rig.heard.filter(({ path }) => path === '/@search').slice(-2).map(({ query }) => [query.get('in_name_of'), query.getAll('UID').length])).to.deep.equal([[null, 4], ['jdupont', 2]]);
    });

    it('five hundred are asked about in five calls', async () => {
      rig.script['GET /@search'] = ({ query }) => listOf(...query.getAll('UID').map((uid) => itemAnswer({ UID: uid, review_state: 's', modified: 'm' })));
      const before = rig.heard.length;
      const many = Array.from({ length: 500 }, (_, n) => sent(`key-${n}`, { reference: uidOf(n), data: { configId: 'c', user: null, seen: { state: 's', modified: 'm', meeting: null } } }));
      expect(await survey(many)).to.deep.equal(new Set());
      expect(rig.heard.length - before).to.equal(5);
    });

    it('a PloneMeeting that does not answer has told nothing', async () => {
      rig.script['GET /@search'] = { body: '<html>' };
      expect(await failureOf(survey([sent('one', { data: { configId: 'c', user: null, seen: { state: 's', modified: 'm', meeting: null } } })]) ?? Promise.resolve())).to.match(/^outcome-unknown/);
    });
  });

  it('a receipt that is none of ours is not read', async () => {
    receipt = { reference: UID, state: 'sent', data: { something: 'else' } };
    expect(await failureOf(track())).to.match(/^outcome-unknown: .*cannot be read/);
  });
});
