import { expect } from 'chai';
import { basic, openRestCouncil, type RestCouncil } from '../support/rest-council.js';

describe('the simulated PloneMeeting, asked over REST', () => {
  let council: RestCouncil;
  beforeEach(async () => { council = await openRestCouncil(); });
  afterEach(() => council.close());

  describe('who asks, and how', () => {
    it('publishes a page for who does not accept JSON', async () => {
      const { status, body, headers } = await council.ask('GET', '/@infos', undefined, { accept: '*/*' });
      expect({ status, body, type: headers.get('content-type') }).to.deep.equal({ status: 404, body: undefined, type: 'text/html; charset=utf-8' });
    });

    it('says who is connected, and of which version it is', async () => {
      expect((await council.ask('GET', '/@infos')).body).to.deep.include({ connected_user: 'relais', stats: {} });
      council.upgrade('2.14');
      expect((await council.ask('GET', '/@infos')).body.packages['plonemeeting.restapi']).to.equal('2.14');
    });

    it('answers wrong credentials with 401, or with 200 and nobody', async () => {
      const wrong = { authorization: basic('relais', 'wrong') };
      expect((await council.ask('GET', '/@infos', undefined, wrong)).status).to.equal(401);
      council.mishaps.add('null-user');
      const { status, body } = await council.ask('GET', '/@infos', undefined, wrong);
      expect({ status, user: body.connected_user }).to.deep.equal({ status: 200, user: null });
      expect((await council.ask('GET', '/@search?config_id=meeting-config-college', undefined, wrong)).status).to.equal(401);
    });

    it('takes an empty in_name_of and a stranger\'s for unknown users, and JSON null for nobody', async () => {
      for (const name of ['', 'stranger']) {
        const { status, body } = await council.ask('GET', `/@search?config_id=meeting-config-college&in_name_of=${name}`);
        expect(status).to.equal(400);
        expect(body.message).to.equal(`The "in_name_of" user "${name}" was not found!`);
      }
      expect((await council.create({ in_name_of: '' })).status).to.equal(400);
      expect((await council.create({ in_name_of: null })).status).to.equal(201);
    });

    it('lets nobody without a role act for others', async () => {
      const { status, body } = await council.ask('GET', '/@search?config_id=meeting-config-college&in_name_of=dgs', undefined, { authorization: basic('jdupont') });
      expect({ status, type: body.type }).to.deep.equal({ status: 401, type: 'Unauthorized' });
    });

    it('sees no body that is not sent as JSON', async () => {
      const { status, body } = await council.ask('POST', '/@item', { config_id: 'meeting-config-college' }, { 'content-type': 'application/x-www-form-urlencoded' });
      expect({ status, message: body.message }).to.deep.equal({ status: 400, message: 'The "config_id" parameter must be given!' });
    });

    it('shows a page in place of every answer, or is a proxy that gave up, when it is told to', async () => {
      council.mishaps.add('gateway-timeout');
      expect((await council.create()).status).to.equal(504);
      expect(council.desk.items()).to.have.length(1);
      council.mishaps.add('html');
      const { status, body } = await council.ask('GET', '/@infos');
      expect({ status, body }).to.deep.equal({ status: 200, body: undefined });
    });
  });

  describe('one element', () => {
    it('tells errors in three shapes', async () => {
      expect((await council.ask('GET', '/@item?UID=none')).body).to.deep.equal({ error: { type: 'NotFound', message: 'Element with UID "none" not found!' } });
      expect((await council.ask('GET', '/@config?config_id=none')).body).to.include({ type: 'BadRequest', message: 'Unknown "config_id" : "none"!' });
      const nobody = await council.ask('GET', '/@users/nobody');
      expect({ status: nobody.status, text: nobody.text }).to.deep.equal({ status: 404, text: 'null' });
    });

    it('tells what is not there from what may not be seen, by version', async () => {
      const { body: { UID } } = await council.create();
      const statuses = async (): Promise<readonly number[]> => Promise.all(['UID=none', `UID=${UID}&in_name_of=stagiaire`, 'externalIdentifier=none', 'externalIdentifier=urban-12&in_name_of=stagiaire']
        .map(async (query) => (await council.ask('GET', `/@get?${query}`)).status));
      expect(await statuses()).to.deep.equal([404, 403, 404, 403]);
      council.upgrade('2.12');
      expect(await statuses()).to.deep.equal([404, 403, 200, 200]);
      expect((await council.ask('GET', '/@get?externalIdentifier=none')).body).to.include({ items_total: 0 });
      council.upgrade('2.11');
      expect(await statuses()).to.deep.equal([400, 400, 200, 200]);
    });

    it('answers one of several items with the same external identifier', async () => {
      const uids = [(await council.create()).body.UID, (await council.create()).body.UID];
      expect(new Set(uids)).to.have.length(2);
      expect(uids).to.include((await council.ask('GET', '/@get?externalIdentifier=urban-12')).body.UID);
    });

    it('answers a summary, or exactly what was asked for', async () => {
      const { body: { UID } } = await council.create({ description: 'Un texte', decision: '<p>Décide</p>' });
      const summary = (await council.ask('GET', `/@item?UID=${UID}`)).body;
      expect(summary).to.include({ title: 'Permis 12', description: 'Un texte', review_state: 'itemcreated' });
      expect(summary).to.not.have.any.keys('decision', 'creators');

      const named = (await council.ask('GET', `/@item?UID=${UID}&metadata_fields=review_state&metadata_fields=creators&metadata_fields=decision`)).body;
      expect(named).to.deep.include({ review_state: { token: 'itemcreated', title: 'En création' }, creators: [{ token: 'jdupont', title: 'Jeanne Dupont' }], decision: { 'content-type': 'text/html', 'data': '<p>Décide</p>' } });
      expect(named).to.not.have.any.keys('description', 'motivation');

      expect((await council.ask('GET', `/@item?UID=${UID}&fullobjects=false`)).body).to.have.property('motivation');
      expect((await council.ask('GET', `/@item?UID=${UID}&metadata_fields=review_state,decision`)).body).to.not.have.any.keys('decision');
    });

    it('includes others: a to-one that is empty is {}, a to-many has its total', async () => {
      const { body: { UID } } = await council.create();
      const got = (await council.ask('GET', `/@item?UID=${UID}&extra_include=meeting&extra_include=linked_items&extra_include=proposing_group&extra_include=unknown`)).body;
      expect(got).to.deep.include({ extra_include_meeting: {}, extra_include_linked_items: [], extra_include_linked_items_items_total: 0 });
      expect(got.extra_include_proposing_group).to.include({ id: 'urbanisme', full_id: 'urbanisme' });
      council.upgrade('2.11');
      expect((await council.ask('GET', `/@item?UID=${UID}&extra_include=proposing_group`)).body.extra_include_proposing_group).to.not.have.property('full_id');
    });

    it('sends who asks at the former address of a moved item on', async () => {
      const { body } = await council.create();
      const former = body['@id'] as string;
      await council.desk.people.move(body.UID as string);
      const moved = await council.ask('GET', `${former}/@annexes?signed=1`);
      expect({ status: moved.status, to: moved.headers.get('location') }).to.deep.equal({ status: 301, to: `${former.replace(/[^/]+$/, 'deplace-permis-12')}/@annexes?signed=1` });
      expect((await council.ask('PATCH', former, { title: 'Autre' })).status).to.equal(308);
      expect((await council.ask('GET', `/@item?UID=${body.UID as string}`)).status).to.equal(200);
    });
  });

  describe('search', () => {
    it('passes over an index that is not there', async () => {
      await council.create();
      await council.create({ title: 'Voirie', externalIdentifier: 'urban-13' });
      expect((await council.ask('GET', '/@search?config_id=meeting-config-college&getDecision=none')).body.items_total).to.equal(2);
      expect((await council.ask('GET', '/@search?config_id=meeting-config-college&externalIdentifier=urban-13')).body.items_total).to.equal(1);
      council.mishaps.add('no-external-index');
      expect((await council.ask('GET', '/@search?config_id=meeting-config-college&externalIdentifier=urban-13')).body.items_total).to.equal(2);
    });

    it('wants a config or a name, and limits what is asked in a name', async () => {
      expect((await council.ask('GET', '/@search?type=item')).status).to.equal(400);
      await council.create();
      expect((await council.ask('GET', '/@search?type=item&in_name_of=jdupont')).body.items_total).to.equal(1);
      expect((await council.ask('GET', '/@search?type=item&in_name_of=stagiaire')).body.items_total).to.equal(0);
      expect((await council.ask('GET', '/@search?meta_type=MeetingItem')).body.items_total).to.equal(1);
    });

    it('answers pages, with the addresses of the others', async () => {
      for (let number = 1; number <= 3; number += 1) await council.create({ title: `Permis ${number}` });
      const first = (await council.ask('GET', '/@search?config_id=meeting-config-college&sort_on=created&b_size=2')).body;
      expect(first.items.map(({ title }: { title: string }) => title)).to.deep.equal(['Permis 1', 'Permis 2']);
      const next = (await council.ask('GET', first.batching.next as string)).body;
      expect(next.items.map(({ title }: { title: string }) => title)).to.deep.equal(['Permis 3']);
      expect(next.batching).to.have.property('prev').and.not.have.property('next');
    });

    it('lists meetings that accept items by the role of the user, on the clocks of the town', async () => {
      const query = '/@search?config_id=meeting-config-college&meetings_accepting_items=true&sort_on=meeting_date&sort_order=ascending';
      const { body: { items } } = await council.ask('GET', query);
      expect(items).to.have.length(2);
      expect(items[0].date).to.match(/^\d{4}-\d\d-\d\dT(?:19|20):30:00$/);
      await council.desk.people.setMeetingState(items[0].UID as string, 'decided');
      expect((await council.ask('GET', `${query}&in_name_of=jdupont`)).body.items_total).to.equal(1);
      expect((await council.ask('GET', query)).body.items_total).to.equal(2);
    });
  });

  describe('users and configs', () => {
    it('tells groups by sub-group, groups of Plone, configs and categories', async () => {
      const { body } = await council.ask('GET', '/@users/mmartin?extra_include=groups&extra_include=app_groups&extra_include=configs&extra_include=categories&extra_include_groups_suffixes=creators');
      expect(body).to.include({ id: 'mmartin', fullname: 'Marc Martin', email: 'mmartin@ville.example' });
      expect(body.extra_include_groups.map(({ id }: { id: string }) => id)).to.deep.equal(['finances']);
      expect(body.extra_include_app_groups.map(({ token }: { token: string }) => token.replace(/^[0-9a-f]{32}_/, ''))).to.deep.equal(['reviewers', 'creators', 'reviewers', 'advisers', 'AuthenticatedUsers']);
      expect(body.extra_include_configs).to.have.length(2);
      expect(body.extra_include_categories['meeting-config-college']).to.deep.equal([]);
      expect(body.extra_include_categories['meeting-config-council'].map(({ id }: { id: string }) => id)).to.include('budget');
    });

    it('shows others to nobody without a role', async () => {
      const { status, text } = await council.ask('GET', '/@users/dgs', undefined, { authorization: basic('jdupont') });
      expect({ status, text }).to.deep.equal({ status: 401, text: 'null' });
    });

    it('tells one config, or all; and breaks on the alias of its parameter', async () => {
      expect((await council.ask('GET', '/@config?config_id=*')).body.items_total).to.equal(2);
      const { body } = await council.ask('GET', '/@config?config_id=meeting-config-council&extra_include=categories&extra_include=proposing_groups&metadata_fields=usedItemAttributes');
      expect(body.extra_include_categories_items_total).to.equal(3);
      expect(body.extra_include_proposing_groups).to.have.length(3);
      expect(body.usedItemAttributes).to.deep.include({ token: 'category', title: 'category' });
      expect((await council.ask('GET', '/@config?getConfigId=meeting-config-council')).status).to.equal(500);
    });
  });
});
