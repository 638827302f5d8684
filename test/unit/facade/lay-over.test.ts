import { expect } from 'chai';
import type { CouncilDirectory } from '../../../src/connector-api/deliberation.js';
import { selectableCategories } from '../../../src/deliberation/categories.js';
import { resolveActingUser } from '../../../src/deliberation/acting-user.js';
import { meetingsAcceptingItems } from '../../../src/deliberation/meetings.js';
import type { Authority } from '../../../src/domain/authority.js';
import type { ConfigBackend } from '../../../src/domain/meeting-config.js';
import { hasUid } from '../../../src/domain/organisation.js';
import { layOver } from '../../../src/facade/lay-over.js';
import { NOTHING_SEEN, readSeen, seeAgain, type SeenDirectory } from '../../../src/facade/seen-directory.js';
import { viewOfItem } from '../../../src/routing/item-view.js';
import { CATEGORISED, DEVELOPERS, PLAIN, sampleAuthority, VENDORS } from '../../support/sample-authority.js';
import { sampleItem } from '../../support/sample-item.js';
import { councilConfig, councilUser } from '../../support/scripted-council.js';

const BACKEND: ConfigBackend = { connector: 'pm', forward: 'later', directWaitMs: 1, freshForMs: 1, readTimeoutMs: 1, fields: {} };

/** The categorised config is decided on elsewhere; developers have a uid that nobody declared, vendors a declared one. */
function declared(): Authority {
  const authority = sampleAuthority();
  return {
    ...authority,
    organisations: authority.organisations.map((one) => (one.id === 'developers' ? { ...one, uidIsMade: true as const } : one)),
    meetingConfigs: authority.meetingConfigs.map((config) => (config.id === CATEGORISED ? { ...config, usingOrganisations: [DEVELOPERS, VENDORS], backend: BACKEND } : config)),
  };
}

function directoryOf(change: Partial<CouncilDirectory> = {}): CouncilDirectory {
  return {
    version: '4.2',
    configs: [councilConfig(CATEGORISED, {
      description: 'Séances publiques',
      categories: [{ uid: 'c1', id: 'roads', title: 'Voirie', description: '' }, { uid: 'c2', id: 'marketing', title: 'Marketing', description: '' }],
      meetings: [{ uid: 'm2', id: 'second', date: 200, state: 'created', acceptsItems: true }, { uid: 'm1', id: 'first', date: 100, state: 'closed', acceptsItems: false }],
      usedAttributes: ['motivation', 'budgetInfos'],
    })],
    organisations: [{ uid: 'pm-culture', id: 'culture', title: 'Culture', description: '' }, { uid: 'pm-dev', id: 'developers', title: 'Devs', description: 'd' }, { uid: 'pm-vendors', id: 'vendors', title: 'Ventes', description: '' }],
    ...change,
  };
}

const seen = (change: Partial<CouncilDirectory> = {}, before: SeenDirectory | null = null): SeenDirectory => seeAgain(before, directoryOf(change));
const organisation = (authority: Authority, id: string) => authority.organisations.find((one) => one.id === id)!;
const config = (authority: Authority, id = CATEGORISED) => authority.meetingConfigs.find((one) => one.id === id)!;

