import { expect } from 'chai';
import fc from 'fast-check';
import type { ItemQuery, TextField, TextQuery, Visibility } from '../../../src/history/store.js';
import { eachEngine } from '../../support/each-engine.js';
import { memoryHistoryStore } from '../../support/memory-history-store.js';
import { sampleAnnex, sampleItem } from '../../support/sample-item.js';
import { acceptItems, flowOf, gather, newDelivery, newItem, rejection } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

const word = (text: string): TextQuery => ({ type: 'word', text });
const pattern = (text: string): TextQuery => ({ type: 'pattern', pattern: text });
const phrase = (...words: string[]): TextQuery => ({ type: 'phrase', words });
const and = (...operands: TextQuery[]): TextQuery => ({ type: 'and', operands });
const or = (...operands: TextQuery[]): TextQuery => ({ type: 'or', operands });
const not = (operand: TextQuery): TextQuery => ({ type: 'not', operand });

eachEngine('the history store', (open) => {
  let store: TempStore;
  const titles = async (query: ItemQuery, visibility: Visibility = 'everything', authority = 'default') =>
    (await gather(store.history.search(authority, query, visibility))).map(({ title }) => title);
  const texts = (query: TextQuery, field: TextField = 'title') => titles({ text: [{ field, query }] });

  beforeEach(async () => { store = await open(); });
  afterEach(async () => { await store.close(); });

  it('gives back an item as it came, with its annexes in their order', async () => {
    const item = newItem({
      title: 'Réfection de la voirie', category: 'travaux', meeting: 'm', preferredMeeting: 'p', toDiscuss: false, externalIdentifier: 'X-1',
      description: '<p>é & œ</p>', optionalAdvisers: ['org__rowid__1', 'org__userid__u', 'other'], associatedOrganisations: ['b', 'a'],
      organisationsInCharge: ['c'], extra: { notes: '<p>n</p>', itemNumber: 3, emergency: true, itemTags: ['x', 'y'] },
      annexes: [sampleAnnex('b.pdf', { size: 5_000_000_000, confidential: true }), sampleAnnex('a.pdf', { relatedTo: 'decision' })],
    });
    const { id } = await store.intake.accept({ item, history: [], flow: null, deliveries: [], journal: [] });
    const { baseId, ...rest } = item;
    expect(id).to.equal(baseId);
    expect(await gather(store.history.search('default', { uid: item.uid }, 'everything'))).to.deep.equal([{ ...rest, id }]);
  });

  it('words are whole, whatever the case, the accents, the ligatures and the apostrophes', async () => {
    await acceptItems(store, { title: 'Rénovation de l\'école communale' }, { title: 'Vœux du nouvel an' }, { title: 'L’Œuvre d’ÆGIDE' });
    expect(await texts(word('ecole'))).to.deep.equal(['Rénovation de l\'école communale']);
    expect(await texts(word('ÉCOLE'))).to.have.length(1);
    expect(await texts(word('e\u0301cole'))).to.have.length(1);
    expect(await texts(word('écol'))).to.deep.equal([]);
    expect(await texts(word('voeux'))).to.deep.equal(['Vœux du nouvel an']);
    expect(await texts(word('œuvre'))).to.deep.equal(['L’Œuvre d’ÆGIDE']);
    expect(await texts(word('aegide'))).to.have.length(1);
    expect(await texts(word('l\'école'))).to.have.length(1);
  });

  it('AND, OR, NOT, phrases and patterns', async () => {
    await acceptItems(store, { title: 'budget communal 2027' }, { title: 'communal budget' }, { title: 'plan communal' }, { title: 'trottoir' });
    expect(await texts(and(word('budget'), word('communal')))).to.deep.equal(['budget communal 2027', 'communal budget']);
    expect(await texts(phrase('budget', 'communal'))).to.deep.equal(['budget communal 2027']);
    expect(await texts(or(word('plan'), word('2027')))).to.deep.equal(['budget communal 2027', 'plan communal']);
    expect(await texts(and(word('communal'), not(word('budget'))))).to.deep.equal(['plan communal']);
    expect(await texts(and(not(word('budget')), not(word('plan'))))).to.deep.equal(['trottoir']);
    expect(await texts(not(word('communal')))).to.deep.equal(['trottoir']);
    expect(await texts(or(word('plan'), not(word('communal'))))).to.deep.equal(['plan communal', 'trottoir']);
    expect(await texts(not(not(word('plan'))))).to.deep.equal(['plan communal']);
    expect(await texts(pattern('trott*'))).to.deep.equal(['trottoir']);
    expect(await texts(pattern('TRÔT*r'))).to.deep.equal(['trottoir']);
    expect(await texts(pattern('tr?tt*'))).to.deep.equal(['trottoir']);
    expect(await texts(pattern('tr?ttoirs'))).to.deep.equal([]);
    expect(await texts(pattern('tr*z'))).to.deep.equal([]);
    expect(await texts(word('---'))).to.deep.equal([]);
    expect(await texts(and(word('---'), word('plan')))).to.deep.equal(['plan communal']);
  });

  it('refuses patterns that would read everything', async () => {
    await acceptItems(store, ...Array.from({ length: 26 }, (_, n) => ({ title: Array.from({ length: 20 }, (__, m) => `a${String.fromCharCode(97 + n)}${m}z`).join(' ') })));
    expect((await rejection(texts(pattern('*oir')))).code).to.equal('RELAIS_WS4PM_QUERY');
    expect((await rejection(texts(pattern('a*z')))).message).to.contain('a*z').and.to.contain('500');
    expect(await texts(pattern('aa*z'))).to.have.length(1);
    const many = and(...Array.from({ length: 9 }, (_, n) => pattern(`b${n}*z`)));
    expect((await rejection(texts(many))).code).to.equal('RELAIS_WS4PM_QUERY');
  });

  it('does not look through a vocabulary that somebody filled', async () => {
    const titles = (letter: string) => Array.from({ length: 34_000 }, (_, n) => `w${letter}${n}`).join(' ');
    await acceptItems(store, { title: titles('a') }, { title: titles('b') }, { title: titles('c') }, { title: `${'a'.repeat(30_000)} fin` });
    expect((await rejection(texts(pattern('w*z')))).message).to.contain('"w"');
    expect(await texts(pattern('wa1?3'))).to.have.length(1);
    expect(await texts(pattern(`${'a*'.repeat(300)}b`))).to.deep.equal([]);
  });

  it('finds the words at the beginning of a very long text', async () => {
    await acceptItems(store, { title: 'long', description: `<p>premier ${'mot '.repeat(200_000)} dernier</p>` });
    expect(await texts(word('premier'), 'description')).to.deep.equal(['long']);
    expect(await texts(word('dernier'), 'description')).to.deep.equal([]);
  });

  it('each field finds its own text, without markup; everything finds all of them', async () => {
    await acceptItems(store, {
      title: 'titre', description: '<p class="rouge">des<b>crip</b>tion</p><p>suite&eacute;</p><script>malice</script>', decision: '<p>decide</p>',
      motivation: '<p>motif</p>', detailedDescription: '<p>details</p>', extra: { observations: '<p>remarque</p>', decisionSuite: '<p>condition</p>', notes: '<p>entre nous</p>' },
      annexes: [sampleAnnex('plan.pdf', { title: 'Cadastre' }), sampleAnnex('avis.pdf', { title: 'Juriste', confidential: true })],
    });
    expect(await texts(word('description'), 'description')).to.have.length(1);
    expect(await texts(word('suitee'), 'description')).to.have.length(1);
    for (const absent of ['rouge', 'class', 'malice', 'titre', 'decide']) expect(await texts(word(absent), 'description'), absent).to.deep.equal([]);
    for (const present of ['titre', 'description', 'decide', 'motif', 'details', 'remarque', 'condition', 'cadastre']) expect(await texts(word(present), 'everything'), present).to.have.length(1);
    for (const restricted of ['nous', 'juriste']) expect(await texts(word(restricted), 'everything'), restricted).to.deep.equal([]);
    for (const decided of ['decide', 'condition']) {
      expect(await texts(word(decided), 'decision'), decided).to.have.length(1);
      expect(await texts(word(decided), 'allButDecision'), decided).to.deep.equal([]);
    }
    expect(await texts(word('remarque'), 'allButDecision')).to.have.length(1);
    expect(await texts(word('default'), 'everything'), 'the authority is no text of the item').to.deep.equal([]);
    expect(await texts(word('decide'), 'decision')).to.have.length(1);
    expect(await titles({ text: [{ field: 'title', query: word('titre') }, { field: 'decision', query: word('decide') }] })).to.have.length(1);
    expect(await titles({ text: [{ field: 'title', query: word('titre') }, { field: 'decision', query: word('titre') }] })).to.deep.equal([]);
  });

  it('a caller cannot write FTS5: nothing but words is read', async () => {
    await acceptItems(store, { title: 'innocent' });
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.constantFrom('word', 'pattern', 'phrase'), async (text, type) => {
      const query: TextQuery = type === 'phrase' ? phrase(text, text) : type === 'word' ? word(text) : pattern(`a${text}`);
      await titles({ text: [{ field: 'everything', query }] }).catch((error: unknown) => { expect(error).to.have.property('code', 'RELAIS_WS4PM_QUERY'); });
    }), { numRuns: 300 });
    for (const text of ['a" OR "innocent', 'title : innocent', 'innocent*', '" NEAR(', '\0"', '{title} : "']) await texts(word(text));
    expect(await texts(word('nothing" OR "innocent'))).to.deep.equal([]);
  });

  it('finds what a plain evaluation of the same query finds', async () => {
    const vocabulary = ['alpha', 'beta', 'gamma', 'delta'];
    const items = vocabulary.flatMap((a) => vocabulary.map((b) => sampleItem({ title: `${a} ${b}` })));
    for (const { id, ...item } of items) await store.intake.accept({ item: { ...item, baseId: id }, history: [], flow: null, deliveries: [], journal: [] });
    const reference = memoryHistoryStore(items);
    const { query } = fc.letrec<{ query: TextQuery; leaf: TextQuery; node: TextQuery }>((tie) => ({
      leaf: fc.oneof(fc.constantFrom(...vocabulary, 'absent').map(word), fc.constant(phrase('alpha', 'beta')), fc.constantFrom('al*', 'd?lta', 'b*a').map(pattern)),
      node: fc.oneof(
        fc.array(tie('query'), { minLength: 1, maxLength: 3 }).map((operands) => and(...operands)),
        fc.array(tie('query'), { minLength: 1, maxLength: 3 }).map((operands) => or(...operands)),
        tie('query').map(not),
      ),
      query: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('node')),
    }));
    await fc.assert(fc.asyncProperty(query, async (text) => {
      const criteria: ItemQuery = { text: [{ field: 'title', query: text }] };
      const expected = (await gather(reference.search('default', criteria, 'everything'))).map(({ title }) => title);
      const found = await titles(criteria).catch((error: unknown) => { expect(error).to.have.property('code', 'RELAIS_WS4PM_QUERY'); return expected; });
      expect(found).to.deep.equal(expected);
    }), { numRuns: 200 });
  });

  it('every criterion is exact, and all must hold', async () => {
    const [item] = await acceptItems(store,
      { title: 'wanted', creator: 'c', category: 'k', configId: 'g', proposingOrganisation: 'o', reviewState: 's', meeting: 'm', externalIdentifier: 'X' },
      { title: 'other' });
    const criteria: ItemQuery = { uid: item!.uid, creator: 'c', category: 'k', configId: 'g', proposingOrganisation: 'o', reviewState: 's', meeting: 'm', externalIdentifier: 'X', text: [{ field: 'title', query: word('wanted') }] };
    expect(await titles(criteria)).to.deep.equal(['wanted']);
    for (const [name, value] of Object.entries(criteria)) {
      if (typeof value !== 'string') continue;
      expect(await titles({ [name]: value }), name).to.deep.equal(['wanted']);
      expect(await titles({ ...criteria, [name]: `${value}?` }), name).to.deep.equal([]);
      expect(await titles({ [name]: value.toLowerCase() === value ? value.toUpperCase() : value.toLowerCase() }), `${name} is case-sensitive`)
        .to.deep.equal(value.toLowerCase() === value.toUpperCase() ? ['wanted'] : []);
    }
    expect(await titles({ meeting: null })).to.deep.equal(['other']);
    expect(await titles({})).to.deep.equal(['wanted', 'other']);
    expect(await titles({ ...criteria, text: [{ field: 'title', query: not(word('wanted')) }] })).to.deep.equal([]);
  });

  it('is ordered by creation, then by arrival, across pages, and heavy texts make small pages', async () => {
    const at = Date.UTC(2027, 0, 1);
    await acceptItems(store, { title: 'late', createdAt: at + 1 }, ...Array.from({ length: 401 }, (_, n) => ({ title: `n${n}`, createdAt: at })), { title: 'early', createdAt: at - 1, description: 'x'.repeat(5_000_000) });
    expect(await titles({})).to.deep.equal(['early', ...Array.from({ length: 401 }, (_, n) => `n${n}`), 'late']);
    expect((await store.history.latest('default', 2)).map(({ title }) => title)).to.deep.equal(['late', 'n400']);
  });

  it('visibility: any clause, all of its members', async () => {
    await acceptItems(store,
      { title: 'a', configId: 'g', reviewState: 's1', proposingOrganisation: 'o1' },
      { title: 'b', configId: 'g', reviewState: 's2', proposingOrganisation: 'o2', optionalAdvisers: ['o3__rowid__r', 'o4__userid__u'] },
      { title: 'c', configId: 'h', reviewState: 's1', proposingOrganisation: 'o1' });
    const clause = { configId: 'g', states: null, organisations: null, advisers: null };
    expect(await titles({}, [])).to.deep.equal([]);
    expect(await titles({}, [clause])).to.deep.equal(['a', 'b']);
    expect(await titles({}, [{ ...clause, states: ['s1', 's9'] }])).to.deep.equal(['a']);
    expect(await titles({}, [{ ...clause, states: [] }])).to.deep.equal([]);
    expect(await titles({}, [{ ...clause, organisations: ['o2'] }])).to.deep.equal(['b']);
    expect(await titles({}, [{ ...clause, advisers: ['o3'] }])).to.deep.equal(['b']);
    expect(await titles({}, [{ ...clause, advisers: ['o4'], states: ['s1'] }])).to.deep.equal([]);
    expect(await titles({}, [{ ...clause, organisations: ['o1'] }, { ...clause, configId: 'h' }])).to.deep.equal(['a', 'c']);
    expect(await titles({ text: [{ field: 'title', query: or(word('a'), word('c')) }] }, [clause])).to.deep.equal(['a']);
  });

  it('nothing of another authority is ever returned', async () => {
    const [mine] = await acceptItems(store, { title: 'mine', authority: 'default', externalIdentifier: 'X' });
    const [theirs] = await acceptItems(store, { title: 'theirs', authority: 'default-2', externalIdentifier: 'Y' });
    expect(await titles({})).to.deep.equal(['mine']);
    expect(await titles({}, 'everything', 'default-2')).to.deep.equal(['theirs']);
    expect(await titles({ uid: theirs!.uid })).to.deep.equal([]);
    expect(await texts(word('theirs'))).to.deep.equal([]);
    expect(await texts(not(word('absent')))).to.deep.equal(['mine']);
    expect(await store.history.story('default', theirs!.uid)).to.equal(null);
    expect((await store.history.story('default', mine!.uid))?.item.title).to.equal('mine');
    expect(await store.history.isLinked('default', 'Y', null)).to.equal(false);
    expect(await store.history.latest('default-2', 10)).to.have.length(1);
    expect(await titles({}, 'everything', 'nobody')).to.deep.equal([]);
  });

  it('a linked item is found by its exact identifier, whatever the config unless one is given', async () => {
    await acceptItems(store, { externalIdentifier: 'Ext-1', configId: 'g' }, { externalIdentifier: '' });
    expect(await store.history.isLinked('default', 'Ext-1', null)).to.equal(true);
    expect(await store.history.isLinked('default', 'Ext-1', 'g')).to.equal(true);
    expect(await store.history.isLinked('default', 'Ext-1', 'h')).to.equal(false);
    expect(await store.history.isLinked('default', 'ext-1', null)).to.equal(false);
    expect(await store.history.isLinked('default', 'Ext-%', null)).to.equal(false);
    expect(await store.history.isLinked('default', '', null)).to.equal(false);
  });

  it('a story has the workflow history, the deliveries in order and the journal', async () => {
    const item = newItem();
    const history = [
      { at: 1, actor: 'a', action: 'create', comment: 'c', fromState: null, toState: 'itemcreated' },
      { at: 2, actor: 'a', action: 'propose', comment: '', fromState: 'itemcreated', toState: 'proposed' },
    ];
    const deliveries = [newDelivery('d2', { position: 1, step: 'second', state: 'waiting' }), newDelivery('d1', { step: 'first' })];
    const journal = [{ at: 5, actor: 'a', item: item.uid, event: 'item.accepted', data: { b: 1, a: [true] } }];
    const definition = flowOf(deliveries);
    await store.intake.accept({ item, history, flow: { definition, version: 'v' }, deliveries, journal });
    const story = await store.history.story('default', item.uid);
    expect(story?.history).to.deep.equal(history);
    expect(story?.deliveries.map(({ id, state, itemUid, dueAt }) => ({ id, state, itemUid, dueAt }))).to.deep.equal([
      { id: 'd1', state: 'ready', itemUid: item.uid, dueAt: item.createdAt },
      { id: 'd2', state: 'waiting', itemUid: item.uid, dueAt: item.createdAt },
    ]);
    expect(story?.deliveries[0]?.retry).to.deep.equal(newDelivery('d1').retry);
    expect(story?.journal.map(({ sequence, event, data }) => ({ sequence, event, data }))).to.deep.equal([{ sequence: 1, event: 'item.accepted', data: { b: 1, a: [true] } }]);
  });

  it('gives each item a short id of its own among the creator\'s items of the config', async () => {
    const accept = async (change: Parameters<typeof newItem>[0]) => (await store.intake.accept({ item: newItem(change), history: [], flow: null, deliveries: [], journal: [] })).id;
    const ids: string[] = [];
    for (const id of ['budget', 'budget-1', 'budget', 'budget', 'budget-1']) ids.push(await accept({ id }));
    expect(ids).to.deep.equal(['budget', 'budget-1', 'budget-2', 'budget-3', 'budget-1-1']);
    expect(await accept({ id: 'budget', creator: 'another' })).to.equal('budget');
    expect(await accept({ id: 'budget', configId: 'another' })).to.equal('budget');
    expect(await accept({ id: 'budget', authority: 'another' })).to.equal('budget');
  });

  it('knows which blobs are referred to, by authority', async () => {
    await acceptItems(store, { annexes: [sampleAnnex('a.pdf', { sha256: 'ab' })] });
    expect(await store.blobReferences.isReferenced('default', 'ab')).to.equal(true);
    expect(await store.blobReferences.isReferenced('default', 'cd')).to.equal(false);
    expect(await store.blobReferences.isReferenced('another', 'ab')).to.equal(false);
  });

  it('keeps nothing of an item that fails half-way', async () => {
    const [item] = await acceptItems(store, { title: 'first' });
    const twice = { ...newItem({ title: 'second', id: 'second' }), uid: item!.uid };
    const journal = [{ at: 1, actor: 'a', item: 'x', event: 'item.accepted', data: {} }];
    await rejection(store.intake.accept({ item: twice, history: [], flow: null, deliveries: [], journal }));
    expect(await titles({})).to.deep.equal(['first']);
    expect(await texts(word('second'))).to.deep.equal([]);
    expect((await store.verifyJournal('default')).entries).to.equal(0);
  });
});
