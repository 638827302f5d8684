import { timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { setTimeout as later } from 'node:timers/promises';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { THROTTLE_SECONDS } from '../../src/connector-kit/rehearsal.js';
import { DeskRefusal } from '../../src/signature-desk/desk-folder.js';
import { readSoapRequest } from '../../src/signature-desk/read-soap.js';
import type { SoapElement } from '../../src/signature-desk/soap-element.js';
import { writeSoap, type SoapContent, type SoapNode } from '../../src/signature-desk/write-soap.js';
import { said } from './soap-face-message.js';
import type { Mishap, Mishaps } from './soap-face-mishaps.js';
import { FACE_OPERATIONS, type FaceContext } from './soap-face-operations.js';

export interface SoapFaceParts extends FaceContext {
  readonly password: string;
  readonly mishaps: Mishaps;
  readonly wsdlFile: string;
}

/** Paths of the two ports (contracts/iparapheur.md §1.1). */
export const MTOM_PATH = '/ws-iparapheur';
export const PLAIN_PATH = '/ws-iparapheur-no-mtom';

const NAMESPACE = 'http://www.adullact.org/spring-ws/iparapheur/1.0';
const HTML = { 'content-type': 'text/html; charset=utf-8' };
const SLOW_MS = 3_000;
const EXPECTED = /Request$/;

/** The SOAP service over a desk. Resolves with undefined for what is not addressed to it. */
export async function answerSoap(request: IncomingMessage, { pathname, searchParams }: URL, parts: SoapFaceParts): Promise<HttpReply | undefined> {
  if (pathname !== MTOM_PATH && pathname !== PLAIN_PATH) return undefined;
  if (request.method === 'GET' && searchParams.has('wsdl')) return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: await readFile(parts.wsdlFile) };
  if (request.method !== 'POST') return { status: 405, headers: { allow: 'POST' } };
  if (parts.mishaps.isExpired() || !isKnown(request, parts)) return { status: 401, headers: { ...HTML, 'www-authenticate': 'Basic realm="Parapheur"' }, body: '<html><body>HTTP Status 401</body></html>' };
  let read: SoapElement;
  try {
    read = await readSoapRequest(request, parts.desk.files.store);
  } catch (error) {
    // a request that was cut has nobody to answer to
    if (request.destroyed && !request.complete) throw error;
    return fault(parts, 'Client', error instanceof Error ? error.message : String(error));
  }
  return answerRead(read, pathname === MTOM_PATH, parts);
}

async function answerRead(request: SoapElement, mtom: boolean, parts: SoapFaceParts): Promise<HttpReply> {
  const name = request.name.replace(EXPECTED, '');
  const operation = FACE_OPERATIONS.get(name);
  if (operation === undefined || !EXPECTED.test(request.name) || !isQualified(request)) return fault(parts, 'Client', `${request.name}: élément inconnu.`);
  const mishap = parts.mishaps.of(name);
  const instead = mishap === undefined ? undefined : replyBefore(mishap, parts);
  if (instead !== undefined) return instead;
  const content = mishap === 'answers-ko' ? said('KO', 'Refusé pour la répétition.') : await contentOf(() => operation(request, parts));
  const node: SoapNode = [`${name}Response`, changed(content, mishap)];
  const { version, desk } = parts;
  const reply = writeSoap(node, { namespace: NAMESPACE, prefix: version === '5' ? 'SOAP-ENV' : 'S', mtom, read: (sha256) => desk.files.read(sha256) });
  return replyAfter({ status: 200, ...reply }, mishap);
}

async function contentOf(work: () => SoapContent | Promise<SoapContent>): Promise<SoapContent> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DeskRefusal) return said('KO', error.message);
    throw error;
  }
}

/** Instead of doing anything. */
function replyBefore(mishap: Mishap, parts: SoapFaceParts): HttpReply | undefined {
  const unavailable = { status: 503, headers: HTML, body: '<html><body><h1>503 Service Unavailable</h1></body></html>' };
  const replies: Readonly<Partial<Record<Mishap, HttpReply>>> = {
    hang: { status: 200, ending: 'never' },
    fault: fault(parts, 'Server', 'Une erreur interne est survenue.'),
    html: { status: 200, headers: HTML, body: '<html><body><h1>Maintenance</h1></body></html>' },
    unavailable,
    throttle: { ...unavailable, headers: { ...HTML, 'retry-after': String(THROTTLE_SECONDS) } },
  };
  return replies[mishap];
}

/** Other words than those that are true. */
function changed(content: SoapContent, mishap: Mishap | undefined): SoapContent {
  if (content === null || typeof content === 'string' || 'file' in content) return content;
  if (mishap === 'no-message') return content.filter(([name]) => name !== 'MessageRetour');
  if (mishap === 'no-verdict') return content.map((node): SoapNode => (node[0] === 'MessageRetour' ? ['MessageRetour', [['codeRetour', ''], ['message', ''], ['severite', '']]] : node));
  if (mishap === 'swapped') return content.map((node): SoapNode => (node[0] === 'DocumentsAnnexes' ? ['DocumentsAnnexes', slipLast(node[1])] : node));
  return content;
}

/** The annexes in another order, the circulation slip still last. */
function slipLast(annexes: SoapContent): SoapContent {
  const all = annexes as readonly SoapNode[];
  return [...all.slice(0, -1).toReversed(), ...all.slice(-1)];
}

/** It was done, and the answer does not come as it should. */
async function replyAfter(reply: HttpReply, mishap: Mishap | undefined): Promise<HttpReply> {
  if (mishap === 'slow') await later(SLOW_MS);
  if (mishap === 'lost' || mishap === 'cut') return { ...reply, ending: mishap };
  return mishap === 'gateway-timeout' ? { status: 504, headers: HTML, body: '<html><body><h1>504 Gateway Time-out</h1></body></html>' } : reply;
}

function fault({ version }: SoapFaceParts, code: 'Client' | 'Server', words: string): HttpReply {
  const prefix = version === '5' ? 'SOAP-ENV' : 'S';
  const text = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const body = `<${prefix}:Envelope xmlns:${prefix}="http://schemas.xmlsoap.org/soap/envelope/"><${prefix}:Body><${prefix}:Fault><faultcode>${prefix}:${code}</faultcode><faultstring>${text}</faultstring></${prefix}:Fault></${prefix}:Body></${prefix}:Envelope>`;
  return { status: 500, headers: { 'content-type': 'text/xml; charset=utf-8' }, body };
}

/** All elements of a request are in the namespace of the service (§1.1). */
function isQualified({ namespace, children }: SoapElement): boolean {
  return namespace === NAMESPACE && children.every(isQualified);
}

function isKnown({ headers }: IncomingMessage, { login, password }: SoapFaceParts): boolean {
  const expected = Buffer.from(`Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`);
  const given = Buffer.from(headers.authorization ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
