import { expect } from 'chai';
import { userMeant } from '../../../src/deliberation/source-users.js';
import type { SourceSettings } from '../../../src/domain/source.js';

const account = { id: 'urban', source: 'urbanism' };

/** Whom the account's source means. */
function meant(theirs: string | undefined, settings: Partial<SourceSettings> | null): string | undefined {
  const sources = new Map(settings === null ? [] : [['urbanism', {
    id: 'urbanism', users: new Map(), unmapped: 'same', creation: { category: null, annexType: null, annexTypesByExtension: new Map(), proposingGroup: null },
    states: new Map(), freshForMs: null, omitsEmptyTexts: false, ...settings,
  } satisfies SourceSettings]]);
  return userMeant({ sources }, account, theirs, 'inTheNameOf');
}

describe('whom an application means by a user (contracts/wsclient.md §7.2)', () => {
  const users = new Map([['jdoe', 'johndoe'], ['siteadmin', null], ['chief', 'urban'], ['urban', 'johndoe']]);

  it('1. the account itself is nobody, whatever is mapped for its name', () => {
    expect(meant('urban', { users })).to.equal(undefined);
    expect(meant(' urban ', { users })).to.equal(undefined);
  });

  it('2. who is mapped is that user, his name trimmed; nobody where that is the account, or nobody', () => {
    expect(meant('jdoe', { users })).to.equal('johndoe');
    expect(meant('  jdoe\n', { users })).to.equal('johndoe');
    expect(meant('chief', { users })).to.equal(undefined);
    expect(meant('siteadmin', { users })).to.equal(undefined);
  });

  it('3. another one has the same id here, or is refused where the source takes only users that are mapped', () => {
    expect(meant('creator1', { users })).to.equal('creator1');
    expect(meant('JDOE', { users }), 'ids of users mind capitals').to.equal('JDOE');
    expect(() => meant('creator1', { users, unmapped: 'refuse' })).to.throw().that.includes({ code: 'RELAIS_WS4PM_USER' }).and.has.property('message').that.includes('inTheNameOf: found creator1').and.includes('urbanism');
    expect(meant('jdoe', { users, unmapped: 'refuse' })).to.equal('johndoe');
  });

  it('who is not named is nobody, also where only mapped users are taken', () => {
    for (const nothing of [undefined, '', '  ']) expect(meant(nothing, { users, unmapped: 'refuse' })).to.equal(undefined);
  });

  it('takes a source that is not configured at its word', () => {
    for (const theirs of [undefined, 'urban', ' jdoe ']) expect(meant(theirs, null)).to.equal(theirs);
  });
});
