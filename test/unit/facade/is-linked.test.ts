import { expect } from 'chai';
import { codeOf, councilItem, facadeRig, DOWN, forwarding, PM, TIMEOUT_MS, type FacadeRig, type Given } from '../../support/facade-rig.js';
import { CATEGORISED, PLAIN } from '../../support/sample-authority.js';
import { sampleItem } from '../../support/sample-item.js';
import { NotSent } from '../../../src/connector-api/failures.js';
import type { DeliveryState } from '../../../src/domain/delivery.js';
import type { KnownLink } from '../../../src/facade/store.js';

const item = sampleItem({ uid: 'ours', externalIdentifier: 'urb-1' });
const link = (upstream: string | null): KnownLink => ({ externalIdentifier: 'urb-1', configId: PLAIN, connector: PM, upstream });
const asked = (rig: FacadeRig, configId: string | null = PLAIN): Promise<boolean> => rig.backend.isLinked(rig.authority, 'urb-1', configId);
const rigOf = (upstream: string | null, state: DeliveryState = upstream === null ? 'ready' : 'sent', more: Given = {}): FacadeRig =>
  facadeRig({ items: [item], forwardings: [forwarding('ours', { upstream, state })], ...more });

async function away(answer: Promise<boolean>): Promise<void> {
  expect(await codeOf(answer)).to.equal('RELAIS_UPSTREAM_AWAY');
}

describe('facade: isLinked is never wrong', () => {
  for (const state of ['waiting', 'ready', 'sending', 'parked'] as const) {
    it(`an item that is not handed over yet (${state}) is linked, and nobody is asked`, async () => {
      const rig = rigOf(null, state);
      rig.town.linked = false;
      expect(await asked(rig)).to.equal(true);
      expect(await asked(rig, null)).to.equal(true);
      expect(rig.town.asked).to.deep.equal([]);
    });
  }

  for (const state of ['cancelled', 'rejected'] as const) {
    it(`an item that was withdrawn (${state}) links nothing`, async () => {
      const rig = rigOf(null, state);
      expect(await asked(rig)).to.equal(false);
      rig.town.meets = DOWN;
      await away(asked(rig));
    });
  }

  it('a yes of the other side is a yes, for whoever made the item', async () => {
    const rig = facadeRig();
    rig.town.items.set('theirs', councilItem('theirs', { externalIdentifier: 'urb-1', seenBy: [] }));
    expect(await asked(rig)).to.equal(true);
    expect(await asked(rig, null)).to.equal(true);
  });

  it('a no of the other side about what nobody knows is a no', async () => {
    const rig = facadeRig();
    expect(await asked(rig)).to.equal(false);
    rig.town.linked = 'unsure';
    expect(await asked(rig)).to.equal(false);
  });

  for (const said of [false, 'unsure'] as const) {
    it(`where it says ${said}, ours is looked at by its uid: deleted is not linked, hidden and there are`, async () => {
      const rig = rigOf('up');
      rig.town.linked = said;
      expect(await asked(rig), 'deleted').to.equal(false);
      rig.town.items.set('up', councilItem('up', { seenBy: [] }));
      expect(await asked(rig), 'hidden').to.equal(true);
      rig.town.items.set('up', councilItem('up', { configId: 'moved-elsewhere' }));
      expect(await asked(rig), 'moved').to.equal(true);
      expect(rig.town.asked).to.include('item up as account');
    });
  }

  it('where that look fails, it is linked', async () => {
    const rig = rigOf('up');
    rig.town.meets = () => (rig.town.asked.at(-1)?.startsWith('item') === true ? DOWN() : Promise.resolve());
    expect(await asked(rig)).to.equal(true);
  });

  it('an imported link is looked at likewise; one without a uid counts while the other side is unsure', async () => {
    const rig = facadeRig({ known: [link('old')] });
    expect(await asked(rig)).to.equal(false);
    rig.town.items.set('old', councilItem('old'));
    expect(await asked(rig)).to.equal(true);
    const vague = facadeRig({ known: [link(null)] });
    expect(await asked(vague), 'a firm no').to.equal(false);
    vague.town.linked = 'unsure';
    expect(await asked(vague)).to.equal(true);
  });

  it('while the other side is away, what is known is linked, and what is not is not answered', async () => {
    for (const rig of [rigOf('up'), facadeRig({ known: [link('old')] }), facadeRig({ known: [link(null)] })]) {
      rig.town.meets = DOWN;
      expect(await asked(rig)).to.equal(true);
    }
    const unknown = facadeRig();
    unknown.town.meets = DOWN;
    for (let times = 0; times < 10; times += 1) await away(asked(unknown));
    expect(unknown.town.asked, 'after three failures nobody is kept waiting').to.have.length(3);
    unknown.town.meets = () => Promise.reject(new NotSent('a page came in place of an answer'));
    await unknown.time.advance(20_000);
    await away(asked(unknown));
    expect(unknown.town.asked).to.have.length(4);
  });

  it('an answer that takes too long is none', async () => {
    const rig = facadeRig();
    rig.town.meets = () => new Promise(() => undefined);
    const answer = codeOf(asked(rig));
    await rig.time.advance(TIMEOUT_MS);
    expect(await answer).to.equal('RELAIS_UPSTREAM_AWAY');
    rig.backend.stop();
    await rig.time.advance(0);
    expect(rig.time.pending()).to.equal(0);
  });

  it('two items with one identifier: one that is gone does not hide the other', async () => {
    const twin = sampleItem({ uid: 'twin', externalIdentifier: 'urb-1' });
    const rig = facadeRig({ items: [item, twin], forwardings: [forwarding('ours', { upstream: 'gone', state: 'sent' }), forwarding('twin', { upstream: 'there', state: 'done' })] });
    rig.town.linked = false;
    rig.town.items.set('there', councilItem('there'));
    expect(await asked(rig)).to.equal(true);
    const pending = facadeRig({ items: [item, twin], forwardings: [forwarding('ours', { state: 'rejected' }), forwarding('twin')] });
    expect(await asked(pending)).to.equal(true);
  });

  it('a config that is decided on here, and items that are not forwarded at all, need nobody', async () => {
    const here = facadeRig({ items: [sampleItem({ configId: CATEGORISED, externalIdentifier: 'urb-1' })] });
    here.town.meets = DOWN;
    expect(await asked(here, CATEGORISED)).to.equal(true);
    expect(await asked(here, null)).to.equal(true);
    expect(await here.backend.isLinked(here.authority, 'urb-2', CATEGORISED)).to.equal(false);
    const before = facadeRig({ items: [item] });
    before.town.meets = DOWN;
    expect(await asked(before)).to.equal(true);
    expect([...here.town.asked, ...before.town.asked]).to.deep.equal([]);
  });
});
