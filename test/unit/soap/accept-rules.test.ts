import { expect } from 'chai';
import { createItem, envelope, read, refusal, request } from './read-message.js';

const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/';

/** The numbers are those of contracts/ws4pm.md §1.4. A2 belongs to the HTTP binding: soap-endpoint.test.ts. */
describe('what a request may look like', () => {
  it('A1: the first child of Body selects the operation by its local name', async () => {
    expect((await read(request('getItemInfos', '<UID>u</UID>'))).operation).to.equal('getItemInfos');
    expect((await read(request('getSingleItemInfos', '<UID>u</UID>'))).operation).to.equal('getSingleItemInfos');
  });

  it('A1: a second child of Body is refused', async () => {
    const error = await refusal(envelope('<w:testConnectionRequest/><w:testConnectionRequest/>'));
    expect(error.code).to.equal('RELAIS_SOAP_MALFORMED');
    expect(error.message).to.include('one request only');
  });

  it('A3: any XML content type, with or without charset, and none at all', async () => {
    for (const contentType of ['text/xml', 'text/xml;charset=UTF-8', 'application/xml', 'application/soap+xml; action=""', 'text/xml-SOAP', undefined]) {
      expect((await read(request('testConnection', ''), { contentType })).operation, contentType).to.equal('testConnection');
    }
  });

  it('A3: what a browser sends unasked is not taken for SOAP', async () => {
    for (const contentType of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json']) {
      const error = await refusal(request('testConnection', ''), { contentType });
      expect(error.code).to.equal('RELAIS_SOAP_MEDIA');
      expect(error.message).to.include(contentType.split(';')[0]).and.include('text/xml');
    }
  });

  it('A4: the wrapper is in the namespace of the WSDL, under any prefix or none', async () => {
    const forms = ['<x:testConnectionRequest xmlns:x="http://ws4pm.imio.be"/>', '<testConnectionRequest xmlns="http://ws4pm.imio.be"/>', '<été:testConnectionRequest xmlns:été="http://ws4pm.imio.be"/>'];
    for (const form of forms) expect((await read(envelope(form))).operation).to.equal('testConnection');
    for (const form of ['<testConnectionRequest/>', '<testConnectionRequest xmlns="http://ws4pm.imio.be/"/>', '<w:createItem/>', '']) {
      const error = await refusal(envelope(form));
      expect(error.code).to.equal('RELAIS_SOAP_OPERATION');
    }
  });

  it('A5: children without namespace, and qualified ones', async () => {
    const { request: qualified } = await read(request('searchItems', '<w:Title>a</w:Title><w:UID>b</w:UID>'));
    const { request: reset } = await read(envelope('<searchItemsRequest xmlns="http://ws4pm.imio.be"><Title xmlns="">a</Title><UID>b</UID></searchItemsRequest>'));
    expect(qualified).to.deep.equal({ Title: 'a', UID: 'b' });
    expect(reset).to.deep.equal({ Title: 'a', UID: 'b' });
  });

  it('A6: children in any order, unknown ones passed over with all below them', async () => {
    const { request: decoded } = await read(request('searchItems', '<UID>b</UID><later><Title>no</Title><x xsi:nil="true"/></later><Title>a</Title>'));
    expect(decoded).to.deep.equal({ Title: 'a', UID: 'b' });
  });

  it('A6: an unknown child still has to be well-formed', async () => {
    expect((await refusal(request('searchItems', '<later>&nbsp;</later>'))).code).to.equal('RELAIS_SOAP_MALFORMED');
    expect((await refusal(request('searchItems', '<later><a></later></a>'))).code).to.equal('RELAIS_SOAP_MALFORMED');
  });

  it('A6: the last of several wins, also when it is empty, nil or binary', async () => {
    expect((await read(request('searchItems', '<Title>a</Title><Title>b</Title>'))).request).to.deep.equal({ Title: 'b' });
    expect((await read(request('searchItems', '<Title>a</Title><Title/>'))).request).to.deep.equal({});
    expect((await read(request('searchItems', '<Title>a</Title><Title xsi:nil="1">x</Title>'))).request).to.deep.equal({});
    const { request: decoded } = await read(createItem('<annexes><title>t</title><file>QUFB</file><file>QkJC</file></annexes>'));
    expect(decoded['creationData']).to.have.nested.property('annexes[0].file', 'base64:QkJC');
  });

  it('A6: attributes, comments and processing instructions are passed over; CDATA and split text are joined', async () => {
    const { request: decoded } = await read(request('searchItems', '<Title a="1" w:b="2">a<!-- x -->b<?p i?><![CDATA[<c> & ]]]>d<![CDATA[]]>&amp;</Title>'));
    expect(decoded).to.deep.equal({ Title: 'ab<c> & ]d&' });
  });

  it('A7: text is trimmed at both ends, and only there', async () => {
    expect((await read(request('searchItems', '<Title> \n\ta  b\r\n </Title>'))).request).to.deep.equal({ Title: 'a  b' });
    expect((await read(request('searchItems', '<Title>a\r\nb\rc&#13;d</Title>'))).request).to.deep.equal({ Title: 'a\nb\nc\rd' });
  });

  const booleans: readonly (readonly [string, boolean])[] = [
    ['true', true], ['True', true], ['TRUE', true], [' 1 ', true], ['7', true], ['-1', true], ['+1', true], ['0010', true],
    ['false', false], ['FALSE', false], ['0', false], ['000', false], ['-0', false], ['\n0\n', false], ['<![CDATA[false]]>', false],
  ];
  for (const [text, value] of booleans) {
    it(`A8: the boolean ${JSON.stringify(text)} is ${value}`, async () => {
      expect((await read(request('getConfigInfos', `<showCategories>${text}</showCategories>`))).request).to.deep.equal({ showCategories: value });
    });
  }

  it('A8: other text is refused, and the message says where, what and what else', async () => {
    for (const text of ['yes', 'oui', '1.0', 'true false', '0x1', '--1']) {
      const error = await refusal(request('getConfigInfos', `<showCategories>${text}</showCategories>`));
      expect(error.code).to.equal('RELAIS_SOAP_VALUE');
      expect(error.message).to.include('getConfigInfosRequest/showCategories').and.include(`"${text}"`).and.include('true, false, 1 or 0');
    }
  });

  it('A8: the path numbers the elements of lists', async () => {
    const error = await refusal(createItem('<annexes><title>a</title></annexes><annexes><title>b</title><file>?</file></annexes>'));
    expect(error.message).to.include('createItemRequest/creationData/annexes[2]/file').and.include('"?"').and.include('base64');
  });

  it('A9: an empty boolean is the default', async () => {
    expect((await read(request('getItemInfos', '<UID>u</UID><include_annex_binary/><showAnnexes> </showAnnexes>'))).request)
      .to.include({ include_annex_binary: true, showAnnexes: false });
  });

  it('A10: what is missing is absent, the default, or an empty list', async () => {
    const { request: decoded } = await read(request('getItemInfos', ''));
    expect(decoded).to.deep.equal({
      showExtraInfos: false, showAnnexes: false, include_annex_binary: true, allowed_annexes_types: [], showAssembly: false, showTemplates: false, showEmptyValues: true,
    });
  });

  it('A11: a wrapper without children means all defaults', async () => {
    for (const form of ['<w:getConfigInfosRequest/>', '<w:getConfigInfosRequest></w:getConfigInfosRequest>', '<w:getConfigInfosRequest>\n</w:getConfigInfosRequest>', '<w:getConfigInfosRequest xsi:nil="true"/>']) {
      expect((await read(envelope(form))).request).to.deep.equal({ showCategories: false });
    }
  });

  it('A12: xsi:type is ignored, right or wrong', async () => {
    const { request: decoded } = await read(request('getConfigInfos', '<showCategories xsi:type="xsd:int">1</showCategories><userToShowCategoriesFor xsi:type="undeclared:thing">u</userToShowCategoriesFor>'));
    expect(decoded).to.deep.equal({ showCategories: true, userToShowCategoriesFor: 'u' });
  });

  it('A12: but a string said to be base64Binary is decoded, as SOAP::Lite means it', async () => {
    const accented = Buffer.from('Été à Liège').toString('base64');
    expect((await read(request('searchItems', `<Title xsi:type="xsd:base64Binary">${accented}</Title>`))).request).to.deep.equal({ Title: 'Été à Liège' });
    for (const wrong of ['Été', Buffer.from([0xe9, 0x20]).toString('base64'), Buffer.from('a\0b').toString('base64')]) {
      expect((await refusal(request('searchItems', `<Title xsi:type="xsd:base64Binary">${wrong}</Title>`))).code).to.equal('RELAIS_SOAP_VALUE');
    }
  });

  it('A13: nil is absent', async () => {
    const { request: decoded } = await read(request('getItemInfos', '<UID xsi:nil="true"/><showEmptyValues xsi:nil="1"/><allowed_annexes_types xsi:nil="true"/>'));
    expect(decoded).to.include({ showEmptyValues: true }).and.not.have.property('UID');
    expect(decoded['allowed_annexes_types']).to.deep.equal([]);
    expect((await read(createItem('<annexes xsi:nil="true"/><title xsi:nil="false">t</title>'))).request).to.have.nested.property('creationData.title', 't');
  });

  it('A14: more than ten annexes are taken', async () => {
    const { request: decoded } = await read(createItem('<annexes><title>a</title></annexes>'.repeat(25)));
    expect(decoded).to.have.nested.property('creationData.annexes').with.length(25);
  });

  it('A15: base64 with white space, line ends, references and CDATA', async () => {
    for (const text of ['QUJDREVG', ' QUJD\r\nREVG ', 'QUJD&#13;\nREVG', 'Q U J D\tREVG', '<![CDATA[QUJDREVG]]>', 'QU<!-- x -->JDRE<![CDATA[VG]]>']) {
      const { request: decoded } = await read(createItem(`<annexes><file>${text}</file></annexes>`));
      expect(decoded, text).to.have.nested.property('creationData.annexes[0].file', 'base64:QUJDREVG');
    }
  });

  it('A15: text that is not base64 is refused and named (a deliberate difference: an annex is never emptied silently)', async () => {
    for (const text of ['QUJ', 'QUJDR', 'QUI', 'QUJD!', 'QUJD=', 'QQ==QUJD', 'Q===', '====', 'QUé=', 'QU=D', '&lt;'] ) {
      const error = await refusal(createItem(`<annexes><file>${text}</file></annexes>`));
      expect(error.code, text).to.equal('RELAIS_SOAP_VALUE');
      expect(error.message, text).to.include('creationData/annexes[1]/file').and.include('expected base64');
    }
  });

  it('A16: raw markup inside text is refused', async () => {
    const error = await refusal(createItem('<description><p>text</p></description>'));
    expect(error.code).to.equal('RELAIS_SOAP_VALUE');
    expect(error.message).to.include('createItemRequest/creationData/description').and.include('<p>').and.include('CDATA');
    expect((await refusal(createItem('<annexes><file><x/></file></annexes>'))).code).to.equal('RELAIS_SOAP_VALUE');
  });

  it('A17: a header with entries, encodingStyle, and two prefixes for the envelope', async () => {
    const text = `<a:Envelope xmlns:a="${SOAP_11}" xmlns:b="${SOAP_11}" a:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">`
      + '<a:Header><t:Thing xmlns:t="urn:t" a:mustUnderstand="1"><t:Body/></t:Thing></a:Header>'
      + '<b:Body><w:testConnectionRequest xmlns:w="http://ws4pm.imio.be"><dummy/></w:testConnectionRequest></b:Body><x/></a:Envelope>';
    expect(await read(text)).to.deep.equal({ operation: 'testConnection', request: { dummy: 'dummy' } });
  });

  it('A18: a SOAP 1.2 envelope is refused as another version', async () => {
    const error = await refusal(request('testConnection', '').replace(SOAP_11, 'http://www.w3.org/2003/05/soap-envelope'));
    expect(error.code).to.equal('RELAIS_SOAP_VERSION');
    expect(error.message).to.include('http://www.w3.org/2003/05/soap-envelope').and.include(SOAP_11);
  });

  it('A19: a DOCTYPE is refused, whatever it declares', async () => {
    for (const doctype of ['<!DOCTYPE a>', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>']) {
      expect((await refusal(`<?xml version="1.0"?>${doctype}${request('testConnection', '')}`)).code).to.equal('RELAIS_SOAP_DOCTYPE');
    }
  });

  it('A20: malformed XML and envelopes that are none', async () => {
    const empty = `<s:Envelope xmlns:s="${SOAP_11}"/>`;
    for (const text of ['', ' ', 'hello', '<a/>', '{"a":1}', empty, request('testConnection', '').slice(0, -3), `${request('testConnection', '')}<a/>`]) {
      expect((await refusal(text)).code, text).to.equal('RELAIS_SOAP_MALFORMED');
    }
    const twice = envelope('</s:Body><s:Body><w:testConnectionRequest/>');
    expect((await refusal(twice)).message).to.include('two Body');
  });

  it('A21: an empty optional element is absent, text or struct, single or list', async () => {
    const { request: decoded } = await read(createItem('<category></category><preferredMeeting/><associatedGroups/><associatedGroups>a</associatedGroups><annexes/><extraAttrs> </extraAttrs><toDiscuss/>'));
    expect(decoded['creationData']).to.deep.equal({ associatedGroups: ['a'], groupsInCharge: [], optionalAdvisers: [], extraAttrs: [], annexes: [] });
    const { request: childless } = await read(createItem(''));
    expect(childless).to.have.nested.property('creationData.annexes').that.deep.equals([]);
  });

  it('A21: an empty annex file is an empty blob, a missing one none', async () => {
    const { request: decoded } = await read(createItem('<annexes><title>a</title><file/></annexes><annexes><title>b</title></annexes><annexes><title>c</title><file xsi:nil="true"/></annexes>'));
    expect(decoded).to.have.nested.property('creationData.annexes').that.deep.equals([{ title: 'a', file: 'base64:' }, { title: 'b' }, { title: 'c' }]);
  });
});
