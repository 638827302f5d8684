import { expect } from 'chai';
import { annexOf, openRestCouncil, type RestCouncil } from '../support/rest-council.js';

const COUNCIL = { config_id: 'meeting-config-council' };

describe('the simulated PloneMeeting, changed over REST', () => {
  let council: RestCouncil;
  beforeEach(async () => { council = await openRestCouncil(); });
  afterEach(() => council.close());

  const onlyItem = () => council.desk.items()[0];

  describe('a new item', () => {
    it('answers it whole, with its warnings and its annexes', async () => {
      const { status, headers, body } = await council.create({ __children__: [annexOf('plan.pdf', 'a plan')], nonsense: 1 });
      expect({ status, location: headers.get('location') }).to.deep.equal({ status: 201, location: body['@id'] });
      expect(body['@warnings']).to.deep.equal(['Following field values were ignored: "nonsense".']);
      expect(body.__children__[0]).to.deep.include({ 'id': 'plan.pdf', '@warnings': [] });
      expect(body.__children__[0].content_category.token).to.equal('meeting-config-college-annexes_types_-_item_annexes_-_annexe');
      expect(body.creators).to.deep.equal(['jdupont']);
    });

    it('tells what does not validate as the text of a Python list', async () => {
      const { status, body } = await council.create({ ...COUNCIL, title: 'L\'été', category: 'œuvre' });
      expect({ status, type: body.type }).to.deep.equal({ status: 400, type: 'BadRequest' });
      expect(body.message).to.equal('[{\'message\': u\'Value \\u0153uvre is not allowed for vocabulary of element Category.\', \'field\': u\'category\', \'error\': \'ValidationError\'}]');
      expect(council.desk.items()).to.deep.equal([]);
    });

    it('wants a creator of the group, but of the service account', async () => {
      expect((await council.create({ proposingGroup: 'finances' })).body.message).to.include('\'field\': u\'proposingGroup\'');
      expect((await council.create({ proposingGroup: 'finances', in_name_of: null })).status).to.equal(201);
    });

    it('refuses who never connected by hand', async () => {
      council.desk.changeTown((town) => ({ ...town, organisations: town.organisations.map((one) => ({ ...one, members: { creators: ['stagiaire'] } })) }));
      const { status, body } = await council.create({ in_name_of: 'stagiaire' });
      expect({ status, type: body.error.type }).to.deep.equal({ status: 403, type: 'Forbidden' });
    });

    it('refuses an attribute that the config does not use, or drops it with a warning', async () => {
      expect((await council.create({ category: 'travaux' })).status).to.equal(400);
      const { status, body } = await council.create({ category: 'travaux', ignore_not_used_data: true });
      expect(status).to.equal(201);
      expect(body['@warnings']).to.deep.equal(['The optional field "category" is not activated in this configuration and was ignored.']);
      expect(body.category).to.equal(null);
    });

    it('leaves fields unvalidated that have no value, and no others', async () => {
      expect((await council.create({ ...COUNCIL, ignore_validation_for: ['category'] })).status).to.equal(201);
      expect((await council.create({ ...COUNCIL, category: 'travaux', ignore_validation_for: ['category'] })).status).to.equal(400);
      expect((await council.create({ ...COUNCIL, ignore_validation_for: ['title'] })).status).to.equal(400);
    });

    it('ends in a 500 for an external identifier that is not ASCII, and takes a number', async () => {
      expect((await council.create({ externalIdentifier: 'n° 12' })).status).to.equal(500);
      expect((await council.create({ externalIdentifier: 12 })).body.externalIdentifier).to.equal('12');
    });

    it('refuses an id that is there already in the same folder', async () => {
      expect((await council.create({ id: 'mine' })).body.id).to.equal('mine');
      const { status, body } = await council.create({ id: 'mine' });
      expect({ status, message: body.message }).to.deep.equal({ status: 400, message: 'The id "mine" is invalid - it is already in use.' });
    });

    it('misreads a group id with an underscore, and takes a path', async () => {
      council.desk.changeTown((town) => ({ ...town, organisations: town.organisations.map((one) => (one.id === 'urbanisme' ? { ...one, id: 'urba_nisme' } : one)) }));
      expect((await council.create({ proposingGroup: 'urba_nisme' })).status).to.equal(400);
      expect((await council.create({ proposingGroup: 'ville/direction-generale' })).status).to.equal(201);
    });

    it('runs transitions before it adds annexes, so that one may be refused while the item stays', async () => {
      const { status, body } = await council.create({ wf_transitions: ['propose', 'present'], __children__: [annexOf('plan.pdf', 'a plan')] });
      expect({ status, state: body.review_state, child: body.__children__[0].error.type }).to.deep.equal({ status: 403, state: 'proposed', child: 'Forbidden' });
      expect(body['@warnings'][0]).to.include('could not trigger the \'present\' transition');
      expect(onlyItem()).to.deep.include({ uid: body.UID, annexes: [] });
    });

    it('puts what is presented into the next meeting that accepts items', async () => {
      const { body } = await council.create({ wf_transitions: ['propose', 'validate', 'present'] });
      const [, next] = council.desk.config('meeting-config-college')?.meetings ?? [];
      const got = await council.ask('GET', `/@item?UID=${body.UID as string}&extra_include=meeting`);
      expect(got.body.extra_include_meeting.UID).to.equal(next?.uid);
    });

    it('takes everything back for an annex that it does not understand', async () => {
      for (const child of [annexOf('plan.pdf', 'a plan', { content_category: 'none' }), annexOf('plan.pdf', 'a plan', { '@type': undefined }), annexOf('plan.pdf', 'x', { file: { filename: 'a' } }), annexOf('a', 'b', { file: { data: 'YQ==' } })]) {
        expect((await council.create({ __children__: [annexOf('first.pdf', '1'), child] })).status).to.equal(400);
      }
      expect(council.desk.items()).to.deep.equal([]);
    });
  });

  describe('an item that is there', () => {
    it('takes annexes, gives their bytes back and filters them', async () => {
      const { body: { UID, '@id': url } } = await council.create();
      const added = await council.ask('POST', `/@annex/${UID as string}`, { ...annexOf('plan.txt', 'a plan'), '@type': undefined, 'in_name_of': 'jdupont', 'to_print': true });
      expect(added.status).to.equal(201);
      expect((await council.ask('GET', added.body.file.download as string)).text).to.equal('a plan');
      const decision = await council.ask('POST', `/@annex/${UID as string}`, { ...annexOf('avis.txt', 'x', { content_category: 'decision-annexe' }), decision_related: true });
      expect(decision.body['@type']).to.equal('annexDecision');
      const list = (await council.ask('GET', `${url as string}/@annexes?to_print=true`)).body;
      expect(list.map(({ id }: { id: string }) => id)).to.deep.equal(['plan.txt']);
    });

    it('breaks on an annex for nothing', async () => {
      expect((await council.ask('POST', '/@annex/none', annexOf('plan.txt', 'a plan'))).status).to.equal(500);
    });

    it('answers a transition with null, whatever came of it', async () => {
      const { body: { UID } } = await council.create();
      const went = [await council.ask('POST', `/@wf/${UID as string}/propose`, {}), await council.ask('POST', `/@wf/${UID as string}/propose`, {}), await council.ask('POST', '/@wf/none/propose', {})];
      expect(went.map(({ status, text }) => [status, text])).to.deep.equal([[200, 'null'], [400, 'null'], [404, 'null']]);
      expect(onlyItem()?.state).to.equal('proposed');
    });

    it('makes documents', async () => {
      const { body: { UID } } = await council.create();
      const { body } = await council.ask('GET', `/@item?UID=${UID as string}&extra_include=pod_templates&extra_include_pod_templates_metadata_fields=odt_file`);
      const [template] = body.extra_include_pod_templates;
      expect(template).to.deep.include({ id: 'deliberation', odt_file: { 'filename': 'deliberation.odt', 'content-type': 'application/vnd.oasis.opendocument.text' } });
      const pdf = await council.ask('GET', template.outputs[0].url as string);
      expect(pdf.text.slice(0, 5)).to.equal('%PDF-');
      expect(pdf.headers.get('content-type')).to.equal('application/pdf');
    });

    it('is changed and deleted without a word', async () => {
      const { body: { UID, '@id': url } } = await council.create();
      const patched = await council.ask('PATCH', `/@content/${UID as string}`, { decision: 'Décidé', title: 'Autre' });
      expect({ status: patched.status, text: patched.text }).to.deep.equal({ status: 204, text: '' });
      expect(onlyItem()).to.include({ decision: '<p>Décidé</p>', title: 'Autre' });
      expect((await council.ask('GET', `/@uid/${UID as string}`)).status).to.equal(200);
      expect((await council.ask('DELETE', url as string)).status).to.equal(204);
      expect((await council.ask('GET', `/@uid/${UID as string}`)).status).to.equal(204);
    });
  });
});
