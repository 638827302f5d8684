import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { createGzip, gzipSync } from 'node:zlib';
import { pack, type Headers } from 'tar-stream';
import { readLetterArchive, type LetterArchive } from '../../../../src/formats/actes/read-letter-archive.js';
import { writeEnvelope, writeLetter } from '../../../../src/formats/actes/write-letter.js';
import { watchMemory } from '../../../../src/connector-kit/live-memory.js';
import { FormatError } from '../../../../src/formats/format-error.js';
import { inPieces } from '../../../support/shared-sample.js';

const letter = writeLetter('LettreObservations', { actId: '034-213400017-20270301-2027_12-DE', on: '2027-04-01', text: 'À revoir', files: ['lettre.pdf'] });
const envelope = writeEnvelope({ department: '034', siren: '213400017', files: ['message.xml'] });

async function archive(files: readonly (Headers & { readonly content?: Buffer })[]): Promise<Buffer> {
  const tar = pack();
  for (const { content = Buffer.alloc(0), ...header } of files) tar.entry(header, content);
  tar.finalize();
  return gzipSync(await buffer(tar));
}

async function read(bytes: Buffer, keep = async (content: AsyncIterable<Uint8Array>) => buffer(content).then(({ length }) => ({ sha256: `hash-${length}`, size: length }))): Promise<LetterArchive> {
  return readLetterArchive(inPieces(bytes), keep);
}

async function refusal(bytes: Buffer): Promise<string> {
  const failure: unknown = await read(bytes).then(() => undefined, (error: unknown) => error);
  expect(failure).to.be.instanceOf(FormatError);
  return (failure as FormatError).message;
}

describe('the archive of a letter (contracts/pes-actes-formats.md §B3)', () => {
  it('holds envelope, message and documents, in any order', async () => {
    for (const names of [['e', 'm', 'd'], ['d', 'm', 'e'], ['m', 'd', 'e']]) {
      const files = names.map((name) => ({ e: { name: 'EACT--PREF034-213400017-20270401-1.xml', content: envelope }, m: { name: './message.xml', content: letter }, d: { name: 'lettre.pdf', content: Buffer.from('%PDF') } })[name]!);
      const { message, documents, proofs } = await read(await archive(files));
      expect(message).to.deep.include({ kind: 'LettreObservations', number: '2027_12', letterOn: '2027-04-01', texts: ['À revoir'] });
      expect(documents).to.deep.equal([{ filename: 'lettre.pdf', mediaType: 'application/pdf', sha256: 'hash-4', size: 4 }]);
      expect(proofs.map(({ filename }) => filename)).to.have.members(['message.xml', 'EACT--PREF034-213400017-20270401-1.xml']);
    }
  });

  it('XML that is no message is a document', async () => {
    const { documents } = await read(await archive([{ name: 'message.xml', content: letter }, { name: 'annexe.xml', content: Buffer.from('<annexe/>') }, { name: 'broken.xml', content: Buffer.from('<annexe>') }]));
    expect(documents.map(({ filename, mediaType }) => [filename, mediaType])).to.deep.equal([['annexe.xml', 'application/xml'], ['broken.xml', 'application/xml']]);
  });

  it('names lead nowhere, and only plain files count', async () => {
    const { documents } = await read(await archive([
      { name: 'message.xml', content: letter }, { name: '../../etc/passwd', content: Buffer.from('x') }, { name: 'C:\\temp\\a.pdf', content: Buffer.from('xy') },
      { name: 'link.pdf', type: 'symlink', linkname: '/etc/passwd' }, { name: 'folder', type: 'directory' }, { name: 'device', type: 'character-device' },
    ]));
    expect(documents.map(({ filename }) => filename)).to.deep.equal(['passwd', 'a.pdf']);
  });

  it('an archive that grows without end is not unpacked', async () => {
    expect(await refusal(await archive([{ name: 'bomb.pdf', content: Buffer.alloc(40 * 2 ** 20) }]))).to.match(/grows to more/);
    expect(await refusal(await archive(Array.from({ length: 201 }, (_, index) => ({ name: `${index}.pdf` }))))).to.match(/more than 200 files/);
  });

  it('thirty XML files of seven megabytes are looked at one by one, never held together', async () => {
    const filler = Buffer.alloc(7 * 2 ** 20, Buffer.concat([Buffer.from('<a>'), randomBytes(8_192)]).toString('base64'));
    const tar = pack();
    for (let index = 0; index < 30; index += 1) tar.entry({ name: `${index}.xml` }, filler);
    tar.entry({ name: 'message.xml' }, letter);
    tar.finalize();
    const room = 96 * 2 ** 20;
    const memory = watchMemory(room);
    const { documents } = await readLetterArchive(tar.pipe(createGzip()) as AsyncIterable<Uint8Array>, async (content) => {
      let size = 0;
      for await (const chunk of content) size += chunk.length;
      return { sha256: `hash-${size}`, size };
    });
    expect(memory.end()).to.be.lessThan(room);
    expect(documents).to.have.length(30);
  }).timeout(60_000);

  it('what is cut, no archive, or without a message is told apart', async () => {
    const whole = await archive([{ name: 'lettre.pdf', content: Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 7919) % 251)) }, { name: 'message.xml', content: letter }]);
    for (const cut of [0, 10, 400, whole.length - 20]) expect(await refusal(whole.subarray(0, cut)), `${cut} bytes`).to.match(/no whole .tar.gz/);
    expect(await refusal(Buffer.from('<html>login</html>'))).to.match(/no whole .tar.gz/);
    expect(await refusal(gzipSync(letter))).to.match(/no whole .tar.gz/);
    expect(await refusal(await archive([{ name: 'e.xml', content: envelope }]))).to.match(/no message of the prefecture; it holds e.xml/);
  });

  it('a disk that is full is not taken for a bad archive', async () => {
    const failure: unknown = await read(await archive([{ name: 'message.xml', content: letter }]), () => Promise.reject(new Error('no space left'))).then(() => undefined, (error: unknown) => error);
    expect(failure).to.not.be.instanceOf(FormatError);
    expect(failure).to.have.property('message', 'no space left');
  });
});
