import { expect } from 'chai';
import { text } from 'node:stream/consumers';
import { restSettings } from '../../connectors/plonemeeting-rest/config.js';
import { ploneMeetingRest } from '../../connectors/plonemeeting-rest/index.js';
import { openRestSimulator, type RestSimulator } from '../../connectors/plonemeeting-rest/simulator.js';
import type { Receipt, Submission, Tracking } from '../../src/connector-api/connector.js';
import { sampleAnnex } from '../../src/connector-kit/sample-item.js';
import { openPloneRig, type PloneRig } from '../support/scripted-plonemeeting.js';
import { sampleItem } from '../support/sample-item.js';

const { deliberation } = ploneMeetingRest;
if (deliberation === undefined) throw new Error('the connector has no reading side');
const reading = deliberation;
const COUNCIL = 'meeting-config-council';

describe('plonemeeting-rest: the round trip through the simulated council', () => {
  let rig: PloneRig;
  let council: RestSimulator;
  let settings: ReturnType<typeof restSettings.parse>;
  beforeEach(async () => {
    rig = await openPloneRig();
    council = await openRestSimulator({ clock: rig.context.clock });
    settings = restSettings.parse({ ...council.settings, decisionDocument: 'deliberation__format__pdf' });
  });
  afterEach(async () => {
    await council.close();
    await rig.close();
  });

  async function track(receipt: Receipt): Promise<Tracking> {
    if (ploneMeetingRest.track === undefined) throw new Error('the connector has no track');
    return ploneMeetingRest.track(JSON.parse(JSON.stringify(receipt)) as Receipt, {} as Submission, settings, rig.context);
  }

  it('what is read there is what an item is made of; it is created, decided, and comes back with its decision', async () => {
    const directory = await reading.directory([COUNCIL], settings, rig.context);
    const user = await reading.user('dgs', settings, rig.context);
    const group = directory.organisations.find(({ id }) => id === 'direction-generale')?.uid ?? 'none';
    expect(directory.version).to.equal('2.13');
    expect(directory.configs[0]?.meetings.some(({ acceptsItems }) => acceptsItems)).to.equal(true);
    expect(user?.memberships[group]).to.include('creators');

    const plan = sampleAnnex('plan.pdf', Buffer.from('a plan'));
    rig.files.put(plan);
    const item = sampleItem({ configId: COUNCIL, creator: 'dgs', createdAt: rig.context.clock.now(), category: 'travaux', externalIdentifier: 'dossier-é', annexes: [plan.annex], title: 'Réfection de la rue Haute' });
    const submission: Submission = { key: 'delivery-1', operation: 'create-item', item, fields: { proposingGroup: 'direction-generale', transitions: ['propose', 'validate'] }, results: {} };
    const receipt = await ploneMeetingRest.submit(submission, settings, rig.context);
    expect(receipt.results?.fields).to.not.have.property('warnings');
    expect((await ploneMeetingRest.submit(submission, settings, rig.context)).reference).to.equal(receipt.reference);
    expect(await reading.isLinked('dossier-é', item.configId, settings, rig.context)).to.equal(true);
    expect(await reading.isLinked('dossier-e', item.configId, settings, rig.context)).to.equal(false);
    expect(council.desk.items()).to.have.lengthOf(1);

    const seen = await reading.item(receipt.reference, item.creator, settings, rig.context);
    if (typeof seen === 'string') throw new Error(`the item is ${seen}`);
    expect(seen).to.deep.include({ title: item.title, externalIdentifier: 'dossier-é', creator: item.creator, proposingOrganisation: group, configId: item.configId });
    const [annex] = seen.annexes;
    const content = await reading.annexContent(annex?.place, null, settings, rig.context);
    expect(typeof content === 'string' ? content : await text(content)).to.equal('a plan');

    expect((await track(receipt)).state).to.equal('pending');
    await council.desk.people.attach(receipt.reference, 'avis.pdf', Buffer.from('%PDF-1.7 avis'));
    await council.desk.people.decide(receipt.reference, 'accept', { text: '<p>Le collège décide.</p>' });
    const ending = await track(receipt);
    expect(ending.state).to.equal('done');
    expect(ending.results?.item).to.deep.include({ reviewState: 'accepted', decision: '<p>Le collège décide.</p>' });
    expect(ending.results?.documents?.map(({ filename, role }) => [filename, role])[0]).to.deep.equal(['avis.pdf', 'added-annex']);
  });
});
