import { expect } from 'chai';
import { ploneMeetingSoap } from '../../connectors/plonemeeting-soap/index.js';
import { Misconfigured, NotSent, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import type { Receipt, Submission, Tracking } from '../../src/connector-api/connector.js';
import { sampleAnnex } from '../../src/connector-kit/sample-item.js';
import type { DeskItem } from '../../src/council-desk/desk-item.js';
import { openSoapCouncil, SAMPLE_GROUP, type SoapCouncil } from '../support/soap-council.js';

const submit = ploneMeetingSoap.submit.bind(ploneMeetingSoap);
const probe = ploneMeetingSoap.probe.bind(ploneMeetingSoap);
const track = ploneMeetingSoap.track?.bind(ploneMeetingSoap);

describe('plonemeeting-soap: handing items over and following them', () => {
  let council: SoapCouncil;
  beforeEach(async () => { council = await openSoapCouncil(); });
  afterEach(() => council.close());

  const send = (sent: Submission): Promise<Receipt> => submit(sent, council.settings, council.context());
  const ask = (receipt: Receipt, sent: Submission): Promise<Tracking> => track?.(receipt, { ...sent, fields: {} }, council.settings, council.context()) ?? Promise.reject(new Error('no track'));
  const there = ({ reference }: Receipt): DeskItem => {
    const item = council.other.desk.find(reference);
    if (item === undefined) throw new Error(`${reference} is not there`);
    return item;
  };
  const failure = (work: Promise<unknown>): Promise<Error> => work.then(() => { throw new Error('it succeeded'); }, (error: unknown) => error as Error);
  const onlyForMembers = (): void => { council.other.desk.changeTown((town) => ({ ...town, organisations: town.organisations.map((one) => ({ ...one, members: { creators: ['jdupont'] } })) })); };

  it('says all that the item says, in the name of its creator', async () => {
    const sent = council.submission({ title: 'Rue « Haute » & place', motivation: '<p>Vu l’article&nbsp;3</p>', extra: { notes: '<p>n</p>', 'ged-id': '12', observations: '' }, askedTransitions: ['propose'] }, {}, [sampleAnnex('plan.v2.pdf', Buffer.from('plan'))]);
    const item = there(await send(sent));
    expect(item).to.include({
      title: 'Rue « Haute » & place', creator: 'jdupont', motivation: '<p>Vu l’article&nbsp;3</p>', description: '<p>Description</p>', externalIdentifier: 'GED-1', state: 'proposed', proposingGroup: SAMPLE_GROUP,
      category: 'travaux', toDiscuss: true, configId: 'college',
    });
    expect(item.extra).to.deep.equal({ notes: '<p>n</p>' });
    expect(item.annexes.map(({ filename, typeId }) => [filename, typeId])).to.deep.equal([['plan-v2.pdf', 'annexe']]);
    expect(item.history.map(({ action }) => action)).to.deep.equal(['create_item_using_imio_pm_ws_soap', 'propose']);
  });

  it('leaves the name out for the account itself, and uses the other names of people and annex types', async () => {
    await council.close();
    council = await openSoapCouncil({ settings: { users: { jdupont: 'mmartin' }, annexTypes: { annexe: 'plan' } } });
    const item = there(await send(council.submission({}, { proposingGroup: 'finances' }, [sampleAnnex('a.pdf', Buffer.from('a'))])));
    expect(item.creator).to.equal('mmartin');
    expect(item.annexes[0]?.typeId).to.equal('plan');
  });

  it('finds the organisation by its id whatever its uid has become, and says which there are', async () => {
    council.other.desk.changeTown((town) => ({ ...town, organisations: town.organisations.map((one) => (one.id === 'direction-generale' ? { ...one, uid: 'e'.repeat(32) } : one)) }));
    expect(there(await send(council.submission({}, { proposingGroup: 'direction-generale' }))).proposingGroup).to.equal('e'.repeat(32));
    const refused = await failure(send(council.submission({}, { proposingGroup: 'voirie' })));
    expect(refused).to.be.instanceOf(Refused);
    expect(refused.message).to.equal('Field «proposingGroup»: found «voirie», expected an organisation of PloneMeeting: «direction-generale», «urbanisme», «finances».');
  });

  it('leaves out what the config does not use, asks once, and remembers; or is refused where the step says so', async () => {
    const sent = { configId: 'meeting-config-college', category: 'travaux' };
    const item = there(await send(council.submission(sent)));
    expect(item).to.include({ category: null, motivation: '<p>Motivation</p>' });
    council.calls.length = 0;
    await send(council.submission(sent));
    expect(council.calls.filter((name) => name === 'createItem')).to.have.length(1);
    const refused = await failure(send(council.submission(sent, { ignoreNotUsedData: false })));
    expect(refused).to.be.instanceOf(Refused);
    expect(refused.message).to.include('"category"');
  });

  it('passes on what the server warns of', async () => {
    const receipt = await send(council.submission({}, { transitions: ['propose', 'accept'] }));
    expect(receipt.results?.fields?.['warnings']).to.deep.equal(['While treating wfTransitions, could not \'accept\' the item!']);
  });

  it('a refusal is told in its words, a server that breaks is tried again, and its insides are shown to nobody', async () => {
    const refused = await failure(send(council.submission({ preferredMeeting: 'none-such' })));
    expect(refused).to.be.instanceOf(Refused);
    expect(refused.message).to.include('none-such');
    council.other.mishaps.set('server-fault');
    const broken = await failure(send(council.submission()));
    expect(broken).to.be.instanceOf(NotSent);
    expect(`${broken.message} ${String(broken.cause)}`).to.not.match(/Traceback|ConflictError/);
    council.other.mishaps.set('html');
    expect(await failure(send(council.submission()))).to.be.instanceOf(OutcomeUnknown);
    council.other.mishaps.set('html', '*');
    expect(await failure(send(council.submission()))).to.be.instanceOf(NotSent);
  });

  it('an account that is no manager is for the administrator', async () => {
    const settings = { ...council.settings, login: 'jdupont' };
    for (const work of [submit(council.submission(), settings, council.context()), ploneMeetingSoap.check(settings, council.context())]) {
      const wrong = await failure(work);
      expect(wrong).to.be.instanceOf(Misconfigured);
      expect(wrong.message).to.include('MeetingManager');
    }
  });

  it('an item without identifier has one of ours over there, by which it is found again', async () => {
    const sent = council.submission({ externalIdentifier: '' });
    const { reference } = await send(sent);
    expect(there({ reference, state: 'sent' }).externalIdentifier).to.equal(`relais-item:${sent.item.uid}`);
    expect(await probe(sent, council.settings, council.context())).to.have.nested.property('found.reference', reference);
  });

  describe('the same identifier on several items', () => {
    it('what was there before Relais took the item is another one', async () => {
      const first = there(await send(council.submission({ externalIdentifier: 'X' })));
      council.clock.at += 3 * 86_400_000;
      const again = council.submission({ externalIdentifier: 'X', title: first.title, createdAt: council.clock.at });
      expect(await probe(again, council.settings, council.context())).to.equal('absent');
      expect((await send(again)).reference).to.not.equal(first.uid);
    });

    it('what cannot be told apart is unknown, never absent', async () => {
      const sent = council.submission({ externalIdentifier: 'X' });
      const first = there(await send(sent));
      const { desk } = council.other;
      const service = desk.user('relais');
      if (service !== undefined) await desk.edit(first.uid, { title: 'Retouché là-bas' }, service);
      expect(await probe(sent, council.settings, council.context())).to.equal('unknown');
    });

    it('what is linked and hidden from everybody who may be asked is unknown', async () => {
      const sent = council.submission({ externalIdentifier: 'X' });
      await send(sent);
      onlyForMembers();
      const settings = { ...council.settings, login: 'dgs', users: { jdupont: 'mmartin' } };
      expect(await probe(sent, settings, council.context())).to.equal('unknown');
    });

    it('an operator may say which one it is, if it carries the identifier', async () => {
      const sent = council.submission({ externalIdentifier: 'X' });
      const { reference } = await send(sent);
      const other = await send(council.submission({ externalIdentifier: 'Y' }));
      expect(await probe({ ...sent, foundAs: reference }, council.settings, council.context())).to.have.nested.property('found.reference', reference);
      expect((await failure(probe({ ...sent, foundAs: other.reference }, council.settings, council.context()))).message).to.include('has the identifier «Y»');
      expect(await failure(probe({ ...sent, foundAs: 'f'.repeat(32) }, council.settings, council.context()))).to.be.instanceOf(Refused);
    });
  });

  describe('following', () => {
    it('brings what changes, once, and ends with the decision and its files', async () => {
      await council.close();
      council = await openSoapCouncil({ settings: { decisionDocument: 'deliberation__format__pdf' } });
      const sent = council.submission({}, { transitions: ['propose', 'validate'] });
      let receipt = await send(sent);
      const first = await ask(receipt, sent);
      expect(first).to.deep.include({ state: 'pending', note: 'In PloneMeeting: «Validé».' });
      expect(first.results?.item).to.include({ reviewState: 'validated', meeting: null, category: 'travaux', motivation: '<p>Motivation</p>' });
      receipt = { ...receipt, data: 'data' in first ? first.data : undefined };
      expect((await ask(receipt, sent)).results).to.equal(undefined);

      const { people } = council.other.desk;
      await people.attach(receipt.reference, 'extrait.pdf', Buffer.from('%PDF signed'));
      await people.decide(receipt.reference, 'modify', { text: '<p>Décide</p>' });
      const last = await ask(receipt, sent);
      expect(last.state).to.equal('done');
      expect(last.results?.item).to.include({ reviewState: 'accepted_but_modified', decision: '<p>Décide</p>', meeting: there(receipt).meeting });
      expect(last.results?.documents?.map(({ filename, role, mediaType }) => [filename, role, mediaType])).to.deep.equal([['extrait.pdf', 'added-annex', 'application/pdf'], ['deliberation.pdf', 'report', 'application/pdf']]);
    });

    it('what is deleted is missed twice before it counts', async () => {
      const sent = council.submission();
      const receipt = await send(sent);
      await council.other.desk.people.remove(receipt.reference);
      const missed = await ask(receipt, sent);
      expect(missed).to.include({ state: 'pending', pollAfterMs: 300_000 });
      expect(await ask({ ...receipt, data: 'data' in missed ? missed.data : undefined }, sent)).to.deep.equal({ state: 'rejected', reason: 'The item was deleted in PloneMeeting.' });
    });

    it('what the account does not see is followed as its creator, and never counts as deleted', async () => {
      const sent = council.submission();
      const receipt = await send(sent);
      const asManager = { ...council.settings, login: 'dgs', users: {} };
      onlyForMembers();
      expect((await track?.(receipt, sent, asManager, council.context()))?.results?.item).to.deep.equal({ reviewState: 'itemcreated', meeting: null });
      expect(await track?.(receipt, sent, { ...asManager, users: { jdupont: 'mmartin' } }, council.context())).to.include({ state: 'pending', note: 'PloneMeeting shows the item neither to the account of Relais nor to its creator.' });
    });
  });
});
