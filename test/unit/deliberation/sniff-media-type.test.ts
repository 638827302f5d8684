import { expect } from 'chai';
import fc from 'fast-check';
import PizZip from 'pizzip';
import { extensionsOf, mediaTypeOfName } from '../../../src/domain/media-types.js';
import { sniffMediaType } from '../../../src/deliberation/create-item/sniff-media-type.js';

const office = 'application/vnd.openxmlformats-officedocument';

function zip(...names: string[]): Buffer {
  const file = new PizZip();
  for (const name of names) file.file(name, `content of ${name}`);
  return file.generate({ type: 'nodebuffer', compression: 'DEFLATE' }).subarray(0, 4096);
}

function openDocument(type: string): Buffer {
  return Buffer.from(`PK\x03\x04${'\0'.repeat(26)}mimetype${type}PK\x03\x04`, 'latin1');
}

function ole(stream: string): Buffer {
  return Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504), Buffer.from(stream, 'utf16le')]);
}

const samples: [what: string, bytes: Buffer | string, type: string][] = [
  ['PDF', '%PDF-1.7\n', 'application/pdf'],
  ['PDF after a byte order mark', '\xef\xbb\xbf\n%PDF-1.7\n', 'application/pdf'],
  ['PNG', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'image/png'],
  ['JPEG', '\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
  ['GIF', 'GIF89a\x01\0\x01\0', 'image/gif'],
  ['TIFF, little endian', 'II*\0\x08\0', 'image/tiff'],
  ['TIFF, big endian', 'MM\0*\0\0', 'image/tiff'],
  ['WebP', 'RIFF\x10\0\0\0WEBPVP8 ', 'image/webp'],
  ['BMP', 'BM\x3a\0\0\0', 'image/bmp'],
  ['docx', zip('[Content_Types].xml', '_rels/.rels', 'word/document.xml'), `${office}.wordprocessingml.document`],
  ['xlsx', zip('[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml'), `${office}.spreadsheetml.sheet`],
  ['pptx', zip('[Content_Types].xml', '_rels/.rels', 'ppt/presentation.xml'), `${office}.presentationml.presentation`],
  ['zip', zip('plan.pdf', 'password/list.txt'), 'application/zip'],
  ['odt', openDocument('application/vnd.oasis.opendocument.text'), 'application/vnd.oasis.opendocument.text'],
  ['ods', openDocument('application/vnd.oasis.opendocument.spreadsheet'), 'application/vnd.oasis.opendocument.spreadsheet'],
  ['odp', openDocument('application/vnd.oasis.opendocument.presentation'), 'application/vnd.oasis.opendocument.presentation'],
  ['doc', ole('WordDocument'), 'application/msword'],
  ['xls', ole('Workbook'), 'application/vnd.ms-excel'],
  ['ppt', ole('PowerPoint Document'), 'application/vnd.ms-powerpoint'],
  ['msg', ole('__substg1.0_0037001F'), 'application/vnd.ms-outlook'],
  ['OLE whose directory is further on', ole(''), 'application/x-ole-storage'],
  ['RTF', '{\\rtf1\\ansi Bonjour}', 'application/rtf'],
  ['7z', '7z\xbc\xaf\x27\x1c\0\x04', 'application/x-7z-compressed'],
  ['rar', 'Rar!\x1a\x07\0', 'application/vnd.rar'],
  ['gzip', '\x1f\x8b\x08\0', 'application/gzip'],
  ['MP4', '\0\0\0\x20ftypisom\0\0', 'video/mp4'],
  ['program for Windows', `MZ\x90\0${'\0'.repeat(60)}PE\0\0`, 'application/x-dosexec'],
  ['program for Linux', '\x7fELF\x02\x01\x01\0', 'application/x-executable'],
  ['XML', '<?xml version="1.0"?><PES_Aller/>', 'application/xml'],
  ['SVG', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
  ['HTML', ' <!DOCTYPE html><html>', 'text/html'],
  ['text in UTF-8', Buffer.from('Délibération du collège\r\n'), 'text/plain'],
  ['text in Latin-1', 'D\xe9lib\xe9ration du coll\xe8ge', 'text/plain'],
  ['text in UTF-16', '\xff\xfeB\0o\0n\0', 'text/plain'],
  ['text that begins as a picture would', 'BMW et GIF89 sont des mots', 'text/plain'],
  ['text with a word where a format has one', 'Pour le WEBP', 'text/plain'],
  ['message', 'Return-Path: <a@example.be>\r\nReceived: from b\r\n\tby c\r\nSubject: d\r\n\r\n', 'message/rfc822'],
  ['letter that begins as a message would', 'Date: le 3 mars\nMonsieur,\n', 'text/plain'],
  ['other bytes', '\0\x01\x02\xff', 'application/octet-stream'],
];

describe('the media type of a file', () => {
  for (const [what, bytes, type] of samples) {
    it(`is told by content: ${what}`, () => {
      expect(sniffMediaType(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)).to.equal(type);
    });
  }

  it('is always one that the table of extensions knows, and found in little time', () => {
    const known = new Set(samples.map(([, , type]) => type));
    fc.assert(fc.property(fc.constantFrom(...samples), fc.uint8Array({ maxLength: 4096 }), fc.nat(20), ([, bytes], more, cut) => {
      const head = Buffer.concat([Buffer.from(bytes as string, 'latin1').subarray(0, cut), more]).subarray(0, 4096);
      const start = performance.now();
      const type = sniffMediaType(head);
      expect(performance.now() - start).to.be.below(2000);
      expect(known.has(type) || extensionsOf(type).length > 0, type).to.equal(true);
    }));
  });

  it('is told by a name where it has a known extension', () => {
    expect(['a.PDF', 'a.b.jpeg', 'lettre.doc', 'x.csv', 'x.docx', 'x.unknown', 'x'].map(mediaTypeOfName)).to.deep.equal([
      'application/pdf', 'image/jpeg', 'application/msword', 'text/csv', `${office}.wordprocessingml.document`, undefined, undefined,
    ]);
  });
});
