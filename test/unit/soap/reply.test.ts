import { expect } from 'chai';
import { XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';
import type { RelaisError } from '../../../src/errors.js';
import { encodeReply } from '../../../src/soap/reply-encoder.js';
import { AnyContent, type ReplyStruct, type ReplyValue } from '../../../src/soap/service.js';
import { XmlTokenizer } from '../../../src/xml/xml-tokenizer.js';
import { model, roomy } from './read-message.js';

function encode(operation: string, reply: ReplyStruct): string {
  const pieces = encodeReply(model.operations.get(`${operation}Request`)!, model.targetNamespace, reply);
  expect(pieces).to.have.length(1);
  return pieces[0] as string;
}

function failureOf(operation: string, reply: ReplyStruct): RelaisError {
  try {
    encodeReply(model.operations.get(`${operation}Request`)!, model.targetNamespace, reply);
  } catch (error) {
    return error as RelaisError;
  }
  throw new Error('it was encoded');
}

function expectWellFormed(text: string): void {
  const nothing = () => undefined;
  const tokenizer = new XmlTokenizer({ wants: 'nothing', open: nothing, text: nothing, bytes: nothing, close: nothing }, roomy);
  tokenizer.push(Buffer.from(text));
  tokenizer.end();
}

const item = {
  UID: 'u', id: 'i', title: 't', creator: 'c', preferred_meeting_date: new Date('1950-01-01T00:00:00.006Z'), review_state: 'itemcreated',
  meeting_date: new Date(Date.UTC(2026, 2, 3, 9, 15, 7, 999)), absolute_url: 'http://x/i',
};

/** The numbers are those of contracts/ws4pm.md §1.5. E8 and E12 belong to the HTTP binding: soap-endpoint.test.ts. */
describe('replies', () => {
  it('E1, E7: the wrapper qualified by a prefix, children in no namespace, SOAP-ENV, no declaration', () => {
    expect(encode('testConnection', { connectionState: true, version: '1.0' })).to.equal(
      '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><SOAP-ENV:Header/><SOAP-ENV:Body>'
      + '<ns1:testConnectionResponse xmlns:ns1="http://ws4pm.imio.be"><connectionState>true</connectionState><version>1.0</version></ns1:testConnectionResponse>'
      + '</SOAP-ENV:Body></SOAP-ENV:Envelope>');
  });

  it('E2: schema order, whatever the order of the members', () => {
    const mixed = Object.fromEntries(Object.entries({ ...item, description: 'd', category: 'k' }).reverse());
    const names = [...encode('searchItems', { itemInfo: [mixed] }).matchAll(/<([a-zA-Z_]+)>/g)].map((match) => match[1]);
    expect(names).to.deep.equal(['itemInfo', 'UID', 'id', 'title', 'creator', 'category', 'description', 'preferred_meeting_date', 'review_state', 'meeting_date', 'absolute_url']);
  });

  it('E3: a member that the WSDL lacks is a programming error', () => {
    expect(failureOf('testConnection', { connectionState: true, version: '1', more: 'x' })).to.include({ code: 'RELAIS_INTERNAL', blame: 'server' });
    expect(failureOf('searchItems', { itemInfo: [{ ...item, isLinked: true }] }).message).to.include('itemInfo/isLinked');
  });

  it('E4: a required member that is missing is a programming error', () => {
    expect(failureOf('testConnection', { connectionState: true }).message).to.include('version').and.include('required');
    expect(failureOf('searchItems', { itemInfo: [{ ...item, meeting_date: undefined }] }).message).to.include('itemInfo/meeting_date');
  });

  it('E5: an empty string is an empty element, undefined none', () => {
    const text = encode('searchItems', { itemInfo: [{ ...item, decision: '', category: undefined }] });
    expect(text).to.include('<decision></decision>').and.not.include('category');
  });

  it('E9: booleans are true and false', () => {
    expect(encode('checkIsLinked', { isLinked: false })).to.include('<isLinked>false</isLinked>');
  });

  it('E11: an empty list is an empty wrapper', () => {
    expect(encode('searchItems', { itemInfo: [] })).to.include('<ns1:searchItemsResponse xmlns:ns1="http://ws4pm.imio.be"></ns1:searchItemsResponse>');
    expect(encode('searchItems', {})).to.include('"></ns1:searchItemsResponse>');
  });

  it('dates are UTC, to the second, with Z', () => {
    expect(encode('searchItems', { itemInfo: [item] })).to.include('<meeting_date>2026-03-03T09:15:07Z<').and.include('<preferred_meeting_date>1950-01-01T00:00:00Z<');
    expect(failureOf('searchItems', { itemInfo: [{ ...item, meeting_date: new Date(NaN) }] }).message).to.include('meeting_date');
    expect(failureOf('searchItems', { itemInfo: [{ ...item, meeting_date: new Date(8.64e15) }] }).message).to.include('meeting_date');
  });

  it('extraInfos: unqualified children without xsi:type, lists as elements, null as nil', () => {
    const extraInfos = new AnyContent({ category_title: 'Travaux & voirie', toDiscuss: true, itemNumber: 3, itemTags: ['a', '<b>'], none: null, empty: [] });
    const text = encode('searchItems', { itemInfo: [{ ...item, extraInfos }] });
    expect(text).to.include('<extraInfos><category_title>Travaux &amp; voirie</category_title><toDiscuss>true</toDiscuss><itemNumber>3</itemNumber>'
      + '<itemTags><element>a</element><element>&lt;b&gt;</element></itemTags><none xsi:nil="true"/><empty></empty></extraInfos>');
    expect(failureOf('searchItems', { itemInfo: [{ ...item, extraInfos: new AnyContent({ 'a b': '' }) }] }).message).to.include('"a b"');
  });

  it('a value of the wrong kind is a programming error, never written somehow', () => {
    const wrong: readonly ReplyStruct[] = [
      { connectionState: 'true', version: '1' }, { connectionState: true, version: 1 }, { connectionState: true, version: ['1'] },
      { connectionState: true, version: { a: 'b' } }, { connectionState: new Date(), version: '1' },
    ];
    for (const reply of wrong) expect(failureOf('testConnection', reply).code).to.equal('RELAIS_INTERNAL');
    for (const value of ['x', true, new Date(), [['x']], [new AnyContent({})]] as ReplyValue[]) {
      expect(failureOf('searchItems', { itemInfo: value }).code).to.equal('RELAIS_INTERNAL');
    }
    expect(failureOf('getItemTemplate', { file: 'text' }).code).to.equal('RELAIS_INTERNAL');
  });

  it('any text stays what it is, but for what XML forbids', () => {
    const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false, trimValues: false, htmlEntities: true });
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (value) => {
      const text = encode('testConnection', { connectionState: true, version: `x${value}` });
      expectWellFormed(text);
      const parsed = parser.parse(text) as { Envelope: { Body: { testConnectionResponse: { version: string } } } };
      // eslint-disable-next-line no-control-regex -- control characters are what it is about
      const expected = `x${value}`.replace(/[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|[\uD800-\uDFFF]/gu, '\uFFFD');
      expect(parsed.Envelope.Body.testConnectionResponse.version).to.equal(expected);
    }), { numRuns: 500 });
  });

  it('characters that XML forbids become U+FFFD', () => {
    expect(encode('testConnection', { connectionState: true, version: 'a\0b\u001Bc\uFFFEd\uD800e😀\r' })).to.include('<version>a\uFFFDb\uFFFDc\uFFFDd\uFFFDe😀&#13;</version>');
  });
});
