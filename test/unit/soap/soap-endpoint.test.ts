import { expect } from 'chai';
import http from 'node:http';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { RelaisError } from '../../../src/errors.js';
import type { ReplyStruct, SoapCall, SoapOperation } from '../../../src/soap/service.js';
import { memoryBlobStore } from '../../support/memory-blob-store.js';
import { createItem, request, roomy } from './read-message.js';
import { AUTHORIZATION, connect, head, post, send, startSoapServer } from './soap-server.js';
import type { SoapServer } from './soap-server.js';

const test = request('testConnection', '');

function operation(name: string, handle: (fields: Record<string, unknown>, call: SoapCall) => ReplyStruct | Promise<ReplyStruct>): SoapOperation {
  return { name, handle: async (fields, call) => handle(fields, call) };
}
const testConnection = operation('testConnection', () => ({ connectionState: true, version: 'é' }));

describe('the SOAP endpoint', () => {
  let server: SoapServer | undefined;
  async function start(...parts: Parameters<typeof startSoapServer>): Promise<SoapServer> {
    server = await startSoapServer(...parts);
    return server;
  }
  afterEach(async () => {
    const { blobs } = server ?? {};
    await server?.close();
    server = undefined;
    expect(blobs?.openWriters ?? 0, 'writers left open').to.equal(0);
    expect(blobs?.staged ?? [], 'blobs left behind').to.deep.equal([]);
  });

  describe('answers', () => {
    it('E8, E12: 200, text/xml with charset, a length, UTF-8', async () => {
      const { port } = await start([testConnection]);
      const answer = await post(port, test);
      expect(answer.status).to.equal(200);
      expect(answer.headers).to.include({ 'content-type': 'text/xml; charset=utf-8', 'content-length': String(Buffer.byteLength(answer.text)) });
      expect(answer.text).to.include('<version>é</version>');
    });

    it('A2: without SOAPAction, with a wrong one, without content type', async () => {
      const { port } = await start([testConnection]);
      const actions: readonly Record<string, string>[] = [{}, { SOAPAction: '"http://ws4pm.imio.be/createItem"' }, { SOAPAction: '""' }];
      for (const headers of actions) expect((await post(port, test, headers)).status).to.equal(200);
      expect((await send(port, test, { method: 'POST', headers: { Authorization: AUTHORIZATION } })).status).to.equal(200);
    });

    it('anything but POST is 405', async () => {
      const { port, outcomes } = await start([testConnection]);
      const answer = await send(port, '', { method: 'GET', headers: { Authorization: AUTHORIZATION } });
      expect(answer.status).to.equal(405);
      expect(answer.headers.allow).to.equal('POST');
      expect(outcomes).to.deep.equal([{ operation: undefined, outcome: 'method' }]);
    });

    it('the correlation id is the caller\'s if it is sane, else a new one; the operation gets it', async () => {
      const seen: string[] = [];
      const { port } = await start([operation('testConnection', (_fields, call) => { seen.push(call.correlationId, call.userId); return { connectionState: true, version: '1' }; })]);
      expect((await post(port, test, { 'X-Correlation-Id': 'call-7.a:b' })).headers['x-correlation-id']).to.equal('call-7.a:b');
      for (const odd of ['a b', 'x'.repeat(65), '<script>']) expect((await post(port, test, { 'X-Correlation-Id': odd })).headers['x-correlation-id']).to.match(/^id-\d+$/);
      expect(seen.slice(0, 2)).to.deep.equal(['call-7.a:b', 'ged']);
    });

    it('chunked requests, gzip, and keep-alive', async () => {
      const { port, outcomes } = await start([testConnection]);
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      try {
        expect((await send(port, test, { method: 'POST', headers: { 'Authorization': AUTHORIZATION, 'Transfer-Encoding': 'chunked' }, agent })).status).to.equal(200);
        for (const coding of ['gzip', 'x-gzip', 'identity']) {
          expect((await post(port, coding === 'identity' ? test : gzipSync(test), { 'Content-Encoding': coding }, agent)).status, coding).to.equal(200);
        }
        const { headers } = await post(port, test, {}, agent);
        expect(headers.connection).to.equal('keep-alive');
      } finally {
        agent.destroy();
      }
      expect(outcomes.map(({ outcome }) => outcome)).to.deep.equal(['ok', 'ok', 'ok', 'ok', 'ok']);
    });
  });

  describe('credentials', () => {
    it('none: 401 with a challenge, on a connection that can be used again', async () => {
      const { port, outcomes } = await start([testConnection]);
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      try {
        const answer = await post(port, test, { Authorization: '' }, agent);
        expect(answer.status).to.equal(401);
        expect(answer.headers['www-authenticate']).to.equal('Basic realm="Relais test", charset="UTF-8"');
        expect(answer.headers.connection).to.equal('keep-alive');
        expect((await post(port, test, {}, agent)).status).to.equal(200);
      } finally {
        agent.destroy();
      }
      expect(outcomes.map(({ outcome }) => outcome)).to.deep.equal(['unauthorized', 'ok']);
    });

    it('wrong ones after many tries: when to try again', async () => {
      const { port } = await start([testConnection]);
      expect((await post(port, test, { Authorization: 'Basic eDp5' })).headers['retry-after']).to.equal('2');
    });

    it('are checked before the body comes', async () => {
      const { port } = await start([testConnection]);
      const client = await connect(port);
      client.socket.write(head(['Content-Length: 100000000']));
      const text = await client.until('</SOAP-ENV:Envelope>');
      expect(text).to.match(/^HTTP\/1\.1 401 /).and.match(/connection: close/i);
      client.socket.end();
      await client.closed();
    });

    it('Expect: 100-continue gets its 100 only with good ones', async () => {
      const { port } = await start([testConnection]);
      const refused = await connect(port);
      refused.socket.write(head(['Expect: 100-continue', `Content-Length: ${test.length}`]));
      expect(await refused.until('</SOAP-ENV:Envelope>')).to.match(/^HTTP\/1\.1 401 /);
      refused.socket.end();
      const accepted = await connect(port);
      accepted.socket.write(head(['Expect: 100-continue', `Authorization: ${AUTHORIZATION}`, 'Connection: close', `Content-Length: ${test.length}`]));
      expect(await accepted.until('\r\n\r\n')).to.match(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
      accepted.socket.write(test);
      expect(await accepted.closed()).to.include('HTTP/1.1 200 OK').and.include('testConnectionResponse');
    });

    it('a check that fails is our fault', async () => {
      const { port, logger } = await start([testConnection], { authenticator: { authenticate: () => Promise.reject(new Error('secret detail')) } });
      const answer = await post(port, test);
      expect(answer.status).to.equal(500);
      expect(answer.text).to.include('SOAP-ENV:Server').and.not.include('secret detail');
      expect(logger.text()).to.include('secret detail');
    });
  });

  describe('faults', () => {
    it('a refusal by the operation: Client, its text, the configured status', async () => {
      for (const clientFaultStatus of [500, 200] as const) {
        const { port, logger, outcomes } = await start([operation('testConnection', () => { throw new RelaisError('RELAIS_WS4PM_USER', 'the user <x> is unknown'); })], { clientFaultStatus });
        const answer = await post(port, test);
        expect(answer.status).to.equal(clientFaultStatus);
        expect(answer.headers['content-type']).to.equal('text/xml; charset=utf-8');
        expect(answer.text).to.include('<SOAP-ENV:Fault><faultcode>SOAP-ENV:Client</faultcode><faultstring>the user &lt;x&gt; is unknown (RELAIS_WS4PM_USER)</faultstring></SOAP-ENV:Fault>');
        expect(logger.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
        expect(outcomes).to.deep.equal([{ operation: 'testConnection', outcome: 'client-fault' }]);
        await server?.close();
      }
    });

    it('A20: what cannot be read is 500 whatever is configured', async () => {
      const { port } = await start([testConnection], { clientFaultStatus: 200 });
      for (const body of ['<a', request('nothing', ''), request('getConfigInfos', '<showCategories>x</showCategories>')]) {
        const answer = await post(port, body);
        expect(answer.status).to.equal(500);
        expect(answer.text).to.include('<faultcode>SOAP-ENV:Client</faultcode>').and.match(/\(RELAIS_SOAP_\w+\)/);
      }
      const version = await post(port, test.replace('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'));
      expect(version.text).to.include('<faultcode>SOAP-ENV:VersionMismatch</faultcode>');
    });

    it('anything else: Server, a general text with the correlation id, logged once with its cause', async () => {
      const causes = [new Error('the password is swordfish'), new RelaisError('RELAIS_STORE_UNAVAILABLE', 'disk full at /var/lib'), 'text'];
      const { port, logger, outcomes } = await start([operation('testConnection', () => { throw causes.shift() as Error; }), operation('checkIsLinked', () => ({}))]);
      for (const body of [test, test, test, request('checkIsLinked', ''), request('getUserInfos', '')]) {
        const answer = await post(port, body, { 'X-Correlation-Id': 'abc' });
        expect(answer.status).to.equal(500);
        expect(answer.text).to.include('<faultcode>SOAP-ENV:Server</faultcode>').and.include('abc').and.not.match(/swordfish|\/var|RELAIS|detail|checkIsLinkedResponse/);
      }
      expect(logger.lines.map(({ level, fields }) => [level, fields['correlationId']])).to.deep.equal(Array.from({ length: 5 }, () => ['error', 'abc']));
      expect(logger.text()).to.include('swordfish').and.include('isLinked').and.include('getUserInfos');
      expect(outcomes.every(({ outcome }) => outcome === 'server-fault')).to.equal(true);
    });
  });

  describe('bodies that are too much or too little', () => {
    it('2 GiB announced: refused at once, nothing read', async () => {
      const { port } = await start([testConnection]);
      const client = await connect(port);
      client.socket.write(head([`Authorization: ${AUTHORIZATION}`, 'Content-Type: text/xml', 'Content-Length: 2147483648']));
      const text = await client.until('</SOAP-ENV:Envelope>');
      expect(text).to.match(/^HTTP\/1\.1 500 /).and.include('RELAIS_SOAP_LIMIT').and.include('requestBytes').and.match(/connection: close/i);
      client.socket.end();
      await client.closed();
    });

    it('a limit counts what is decompressed: a bomb stops where the limit is', async () => {
      const { port } = await start([testConnection], { limits: { ...roomy, requestBytes: 100_000 } });
      const bomb = gzipSync(request('testConnection', `<x>${' '.repeat(20_000_000)}</x>`));
      expect(bomb.length).to.be.lessThan(100_000);
      expect((await post(port, bomb, { 'Content-Encoding': 'gzip' })).text).to.include('requestBytes, at most 100000');
      const chunked = await send(port, request('testConnection', ' '.repeat(200_000)), { method: 'POST', headers: { 'Authorization': AUTHORIZATION, 'Transfer-Encoding': 'chunked' } });
      expect(chunked.text).to.include('requestBytes');
    });

    it('gzip that is none or is cut, and other encodings', async () => {
      const { port } = await start([testConnection]);
      expect((await post(port, 'no gzip', { 'Content-Encoding': 'gzip' })).text).to.include('RELAIS_SOAP_MALFORMED');
      expect((await post(port, gzipSync(test).subarray(0, 50), { 'Content-Encoding': 'gzip' })).text).to.include('RELAIS_SOAP_CUT');
      expect((await post(port, test, { 'Content-Encoding': 'br' })).text).to.include('RELAIS_SOAP_MEDIA').and.include('br');
    });

    it('a body that stops: a fault, and the connection is closed', async () => {
      const { port, outcomes } = await start([testConnection], { limits: { ...roomy, idleMs: 30 } });
      const client = await connect(port);
      client.socket.write(head([`Authorization: ${AUTHORIZATION}`, 'Content-Length: 1000']) + test.slice(0, 20));
      expect(await client.until('</SOAP-ENV:Envelope>')).to.include('RELAIS_SOAP_CUT').and.match(/connection: close/i);
      client.socket.end();
      await client.closed();
      expect(outcomes).to.deep.equal([{ operation: undefined, outcome: 'client-fault' }]);
    });

    it('a body that drips is given up too, however steadily', async () => {
      const { port } = await start([testConnection], { limits: { ...roomy, idleMs: 60 } });
      const client = await connect(port);
      client.socket.write(head([`Authorization: ${AUTHORIZATION}`, 'Content-Length: 1000000']) + test.slice(0, 100));
      const drip = setInterval(() => { client.socket.write(' '); }, 5);
      try {
        expect(await client.until('</SOAP-ENV:Envelope>')).to.include('RELAIS_SOAP_CUT');
      } finally {
        clearInterval(drip);
        client.socket.destroy();
      }
    });

    it('a body cut into single bytes costs no more than its length', async () => {
      const { port } = await start([testConnection]);
      const wide = `<u ${Array.from({ length: 200 }, (_, index) => `a${index}="${'>'.repeat(120)}"`).join(' ')}/>`;
      const message = request('testConnection', wide.repeat(10));
      const client = await connect(port);
      const started = performance.now();
      client.socket.write(head([`Authorization: ${AUTHORIZATION}`, 'Transfer-Encoding: chunked']) + Array.from(message, (byte) => `1\r\n${byte}\r\n`).join('') + '0\r\n\r\n');
      expect(await client.until('</SOAP-ENV:Envelope>')).to.include('testConnectionResponse');
      expect(performance.now() - started).to.be.below(4000);
      client.socket.destroy();
    });

    it('a body that takes too long as a whole is given up', async () => {
      let now = 0;
      const { port } = await start([testConnection], { limits: { ...roomy, requestMs: 1000 }, clock: { now: () => { now += 600; return now; } } });
      expect((await post(port, request('testConnection', ' '.repeat(300_000)))).text).to.include('RELAIS_SOAP_CUT').and.include('as a whole');
    });

    it('a connection cut in the middle of an annex leaves nothing', async () => {
      const running = await start([testConnection]);
      const client = await connect(running.port);
      const message = createItem(`<annexes><file>${'QUJD'.repeat(50_000)}</file></annexes>`);
      client.socket.write(head([`Authorization: ${AUTHORIZATION}`, `Content-Length: ${message.length}`]) + message.slice(0, 150_000), () => { client.socket.destroy(); });
      await running.ended(1);
      expect(running.outcomes).to.deep.equal([{ operation: undefined, outcome: 'gone' }]);
      expect(running.logger.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
    });
  });

  describe('blobs and streams', () => {
    const annexed = createItem(`<annexes><title>a</title><file>${Buffer.from('bytes of an annex').toString('base64')}</file></annexes>`);
    const received = (fields: Record<string, unknown>) => (fields['creationData'] as { annexes: { file: never }[] }).annexes[0]!.file;

    it('what the operation keeps stays, what it does not is discarded', async () => {
      const { port, blobs } = await start([operation('createItem', async (fields) => {
        if (fields['meetingConfigId'] === 'keep') await blobs.keep([received(fields)]);
        expect(blobs.bytesOf(received(fields)).toString()).to.equal('bytes of an annex');
        return { UID: 'u' };
      })]);
      for (const config of ['keep', 'other']) expect((await post(port, annexed.replace('<meetingConfigId>c', `<meetingConfigId>${config}`))).status).to.equal(200);
      expect(blobs.staged).to.deep.equal([]);
    });

    it('binaries are streamed as one line of base64, lists while they are produced', async () => {
      const big = Buffer.alloc(1_000_000, 'abcdefg');
      const uneven = () => Readable.from([big.subarray(0, 1), big.subarray(1, 5), big.subarray(5, 400_000), big.subarray(400_000)]);
      const { port } = await start([
        operation('getItemTemplate', () => ({ file: { stream: uneven, size: big.length } })),
        operation('meetingsAcceptingItems', () => ({ meetingInfo: meetings() })),
      ]);
      async function* meetings() {
        for (let index = 0; index < 5000; index++) yield await Promise.resolve({ UID: `m${index}`, date: new Date(0) });
      }
      const file = await post(port, request('getItemTemplate', ''));
      expect(/<file>(.*)<\/file>/.exec(file.text)?.[1]).to.equal(big.toString('base64'));
      expect(file.headers['transfer-encoding']).to.equal('chunked');
      expect(file.headers['content-type']).to.equal('text/xml; charset=utf-8');
      const list = await post(port, request('meetingsAcceptingItems', ''));
      expect(list.text.match(/<meetingInfo><UID>m\d+<\/UID><date>1970-01-01T00:00:00Z<\/date><\/meetingInfo>/g)).to.have.length(5000);
    });

    it('a small stream has a length', async () => {
      const { port } = await start([operation('getItemTemplate', () => ({ file: { stream: () => Readable.from([Buffer.from('ab'), Buffer.from('cd')]) } }))]);
      const answer = await post(port, request('getItemTemplate', ''));
      expect(answer.text).to.include('<file>YWJjZA==</file>');
      expect(answer.headers['content-length']).to.equal(String(answer.text.length));
    });

    it('a stream that fails at once is still a fault', async () => {
      const missing = () => new Readable({ read() { this.destroy(new RelaisError('RELAIS_BLOB_MISSING', 'the blob is gone')); } });
      const { port } = await start([operation('getItemTemplate', () => ({ file: { stream: missing } }))]);
      const answer = await post(port, request('getItemTemplate', ''));
      expect(answer.status).to.equal(500);
      expect(answer.text).to.include('SOAP-ENV:Server').and.not.include('<file>');
    });

    it('a file that lost bytes on disk is never taken for whole', async () => {
      const shortened = (bytes: number) => operation('getItemTemplate', () => ({ file: { stream: () => Readable.from([Buffer.alloc(bytes)]), size: 400_000 } }));
      const small = await post((await start([shortened(10)])).port, request('getItemTemplate', ''));
      expect(small.status).to.equal(500);
      expect(small.text).to.include('SOAP-ENV:Server').and.not.include('<file>');
      const failure: unknown = await post((await start([shortened(300_000)])).port, request('getItemTemplate', '')).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(Error);
    });

    it('a stream that fails later cuts the connection: nobody takes it for whole', async () => {
      async function* failing() {
        yield Buffer.alloc(200_000);
        yield await Promise.reject<Buffer>(new Error('the disk failed'));
      }
      const running = await start([operation('getItemTemplate', () => ({ file: { stream: () => Readable.from(failing()) } }))]);
      const failure: unknown = await post(running.port, request('getItemTemplate', '')).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(Error);
      await running.ended(1);
      expect(running.outcomes).to.deep.equal([{ operation: 'getItemTemplate', outcome: 'server-fault' }]);
      expect(running.logger.text()).to.include('the disk failed');
    });

    it('a caller that goes away aborts the operation', async () => {
      let aborted: () => void = () => undefined;
      const isAborted = new Promise<void>((resolve) => { aborted = resolve; });
      const running = await start([operation('testConnection', (_fields, { signal }) => new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => { aborted(); reject(signal.reason as Error); });
        client.socket.destroy();
      }))]);
      const client = await connect(running.port);
      client.socket.write(head([`Authorization: ${AUTHORIZATION}`, `Content-Length: ${test.length}`]) + test);
      await isAborted;
      await running.ended(1);
      expect(running.outcomes).to.deep.equal([{ operation: 'testConnection', outcome: 'gone' }]);
    });

    it('a caller that goes away in the middle of a reply ends the stream', async () => {
      let isDestroyed = false;
      const endless = () => new Readable({ read() { this.push(Buffer.alloc(65_536)); }, destroy(error, done) { isDestroyed = true; done(error); } });
      const running = await start([operation('getItemTemplate', () => ({ file: { stream: endless } }))]);
      const client = await connect(running.port);
      const message = request('getItemTemplate', '');
      client.socket.write(head([`Authorization: ${AUTHORIZATION}`, `Content-Length: ${message.length}`]) + message);
      await client.until('<file>');
      client.socket.destroy();
      await running.ended(1);
      expect(isDestroyed).to.equal(true);
      expect(running.outcomes.map(({ outcome }) => outcome)).to.deep.equal(['gone']);
    });

    it('a slow disk and a body that was there at once: the operation still gets its whole annex', async () => {
      const blobs = memoryBlobStore({ slowEvery: 1 });
      const sizes: number[] = [];
      let waiting: http.IncomingMessage | undefined;
      const { port } = await start([operation('createItem', (fields) => { sizes.push((received(fields) as { size: number }).size); return { UID: 'u' }; })], {
        blobs,
        // all of the request has come before any of it is read
        remoteAddressOf: (incoming) => { waiting = incoming; return ''; },
        authenticator: { authenticate: () => new Promise((resolve) => {
          const look = () => { if (waiting?.complete === true) resolve({ ok: true, userId: 'ged' }); else setImmediate(look); };
          look();
        }) },
      });
      for (const coding of ['identity', 'gzip']) {
        const answer = await post(port, coding === 'gzip' ? gzipSync(annexed) : annexed, { 'Content-Encoding': coding });
        expect(answer.text).to.include('<UID>u</UID>');
      }
      expect(sizes).to.deep.equal([17, 17]);
      expect(blobs.staged).to.deep.equal([]);
    });

    it('MTOM over HTTP', async () => {
      const { port } = await start([operation('createItem', (fields) => ({ UID: String((received(fields) as { size: number }).size) }))]);
      const root = createItem('<annexes><file><xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:a"/></file></annexes>');
      const body = `--b\r\nContent-Type: application/xop+xml\r\n\r\n${root}\r\n--b\r\nContent-ID: <a>\r\n\r\n${'x'.repeat(100_000)}\r\n--b--`;
      expect((await post(port, body, { 'Content-Type': 'multipart/related; type="application/xop+xml"; boundary=b' })).text).to.include('<UID>100000</UID>');
    });
  });
});
