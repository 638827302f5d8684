import { expect } from 'chai';
import { ws4pmOperations } from '../../../src/ws4pm/operations.js';
import { readingContext } from '../../support/reading.js';
import { wsdlMistakes } from '../../support/wsdl-mistakes.js';
import { wsdlChildren } from '../../support/wsdl-types.js';

/** `name type occurs (default)` of each child, in order. */
function shape(name: string): string[] {
  return wsdlChildren(name).map((child) => `${child.name} ${child.type} ${child.occurs}${child.default === undefined ? '' : ` (${child.default})`}`);
}

describe('ws4pm: requests of the WSDL (contracts/ws4pm.md §2.1)', () => {
  it('12 getConfigInfos: showCategories is false by default, nothing else is required', () => {
    expect(shape('ConfigInfosRequest')).to.deep.equal(['showCategories boolean 1..1 (0)', 'userToShowCategoriesFor string 0..1']);
  });

  for (const request of ['ItemInfosRequest', 'SingleItemInfosRequest']) {
    it(`35 ${request}: UID, six flags with their defaults, then what is optional`, () => {
      expect(shape(request)).to.deep.equal([
        'UID string 1..1',
        'showExtraInfos boolean 1..1 (0)',
        'showAnnexes boolean 1..1 (0)',
        'include_annex_binary boolean 1..1 (1)',
        'allowed_annexes_types List 0..unbounded',
        'showAssembly boolean 1..1 (0)',
        'showTemplates boolean 1..1 (0)',
        'showEmptyValues boolean 1..1 (1)',
        'inTheNameOf string 0..1',
      ]);
    });
  }

  it('80 searchItems: every criterion is optional, in this order; the old name of meeting_uid comes last', () => {
    const names = [
      'Creator', 'Description', 'SearchableText', 'Title', 'UID', 'getCategory', 'getDecision', 'getProposingGroup', 'portal_type',
      'review_state', 'meeting_uid', 'meetingConfigId', 'externalIdentifier', 'inTheNameOf', 'linkedMeetingUID',
    ];
    expect(shape('SearchItemsRequest')).to.deep.equal(names.map((name) => `${name} string 0..1`));
  });
});

describe('ws4pm: replies held against the WSDL', () => {
  const replying = (content: string, operation = 'testConnection') => wsdlMistakes(operation,
    `<SOAP-ENV:Envelope><SOAP-ENV:Header/><SOAP-ENV:Body><n:${operation}Response xmlns:n="http://ws4pm.imio.be">${content}</n:${operation}Response></SOAP-ENV:Body></SOAP-ENV:Envelope>`);

  it('the check finds nothing in a valid reply', () => {
    expect(replying('<connectionState>true</connectionState><version>1</version>')).to.deep.equal([]);
  });

  it('the check finds each kind of mistake', () => {
    const name = 'testConnectionResponse';
    expect(replying('<connectionState>true</connectionState>')).to.deep.equal([`${name}/version: missing`]);
    expect(replying('<version>1</version><connectionState>1</connectionState>')).to.deep.equal([`${name}: not in the order of the schema`, `${name}/connectionState: 1 is no boolean`]);
    expect(replying('<connectionState>true</connectionState><version>1</version><version>2</version><x/>')).to.deep.equal(
      [`${name}/x: not declared`, `${name}/version: more than one`]);
    expect(replying('<n:isLinked>true</n:isLinked>', 'checkIsLinked')).to.deep.equal(['checkIsLinkedResponse/n:isLinked: not declared', 'checkIsLinkedResponse/isLinked: missing']);
    expect(replying('<isLinked xmlns="">true</isLinked>', 'checkIsLinked')).to.deep.equal(['checkIsLinkedResponse/isLinked: attribute xmlns']);
    expect(replying('<meetingInfo><UID>1</UID><date>1950-01-01</date></meetingInfo>', 'meetingsAcceptingItems')).to.deep.equal(['meetingsAcceptingItemsResponse/meetingInfo/date: 1950-01-01 is no dateTime']);
    expect(wsdlMistakes('createItem', '<html/>')).to.deep.equal(['the envelope is not one']);
  });
});

describe('ws4pm: operations', () => {
  it('are the ten of the WSDL, each under its own name', () => {
    const operations = ws4pmOperations(readingContext());
    expect([...operations.keys()]).to.have.members([
      'testConnection', 'checkIsLinked', 'getConfigInfos', 'getUserInfos', 'getItemInfos', 'getSingleItemInfos', 'getItemTemplate',
      'searchItems', 'meetingsAcceptingItems', 'createItem',
    ]);
    for (const [name, operation] of operations) expect(operation.name).to.equal(name);
  });
});
