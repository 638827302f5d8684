import { createHash, X509Certificate } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { checkPdfSignatures } from '../../../../src/formats/signatures/check-pdf.js';
import type { SignatureReport } from '../../../../src/formats/signatures/report.js';
import { makePdf as makePdfOfBlocks } from '../../../../src/documents/make-pdf.js';
import { makePdf } from '../../../../src/signature-desk/make-pdf.js';
import { signCms } from '../../../../src/signature-desk/sign-cms.js';
import { signPdf } from '../../../../src/signature-desk/sign-pdf.js';
import { makeTestSigner, type TestSigner } from '../../../../src/signature-desk/test-certificate.js';
import { pdfWithStreams } from '../../../support/pdf-with-streams.js';
import { inPieces, jeanneDupont, sentAs } from '../../../support/signatures.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const YEAR = 365 * 86_400_000;
const sent = makePdf(['Délibération n° 12', 'Le conseil décide (à l’unanimité)']);

describe('signatures of a PDF', () => {
  let jeanne: TestSigner;
  let signed: Buffer;
  before(async () => {
    jeanne = await jeanneDupont();
    signed = await signPdf(sent, jeanne, { reason: 'Bon pour accord', at: NOW });
  });

  function check(pdf: Buffer, trusted: readonly string[] = [jeanne.caPem], now = NOW): Promise<SignatureReport> {
    return checkPdfSignatures(inPieces(pdf), sentAs(sent), { now, trusted });
  }

  it('holds, over a document that is the one that was sent', async () => {
    const report = await check(signed);
    expect(report).to.deep.include({ verified: true, kind: 'pades', problems: [], remarks: [] });
    const { validFrom, serialNumber } = new X509Certificate(jeanne.certificatePem);
    expect(report.signers).to.have.lengthOf(1);
    expect(report.signers[0]).to.include({ subject: 'CN=Jeanne Dupont,O=Ville de Bourg,C=BE', serial: serialNumber, notBefore: Date.parse(validFrom), signedAt: NOW });
  });

  it('holds when several sign one after the other, with keys of two kinds', async () => {
    const mayor = await makeTestSigner({ name: 'Éric, le maire', key: 'ec' });
    const report = await check(await signPdf(signed, mayor, { at: NOW + 1000 }), [jeanne.caPem, mayor.caPem], NOW + 2000);
    expect(report).to.deep.include({ verified: true, problems: [], remarks: [] });
    expect(report.signers.map(({ subject }) => subject)).to.deep.equal(['CN=Jeanne Dupont,O=Ville de Bourg,C=BE', 'CN=Éric\\, le maire,O=Relais rehearsals,C=BE']);
  });

  it('holds in documents that other programs write, with cross-reference tables and with streams', async () => {
    const blocks: Buffer[] = [];
    for await (const chunk of await makePdfOfBlocks([], { title: 'Un document' })) blocks.push(chunk as Buffer);
    for (const pdf of [Buffer.concat(blocks), pdfWithStreams()]) {
      const once = await signPdf(pdf, jeanne, { at: NOW });
      const twice = await signPdf(once, jeanne, { at: NOW });
      const report = await checkPdfSignatures(inPieces(twice, 1000), sentAs(pdf), { now: NOW, trusted: [jeanne.caPem] });
      expect(report).to.deep.include({ verified: true, problems: [], remarks: [] });
      expect(report.signers).to.have.lengthOf(2);
    }
  });

  it('remarks that the document is not the one that was sent', async () => {
    const other = await signPdf(makePdf(['Une autre délibération']), jeanne, { at: NOW });
    const report = await check(other);
    expect(report.verified).to.equal(true);
    expect(report.remarks.join()).to.match(/differs from the one that was sent/);
  });

  it('remarks that no authority is configured, and that a certificate has expired since', async () => {
    const report = await check(signed, [], NOW + 20 * YEAR);
    expect(report.verified).to.equal(true);
    expect(report.remarks).to.have.lengthOf(2);
    expect(report.remarks.join()).to.match(/has expired since.*not checked: none is configured/s);
  });

  describe('does not hold', () => {
    const cases: readonly [string, RegExp, () => Buffer | Promise<Buffer>][] = [
      ['a byte of the document is changed', /not the one that was signed/, () => changed(signed, 'unanimit', 'minorite')],
      ['a byte of the dictionary is changed', /not the one that was signed/, () => changed(signed, 'Adobe.PPKLite', 'Adobe.PPKlite')],
      ['bytes are added after it', /13 bytes were added after/, () => Buffer.concat([signed, Buffer.from('% one comment')])],
      ['the document is changed by an update after it', /bytes were added after/, () => withUpdate(signed)],
      ['the end is cut off', /covers more than there is/, () => signed.subarray(0, -1)],
      ['it leaves out more than its contents', /leaves out more/, () => changed(signed, /ByteRange \[0 (\d+) (\d+) (\d+)\]/, (_, first: string, second: string, length: string) => `ByteRange [0 ${first} ${Number(second) + 1} ${Number(length) - 1}]`)],
      ['it does not start at the start', /start of the document/, () => changed(signed, '/ByteRange [0', '/ByteRange [1')],
      ['the dictionary has two ranges', /in two spans/, () => changed(signed, '/Reason <', '/ByteRange [0 1 2 3] /Reason <')],
      ['its contents are those of another document', /not the one that was signed/, async () => withContents(signed, contentsOf(await signPdf(makePdf(['Autre']), jeanne, { at: NOW })))],
      ['its contents hold more', /hold more than the signature/, () => changed(signed, /00>/, '01>')],
      ['its contents are no signature', /CMS/, () => withContents(signed, Buffer.from('3003020101', 'hex'))],
      ['it is of an old kind', /kind that is not taken: «adbe.x509.rsa_sha1»/, () => changed(signed, 'ETSI.CAdES.detached', 'adbe.x509.rsa_sha1 ')],
      ['there is none', /has no signature/, () => sent],
      ['it is no PDF', /not a PDF/, () => Buffer.from('hello')],
    ];
    for (const [name, problem, make] of cases) {
      it(name, async () => {
        const report = await check(await make());
        expect(report.verified).to.equal(false);
        expect(report.problems.join('\n')).to.match(problem);
      });
    }

    it('its certificate is not below an authority that is configured', async () => {
      const report = await check(signed, [(await makeTestSigner({ name: 'Someone else', key: 'ec' })).caPem]);
      expect(report.problems.join()).to.match(/authority that is not one of those configured: CN=Test authority/);
    });

    it('its certificate had expired, or was not yet valid, when it was made', async () => {
      const late = await makeTestSigner({ name: 'Late', key: 'ec', notBefore: NOW - 2 * YEAR, notAfter: NOW - YEAR });
      const early = await makeTestSigner({ name: 'Early', key: 'ec', notBefore: NOW + YEAR, notAfter: NOW + 2 * YEAR });
      expect((await check(await signPdf(sent, late, { at: NOW }), [])).problems.join()).to.match(/had expired/);
      expect((await check(await signPdf(sent, early, { at: NOW }), [])).problems.join()).to.match(/not yet valid/);
      expect((await check(await signPdf(sent, jeanne, { at: NOW + YEAR }))).problems.join()).to.match(/signed in the future/);
    });
  });

  it('an earlier signature does not hold when what it covers is changed, though a later one covers the change', async () => {
    const report = await check(await signPdf(changed(signed, 'unanimit', 'minorite'), jeanne, { at: NOW }));
    expect(report.verified).to.equal(false);
    expect(report.problems).to.have.lengthOf(1);
  });

  it('is not taken from a file that is attached to the document', async () => {
    const carrying = await signPdf(withAttachment(sent, signed), jeanne, { at: NOW });
    const report = await checkPdfSignatures(inPieces(carrying), null, { now: NOW, trusted: [jeanne.caPem] });
    expect(report).to.deep.include({ verified: true, problems: [] });
    expect(report.signers).to.have.lengthOf(1);
  });

  it('takes 150 MiB at constant memory', async function () {
    this.timeout(60_000);
    const large = largeSignedPdf(150 * 2 ** 20, jeanne);
    let peak = 0;
    const start = process.memoryUsage().arrayBuffers;
    const open = (): Readable => Readable.from((function* () {
      for (const chunk of large.chunks()) { peak = Math.max(peak, process.memoryUsage().arrayBuffers - start); yield chunk; }
    })());
    const report = await checkPdfSignatures({ open, size: large.size }, null, { now: NOW, trusted: [jeanne.caPem] });
    expect(report.problems).to.deep.equal([]);
    expect(report.verified).to.equal(true);
    expect(peak).to.be.lessThan(32 * 2 ** 20);
  });

  it('is said in few words of a hostile file, soon', async () => {
    const many = Buffer.from(`%PDF-1.7\n${'1 0 obj << /ByteRange [0 1 2 3] /Contents <00> >> endobj\n'.repeat(20_000)}`);
    const report = await checkPdfSignatures(inPieces(many, 65_536), null, { now: NOW, trusted: [] });
    expect(report.verified).to.equal(false);
    expect(report.problems.length).to.be.lessThan(22);
    const huge = Buffer.from(`%PDF-1.7\n1 0 obj << /ByteRange [0 1 2 3] /Contents <${'00'.repeat(8 * 2 ** 20)}> >> endobj`);
    expect((await checkPdfSignatures(inPieces(huge, 65_536), null, { now: NOW, trusted: [] })).verified).to.equal(false);
  });

  it('never throws, and never holds where a byte that it covers differs', async function () {
    this.timeout(60_000);
    const hole = [signed.indexOf('/Contents <30') + 10, signed.indexOf('>', signed.indexOf('/Contents <30'))] as const;
    await fc.assert(fc.asyncProperty(fc.nat(signed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, difference) => {
      const other = Buffer.from(signed);
      other[at] = other[at]! ^ difference;
      const { verified } = await checkPdfSignatures(inPieces(other, 4096), null, { now: NOW, trusted: [] });
      expect(verified && (at < hole[0] || at > hole[1])).to.equal(false);
    }), { numRuns: 150 });
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(fc.constantFrom('1 0 obj', '<<', '>>', '/ByteRange [0 1 2 3]', '/Contents <30800000>', 'stream\n', 'endstream', 'endobj', '%PDF-', '/Length 5 '), fc.string())), async (parts) => {
      const bytes = Buffer.from(parts.join(' '));
      expect((await checkPdfSignatures(inPieces(bytes, 7), null, { now: NOW, trusted: [] })).verified).to.equal(false);
    }), { numRuns: 300 });
  });
});

