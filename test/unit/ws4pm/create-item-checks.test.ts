import { expect } from 'chai';
import type { Authority } from '../../../src/domain/authority.js';
import type { ErrorCode } from '../../../src/errors.js';
import type { RequestStruct } from '../../../src/soap/service.js';
import { creating, type Creating } from '../../support/creating.js';
import { refused } from '../../support/reading.js';
import { CATEGORISED, DEVELOPERS, enabling, MEETINGS, PLAIN, RETIRED, sampleAuthority, VENDORS, withConfig } from '../../support/sample-authority.js';

/** A refusal must leave nothing behind. */
async function refusedAll(gateway: Creating, answer: ReturnType<Creating['send']>, code: ErrorCode, ...words: string[]): Promise<void> {
  await refused(answer, code, ...words);
  expect(gateway.calls).to.deep.equal([]);
}

function refuses(authority: Authority, data: RequestStruct, code: ErrorCode, ...words: string[]): Promise<void> {
  const gateway = creating(authority);
  return refusedAll(gateway, gateway.create(data), code, ...words);
}

function sendRefused(userId: string, request: RequestStruct, code: ErrorCode, ...words: string[]): Promise<void> {
  const gateway = creating();
  return refusedAll(gateway, gateway.send(userId, { creationData: { title: 'Un point' }, ...request }), code, ...words);
}

const unknown = 'a'.repeat(32);

