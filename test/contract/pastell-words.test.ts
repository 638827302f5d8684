import { expect } from 'chai';
import { KNOWN_STATES, standingOf } from '../../connectors/pastell/states.js';
import { wordsOfState } from '../../connectors/pastell/words-of-state.js';

describe('pastell: what is said of a state', () => {
  it('has French words for each state that is waited for or is a no; what stops a delivery is told as every other stop', () => {
    const told = KNOWN_STATES.filter((state) => !['stuck', 'done'].includes(standingOf(state).kind));
    expect(told.filter((state) => wordsOfState(state, { language: 'fr' }) === wordsOfState(state, { language: 'en' }))).to.deep.equal([]);
    expect(told.length).to.be.greaterThan(30);
  });

  it('says of a state that it does not know what Pastell says', () => {
    for (const language of ['fr', 'en'] as const) expect(wordsOfState('tout-neuf', { language })).to.include('tout-neuf');
  });
});
