import { expect } from 'chai';
import { createItem, envelope, read, refusal, request, roomy } from './read-message.js';

const WRAPPED = request('testConnection', '@');
const inDummy = (text: string) => request('testConnection', `<dummy>${text}</dummy>`);

describe('XML 1.0 with namespaces', () => {
  const broken: readonly (readonly [string, string, string])[] = [
    ['a tag that is not closed', WRAPPED.replace('@', '<dummy>'), '</dummy> was expected'],
    ['crossed tags', WRAPPED.replace('@', '<a><b></a></b>'), '</b> was expected'],
    ['an end tag alone', `${envelope('')}</a>`, 'nothing is open'],
    ['the same prefix rebound is still another name', WRAPPED.replace('@', '<a:x xmlns:a="u" xmlns:b="u"></b:x>'), '</a:x> was expected'],
    ['a name that begins with a digit', WRAPPED.replace('@', '<1a/>'), 'does not begin with a name'],
    ['two colons', WRAPPED.replace('@', '<w:a:b/>'), 'does not begin with a name'],
    ['a space before the name', WRAPPED.replace('@', '< a/>'), 'does not begin with a name'],
    ['an undeclared prefix', WRAPPED.replace('@', '<q:a/>'), '"q" is not declared'],
    ['an undeclared prefix of an attribute', WRAPPED.replace('@', '<a q:b="1"/>'), '"q" is not declared'],
    ['a prefix after its scope', WRAPPED.replace('@', '<a xmlns:q="u"/><q:b/>'), '"q" is not declared'],
    ['a prefix bound to nothing', WRAPPED.replace('@', '<a xmlns:q=""/>'), 'must not be bound to nothing'],
    ['xmlns bound', WRAPPED.replace('@', '<a xmlns:xmlns="u"/>'), 'must not be bound'],
    ['xml bound to another namespace', WRAPPED.replace('@', '<a xmlns:xml="u"/>'), 'must not be bound'],
    ['an attribute twice', WRAPPED.replace('@', '<a b="1" b="2"/>'), 'stands twice'],
    ['an attribute twice under two prefixes', WRAPPED.replace('@', '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>'), 'stands twice'],
    ['a default namespace twice', WRAPPED.replace('@', '<a xmlns="u" xmlns="v"/>'), 'stands twice'],
    ['an attribute without value', WRAPPED.replace('@', '<a b/>'), 'name="value" was expected'],
    ['an attribute without quotes', WRAPPED.replace('@', '<a b=1/>'), 'name="value" was expected'],
    ['attributes that touch', WRAPPED.replace('@', '<a b="1"c="2"/>'), 'name="value" was expected'],
    ['"<" in an attribute', WRAPPED.replace('@', '<a b="<"/>'), '"<" must not stand inside a tag'],
    ['a slash in the middle of a tag', WRAPPED.replace('@', '<a / b="1">'), 'name="value" was expected'],
    ['a bare ampersand', inDummy('a & b'), 'must be written "&amp;"'],
    ['a bare ampersand at the end', inDummy('a &'), 'must be written "&amp;"'],
    ['a reference without semicolon', inDummy('&amp a'), 'must be written "&amp;"'],
    ['an HTML entity', inDummy('&eacute;'), '&eacute;'],
    ['an entity in an attribute', WRAPPED.replace('@', '<a b="&nbsp;"/>'), '&nbsp;'],
    ['a reference to NUL', inDummy('&#0;'), 'U+0000'],
    ['a reference to a control character', inDummy('&#x1B;'), 'U+001B'],
    ['a reference to a surrogate', inDummy('&#xD83D;&#xDE00;'), '&#xD83D;'],
    ['a reference beyond Unicode', inDummy('&#x110000;'), '&#x110000;'],
    ['a reference to nothing', inDummy('&#;'), '&#;'],
    ['a NUL', inDummy('a\0b'), 'U+0000'],
    ['a control character', inDummy('a\u0008b'), 'U+0008'],
    ['a control character in CDATA', inDummy('<![CDATA[\u001f]]>'), 'U+001F'],
    ['a control character in a comment', inDummy('<!--\u0001-->'), 'U+0001'],
    ['a control character in an attribute', WRAPPED.replace('@', '<a b="\u0001"/>'), 'U+0001'],
    ['U+FFFE', inDummy('\uFFFE'), 'U+FFFE'],
    ['"]]>" in text', inDummy('a ]]> b'), '"]]>"'],
    ['"--" in a comment', inDummy('<!-- a -- b -->'), '"--"'],
    ['a comment that ends in "--->"', inDummy('<!-- a --->'), '"--"'],
    ['an unknown declaration', inDummy('<!ELEMENT a>'), '"<!"'],
    ['a lower-case CDATA', inDummy('<![cdata[a]]>'), '"<!"'],
    ['an XML declaration in the middle', inDummy('<?xml version="1.0"?>'), 'very first'],
    ['an XML declaration after a line end', `\n<?xml version="1.0"?>${WRAPPED}`, 'very first'],
    ['an XML declaration without version', `<?xml encoding="UTF-8"?>${WRAPPED}`, 'XML declaration'],
    ['XML 2.0', `<?xml version="2.0"?>${WRAPPED}`, 'XML declaration'],
    ['a processing instruction without name', inDummy('<? a?>'), '"<?"'],
    ['text before the root', `a${WRAPPED}`, 'outside the root'],
    ['text after the root', `${WRAPPED}a`, 'outside the root'],
    ['CDATA after the root', `${WRAPPED}<![CDATA[ ]]>`, 'outside the root'],
    ['a second root', `${WRAPPED}<b/>`, 'after the root'],
    ['a comment that does not end', `${WRAPPED}<!-- a`, 'ends inside'],
    ['a tag that does not end', '<a b="', 'ends inside'],
  ];
  for (const [what, text, message] of broken) {
    it(`refuses ${what}`, async () => {
      for (const chunk of [text.length, 1]) {
        const error = await refusal(text, { chunk });
        expect(error.code).to.equal('RELAIS_SOAP_MALFORMED');
        expect(error.message).to.include(message);
      }
    });
  }

  it('takes what looks odd and is right', async () => {
    const text = `<?xml version='1.0' encoding = "UTF-8" standalone='yes' ?><!-- - --><?p <a> ?>\n${envelope(
      '<w:testConnectionRequest   a = \'>"\' b\n=\t"/>\'"\n><?x?><dummy\n>a&lt;&#x1F600;&#233;]] >\u0085\u{10FFFF}</dummy ></w:testConnectionRequest\t>')}\n<!---->`;
    expect((await read(text)).request).to.deep.equal({ dummy: 'a<😀é]] >\u0085\u{10FFFF}' });
    expect((await read(text, { chunk: 1 })).request).to.deep.equal({ dummy: 'a<😀é]] >\u0085\u{10FFFF}' });
  });

  it('resolves prefixes by scope: nested, hidden and back', async () => {
    const text = '<x:Envelope xmlns:x="http://schemas.xmlsoap.org/soap/envelope/"><x:Body><x:searchItemsRequest xmlns:x="http://ws4pm.imio.be">'
      + '<Title>a</Title></x:searchItemsRequest></x:Body></x:Envelope>';
    expect(await read(text)).to.deep.equal({ operation: 'searchItems', request: { Title: 'a' } });
  });

  it('says where: line and column', async () => {
    const lines = request('searchItems', '\n<Title>a</Title>\r\n  <UID>&wrong;</UID>');
    for (const chunk of [lines.length, 7, 1]) {
      expect((await refusal(lines, { chunk })).message, String(chunk)).to.include('line 3, column 8:');
    }
  });

  it('refuses bytes that are not UTF-8, and says so', async () => {
    for (const wrong of [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]]) {
      const [before = '', after = ''] = inDummy('@').split('@');
      for (const chunk of [1000, 1]) {
        const error = await refusal(Buffer.concat([Buffer.from(before), Buffer.from(wrong), Buffer.from(after)]), { chunk });
        expect(error.code, wrong.join()).to.equal('RELAIS_SOAP_ENCODING');
      }
    }
    const inTag = Buffer.concat([Buffer.from(WRAPPED.split('@')[0] ?? ''), Buffer.from([0x3c, 0x61, 0x20, 0x62, 0x3d, 0x22, 0xff, 0x22, 0x2f, 0x3e])]);
    expect((await refusal(inTag)).code).to.equal('RELAIS_SOAP_ENCODING');
  });

  it('keeps a replacement character that was really sent', async () => {
    expect((await read(inDummy('a\uFFFDb'))).request).to.deep.equal({ dummy: 'a\uFFFDb' });
  });
});

