import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { checkPdfSignatures } from '../../../../src/formats/signatures/check-pdf.js';
import type { SignatureReport } from '../../../../src/formats/signatures/report.js';
import { addSecurityStore, stampPdf } from '../../../../src/signature-desk/lengthen-pdf.js';
import { makePdf } from '../../../../src/signature-desk/make-pdf.js';
import { signPdf } from '../../../../src/signature-desk/sign-pdf.js';
import { valueOf, withValue } from '../../../../src/signature-desk/sign-pdf-dictionary.js';
import { readPdfFile } from '../../../../src/signature-desk/sign-pdf-file.js';
import { makeTestSigner, type TestSigner } from '../../../../src/signature-desk/test-certificate.js';
import { writeUpdate } from '../../../../src/signature-desk/update-pdf.js';
import { pdfWithStreams } from '../../../support/pdf-with-streams.js';
import { inPieces, jeanneDupont } from '../../../support/signatures.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const CATALOG = 1;
const PAGE = 3;
const CONTENT = 4;
/** The first number that is free once the document is signed. */
const FREE = 8;

describe('what is added after the last signature of a PDF', () => {
  let jeanne: TestSigner;
  let authority: TestSigner;
  let signed: Buffer;
  let stored: Buffer;
  before(async () => {
    jeanne = await jeanneDupont();
    authority = await makeTestSigner({ name: 'Clock', key: 'ec', stampsTime: true });
    signed = await signPdf(makePdf(['Délibération n° 12']), jeanne, { at: NOW });
    stored = addSecurityStore(signed, jeanne);
  });

  function check(pdf: Buffer, now = NOW + 60_000): Promise<SignatureReport> {
    return checkPdfSignatures(inPieces(pdf, 1000), null, { now, trusted: [jeanne.caPem, authority.caPem] });
  }

  async function holds(pdf: Buffer): Promise<SignatureReport> {
    const report = await check(pdf);
    expect(report.problems).to.deep.equal([]);
    expect(report.verified).to.equal(true);
    return report;
  }

  async function fails(pdf: Buffer, why: RegExp): Promise<void> {
    const report = await check(pdf);
    expect(report.verified).to.equal(false);
    expect(report.problems.join('\n')).to.match(why);
  }

  it('is data for long-term validation: it holds, with a remark', async () => {
    const { remarks, signers } = await holds(stored);
    expect(remarks).to.deep.equal(['data for long-term validation was added after the last signature, and nothing else']);
    expect(signers).to.have.lengthOf(1);
  });

  it('is a time stamp of the document: it holds, and its time is said', async () => {
    for (const onPage of [true, false]) {
      const { remarks, signers } = await holds(stampPdf(stored, authority, NOW + 1000, { onPage }));
      expect(remarks.join('\n')).to.match(/time stamp of 2026-11-22T12:00:01.000Z, by CN=Clock,O=Relais rehearsals,C=BE$/m);
      expect(signers).to.have.lengthOf(1);
    }
    const { remarks } = await checkPdfSignatures(inPieces(stampPdf(signed, authority, NOW)), null, { now: NOW, trusted: [jeanne.caPem] });
    expect(remarks.join('\n')).to.match(/by CN=Clock.*authority is not one of those configured/);
  });

  it('is renewed again and again', async () => {
    let pdf = stored;
    for (let year = 0; year < 3; year += 1) pdf = addSecurityStore(stampPdf(pdf, authority, NOW + year), authority);
    expect((await holds(pdf)).remarks.filter((remark) => remark.includes('has a time stamp of'))).to.have.lengthOf(3);
  });

  it('holds in files whose objects and cross-references are in streams, and between two signatures', async () => {
    const once = await signPdf(pdfWithStreams(), jeanne, { at: NOW });
    await holds(stampPdf(addSecurityStore(once, jeanne), authority, NOW));
    const twice = await signPdf(stampPdf(stored, authority, NOW), jeanne, { at: NOW });
    const { remarks } = await holds(addSecurityStore(twice, jeanne));
    expect(remarks.join('\n')).to.match(/has a time stamp of/);
  });

  it('holds where the form and its fields are objects of their own', async () => {
    const catalog = readPdfFile(makePdf(['A'])).object(CATALOG);
    const withForm = update(makePdf(['A']), { 20: '<< /Fields 21 0 R /DA (/Helv 0 Tf) >>', 21: '[ ]', [CATALOG]: withValue(catalog, 'AcroForm', '20 0 R') });
    const pdf = stampPdf(await signPdf(withForm, jeanne, { at: NOW }), authority, NOW);
    await holds(pdf);
    await fails(replaced(pdf, /(Tf\)(?![^]*Tf\)))/, () => 'Tg)'), /form of the document is changed \(\/DA\)/);
  });

  it('holds in any pieces', async () => {
    const pdf = stampPdf(addSecurityStore(await signPdf(pdfWithStreams(), jeanne, { at: NOW }), jeanne), authority, NOW);
    for (const piece of [1, 7, 61, 65_536]) {
      const report = await checkPdfSignatures(inPieces(pdf, piece), null, { now: NOW, trusted: [] });
      expect(report.problems).to.deep.equal([]);
    }
  });

  describe('is a problem', () => {
    const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>';
    const cases: readonly [string, RegExp, () => Buffer][] = [
      ['when a page is replaced beside it', /object 3, which was signed, is replaced/, () => forged({ [PAGE]: page })],
      ['when what a page draws is replaced', /object 4, which was signed, is replaced/, () => forged({ [CONTENT]: streamOf('BT (Other) Tj ET') })],
      ['when the catalog has other pages', /catalog is changed \(\/Pages\)/, () => forged({ [CATALOG]: changedCatalog(stored, 'Pages', '20 0 R'), 20: '<< /Type /Pages /Kids [] /Count 0 >>' })],
      ['when the catalog does something on opening', /catalog is changed \(\/OpenAction\)/, () => forged({ [CATALOG]: changedCatalog(stored, 'OpenAction', '<< /S /JavaScript /JS (app.alert) >>') })],
      ['when the catalog has a key twice', /has \/Pages twice/, () => forged({ [CATALOG]: readPdfFile(stored).object(CATALOG).replace('/Pages', '/P#61ges 9 0 R /Pages') })],
      ['when the form is replaced', /form of the document/, () => forged({ [CATALOG]: changedCatalog(stored, 'AcroForm', '<< /Fields [] >>') })],
      ['when the form has a field more that is no time stamp', /no invisible time stamp/, () => forged({ [CATALOG]: withField(stored), 20: '<< /FT /Tx /T (Amount) /V (1000) /Rect [0 0 0 0] >>' })],
      ['when an annotation is added', /annotation more|object 20 is neither|signed, is replaced/, () => forged({ [PAGE]: withValue(readPdfFile(stored).object(PAGE), 'Annots', '[7 0 R 20 0 R]'), 20: '<< /Type /Annot /Subtype /FreeText /Contents (Paid) /Rect [0 0 99 99] >>' })],
      ['when an annotation is added beside a time stamp', /page has an annotation more/, () => replaced(stampPdf(stored, authority, NOW), /(\/Annots\s+\[[^\]]*?)(\d\d)(?=[^]*Stamp)( 0 R\s*\])/, (_, start, _number, end) => `${start} 1${end}`)],
      ['when an annotation is taken away beside a time stamp', /page \(\/Annots\) is changed/, () => replaced(stampPdf(stored, authority, NOW), /(\/Annots\s+\[\s*)7( 0 R\s+\d\d 0 R\s*\])/, (_, start, end) => `${start}1${end}`)],
      ['when a page is changed beside a time stamp', /page is changed \(\/MediaBox\)/, () => replaced(stampPdf(stored, authority, NOW), /(\/MediaBox \[0 0 )595(?= 842\](?![^]*MediaBox))/, (_, start) => `${start}100`)],
      ['when a time stamp can be seen', /no invisible time stamp/, () => replaced(stampPdf(stored, authority, NOW), /(Stamp.*)\[0 0 0 0\]/, (_, start) => `${start}[0 0 9 9]`)],
      ['when it has an object of another purpose', /object 20 is neither/, () => forged({ 20: page })],
      ['when a second security store takes the number of the page', /object 3, which was signed, is replaced/, () => update(signed, { [PAGE]: '<< /Type /DSS /Certs [] >>', [CATALOG]: changedCatalog(signed, 'DSS', `${PAGE} 0 R`) })],
      ['when a stream of the store takes the number of what a page draws', /object 4, which was signed, is replaced/, () => update(signed, { [CONTENT]: certificate(), [CATALOG]: changedCatalog(signed, 'DSS', `<< /Certs [${CONTENT} 0 R] >>`) })],
      ['when the store has more than it should', /security store.*something else/, () => update(signed, { [FREE]: '<< /Type /DSS /Kids [3 0 R] >>', [CATALOG]: changedCatalog(signed, 'DSS', `${FREE} 0 R`) })],
      ['when a stream of the store says to be something else', /no certificate/, () => update(signed, { [FREE]: certificate('/Subtype /Form'), [CATALOG]: changedCatalog(signed, 'DSS', `<< /Certs [${FREE} 0 R] >>`) })],
      ['when a stream of the store is no certificate', /no certificate/, () => update(signed, { [FREE]: streamOf('BT (Other) Tj ET'), [CATALOG]: changedCatalog(signed, 'DSS', `<< /Certs [${FREE} 0 R] >>`) })],
      ['when a stream of the store hides an object', /seems to hold objects/, () => update(signed, { [FREE]: streamOf(`\x30\x20 3 0 obj ${page}`), [CATALOG]: changedCatalog(signed, 'DSS', `<< /Certs [${FREE} 0 R] >>`) })],
      ['when its cross-references lead elsewhere', /not where the update says/, () => replaced(stored, /(xref\n1 1\n)\d{10}(?= 00000 n \n8 1\n)/, (_, start) => `${start}0000000015`)],
      ['when an object is deleted', /is deleted/, () => { const at = stored.lastIndexOf('00000 n'); return Buffer.concat([stored.subarray(0, at), Buffer.from('00000 f'), stored.subarray(at + 7)]); }],
      ['when its trailer has another catalog', /another catalog/, () => { const at = stored.lastIndexOf('/Root 1'); return Buffer.concat([stored.subarray(0, at), Buffer.from('/Root 2'), stored.subarray(at + 7)]); }],
      ['when it does not continue what was signed', /does not continue/, () => { const at = stored.lastIndexOf('/Prev '); return Buffer.concat([stored.subarray(0, at), Buffer.from('/Prev 9'), stored.subarray(at + 7)]); }],
      ['when it ends in something else', /no update/, () => Buffer.concat([stored, Buffer.from('% hello')])],
      ['when it is cut off', /added after the last signature/, () => stored.subarray(0, -20)],
    ];
    for (const [name, why, make] of cases) it(name, () => fails(make(), why));

    it('when the signed document was prepared for it, with a page that draws what is not there yet', async () => {
      for (const reference of [`${FREE} 0 R`, `0${FREE}%x\n 0%y\n%z\nR`]) {
        const prepared = await signPdf(update(makePdf(['A']), { [PAGE]: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] /Contents [4 0 R ${reference}] /T (%) >>` }), jeanne, { at: NOW });
        await holds(prepared);
        await fails(update(prepared, { [FREE]: certificate(), [CATALOG]: changedCatalog(prepared, 'DSS', `<< /Certs [${FREE} 0 R] >>`) }), /refers to an object that was added/);
      }
    });

    it('when what is not there yet is named in an object stream', async () => {
      const prepared = await signPdf(pdfWithStreams('/Contents [20 0 R]'), jeanne, { at: NOW });
      const catalog = changedCatalog(prepared, 'DSS', '<< /Certs [20 0 R] >>');
      await fails(update(prepared, { 20: certificate(), 1: catalog }), /refers to an object that was added/);
    });

    it('when a time stamp does not hold', async () => {
      const stamped = stampPdf(stored, authority, NOW);
      await fails(stampPdf(stored, jeanne, NOW), /not for time stamps/);
      await fails(stampPdf(stored, authority, NOW + 3_600_000), /in the future/);
      await fails(replaced(stamped, /\(Stamp/, () => '(Stomp'), /not the one that was stamped/);
      await fails(stampPdf(stored, await makeTestSigner({ name: 'Old', key: 'ec', stampsTime: true, notAfter: NOW - 1 }), NOW), /was not valid then/);
      const [first, other] = [stamped, stampPdf(stored, authority, NOW + 5000)].map((pdf) => /\/Contents <(3[0-9A-F]{500,})>(?![^]*\/Contents)/.exec(pdf.toString('latin1'))![1]!) as [string, string];
      const halves = first.slice(0, 300) + other.slice(300);
      await fails(Buffer.from(stamped.toString('latin1').replace(first, halves), 'latin1'), /time stamp of the document does not hold/);
    });

    it('when a time stamp covers less than all', async () => {
      const stamped = stampPdf(stored, authority, NOW).toString('latin1');
      const shorter = stamped.replace(/(\/ByteRange \[0 \d+ \d+ )(\d+)\](?![^]*ByteRange)/, (all, start: string, length: string) => `${start}${Number(length) - 5}]`.padEnd(all.length));
      await fails(Buffer.from(shorter, 'latin1'), /does not cover the document as it was then/);
    });
  });

  it('never throws, and never holds where what can be seen differs', async function () {
    this.timeout(60_000);
    const lengthened = stampPdf(stored, authority, NOW);
    await fc.assert(fc.asyncProperty(fc.integer({ min: signed.length, max: lengthened.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, difference) => {
      const other = Buffer.from(lengthened);
      other[at] = other[at]! ^ difference;
      await check(other);
    }), { numRuns: 200 });
    const parts = fc.array(fc.oneof(fc.constantFrom('3 0 obj\n', '8 0 obj\n', '<<', '>>', '[', ']', '(', 'endobj\n', 'xref\n8 1\n', '0000000000 00000 n \n', 'trailer\n', '/DSS 8 0 R ', 'startxref\n1\n%%EOF\n', '<< /Type /XRef /W [1 1 1] /Size 9999999 /Length 3 >>\nstream\nabc\nendstream endobj'), fc.string()), { maxLength: 60 });
    await fc.assert(fc.asyncProperty(parts, async (added) => {
      const rest = Buffer.from(added.join(''), 'latin1');
      expect((await check(Buffer.concat([signed, rest]))).verified).to.equal(rest.length === 0);
    }), { numRuns: 200 });
  });

  it('is read soon, however it was made', async () => {
    for (const bomb of ['['.repeat(2 ** 20), '1 '.repeat(2 ** 20), '9'.repeat(2 ** 20), '('.repeat(2 ** 20), '%\n'.repeat(2 ** 20), '<< /A '.repeat(2 ** 18)]) {
      const start = process.hrtime.bigint();
      expect((await checkPdfSignatures(inPieces(Buffer.concat([signed, Buffer.from(`8 0 obj\n${bomb}`)]), 65_536), null, { now: NOW, trusted: [] })).verified).to.equal(false);
      expect(Number(process.hrtime.bigint() - start) / 1e6).to.be.lessThan(5000);
    }
  });

  /** A security store as it should be, and something else in the same update. */
  function forged(changes: Record<number, string>): Buffer {
    return update(stored, changes);
  }

  function certificate(more = ''): string {
    return streamOf(new X509Certificate(jeanne.certificatePem).raw.toString('latin1'), more);
  }
});

function replaced(pdf: Buffer, what: RegExp, by: (...found: string[]) => string): Buffer {
  const text = pdf.toString('latin1');
  const other = text.replace(what, by);
  expect(other, 'nothing was replaced').to.not.equal(text);
  return Buffer.from(other, 'latin1');
}

function streamOf(content: string, more = ''): string {
  return `<< ${more} /Length ${content.length} >>\nstream\n${content}\nendstream`;
}

function update(pdf: Buffer, changes: Record<number, string>): Buffer {
  const file = readPdfFile(pdf);
  const next = Math.max(Number(valueOf(file.trailer, 'Size')), ...Object.keys(changes).map((number) => Number(number) + 1));
  return Buffer.concat([pdf, writeUpdate(file, new Map(Object.entries(changes).map(([number, text]) => [Number(number), text])), pdf, next)]);
}

function changedCatalog(pdf: Buffer, key: string, value: string): string {
  return withValue(readPdfFile(pdf).object(CATALOG), key, value);
}

function withField(pdf: Buffer): string {
  const catalog = readPdfFile(pdf).object(CATALOG);
  return catalog.replace(/\/Fields\s*\[\s*7 0 R/, '/Fields [7 0 R 20 0 R');
}
