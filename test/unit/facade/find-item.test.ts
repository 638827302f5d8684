import { expect } from 'chai';
import { codeOf, councilItem, DOWN, facadeRig, forwarding, FRESH_MS, text, TIMEOUT_MS, UP, type FacadeRig, type Given, type ThereItem } from '../../support/facade-rig.js';
import { turns } from '../../support/fake-time.js';
import { CATEGORISED, DEVELOPERS, NOW, PLAIN } from '../../support/sample-authority.js';
import { sampleAnnex, sampleItem } from '../../support/sample-item.js';
import { NotSent } from '../../../src/connector-api/failures.js';
import { extraInfos } from '../../../src/deliberation/extra-infos.js';
import { annexesOf, type ReadItem } from '../../../src/deliberation/read-item.js';

const item = sampleItem({ uid: 'ours', title: 'Ici', externalIdentifier: 'urb-1', extra: { signedOn: '2027-02-01', notes: '<p>note</p>' }, annexes: [
  sampleAnnex('plan.pdf'), sampleAnnex('signed.pdf', { role: 'signed-document', sha256: 'abc' }),
] });
const there = councilItem('up', { extra: { privacy: 'public', motivation: '<p>Vu</p>' }, annexes: [{
  id: 'plan-pdf', title: 'Plan', typeId: `${PLAIN}-annexes_types_-_item_annexes_-_plan`, relatedTo: 'item', filename: 'plan.pdf', mediaType: 'application/pdf', size: 9, place: 'place-1',
}] });

function sentRig(given: Given = {}): FacadeRig {
  const rig = facadeRig({ items: [item], forwardings: [forwarding('ours', { upstream: 'up', state: 'sent' })], ...given });
  rig.town.items.set('up', there);
  return rig;
}
const find = (rig: FacadeRig, uid = 'ours', user = 'creator1', freshForMs?: number): Promise<ReadItem | undefined> => rig.backend.find(rig.as(user, freshForMs), uid);

