import { Builder } from 'xml2js';

/** Not allowed in XML 1.0, escaped or not. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** An XML file in ISO-8859-1, as the systems of the State write them. Characters that it does not have are written as references, those that
 * XML forbids left out. `document` is what xml2js builds from: one member, the root. */
export function latin1Xml(document: Readonly<Record<string, unknown>>): Buffer {
  const builder = new Builder({ renderOpts: { pretty: true, indent: ' ', newline: '\n' }, xmldec: { version: '1.0', encoding: 'ISO-8859-1' } });
  const text = builder.buildObject(document).replace(FORBIDDEN, '');
  return Buffer.from(text.replace(/[^\0-\x7E\xA0-\xFF]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`), 'latin1');
}
