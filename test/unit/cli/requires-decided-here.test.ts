import { expect } from 'chai';
import { requireDecidedHere } from '../../../src/cli/item-commands.js';
import type { ConfigBackend } from '../../../src/domain/meeting-config.js';

const backend: ConfigBackend = { connector: 'pm', forward: 'later', directWaitMs: 20_000, freshForMs: 30_000, readTimeoutMs: 4_000, fields: {} };

describe('items transition', () => {
  it('is refused where another system decides, with the word where to do it', () => {
    expect(() => { requireDecidedHere({ id: 'college', backend }, { kind: 'deliberation' }); }).to.throw(/config college are decided on .* connector pm: carry the transition out there/).with.property('code', 'RELAIS_ITEM_STATE');
  });

  it('is possible for what is decided on here, and for what is no deliberation', () => {
    expect(() => { requireDecidedHere({ id: 'college' }, { kind: 'deliberation' }); }).to.not.throw();
    expect(() => { requireDecidedHere({ id: 'college', backend }, { kind: 'prefecture-letter' }); }).to.not.throw();
  });
});
