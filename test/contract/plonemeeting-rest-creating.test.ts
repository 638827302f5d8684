import { expect } from 'chai';
import { ploneMeetingRest } from '../../connectors/plonemeeting-rest/index.js';
import type { Receipt, Submission } from '../../src/connector-api/connector.js';
import { annexOf, sampleAnnex } from '../../src/connector-kit/sample-item.js';
import type { Annex } from '../../src/domain/item.js';
import { COLLEGE, creatorIn, failureOf, GROUP, itemAnswer, listOf, NOW, openPloneRig, TRAVAUX, type PloneRig, type Said } from '../support/scripted-plonemeeting.js';

const MARK = 'refection-rue-haute-rc0ffee00c0ffee00';
const UID = 'b'.repeat(32);
const OWN = { id: MARK, externalIdentifier: 'GED-1' };

describe('plonemeeting-rest: creating an item', () => {
  let rig: PloneRig;
  beforeEach(async () => { rig = await openPloneRig(); });
  afterEach(() => rig.close());

  const submit = (submission = rig.submission(), settings = rig.settings()): Promise<Receipt> => ploneMeetingRest.submit(submission, settings, rig.context);
  const probe = (submission = rig.submission()) => ploneMeetingRest.probe(submission, rig.settings(), rig.context);

  function annex(filename: string, change: Partial<Annex> = {}, bytes = Buffer.from(`bytes of ${filename}`)): Annex {
    const sample = sampleAnnex(filename, bytes);
    rig.files.put(sample);
    return { ...sample.annex, title: 'Plan', typeId: 'plan', ...change };
  }

  const warningsOf = ({ results }: Receipt): unknown => results?.fields?.['warnings'];

  it('§6: asks who, which group and whether it is there, marks, and then creates it in the name of its creator', async () => {
    const receipt = await submit(rig.submission({ category: 'travaux', description: '<p>Description é</p>', preferredMeeting: 'm'.repeat(32), extra: { observations: '<p>Vu</p>' } }, { budgetRelated: 'true' }));
    expect(rig.asked.slice(0, 1)).to.deep.equal(['GET /@infos']);
    expect(rig.asked.slice(-2)).to.deep.equal(['mark', 'POST /@item']);
    expect(rig.posted()).to.deep.equal({
      config_id: COLLEGE, in_name_of: 'jdupont', id: MARK, externalIdentifier: 'GED-1', proposingGroup: GROUP, title: 'Réfection de la rue Haute', category: 'travaux',
      description: '<p>Description é</p>', preferredMeeting: 'm'.repeat(32), toDiscuss: true, observations: '<p>Vu</p>', budgetRelated: 'true', ignore_not_used_data: true,
    });
    expect(receipt).to.deep.include({ reference: UID, state: 'sent' });
    expect(receipt.results?.item).to.deep.equal({ reviewState: 'itemcreated' });
  });

  it('§2.1, §6.2: no acting user, no empty value and no meeting of none are sent', async () => {
    await submit(rig.submission({ creator: 'relais', category: null, preferredMeeting: null, toDiscuss: false }));
    expect(Object.keys(rig.posted())).to.deep.equal(['config_id', 'id', 'externalIdentifier', 'proposingGroup', 'title', 'toDiscuss', 'ignore_not_used_data']);
    expect(rig.heard.find(({ path }) => path.startsWith('/@users/'))?.path).to.equal('/@users/relais');
  });

  it('§6.1: an empty paragraph of an attribute that may be unused is no text; the decision, which never is, is sent as it is', async () => {
    await submit(rig.submission({ description: '<p></p>', detailedDescription: ' <p> </p>', motivation: '<p></p>', decision: '<p></p>' }));
    expect(rig.posted()).to.include({ decision: '<p></p>' }).and.not.have.any.keys('description', 'detailedDescription', 'motivation');
  });

  describe('annexes', () => {
    it('§6: travel within the JSON in base64 with their type, name and media type; a child says what it is', async () => {
      rig.script['POST /@item'] = { status: 201, body: itemAnswer({ '__children__': [{ UID: 'x1' }, { UID: 'x2' }, { UID: 'x3' }] }) };
      const annexes = [
        annex('plan.pdf'), annex('décision', { relatedTo: 'decision', typeId: 'autre', mediaType: 'application/vnd.oasis.opendocument.text', filename: 'décision' }, Buffer.alloc(100_000, 'ab')),
        annex('vide.pdf', { title: '' }, Buffer.alloc(0)), annex('signed.pdf', { role: 'signed-document' }),
      ];
      await submit(rig.submission({ annexes }), rig.settings({ annexTypes: { plan: 'annexe-plan' } }));
      const [first, second, third, ...others] = rig.posted()['__children__'] as Record<string, unknown>[];
      expect(first).to.deep.equal({
        '@type': 'annex', 'title': 'Plan', 'content_category': 'annexe-plan',
        'file': { 'filename': 'plan.pdf', 'content-type': 'application/pdf', 'encoding': 'base64', 'data': Buffer.from('bytes of plan.pdf').toString('base64') },
      });
      expect(second).to.not.have.property('content_category');
      expect(second).to.deep.include({ '@type': 'annexDecision' });
      expect(second?.['file']).to.deep.include({ filename: 'décision.odt', data: Buffer.alloc(100_000, 'ab').toString('base64') });
      expect(third).to.deep.include({ title: 'vide.pdf' });
      expect(others).to.deep.equal([]);
    });

    it('one that cannot be read is known before the mark', async () => {
      const broken = annexOf('plan.pdf', '0'.repeat(64), 3, () => sampleAnnex('plan.pdf', Buffer.from('abc')).content());
      rig.files.put(broken);
      expect(await failureOf(submit(rig.submission({ annexes: [broken.annex] })))).to.match(/^refused: .*not what was received/);
      expect(rig.asked).to.not.include('mark');
    });

    it('§6.3: one that is refused while the item is created is a warning, whatever the status; each is looked at', async () => {
      const refused: Said = { status: 403, body: itemAnswer({
        '@warnings': ['Following field names were ignored: foo.'],
        '__children__': [{ 'UID': 'x1', '@warnings': ['a remark'] }, { error: { type: 'Forbidden', message: 'Cannot create annex' } }],
      }) };
      rig.script['POST /@item'] = refused;
      const submission = rig.submission({ annexes: [annex('plan.pdf'), annex('vue.pdf')] });
      for (const status of [403, 201]) {
        rig.script['POST /@item'] = { ...refused, status };
        const receipt = await submit(submission);
        expect(receipt.reference).to.equal(UID);
        expect(warningsOf(receipt)).to.deep.equal(['Following field names were ignored: foo.', '«plan.pdf»: a remark', 'The annex «vue.pdf» was not taken: Cannot create annex. Add it to the item in PloneMeeting.']);
      }
    });
  });

  describe('transitions', () => {
    it('§6.3: without annexes they go with the creation, which triggers them itself', async () => {
      await submit(rig.submission({ askedTransitions: ['propose', 'validate'] }));
      expect(rig.posted()['wf_transitions']).to.deep.equal(['propose', 'validate']);
      expect(rig.asked.filter((one) => one.includes('@wf'))).to.deep.equal([]);
    });

    it('what can be the id of none is a warning, and the others are triggered', async () => {
      const receipt = await submit(rig.submission({ askedTransitions: ['propose', 'inventée', 'va lider', 'validate'] }));
      expect(rig.posted()['wf_transitions']).to.deep.equal(['propose', 'validate']);
      const warnings = warningsOf(receipt) as string[];
      expect(warnings).to.have.length(2);
      expect(warnings[0]).to.include('«inventée»');
      expect(warnings[1]).to.include('«va lider»');
    });

    it('§6.3, §9: with annexes they come after them, one by one; the call answers null, so that the state is read; an unavailable one is a warning', async () => {
      const states = ['itemcreated', 'proposed', 'proposed', 'validated'];
      let triggered = 0;
      rig.script['POST /@wf/'] = ({ path }) => {
        triggered += 1;
        return path.endsWith('/prevalidate') ? { status: 400, body: null } : { status: 200, body: null };
      };
      rig.script['GET /@item'] = () => ({ body: itemAnswer({ review_state: states[triggered] }) });
      rig.script['POST /@item'] = { status: 201, body: itemAnswer({ '__children__': [{ UID: 'x1' }] }) };
      const receipt = await submit(rig.submission({ annexes: [annex('plan.pdf')], askedTransitions: ['wrong'] }, { transitions: ['propose', 'prevalidate', 'validate'] }));
      expect(rig.posted()).to.not.have.property('wf_transitions');
      expect(rig.asked.filter((one) => one.startsWith('POST'))).to.deep.equal(['POST /@item', `POST /@wf/${UID}/propose`, `POST /@wf/${UID}/prevalidate`, `POST /@wf/${UID}/validate`]);
      expect(warningsOf(receipt)).to.deep.equal(['The transition «prevalidate» was not triggered: it is not available in the state of the item.']);
    });

    it('one that fails on the way is tried again when it is asked about, and not twice where it was done', async () => {
      let state = 'itemcreated';
      let lost: boolean | 'done' = true;
      rig.script['GET /@item'] = () => ({ body: itemAnswer({ review_state: state }) });
      rig.script['POST /@item'] = { status: 201, body: itemAnswer({ '__children__': [{ UID: 'x1' }] }) };
      rig.script['POST /@wf/'] = ({ path }) => {
        state = path.endsWith('/propose') ? 'proposed' : 'validated';
        if (lost === true) { lost = 'done'; return { lost: true }; }
        return { status: 200, body: null };
      };
      const settings = rig.settings();
      const receipt = await submit(rig.submission({ annexes: [annex('plan.pdf')], askedTransitions: ['propose', 'validate'] }), settings);
      expect(receipt.data).to.deep.include({ todo: ['propose', 'validate'], from: 'itemcreated' });
      const tracking = await ploneMeetingRest.track?.(JSON.parse(JSON.stringify(receipt)) as Receipt, {} as Submission, settings, rig.context);
      expect(rig.asked.filter((one) => one.includes('@wf')).map((one) => one.split('/').at(-1))).to.deep.equal(['propose', 'validate']);
      expect(tracking).to.deep.include({ state: 'pending', note: 'In PloneMeeting: «validated».' });
      expect(tracking?.state === 'pending' ? tracking.data : null).to.not.have.property('todo', []);
    });
  });

  describe('the proposing group', () => {
    it('§2: is found by UID, path or id among those of the user, which proves the right to create', async () => {
      const other = { UID: 'd'.repeat(32), id: 'travaux_2', full_id: 'secretariat/travaux_2', title: '' };
      rig.script['GET /@users/'] = creatorIn(other, TRAVAUX);
      for (const wanted of [GROUP, 'travaux', 'technique/travaux']) {
        rig.heard.length = 0;
        await submit(rig.submission({}, { proposingGroup: wanted }));
        expect(rig.posted()['proposingGroup'], wanted).to.equal(GROUP);
        expect(rig.heard.find(({ path }) => path.startsWith('/@users/'))?.search).to.equal('?extra_include=groups&extra_include_groups_suffixes=creators');
      }
    });

    it('names what was found and what there is; two of one id are told apart by a person', async () => {
      expect(await failureOf(submit(rig.submission({}, { proposingGroup: 'finances' })))).to.match(/^refused: .*«finances».*«jdupont» is a creator.*«technique\/travaux» \(Travaux\)/);
      rig.script['GET /@users/'] = creatorIn();
      expect(await failureOf(submit())).to.match(/there is none/);
      rig.script['GET /@users/'] = creatorIn(TRAVAUX, { ...TRAVAUX, UID: 'e'.repeat(32), full_id: 'culture/travaux' });
      expect(await failureOf(submit())).to.match(/^refused: .*several groups.*«culture\/travaux»/);
      expect(rig.asked).to.not.include('mark');
    });

    it('servers before 2.12 have no path', async () => {
      rig.script['GET /@users/'] = creatorIn({ UID: GROUP, id: 'travaux', title: 'Travaux' });
      expect((await submit()).reference).to.equal(UID);
    });
  });

  it('§1.2, §8.10: a user whom PloneMeeting does not know is refused with the fix: 404 with null', async () => {
    rig.script['GET /@users/'] = { status: 404, body: null };
    expect(await failureOf(submit())).to.match(/^refused: .*no user «jdupont».*setting «users»/);
    rig.script['GET /@users/'] = creatorIn(TRAVAUX);
    rig.script['POST /@item'] = { status: 400, body: { type: 'BadRequest', message: 'The in_name_of user "jdupont" was not found!' } };
    expect(await failureOf(submit())).to.match(/^refused: .*no user «jdupont»/);
  });

  it('§2.1: a user without a place for items is refused with the fix', async () => {
    rig.script['POST /@item'] = { status: 403, body: { error: { type: 'Forbidden', message: 'Disallowed subobject type: MeetingItemCollege' } } };
    expect(await failureOf(submit())).to.match(/^refused: .*«jdupont».*Disallowed subobject type.*must have connected to PloneMeeting once/);
  });

  it('§6.1: what the config does not use is dropped with a warning, unless it is to be refused; fields may go without validation', async () => {
    await submit(rig.submission({}, { ignoreNotUsedData: false, ignoreValidationFor: ['groupsInCharge'] }));
    expect(rig.posted()).to.deep.include({ ignore_not_used_data: false, ignore_validation_for: ['groupsInCharge'] });
  });

  it('§2, §8.10: an adviser with a delay cannot be asked: a warning says so', async () => {
    const receipt = await submit(rig.submission({ optionalAdvisers: ['f'.repeat(32), `${GROUP}__rowid__2026-01-01.1`] }));
    expect(rig.posted()['optionalAdvisers']).to.deep.equal(['f'.repeat(32)]);
    expect(warningsOf(receipt)).to.deep.equal([`The advice of «${GROUP}__rowid__2026-01-01.1» was not asked: PloneMeeting takes no adviser with a delay or a person over REST. Ask it there.`]);
  });

  it('no field of an item decides who acts or what is made', async () => {
    const receipt = await submit(rig.submission({ extra: { in_name_of: 'admin', __children__: 'x', wf_transitions: ['validate'], internalNotes: '<p>n</p>' } }, { id: 'other', debug: 'true' }));
    expect(rig.posted()).to.deep.include({ in_name_of: 'jdupont', id: MARK, internalNotes: '<p>n</p>' });
    expect(Object.keys(rig.posted())).to.not.include.members(['debug', '__children__', 'wf_transitions']);
    expect(warningsOf(receipt)).to.have.lengthOf(5);
  });

  it('§6.2, §9: an external identifier that is not plain ASCII is carried in ASCII, for others to be told apart', async () => {
    const submission = rig.submission({ externalIdentifier: 'dossier-é 100%' });
    await submit(submission);
    expect(rig.posted()['externalIdentifier']).to.equal('relais-text:dossier-%C3%A9%20100%25');
    await submit(rig.submission({ externalIdentifier: '' }));
    expect(rig.heard.filter(({ path, method }) => path === '/@item' && method === 'POST').map(({ body }) => (JSON.parse(body) as Record<string, unknown>)['externalIdentifier'])[1]).to.equal('relais-item:c0ffee00c0ffee00c0ffee00c0ffee00');
  });

  describe('never twice', () => {
    const there = (...items: object[]) => { rig.script['GET /@search'] = listOf(...items.map((one) => itemAnswer({ ...one }))); };

    it('an item with our mark is taken for it, and nothing is created', async () => {
      there({ externalIdentifier: 'GED-1', UID: '1'.repeat(32), id: 'other-point' }, { ...OWN, UID });
      expect((await submit()).reference).to.equal(UID);
      expect(await probe()).to.have.nested.property('found.reference', UID);
      expect(rig.asked.filter((one) => one.startsWith('POST'))).to.deep.equal([]);
      expect(rig.asked).to.not.include('mark');
    });

    it('looks as the creator, who alone sees a new item, and as the account; in the config of the item', async () => {
      rig.script['GET /@search'] = ({ query }) => (query.get('in_name_of') === 'jdupont' && query.has('externalIdentifier') ? listOf(itemAnswer({ ...OWN })) : listOf());
      expect(await probe()).to.have.nested.property('found.reference', UID);
      rig.script['GET /@search'] = ({ query }) => (query.has('in_name_of') ? { status: 400, body: { type: 'BadRequest', message: 'The in_name_of user "jdupont" was not found!' } } : listOf(itemAnswer({ ...OWN })));
      expect(await probe()).to.have.nested.property('found.reference', UID);
      expect(rig.heard.filter(({ path }) => path === '/@search').every(({ query }) => query.get('config_id') === COLLEGE && query.get('type') === 'item')).to.equal(true);
    });

    it('the same identifier on another item of ours, or on an older one, is none of it: it is created', async () => {
      there({ externalIdentifier: 'GED-1', id: 'autre-r0123456789abcdef' }, { externalIdentifier: 'GED-1', id: 'vieux', created: '2026-02-01T09:00:00+00:00' });
      expect(await probe()).to.equal('absent');
      await submit();
      expect(rig.asked).to.include('POST /@item');
    });

    it('the same identifier on an item of which nothing tells whose it is: after a lost answer, nobody knows', async () => {
      there({ externalIdentifier: 'GED-1', id: 'renamed', created: new Date(NOW + 60_000).toISOString() });
      expect(await probe()).to.equal('unknown');
    });

    it('an item without identifier of its own is known by ours, whatever its short id became', async () => {
      there({ externalIdentifier: 'relais-item:c0ffee00c0ffee00c0ffee00c0ffee00', id: 'renamed' });
      expect(await probe(rig.submission({ externalIdentifier: '' }))).to.have.nested.property('found.reference', UID);
    });

    it('§10: a site without the index answers other people\'s items: none is taken for ours', async () => {
      there({ externalIdentifier: 'GED-7', id: 'seven' }, { externalIdentifier: 'GED-8', id: 'eight' });
      expect(await probe()).to.equal('absent');
    });

    it('§8.2: one that is there and may be seen by neither is not absent; before 2.13 nobody tells', async () => {
      rig.script['GET /@get'] = { status: 403, body: { error: { type: 'Forbidden', message: 'Element was found but' } } };
      expect(await probe()).to.equal('unknown');
      expect(rig.heard.find(({ path }) => path === '/@get')?.query.get('config_id')).to.equal(COLLEGE);
    });

    it('§6.3: after a lost answer the outcome is unknown, and it is found; nothing is created again', async () => {
      rig.script['POST /@item'] = { lost: true };
      expect(await failureOf(submit())).to.match(/^outcome-unknown/);
      there({ ...OWN });
      expect(await probe()).to.have.nested.property('found.reference', UID);
    });

    it('a repeat that comes while the first is still being worked on is refused over there by its short id, and the first is found', async () => {
      let created = false;
      rig.script['GET /@search'] = () => (created ? listOf(itemAnswer({ ...OWN })) : listOf());
      rig.script['POST /@item'] = () => { created = true; return { status: 400, body: { error: { type: 'Bad Request', message: `The id "${MARK}" is invalid - it is already in use.` } } }; };
      expect((await submit()).reference).to.equal(UID);
      created = false;
      rig.script['GET /@search'] = listOf();
      expect(await failureOf(submit())).to.match(/^outcome-unknown: .*does not show it/);
    });

    it('an answer without a UID, cut or a page leaves the outcome unknown', async () => {
      for (const said of [{ status: 201, body: {} }, { status: 200, body: '<html>' }, { status: 201, body: '{"UID": "b' }, { status: 502, body: '<html>' }, { status: 500, body: { message: 'x' } }] satisfies Said[]) {
        rig.script['POST /@item'] = said;
        expect(await failureOf(submit())).to.match(/^outcome-unknown/);
      }
    });

    it('what an operator names is looked at: another item, or one of another config, is refused', async () => {
      rig.script['GET /@item'] = { body: itemAnswer({ externalIdentifier: 'GED-1', extra_include_config: { id: COLLEGE } }) };
      expect(await probe({ ...rig.submission(), foundAs: UID })).to.have.nested.property('found.reference', UID);
      rig.script['GET /@item'] = { body: itemAnswer({ externalIdentifier: 'GED-2', extra_include_config: { id: COLLEGE } }) };
      expect(await failureOf(probe({ ...rig.submission(), foundAs: UID }))).to.match(/^refused: .*another item/);
      rig.script['GET /@item'] = { body: itemAnswer({ externalIdentifier: 'GED-1', extra_include_config: { id: 'meeting-config-council' } }) };
      expect(await failureOf(probe({ ...rig.submission(), foundAs: UID }))).to.match(/^refused: .*meeting-config-council/);
      rig.script['GET /@item'] = { status: 404, body: { error: { type: 'NotFound', message: 'No element found' } } };
      expect(await failureOf(probe({ ...rig.submission(), foundAs: UID }))).to.match(/^refused: .*shows no item/);
    });
  });
});