describe('ws4pm createItem: checks', () => {
  it('98 an empty title is refused', () => refuses(sampleAuthority(), { title: undefined }, 'RELAIS_WS4PM_TITLE', 'title'));

  it('99 an unknown or missing config is refused', async () => {
    await sendRefused('creator1', { meetingConfigId: 'nowhere' }, 'RELAIS_WS4PM_CONFIG', 'nowhere');
    await sendRefused('creator1', { meetingConfigId: undefined }, 'RELAIS_WS4PM_CONFIG', 'meetingConfigId');
  });

  it('100 an organisation in which the user is no creator is refused', async () => {
    await sendRefused('creator1', { proposingGroupId: 'vendors' }, 'RELAIS_WS4PM_GROUP', 'creator1', 'vendors');
    await sendRefused('reviewer2', { proposingGroupId: VENDORS }, 'RELAIS_WS4PM_GROUP', 'reviewer2', VENDORS);
    await sendRefused('creator1', { proposingGroupId: RETIRED }, 'RELAIS_WS4PM_GROUP', RETIRED);
    await sendRefused('creator1', { proposingGroupId: undefined }, 'RELAIS_WS4PM_GROUP', 'proposingGroupId');
  });

  it('takes the organisation by id or by UID', async () => {
    const gateway = creating();
    for (const proposingGroupId of ['developers', DEVELOPERS]) {
      await gateway.create({}, { proposingGroupId });
      expect(gateway.item().proposingOrganisation).to.equal(DEVELOPERS);
    }
  });

  it('101 without the category that the config needs, it is refused', async () => {
    await sendRefused('creator1', { meetingConfigId: CATEGORISED }, 'RELAIS_WS4PM_CATEGORY_MANDATORY', 'category');
  });

  it('accepts no category where none can be selected', async () => {
    const gateway = creating(withConfig(sampleAuthority(), CATEGORISED, { categories: [] }));
    await gateway.create({}, { meetingConfigId: CATEGORISED });
    expect(gateway.item().category).to.equal(null);
  });

  it('102 a category is refused where the config does not use any', () =>
    refuses(sampleAuthority(), { category: 'development' }, 'RELAIS_WS4PM_OPTIONAL_ATTRIBUTE', '"category"'));

  it('103 an unknown category is refused, and so are one of others and a disabled one', async () => {
    for (const category of ['unknown', 'marketing', 'abandoned']) {
      await sendRefused('creator1', { meetingConfigId: CATEGORISED, creationData: { title: 'T', category } }, 'RELAIS_WS4PM_CATEGORY', category, 'developers');
    }
    const gateway = creating();
    await gateway.send('creator2', { meetingConfigId: CATEGORISED, proposingGroupId: 'vendors', creationData: { title: 'T', category: 'marketing' } });
    expect(gateway.item().category).to.equal('marketing');
  });

  it('104 a user without member area is refused', () => sendRefused('newcomer', {}, 'RELAIS_WS4PM_AREA', 'newcomer'));

  it('105 motivation needs to be enabled, and then is stored unchanged', async () => {
    const motivation = '<p>Vu la loi</p>';
    await refuses(sampleAuthority(), { motivation }, 'RELAIS_WS4PM_OPTIONAL_ATTRIBUTE', '"motivation"');
    const gateway = creating(enabling(sampleAuthority(), PLAIN, 'motivation'));
    await gateway.create({ motivation });
    expect(gateway.item().motivation).to.equal(motivation);
  });

  it('106 toDiscuss=true needs to be enabled, toDiscuss=false does not', async () => {
    await refuses(sampleAuthority(), { toDiscuss: true }, 'RELAIS_WS4PM_OPTIONAL_ATTRIBUTE', '"toDiscuss"');
    const gateway = creating();
    await gateway.create({ toDiscuss: false });
    expect(gateway.item().toDiscuss).to.equal(false);
  });

  for (const byDefault of [true, false]) {
    const authority = withConfig(enabling(sampleAuthority(), PLAIN, 'toDiscuss'), PLAIN, { toDiscussDefault: byDefault });

    it(`107 toDiscuss=true is stored when the default is ${byDefault}`, async () => {
      const gateway = creating(authority);
      await gateway.create({ toDiscuss: true });
      expect(gateway.item().toDiscuss).to.equal(true);
    });

    it(`108 without toDiscuss, the default ${byDefault} is stored`, async () => {
      const gateway = creating(authority);
      await gateway.create();
      expect(gateway.item().toDiscuss).to.equal(byDefault);
    });
  }

  it('122 a mere creator may act for nobody, not even himself', async () => {
    await sendRefused('creator1', { inTheNameOf: 'creator2' }, 'RELAIS_WS4PM_ROLE', 'Manager', 'MeetingManager', 'inTheNameOf');
    await sendRefused('creator1', { inTheNameOf: 'creator1' }, 'RELAIS_WS4PM_ROLE', 'inTheNameOf');
  });

  it('nobody is raised to global Manager', () => sendRefused('manager', { inTheNameOf: 'admin' }, 'RELAIS_WS4PM_ROLE', 'admin'));

  it('123 who is acted for must be a creator of the organisation', () =>
    sendRefused('manager', { inTheNameOf: 'creator2', proposingGroupId: 'developers' }, 'RELAIS_WS4PM_GROUP', 'creator2', 'developers'));

  it('124 who is acted for must exist', () => sendRefused('manager', { inTheNameOf: 'nobody' }, 'RELAIS_WS4PM_USER', 'inTheNameOf', 'nobody'));

  it('125 who is acted for must have a member area', () => sendRefused('manager', { inTheNameOf: 'newcomer' }, 'RELAIS_WS4PM_AREA', 'newcomer'));

  it('127 a preferred meeting that accepts no items is refused', async () => {
    for (const preferredMeeting of [unknown, MEETINGS.closed, MEETINGS.decided]) {
      await refuses(sampleAuthority(), { preferredMeeting }, 'RELAIS_WS4PM_MEETING', preferredMeeting);
    }
  });

  it('128 a meeting that accepts items is stored as preferred, by the rights of the caller', async () => {
    const gateway = creating();
    await gateway.create({ preferredMeeting: MEETINGS.created });
    expect(gateway.item().preferredMeeting).to.equal(MEETINGS.created);
    await gateway.send('manager', { inTheNameOf: 'creator1', creationData: { title: 'T', preferredMeeting: MEETINGS.decided } });
    expect(gateway.item()).to.include({ creator: 'creator1', preferredMeeting: MEETINGS.decided });
  });

  it('128 where the system behind looks at the one for whom the item is made, that one must be allowed to choose it too', async () => {
    const gateway = creating(withConfig(sampleAuthority(), PLAIN, { meetingChosenBy: 'creator' }));
    const request = (preferredMeeting: string) => ({ inTheNameOf: 'creator1', creationData: { title: 'T', preferredMeeting } });
    await refused(gateway.send('manager', request(MEETINGS.decided)), 'RELAIS_WS4PM_MEETING', MEETINGS.decided, 'creator1');
    await gateway.send('manager', request(MEETINGS.created));
    expect(gateway.item().preferredMeeting).to.equal(MEETINGS.created);
  });

  it('129 no preferred meeting, or whatever, is none', async () => {
    const gateway = creating();
    for (const preferredMeeting of [undefined, 'whatever']) {
      await gateway.create({ preferredMeeting });
      expect(gateway.item().preferredMeeting).to.equal(null);
    }
  });

  it('130 an extraAttr with an unknown key is refused', async () => {
    for (const key of ['unknownField', '__proto__', 'constructor']) {
      await refuses(sampleAuthority(), { extraAttrs: [{ key, value: 'x' }] }, 'RELAIS_WS4PM_EXTRA_KEY', key);
    }
    await refuses(sampleAuthority(), { extraAttrs: [{ value: 'x' }] }, 'RELAIS_WS4PM_EXTRA_KEY', 'nothing');
  });

  it('131 an extraAttr of a field that is not rich text is refused', () =>
    refuses(sampleAuthority(), { extraAttrs: [{ key: 'privacy', value: 'secret' }] }, 'RELAIS_WS4PM_EXTRA_TYPE', 'privacy'));

  it('135 groupsInCharge needs to be enabled', () =>
    refuses(sampleAuthority(), { groupsInCharge: [VENDORS] }, 'RELAIS_WS4PM_OPTIONAL_ATTRIBUTE', '"groupsInCharge"'));

  it('136 groupsInCharge: wrong UIDs are listed, right ones stored in order', () => listRules('groupsInCharge'));

  it('137 associatedGroups: likewise', async () => {
    await refuses(sampleAuthority(), { associatedGroups: [VENDORS] }, 'RELAIS_WS4PM_OPTIONAL_ATTRIBUTE', '"associatedGroups"');
    await listRules('associatedGroups');
  });

  it('groups are limited to the list of the config', async () => {
    const authority = withConfig(enabling(sampleAuthority(), PLAIN, 'associatedGroups', 'groupsInCharge'), PLAIN, {
      orderedAssociatedOrganisations: [VENDORS], orderedOrganisationsInCharge: [VENDORS, RETIRED],
    });
    await refuses(authority, { associatedGroups: [DEVELOPERS] }, 'RELAIS_WS4PM_VALUES', 'associatedGroups', DEVELOPERS);
    await refuses(authority, { groupsInCharge: [RETIRED] }, 'RELAIS_WS4PM_VALUES', 'groupsInCharge', RETIRED);
  });

  it('138 optionalAdvisers are refused while advices are off', () =>
    refuses(sampleAuthority(), { optionalAdvisers: [VENDORS] }, 'RELAIS_WS4PM_ADVICES', 'optionalAdvisers'));

  it('139 an unknown adviser is listed, and so is a person who does not advise', async () => {
    for (const wrong of [unknown, `${VENDORS}__rowid__9`, `${VENDORS}__userid__creator1`, `${VENDORS}__userid__manager__userid__manager`]) {
      await refuses(withAdvices(), { optionalAdvisers: [VENDORS, wrong] }, 'RELAIS_WS4PM_VALUES', 'optionalAdvisers', `: ${wrong}.`);
    }
  });

  it('140 right advisers are stored in order', async () => {
    const gateway = creating(withAdvices());
    const optionalAdvisers = [`${DEVELOPERS}__rowid__1`, `${VENDORS}__userid__manager`, VENDORS];
    await gateway.create({ optionalAdvisers });
    expect(gateway.item().optionalAdvisers).to.deep.equal(optionalAdvisers);
  });

  it('the first failing check wins, in the order of the contract', async () => {
    const wrong = {
      inTheNameOf: 'nobody', meetingConfigId: 'nowhere', proposingGroupId: 'vendors', title: undefined, motivation: 'm',
      preferredMeeting: unknown, associatedGroups: [unknown], groupsInCharge: [unknown], optionalAdvisers: [unknown],
      extraAttrs: [{ key: 'unknownField', value: 'x' }], category: 'unknown',
    };
    const right: [string, RequestStruct, ErrorCode][] = [
      ['user', {}, 'RELAIS_WS4PM_USER'],
      ['config', { inTheNameOf: 'newcomer' }, 'RELAIS_WS4PM_CONFIG'],
      ['group', { meetingConfigId: CATEGORISED }, 'RELAIS_WS4PM_GROUP'],
      ['title', { proposingGroupId: 'developers' }, 'RELAIS_WS4PM_TITLE'],
      ['optional', { title: 'T' }, 'RELAIS_WS4PM_OPTIONAL_ATTRIBUTE'],
      ['meeting', { motivation: undefined }, 'RELAIS_WS4PM_MEETING'],
      ['associated', { preferredMeeting: undefined }, 'RELAIS_WS4PM_VALUES'],
      ['in charge', { associatedGroups: [] }, 'RELAIS_WS4PM_VALUES'],
      ['advices', { groupsInCharge: [] }, 'RELAIS_WS4PM_ADVICES'],
      ['extra', { optionalAdvisers: [] }, 'RELAIS_WS4PM_EXTRA_KEY'],
      ['area', { extraAttrs: [] }, 'RELAIS_WS4PM_AREA'],
      ['HTML', { inTheNameOf: 'creator1', description: '<b>'.repeat(300) }, 'RELAIS_WS4PM_HTML'],
      ['category', { description: undefined }, 'RELAIS_WS4PM_CATEGORY'],
    ];
    const authority = enabling(sampleAuthority(), CATEGORISED, 'associatedGroups', 'groupsInCharge');
    let request: RequestStruct = wrong;
    for (const [, correction, code] of right) {
      request = { ...request, ...correction };
      const { inTheNameOf, meetingConfigId, proposingGroupId, ...creationData } = request;
      await refused(creating(authority).send('manager', { inTheNameOf, meetingConfigId, proposingGroupId, creationData }), code);
    }
  });

  it('more markup than a text can need is refused, in one field or over all, cleaned or not', async () => {
    const markup = (count: number) => '<p>a</p>'.repeat(count / 2);
    for (const data of [{ description: markup(250_002) }, { description: '&amp;'.repeat(250_001) }, { motivation: markup(130_000), extraAttrs: [{ key: 'observations', value: markup(130_000) }] }]) {
      const gateway = creating(enabling(sampleAuthority(), PLAIN, 'motivation'));
      await refusedAll(gateway, gateway.create(data), 'RELAIS_WS4PM_HTML', '250000');
      await refusedAll(gateway, gateway.create(data, { cleanHtml: false }), 'RELAIS_WS4PM_HTML');
    }
    const gateway = creating();
    await gateway.create({ description: `<p><img src="data:image/png;base64,${'A'.repeat(4_000_000)}"></p>` });
    expect(gateway.calls).to.deep.equal(['accept']);
  });

  it('a message repeats only the beginning of what was sent', async () => {
    const gateway = creating();
    const error = await gateway.create({}, { proposingGroupId: 'x'.repeat(100_000) }).catch((reason: unknown) => reason as Error);
    expect((error as Error).message).to.have.length.below(1000);
  });
});

async function listRules(attribute: 'associatedGroups' | 'groupsInCharge'): Promise<void> {
  const authority = enabling(sampleAuthority(), PLAIN, attribute);
  await refuses(authority, { [attribute]: [VENDORS, unknown, 'developers'] }, 'RELAIS_WS4PM_VALUES', attribute, `: ${unknown}, developers.`);
  const gateway = creating(authority);
  await gateway.create({ [attribute]: [VENDORS, DEVELOPERS] });
  expect(gateway.item()[attribute === 'associatedGroups' ? 'associatedOrganisations' : 'organisationsInCharge']).to.deep.equal([VENDORS, DEVELOPERS]);
}

function withAdvices(): Authority {
  return withConfig(sampleAuthority(), PLAIN, {
    usesAdvices: true,
    selectableAdvisers: [
      { token: VENDORS, organisation: VENDORS, users: ['manager'] },
      { token: `${DEVELOPERS}__rowid__1`, organisation: DEVELOPERS, users: [] },
    ],
  });
}
