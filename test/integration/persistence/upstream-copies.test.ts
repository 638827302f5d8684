import { expect } from 'chai';
import { eachEngine } from '../../support/each-engine.js';
import type { TempStore } from '../../support/temp-store.js';

eachEngine('copies of what was read over there', (open) => {
  let temp: TempStore;

  before(async () => { temp = await open(); });
  after(() => temp.close());

  it('gives back what was written last, and nothing of another place', async () => {
    const { copies } = temp;
    expect(await copies.read('ville', 'pm', 'user', 'jean')).to.equal(null);
    await copies.write('ville', 'pm', 'user', 'jean', { id: 'jean', nul: '\u0000', groups: ['é'] }, 1);
    await copies.write('ville', 'pm', 'user', 'jean', { id: 'jean', nul: '\u0000', groups: ['é', 'ü'] }, 1_900_000_000_123);
    expect(await copies.read('ville', 'pm', 'user', 'jean')).to.deep.equal({ value: { id: 'jean', nul: '\u0000', groups: ['é', 'ü'] }, at: 1_900_000_000_123 });
    for (const [authority, connector, kind, key] of [['cpas', 'pm', 'user', 'jean'], ['ville', 'pm2', 'user', 'jean'], ['ville', 'pm', 'item', 'jean'], ['ville', 'pm', 'user', 'Jean']] as const) {
      expect(await copies.read(authority, connector, kind, key)).to.equal(null);
    }
  });

  it('keeps that there is nothing, which is not the same as not having looked', async () => {
    await temp.copies.write('ville', 'pm', 'user', 'gone', null, 5);
    expect(await temp.copies.read('ville', 'pm', 'user', 'gone')).to.deep.equal({ value: null, at: 5 });
  });

  it('drops what is old, and the oldest beyond a number, of one kind alone', async () => {
    const { copies } = temp;
    const left = async (): Promise<string[]> => {
      const found = await Promise.all(['a', 'b', 'c', 'd'].map(async (key) => (await copies.read('bourg', 'pm', 'item', key) === null ? [] : [key])));
      return found.flat();
    };
    for (const [index, key] of ['a', 'b', 'c', 'd'].entries()) await copies.write('bourg', 'pm', 'item', key, key, 100 + index);
    await copies.write('bourg', 'pm', 'directory', '', 'kept', 1);
    await copies.tidy('bourg', 'pm', 'item', { before: 101, atMost: 10 });
    expect(await left()).to.deep.equal(['b', 'c', 'd']);
    await copies.tidy('bourg', 'pm', 'item', { before: 0, atMost: 2 });
    expect(await left()).to.deep.equal(['c', 'd']);
    expect((await copies.read('bourg', 'pm', 'directory', ''))?.value).to.equal('kept');
  });
});
