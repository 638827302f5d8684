import { expect } from 'chai';
import type { ReplyStruct, RequestStruct } from '../../../src/soap/service.js';
import { meetingsAcceptingItemsOperation } from '../../../src/ws4pm/meetings-accepting-items.js';
import { all, call, readingContext, refused } from '../../support/reading.js';
import { MEETINGS, NOW, PLAIN, sampleAuthority, VENDORS, withConfig } from '../../support/sample-authority.js';

const day = 24 * 3_600_000;
const ask = (userId: string, request: RequestStruct = {}, authority = sampleAuthority()) =>
  call(meetingsAcceptingItemsOperation(readingContext({ authority })), userId, { meetingConfigId: PLAIN, ...request });

async function uids(answer: Promise<ReplyStruct>): Promise<unknown[]> {
  return (await all((await answer)['meetingInfo'])).map((meeting) => meeting['UID']);
}

describe('ws4pm meetingsAcceptingItems', () => {
  it('31 a missing or unknown config is refused', async () => {
    await refused(ask('manager', { meetingConfigId: undefined }), 'RELAIS_WS4PM_CONFIG', 'meetingConfigId');
    await refused(ask('manager', { meetingConfigId: 'nowhere' }), 'RELAIS_WS4PM_CONFIG', 'nowhere');
  });

  it('32 a manager gets a created and a decided meeting, and none that is closed', async () => {
    const found = await uids(ask('manager'));
    expect(found).to.include.members([MEETINGS.created, MEETINGS.decided]);
    expect(found).to.not.include(MEETINGS.closed);
  });

  it('33 they come by date, with their UIDs and dates', async () => {
    expect((await ask('manager'))['meetingInfo']).to.deep.equal([
      { UID: MEETINGS.past, date: new Date(NOW - 14 * day) },
      { UID: MEETINGS.decided, date: new Date(NOW + 7 * day) },
      { UID: MEETINGS.created, date: new Date(NOW + 14 * day) },
      { UID: MEETINGS.frozen, date: new Date(NOW + 21 * day) },
    ]);
  });

  it('34 in the name of creator1 the decided meeting is left out', async () => {
    const expected = [MEETINGS.past, MEETINGS.created, MEETINGS.frozen];
    expect(await uids(ask('manager', { inTheNameOf: 'creator1' }))).to.deep.equal(expected);
    expect(await uids(ask('creator1'))).to.deep.equal(expected);
  });

  it('checks whose rights before the config', async () => {
    await refused(ask('creator1', { inTheNameOf: 'creator1', meetingConfigId: 'nowhere' }), 'RELAIS_WS4PM_ROLE');
    await refused(ask('manager', { inTheNameOf: 'nobody', meetingConfigId: 'nowhere' }), 'RELAIS_WS4PM_USER', 'nobody');
  });

  it('leaves out meetings that the user may not see', async () => {
    const reserved = withConfig(sampleAuthority(), PLAIN, { usingOrganisations: [VENDORS.replaceAll('e', '9')] });
    expect(await uids(ask('reviewer2', {}, reserved))).to.deep.equal([]);
    expect(await uids(ask('reviewer2'))).to.have.length(3);
  });
});
