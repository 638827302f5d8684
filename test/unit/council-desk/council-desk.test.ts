import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createCouncilDesk, type CouncilDesk, type CouncilDeskParts } from '../../../src/council-desk/council-desk.js';
import { CouncilRefusal } from '../../../src/council-desk/council-refusal.js';
import { runCouncilCommand } from '../../../src/council-desk/council-commands.js';
import type { CreationOrder, ItemDraft } from '../../../src/council-desk/desk-item.js';
import type { User } from '../../../src/domain/user.js';

const NOW = Date.UTC(2027, 2, 1, 9);

describe('the council desk', () => {
  let desk: CouncilDesk;
  let number = 0;
  const parts: CouncilDeskParts = { clock: { now: () => NOW }, newId: () => createHash('md5').update(String(number += 1)).digest('hex') };
  beforeEach(async () => { desk = await createCouncilDesk(parts); });
  afterEach(() => desk.close());

  function userNamed(id: string): User {
    const user = desk.user(id);
    if (user === undefined) throw new Error(`no user ${id}`);
    return user;
  }

  function order(change: Partial<ItemDraft> = {}, how: Partial<CreationOrder> = {}): CreationOrder {
    const proposingGroup = desk.town().organisations.find(({ id }) => id === 'urbanisme')?.uid ?? '';
    return { draft: { configId: 'meeting-config-college', title: 'Permis 12', proposingGroup, ...change }, annexesWhen: 'before-transitions', unknownAnnexType: 'replaced', unusedAttributes: 'refused', ...how };
  }

  const create = async (change?: Partial<ItemDraft>, how?: Partial<CreationOrder>, user = 'jdupont') => (await desk.createItem(order(change, how), userNamed(user))).item;
  const refusalOf = (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof CouncilRefusal ? error.code : error));

  it('shows an item to those whom the workflow shows it, as it goes on', async () => {
    const { uid } = await create();
    const seers = () => [...desk.town().users.values()].filter((user) => typeof desk.visibleItem(uid, user) === 'object').map(({ id }) => id);
    expect(seers()).to.deep.equal(['dgs', 'jdupont', 'mmartin', 'relais']);
    desk.changeTown((town) => ({ ...town, organisations: town.organisations.map((one) => ({ ...one, members: { creators: ['jdupont'] } })) }));
    expect(seers()).to.deep.equal(['jdupont', 'relais']);
    await desk.people.present(uid);
    expect(seers()).to.deep.equal(['dgs', 'jdupont', 'relais']);
  });

  it('adds annexes before transitions for SOAP, and replaces a type that is not there', async () => {
    const kept = await desk.files.keep(Readable.from([Buffer.from('a plan')]));
    const made = await desk.createItem(order({}, { transitions: ['propose'], annexes: [{ title: 'Plan', filename: 'plan.pdf', typeId: 'none', ...kept }] }), userNamed('jdupont'));
    expect(made.item.state).to.equal('proposed');
    expect(made.annexes[0]).to.include({ typeId: 'annexe', mediaType: 'application/pdf' });
    expect(made.warnings).to.deep.equal([{ kind: 'annex-type', title: 'Plan', typeId: 'none' }]);
  });

  it('lets those change an item who have it in their hands', async () => {
    const { uid } = await create({}, { transitions: ['propose'] });
    expect(await refusalOf(desk.edit(uid, { title: 'Autre' }, userNamed('jdupont')))).to.equal('forbidden');
    expect(await refusalOf(desk.transition(uid, 'validate', userNamed('jdupont')))).to.equal('not-now');
    expect((await desk.transition(uid, 'validate', userNamed('mmartin'))).state).to.equal('validated');
  });

  it('asks for all that a draft lacks at once', async () => {
    const error = await desk.createItem(order({ configId: 'meeting-config-council', title: ' ', preferredMeeting: 'none' }), userNamed('jdupont')).then(() => undefined, (thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(CouncilRefusal);
    expect((error as CouncilRefusal).problems.map(({ field }) => field)).to.deep.equal(['title', 'category', 'preferredMeeting']);
  });

  it('takes an item out of its meeting when it goes back', async () => {
    const { uid } = await create();
    const presented = await desk.people.present(uid);
    expect(presented.meeting).to.equal(desk.config('meeting-config-college')?.meetings[1]?.uid);
    expect((await desk.people.step(uid, 'backToValidated')).meeting).to.equal(null);
  });

  it('is told by words, and tells of each act that there is news', async () => {
    let news = 0;
    const told = await createCouncilDesk({ ...parts, onNews: () => { news += 1; } });
    try {
      const { item: { uid } } = await told.createItem(order({ externalIdentifier: 'urban-12' }), userNamed('jdupont'));
      expect(await runCouncilCommand('refuse urban-12 Trop cher', told)).to.deep.equal([`${uid}  refused  urban-12  Permis 12`]);
      expect(told.find(uid)).to.deep.include({ decision: '<p>Trop cher</p>' });
      expect(told.find(uid)?.history.at(-1)?.comment).to.equal('Trop cher');
      expect(await refusalOf(runCouncilCommand('accept urban-12', told))).to.equal('not-now');
      expect(await runCouncilCommand('delete urban-12', told)).to.deep.equal([`${uid}: deleted`]);
      expect(await runCouncilCommand('juggle urban-12', told)).to.equal(undefined);
      expect(await refusalOf(runCouncilCommand('accept urban-12', told))).to.equal('unknown-item');
      expect(news).to.equal(2);
    } finally {
      await told.close();
    }
  });

  it('keeps items, files and meetings in a folder over a restart', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'relais-council-'));
    try {
      const before = await createCouncilDesk({ ...parts, folder });
      const { item } = await before.createItem(order(), userNamed('jdupont'));
      await before.people.attach(item.uid, 'avis.pdf', Buffer.from('%PDF-'));
      const decided = await before.people.decide(item.uid, 'modify', { text: '<p>Oui, mais</p>' });
      await before.people.setMeetingState(decided.meeting ?? '', 'closed');
      await before.close();

      const after = await createCouncilDesk({ ...parts, clock: { now: () => NOW + 30 * 24 * 3600 * 1000 }, folder });
      expect(after.find(item.uid)).to.deep.equal(decided);
      expect(after.meeting(decided.meeting ?? '')).to.deep.include({ state: 'closed', date: before.meeting(decided.meeting ?? '')?.date });
      expect((await after.files.whole(decided.annexes[0]?.sha256 ?? '')).toString()).to.equal('%PDF-');
      await after.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('makes the same document of an item that did not change', async () => {
    const { uid } = await create({ decision: '<p>Le collège décide : « oui » &amp; non</p>' });
    const [pdf, word] = [desk.document(uid, 'deliberation', 'pdf'), desk.document(uid, 'deliberation', 'docx')];
    expect(pdf.content.toString('latin1')).to.include('« oui » & non').and.match(/^%PDF-/);
    expect(word.content.subarray(0, 2).toString()).to.equal('PK');
    expect(desk.document(uid, 'deliberation', 'docx').content.equals(word.content)).to.equal(true);
    expect(() => desk.document(uid, 'deliberation', 'odt')).to.throw(CouncilRefusal).with.property('code', 'unknown-template');
  });
});
