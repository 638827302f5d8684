import { expect } from 'chai';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { startGateway, temporaryFolder, type GatewayProcess } from '../support/gateway-process.js';
import { call, collegeItem, envelope, post } from '../support/soap-call.js';

/** Every item here would carry this identifier: that it is linked to nothing proves that nothing was accepted. */
const MARK = '<externalIdentifier>bad-input</externalIdentifier>';
const AUTHORIZATION = `Authorization: Basic ${Buffer.from('ged:demo').toString('base64')}`;

const item = (extra = '', title = 'Point') => envelope('createItem', collegeItem(title, MARK + extra));
const inItem = (extra: string) => item().replace(MARK, MARK + extra);
const annex = (base64: string) => item(`<annexes><title>a</title><filename>a.pdf</filename><file>${base64}</file></annexes>`);
const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** What is sent, and the code that the fault must name. */
const refused: Readonly<Record<string, readonly [body: string | Buffer, code: string, headers?: Record<string, string>]>> = {
  'a DOCTYPE': [`<!DOCTYPE a>${item().replace(/<\?xml.*?\?>/, '')}`, 'RELAIS_SOAP_DOCTYPE'],
  'an entity bomb': [item('&c;').replace('?>', '?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'), 'RELAIS_SOAP_DOCTYPE'],
  'a file as an entity': [item('&f;').replace('?>', '?><!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>'), 'RELAIS_SOAP_DOCTYPE'],
  '10,000-deep nesting': [inItem('<a>'.repeat(10_000) + '</a>'.repeat(10_000)), 'RELAIS_SOAP_LIMIT'],
  'a million attributes in one element': [inItem(`<a ${Array.from({ length: 1_000_000 }, (_, n) => `b${n}=""`).join(' ')}/>`), 'RELAIS_SOAP_LIMIT'],
  'a million attributes in many elements': [inItem(`<a ${Array.from({ length: 200 }, (_, n) => `b${n}=""`).join(' ')}/>`.repeat(5000)), 'RELAIS_SOAP_LIMIT'],
  'more files than a request may bring': [inItem('<annexes><title>a</title><filename>a.txt</filename><file>YQ==</file></annexes>'.repeat(1001)), 'RELAIS_SOAP_LIMIT'],
  '100,000 repeated elements': [inItem('<optionalAdvisers>a</optionalAdvisers>'.repeat(100_000)), 'RELAIS_SOAP_LIMIT'],
  'text beyond the limit of one value': [item(`<description>${'a'.repeat(17 * 1024 * 1024)}</description>`), 'RELAIS_SOAP_LIMIT'],
  'markup without end': [item(`<description>${'&lt;p>a&lt;/p>'.repeat(200_000)}</description>`), 'RELAIS_WS4PM_HTML'],
  'base64 that is cut': [annex('QUJDR'), 'RELAIS_SOAP_VALUE'],
  'base64 with strange characters': [annex('QUJ*REVG'), 'RELAIS_SOAP_VALUE'],
  'base64 that goes on after its padding': [annex('QQ==QUJD'), 'RELAIS_SOAP_VALUE'],
  'a wrapper in a wrong namespace': [item().replace('http://ws4pm.imio.be', 'http://ws4pm.example'), 'RELAIS_SOAP_OPERATION'],
  'an unknown operation': [envelope('dropEverything', ''), 'RELAIS_SOAP_OPERATION'],
  'a SOAP 1.2 envelope': [item().replace('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'), 'RELAIS_SOAP_VERSION', { 'Content-Type': 'application/soap+xml' }],
  'two children of Body': [item().replace('</s:Body>', '<w:testConnectionRequest xmlns:w="http://ws4pm.imio.be"/></s:Body>'), 'RELAIS_SOAP_MALFORMED'],
  'two Bodies': [item().replace('</s:Body>', '</s:Body><s:Body/>'), 'RELAIS_SOAP_MALFORMED'],
  'a NUL': [item('', 'a\0b'), 'RELAIS_SOAP_MALFORMED'],
  'a control character': [item('', 'a\u0007b'), 'RELAIS_SOAP_MALFORMED'],
  'a control character as a reference': [item('', 'a&#27;b'), 'RELAIS_SOAP_MALFORMED'],
  'bytes of another charset than the declared one': [latin1(item('', 'été')), 'RELAIS_SOAP_ENCODING'],
  'a charset that does not exist': [item().replace('encoding="UTF-8"', 'encoding="EBCDIC-FR"'), 'RELAIS_SOAP_ENCODING'],
  'a boolean that is none': [item('<toDiscuss>peut-être</toDiscuss>'), 'RELAIS_SOAP_VALUE'],
  'a date where a meeting is expected': [item('<preferredMeeting>2027-02-31T25:61:00Z</preferredMeeting>'), 'RELAIS_WS4PM_MEETING'],
  'gzip that is none': [item(), 'RELAIS_SOAP_MALFORMED', { 'Content-Encoding': 'gzip' }],
  'a form': ['a=b', 'RELAIS_SOAP_MEDIA', { 'Content-Type': 'application/x-www-form-urlencoded' }],
};

