import { expect } from 'chai';
import { createItem, read, refusal } from './read-message.js';

const XOP = 'xmlns:xop="http://www.w3.org/2004/08/xop/include"';
const CONTENT_TYPE = 'multipart/related; type="application/xop+xml"; start="<root@x>"; start-info="text/xml"; boundary="b-1"';
const ROOT = 'Content-Type: application/xop+xml; charset=UTF-8; type="text/xml"\r\nContent-Transfer-Encoding: 8bit\r\nContent-ID: <root@x>';

const part = (headers: string, body: string | Buffer) => Buffer.concat([Buffer.from(`--b-1\r\n${headers}\r\n\r\n`), Buffer.from(body), Buffer.from('\r\n')]);
const file = (id: string) => `Content-Type: application/pdf\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${id}>`;
const include = (id: string) => `<annexes><title>${id}</title><file><xop:Include ${XOP} href="cid:${id}"/></file></annexes>`;
const message = (...parts: Buffer[]) => Buffer.concat([Buffer.from('preamble\r\n'), ...parts, Buffer.from('--b-1--\r\nepilogue')]);

describe('MTOM', () => {
  const options = { contentType: CONTENT_TYPE };
  const tricky = Buffer.concat([Buffer.from('\r\n--b-\r\n--b\r\n\r\n\0'), Buffer.alloc(500, 0xab), Buffer.from('\r\n--b-')]);

  it('parts are the content of the elements that refer to them, in any chunks', async () => {
    const bytes = message(part(ROOT, createItem(include('a@x') + include('b%40x'))), part(file('a@x'), tricky), part(file('nobody@x'), 'unused'), part(file('b@x'), ''));
    for (const chunk of [bytes.length, 1, 7, 64]) {
      const { request } = await read(bytes, { ...options, chunk });
      expect(request, String(chunk)).to.have.nested.property('creationData.annexes[0].file', `base64:${tricky.toString('base64')}`);
      expect(request).to.have.nested.property('creationData.annexes[1].file', 'base64:');
    }
  });

  it('inline base64 beside references, and one part referred to twice', async () => {
    const bytes = message(part(ROOT, createItem(`${include('a')}<annexes><file>QUJD</file></annexes>${include('a')}`)), part(file('a'), 'PDF'));
    const { request } = await read(bytes, options);
    const files = (request['creationData'] as { annexes: { file: string }[] }).annexes.map((annex) => annex.file);
    expect(files).to.deep.equal(['base64:UERG', 'base64:QUJD', 'base64:UERG']);
  });

  it('the last of several wins, whichever way each came', async () => {
    const inlineLast = `<annexes><file><xop:Include ${XOP} href="cid:a"/></file><file>QUJD</file></annexes>`;
    const { request } = await read(message(part(ROOT, createItem(inlineLast)), part(file('a'), 'PDF')), options);
    expect(request).to.have.nested.property('creationData.annexes[0].file', 'base64:QUJD');
  });

  it('an empty part whose blank line is that of the boundary', async () => {
    const bytes = Buffer.concat([part(ROOT, createItem(include('a'))), Buffer.from(`--b-1\r\n${file('a')}\r\n\r\n--b-1--`)]);
    for (const chunk of [bytes.length, 1]) {
      expect((await read(bytes, { ...options, chunk })).request).to.have.nested.property('creationData.annexes[0].file', 'base64:');
    }
  });

  it('a part that is missing is named', async () => {
    const error = await refusal(message(part(ROOT, createItem(include('a@x')))), options);
    expect(error.code).to.equal('RELAIS_SOAP_MALFORMED');
    expect(error.message).to.include('cid:a@x');
  });

  it('what is not a multipart message, or ends early, is refused', async () => {
    const whole = message(part(ROOT, createItem(include('a'))), part(file('a'), 'PDF'));
    for (let length = 0; length < whole.indexOf('--b-1--'); length += 3) {
      expect((await refusal(whole.subarray(0, length), options)).code).to.equal('RELAIS_SOAP_MALFORMED');
    }
    expect((await refusal(whole, { contentType: 'multipart/related' })).message).to.include('boundary');
    expect((await refusal(Buffer.from('--b-1--'), options)).code).to.equal('RELAIS_SOAP_MALFORMED');
  });

  it('the root comes first, is XML, and parts are not encoded for mail', async () => {
    expect((await refusal(message(part(file('a'), 'PDF'), part(ROOT, createItem(include('a')))), options)).code).to.equal('RELAIS_SOAP_MALFORMED');
    expect((await refusal(message(part('Content-Type: image/png', 'PNG')), options)).code).to.equal('RELAIS_SOAP_MEDIA');
    const encoded = part(file('a').replace('binary', 'base64'), 'UERG');
    expect((await refusal(message(part(ROOT, createItem(include('a'))), encoded), options)).code).to.equal('RELAIS_SOAP_MEDIA');
  });

  it('headers of a part and the number of parts are bounded', async () => {
    expect((await refusal(message(part(`X: ${'x'.repeat(20_000)}`, '')), options)).code).to.equal('RELAIS_SOAP_LIMIT');
    expect((await refusal(message(part(ROOT, createItem('')), ...Array.from({ length: 1001 }, () => part('X: y', ''))), options)).code).to.equal('RELAIS_SOAP_LIMIT');
  });

  it('a reference needs a cid:, stands alone, and means nothing in plain XML', async () => {
    const wrong = [include('a').replace('cid:', 'http://'), include('a').replace('cid:a', 'cid:%'), include('a').replace('<file>', '<file>QUJD'), include('a').replace('</file>', 'QUJD</file>')];
    for (const creationData of wrong) {
      expect((await refusal(message(part(ROOT, createItem(creationData)), part(file('a'), 'PDF')), options)).code, creationData).to.equal('RELAIS_SOAP_VALUE');
    }
    expect((await refusal(createItem(include('a')))).code).to.equal('RELAIS_SOAP_VALUE');
  });
});
