import { expect } from 'chai';
import { Readable } from 'node:stream';
import { checkSignature } from '../../../src/signature-book/check-signature.js';
import type { ReturnedDocument, ReturnedFile } from '../../../src/signature-book/returned-folder.js';
import { makePdf } from '../../../src/signature-desk/make-pdf.js';
import { signPdf } from '../../../src/signature-desk/sign-pdf.js';
import { makeTestSigner } from '../../../src/signature-desk/test-certificate.js';

const RULES = { now: Date.UTC(2027, 2, 1), trusted: [] };
const LARGE = 33 * 1024 * 1024;

describe('what is looked for in a document that came back', () => {
  function file(filename: string, mediaType: string, size = 10): ReturnedFile {
    return { filename, mediaType, sha256: filename, size };
  }

  function document(change: Partial<ReturnedDocument>): ReturnedDocument {
    return { file: file('a.pdf', 'application/pdf'), original: null, detached: [], place: null, ...change };
  }

  async function problems(change: Partial<ReturnedDocument>, contents: Readonly<Record<string, Buffer>> = {}): Promise<string> {
    const blobs = { read: (sha256: string) => { const content = contents[sha256]; if (content === undefined) throw new Error(`${sha256} was read`); return Readable.from([content]); } };
    return (await checkSignature(document(change), blobs, RULES)).map((report) => `${report.verified} ${report.problems.join()}`).join('\n');
  }

  it('an office file without a signature beside it cannot be verified, and is not read', async () => {
    expect(await problems({ file: file('note.odt', 'application/vnd.oasis.opendocument.text') })).to.include('false no signature can be looked for in a file of type application/vnd.oasis.opendocument.text');
  });

  it('XML and signatures that are too large to be held are not read', async () => {
    expect(await problems({ file: file('pes.xml', 'text/xml', LARGE) })).to.include(`false «pes.xml» has ${LARGE} bytes`);
    expect(await problems({ detached: [file('a.p7s', 'application/pkcs7-signature', LARGE)] })).to.include(`false «a.p7s» has ${LARGE} bytes`);
  });

  it('where several people must sign, one of them is not enough', async () => {
    const signer = await makeTestSigner({ name: 'Jeanne Dupont' });
    const signed = await signPdf(makePdf(['x']), signer, { at: Date.now() });
    const change = { file: file('a.pdf', 'application/pdf', signed.length) };
    expect(await problems(change, { 'a.pdf': signed })).to.equal('true ');
    expect(await problems({ ...change, signers: 2 }, { 'a.pdf': signed })).to.equal('false 1 signed it, and 2 were asked to');
    const twice = await signPdf(signed, await makeTestSigner({ name: 'Luc Martin' }), { at: Date.now() });
    expect(await problems({ file: file('a.pdf', 'application/pdf', twice.length), signers: 2 }, { 'a.pdf': twice })).to.equal('true ');
  });
});
