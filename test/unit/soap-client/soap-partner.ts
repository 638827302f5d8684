import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createOutboundHttp } from '../../../src/outbound/create-outbound-http.js';
import { createSoapClient, loadSoapClientModel, type SoapClient } from '../../../src/soap-client/soap-client.js';
import type { KeepFile, OutgoingFile } from '../../../src/soap-client/values.js';
import { Readable } from 'node:stream';

const root = path.resolve(import.meta.dirname, '../../..');
export const parapheur = await loadSoapClientModel(path.join(root, 'wsdl/iparapheur.wsdl'));
export const ws4pm = await loadSoapClientModel(path.join(root, 'wsdl/ws4pm.wsdl'));

export const PH = 'http://www.adullact.org/spring-ws/iparapheur/1.0';

export interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface SoapPartner {
  readonly url: string;
  /** Requests that came whole. */
  readonly seen: Seen[];
  /** What files of answers held, in their order. */
  readonly kept: Buffer[];
  client(port?: 'plain' | 'mtom', options?: { readonly model?: typeof parapheur; readonly keep?: KeepFile; readonly signal?: AbortSignal }): SoapClient;
  close(): Promise<void>;
}

export type Respond = (response: ServerResponse, request: IncomingMessage) => void;

/** A service on loopback that answers each request alike once it is whole, and a client with the real outbound HTTP. */
export async function soapPartner(respond: Respond): Promise<SoapPartner> {
  const seen: Seen[] = [];
  const kept: Buffer[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
    request.on('end', () => {
      seen.push({ headers: request.headers, body: Buffer.concat(chunks) });
      respond(response, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
  const outbound = createOutboundHttp();
  const keepInMemory: KeepFile = async (content) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    kept.push(bytes);
    return described(bytes);
  };
  return {
    url, seen, kept,
    client(port = 'plain', { model = parapheur, keep = keepInMemory, signal = new AbortController().signal } = {}) {
      const endpoint = { url, port, headers: { authorization: 'Basic eA==' }, reach: { allowPrivate: true, timeoutMs: 5_000 } };
      return createSoapClient({ model, endpoint, http: outbound.callFor(signal), keep, signal });
    },
    async close() {
      outbound.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function described(bytes: Buffer): { readonly sha256: string; readonly size: number } {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}

export function file(bytes: Buffer | string, contentType = 'application/pdf'): OutgoingFile {
  const content = Buffer.from(bytes);
  return { contentType, size: content.length, open: () => Readable.from([content]) };
}

/** An answer in SOAP 1.1. */
export function envelope(body: string): string {
  return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header/><S:Body>${body}</S:Body></S:Envelope>`;
}

/** An answer of the i-Parapheur: the operation and what its response holds, in the namespace of the contract. */
export function reply(operation: string, children: string): string {
  return envelope(`<r:${operation}Response xmlns:r="${PH}" xmlns="${PH}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${children}</r:${operation}Response>`);
}

export function xml(text: string | Buffer, contentType = 'text/xml;charset=utf-8', status = 200): Respond {
  return (response) => response.writeHead(status, { 'content-type': contentType }).end(text);
}

/** What a call throws; a call that answers is a failure of the test. */
export async function failureOf(work: Promise<unknown>): Promise<Error> {
  const thrown: unknown = await work.then((value) => new Error(`it answered ${JSON.stringify(value)}`), (error: unknown) => error);
  return thrown as Error;
}
