import { expect } from 'chai';
import { OutcomeUnknown } from '../../../src/connector-api/failures.js';
import type { KeepFile, OutgoingValue } from '../../../src/soap-client/values.js';
import { described, envelope, failureOf, PH, reply, soapPartner, ws4pm, xml, type Respond, type SoapPartner } from './soap-partner.js';

const ITEM_REQUEST = { UID: 'u', showExtraInfos: true, showAnnexes: true, include_annex_binary: true, showAssembly: false, showTemplates: false, showEmptyValues: true };

describe('a SOAP reply', () => {
  const open: SoapPartner[] = [];
  afterEach(async () => { await Promise.all(open.splice(0).map((partner) => partner.close())); });

  const partnerOf = async (respond: Respond): Promise<SoapPartner> => {
    const partner = await soapPartner(respond);
    open.push(partner);
    return partner;
  };
  const answered = async (operation: string, text: string | Buffer, contentType?: string, values: OutgoingValue = 'd-1') => (await partnerOf(xml(text, contentType))).client().call(operation, values);

  const row = '<LogDossier><timestamp>2027-03-01T09:00:00.000Z</timestamp><nom>Ève</nom><status>Lu</status></LogDossier>';

  it('is read by names: structs, lists, text as it came, no member for what is absent', async () => {
    expect(await answered('GetHistoDossier', reply('GetHistoDossier', `${row}${row}<MessageRetour><codeRetour>OK</codeRetour><message/><severite> INFO\n</severite></MessageRetour>`))).to.deep.equal({
      LogDossier: [1, 2].map(() => ({ timestamp: '2027-03-01T09:00:00.000Z', nom: 'Ève', status: 'Lu' })),
      MessageRetour: { codeRetour: 'OK', message: '', severite: ' INFO\n' },
    });
  });

  it('has a list where nothing came for it', async () => {
    expect(await answered('RechercherDossiers', reply('RechercherDossiers', ''), 'text/xml', {})).to.deep.equal({ LogDossier: [] });
    expect(await answered('RechercherDossiers', envelope(`<RechercherDossiersResponse xmlns="${PH}"/>`), 'text/xml', {})).to.deep.equal({ LogDossier: [] });
  });

  it('is a text where the message is one', async () => {
    expect(await answered('echo', reply('echo', '[ws] m\'a dit: &quot;Été &amp; <![CDATA[<hiver>]]>&quot;!'))).to.equal('[ws] m\'a dit: "Été & <hiver>"!');
  });

  it('may come in any prefix, order and company', async () => {
    const odd = `<?xml version="1.0"?><!-- c --><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope"><SOAP-ENV:Header><x:a xmlns:x="urn:x"><x:Body>no</x:Body></x:a></SOAP-ENV:Header>
      <SOAP-ENV:Body Id="b"><p:ArchiverDossierResponse xmlns:p="urn:of-another-version"><autre><URL>no</URL></autre>
      <q:MessageRetour xmlns:q="urn:q"><severite>INFO</severite><!-- c --><codeRetour>O<!-- c -->K</codeRetour></q:MessageRetour>
      <URL>first</URL><URL>last</URL></p:ArchiverDossierResponse><suite/></SOAP-ENV:Body></SOAP-ENV:Envelope>`;
    expect(await answered('ArchiverDossier', odd, 'application/soap+xml', { DossierID: 'd-1' })).to.deep.equal({ URL: 'last', MessageRetour: { severite: 'INFO', codeRetour: 'OK' } });
  });

  it('tells nil from empty and absent', async () => {
    const of = (children: string) => answered('GetDossier', reply('GetDossier', children));
    expect(await of('<DateLimite xsi:nil="true"/><AnnotationPublique/>')).to.deep.equal({ DateLimite: null, AnnotationPublique: '' });
    expect(await of('<VisuelPDF xsi:nil="1"/><DocumentsAnnexes/>')).to.deep.equal({ VisuelPDF: null, DocumentsAnnexes: { DocAnnexe: [] } });
  });

  it('may be in another encoding', async () => {
    const text = reply('echo', 'été');
    expect(await answered('echo', Buffer.from(text, 'latin1'), 'text/xml; charset=ISO-8859-1')).to.equal('été');
    expect(await answered('echo', Buffer.from(`<?xml version="1.0" encoding="iso-8859-1"?>${text}`, 'latin1'), 'text/xml')).to.equal('été');
    expect(await answered('echo', Buffer.from(`\uFEFF${text}`, 'utf16le'), 'text/xml')).to.equal('été');
  });

  it('has what no schema describes as it came', async () => {
    const extra = '<extraInfos><proposingGroup xsi:type="xsd:string">abc</proposingGroup><itemIsSigned xsi:type="xsd:boolean">true</itemIsSigned><pollType xsi:nil="1"/><copyGroups><E1 xsi:type="xsd:string">a&amp;b</E1><E2>c</E2></copyGroups></extraInfos>';
    const partner = await partnerOf(xml(envelope(`<w:getItemInfosResponse xmlns:w="http://ws4pm.imio.be" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><itemInfo><UID>u</UID>${extra}<title>après</title></itemInfo></w:getItemInfosResponse>`)));
    const node = (name: string, type: string | null, text: string, children: unknown[] = [], isNil = false) => ({ name, type, isNil, text, children });
    const answer = await partner.client('plain', { model: ws4pm }).call('getItemInfos', ITEM_REQUEST);
    expect(answer).to.deep.equal({ itemInfo: [{ UID: 'u', title: 'après', annexes: [], templates: [], extraInfos: node('extraInfos', null, '', [
      node('proposingGroup', 'string', 'abc'), node('itemIsSigned', 'boolean', 'true'), node('pollType', null, '', [], true),
      node('copyGroups', null, '', [node('E1', 'string', 'a&b'), node('E2', null, 'c')]),
    ]) }] });
  });

  it('tells which file it is that has to be kept', async () => {
    const annex = (id: string, content: string) => `<annexes><id>${id}</id><title>T</title><file>${Buffer.from(content).toString('base64')}</file></annexes>`;
    const partner = await partnerOf(xml(envelope(`<w:getItemInfosResponse xmlns:w="http://ws4pm.imio.be"><itemInfo><UID>u</UID>${annex('a.pdf', 'un')}${annex('b.pdf', '')}</itemInfo></w:getItemInfosResponse>`)));
    const told: unknown[] = [];
    const keep: KeepFile = async (content, beside) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      told.push([beside, bytes.toString()]);
      return described(bytes);
    };
    await partner.client('plain', { model: ws4pm, keep }).call('getItemInfos', ITEM_REQUEST);
    expect(told).to.deep.equal([[{ id: 'a.pdf', title: 'T' }, 'un'], [{ id: 'b.pdf', title: 'T' }, '']]);
  });

  it('has numbers and booleans where the schema says', async () => {
    const partner = await partnerOf(xml(envelope('<testConnectionResponse xmlns="http://ws4pm.imio.be"><connectionState> 1 </connectionState><version>4</version></testConnectionResponse>')));
    expect(await partner.client('plain', { model: ws4pm }).call('testConnection', {})).to.deep.equal({ connectionState: true, version: '4' });
  });

  it('keeps files while it is read, wrapped or not, and says what they are', async () => {
    const bytes = Buffer.alloc(200_000, 'Le Maire\u0000ÿ');
    const wrapped = bytes.toString('base64').replace(/.{76}/g, '$&\r\n');
    const partner = await partnerOf(xml(reply('GetDossier', `<DocPrincipal xmlns:m="http://www.w3.org/2005/05/xmlmime" m:contentType="application/pdf">${wrapped}</DocPrincipal>
      <SignatureDocPrincipal> ${Buffer.from('sig').toString('base64')} </SignatureDocPrincipal><VisuelPDF contentType="application/pdf"/>`)));
    expect(await partner.client().call('GetDossier', 'd-1')).to.deep.equal({
      DocPrincipal: { contentType: 'application/pdf', ...described(bytes) },
      SignatureDocPrincipal: { contentType: null, ...described(Buffer.from('sig')) },
      VisuelPDF: { contentType: 'application/pdf', ...described(Buffer.alloc(0)) },
    });
    expect(partner.kept.map(({ length }) => length)).to.deep.equal([200_000, 3, 0]);
  });

  it('fails with what keeping fails with', async () => {
    const partner = await partnerOf(xml(reply('GetDossier', `<DocPrincipal>${Buffer.alloc(3_000_000).toString('base64')}</DocPrincipal>`)));
    for (const when of ['at once', 'on the way', 'at the end']) {
      const full = new Error(`no space ${when}`);
      const keep = async (content: AsyncIterable<Uint8Array>): Promise<never> => {
        if (when === 'at once') throw full;
        for await (const chunk of content) if (when === 'on the way' && chunk.length > 0) break;
        throw full;
      };
      expect(await failureOf(partner.client('plain', { keep }).call('GetDossier', 'd-1'))).to.equal(full);
    }
  });

  const unusable: readonly (readonly [string, string, string])[] = [
    ['another root', '<html/>', 'root element is <html>'],
    ['another answer', reply('GetHistoDossier', ''), 'Body holds <r:GetHistoDossierResponse>; <GetDossierResponse> was expected'],
    ['an empty Body', envelope(''), 'Body is empty; <GetDossierResponse>'],
    ['nothing', '', 'the document is empty'],
    ['a DOCTYPE', `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>${reply('GetDossier', '<DossierID>&e;</DossierID>')}`, 'it holds a DOCTYPE'],
    ['an entity of its own', reply('GetDossier', '<DossierID>&e;</DossierID>'), 'the entity &e;'],
    ['no XML', 'Service indisponible', 'text stands outside the root element'],
    ['a document that ends early', reply('GetDossier', '').slice(0, -20), 'the document ends inside'],
    ['a file that is no base64', reply('GetDossier', '<DocPrincipal>YWJj*</DocPrincipal>'), 'GetDossierResponse/DocPrincipal is no base64: the character "*"'],
    ['a file that is cut', reply('GetDossier', '<DocPrincipal>YWJjZ</DocPrincipal>'), 'GetDossierResponse/DocPrincipal is no base64'],
    ['markup in a text', reply('GetDossier', '<DossierID><b>x</b></DossierID>'), 'GetDossierResponse/DossierID holds the element <b>'],
    ['a part outside of a multipart message', reply('GetDossier', '<DocPrincipal><x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:a"/></DocPrincipal>'), 'refers to a part that the answer cannot have'],
    ['a text without end', reply('GetDossier', `<DossierID>${'x'.repeat(5_000_000)}</DossierID>`), 'GetDossierResponse/DossierID is longer than'],
    ['levels without end', reply('GetDossier', '<a>'.repeat(200)), 'it exceeds a limit: depth'],
  ];
  for (const [what, text, words] of unusable) {
    it(`with ${what} is an unknown outcome, in words`, async () => {
      const failure = await failureOf(answered('GetDossier', text));
      expect(failure).to.be.instanceOf(OutcomeUnknown);
      expect(failure.message).to.match(/^The answer of http:\/\/127\.0\.0\.1:\d+ cannot be used: it|^The answer/).and.include(words);
    });
  }

  it('with a boolean that is none is an unknown outcome', async () => {
    const partner = await partnerOf(xml(envelope('<testConnectionResponse xmlns="http://ws4pm.imio.be"><connectionState>oui</connectionState></testConnectionResponse>')));
    const failure = await failureOf(partner.client('plain', { model: ws4pm }).call('testConnection', {}));
    expect(failure).to.be.instanceOf(OutcomeUnknown);
    expect(failure.message).to.include('testConnectionResponse/connectionState holds "oui", which is no boolean');
  });
});