describe('facade: find', () => {
  it('an item of ours is as it is over there, under our uid, with what steps brought back here', async () => {
    const rig = sentRig();
    const read = await find(rig);
    expect(read?.item).to.include({ uid: 'ours', title: there.title, reviewState: 'validated', creator: 'pmuser', externalIdentifier: 'urb-1' });
    expect(read?.item.annexes.map(({ id }) => id)).to.deep.equal(['signed.pdf']);
    expect(read?.item.extra).to.have.property('signedOn');
    expect(read?.upstream).to.include({ address: there.address, stateTitle: 'Validé là-bas', creatorName: 'Une Personne' });
    expect(read?.standing).to.deep.equal({ relais_as_of: new Date(rig.time.now()).toISOString(), relais_upstream: 'fresh', relais_forward: 'sent' });
  });

  it('texts that were empty when they were sent, and are still, are read as they are without a system behind', async () => {
    const sent = { ...item, description: '<p></p>', detailedDescription: '', motivation: '<p></p>', decision: '<p></p>' };
    const rig = sentRig({ items: [sent] });
    const readTexts = async (change: Partial<ThereItem>) => {
      rig.town.items.set('up', { ...there, detailedDescription: '<p></p>', motivation: '', decision: '', extra: { motivation: change.motivation ?? '' }, ...change });
      await rig.time.advance(FRESH_MS);
      const read = (await find(rig))!;
      return [read.item.description, read.item.detailedDescription, read.item.decision, extraInfos(read)['motivation']];
    };
    expect(await readTexts({})).to.deep.equal(['<p>Là-bas</p>', '', '<p></p>', '<p></p>']);
    expect(await readTexts({ motivation: '<p>Vu</p>', decision: '<p>Oui</p>' })).to.deep.equal(['<p>Là-bas</p>', '', '<p>Oui</p>', '<p>Vu</p>']);
  });

  it('a file that was brought back from over there is shown once', async () => {
    const brought = sampleAnnex('decision.pdf', { role: 'added-annex' });
    const rig = sentRig({ items: [{ ...item, annexes: [...item.annexes, brought] }] });
    rig.town.items.set('up', { ...there, annexes: [...there.annexes, { ...there.annexes[0]!, id: 'd', filename: 'decision.pdf', size: brought.size }] });
    expect(annexesOf((await find(rig))!).map(({ filename }) => filename)).to.deep.equal(['plan.pdf', 'decision.pdf', 'signed.pdf']);
  });

  it('is found by the uid that it has over there too, and answered under ours', async () => {
    const rig = sentRig();
    expect((await find(rig, 'up'))?.item.uid).to.equal('ours');
    expect(rig.town.asked).to.deep.equal(['item up as creator1']);
  });

  it('what came to be over there is found by its uid, in configs that are served', async () => {
    const rig = facadeRig();
    rig.town.items.set('theirs', councilItem('theirs')).set('other', councilItem('other', { configId: 'not-here' }));
    const read = await find(rig, 'theirs');
    expect(read?.item.uid).to.equal('theirs');
    expect(read?.standing).to.not.have.property('relais_forward');
    expect(await find(rig, 'other')).to.equal(undefined);
    expect(await find(rig, 'nowhere')).to.equal(undefined);
  });

  it('the other side decides who sees what', async () => {
    const rig = sentRig();
    rig.town.items.set('up', { ...there, seenBy: ['creator2'] });
    expect(await find(rig, 'ours', 'creator1')).to.equal(undefined);
    expect((await find(rig, 'ours', 'creator2'))?.item.uid).to.equal('ours');
  });

  it('a reader whom the other side does not know sees nothing there, and what is not handed over yet', async () => {
    const pending = sampleItem({ uid: 'pending' });
    const rig = sentRig({ items: [item, pending], forwardings: [forwarding('ours', { upstream: 'up', state: 'sent' }), forwarding('pending')] });
    rig.town.strangers.add('creator1');
    expect(await find(rig)).to.equal(undefined);
    expect((await find(rig, 'pending'))?.item.uid).to.equal('pending');
    expect((await find(rig, 'ours', 'manager'))?.item.uid, 'and nobody else suffers for it').to.equal('ours');
  });

  it('an item that was deleted over there is an empty answer', async () => {
    const rig = sentRig();
    rig.town.items.delete('up');
    expect(await find(rig)).to.equal(undefined);
  });

  it('an item that was moved over there is still ours', async () => {
    const rig = sentRig();
    rig.town.items.set('up', { ...there, configId: 'another-config' });
    expect((await find(rig))?.item).to.include({ uid: 'ours', configId: 'another-config' });
  });

  it('what waits to be handed over is seen by the rules here, and tells where it stands', async () => {
    const parked = forwarding('ours', { state: 'parked', reason: 'Category unknown over there.', fix: 'Map it.' });
    const rig = facadeRig({ items: [item], forwardings: [parked] });
    const read = await find(rig);
    expect(read?.item.title).to.equal('Ici');
    expect(read?.standing?.['relais_forward']).to.equal('parked: Category unknown over there. Map it.');
    expect(await find(rig, 'ours', 'creator2')).to.equal(undefined);
    expect(rig.town.asked).to.deep.equal([]);
  });

  for (const state of ['cancelled', 'rejected'] as const) {
    it(`what was withdrawn (${state}) is there for nobody`, async () => {
      const rig = facadeRig({ items: [item], forwardings: [forwarding('ours', { state })] });
      for (const user of ['creator1', 'admin']) expect(await find(rig, 'ours', user)).to.equal(undefined);
    });
  }

  it('what is decided on here, and what is not forwarded at all, is read as ever', async () => {
    const rig = facadeRig({ items: [item, sampleItem({ uid: 'here', configId: CATEGORISED })] });
    for (const uid of ['ours', 'here']) expect(await find(rig, uid)).to.not.have.any.keys('upstream', 'standing');
    expect(rig.town.asked).to.deep.equal([]);
  });
});

