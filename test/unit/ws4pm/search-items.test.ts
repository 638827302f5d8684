import { expect } from 'chai';
import type { ReplyStruct, RequestStruct } from '../../../src/soap/service.js';
import { searchItemsOperation } from '../../../src/ws4pm/search-items.js';
import { memoryHistoryStore } from '../../support/memory-history-store.js';
import { all, call, readingContext, refused, type Reading } from '../../support/reading.js';
import { CATEGORISED, DEVELOPERS, MEETINGS, PLAIN, sampleAuthority, VENDORS, withConfig } from '../../support/sample-authority.js';
import { sampleAnnex, sampleItem } from '../../support/sample-item.js';

const young = sampleItem({ uid: 'young', title: 'Voirie', createdAt: Date.UTC(2027, 3, 2) });
const road = sampleItem({ uid: 'road', title: 'Voirie rue Haute', configId: CATEGORISED, category: 'development', externalIdentifier: 'urb-1', createdAt: Date.UTC(2027, 3, 1) });
const lane = sampleItem({ uid: 'lane', title: 'VOIRIÉ, rue Basse', configId: CATEGORISED, category: 'events', createdAt: Date.UTC(2027, 2, 31), description: '<p>Égout et <b>trottoir</b></p>' });
const theirs = sampleItem({ uid: 'theirs', title: 'Foire', creator: 'creator2', proposingOrganisation: VENDORS, decision: '<p>Autorisée</p>', annexes: [sampleAnnex('bail.pdf', { title: 'Bail emphytéotique' })] });
const ours = sampleItem({ uid: 'ours', title: 'Foire', meeting: MEETINGS.created, reviewState: 'presented' });
const items = [young, road, lane, theirs, ours];

const ask = (userId: string, request: RequestStruct, reading: Reading = {}) => call(searchItemsOperation(readingContext({ items, ...reading })), userId, request);

async function found(userId: string, request: RequestStruct, reading: Reading = {}): Promise<unknown[]> {
  return (await all((await ask(userId, request, reading))['itemInfo'])).map((info) => info['UID']);
}

describe('ws4pm searchItems', () => {
  it('5 items keep their externalIdentifier, find themselves by it and give it back', async () => {
    const [info] = await all((await ask('creator1', { externalIdentifier: 'urb-1' }))['itemInfo']);
    expect(info).to.include({ UID: 'road', externalIdentifier: 'urb-1' });
    expect(await found('creator1', { externalIdentifier: 'URB-1' })).to.deep.equal([]);
  });

  it('81 one word of the title and a category find the item', async () => {
    expect(await found('creator1', { Title: 'voirie', getCategory: 'development' })).to.deep.equal(['road']);
  });

  it('82 two words find the items that have both; an empty criterion is ignored', async () => {
    expect(await found('creator1', { Title: 'rue voirie', getCategory: '' })).to.have.members(['road', 'lane']);
  });

  it('83 the oldest comes first', async () => {
    expect(await found('creator1', { Title: 'voirie' })).to.deep.equal(['lane', 'road', 'young']);
  });

  it('84 no hit is an empty answer', async () => {
    expect(await found('creator1', { Title: 'piscine' })).to.deep.equal([]);
  });

  it('85 no criterion is refused, before anything about the user', async () => {
    for (const request of [{}, { Title: '' }, { inTheNameOf: 'nobody' }]) await refused(ask('creator1', request), 'RELAIS_WS4PM_NO_CRITERION', 'criterion');
  });

  it('86 the title alone searches all configs', async () => {
    expect(await found('creator1', { Title: 'voirie' })).to.have.length(3);
  });

  it('87 meetingConfigId restricts to that config, and is a criterion alone', async () => {
    expect(await found('creator1', { Title: 'voirie', meetingConfigId: PLAIN })).to.deep.equal(['young']);
    expect(await found('creator1', { meetingConfigId: CATEGORISED })).to.deep.equal(['lane', 'road']);
  });

  it('88 an unknown config is refused by its name', async () => {
    await refused(ask('creator1', { Title: 'voirie', meetingConfigId: 'nowhere' }), 'RELAIS_WS4PM_CONFIG', 'nowhere');
  });

  it('89 each creator finds only what the own organisation proposed', async () => {
    expect([await found('creator1', { Title: 'foire' }), await found('creator2', { Title: 'foire' })]).to.deep.equal([['ours'], ['theirs']]);
  });

  it('90 creators may not act, not even as themselves', async () => {
    for (const user of ['creator1', 'creator2']) await refused(ask(user, { Title: 'foire', inTheNameOf: user }), 'RELAIS_WS4PM_ROLE', 'inTheNameOf', user);
  });

  it('91 a manager in both organisations finds both', async () => {
    expect(await found('manager', { Title: 'foire' })).to.have.members(['ours', 'theirs']);
  });

  it('92 in the name of each creator only that one\'s, and afterwards the own again', async () => {
    const authority = sampleAuthority();
    for (const [user, uid] of [['creator1', 'ours'], ['creator2', 'theirs']] as const) {
      expect(await found('manager', { Title: 'foire', inTheNameOf: user }, { authority })).to.deep.equal([uid]);
      expect(await found('manager', { Title: 'foire' }, { authority })).to.have.length(2);
    }
  });

  it('93 an unknown meeting has no item', async () => {
    expect(await found('manager', { meeting_uid: 'unheard-of' })).to.deep.equal([]);
  });

  it('94 of the five items of a meeting, a creator finds those that are visible', async () => {
    const five = [DEVELOPERS, DEVELOPERS, VENDORS, VENDORS, VENDORS].map((proposingOrganisation) => sampleItem({ proposingOrganisation, meeting: MEETINGS.frozen, reviewState: 'presented' }));
    const count = async (userId: string) => (await found(userId, { meeting_uid: MEETINGS.frozen }, { items: [...five, young] })).length;
    expect([await count('creator1'), await count('manager')]).to.deep.equal([2, 5]);
  });

  it('94 whatever selects the items in no meeting', async () => {
    expect(await found('creator1', { meeting_uid: 'whatever' })).to.deep.equal(['lane', 'road', 'young'].toSorted((a, b) => age(a) - age(b)));
  });

  it('94 the old name linkedMeetingUID is understood, and meeting_uid wins over it', async () => {
    expect(await found('creator1', { linkedMeetingUID: MEETINGS.created })).to.deep.equal(['ours']);
    expect(await found('creator1', { linkedMeetingUID: MEETINGS.created, meeting_uid: MEETINGS.frozen })).to.deep.equal([]);
  });
});

