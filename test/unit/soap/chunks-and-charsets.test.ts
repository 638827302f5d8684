import { expect } from 'chai';
import fc from 'fast-check';
import { memoryBlobStore } from '../../support/memory-blob-store.js';
import { createItem, read, refusal, request } from './read-message.js';
import type { Decoded, ReadOptions } from './read-message.js';

const text = 'Réfection — œuvre à 5 € «été» ]] &amp; <![CDATA[<p>a&b</p>]]>&#13;\r\nfin';
const sample = `<?xml version="1.0" encoding="@"?>\r\n<!-- commentaire é -->${createItem(
  `<title>${text}</title><category a="é"/><annexes><title>plan</title><file>\r\n${Buffer.from('Bonjour à tous, 0123456789').toString('base64').replace(/.{10}/g, '$&\r\n')}</file></annexes>`
  + `<annexes><title>2</title><file>${Buffer.alloc(300, 0xfb).toString('base64url')}</file></annexes><toDiscuss> 1 </toDiscuss>`)}`;

function utf16(message: string, isBig: boolean, hasMark: boolean): Buffer {
  const bytes = Buffer.from((hasMark ? '\uFEFF' : '') + message, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
}

/** Only what the two single-byte sets write alike in the sample but for a few places. */
function singleByte(message: string, bytes: Readonly<Record<string, number>>): Buffer {
  return Buffer.from(Array.from(message, (character) => bytes[character] ?? character.charCodeAt(0)));
}

const WINDOWS = { 'œ': 0x9c, '€': 0x80, '—': 0x97 };
const plain = (message: string) => message.replaceAll('—', '-');

const forms: readonly (readonly [string, Buffer, ReadOptions])[] = [
  ['UTF-8', Buffer.from(sample.replace('@', 'UTF-8')), {}],
  ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${sample.replace('@', 'utf-8')}`), {}],
  ['UTF-16LE with a mark', utf16(sample.replace('@', 'UTF-16'), false, true), {}],
  ['UTF-16BE with a mark', utf16(sample.replace('@', 'UTF-16'), true, true), {}],
  ['UTF-16LE without one', utf16(sample.replace('@', 'UTF-16LE'), false, false), {}],
  ['UTF-16BE without one', utf16(sample.replace('@', 'UTF-16BE'), true, false), {}],
  ['windows-1252', singleByte(sample.replace('@', 'windows-1252'), WINDOWS), {}],
  ['windows-1252 that says ISO-8859-1', singleByte(sample.replace('@', 'ISO-8859-1'), WINDOWS), {}],
  ['windows-1252, said by HTTP alone', singleByte(sample.replace(' encoding="@"', ''), WINDOWS), { contentType: 'text/xml; charset="Windows-1252"' }],
  ['UTF-8, whatever HTTP says', Buffer.from(sample.replace('@', 'UTF-8')), { contentType: 'text/xml; charset=iso-8859-1' }],
  ['UTF-8 that says UTF-16', Buffer.from(sample.replace('@', 'utf-16')), {}],
];

describe('chunks and character sets', () => {
  let expected: Decoded;
  before(async () => { expected = await read(sample.replace('@', 'UTF-8')); });

  it('the sample is read as it is meant', () => {
    expect(expected.request).to.have.nested.property('creationData.title', 'Réfection — œuvre à 5 € «été» ]] & <p>a&b</p>\r\nfin');
    expect(expected.request).to.have.nested.property('creationData.annexes[1].file', `base64:${Buffer.alloc(300, 0xfb).toString('base64')}`);
  });

  for (const [name, bytes, options] of forms) {
    it(`${name}: the same, whole, byte by byte and cut anywhere in two`, async () => {
      expect(await read(bytes, options)).to.deep.equal(expected);
      expect(await read(bytes, { ...options, chunk: 1 })).to.deep.equal(expected);
      for (let cut = 1; cut < bytes.length; cut += 3) {
        expect(await read(bytes, { ...options, chunk: (at) => (at === 0 ? cut : bytes.length) })).to.deep.equal(expected);
      }
    });
  }

  it('any chunks give the same, with a slow disk too', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...forms), fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 40 }), async ([, bytes, options], sizes) => {
      let turn = 0;
      const decoded = await read(bytes, { ...options, blobs: memoryBlobStore({ slowEvery: 2 }), chunk: () => sizes[turn++ % sizes.length] ?? 1 });
      expect(decoded).to.deep.equal(expected);
    }), { numRuns: 300 });
  });

  it('ISO-8859-15', async () => {
    const bytes = singleByte(plain(sample).replace('@', 'ISO-8859-15'), { 'œ': 0xbd, '€': 0xa4 });
    expect((await read(bytes, { chunk: 3 })).request).to.have.nested.property('creationData.title').that.includes('œuvre à 5 €');
  });

  it('an encoding that is not supported is named', async () => {
    const error = await refusal(sample.replace('@', 'EBCDIC-FR'));
    expect(error.code).to.equal('RELAIS_SOAP_ENCODING');
    expect(error.message).to.include('EBCDIC-FR').and.include('UTF-8');
    expect((await refusal(request('testConnection', ''), { contentType: 'text/xml; charset=utf-7' })).code).to.equal('RELAIS_SOAP_ENCODING');
  });

  it('broken UTF-16 is refused', async () => {
    const odd = utf16(sample.replace('@', 'UTF-16'), false, true);
    expect((await refusal(odd.subarray(0, odd.length - 1))).code).to.equal('RELAIS_SOAP_ENCODING');
    const lone = utf16(request('testConnection', '<dummy>\uD83D!</dummy>'), false, true);
    expect((await refusal(lone)).code).to.equal('RELAIS_SOAP_ENCODING');
  });

  it('any text makes the round trip, whichever way it is written', async () => {
    const allowed = fc.string({ unit: 'binary', maxLength: 60 }).map((value) => value.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '').trim());
    const escaped = (value: string) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
    const numeric = (value: string) => Array.from(value, (character) => `&#x${character.codePointAt(0)?.toString(16)};`).join('');
    const cdata = (value: string) => value.split(']]>').map((part) => `<![CDATA[${part}]]>`).join(']]&gt;').replaceAll('\r', ']]>&#13;<![CDATA[');
    await fc.assert(fc.asyncProperty(allowed, fc.constantFrom(escaped, numeric, cdata), fc.integer({ min: 1, max: 50 }), async (value, write, chunk) => {
      const { request: decoded } = await read(request('searchItems', `<Title>${write(value)}</Title>`), { chunk });
      expect(decoded).to.deep.equal(value === '' ? {} : { Title: value });
    }), { numRuns: 400 });
  });

  it('any bytes make the round trip, whichever way the base64 is written', async () => {
    const wrapped = (line: number) => (bytes: Buffer) => bytes.toString('base64').replace(new RegExp(`.{${line}}`, 'g'), '$&\r\n');
    const forms64 = [(bytes: Buffer) => bytes.toString('base64'), wrapped(76), wrapped(3), (bytes: Buffer) => bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_')];
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...forms64), fc.integer({ min: 1, max: 200 }), async (bytes, write, chunk) => {
      const { request: decoded } = await read(createItem(`<annexes><file>${write(Buffer.from(bytes))}</file></annexes>`), { chunk });
      expect(decoded).to.have.nested.property('creationData.annexes[0].file', `base64:${Buffer.from(bytes).toString('base64')}`);
    }), { numRuns: 400 });
  });
});
