import { createHash } from 'node:crypto';
import * as asn1js from 'asn1js';
import { expect } from 'chai';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import * as pkijs from 'pkijs';
import { checkDetachedSignature } from '../../../../src/formats/signatures/check-detached.js';
import type { SignatureReport } from '../../../../src/formats/signatures/report.js';
import { makePdf } from '../../../../src/signature-desk/make-pdf.js';
import { signDetached } from '../../../../src/signature-desk/sign-detached.js';
import { signPdf } from '../../../../src/signature-desk/sign-pdf.js';
import { makeTestSigner, type TestSigner } from '../../../../src/signature-desk/test-certificate.js';
import { handMadeReference, handMadeSignature, hasOpenssl, inPieces, jeanneDupont, openssl } from '../../../support/signatures.js';

const NOW = Date.now();
const content = Buffer.from('Le texte de la délibération, avec des fins de ligne\r\nde deux sortes\n');

describe('a signature beside a document', () => {
  let jeanne: TestSigner;
  let signature: Buffer;
  before(async () => {
    jeanne = await jeanneDupont();
    signature = await signDetached(content, jeanne, NOW);
  });

  function check(bytes: Buffer, over = content, trusted: readonly string[] = [jeanne.caPem]): Promise<SignatureReport> {
    return checkDetachedSignature(inPieces(over), bytes, { now: NOW, trusted });
  }

  it('holds in DER, in PEM and in base64', async () => {
    const base64 = signature.toString('base64').replace(/.{64}/g, '$&\n');
    for (const bytes of [signature, Buffer.from(base64), Buffer.from(`-----BEGIN PKCS7-----\n${base64}\n-----END PKCS7-----\n`)]) {
      expect(await check(bytes)).to.deep.include({ verified: true, kind: 'cms-detached', problems: [], remarks: [] });
    }
  });

  it('says who signed, and when', async () => {
    const [signer] = (await check(signature)).signers;
    expect(signer).to.include({ subject: 'CN=Jeanne Dupont,O=Ville de Bourg,C=BE', signedAt: Math.floor(NOW / 1000) * 1000 });
  });

  it('holds in a zip of several, and every one of them has to', async () => {
    const other = await signDetached(content, await makeTestSigner({ name: 'Éric', key: 'ec' }), NOW);
    const report = await check(Buffer.from(zipSync({ 'a.p7s': signature, 'b/c.p7s': other })), content, []);
    expect(report.verified).to.equal(true);
    expect(report.signers.map(({ subject }) => subject)).to.have.lengthOf(2);
    const wrong = await signDetached(Buffer.from('autre'), jeanne, NOW);
    expect((await check(Buffer.from(zipSync({ 'a.p7s': signature, 'b.p7s': wrong })))).problems.join()).to.match(/not the one that was signed/);
    expect((await check(Buffer.from(zipSync({})))).verified).to.equal(false);
    expect((await check(Buffer.from(zipSync({ 'a.p7s': signature })).subarray(0, 200))).problems.join()).to.match(/archive of signatures cannot be read/);
  });

  describe('does not hold', () => {
    const cases: readonly [string, RegExp, () => SignatureReport | Promise<SignatureReport>][] = [
      ['over another document', /not the one that was signed/, () => check(signature, Buffer.concat([content, Buffer.of(0)]))],
      ['with its attributes taken off', /no signed attributes/, () => check(rebuilt(signature, (signer) => { delete signer.signedAttrs; }))],
      ['with attributes of another signature', /value was not made/, async () => {
        const later = signerOf(await signDetached(content, jeanne, NOW + 5000));
        return check(rebuilt(signature, (signer) => { signer.signedAttrs = later.signedAttrs!; }));
      }],
      ['with another value', /value was not made/, () => check(rebuilt(signature, (signer) => { signer.signature = new asn1js.OctetString({ valueHex: new ArrayBuffer(256) }); }))],
      ['without its certificate', /not in the signature/, () => check(rebuilt(signature, (_, signed) => { signed.certificates = []; }))],
      ['without a signer', /no signer/, () => check(rebuilt(signature, (_, signed) => { signed.signerInfos = []; }))],
      ['with a weak digest', /SHA-1 is too weak/, () => check(rebuilt(signature, (signer) => { signer.digestAlgorithm = new pkijs.AlgorithmIdentifier({ algorithmId: '1.3.14.3.2.26' }); }))],
      ['with a content of its own', /content of its own/, () => check(rebuilt(signature, (_, signed) => { signed.encapContentInfo.eContent = new asn1js.OctetString({ valueHex: new Uint8Array([1]).buffer }); }))],
      ['from nobody whom we trust', /authority that is not one/, async () => check(signature, content, [(await makeTestSigner({ name: 'x', key: 'ec' })).caPem])],
      ['when it is empty', /CMS/, () => check(Buffer.alloc(0))],
      ['when it is a document', /CMS/, async () => check(await signPdf(makePdf(['x']), jeanne, { at: NOW }))],
      ['when it is enormous', /most that is read/, () => check(Buffer.alloc(9 * 2 ** 20, 0x30))],
      ['when it is nested without end', /CMS/, () => check(Buffer.alloc(2 ** 20, Buffer.from('3080', 'hex')))],
    ];
    for (const [name, problem, make] of cases) {
      it(name, async () => {
        const report = await make();
        expect(report.verified).to.equal(false);
        expect(report.problems.join('\n')).to.match(problem);
      });
    }
  });

  it('does not hold with another certificate than the one that it names', async () => {
    const twin = await makeTestSigner({ name: 'Jeanne Dupont' });
    const report = await check(rebuilt(signature, (signer, signed) => {
      const other = certificatesOf(twin.certificatePem);
      signer.sid = new pkijs.IssuerAndSerialNumber({ issuer: other.issuer, serialNumber: other.serialNumber });
      signed.certificates = [other];
    }), content, []);
    expect(report.problems.join()).to.match(/made for another certificate/);
  });

  it('never throws', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(signature.length - 1), fc.nat(255), async (at, byte) => {
      const other = Buffer.from(signature);
      other[at] = byte;
      // a byte that makes another beginning of it makes another kind
      expect(await check(other, content, [])).to.have.property('kind');
    }), { numRuns: 300 });
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => { expect((await check(Buffer.from(bytes))).verified).to.equal(false); }), { numRuns: 300 });
  });

  it('in XML (XAdES detached) holds over the file that it refers to, and over nothing else', async () => {
    const digest = createHash('sha256').update(content).digest();
    const xml = Buffer.from(handMadeSignature(handMadeReference('delib.txt', '', digest), jeanne));
    expect(await check(xml, content, [])).to.deep.include({ verified: true, kind: 'xades', problems: [] });
    expect((await check(xml, Buffer.from('x'), [])).problems.join()).to.match(/not the one that was signed/);
    const elsewhere = Buffer.from(`<signatures>${handMadeSignature(handMadeReference('#a', '', createHash('sha256').update('<a Id="a"></a>').digest()), jeanne)}<a Id="a"/></signatures>`);
    expect((await check(elsewhere, content, [])).problems.join()).to.match(/does not refer to it/);
    expect((await check(Buffer.from('<none/>'), content, [])).problems.join()).to.match(/holds no signature/);
    expect((await check(Buffer.from('<broken'), content, [])).problems.join()).to.match(/not well formed/);
  });

  describe('and openssl', () => {
    before(function () { if (!hasOpenssl()) { this.test!.title += ' (openssl is not installed)'; this.skip(); } });

    it('agree on what we sign', async () => {
      const pdf = await signPdf(makePdf(['x']), jeanne, { at: NOW });
      const [, start, end] = /ByteRange \[0 (\d+) (\d+)/.exec(pdf.toString('latin1'))!.map(Number);
      const inside = Buffer.from(/\/Contents <(3[0-9A-F]+)>/.exec(pdf.toString('latin1'))![1]!, 'hex');
      const covered = Buffer.concat([pdf.subarray(0, start), pdf.subarray(end)]);
      const verify = (name: string): string[] => ['cms', '-verify', '-cades', '-binary', '-purpose', 'any', '-inform', 'DER', '-in', `${name}.p7s`, '-content', name, '-CAfile', 'ca.pem', '-out', `${name}.out`];
      const made = openssl({ text: content, 'text.p7s': signature, pdf: covered, 'pdf.p7s': inside, 'ca.pem': jeanne.caPem }, verify('text'), verify('pdf'));
      expect(made('text.out')).to.deep.equal(content);
      expect(made('pdf.out')).to.deep.equal(covered);
    });

    it('agree on what it signs', async () => {
      const sign = (out: string, ...more: string[]): string[] => ['cms', '-sign', '-binary', '-in', 'text', '-signer', 'signer.pem', '-inkey', 'key.pem', '-certfile', 'ca.pem', '-out', out, ...more];
      const made = openssl({ text: content, 'signer.pem': jeanne.certificatePem, 'key.pem': jeanne.privateKeyPem, 'ca.pem': jeanne.caPem },
        sign('plain', '-outform', 'DER'), sign('pem', '-outform', 'PEM', '-md', 'sha512'), sign('cades', '-outform', 'DER', '-cades', '-md', 'sha384'), sign('keyid', '-outform', 'DER', '-keyid'),
        sign('pss', '-outform', 'DER', '-keyopt', 'rsa_padding_mode:pss', '-md', 'sha256'), sign('sha1', '-outform', 'DER', '-md', 'sha1'), sign('bare', '-outform', 'DER', '-noattr'));
      const now = Date.now();
      for (const name of ['plain', 'pem', 'cades', 'keyid', 'pss']) {
        const report = await checkDetachedSignature(inPieces(content), made(name), { now, trusted: [jeanne.caPem] });
        expect(report.problems, name).to.deep.equal([]);
        expect(report.verified, name).to.equal(true);
      }
      expect((await checkDetachedSignature(inPieces(content), made('sha1'), { now, trusted: [] })).problems.join()).to.match(/SHA-1/);
      expect((await checkDetachedSignature(inPieces(content), made('bare'), { now, trusted: [] })).problems.join()).to.match(/no signed attributes/);
    });
  });
});

function certificatesOf(pem: string): pkijs.Certificate {
  return pkijs.Certificate.fromBER(new Uint8Array(Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64')).buffer);
}

function signedData(bytes: Buffer): pkijs.SignedData {
  return new pkijs.SignedData({ schema: pkijs.ContentInfo.fromBER(new Uint8Array(bytes).buffer).content as asn1js.Sequence });
}

function signerOf(bytes: Buffer): pkijs.SignerInfo {
  return signedData(bytes).signerInfos[0]!;
}

function rebuilt(bytes: Buffer, change: (signer: pkijs.SignerInfo, signed: pkijs.SignedData) => void): Buffer {
  const signed = signedData(bytes);
  change(signed.signerInfos[0]!, signed);
  return Buffer.from(new pkijs.ContentInfo({ contentType: '1.2.840.113549.1.7.2', content: signed.toSchema(true) }).toSchema().toBER());
}
