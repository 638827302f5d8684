import { expect } from 'chai';
import { runRetention, type RetentionRun } from '../../../src/retention/run-retention.js';
import type { PurgeCandidate, RetentionStore } from '../../../src/retention/store.js';

const candidate = (uid: string, kind: string): PurgeCandidate => ({ uid, title: `Item ${uid}`, kind, reviewState: 'accepted', modifiedAt: 1 });

/** Items of a kind that a rule names, or all; one whose uid begins with «busy» is not let go. */
function fakeStore(items: readonly PurgeCandidate[]): RetentionStore & { readonly purged: string[] } {
  const purged: string[] = [];
  return {
    purged,
    due(_authority, { kind }, _now, { limit, afterUid }) {
      const from = items.findIndex(({ uid }) => uid === afterUid) + 1;
      return Promise.resolve(items.slice(from).filter((item) => !purged.includes(item.uid) && (kind.length === 0 || kind.includes(item.kind))).slice(0, limit));
    },
    purge(_authority, uid) {
      if (uid.startsWith('busy')) return Promise.resolve(false);
      purged.push(uid);
      return Promise.resolve({ annexes: 2, bytes: 10 });
    },
  };
}

const letters = Array.from({ length: 250 }, (_, index) => candidate(`letter-${index}`, 'letter'));
const rules = [{ kind: ['letter'], state: [], days: 30 }, { kind: [], state: [], days: 900 }];
const run = (store: RetentionStore, change: Partial<RetentionRun> = {}) => runRetention({
  store, authority: { id: 'ville', retention: rules }, now: 0, actor: 'retention', isDryRun: false, giveWay: () => Promise.resolve(), ...change,
});

describe('runRetention', () => {
  it('lets go page after page, rule after rule, and passes over what meanwhile must stay', async () => {
    const store = fakeStore([...letters, candidate('busy', 'letter'), candidate('permit', 'permit')]);
    const report = await run(store);
    expect(store.purged).to.have.length(251).and.include('permit').and.not.include('busy');
    expect(report).to.deep.include({ items: 251, annexes: 502, bytes: 2510 });
    expect(report.rules.map(({ items }) => items)).to.deep.equal([250, 1]);
    expect(report.sample.map(({ uid }) => uid)).to.deep.equal(letters.slice(0, 10).map(({ uid }) => uid));
  });

  it('removes nothing in a dry run, and counts an item once', async () => {
    const store = fakeStore([...letters, candidate('permit', 'permit')]);
    const report = await run(store, { isDryRun: true });
    expect(store.purged).to.deep.equal([]);
    expect(report.rules.map(({ items }) => items)).to.deep.equal([250, 1]);
    expect(report.items).to.equal(251);
  });

  it('gives way before each item, and ends between two when it is told to', async () => {
    const store = fakeStore(letters);
    const stop = new AbortController();
    let turns = 0;
    await run(store, { giveWay: () => { turns += 1; if (turns === 5) stop.abort(); return Promise.resolve(); }, signal: stop.signal });
    expect(turns).to.equal(5);
    expect(store.purged).to.have.length(5);
  });

  it('lets nothing go without a rule', async () => {
    expect(await run(fakeStore(letters), { authority: { id: 'ville', retention: [] } })).to.deep.equal({ rules: [], items: 0, annexes: 0, bytes: 0, sample: [] });
  });
});
