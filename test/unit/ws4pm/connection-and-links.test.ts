import { expect } from 'chai';
import { checkIsLinkedOperation } from '../../../src/ws4pm/check-is-linked.js';
import { getItemInfosOperation } from '../../../src/ws4pm/get-item-infos.js';
import { testConnectionOperation } from '../../../src/ws4pm/test-connection.js';
import { call, readingContext, refused } from '../../support/reading.js';
import { CATEGORISED, PLAIN, RETIRED, sampleAuthority } from '../../support/sample-authority.js';
import { sampleItem } from '../../support/sample-item.js';

describe('ws4pm testConnection', () => {
  it('2 an authenticated call is connected', async () => {
    expect(await call(testConnectionOperation(readingContext()), 'creator1', { dummy: 'x' })).to.include({ connectionState: true });
  });

  it('3 the version is that of the installed software', async () => {
    expect(await call(testConnectionOperation(readingContext()), 'creator1')).to.include({ version: '1.2.3' });
  });

  it('refuses an account whose user has no role in the service', async () => {
    const authority = sampleAuthority();
    const outsider = { ...authority.users.get('creator1')!, id: 'outsider', roles: [] };
    const context = readingContext({ authority: { ...authority, users: new Map([...authority.users, ['outsider', outsider]]) } });
    await refused(call(testConnectionOperation(context), 'outsider'), 'RELAIS_WS4PM_ROLE', 'Member', 'Manager', 'outsider');
  });
});

describe('ws4pm checkIsLinked', () => {
  const item = sampleItem({ proposingOrganisation: RETIRED, externalIdentifier: 'urb-42' });
  const context = readingContext({ items: [item] });
  const operation = checkIsLinkedOperation(context);

  it('7 a mere creator is refused', async () => {
    await refused(call(operation, 'creator1', { externalIdentifier: 'urb-42' }), 'RELAIS_WS4PM_ROLE', 'Manager', 'MeetingManager');
  });

  it('8 a manager outside the organisation of a new item does not get it from getItemInfos', async () => {
    expect((await call(getItemInfosOperation(context), 'manager', { UID: item.uid }))['itemInfo']).to.deep.equal([]);
  });

  it('9 an unknown identifier is not linked', async () => {
    expect(await call(operation, 'manager', { externalIdentifier: 'urb-43' })).to.deep.equal({ isLinked: false });
  });

  it('10 an unknown config is refused by its name', async () => {
    await refused(call(operation, 'manager', { meetingConfigId: 'nowhere', externalIdentifier: 'urb-42' }), 'RELAIS_WS4PM_CONFIG', 'nowhere');
  });

  it('11 the identifier of that invisible item is linked in its config, and in any', async () => {
    expect(await call(operation, 'manager', { meetingConfigId: PLAIN, externalIdentifier: 'urb-42' })).to.deep.equal({ isLinked: true });
    expect(await call(operation, 'manager', { externalIdentifier: 'urb-42' })).to.deep.equal({ isLinked: true });
  });

  it('is exact, and bound to the config given', async () => {
    const asked = [{ externalIdentifier: 'URB-42' }, { externalIdentifier: 'urb-4*' }, { externalIdentifier: 'urb-42', meetingConfigId: CATEGORISED }];
    for (const request of asked) expect(await call(operation, 'manager', request)).to.deep.equal({ isLinked: false });
  });

  it('no identifier is not linked, though items without one exist', async () => {
    const unlinked = checkIsLinkedOperation(readingContext({ items: [sampleItem()] }));
    expect(await call(unlinked, 'manager')).to.deep.equal({ isLinked: false });
    expect(await call(unlinked, 'manager', { externalIdentifier: '' })).to.deep.equal({ isLinked: false });
  });

  it('never looks into another authority', async () => {
    const elsewhere = checkIsLinkedOperation(readingContext({ items: [sampleItem({ authority: 'other', externalIdentifier: 'urb-42' })] }));
    expect(await call(elsewhere, 'admin', { externalIdentifier: 'urb-42' })).to.deep.equal({ isLinked: false });
  });
});
