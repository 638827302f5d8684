import { expect } from 'chai';
import { Readable } from 'node:stream';
import { Refused } from '../../../src/connector-api/failures.js';
import { RelaisError } from '../../../src/errors.js';
import { readMessage } from '../../../src/soap-client/read-message.js';
import { requestBody } from '../../../src/soap-client/request-body.js';
import type { OutgoingValue } from '../../../src/soap-client/values.js';
import { described, failureOf, file, parapheur, reply, soapPartner, ws4pm, xml, type SoapPartner } from './soap-partner.js';

const folder = {
  DocumentPrincipal: file('a document'), TypeTechnique: 'Délibération', SousType: 'Auto & monodoc', DossierID: 'd-1', Visibilite: 'SERVICE',
};

describe('a SOAP request', () => {
  let partner: SoapPartner;
  beforeEach(async () => { partner = await soapPartner(xml(reply('CreerDossier', '<DossierID>d-1</DossierID>'))); });
  afterEach(() => partner.close());

  const sent = async (operation: string, values: OutgoingValue, port: 'plain' | 'mtom' = 'plain') => {
    await partner.client(port).call(operation, values).catch(() => undefined);
    return partner.seen.at(-1)!;
  };

  it('is an envelope in the order of the schema, qualified as it says, with what may be nil made so', async () => {
    const { body, headers } = await sent('CreerDossier', folder);
    expect(body.toString()).to.equal('<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
      + '<SOAP-ENV:Header/><SOAP-ENV:Body><ns1:CreerDossierRequest xmlns:ns1="http://www.adullact.org/spring-ws/iparapheur/1.0">'
      + '<ns1:TypeTechnique>Délibération</ns1:TypeTechnique><ns1:SousType>Auto &amp; monodoc</ns1:SousType><ns1:DossierID>d-1</ns1:DossierID>'
      + '<ns1:DocumentPrincipal xmlns:xmime="http://www.w3.org/2005/05/xmlmime" xmime:contentType="application/pdf">YSBkb2N1bWVudA==</ns1:DocumentPrincipal>'
      + '<ns1:VisuelPDF xsi:nil="true"/><ns1:XPathPourSignatureXML xsi:nil="true"/><ns1:MetaDataTdtACTES xsi:nil="true"/>'
      + '<ns1:AnnotationPublique xsi:nil="true"/><ns1:AnnotationPrivee xsi:nil="true"/><ns1:Visibilite>SERVICE</ns1:Visibilite>'
      + '<ns1:DateLimite xsi:nil="true"/></ns1:CreerDossierRequest></SOAP-ENV:Body></SOAP-ENV:Envelope>');
    expect(headers).to.include({ soapaction: '""', 'content-type': 'text/xml; charset=utf-8', authorization: 'Basic eA==', 'content-length': String(body.length) });
    expect(headers['transfer-encoding']).to.equal(undefined);
  });

  it('leaves children unqualified where the schema does', async () => {
    await partner.client('plain', { model: ws4pm }).call('checkIsLinked', { externalIdentifier: 'G&D' }).catch(() => undefined);
    expect(partner.seen[0]?.body.toString()).to.include('<ns1:checkIsLinkedRequest xmlns:ns1="http://ws4pm.imio.be"><externalIdentifier>G&amp;D</externalIdentifier></ns1:checkIsLinkedRequest>');
  });

  it('takes a text for a message that is one, and nothing for one that is empty', async () => {
    expect((await sent('GetListeSousTypes', 'Actes <1>')).body.toString()).to.include('>Actes &lt;1&gt;</ns1:GetListeSousTypesRequest>');
    expect((await sent('GetHistoDossier', null)).body.toString()).to.include('GetHistoDossierRequest xmlns:ns1="http://www.adullact.org/spring-ws/iparapheur/1.0" xsi:nil="true"/>');
    expect((await sent('GetListeTypes', undefined)).body.toString()).to.match(/GetListeTypesRequest[^>]*><\/ns1:GetListeTypesRequest>/);
  });

  it('writes lists, numbers and booleans by the schema', async () => {
    expect((await sent('RechercherDossiers', { NombreDossiers: 2, DossierID: ['a', 'b'] })).body.toString())
      .to.include('<ns1:NombreDossiers>2</ns1:NombreDossiers><ns1:DossierID>a</ns1:DossierID><ns1:DossierID>b</ns1:DossierID>');
    await partner.client('plain', { model: ws4pm }).call('getConfigInfos', { showCategories: false }).catch(() => undefined);
    expect(partner.seen.at(-1)?.body.toString()).to.include('<showCategories>false</showCategories>');
  });

  for (const size of [0, 1, 2, 3, 65_536, 100_001]) {
    it(`has its exact length with a file of ${size} bytes in odd pieces, on both ports`, async () => {
      const bytes = Buffer.alloc(size, 'é€x');
      const pieces = () => Readable.from([bytes.subarray(0, 1), bytes.subarray(1, 7), bytes.subarray(7)].filter(({ length }) => length > 0));
      const values = { ...folder, DocumentPrincipal: { contentType: 'application/pdf', size, open: pieces } };
      const plain = await sent('CreerDossier', values);
      expect(plain.body.toString()).to.include(`>${bytes.toString('base64')}</ns1:DocumentPrincipal>`);
      expect(plain.headers['content-length']).to.equal(String(plain.body.length));
      const mtom = await sent('CreerDossier', values, 'mtom');
      expect(mtom.headers['content-length']).to.equal(String(mtom.body.length));
      expect(mtom.body.includes(bytes)).to.equal(true);
    });
  }

  it('is multipart on the MTOM port, one part for each file', async () => {
    const values = { ...folder, DocumentsAnnexes: { DocAnnexe: [{ nom: 'plan.png', fichier: file('a plan', 'image/png'), mimetype: 'image/png', encoding: 'UTF-8' }] } };
    const { body, headers } = await sent('CreerDossier', values, 'mtom');
    const boundary = /boundary="([^"]+)"/.exec(headers['content-type'] ?? '')?.[1] ?? '';
    const root = /start="<([^>]+)>"/.exec(headers['content-type'] ?? '')?.[1] ?? '';
    expect(headers['content-type']).to.match(/^multipart\/related; type="application\/xop\+xml"; .*start-info="text\/xml"/);
    const parts = body.toString().split(`--${boundary}`);
    expect(parts).to.have.length(5);
    expect(parts[1]).to.include(`Content-ID: <${root}>`).and.include('Content-Type: application/xop+xml; charset=UTF-8; type="text/xml"').and.include('xmime:contentType="image/png"');
    const [first, second] = [...(parts[1] ?? '').matchAll(/<xop:Include xmlns:xop="http:\/\/www.w3.org\/2004\/08\/xop\/include" href="cid:([^"]+)"\/>/g)].map((match) => match[1]);
    expect(parts[2]).to.include(`Content-ID: <${first}>`).and.match(/Content-Type: application\/pdf\r\n[^]*\r\n\r\na document\r\n$/);
    expect(parts[3]).to.include(`Content-ID: <${second}>`).and.match(/Content-Type: image\/png\r\n[^]*\r\n\r\na plan\r\n$/);
    expect(parts[4]).to.equal('--\r\n');

    const { request } = parapheur.operations.get('CreerDossier')!;
    const back = await readMessage({ contentType: headers['content-type'], body: Readable.from([body]) }, new Map([[request.name, request]]), async (content) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) chunks.push(chunk);
      return described(Buffer.concat(chunks));
    });
    expect(back).to.deep.include({ element: 'CreerDossierRequest' });
    expect('value' in back && back.value).to.deep.include({
      DossierID: 'd-1', VisuelPDF: null, DocumentPrincipal: { contentType: 'application/pdf', ...described(Buffer.from('a document')) },
      DocumentsAnnexes: { DocAnnexe: [{ nom: 'plan.png', fichier: { contentType: 'image/png', ...described(Buffer.from('a plan')) }, mimetype: 'image/png', encoding: 'UTF-8' }] },
    });
  });

  it('is plain XML on the MTOM port where it has no file', async () => {
    const { headers } = await sent('GetHistoDossier', 'd-1', 'mtom');
    expect(headers['content-type']).to.equal('text/xml; charset=utf-8');
  });

  const refusals: readonly (readonly [string, string, OutgoingValue, string])[] = [
    ['a character that XML forbids', 'GetHistoDossier', 'd\u0001', 'GetHistoDossierRequest: found the character U+0001'],
    ['half of a character', 'CreerDossier', { ...folder, DossierTitre: 'x\uD83D' }, 'CreerDossierRequest/DossierTitre: found the character U+D83D'],
    ['one deep inside', 'CreerDossier', { ...folder, MetaData: { MetaDonnee: [{ nom: 'a', valeur: 'b' }, { nom: 'c', valeur: '\uFFFE' }] } }, 'CreerDossierRequest/MetaData/MetaDonnee[2]/valeur: found'],
    ['a media type with a line end', 'CreerDossier', { ...folder, DocumentPrincipal: file('x', 'a/b\r\nX: y') }, 'CreerDossierRequest/DocumentPrincipal: found the media type'],
  ];
  for (const [what, operation, values, words] of refusals) {
    it(`refuses ${what} before anything is sent, and names the element`, async () => {
      const failure = await failureOf(partner.client('mtom').call(operation, values));
      expect(failure).to.be.instanceOf(Refused);
      expect(failure.message).to.include(words);
      expect(partner.seen).to.deep.equal([]);
    });
  }

  const mistakes: readonly (readonly [string, OutgoingValue, string])[] = [
    ['CreerDossier', { ...folder, Titre: 'x' }, 'CreerDossierRequest/Titre is not declared'],
    ['CreerDossier', { ...folder, DossierID: undefined }, 'CreerDossierRequest/DossierID is required'],
    ['CreerDossier', { ...folder, DossierID: null }, 'CreerDossierRequest/DossierID must not be nil'],
    ['CreerDossier', { ...folder, DossierTitre: ['a'] }, 'CreerDossierRequest/DossierTitre is a list'],
    ['CreerDossier', { ...folder, DossierTitre: 7 }, 'CreerDossierRequest/DossierTitre is not a string'],
    ['CreerDossier', { ...folder, DocumentPrincipal: 'x' }, 'CreerDossierRequest/DocumentPrincipal is not a file'],
    ['CreerDossier', { ...folder, MetaData: 'x' }, 'CreerDossierRequest/MetaData is not a struct'],
    ['RechercherDossiers', { NombreDossiers: Number.NaN }, 'RechercherDossiersRequest/NombreDossiers is not a number'],
    ['Inconnu', {}, 'no operation "Inconnu"'],
  ];
  for (const [operation, values, words] of mistakes) {
    it(`is never sent when the caller is wrong: ${words}`, async () => {
      const failure = await failureOf(partner.client().call(operation, values));
      expect(failure).to.be.instanceOf(RelaisError).with.property('code', 'RELAIS_INTERNAL');
      expect(failure.message).to.include(words);
      expect(partner.seen).to.deep.equal([]);
    });
  }

  for (const port of ['plain', 'mtom'] as const) {
    for (const announced of [5, 100]) {
      it(`never arrives whole when a file has other than its ${announced} bytes (${port})`, async () => {
        const wrong = { contentType: 'application/pdf', size: announced, open: () => Readable.from([Buffer.from('ten bytes!')]) };
        const failure = await failureOf(partner.client(port).call('CreerDossier', { ...folder, DocumentPrincipal: wrong }));
        expect(failure).to.be.instanceOf(Refused);
        expect(failure.message).to.include(`${announced} were announced`);
        expect(partner.seen).to.deep.equal([]);
      });
    }
  }

  it('fails with what a file fails with', async () => {
    const lost = new Refused('The bytes of annex «x» are gone.');
    const broken = { contentType: 'application/pdf', size: 10, open: () => new Readable({ read() { this.destroy(lost); } }) };
    expect(await failureOf(partner.client().call('CreerDossier', { ...folder, DocumentPrincipal: broken }))).to.equal(lost);
    expect(partner.seen).to.deep.equal([]);
  });

  it('a media type that a partner gave once cannot break out of the headers of its part', async () => {
    const strange = { contentType: 'text/plain\r\nContent-ID: <other>', size: 1, open: () => Readable.from([Buffer.from('x')]) };
    const chunks: Buffer[] = [];
    for await (const chunk of requestBody(['<a>', strange, '</a>'], 'mtom').body as AsyncIterable<Buffer>) chunks.push(Buffer.from(chunk));
    expect(Buffer.concat(chunks).toString('utf8')).to.include('Content-Type: application/octet-stream\r\n').and.not.include('<other>');
  });
});
