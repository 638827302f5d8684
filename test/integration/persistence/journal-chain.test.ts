import { expect } from 'chai';
import type { NewJournalEntry } from '../../../src/domain/journal-entry.js';
import { canonicalJson } from '../../../src/domain/canonical-json.js';
import { eachEngine } from '../../support/each-engine.js';
import { newItem } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

eachEngine('the journal', (open) => {
  let store: TempStore;
  beforeEach(async () => {
    store = await open();
    await Promise.all(Array.from({ length: 30 }, (_, n) => {
      const item = newItem();
      const entry = (event: string): NewJournalEntry => ({ at: n, actor: 'é', item: item.uid, event, data: { when: new Date(n), none: undefined, list: [1, { b: 2, a: null }] } });
      return store.intake.accept({ item, history: [], flow: null, deliveries: [], journal: [entry('item.accepted'), entry('item.more')] });
    }));
  });
  afterEach(async () => { await store.close(); });

  it('is one unbroken chain, also for entries written together', async () => {
    const check = await store.verifyJournal('default');
    expect(check).to.include({ entries: 60, brokenAt: null });
    expect(check.lastHash).to.match(/^[0-9a-f]{64}$/);
    expect(await store.verifyJournal('nobody')).to.include({ entries: 0, brokenAt: null });
  });

  for (const [what, sql, brokenAt] of [
    ['an altered entry', 'UPDATE journal SET data = replace(data, \'null\', \'0\') WHERE sequence = 17', 17],
    ['an altered actor', 'UPDATE journal SET actor = \'other\' WHERE sequence = 5', 5],
    ['a removed entry', 'DELETE FROM journal WHERE sequence = 20', 21],
    ['a removed beginning', 'DELETE FROM journal WHERE sequence = 1', 2],
    ['an entry moved in time', 'UPDATE journal SET at = at + 1 WHERE sequence = 60', 60],
  ] as const) {
    it(`shows ${what}`, async () => {
      await store.door.write((manager) => manager.query(sql));
      expect((await store.verifyJournal('default')).brokenAt).to.equal(brokenAt);
    });
  }

  it('writes the same data always the same way', () => {
    expect(canonicalJson({ b: [undefined, 'é"'], a: { d: 1, c: undefined }, z: new Date(0) })).to.equal('{"a":{"d":1},"b":[null,"é\\""],"z":"1970-01-01T00:00:00.000Z"}');
  });
});
