import { expect } from 'chai';
import { createNewId } from '../../../src/platform/new-id.js';

describe('createNewId', () => {
  it('makes 32 hexadecimal digits that are never the same and begin with the time', () => {
    const newId = createNewId();
    const before = Date.now();
    const ids = Array.from({ length: 1000 }, newId);
    const after = Date.now();
    expect(new Set(ids).size).to.equal(ids.length);
    for (const id of ids) {
      expect(id).to.match(/^[0-9a-f]{32}$/);
      expect(parseInt(id.slice(0, 12), 16)).to.be.within(before, after);
    }
  });
});
