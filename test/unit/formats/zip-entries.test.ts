import { expect } from 'chai';
import fc from 'fast-check';
import { strToU8, Zip, ZipDeflate, ZipPassThrough, zipSync } from 'fflate';
import { zipEntries, type ZipLimits } from '../../../src/formats/zip-entries.js';
import { ZipFailure } from '../../../src/formats/zip-failure.js';

const LIMITS: ZipLimits = { entries: 100, bytes: 10 * 2 ** 20 };

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

async function read(bytes: Uint8Array, size = 7, limits = LIMITS): Promise<[string, string][]> {
  const files: [string, string][] = [];
  for await (const { path, content } of zipEntries(chunked(bytes, size), limits)) {
    const parts: Buffer[] = [];
    for await (const part of content) parts.push(part);
    files.push([path.join('/'), Buffer.concat(parts).toString()]);
  }
  return files;
}

const problemOf = (bytes: Uint8Array, limits = LIMITS) => read(bytes, 512, limits).then(() => 'fine', (error: unknown) => (error instanceof ZipFailure ? error.problem : error));

/** As writers that do not know sizes before do: descriptors behind the data. */
function streamed(files: Record<string, Buffer>): Buffer {
  const out: Uint8Array[] = [];
  const zip = new Zip((error, data) => { if (error !== null) throw error; out.push(data); });
  for (const [name, content] of Object.entries(files)) {
    const file = new ZipDeflate(name);
    zip.add(file);
    file.push(content, true);
  }
  zip.end();
  return Buffer.concat(out);
}

const FILES = { 'premis.xml': '<premis/>', 'Documents principaux/délibération.pdf': '%PDF-1.7 '.repeat(500), 'Annexes/délibération.pdf': 'another', 'empty.txt': '' };
const asBytes = (files: Record<string, string>) => Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]));

