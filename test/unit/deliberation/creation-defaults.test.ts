import { expect } from 'chai';
import { withCreationDefaults } from '../../../src/deliberation/create-item/creation-defaults.js';
import type { CreateItemRequest, OfferedAnnex } from '../../../src/deliberation/create-item/create-item-request.js';
import type { Authority } from '../../../src/domain/authority.js';
import type { CreationDefaults } from '../../../src/domain/source.js';
import { creating, staged } from '../../support/creating.js';
import { CATEGORISED, DEVELOPERS, PLAIN, sampleAuthority, VENDORS } from '../../support/sample-authority.js';
import { rejection } from '../../support/temp-store.js';

/** The sample authority, where the application creator1 gets this when it says nothing. */
function defaulting(creation: Partial<CreationDefaults>): Authority {
  return {
    ...sampleAuthority(),
    sources: new Map([['creator1', {
      id: 'creator1', users: new Map(), unmapped: 'same', states: new Map(), freshForMs: null, omitsEmptyTexts: false,
      creation: { category: null, annexType: null, annexTypesByExtension: new Map(), proposingGroup: null, ...creation },
    }]]),
  };
}

const annex = (filename: string | undefined, annexTypeId?: string): OfferedAnnex => ({ title: 'A file', annexTypeId, filename, file: undefined });

function request(change: Partial<CreateItemRequest> = {}, data: Partial<CreateItemRequest['creationData']> = {}): CreateItemRequest {
  return {
    meetingConfigId: CATEGORISED, proposingGroupId: undefined, cleanHtml: true, wfTransitions: [], inTheNameOf: undefined,
    creationData: {
      title: 'An item', category: undefined, description: undefined, detailedDescription: undefined, motivation: undefined, decision: undefined, preferredMeeting: undefined,
      associatedGroups: [], groupsInCharge: [], optionalAdvisers: [], toDiscuss: undefined, externalIdentifier: undefined, extraAttrs: [], annexes: [], ...data,
    },
    ...change,
  };
}

describe('what a source gets where it says nothing', () => {
  it('is put into the request; what the caller says stays', () => {
    const authority = defaulting({ category: 'development', proposingGroup: 'developers' });
    const filled = withCreationDefaults(authority, 'creator1', request());
    expect([filled.proposingGroupId, filled.creationData.category]).to.deep.equal(['developers', 'development']);
    const said = withCreationDefaults(authority, 'creator1', request({ proposingGroupId: VENDORS }, { category: 'events' }));
    expect([said.proposingGroupId, said.creationData.category]).to.deep.equal([VENDORS, 'events']);
  });

  it('leaves out a category that the meeting config has no use for', () => {
    const authority = defaulting({ category: 'development' });
    for (const meetingConfigId of [PLAIN, 'nowhere', undefined]) {
      expect(withCreationDefaults(authority, 'creator1', request({ meetingConfigId })).creationData.category, meetingConfigId).to.equal(undefined);
    }
    expect(withCreationDefaults(defaulting({ category: 'unheard-of' }), 'creator1', request()).creationData.category).to.equal(undefined);
  });

  it('types annexes by their extension, then by the type for all; a type that was given stays', () => {
    const authority = defaulting({ annexType: 'overhead-analysis', annexTypesByExtension: new Map([['pdf', 'financial-analysis']]) });
    const annexes = [annex('Budget.PDF'), annex('plan.dwg'), annex(undefined), annex('budget.pdf', 'decision-annex')];
    const filled = withCreationDefaults(authority, 'creator1', request({}, { annexes }));
    expect(filled.creationData.annexes.map(({ annexTypeId }) => annexTypeId)).to.deep.equal(['financial-analysis', 'overhead-analysis', 'overhead-analysis', 'decision-annex']);
  });

  it('is nothing for another source', () => {
    const asked = request();
    expect(withCreationDefaults(defaulting({ category: 'development' }), 'another', asked)).to.equal(asked);
  });

  it('is what createItem keeps', async () => {
    const gateway = creating(defaulting({ category: 'development', annexType: 'overhead-analysis', proposingGroup: 'developers' }));
    const annexes = [{ title: 'Plan', filename: 'plan.pdf', file: staged('%PDF-1.7\n') }];
    await gateway.send('creator1', { meetingConfigId: CATEGORISED, proposingGroupId: undefined, creationData: { title: 'An item', annexes } });
    expect(gateway.item()).to.include({ category: 'development', proposingOrganisation: DEVELOPERS });
    expect(gateway.item().annexes.map(({ typeId }) => typeId)).to.deep.equal(['overhead-analysis']);
    const another = creating();
    expect(await rejection(another.send('creator1', { proposingGroupId: undefined, creationData: { title: 'An item' } }))).to.include({ code: 'RELAIS_WS4PM_GROUP' });
  });
});