describe('bad input', function () {
  this.timeout(60_000);
  const data = temporaryFolder();
  let gateway: GatewayProcess;
  let soap: string;
  before(async () => {
    gateway = await startGateway({ data });
    soap = `${gateway.url}/ws4pm`;
  });
  after(async () => {
    expect(await gateway.stop()).to.equal(0);
    fs.rmSync(data, { recursive: true, force: true });
  });

  afterEach('nothing was accepted, nothing is left, and the next caller is served', async () => {
    expect((await call(soap, 'checkIsLinked', MARK)).reply['isLinked']).to.equal('false');
    expect(fs.readdirSync(path.join(data, 'blobs/default/incoming'))).to.deep.equal([]);
    expect(gateway.output()).to.not.match(/"level":"error"| ERROR /);
  });

  for (const [what, [body, code, headers]] of Object.entries(refused)) {
    it(`${what}: a fault that says why`, async () => {
      const answer = await sent(soap, body, headers);
      expect(answer).to.match(/^HTTP\/1\.1 500/).and.include(code === 'RELAIS_SOAP_VERSION' ? 'SOAP-ENV:VersionMismatch' : 'SOAP-ENV:Client').and.include(`(${code})`);
      expect(answer).to.not.match(/node_modules|\.js:|\/src\/|root:/);
    });
  }

  it('a 2 GiB length announced: refused before anything is sent', async () => {
    const answer = await exchanged(soap, `POST /ws4pm HTTP/1.1\r\nHost: x\r\n${AUTHORIZATION}\r\nContent-Type: text/xml\r\nContent-Length: ${2 ** 31}\r\n\r\n`);
    expect(answer).to.match(/^HTTP\/1\.1 500/).and.include('RELAIS_SOAP_LIMIT').and.match(/connection: close/i);
  });

  it('malformed XML at every offset of a sample: a fault', async () => {
    const sample = item('<description>&lt;p&gt;a&lt;/p&gt;</description>');
    for (let offset = 0; offset < sample.length; offset += 1) {
      expect((await post(soap, sample.slice(0, offset))).fault?.code, `cut at ${offset}`).to.equal('SOAP-ENV:Client');
    }
  });

  it('two messages in one by conflicting lengths: refused as HTTP', async () => {
    for (const headers of ['Content-Length: 5\r\nTransfer-Encoding: chunked', 'Content-Length: 5\r\nContent-Length: 6', 'Content-Length: +5', 'Transfer-Encoding: xchunked']) {
      expect(await exchanged(soap, `POST /ws4pm HTTP/1.1\r\nHost: x\r\n${AUTHORIZATION}\r\n${headers}\r\n\r\n0\r\n\r\n`), headers).to.match(/^HTTP\/1\.1 400/);
    }
  });

  it('a correlation id that is none is not repeated', async () => {
    const answer = await sent(soap, envelope('testConnection', ''), { 'X-Correlation-Id': 'a b"<script>' });
    expect(answer).to.match(/^HTTP\/1\.1 200/).and.not.include('script');
  });

  it('names with path separators, reserved and overlong ones: the annexes are kept under harmless names', async () => {
    const names = ['../../../etc/passwd.txt', 'C:\\boot\\a.txt', 'CON.txt', `${'x'.repeat(5000)}.txt`, `a${' '.repeat(100_000)}b.txt`, '.\u202etxt.exe.txt'];
    const annexes = names.map((name, index) => `<annexes><title>${index}</title><filename>${name}</filename><file>YWJj</file></annexes>`).join('');
    const { reply } = await post(soap, envelope('createItem', collegeItem('Noms', annexes)));
    const infos = await call(soap, 'getItemInfos', `<UID>${reply['UID'] as string}</UID><showAnnexes>1</showAnnexes>`);
    const [info] = infos.reply['itemInfo'] as { annexes: { filename: string; file: string }[] }[];
    const kept = info?.annexes.map(({ filename }) => filename) ?? [];
    expect(kept.slice(0, 3)).to.deep.equal(['passwd.txt', 'a.txt', '_CON.txt']);
    for (const name of kept) expect(Buffer.byteLength(name), name).to.be.at.most(255);
    expect(info?.annexes.map(({ file }) => file)).to.deep.equal(names.map(() => 'YWJj'));
    expect(fs.readdirSync(path.join(data, 'blobs/default')).filter((name) => name !== 'incoming')).to.deep.equal(['ba']);
  });
});

/** The whole answer as text. Not by a client that fails when the server answers before it has taken the body. */
function sent(url: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', auth: 'ged:demo', headers: { 'Content-Type': 'text/xml; charset=utf-8', ...headers } }, (response) => {
      const lines = [`HTTP/1.1 ${response.statusCode ?? 0}`, ...Object.entries(response.headers).map(([name, value]) => `${name}: ${String(value)}`)];
      let text = `${lines.join('\r\n')}\r\n\r\n`;
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).on('end', () => { resolve(text); }).on('error', reject);
    });
    request.on('error', reject).end(body);
  });
}

/** Everything that comes back over a socket of its own until the server closes it or the answer is whole. */
function exchanged(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1', () => { socket.write(text); });
    socket.setEncoding('latin1').on('data', (chunk) => {
      answer += String(chunk);
      if (answer.includes('</SOAP-ENV:Envelope>')) socket.destroy();
    });
    socket.on('close', () => { resolve(answer); }).on('error', reject);
  });
}