describe('facade: freshness', () => {
  it('what was read a moment ago is answered without asking, for the same reader alone', async () => {
    const rig = sentRig();
    await find(rig);
    await rig.time.advance(FRESH_MS - 1);
    const read = await find(rig);
    expect(read?.standing).to.include({ relais_upstream: 'fresh', relais_as_of: new Date(rig.time.now() - FRESH_MS + 1).toISOString() });
    await find(rig, 'ours', 'manager');
    expect(rig.town.asked).to.deep.equal(['item up as creator1', 'item up as manager']);
    await rig.time.advance(1);
    await find(rig);
    expect(rig.town.asked).to.have.length(3);
  });

  it('an application may be content with older copies', async () => {
    const rig = sentRig();
    await find(rig);
    await rig.time.advance(4 * FRESH_MS);
    await find(rig, 'ours', 'creator1', 5 * FRESH_MS);
    expect(rig.town.asked).to.have.length(1);
  });

  it('news of our item makes its copy old', async () => {
    const rig = sentRig();
    await find(rig);
    await rig.time.advance(1);
    rig.items.splice(0, 1, { ...item, modifiedAt: rig.time.now() });
    rig.town.items.set('up', { ...there, reviewState: 'accepted' });
    expect((await find(rig))?.item.reviewState).to.equal('accepted');
  });

  it('the same question at the same time is asked once', async () => {
    const rig = sentRig();
    const reads = await Promise.all(Array.from({ length: 20 }, () => find(rig)));
    expect(reads.every((read) => read?.item.uid === 'ours')).to.equal(true);
    expect(rig.town.asked).to.have.length(1);
  });

  it('while the other side is away the last copy is answered with its age, also after a restart', async () => {
    const rig = sentRig();
    await find(rig);
    const readAt = new Date(rig.time.now()).toISOString();
    await rig.backend.settled();
    rig.town.meets = DOWN;
    await rig.time.advance(24 * 3_600_000);
    for (const backend of [rig.backend, rig.restarted()]) {
      const read = await backend.find(rig.as('creator1'), 'ours');
      expect(read?.item.title).to.equal(there.title);
      expect(read?.standing).to.include({ relais_upstream: 'away', relais_as_of: readAt });
    }
  });

  it('without a copy the ledger answers by the rules here, and says since when it is known', async () => {
    const rig = sentRig();
    rig.town.meets = DOWN;
    const read = await find(rig);
    expect(read?.item.title).to.equal('Ici');
    expect(read?.standing).to.deep.equal({ relais_as_of: new Date(item.modifiedAt).toISOString(), relais_upstream: 'away', relais_forward: 'sent' });
    expect(await find(rig, 'ours', 'creator2')).to.equal(undefined);
  });

  it('news that came after the copy are answered in its place', async () => {
    const rig = sentRig();
    await find(rig);
    await rig.time.advance(FRESH_MS);
    rig.items.splice(0, 1, { ...item, modifiedAt: rig.time.now(), title: 'Décidé entre-temps' });
    rig.town.meets = DOWN;
    expect((await find(rig))?.item.title).to.equal('Décidé entre-temps');
  });

  it('a page in place of an answer, or a mistake of the connector, is as being away', async () => {
    const rig = sentRig();
    for (const error of [new NotSent('pm.example sent a page of HTML in place of an answer'), new SyntaxError('Unexpected token <')]) {
      rig.town.meets = () => Promise.reject(error);
      expect((await find(rig))?.standing).to.include({ relais_upstream: 'away' });
    }
    rig.town.meets = UP;
    expect((await find(rig))?.standing).to.include({ relais_upstream: 'fresh' });
  });

  it('a uid that nobody here knows is not answered while the other side is away', async () => {
    const rig = facadeRig();
    rig.town.meets = DOWN;
    expect(await codeOf(find(rig, 'unknown'))).to.equal('RELAIS_UPSTREAM_AWAY');
  });

  it('that there was no such item once is no answer while the other side is away', async () => {
    const rig = facadeRig();
    expect(await find(rig, 'unknown')).to.equal(undefined);
    rig.town.meets = DOWN;
    await rig.time.advance(FRESH_MS);
    expect(await codeOf(find(rig, 'unknown'))).to.equal('RELAIS_UPSTREAM_AWAY');
  });

  it('what cannot be a uid is not asked for', async () => {
    const rig = facadeRig();
    for (const uid of ['x'.repeat(65), '../../@users', 'a b', '*']) expect(await find(rig, uid)).to.equal(undefined);
    expect(rig.town.asked).to.deep.equal([]);
  });

  it('a connector that is no longer configured is away', async () => {
    const rig = sentRig({ forwardings: [forwarding('ours', { upstream: 'up', state: 'sent', connector: 'gone' })] });
    expect((await find(rig))?.standing).to.include({ relais_upstream: 'away' });
  });

  it('what was hidden since is not shown from an older copy', async () => {
    const rig = sentRig();
    await find(rig);
    await rig.time.advance(FRESH_MS);
    rig.town.items.set('up', { ...there, seenBy: [] });
    expect(await find(rig)).to.equal(undefined);
    await rig.backend.settled();
    rig.town.meets = DOWN;
    await rig.time.advance(FRESH_MS);
    expect(await rig.restarted().find(rig.as('creator1'), 'ours')).to.equal(undefined);
  });

  it('a copy is written when it changed, and once a day where it has not', async () => {
    const rig = sentRig();
    for (let times = 0; times < 5; times += 1) {
      await find(rig);
      await rig.time.advance(FRESH_MS);
    }
    await rig.backend.settled();
    expect(rig.copies.writes).to.equal(1);
    rig.town.items.set('up', { ...there, title: 'Autre' });
    await find(rig);
    await rig.backend.settled();
    expect(rig.copies.writes).to.equal(2);
    await rig.time.advance(25 * 3_600_000);
    await find(rig);
    await rig.backend.settled();
    expect(rig.copies.writes).to.equal(3);
    const again = rig.restarted();
    await again.find(rig.as('creator1'), 'ours');
    await again.settled();
    expect(rig.copies.writes, 'a restart knows what is kept').to.equal(3);
  });
});

