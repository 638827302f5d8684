import { expect } from 'chai';
import { EventEmitter, once } from 'node:events';
import fs from 'node:fs';
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type LookupFunction, type Server } from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { Misconfigured, NotSent, OutcomeUnknown, Refused } from '../../../src/connector-api/failures.js';
import type { HttpAnswer, HttpRequest } from '../../../src/connector-api/http.js';
import { createOutboundHttp, type OutboundHttp } from '../../../src/outbound/create-outbound-http.js';

const pem = (name: string): string => fs.readFileSync(path.resolve(import.meta.dirname, '../../../fixtures/tls', name), 'utf8');

describe('outbound HTTP', () => {
  let outbound: OutboundHttp;
  const servers: (Server & { closeAllConnections?(): void })[] = [];
  beforeEach(() => { outbound = createOutboundHttp(); });
  afterEach(async () => {
    outbound.close();
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections?.();
    })));
  });

  async function listen(server: Server, protocol = 'http'): Promise<string> {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const serve = (listener: RequestListener): Promise<string> => listen(http.createServer(listener));

  /** Speaks no HTTP of its own. */
  const serveSocket = (onSocket: (socket: net.Socket) => void): Promise<string> => listen(net.createServer((socket) => {
    onSocket(socket.on('error', () => undefined).resume());
  }));

  function call(url: string, change: Partial<HttpRequest> = {}, signal = new AbortController().signal): Promise<HttpAnswer> {
    return outbound.callFor(signal)({ method: 'GET', url, allowPrivate: true, timeoutMs: 5_000, ...change });
  }

  async function failureOf(work: Promise<unknown>): Promise<Error> {
    const thrown: unknown = await work.then(() => new Error('it did not fail'), (error: unknown) => error);
    return thrown as Error;
  }

  describe('an exchange', () => {
    it('sends method, headers and body as they are, and nothing that nobody chose', async () => {
      let seen: unknown;
      const url = await serve((request, response) => {
        seen = { method: request.method, headers: request.headers };
        request.pipe(response.writeHead(418, { 'X-Answer': 'yes', 'Set-Cookie': ['a=1', 'b=2'] }));
      });
      const answer = await call(`${url}/x?y=1`, { method: 'PUT', headers: { 'X-Ask': 'yes' }, body: '{"a":1}' });

      expect(await answer.text()).to.equal('{"a":1}');
      expect(answer.status).to.equal(418);
      expect(answer.headers).to.include({ 'x-answer': 'yes', 'set-cookie': 'a=1, b=2' });
      expect(seen).to.have.property('method', 'PUT');
      expect((seen as { headers: object }).headers).to.have.all.keys('host', 'accept', 'accept-encoding', 'connection', 'content-length', 'user-agent', 'x-ask');
    });

    it('knows the methods of WebDAV', async () => {
      const url = await serve((request, response) => response.end(request.method));
      for (const method of ['PROPFIND', 'MKCOL', 'MOVE'] as const) expect(await (await call(url, { method })).text()).to.equal(method);
    });

    it('streams a body chunked, or with its length where that is given', async () => {
      const url = await serve((request, response) => {
        request.resume().once('end', () => response.end(`${request.headers['transfer-encoding']} ${request.headers['content-length']}`));
      });
      const body = () => Readable.from([Buffer.from('ab'), Buffer.from('c')]);

      expect(await (await call(url, { method: 'POST', body: body() })).text()).to.equal('chunked undefined');
      expect(await (await call(url, { method: 'POST', body: body(), headers: { 'content-length': '3' } })).text()).to.equal('undefined 3');
    });

    it('keeps a connection for the next request, but not across the guard', async () => {
      const ports = new Set<number | undefined>();
      const url = await serve((request, response) => {
        ports.add(request.socket.remotePort);
        response.end('ok');
      });
      const here = createOutboundHttp({ lookup: (_host, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]) });
      const ask = (allowPrivate: boolean) => here.callFor(new AbortController().signal)({ method: 'GET', url: url.replace('127.0.0.1', 'partner.example'), allowPrivate });
      await (await ask(true)).text();
      await (await ask(true)).text();
      const guarded = await failureOf(ask(false));
      here.close();

      expect(ports.size).to.equal(1);
      expect(guarded).to.be.instanceOf(Misconfigured);
    });

    it('reads a compressed answer, no further than the limit', async () => {
      let chunksRead = 0;
      const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));
      const url = await serve((request, response) => {
        response.writeHead(200, { 'Content-Encoding': 'gzip' });
        if (request.url === '/bomb') response.end(bomb);
        else response.end(gzipSync('bonjour'));
      });
      expect(await (await call(url)).text()).to.equal('bonjour');

      const answer = await call(`${url}/bomb`);
      answer.body.on('data', () => { chunksRead += 1; }).pause();
      expect(await failureOf(answer.text(1_000_000))).to.be.instanceOf(OutcomeUnknown).with.property('message').that.includes('longer than 1000000 bytes');
      expect(chunksRead).to.be.lessThan(200);
    });

    it('ends the connection of an answer that nobody wants', async () => {
      const answers = new EventEmitter();
      const ended = once(answers, 'end');
      const url = await serve((_request, response) => response.on('close', () => answers.emit('end')).write('half'));
      (await call(url)).body.destroy();

      await ended;
    });

    it('leaves no timer and no listener behind', async () => {
      const url = await serve((_request, response) => response.end('ok'));
      const controller = new AbortController();
      const answer = await call(url, {}, controller.signal);
      await answer.text();
      controller.abort();

      expect(answer.body.errored).to.equal(null);
    });
  });

  describe('when it fails', () => {
    it('nothing listens: not sent', async () => {
      const url = await serve(() => undefined);
      await new Promise((resolve) => { servers.pop()?.close(resolve); });

      expect(await failureOf(call(url, { method: 'POST', body: 'x' }))).to.be.instanceOf(NotSent).with.property('message', `${url} could not be reached: nothing listens there.`);
    });

    it('a name that nobody knows: not sent', async () => {
      const unknown: LookupFunction = (_host, _options, callback) => callback(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), '');
      const stranger = createOutboundHttp({ lookup: unknown });
      const failures = await Promise.all([true, false].map((allowPrivate) => failureOf(stranger.callFor(new AbortController().signal)({ method: 'GET', url: 'http://partner.example/', allowPrivate }))));
      stranger.close();

      for (const failure of failures) expect(failure).to.be.instanceOf(NotSent).with.property('message').that.includes('the name is not known');
    });

    it('the connection is cut before, or in the middle of, the answer: unknown', async () => {
      const before = await serveSocket((socket) => socket.once('data', () => socket.resetAndDestroy()));
      expect(await failureOf(call(before, { method: 'POST', body: 'x' }))).to.be.instanceOf(OutcomeUnknown).with.property('message').that.includes('the connection was cut');

      const middle = await serveSocket((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')));
      const answer = await call(middle);
      expect(await failureOf(answer.text())).to.be.instanceOf(OutcomeUnknown).with.property('message').that.includes('was cut');
    });

    it('an answer that is not HTTP: unknown', async () => {
      const url = await serveSocket((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH\r\n')));
      expect(await failureOf(call(url))).to.be.instanceOf(OutcomeUnknown);
    });

    it('no answer in time: unknown, and the same for an answer that stops', async () => {
      const silent = await serveSocket(() => undefined);
      expect(await failureOf(call(silent, { timeoutMs: 60 }))).to.be.instanceOf(OutcomeUnknown).with.property('message').that.includes('more than 0.06 s');

      const stopping = await serve((_request, response) => { response.writeHead(200).write('half'); });
      const answer = await call(stopping, { timeoutMs: 200 });
      expect(await failureOf(answer.text())).to.be.instanceOf(OutcomeUnknown);
    });

    it('no TLS handshake in time: not sent', async () => {
      const deaf = createOutboundHttp({ connectMs: 60 });
      const url = (await serveSocket(() => undefined)).replace('http:', 'https:');
      const failure = await failureOf(deaf.callFor(new AbortController().signal)({ method: 'POST', url, body: 'x', allowPrivate: true }));
      deaf.close();

      expect(failure).to.be.instanceOf(NotSent).with.property('message').that.includes('no connection within 0.06 s');
    });

    it('the attempt is ended: not sent before a connection, unknown after, and the body of an answer stops', async () => {
      expect(await failureOf(call(await serve(() => undefined), {}, AbortSignal.abort()))).to.be.instanceOf(NotSent);

      const controller = new AbortController();
      const url = await serveSocket((socket) => socket.once('data', () => controller.abort()));
      expect(await failureOf(call(url, {}, controller.signal))).to.be.instanceOf(OutcomeUnknown).with.property('message').that.includes('the attempt was ended');

      const late = new AbortController();
      const answer = await call(await serve((_request, response) => { response.writeHead(200).write('half'); }), {}, late.signal);
      late.abort();
      expect(await failureOf(answer.text())).to.be.instanceOf(OutcomeUnknown);
    });

    it('an answer that nobody reads and that breaks does not end the process', async () => {
      const late = new AbortController();
      const answer = await call(await serve((_request, response) => { response.writeHead(200).write('half'); }), {}, late.signal);
      late.abort();
      await new Promise((resolve) => { answer.body.once('close', resolve); });

      expect(answer.body.errored).to.be.instanceOf(Error);
    });

    it('the body breaks: its own error, a request that is cut, and nothing left open', async () => {
      let whole = false;
      const url = await serve((request) => { request.on('error', () => undefined).resume().once('end', () => { whole = true; }); });
      const damaged = new Refused('The annex is damaged.');
      const body = Readable.from((function* () {
        yield Buffer.from('a');
        throw damaged;
      })());

      expect(await failureOf(call(url, { method: 'PUT', body }))).to.equal(damaged);
      expect(whole).to.equal(false);
      const broken = new Readable().once('error', () => undefined).destroy(damaged);
      await new Promise((resolve) => { broken.once('close', resolve); });
      expect(await failureOf(call(url, { method: 'PUT', body: broken }))).to.equal(damaged);
    });

    it('a failure closes the body of the request', async () => {
      const url = await serveSocket((socket) => socket.once('data', () => socket.resetAndDestroy()));
      const body = new Readable({ read() { /* more is never there */ } });
      body.push('a');

      expect(await failureOf(call(url, { method: 'PUT', body }))).to.be.instanceOf(OutcomeUnknown);
      expect(body.destroyed).to.equal(true);
    });

    it('says nothing of the path, the query and the headers', async () => {
      const url = await serve(() => undefined);
      await new Promise((resolve) => { servers.pop()?.close(resolve); });
      const failure = await failureOf(call(`${url}/hook/s3cret?token=s3cret`, { headers: { authorization: 'Bearer s3cret' } }));

      expect(failure.message).to.not.include('s3cret');
    });
  });

  describe('TLS', () => {
    const secured = (options: https.ServerOptions): Promise<string> => listen(https.createServer({ cert: pem('server.pem'), key: pem('server.key'), ...options }, (request, response) => {
      response.end(request.socket instanceof TLSSocket && request.socket.authorized ? 'somebody' : 'nobody');
    }), 'https');

    it('trusts an authority that is given, beside the usual ones', async () => {
      const url = await secured({});
      expect(await (await call(url, { tls: { ca: pem('ca.pem') } })).text()).to.equal('nobody');
    });

    it('does not trust a certificate that nobody vouches for: misconfigured', async () => {
      const failure = await failureOf(call(await secured({}), { method: 'POST', body: 'x' }));
      expect(failure).to.be.instanceOf(Misconfigured).with.property('message').that.includes('certificates');
    });

    it('shows its own certificate; none where one is asked for is misconfigured', async () => {
      const url = await secured({ ca: pem('ca.pem'), requestCert: true, rejectUnauthorized: true });
      const ca = pem('ca.pem');

      expect(await (await call(url, { tls: { ca, cert: pem('client.pem'), key: pem('client.key') } })).text()).to.equal('somebody');
      expect(await failureOf(call(url, { tls: { ca } }))).to.be.instanceOf(Misconfigured);
      // This server hangs up without an alert, after the handshake: no more can be known.
      expect(await failureOf(call(url, { tls: { ca, cert: pem('stranger.pem'), key: pem('stranger.key') } }))).to.be.instanceOf(OutcomeUnknown);
    });

    it('a key that cannot be read is misconfigured, and is not shown', async () => {
      const failure = await failureOf(call(await secured({}), { tls: { cert: 'no certificate', key: 's3cret' } }));
      expect(failure).to.be.instanceOf(Misconfigured).with.property('message').that.does.not.include('s3cret');
    });

    it('http on the other side: not sent', async () => {
      const url = await serve((_request, response) => response.end());
      expect(await failureOf(call(url.replace('http:', 'https:')))).to.be.instanceOf(NotSent).with.property('message').that.includes('does it speak TLS');
    });

    it('does not follow from https to http', async () => {
      const plain = await serve((_request, response) => response.end('plain'));
      const url = await listen(https.createServer({ cert: pem('server.pem'), key: pem('server.key') }, (_request, response) => response.writeHead(302, { Location: plain }).end()), 'https');
      const failure = await failureOf(call(url, { maxRedirects: 3, tls: { ca: pem('ca.pem') } }));

      expect(failure).to.be.instanceOf(Misconfigured).with.property('message').that.includes('without encryption');
    });
  });

  describe('the guard', () => {
    it('refuses addresses in the URL, in any spelling, before a connection', async () => {
      let connections = 0;
      const url = await serve((_request, response) => response.end());
      servers[0]?.on('connection', () => { connections += 1; });
      const { port } = new URL(url);
      for (const host of ['127.0.0.1', '127.1', '0x7f000001', '2130706433', '0', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '10.0.0.1', '169.254.169.254']) {
        expect(await failureOf(call(`http://${host}:${port}/`, { allowPrivate: false })), host).to.be.instanceOf(Misconfigured).with.property('message').that.includes('allowPrivate');
      }
      expect(connections).to.equal(0);
    });

    it('refuses names that lead there', async () => {
      const url = await serve((_request, response) => response.end());
      expect(await failureOf(call(url.replace('127.0.0.1', 'localhost'), { allowPrivate: false }))).to.be.instanceOf(Misconfigured);
    });

    it('refuses a redirect to an address that is not http, or holds a password', async () => {
      const url = await serve((request, response) => response.writeHead(302, { Location: request.url === '/file' ? 'file:///etc/passwd' : 'http://user:pass@localhost/' }).end());
      expect(await failureOf(call(`${url}/file`, { maxRedirects: 1 }))).to.be.instanceOf(Misconfigured);
      expect(await failureOf(call(url, { maxRedirects: 1 }))).to.be.instanceOf(Misconfigured).with.property('message').that.does.not.include('pass@');
    });

    it('refuses what is not a URL, and other protocols', async () => {
      for (const url of ['partner.example/hook', 'ftp://partner.example/', 'file:///etc/passwd', 'http://user:pw@partner.example/']) expect(await failureOf(call(url)), url).to.be.instanceOf(Misconfigured);
    });
  });

  describe('redirects', () => {
    it('are answered as they are, unless they are asked for, and never followed with a body', async () => {
      const url = await serve((request, response) => (request.url === '/' ? response.writeHead(302, { Location: '/next' }).end() : response.end('there')));

      expect((await call(url)).status).to.equal(302);
      expect(await (await call(url, { maxRedirects: 1 })).text()).to.equal('there');
      expect((await call(url, { method: 'POST', body: 'x', maxRedirects: 1 })).status).to.equal(302);
    });

    it('end after as many as were asked for', async () => {
      let calls = 0;
      const url = await serve((_request, response) => {
        calls += 1;
        response.writeHead(307, { Location: '/again' }).end();
      });

      expect((await call(url, { maxRedirects: 3 })).status).to.equal(307);
      expect(calls).to.equal(4);
    });

    it('to another host lose the permission for private networks', async () => {
      const other = await serve((_request, response) => response.end('secret of the town'));
      const url = await serve((_request, response) => response.writeHead(302, { Location: other.replace('127.0.0.1', '127.0.0.2') }).end());

      expect(await failureOf(call(url, { maxRedirects: 1 }))).to.be.instanceOf(Misconfigured).with.property('message').that.includes('private network');
    });

    it('to another origin carry no credentials', async () => {
      let seen: http.IncomingHttpHeaders = {};
      const other = await serve((request, response) => {
        seen = request.headers;
        response.end('ok');
      });
      const url = await serve((_request, response) => response.writeHead(302, { Location: other }).end());
      await call(url, { maxRedirects: 1, headers: { Authorization: 'Bearer s3cret', Cookie: 'a=s3cret', 'X-Api-Key': 's3cret', Accept: 'text/plain' } });

      expect(JSON.stringify(seen)).to.not.include('s3cret');
      expect(seen.accept).to.equal('text/plain');
    });
  });
});
