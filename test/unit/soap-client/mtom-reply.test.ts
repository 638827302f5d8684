import { expect } from 'chai';
import { OutcomeUnknown } from '../../../src/connector-api/failures.js';
import { described, failureOf, reply, soapPartner, xml, type Respond, type SoapPartner } from './soap-partner.js';

const BOUNDARY = 'uuid:0a-1b';
const TYPE = `multipart/related; type="application/xop+xml"; start="<root@x>"; boundary="${BOUNDARY}"; start-info="text/xml"`;

const include = (cid: string) => `<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:${cid}"/>`;
const part = (id: string, body: string | Buffer, type = 'application/octet-stream', headers = '') => Buffer.concat([
  Buffer.from(`\r\n--${BOUNDARY}\r\nContent-Type: ${type}\r\nContent-ID: <${id}>\r\n${headers}\r\n`), Buffer.from(body),
]);
const rootPart = (children: string) => part('root@x', reply('GetDossier', children), 'application/xop+xml; charset=utf-8; type="text/xml"', 'Content-Transfer-Encoding: binary\r\n');
const whole = (...parts: readonly Buffer[]) => Buffer.concat([...parts, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);

describe('an MTOM reply', () => {
  const open: SoapPartner[] = [];
  afterEach(async () => { await Promise.all(open.splice(0).map((partner) => partner.close())); });

  const partnerOf = async (respond: Respond): Promise<SoapPartner> => {
    const partner = await soapPartner(respond);
    open.push(partner);
    return partner;
  };
  const answered = async (body: Buffer, type = TYPE) => (await partnerOf(xml(body, type))).client('mtom').call('GetDossier', 'd-1');

  const pdf = Buffer.concat([Buffer.from('%PDF-1.7\r\n--uuid:0a-1\r\n'), Buffer.alloc(150_000, '\r\n--uuid:0a-1')]);
  const slip = Buffer.from('%PDF-slip');

  it('has its files in the parts that it refers to, whatever they hold', async () => {
    const partner = await partnerOf(xml(whole(rootPart(`<DossierID>d-1</DossierID><DocPrincipal xmlns:m="http://www.w3.org/2005/05/xmlmime" m:contentType="application/pdf">\n${include('doc%40x')}\n</DocPrincipal>`
      + `<SignatureDocPrincipal>${include('sig@x')}</SignatureDocPrincipal>`), part('doc@x', pdf), part('unknown@x', 'nobody asks'), part('sig@x', slip, 'application/pkcs7-signature')), TYPE));
    expect(await partner.client('mtom').call('GetDossier', 'd-1')).to.deep.equal({
      DossierID: 'd-1', DocPrincipal: { contentType: 'application/pdf', ...described(pdf) },
      SignatureDocPrincipal: { contentType: 'application/pkcs7-signature', ...described(slip) },
    });
    expect(partner.kept).to.deep.equal([pdf, slip]);
  });

  it('may have a part before the envelope that refers to it', async () => {
    expect(await answered(whole(part('doc@x', pdf, 'application/pdf'), rootPart(`<DocPrincipal>${include('doc@x')}</DocPrincipal>`))))
      .to.deep.equal({ DocPrincipal: { contentType: 'application/pdf', ...described(pdf) } });
  });

  it('may have no part but the envelope, and files in it as base64', async () => {
    expect(await answered(whole(rootPart('<DossierID>d-1</DossierID><DocPrincipal>YWJj</DocPrincipal>'))))
      .to.deep.equal({ DossierID: 'd-1', DocPrincipal: { contentType: null, ...described(Buffer.from('abc')) } });
  });

  it('may refer to one part twice, and to an empty one', async () => {
    const file = { contentType: 'application/pdf', ...described(Buffer.alloc(0)) };
    expect(await answered(whole(rootPart(`<DocPrincipal>${include('e@x')}</DocPrincipal><FichierPES>${include('e@x')}</FichierPES>`), part('e@x', '', 'application/pdf'))))
      .to.deep.equal({ DocPrincipal: file, FichierPES: file });
  });

  for (const type of [
    `multipart/related;boundary=${BOUNDARY};type="application/xop+xml"`,
    `Multipart/Related; Boundary="${BOUNDARY}"; Type="application/xop+xml"; start="<root@x>"`,
  ]) {
    it(`is read with the content type ${type}`, async () => {
      expect(await answered(whole(rootPart('<DossierID>d-1</DossierID>')), type)).to.deep.equal({ DossierID: 'd-1' });
    });
  }

  it('has a boundary that begins with dashes', async () => {
    const body = Buffer.from(whole(rootPart('<DossierID>d-1</DossierID>')).toString('latin1').replaceAll('--uuid:', '----uuid:'), 'latin1');
    expect(await answered(body, 'multipart/related; type="application/xop+xml"; boundary="--uuid:0a-1b"')).to.deep.equal({ DossierID: 'd-1' });
  });

  const good = whole(rootPart(`<DocPrincipal>${include('doc@x')}</DocPrincipal>`), part('doc@x', pdf));
  const unusable: readonly (readonly [string, Buffer, string, string])[] = [
    ['a part that did not come', whole(rootPart(`<DocPrincipal>${include('doc@x')}</DocPrincipal>`), part('other@x', 'x')), TYPE, 'it refers to the part «cid:doc@x», which did not come'],
    ['a body that ends within a file', good.subarray(0, -40_000), TYPE, 'no closing boundary'],
    ['a body that ends within the envelope', good.subarray(0, 300), TYPE, 'no closing boundary'],
    ['no envelope', whole(part('doc@x', pdf)), TYPE, 'it has no part that is the envelope'],
    ['another boundary', good, TYPE.replace('0a', '0b'), 'no closing boundary'],
    ['no boundary', good, 'multipart/related', 'the boundary of the multipart message is missing'],
    ['a part encoded for mail', whole(rootPart(`<DocPrincipal>${include('doc@x')}</DocPrincipal>`), part('doc@x', 'YWJj', 'a/b', 'Content-Transfer-Encoding: base64\r\n')), TYPE, 'Content-Transfer-Encoding "base64"'],
    ['a reference to somewhere else', whole(rootPart('<DocPrincipal><i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="http://127.0.0.1/x"/></DocPrincipal>')), TYPE, 'refers to a part that the answer cannot have'],
    ['text beside a reference', whole(rootPart(`<DocPrincipal>${include('doc@x')}YWJj</DocPrincipal>`), part('doc@x', 'x')), TYPE, 'GetDossierResponse/DocPrincipal holds text beside xop:Include'],
    ['a reference beside text', whole(rootPart(`<DocPrincipal>YWJj${include('doc@x')}</DocPrincipal>`), part('doc@x', 'x')), TYPE, 'GetDossierResponse/DocPrincipal holds xop:Include beside other content'],
  ];
  for (const [what, body, type, words] of unusable) {
    it(`with ${what} is an unknown outcome, in words`, async () => {
      const failure = await failureOf(answered(body, type));
      expect(failure).to.be.instanceOf(OutcomeUnknown);
      expect(failure.message).to.include(words);
    });
  }

  it('does not keep a file whose message was cut', async () => {
    const partner = await partnerOf(xml(good.subarray(0, -40_000), TYPE));
    await failureOf(partner.client('mtom').call('GetDossier', 'd-1'));
    expect(partner.kept).to.deep.equal([]);
  });
});
