import { expect } from 'chai';
import type { RequestStruct } from '../../../src/soap/service.js';
import { getUserInfosOperation } from '../../../src/ws4pm/get-user-infos.js';
import { call, readingContext, refused } from '../../support/reading.js';
import { DEVELOPERS, VENDORS } from '../../support/sample-authority.js';

const ask = (userId: string, request: RequestStruct) => call(getUserInfosOperation(readingContext()), userId, { showGroups: false, ...request });

const developers = { UID: DEVELOPERS, id: 'developers', title: 'Développeurs', description: '' };
const vendors = { UID: VENDORS, id: 'vendors', title: 'Vendeurs', description: 'Les vendeurs' };

describe('ws4pm getUserInfos', () => {
  it('25 a creator who asks about another user is refused by the name of the caller', async () => {
    await refused(ask('creator1', { userId: 'creator2' }), 'RELAIS_WS4PM_ROLE', 'creator1');
  });

  it('26 a manager gets the name of another user', async () => {
    expect(await ask('manager', { userId: 'creator2' })).to.include({ fullname: 'Créateur Deux' });
  });

  it('27 a manager who asks about an unknown user is refused by that name', async () => {
    await refused(ask('manager', { userId: 'nobody' }), 'RELAIS_WS4PM_USER', 'nobody');
  });

  it('28 everybody gets their own name and address, and no groups unless asked', async () => {
    expect(await ask('creator1', { userId: 'creator1' })).to.deep.equal({ fullname: 'Créatrice Un', email: 'creator1@example.be', groups: [] });
    expect(await ask('manager', { userId: 'manager' })).to.deep.equal({ fullname: 'Secrétaire de séance', email: 'manager@example.be', groups: [] });
  });

  it('29 showGroups lists every active organisation of the user', async () => {
    expect((await ask('manager', { userId: 'manager', showGroups: true }))['groups']).to.deep.equal([developers, vendors]);
    expect((await ask('creator1', { userId: 'creator1', showGroups: true }))['groups']).to.deep.equal([developers]);
  });

  it('30 a suffix keeps the organisations where the user is in that sub-group', async () => {
    const groups = async (suffix: string) => (await ask('manager', { userId: 'manager', showGroups: true, suffix }))['groups'];
    expect(await groups('creators')).to.deep.equal([developers]);
    expect(await groups('advisers')).to.deep.equal([vendors]);
    for (const suffix of ['unheard-of', 'constructor', '__proto__']) expect(await groups(suffix)).to.deep.equal([]);
  });

  it('refuses a request without a user', async () => {
    await refused(ask('manager', { userId: '' }), 'RELAIS_WS4PM_USER', 'userId');
  });
});