function changed(pdf: Buffer, what: string | RegExp, by: string | ((...found: string[]) => string)): Buffer {
  const text = pdf.toString('latin1');
  const other = text.replace(what, by as never);
  expect(other, 'nothing was changed').to.not.equal(text);
  return Buffer.from(other, 'latin1');
}

function contentsOf(pdf: Buffer): Buffer {
  return Buffer.from(/\/Contents <(3[0-9A-F]+)>/.exec(pdf.toString('latin1'))![1]!, 'hex');
}

function withContents(pdf: Buffer, contents: Buffer): Buffer {
  return changed(pdf, /(\/Contents <)(3[0-9A-F]+)>/, (_, key: string, old: string) => `${key}${contents.toString('hex').padEnd(old.length, '0').slice(0, old.length)}>`);
}

/** What a shadow attack does: another page under the number of the first. */
function withUpdate(pdf: Buffer): Buffer {
  const object = '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>\nendobj\n';
  const xref = `xref\n3 1\n${String(pdf.length).padStart(10, '0')} 00000 n \ntrailer\n<< /Size 9 /Root 1 0 R /Prev ${/startxref\n(\d+)\n%%EOF\n$/.exec(pdf.toString('latin1'))![1]!} >>\nstartxref\n${pdf.length + object.length}\n%%EOF\n`;
  return Buffer.concat([pdf, Buffer.from(object + xref)]);
}

