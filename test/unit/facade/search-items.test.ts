import { expect } from 'chai';
import { codeOf, councilItem, DOWN, facadeRig, forwarding, FRESH_MS, PM, TIMEOUT_MS, UP, type FacadeRig } from '../../support/facade-rig.js';
import { CATEGORISED, NOW, PLAIN } from '../../support/sample-authority.js';
import { sampleItem } from '../../support/sample-item.js';
import type { SearchCriteria } from '../../../src/deliberation/search-items.js';

const MINUTE = 60_000;
const pending = sampleItem({ uid: 'pending', title: 'Voirie', createdAt: NOW + 2 * MINUTE });
const sent = sampleItem({ uid: 'sent', title: 'Voirie', createdAt: NOW + MINUTE });
const here = sampleItem({ uid: 'here', title: 'Voirie', configId: CATEGORISED, createdAt: NOW + 4 * MINUTE });
const withdrawn = sampleItem({ uid: 'withdrawn', title: 'Voirie' });

function rigWithAll(): FacadeRig {
  const rig = facadeRig({
    items: [pending, sent, here, withdrawn],
    forwardings: [forwarding('pending'), forwarding('sent', { upstream: 'up', state: 'sent' }), forwarding('withdrawn', { state: 'rejected', upstream: 'dropped' })],
  });
  rig.town.items.set('up', councilItem('up', { title: 'Voirie rue Haute', createdAt: NOW + 3 * MINUTE }))
    .set('theirs', councilItem('theirs', { title: 'Voirie rue Basse', createdAt: NOW }))
    .set('dropped', councilItem('dropped', { title: 'Voirie' }))
    .set('not-served', councilItem('not-served', { title: 'Voirie', configId: 'nowhere' }));
  return rig;
}

async function found(rig: FacadeRig, criteria: SearchCriteria, user = 'creator1'): Promise<string[]> {
  const uids: string[] = [];
  for await (const { item } of await rig.backend.search(rig.as(user), criteria)) uids.push(item.uid);
  return uids;
}

function failure(rig: FacadeRig, criteria: SearchCriteria): Promise<unknown> {
  return codeOf(found(rig, criteria));
}

describe('facade: search', () => {
  it('what is here and what is there come by date, each once, under our uids', async () => {
    expect(await found(rigWithAll(), { Title: 'Voirie' })).to.deep.equal(['theirs', 'pending', 'up', 'here'].map((uid) => (uid === 'up' ? 'sent' : uid)));
  });

  it('one config is asked for over there by its name, and one that is decided on here asks nobody', async () => {
    const rig = rigWithAll();
    expect(await found(rig, { Title: 'Voirie', meetingConfigId: CATEGORISED })).to.deep.equal(['here']);
    expect(rig.town.asked).to.deep.equal([]);
    expect(await found(rig, { Title: 'Voirie', portal_type: 'MeetingItemCollege' })).to.deep.equal(['theirs', 'pending', 'sent']);
    expect(rig.town.asked).to.deep.equal([`search ${JSON.stringify({ configId: PLAIN, title: 'Voirie' })} as creator1`]);
    expect(await found(rig, { Title: 'Voirie', portal_type: 'MeetingItemNowhere' })).to.deep.equal([]);
  });

  it('what is wrong with the criteria is said before anything is asked', async () => {
    const rig = rigWithAll();
    expect(await failure(rig, { Title: '(', meetingConfigId: PLAIN })).to.equal('RELAIS_WS4PM_QUERY');
    expect(await failure(rig, { Title: 'a', meetingConfigId: 'nowhere' })).to.equal('RELAIS_WS4PM_CONFIG');
    expect(rig.town.asked).to.deep.equal([]);
  });

  it('a uid of ours is asked for by the one that it has over there; both are answered under ours', async () => {
    const rig = rigWithAll();
    for (const UID of ['sent', 'up']) expect(await found(rig, { UID })).to.deep.equal(['sent']);
    rig.town.asked.length = 0;
    expect(await found(rig, { UID: 'pending' })).to.deep.equal(['pending']);
    expect(rig.town.asked, 'it is not there').to.deep.equal([]);
  });

  it('what came there while it was asked is not missed, nor given twice', async () => {
    const rig = rigWithAll();
    const wait: (() => void)[] = [];
    rig.town.meets = () => new Promise((resolve) => { wait.push(resolve); });
    const answer = found(rig, { Title: 'Voirie' });
    await rig.time.advance(1);
    rig.forwardings.set('pending', forwarding('pending', { upstream: 'new', state: 'sent', since: rig.time.now() }));
    wait.forEach((go) => { go(); });
    expect(await answer).to.deep.equal(['theirs', 'pending', 'sent', 'here']);
    rig.town.meets = UP;
    rig.town.items.set('new', councilItem('new', { title: 'Voirie', createdAt: NOW + 5 * MINUTE }));
    await rig.time.advance(1);
    expect(await found(rig, { Title: 'Voirie' })).to.deep.equal(['theirs', 'sent', 'here', 'pending']);
  });

  it('while the other side is away or too slow, what we handed over is found as it is here', async () => {
    const rig = rigWithAll();
    rig.town.meets = DOWN;
    expect(await found(rig, { Title: 'Voirie' })).to.deep.equal(['sent', 'pending', 'here']);
    const slow = rigWithAll();
    slow.town.meets = () => new Promise(() => undefined);
    const answer = found(slow, { Title: 'Voirie' });
    await slow.time.advance(TIMEOUT_MS);
    expect(await answer).to.deep.equal(['sent', 'pending', 'here']);
  });

  it('a search that stops half-way fails: less must not pass for all', async () => {
    const rig = rigWithAll();
    rig.town.breaksOff = true;
    expect(await failure(rig, { Title: 'Voirie' })).to.equal('RELAIS_UPSTREAM_AWAY');
  });

  it('a reader whom the other side does not know finds what is here', async () => {
    const rig = rigWithAll();
    rig.town.strangers.add('creator1');
    expect(await found(rig, { Title: 'Voirie' })).to.deep.equal(['pending', 'here']);
  });
});