describe('facade: a system that is slow', () => {
  it('200 callers wait no longer than they must, few questions are asked at once, and late answers serve the next', async () => {
    const many = Array.from({ length: 200 }, (_, n) => sampleItem({ uid: `ours-${n}`, modifiedAt: NOW }));
    const rig = facadeRig({ items: many, forwardings: many.map(({ uid }) => forwarding(uid, { upstream: `up-${uid}`, state: 'sent', since: NOW })) });
    for (const { uid } of many) rig.town.items.set(`up-${uid}`, councilItem(`up-${uid}`));
    rig.town.meets = () => new Promise((resolve) => { rig.time.after(30_000, resolve); });
    const reads = Promise.all(many.map(({ uid }) => find(rig, uid)));
    await rig.time.advance(TIMEOUT_MS);
    expect((await reads).every((read) => read?.standing?.['relais_upstream'] === 'copy')).to.equal(true);
    expect(rig.town.most).to.equal(8);
    await rig.time.advance(30_000);
    expect(rig.town.asked, 'what nobody waits for any more is not begun').to.have.length(8);
    rig.town.meets = () => Promise.reject(new Error('not asked again'));
    expect((await find(rig, 'ours-0', 'creator1', 2 * FRESH_MS))?.standing).to.include({ relais_upstream: 'fresh' });
  });

  it('meanwhile what is decided on here is answered at once', async () => {
    const rig = sentRig({ items: [item, sampleItem({ uid: 'here', configId: CATEGORISED })] });
    rig.town.meets = () => new Promise(() => undefined);
    const slow = find(rig);
    await turns(5);
    expect((await find(rig, 'here'))?.item.uid).to.equal('here');
    await rig.time.advance(TIMEOUT_MS);
    expect((await slow)?.standing).to.include({ relais_upstream: 'copy' });
  });

  it('a question without end is given up', async () => {
    const rig = sentRig();
    let aborted = false;
    rig.town.meets = (signal) => new Promise(() => { signal.addEventListener('abort', () => { aborted = true; }); });
    const slow = find(rig);
    await rig.time.advance(60_000);
    await slow;
    expect(aborted).to.equal(true);
    expect(rig.time.pending()).to.equal(0);
  });

  it('after some failures nobody waits; one question tries again, and its answer serves all', async () => {
    const rig = sentRig();
    rig.town.meets = DOWN;
    for (let times = 0; times < 20; times += 1) await find(rig);
    expect(rig.town.asked).to.have.length(3);
    await rig.time.advance(15_000);
    rig.town.meets = UP;
    expect((await find(rig))?.standing).to.include({ relais_upstream: 'fresh' });
    expect((await find(rig, 'ours', 'manager'))?.standing).to.include({ relais_upstream: 'fresh' });
  });
});