function stream(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${number} 0 obj\n<< /Type /EmbeddedFile /Length ${content.length} >>\nstream\n`), content, Buffer.from('\nendstream\nendobj\n')]);
}

function withAttachment(pdf: Buffer, attachment: Buffer): Buffer {
  const object = stream(6, attachment);
  const previous = /startxref\n(\d+)\n%%EOF\n$/.exec(pdf.toString('latin1'))![1]!;
  const xref = `xref\n6 1\n${String(pdf.length).padStart(10, '0')} 00000 n \ntrailer\n<< /Size 7 /Root 1 0 R /Prev ${previous} >>\nstartxref\n${pdf.length + object.length}\n%%EOF\n`;
  return Buffer.concat([pdf, object, Buffer.from(xref)]);
}

/** A signed PDF with a stream of so many bytes, whose chunks are made as they are read. */
function largeSignedPdf(filling: number, signer: TestSigner): { size: number; chunks: () => Generator<Buffer> } {
  const filler = Buffer.alloc(65_536, 'endobj stream obj ');
  const before = Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Length ${filling} >>\nstream\n`);
  const opening = '\nendstream\nendobj\n2 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:20261122120000Z) /ByteRange [0 ';
  const room = 6000;
  const start = before.length + filling + opening.length + 40 + ' /Contents '.length;
  const end = start + room * 2 + 2;
  const tail = ' >>\nendobj\n%%EOF\n';
  const range = `${start} ${end} ${tail.length}]`.padEnd(40);
  const hash = createHash('sha256').update(before);
  for (let at = 0; at < filling; at += filler.length) hash.update(filler);
  const digest = hash.update(`${opening}${range} /Contents ${tail}`).digest();
  const contents = signCms({ digest, claimsTime: false }, signer, NOW).toString('hex').padEnd(room * 2, '0');
  return {
    size: end + tail.length,
    *chunks() {
      yield before;
      for (let at = 0; at < filling; at += filler.length) yield filler;
      yield Buffer.from(`${opening}${range} /Contents <${contents}>${tail}`);
    },
  };
}
