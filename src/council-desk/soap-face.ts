import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../connector-kit/http-simulator.js';
import { THROTTLE_SECONDS } from '../connector-kit/rehearsal.js';
import type { User } from '../domain/user.js';
import { readSoapRequest } from '../signature-desk/read-soap.js';
import type { SoapElement } from '../signature-desk/soap-element.js';
import type { CouncilDesk } from './council-desk.js';
import type { SoapMishap, SoapMishaps } from './soap-mishaps.js';
import { SOAP_OPERATIONS, type SoapParts } from './soap-operations.js';
import { ClientFault } from './soap-refusal.js';
import { part, soapBody, soapFault, WS4PM, type SoapPart } from './soap-writing.js';

export interface SoapFaceParts extends Omit<SoapParts, 'base'> {
  readonly mishaps: SoapMishaps;
  readonly wsdlFile: string;
}

const HTML = { 'content-type': 'text/html; charset=utf-8' };
/** Without a charset, as the reference server writes it (contracts/ws4pm.md §1.5 E8). */
const XML = { 'content-type': 'text/xml' };
const WSDL_PATH = /^\/(?:@@)?ws4pm\.wsdl$/;
const EXPECTED = /Request$/;

/** The ws4pm service over a desk: the WSDL, and calls to the site itself (contracts/ws4pm.md §1.1). Resolves with undefined for what
 * is not addressed to it. */
export async function answerCouncilSoap(request: IncomingMessage, { pathname }: URL, parts: SoapFaceParts): Promise<HttpReply | undefined> {
  const base = `http://${request.headers.host ?? 'localhost'}`;
  if (WSDL_PATH.test(pathname) && request.method === 'GET') return { status: 200, headers: XML, body: await wsdl(parts.wsdlFile, base) };
  if (pathname !== '/' || request.method !== 'POST' || !/xml/.test(request.headers['content-type'] ?? '')) return undefined;
  const caller = callerOf(request, parts.desk);
  if (caller === null) return { status: 401, headers: { ...HTML, 'www-authenticate': 'Basic realm="Zope"' }, body: '<html><head><title>Unauthorized</title></head><body><p>You are not authorized to access this resource.</p></body></html>' };
  let read: SoapElement;
  try {
    read = await readSoapRequest(request, parts.desk.files.store, ({ local }) => local === 'file');
  } catch (error) {
    // a request that was cut has nobody to answer to
    if (request.destroyed && !request.complete) throw error;
    return serverFault(error);
  }
  return answerRead(read, caller, { ...parts, base });
}

async function answerRead(request: SoapElement, caller: User, parts: SoapFaceParts & SoapParts): Promise<HttpReply> {
  const name = request.name.replace(EXPECTED, '');
  const operation = SOAP_OPERATIONS.get(name);
  if (operation === undefined || !EXPECTED.test(request.name) || request.namespace !== WS4PM) return serverFault(new Error(`no operation ${request.name}`));
  const mishap = parts.mishaps.of(name);
  const instead = mishap === undefined ? undefined : replyBefore(mishap);
  if (instead !== undefined) return instead;
  const reply = await replyOf(name, () => operation(request, caller, parts));
  return mishap === 'lost' || mishap === 'cut' ? { ...reply, ending: mishap } : reply;
}

/** Refusals have status 200 (contracts/ws4pm.md §1.6). */
async function replyOf(name: string, work: () => readonly SoapPart[] | Promise<readonly SoapPart[]>): Promise<HttpReply> {
  try {
    return { status: 200, headers: XML, body: soapBody(part(`${name}Response`, await work())) };
  } catch (error) {
    return error instanceof ClientFault ? { status: 200, headers: XML, body: soapFault('Client', error.message) } : serverFault(error);
  }
}

/** Instead of doing anything. */
function replyBefore(mishap: SoapMishap): HttpReply | undefined {
  const unavailable = { status: 503, headers: HTML, body: '<html><body><h1>503 Service Unavailable</h1>No server is available to handle this request.</body></html>' };
  const replies: Readonly<Partial<Record<SoapMishap, HttpReply>>> = {
    refuses: { status: 200, headers: XML, body: soapFault('Client', 'This is not accepted for the rehearsal!') },
    hang: { status: 200, ending: 'never' },
    html: { status: 200, headers: HTML, body: '<!DOCTYPE html><html><body><h1>Site en maintenance</h1></body></html>' },
    'server-fault': serverFault(new Error('ConflictError: database conflict error (oid 0x0abc, class BTrees.OOBTree.OOBucket)')),
    unavailable,
    throttle: { ...unavailable, headers: { ...HTML, 'retry-after': String(THROTTLE_SECONDS) } },
  };
  return replies[mishap];
}

/** With the inside of the server in its detail, which nobody should show. */
function serverFault(error: unknown): HttpReply {
  const words = error instanceof Error ? error.message : String(error);
  const trace = `Traceback (innermost last):\n  Module ZPublisher.Publish, line 138, in publish\n  Module ws4pm.face, line 1, in answer\n${words}`.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const detail = `<detail><ZSI:FaultDetail xmlns:ZSI="http://www.zolera.com/schemas/ZSI/"><ZSI:string>${trace}</ZSI:string></ZSI:FaultDetail></detail>`;
  return { status: 500, headers: XML, body: soapFault('Server', 'Processing Failure', detail) };
}

async function wsdl(file: string, base: string): Promise<string> {
  return (await readFile(file, 'utf8')).replace(/(<soap:address\s+location=)"[^"]*"/, `$1"${base}"`);
}

/** Both alphabets of base64 occur (contracts/wsclient.md §1.1); Node reads both. */
function callerOf({ headers }: IncomingMessage, desk: CouncilDesk): User | null {
  const [, encoded] = /^Basic\s+(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const [, login, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
  return login === undefined || password === undefined ? null : desk.signIn(login, password);
}