describe('limits', () => {
  const nested = (depth: number) => request('testConnection', '<a>'.repeat(depth) + '</a>'.repeat(depth));

  it('depth: ten thousand levels are refused, what fits is taken', async () => {
    const error = await refusal(nested(10_000));
    expect(error.code).to.equal('RELAIS_SOAP_LIMIT');
    expect(error.message).to.include('depth').and.include('50');
    expect((await read(nested(47))).operation).to.equal('testConnection');
    expect((await refusal(nested(48))).code).to.equal('RELAIS_SOAP_LIMIT');
  });

  it('elements: a hundred thousand repeated ones are refused', async () => {
    const error = await refusal(createItem('<annexes/>'.repeat(100_000)));
    expect(error.code).to.equal('RELAIS_SOAP_LIMIT');
    expect(error.message).to.include('elements').and.include('20000');
  });

  it('attributes: a million are refused, in one tag or in many', async () => {
    const one = `<a ${Array.from({ length: 1_000_000 }, (_, index) => `b${index}=""`).join(' ')}/>`;
    expect((await refusal(request('testConnection', one), { chunk: 65_536 })).message).to.include('bytes of one tag');
    const some = `<a ${Array.from({ length: 300 }, (_, index) => `b${index}=""`).join(' ')}/>`;
    expect((await refusal(request('testConnection', some))).message).to.include('attributes of one element');
    const many = request('testConnection', '<a b="" c="" d="" e="" f=""/>'.repeat(10_000));
    expect((await refusal(many)).message).to.include('attributes, at most 20000');
    expect((await refusal(request('testConnection', `<a ${Array.from({ length: 300 }, (_, index) => `xmlns:p${index}="u"`).join(' ')}/>`))).code).to.equal('RELAIS_SOAP_LIMIT');
  });

  it('text: of one value, and of all', async () => {
    const limits = { ...roomy, textBytes: 1000 };
    expect((await read(inDummy('é'.repeat(500)), { limits })).request).to.have.property('dummy').with.length(500);
    const error = await refusal(inDummy('é'.repeat(501)), { limits, chunk: 64 });
    expect(error.code).to.equal('RELAIS_SOAP_LIMIT');
    expect(error.message).to.include('textBytes of testConnectionRequest/dummy').and.include('1000');
    const all = request('getItemInfos', `<allowed_annexes_types>${'a'.repeat(900)}</allowed_annexes_types>`.repeat(5));
    expect((await refusal(all, { limits })).message).to.include('all values');
  });

  it('text: neither base64 nor what is passed over counts', async () => {
    const limits = { ...roomy, textBytes: 1000 };
    const file = Buffer.alloc(30_000, 7).toString('base64');
    const decoded = await read(createItem(`<unknown>${'x'.repeat(10_000)}</unknown><annexes><file>${file}</file></annexes>`), { limits, chunk: 500 });
    expect(decoded.request).to.have.nested.property('creationData.annexes[0].file', `base64:${file}`);
  });

  it('an end tag full of white space costs no more than its length', async () => {
    const endTag = (blanks: number, rest = '') => WRAPPED.replace('@', `<a></a${' '.repeat(blanks)}${rest}>`);
    const started = performance.now();
    expect((await read(endTag(30_000))).operation).to.equal('testConnection');
    expect((await refusal(endTag(30_000, 'x'))).message).to.include('</a> was expected');
    expect((await refusal(endTag(60_000, 'x'))).code).to.equal('RELAIS_SOAP_LIMIT');
    expect(performance.now() - started).to.be.below(500);
  });

  it('a name, a comment or an instruction without end does not fill the memory', async () => {
    expect((await refusal(request('testConnection', `<${'a'.repeat(100_000)}/>`), { chunk: 4096 })).message).to.include('bytes of one tag');
    expect((await refusal(request('testConnection', `<?${'a'.repeat(100_000)}?>`), { chunk: 4096 })).message).to.include('bytes of one tag');
    expect((await refusal(request('testConnection', `</${'a'.repeat(100_000)}`), { chunk: 4096 })).message).to.include('bytes of one tag');
    expect((await read(request('testConnection', `<!--${'a'.repeat(100_000)}--><?b ${'a'.repeat(100_000)}?>`), { chunk: 4096 })).operation).to.equal('testConnection');
  });
});
