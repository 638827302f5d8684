import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createOutboundHttp } from '../../../src/outbound/create-outbound-http.js';
import { createSoapClient } from '../../../src/soap-client/soap-client.js';
import type { KeepFile } from '../../../src/soap-client/values.js';
import { parapheur, reply } from './soap-partner.js';

const MIB = 2 ** 20;
const LARGE = 150 * MIB;

/** What 150 MiB may add to the resident memory, client and service together: far less than the file, enough for the
 * collector's moods. */
const ROOM = 64 * MIB;

/** A multiple of three, so that each is base64 of its own. */
const chunk = Buffer.alloc(48 * 1024, 'relais');
const chunk64 = Buffer.from(chunk.toString('base64'));

const pieces = (size: number) => Array.from({ length: Math.ceil(size / chunk.length) }, (_, index) => Math.min(chunk.length, size - index * chunk.length));

function content(size: number): Readable {
  return Readable.from((function* bytes() { for (const length of pieces(size)) yield chunk.subarray(0, length); })());
}

function hashOf(size: number): string {
  const hash = createHash('sha256');
  for (const length of pieces(size)) hash.update(chunk.subarray(0, length));
  return hash.digest('hex');
}

describe('large files in SOAP messages', () => {
  let server: http.Server;
  let highest = 0;
  let received = 0;
  const look = () => { highest = Math.max(highest, process.memoryUsage.rss()); };
  const outbound = createOutboundHttp();

  async function write(response: ServerResponse, bytes: Buffer | string): Promise<void> {
    look();
    if (!response.write(bytes)) await once(response, 'drain');
  }

  /** Takes whatever comes; the path says how much of a file is in its answer, and in which form. */
  async function answer(path: string, response: ServerResponse): Promise<void> {
    const [, port = '', size = ''] = path.split('/');
    const marked = reply('GetDossier', '<DocPrincipal>@</DocPrincipal>').split('@') as [string, string];
    if (port === 'plain') {
      response.writeHead(200, { 'content-type': 'text/xml' }).write(marked[0]);
      for (const length of pieces(Number(size))) await write(response, length === chunk.length ? chunk64 : chunk.toString('base64', 0, length));
      response.end(marked[1]);
      return;
    }
    const include = '<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:doc"/>';
    response.writeHead(200, { 'content-type': 'multipart/related; type="application/xop+xml"; boundary="b"' });
    response.write(`--b\r\nContent-Type: application/xop+xml\r\n\r\n${marked.join(include)}\r\n--b\r\nContent-ID: <doc>\r\n\r\n`);
    for (const length of pieces(Number(size))) await write(response, chunk.subarray(0, length));
    response.end('\r\n--b--');
  }

  before(async () => {
    server = http.createServer((request, response) => {
      received = 0;
      request.on('data', (bytes: Buffer) => { received += bytes.length; look(); });
      request.on('end', () => { answer(request.url ?? '', response).catch(() => response.destroy()); });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(async () => {
    outbound.close();
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });

  const keep: KeepFile = async (bytes) => {
    const hash = createHash('sha256');
    let size = 0;
    for await (const piece of bytes) {
      hash.update(piece);
      size += piece.length;
      look();
      // slower than what comes: without back-pressure the rest would pile up
      await nextTurn();
    }
    return { sha256: hash.digest('hex'), size };
  };

  const clientFor = (port: 'plain' | 'mtom', answered: number) => createSoapClient({
    model: parapheur, keep, signal: new AbortController().signal, http: outbound.callFor(new AbortController().signal),
    endpoint: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${port}/${answered}`, port, reach: { allowPrivate: true, timeoutMs: 60_000 } },
  });

  const send = async (port: 'plain' | 'mtom', size: number) => {
    const failure: unknown = await clientFor(port, 0).call('CreerDossier', {
      TypeTechnique: 't', SousType: 's', DossierID: 'd', Visibilite: 'SERVICE',
      DocumentPrincipal: { contentType: 'application/pdf', size, open: () => content(size) },
    }).catch((error: unknown) => error);
    // it answers for another operation, whatever it is asked
    expect(String(failure)).to.include('GetDossierResponse');
    expect(received).to.be.greaterThan(port === 'plain' ? 4 * (size / 3) : size);
  };
  const fetch = async (port: 'plain' | 'mtom', size: number) => {
    expect(await clientFor(port, size).call('GetDossier', 'd')).to.deep.equal({ DocPrincipal: { contentType: null, sha256: hashOf(size), size } });
  };

  for (const port of ['plain', 'mtom'] as const) {
    for (const [what, move] of [['sent', send], ['received', fetch]] as const) {
      it(`${LARGE / MIB} MiB are ${what} at constant memory (${port})`, async function large() {
        this.timeout(60_000);
        await move(port, 8 * MIB);
        globalThis.gc?.();
        const before = process.memoryUsage.rss();
        highest = before;
        await move(port, LARGE);
        look();
        expect(Math.round((highest - before) / MIB), 'MiB of memory more').to.be.lessThan(ROOM / MIB);
      });
    }
  }
});