describe('facade: search by external identifier', () => {
  const identified = (uid: string, createdAt: number, change = {}) => sampleItem({ uid, externalIdentifier: 'urb-1', createdAt, ...change });
  const criteria = { externalIdentifier: 'urb-1' };

  it('two items with one identifier are both found, oldest first', async () => {
    const rig = facadeRig({ items: [identified('first', NOW), identified('second', NOW + MINUTE)], forwardings: [forwarding('first', { upstream: 'up-1', state: 'done' }), forwarding('second')] });
    rig.town.items.set('up-1', councilItem('up-1', { externalIdentifier: 'urb-1' })).set('theirs', councilItem('theirs', { externalIdentifier: 'urb-1', createdAt: NOW + 2 * MINUTE }));
    expect(await found(rig, criteria)).to.deep.equal(['first', 'second', 'theirs']);
    expect(await found(rig, { ...criteria, review_state: 'validated' }), 'with more criteria').to.deep.equal(['first', 'theirs']);
  });

  it('a side without an index of identifiers does not get us other people\'s items, and ours are found by their uid', async () => {
    const rig = facadeRig({
      items: [identified('ours', NOW)], forwardings: [forwarding('ours', { upstream: 'up', state: 'sent' })],
      known: [{ externalIdentifier: 'urb-1', configId: PLAIN, connector: PM, upstream: 'old' }],
    });
    rig.town.ignoresIdentifiers = true;
    rig.town.items.set('stranger', councilItem('stranger', { externalIdentifier: 'x' })).set('up', councilItem('up')).set('old', councilItem('old', { createdAt: NOW + MINUTE }));
    expect(await found(rig, criteria)).to.deep.equal(['ours', 'old']);
    expect(await found(rig, { ...criteria, meetingConfigId: CATEGORISED })).to.deep.equal([]);
  });

  it('what the reader may not see over there stays hidden', async () => {
    const rig = facadeRig({ items: [identified('ours', NOW)], forwardings: [forwarding('ours', { upstream: 'up', state: 'sent' })] });
    rig.town.items.set('up', councilItem('up', { externalIdentifier: 'urb-1', seenBy: ['manager'] }));
    expect(await found(rig, criteria)).to.deep.equal([]);
    expect(await found(rig, criteria, 'manager')).to.deep.equal(['ours']);
  });

  it('is answered from what was read a moment ago, until something happens to ours', async () => {
    const ours = { ...identified('ours', NOW), modifiedAt: NOW };
    const rig = facadeRig({ items: [ours], forwardings: [forwarding('ours', { upstream: 'up', state: 'sent' })] });
    rig.town.items.set('up', councilItem('up', { externalIdentifier: 'urb-1' }));
    for (let times = 0; times < 5; times += 1) expect(await found(rig, criteria)).to.deep.equal(['ours']);
    expect(rig.town.asked).to.have.length(1);
    await rig.time.advance(10);
    rig.items.splice(0, 1, { ...ours, modifiedAt: rig.time.now() });
    await found(rig, criteria);
    expect(rig.town.asked).to.have.length(2);
  });

  it('what is handed over while a copy is fresh does not vanish', async () => {
    const rig = facadeRig({ items: [identified('ours', NOW)], forwardings: [forwarding('ours')] });
    expect(await found(rig, criteria)).to.deep.equal(['ours']);
    await rig.time.advance(10);
    rig.forwardings.set('ours', forwarding('ours', { upstream: 'up', state: 'sent', since: rig.time.now() }));
    rig.town.items.set('up', councilItem('up', { externalIdentifier: 'urb-1' }));
    expect(await found(rig, criteria)).to.deep.equal(['ours']);
  });

  it('while the other side is away, what is known of it is found; a no is not answered', async () => {
    const rig = facadeRig({
      items: [identified('ours', NOW)], forwardings: [forwarding('ours', { upstream: 'up', state: 'sent' })],
      known: [{ externalIdentifier: 'urb-2', configId: PLAIN, connector: PM, upstream: 'old' }],
    });
    rig.town.items.set('up', councilItem('up', { externalIdentifier: 'urb-1', title: 'Copie' })).set('old', councilItem('old')).set('theirs', councilItem('theirs', { externalIdentifier: 'urb-3' }));
    for (const identifier of ['urb-1', 'urb-2', 'urb-3', 'urb-4']) await found(rig, { externalIdentifier: identifier });
    await rig.backend.find(rig.as('creator1'), 'ours');
    rig.town.meets = DOWN;
    await rig.time.advance(FRESH_MS);
    expect(await found(rig, criteria)).to.deep.equal(['ours']);
    expect(await found(rig, { externalIdentifier: 'urb-2' })).to.deep.equal(['old']);
    expect(await found(rig, { externalIdentifier: 'urb-3' })).to.deep.equal(['theirs']);
    expect(await failure(rig, { externalIdentifier: 'urb-4' })).to.equal('RELAIS_UPSTREAM_AWAY');
  });
});