describe('zip entries', () => {
  it('come in order with their content, whatever the chunks', async () => {
    const zip = zipSync(asBytes(FILES));
    for (const size of [1, 7, 64, 100_000]) expect(await read(zip, size)).to.deep.equal(Object.entries(FILES));
  });

  it('are understood where sizes stand behind the data', async () => {
    const zip = streamed(Object.fromEntries(Object.entries(FILES).map(([name, text]) => [name, Buffer.from(text)])));
    expect(zip.readUInt16LE(6) & 8).to.equal(8);
    for (const size of [1, 5, 100_000]) expect(await read(zip, size)).to.deep.equal(Object.entries(FILES));
  });

  it('are understood where nothing is compressed, and an archive inside an archive is only a file', async () => {
    const inner = Buffer.from(zipSync({ 'a.txt': strToU8('inner') }));
    const found: Buffer[] = [];
    for await (const { content } of zipEntries(chunked(zipSync({ 'inner.zip': [inner, { level: 0 }] }), 11), LIMITS)) for await (const part of content) found.push(part);
    expect(Buffer.concat(found).equals(inner)).to.equal(true);
    const packed: Buffer[] = [];
    for await (const { content } of zipEntries(chunked(streamed({ 'inner.zip': inner }), 11), LIMITS)) for await (const part of content) packed.push(part);
    expect(Buffer.concat(packed).equals(inner)).to.equal(true);
  });

  it('of any content survive (property)', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 5 }), fc.integer({ min: 1, max: 4000 }), fc.boolean(), async (contents, size, behind) => {
      const files = Object.fromEntries(contents.map((content, index) => [`f${index}`, Buffer.from(content)]));
      const zip = behind ? streamed(files) : zipSync(files);
      const texts = contents.map((content, index) => [`f${index}`, Buffer.from(content).toString()]);
      expect(await read(zip, size)).to.deep.equal(texts);
    }), { numRuns: 60 });
  });

  it('that nobody reads are passed over', async () => {
    const paths: string[] = [];
    for await (const { path, content } of zipEntries(chunked(zipSync(asBytes(FILES)), 9), LIMITS)) {
      paths.push(path.join('/'));
      for await (const part of content) if (part.length > 0) break;
    }
    expect(paths).to.deep.equal(Object.keys(FILES));
  });

  it('never lead out of their folder; folders are no entries', async () => {
    const zip = zipSync({ '../../etc/passwd': strToU8('a'), 'C:\\Windows\\x.pdf': strToU8('b'), '/abs//./y.pdf': strToU8('c'), 'folder/': new Uint8Array(0) });
    expect((await read(zip)).map(([path]) => path)).to.deep.equal(['etc/passwd', 'Windows/x.pdf', 'abs/y.pdf']);
  });

  it('have names in UTF-8, said or not, or in code page 437', async () => {
    const zip = Buffer.from(zipSync({ 'xx.pdf': strToU8('a') }));
    const named = (bytes: Buffer, name: Buffer) => {
      for (let at = bytes.indexOf('xx.pdf'); at !== -1; at = bytes.indexOf('xx.pdf', at + 1)) name.copy(bytes, at);
      return bytes;
    };
    expect((await read(named(Buffer.from(zip), Buffer.from('é'))))[0]?.[0]).to.equal('é.pdf');
    expect((await read(named(Buffer.from(zip), Buffer.from([0x82, 0x78]))))[0]?.[0]).to.equal('éx.pdf');
  });

  it('of an archive that was cut anywhere never count as whole', async () => {
    const zip = streamed({ 'a.pdf': Buffer.from('first '.repeat(40)), 'b.pdf': Buffer.from('second') });
    for (let length = 0; length < zip.length; length += 1) expect(await problemOf(zip.subarray(0, length)), String(length)).to.equal('cut');
    expect(await problemOf(zip)).to.equal('fine');
  });

  it('with another byte than they had are noticed', async () => {
    const zip = Buffer.from(zipSync({ 'a.pdf': [strToU8('the document'), { level: 0 }] }));
    zip.writeUInt8(0x58, zip.indexOf('document'));
    expect(await problemOf(zip)).to.equal('damaged');
    expect(await problemOf(Buffer.from('<html>Sign in</html>'))).to.equal('damaged');
  });

  it('must be those of the directory at the end', async () => {
    const two = Buffer.from(zipSync({ 'a.pdf': [strToU8('one'), { level: 0 }], 'b.pdf': [strToU8('two'), { level: 0 }] }));
    const renamed = Buffer.from(two);
    renamed.write('c', renamed.lastIndexOf('b.pdf'));
    expect(await problemOf(renamed)).to.equal('damaged');
    const centre = two.indexOf('PK\x01\x02');
    const withoutFirst = Buffer.concat([two.subarray(0, centre), two.subarray(two.indexOf('PK\x01\x02', centre + 1))]);
    expect(await problemOf(withoutFirst)).to.equal('damaged');
  });

  it('that are encrypted, or compressed otherwise, are not read', async () => {
    const zip = Buffer.from(zipSync({ 'a.pdf': [strToU8('one'), { level: 0 }] }));
    const encrypted = Buffer.from(zip);
    encrypted.writeUInt16LE(1, 6);
    const bzip = Buffer.from(zip);
    bzip.writeUInt16LE(12, 8);
    expect([await problemOf(encrypted), await problemOf(bzip)]).to.deep.equal(['unreadable', 'unreadable']);
  });

  it('stop at the limits: count, bytes, growth', async () => {
    const many = zipSync(Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`${index}`, strToU8('x')])));
    expect(await problemOf(many, { entries: 4, bytes: 100 })).to.equal('too-large');
    expect(await problemOf(many, { entries: 5, bytes: 4 })).to.equal('too-large');
    expect(await problemOf(zipSync({ bomb: new Uint8Array(9 * 2 ** 20) }))).to.equal('too-large');
  });

  it('end their source, whole or not', async () => {
    let ended = 0;
    async function* source(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      try {
        yield* chunked(bytes, 16);
      } finally {
        ended += 1;
      }
    }
    const zip = zipSync(asBytes(FILES));
    for await (const entry of zipEntries(source(zip), LIMITS)) if (entry.path.length > 0) break;
    await zipEntries(source(Buffer.from('no archive at all, whatever')), LIMITS).next().catch(() => undefined);
    expect(ended).to.equal(2);
  });

  it('of more than 4 GiB are counted with 8 bytes', async () => {
    // Written by hand: sizes in the extra field, as APPNOTE 4.5.3 lays them out, of a small file.
    const zip = Buffer.from(zipSync({ 'a.pdf': [strToU8('one'), { level: 0 }] }));
    const extra = Buffer.alloc(20);
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(16, 2);
    extra.writeBigUInt64LE(3n, 4);
    extra.writeBigUInt64LE(3n, 12);
    zip.writeUInt32LE(0xffffffff, 18);
    zip.writeUInt32LE(0xffffffff, 22);
    zip.writeUInt16LE(20, 28);
    expect(await read(Buffer.concat([zip.subarray(0, 35), extra, zip.subarray(35)]))).to.deep.equal([['a.pdf', 'one']]);
  });

  it('of a passed through stream without sizes in front cannot be read', async () => {
    const out: Uint8Array[] = [];
    const zip = new Zip((_error, data) => { out.push(data); });
    const file = new ZipPassThrough('a.pdf');
    zip.add(file);
    file.push(strToU8('one'), true);
    zip.end();
    expect(await problemOf(Buffer.concat(out))).to.equal('unreadable');
  });
});