describe('facade: files and documents', () => {
  const documents = [{ templateId: 'point__format__odt', title: 'Point', format: 'odt', filename: 'point.odt' }, { templateId: 'broken__format__pdf', title: 'Cassé', format: 'pdf', filename: 'x.odt' }];

  it('annexes of the other side come from there in the name of the reader, ours from here', async () => {
    const rig = sentRig();
    const read = (await find(rig))!;
    const contents = await Promise.all(annexesOf(read).map((annex) => text(rig.backend.annexContent(read, annex))));
    expect(contents).to.deep.equal(['bytes of place-1', 'blob abc']);
    expect(rig.town.asked.at(-1)).to.equal('annex place-1 as creator1');
  });

  it('while the other side is away, a file that we have, too, is read from here', async () => {
    const rig = sentRig({ items: [{ ...item, annexes: [...item.annexes, sampleAnnex('plan.pdf', { sha256: 'sent', size: there.annexes[0]!.size! })] }] });
    const read = (await find(rig))!;
    rig.town.meets = DOWN;
    expect(await text(rig.backend.annexContent(read, read.upstream!.annexes[0]!))).to.equal('blob sent');
  });

  it('an annex that is gone, or cannot be asked for, fails its stream', async () => {
    const rig = sentRig();
    rig.town.items.set('up', { ...there, annexes: [{ ...there.annexes[0]!, place: 'gone' }] });
    const read = (await find(rig))!;
    const code = (): Promise<unknown> => codeOf(text(rig.backend.annexContent(read, read.upstream!.annexes[0]!)));
    expect(await code()).to.equal('RELAIS_BLOB_MISSING');
    rig.town.meets = DOWN;
    expect(await code()).to.equal('RELAIS_UPSTREAM_AWAY');
  });

  it('documents are made over there; a bare id means the first format', async () => {
    const rig = sentRig();
    rig.town.items.set('up', { ...there, documents });
    const read = (await find(rig))!;
    for (const id of ['point__format__odt', 'point']) expect(await text(await rig.backend.makeDocument(read, id))).to.equal('document point__format__odt');
    const refusal = (id: string | undefined): Promise<unknown> => codeOf(rig.backend.makeDocument(read, id));
    expect(await refusal('declared')).to.equal('RELAIS_WS4PM_TEMPLATE');
    expect(await refusal(undefined)).to.equal('RELAIS_WS4PM_TEMPLATE');
    expect(await refusal('broken__format__pdf')).to.equal('RELAIS_WS4PM_GENERATION');
    const wrongFormat: unknown = await rig.backend.makeDocument(read, 'point__format__pdf').catch((error: unknown) => error);
    expect(wrongFormat).to.be.an('error').with.property('message').that.matches(/^Exception.*point.*pdf.*odt/);
    rig.town.meets = DOWN;
    expect(await refusal('point')).to.equal('RELAIS_UPSTREAM_AWAY');
  });

  it('where the other side offers none, or is away, declared templates are made here', async () => {
    const rig = sentRig();
    expect(await text(await rig.backend.makeDocument((await find(rig))!, 'declared__format__pdf'))).to.include('made here');
    const away = sentRig();
    away.town.meets = DOWN;
    expect(await text(await away.backend.makeDocument((await find(away))!, 'declared'))).to.include('made here');
  });

  it('meetings over there have their own dates, and organisations that are not known stay as they are', async () => {
    const rig = sentRig();
    rig.town.items.set('up', { ...there, meeting: { uid: 'm', date: 42 } });
    expect((await find(rig))?.meeting?.date).to.equal(42);
    expect((await find(rig))?.item.proposingOrganisation).to.equal('there');
    rig.town.items.set('up', { ...there, proposingOrganisation: DEVELOPERS });
    expect((await find(rig, 'ours', 'manager'))?.organisation?.id).to.equal('developers');
  });
});
