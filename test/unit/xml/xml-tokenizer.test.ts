import { expect } from 'chai';
import fc from 'fast-check';
import { watchMemory } from '../../../src/connector-kit/live-memory.js';
import { documentSink } from '../../../src/xml/document-sink.js';
import { XmlError } from '../../../src/xml/xml-error.js';
import { XmlTokenizer, type XmlHandler } from '../../../src/xml/xml-tokenizer.js';

/** Far less than the document, of which parts are kept. */
const ROOM = 20_000_000;

const LIMITS = { depth: 10, elements: 1000, attributes: 1000 };

/** What a handler is told, one line each. */
function told(document: Buffer | string, size = 65_536, wants: XmlHandler['wants'] = 'text'): string[] {
  const lines: string[] = [];
  const handler: XmlHandler = {
    wants,
    open: ({ namespace, local, attributes, isAscii }) => {
      lines.push(`{${namespace}}${local}${attributes.map((found) => ` {${found.namespace}}${found.local}=${found.value}`).join('')}${isAscii ? '' : ' *'}`);
    },
    text: (text) => { lines.push(`${lines.at(-1)?.startsWith('"') === true ? lines.pop() ?? '' : '"'}${text}`); },
    bytes: () => undefined,
    close: () => { lines.push('/'); },
  };
  const sink = documentSink(new XmlTokenizer(handler, LIMITS, 'the file'), undefined);
  const bytes = Buffer.from(document);
  for (let at = 0; at < bytes.length; at += size) sink.push(Buffer.from(bytes.subarray(at, at + size)));
  sink.end();
  return lines;
}

function refusal(document: string): XmlError {
  try {
    told(document);
  } catch (error) {
    if (error instanceof XmlError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('reading XML', () => {
  it('the commonest tags and all others are told alike', () => {
    const document = '<a><b V="1"/><b V=\'1\'/><b  V="1" /><b V = "1"\n/><b V="&#49;"></b ><n:b xmlns:n="urn:n" n:V="1" V="é"/><c></c><c/></a>';
    expect(told(document)).to.deep.equal(['{}a', '{}b {}V=1', '/', '{}b {}V=1', '/', '{}b {}V=1', '/', '{}b {}V=1', '/', '{}b {}V=1', '/', '{urn:n}b {urn:n}V=1 {}V=é *', '/', '{}c', '/', '{}c', '/', '/']);
  });

  it('however a document is cut', () => {
    const document = '<?xml version="1.0"?><a xmlns="urn:a" b="x > y">t&amp;<!-- é --><c V="some longer value, of more than a word"/>é<![CDATA[<]]></a>';
    const whole = told(document);
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), (size) => { expect(told(document, size)).to.deep.equal(whole); }));
  });

  it('what is no tag is refused, common form or not', () => {
    for (const tag of ['<a V="1"b="2"/>', '<a V/>', '<a V=1/>', '<a V="1" V="2"/>', '<1a/>', '<a 1="2"/>', '<a V="<"/>', '<a V="&"/>', '<a:b:c/>', '<:a/>', '<a -V="1"/>', '<x:a/>', '<a x:V="1"/>', '<a V="\u0001"/>', '< a/>', '<a/ >', '<a V="1"/', '<a', '<a xmlns="urn:x" xmlns="urn:y"/>']) {
      expect(refusal(`<root>${tag}</root>`).problem, tag).to.equal('malformed');
    }
    expect(refusal('<a/><b/>').message).to.include('after the root element');
  });

  it('encodings of one byte are read as what they are, windows-1252 for ISO-8859-1', () => {
    const latin = (encoding: string, text: string) => told(Buffer.from(`<?xml version="1.0" encoding="${encoding}"?><a V="${text}">${text}<!-- ${text} --></a>`, 'latin1'), 7);
    expect(latin('ISO-8859-1', 'é \x80 \x92')).to.deep.equal(['{}a {}V=é € ’ *', '"é € ’', '/']);
    expect(latin('ISO-8859-15', 'é \xa4')).to.deep.equal(['{}a {}V=é € *', '"é €', '/']);
  });

  it('a document may end with a CR, and have no other line ends', () => {
    expect(told('<?xml version="1.0"?><a>x\r</a>\r', 3)).to.deep.equal(told('<a>x\n</a>'));
    expect(told('<a>x</a>\r', 65_536, 'nothing')).to.deep.equal(told('<a>x</a>', 65_536, 'nothing'));
    for (const document of ['<a>x</a>]', '<a>x</a>\r<', '<a>x</a>-']) expect(refusal(document).message, document).to.match(/document ends inside|outside the root/);
  });

  it('names may be of any letters', () => {
    expect(told('<été où="là"><été/></été>')).to.deep.equal(['{}été {}où=là *', '{}été *', '/', '/']);
  });

  it('a refusal has its line', () => {
    expect(refusal('<a>\n<b>\r\n<c V="1"/>\n</a>').line).to.equal(4);
    expect(refusal('<a>\n<!DOCTYPE x></a>')).to.deep.include({ problem: 'doctype', line: 2 });
    expect(refusal('<a>'.repeat(11)).problem).to.equal('limit');
  });

  it('values that are kept do not keep the document', () => {
    const kept: string[] = [];
    const handler: XmlHandler = { wants: 'nothing', open: ({ attributes }) => { kept.push(attributes[0]?.value ?? ''); }, text: () => undefined, bytes: () => undefined, close: () => undefined };
    const tokenizer = new XmlTokenizer(handler, { ...LIMITS, elements: 10_000, attributes: 10_000 });
    tokenizer.push(Buffer.from('<a>'));
    const memory = watchMemory(ROOM);
    for (let at = 0; at < 2000; at += 1) tokenizer.push(Buffer.from(`<b V="a value longer than twelve ${at}"/>${' '.repeat(65_536)}`));
    expect(kept).to.have.length(2001);
    expect(memory.end()).to.be.lessThan(ROOM);
  });
});