describe('laying a system behind over what is declared', () => {
  it('takes from it what it decides, and leaves what is declared besides', () => {
    const before = declared();
    const after = config(layOver(before, 'pm', seen(), new Map()));
    expect(after).to.include({ uid: `uid-${CATEGORISED}`, title: `Over there: ${CATEGORISED}`, description: 'Séances publiques', workflow: config(before).workflow, annexTypes: config(before).annexTypes, templates: config(before).templates });
    expect(after.categories.map(({ id, usingOrganisations }) => [id, usingOrganisations])).to.deep.equal([['roads', []], ['marketing', [VENDORS]]]);
    expect(after.meetings.map(({ uid, configId, date, acceptsItems }) => [uid, configId, date, acceptsItems])).to.deep.equal([['m1', CATEGORISED, 100, false], ['m2', CATEGORISED, 200, true]]);
    expect([...after.usedAttributes]).to.deep.equal(['category', 'motivation']);
    expect(after).to.not.have.property('meetingChosenBy');
    expect(config(layOver(before, 'pm', seen({ configs: [councilConfig(CATEGORISED, { meetingChosenBy: 'creator' })] }), new Map())).meetingChosenBy).to.equal('creator');
    expect(config(layOver(before, 'pm', seen(), new Map()), PLAIN)).to.deep.equal(config(before, PLAIN));
  });

  it('uses no categories where there are none over there, and the declared attributes where nobody says', () => {
    const after = config(layOver(declared(), 'pm', seen({ configs: [councilConfig(CATEGORISED)] }), new Map()));
    expect(after.categories).to.deep.equal([]);
    expect([...after.usedAttributes]).to.have.members([...config(declared()).usedAttributes].filter((one) => one !== 'category'));
  });

  it('leaves a config as it is declared that is not there, and everything where nothing was seen', () => {
    expect(config(layOver(declared(), 'pm', seen({ configs: [] }), new Map())).categories).to.deep.equal(config(declared()).categories);
    expect(layOver(declared(), 'pm', NOTHING_SEEN, new Map())).to.deep.equal(declared());
  });

  it('gives an organisation the uid of over there, unless one is declared, and knows it by both', () => {
    const after = layOver(declared(), 'pm', seen(), new Map());
    expect(after.organisations.map(({ id, uid, otherUids = [], active }) => [id, uid, otherUids, active])).to.deep.equal([
      ['culture', 'pm-culture', [], true], ['developers', 'pm-dev', [DEVELOPERS], true], ['vendors', VENDORS, ['pm-vendors'], true],
      ['retired', organisation(declared(), 'retired').uid, [], false],
    ]);
    expect(organisation(after, 'developers')).to.include({ title: 'Devs', description: 'd' }).and.not.have.property('uidIsMade');
    expect(config(after).usingOrganisations).to.deep.equal(['pm-dev', VENDORS]);
    // An item from before the system behind was seen still belongs to its organisation.
    expect(viewOfItem(sampleItem({ proposingOrganisation: DEVELOPERS }), after).proposingOrganisation).to.equal('developers');
  });

  it('knows an organisation whose uid, or whose id, an upgrade over there changed', () => {
    const first = seen();
    const upgraded = seen({ organisations: [{ uid: 'new-dev', id: 'developers', title: 'Devs', description: '' }, { uid: 'pm-culture', id: 'culture-1', title: 'Culture', description: '' }] }, first);
    const after = layOver(declared(), 'pm', readSeen(JSON.parse(JSON.stringify(upgraded)))!, new Map());
    const developers = organisation(after, 'developers');
    expect([developers.uid, ['pm-dev', DEVELOPERS].every((uid) => hasUid(developers, uid))]).to.deep.equal(['new-dev', true]);
    expect(hasUid(organisation(after, 'culture-1'), 'culture')).to.equal(true);
    const again = seen({ organisations: upgraded.directory.organisations }, upgraded);
    expect(again).to.deep.equal(upgraded);
    expect(organisation(after, 'vendors')).to.include({ uid: VENDORS, active: true });
  });

  it('keeps the name of an organisation that is gone over there, closed', () => {
    const after = layOver(declared(), 'pm', seen({ organisations: [] }, seen()), new Map());
    expect(organisation(after, 'culture')).to.include({ uid: 'pm-culture', active: false });
    const back = seen({}, seen({ organisations: [] }, seen()));
    expect([back.gone, back.formerNames]).to.deep.equal([[], {}]);
  });

  it('lets nobody but a Manager act for somebody who may do everything over there', () => {
    const { users } = layOver(declared(), 'pm', NOTHING_SEEN, new Map([['relais', { ...councilUser('relais'), isManager: true }], ['creator1', { ...councilUser('creator1'), isManager: true }]]));
    expect(users.get('relais')?.roles).to.deep.equal(['Member', 'Manager']);
    expect(users.get('creator1')?.roles).to.deep.equal(declared().users.get('creator1')?.roles);
    const authority = { ...declared(), users };
    expect(() => resolveActingUser(authority, 'manager', 'relais')).to.throw(/only another Manager may act/);
  });

  it('adds people of over there, with what they are there; declared accounts stay', () => {
    const users = new Map([
      ['jeanne', councilUser('jeanne', { 'pm-dev': ['creators', 'reviewers'], 'pm-vendors': ['observers'], 'pm-unknown': ['creators'] }, { manages: [CATEGORISED, PLAIN], categories: { [CATEGORISED]: ['marketing'], [PLAIN]: ['x'] } })],
      ['creator1', councilUser('creator1', { 'pm-culture': ['creators'] }, { observes: [CATEGORISED] })],
    ]);
    const after = layOver(declared(), 'pm', seen(), users);
    const jeanne = after.users.get('jeanne')!;
    expect(jeanne).to.deep.equal({ id: 'jeanne', fullname: 'Madame jeanne', email: 'jeanne@ville.example', roles: ['Member'], source: 'jeanne', hasMemberArea: true, categories: { [CATEGORISED]: ['marketing'] } });
    expect(after.users.get('creator1')).to.deep.equal(declared().users.get('creator1'));
    expect(organisation(after, 'developers').members).to.deep.include({ creators: ['creator1', 'manager', 'newcomer', 'jeanne'], reviewers: ['manager', 'jeanne'] });
    expect(organisation(after, 'vendors').members['observers']).to.deep.equal(['jeanne']);
    expect(organisation(after, 'culture').members).to.deep.equal({ creators: ['creator1'] });
    expect(config(after).managers).to.include('jeanne').and.include.members([...config(declared()).managers]);
    expect(config(after, PLAIN).managers).to.not.include('jeanne');
    expect(config(after).powerObservers).to.include('creator1');
    expect(selectableCategories(after, config(after), jeanne).map(({ id }) => id)).to.deep.equal(['marketing']);
    expect(selectableCategories(after, config(after), after.users.get('creator1')!).map(({ id }) => id)).to.deep.equal(['roads']);
    expect(meetingsAcceptingItems(after, config(after), after.users.get('creator2')!).map(({ uid }) => uid)).to.deep.equal(['m2']);
  });
});
