import { expect } from 'chai';
import { eachEngine } from '../../support/each-engine.js';

eachEngine('the meeting ledger', (open) => {
  it('makes a relative date once, and takes a fixed one as it is declared now', async () => {
    const store = await open();
    const first = store.time.at;
    const declared = (fixed: number) => [
      { configId: 'college', id: 'fixed', uid: 'f', date: fixed },
      { configId: 'college', id: 'relative', uid: 'r', date: (seen: number) => seen + 1000 },
    ];
    expect(await store.meetings.settle('default', declared(7))).to.deep.equal(new Map([['f', 7], ['r', first + 1000]]));
    store.time.at += 86_400_000;
    expect(await store.meetings.settle('default', declared(8))).to.deep.equal(new Map([['f', 8], ['r', first + 1000]]));
    expect(await store.meetings.settle('another', declared(8))).to.deep.equal(new Map([['f', 8], ['r', store.time.at + 1000]]));
    await store.close();
  });
});