function age(uid: string): number {
  return items.find((item) => item.uid === uid)?.createdAt ?? NaN;
}

describe('ws4pm searchItems: criteria (contracts/ws4pm.md §3.8)', () => {
  const cases: [string, RequestStruct, string[]][] = [
    ['text folds case and accents', { Title: 'VOIRIE basse' }, ['lane']],
    ['a phrase keeps the order of words', { Title: '"rue voirie"' }, []],
    ['OR, NOT and parentheses', { Title: '(haute OR basse) NOT "rue haute"' }, ['lane']],
    ['a wildcard inside or after a word', { Title: 'v*r?e ha*' }, ['road']],
    ['Description without markup', { Description: 'egout trottoir' }, ['lane']],
    ['SearchableText in annex titles', { SearchableText: 'emphyteotique' }, ['theirs']],
    ['getDecision as text of the decision', { getDecision: 'autorisee' }, ['theirs']],
    ['UID', { UID: 'road' }, ['road']],
    ['Creator', { Creator: 'creator2' }, ['theirs']],
    ['getProposingGroup by UID', { getProposingGroup: VENDORS }, ['theirs']],
    ['getProposingGroup not by id', { getProposingGroup: 'vendors' }, []],
    ['review_state', { review_state: 'presented' }, ['ours']],
    ['portal_type', { portal_type: 'MeetingItemCouncil' }, ['lane', 'road']],
    ['an unknown portal_type', { portal_type: 'MeetingItemNone' }, []],
    ['portal_type wins over meetingConfigId, which is not even checked', { portal_type: 'MeetingItemCouncil', meetingConfigId: 'nowhere' }, ['lane', 'road']],
  ];
  for (const [name, request, uids] of cases) {
    it(name, async () => {
      expect(await found('admin', request)).to.have.members(uids);
    });
  }

  it('shows the main fields only, though there are annexes', async () => {
    const [info] = await all((await ask('creator2', { UID: 'theirs' }))['itemInfo']) as [ReplyStruct];
    expect(info['annexes']).to.deep.equal([]);
    expect(info['templates']).to.deep.equal([]);
    expect(info['item_assembly']).to.equal(undefined);
    expect(info['extraInfos']).to.deep.equal({ children: {} });
  });

  it('an expression that cannot be read is refused by the name of its criterion', async () => {
    await refused(ask('creator1', { Title: 'voirie', Description: '(egout' }), 'RELAIS_WS4PM_QUERY', 'Description');
  });

  it('checks whose rights, then the config, then the expressions', async () => {
    const wrong = { Title: '(', meetingConfigId: 'nowhere' };
    await refused(ask('manager', { ...wrong, inTheNameOf: 'nobody' }), 'RELAIS_WS4PM_USER');
    await refused(ask('manager', wrong), 'RELAIS_WS4PM_CONFIG');
    await refused(ask('manager', { ...wrong, meetingConfigId: PLAIN }), 'RELAIS_WS4PM_QUERY');
  });

  it('does not find a hidden decision by its words', async () => {
    const authority = withConfig(sampleAuthority(), PLAIN, { hiddenDecisionText: '<p>En cours</p>' });
    const decided = sampleItem({ uid: 'decided', reviewState: 'presented', meeting: MEETINGS.decided, decision: '<p>Refusée</p>' });
    for (const criteria of [{ getDecision: 'refusee' }, { SearchableText: 'refusee' }]) {
      const by = (userId: string) => found(userId, criteria, { authority, items: [decided] });
      expect([await by('creator1'), await by('manager')]).to.deep.equal([[], ['decided']]);
    }
    const without = await found('creator1', { Title: decided.title.split(' ')[0], SearchableText: `${decided.title.split(' ')[0]} NOT refusee` }, { authority, items: [decided] });
    expect(without, 'nor by their absence').to.deep.equal(['decided']);
  });

  it('never finds what belongs to another authority', async () => {
    expect(await found('admin', { Title: 'voirie' }, { items: [sampleItem({ authority: 'other', title: 'Voirie' })] })).to.deep.equal([]);
  });

  it('hands out items while it finds them', async () => {
    let read = 0;
    const history = { ...memoryHistoryStore([]), async *search() { for (;;) { await Promise.resolve(); read += 1; yield young; } } };
    const answer = await call(searchItemsOperation(readingContext({ history })), 'creator1', { Title: 'voirie' });
    const stream = (answer['itemInfo'] as AsyncIterable<ReplyStruct>)[Symbol.asyncIterator]();
    await stream.next();
    await stream.next();
    await stream.return?.();
    expect(read).to.equal(2);
  });
});
