import { expect } from 'chai';
import type { Authority } from '../../../src/domain/authority.js';
import type { ReplyStruct, RequestStruct } from '../../../src/soap/service.js';
import { getConfigInfosOperation } from '../../../src/ws4pm/get-config-infos.js';
import { all, call, readingContext, refused } from '../../support/reading.js';
import { CATEGORISED, DEVELOPERS, PLAIN, sampleAuthority, VENDORS, withConfig } from '../../support/sample-authority.js';

const ask = (userId: string, request: RequestStruct = {}, authority?: Authority) =>
  call(getConfigInfosOperation(readingContext(authority === undefined ? {} : { authority })), userId, { showCategories: false, ...request });

async function configs(answer: Promise<ReplyStruct>): Promise<ReplyStruct[]> {
  return all((await answer)['configInfo']);
}

async function categoriesOf(configId: string, answer: Promise<ReplyStruct>): Promise<ReplyStruct[]> {
  const config = (await configs(answer)).find((one) => one['id'] === configId);
  return all(config!['categories']);
}

const ids = (structs: ReplyStruct[]) => structs.map((struct) => struct['id']);

describe('ws4pm getConfigInfos', () => {
  it('13 any user may call it', async () => {
    expect(ids(await configs(ask('creator1')))).to.deep.equal([PLAIN, CATEGORISED]);
  });

  it('14 configs and organisations come with UID, id, title and description', async () => {
    const answer = await ask('creator1');
    expect(Object.keys(answer)).to.deep.equal(['configInfo', 'groupInfo']);
    expect((await all(answer['configInfo']))[1]).to.deep.include({ UID: '2'.repeat(32), id: CATEGORISED, title: 'Conseil communal', description: 'Séances publiques' });
    expect(await all(answer['groupInfo'])).to.deep.equal([
      { UID: DEVELOPERS, id: 'developers', title: 'Développeurs', description: '' },
      { UID: VENDORS, id: 'vendors', title: 'Vendeurs', description: 'Les vendeurs' },
    ]);
  });

  it('15 an empty description is empty, not left out', async () => {
    expect((await configs(ask('creator1')))[0]).to.include({ description: '' });
  });

  it('16 the positive decided states are those of the config, in its order', async () => {
    expect((await configs(ask('creator1')))[0]!['itemPositiveDecidedStates']).to.deep.equal(['accepted', 'accepted_but_modified']);
  });

  it('17 a config without such a state has none', async () => {
    const authority = withConfig(sampleAuthority(), PLAIN, { itemPositiveDecidedStates: [] });
    expect((await configs(ask('creator1', {}, authority)))[0]!['itemPositiveDecidedStates']).to.deep.equal([]);
  });

  it('18 without showCategories there is no category', async () => {
    expect(await categoriesOf(CATEGORISED, ask('creator2'))).to.deep.equal([]);
  });

  it('19 with it, a config that uses categories lists the enabled ones', async () => {
    const listed = await categoriesOf(CATEGORISED, ask('creator2', { showCategories: true }));
    expect(ids(listed)).to.deep.equal(['development', 'events', 'marketing']);
    expect(listed[1]).to.deep.equal({ UID: 'category-events', id: 'events', title: 'Catégorie events', description: 'Les événements' });
  });

  it('20 a config that does not use them lists none, though it declares some', async () => {
    const authority = sampleAuthority();
    const declared = withConfig(authority, PLAIN, { categories: authority.meetingConfigs[1]!.categories });
    expect(await categoriesOf(PLAIN, ask('creator1', { showCategories: true }, declared))).to.deep.equal([]);
  });

  it('21 a category reserved to vendors is absent for a creator of developers', async () => {
    expect(ids(await categoriesOf(CATEGORISED, ask('creator1', { showCategories: true })))).to.deep.equal(['development', 'events']);
  });

  it('22 a creator who names a user, even as oneself, is refused', async () => {
    await refused(ask('creator1', { userToShowCategoriesFor: 'creator1' }), 'RELAIS_WS4PM_ROLE', 'userToShowCategoriesFor', 'creator1');
  });

  it('23 a manager who names an unknown user is refused by that name', async () => {
    await refused(ask('manager', { userToShowCategoriesFor: 'nobody' }), 'RELAIS_WS4PM_USER', 'nobody');
  });

  it('24 a manager gets the categories of the user named', async () => {
    const reservedFor = async (userToShowCategoriesFor: string) =>
      ids(await categoriesOf(CATEGORISED, ask('manager', { showCategories: true, userToShowCategoriesFor }))).includes('marketing');
    expect([await reservedFor('creator1'), await reservedFor('creator2')]).to.deep.equal([false, true]);
  });

  it('a global Manager gets reserved categories whoever is named', async () => {
    const listed = await categoriesOf(CATEGORISED, ask('admin', { showCategories: true, userToShowCategoriesFor: 'creator1' }));
    expect(ids(listed)).to.include('marketing');
  });

  it('shows active configs to who manages, observes or uses them, and no other', async () => {
    const reserved = withConfig(sampleAuthority(), PLAIN, { usingOrganisations: [VENDORS], managers: ['manager'], powerObservers: ['newcomer'] });
    const sees = async (userId: string, authority = reserved) => ids(await configs(ask(userId, {}, authority))).includes(PLAIN);
    expect([await sees('creator1'), await sees('creator2'), await sees('manager'), await sees('newcomer'), await sees('admin')])
      .to.deep.equal([false, true, true, true, true]);
    expect(await sees('admin', withConfig(reserved, PLAIN, { active: false }))).to.equal(false);
  });
});
