import { gzipSync } from 'node:zlib';
import { envelope } from '../support/soap-call.js';
import { inChunks, mtom, type RawRequest } from './raw-http.js';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const WS4PM = 'http://ws4pm.imio.be';
export const TITLE = "Dossier d'urbanisme n° 12 — façade été, œuvre à 5 €";
const LATIN_TITLE = "Dossier d'urbanisme n° 12 - façade été à Saint-Gély";

/** The content of a createItem request for the college. */
export function creation(title: string, rest = ''): string {
  return `<meetingConfigId>meeting-config-college</meetingConfigId><proposingGroupId>urbanisme</proposingGroupId><creationData><title>${title}</title>${rest}</creationData>`;
}

/** A whole createItem request with one annex, whose content is written by the caller of this. */
export function withAnnex(file: string): string {
  return envelope('createItem', creation('Annexe sur le fil', `<annexes><title>Plan</title><filename>plan été.pdf</filename><file>${file}</file></annexes>`));
}

function declared(encoding: string, xml: string): string {
  return xml.replace('encoding="UTF-8"', `encoding="${encoding}"`);
}

function utf16(xml: string, order: 'little' | 'big'): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(`\uFEFF${declared('UTF-16', xml)}`, 'utf16le');
  return order === 'little' ? bytes : bytes.swap16();
}

/** Latin-1 but for the few characters that windows-1252 has in place of control characters. */
function windows1252(text: string): Buffer {
  return Buffer.from(text.replaceAll('€', '\u0080').replaceAll('—', '\u0097').replaceAll('œ', '\u009c'), 'latin1');
}

function charsetHeader(charset: string): Record<string, string> {
  return { 'Content-Type': `text/xml; charset=${charset}` };
}

/** What the ways of writing the same call have in common: they are understood. */
export const CALLS: Record<string, RawRequest> = {
  'without SOAPAction and without an argument': { body: Buffer.from(envelope('testConnection', '')) },
  'with an empty wrapper element': { body: Buffer.from(`<e:Envelope xmlns:e="${SOAP}"><e:Body><testConnectionRequest xmlns="${WS4PM}"/></e:Body></e:Envelope>`) },
  'with a SOAPAction that means another operation': { body: Buffer.from(envelope('testConnection', '')), headers: { SOAPAction: '"http://ws4pm.imio.be/createItem"' } },
  'with two prefixes for the envelope and an empty header, as suds': {
    body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="${SOAP}" xmlns:ns1="${SOAP}" xmlns:ns0="${WS4PM}"><SOAP-ENV:Header/>`
      + '<ns1:Body><ns0:testConnectionRequest><dummy></dummy></ns0:testConnectionRequest></ns1:Body></SOAP-ENV:Envelope>'),
  },
  'with the default namespace, as .NET': {
    body: Buffer.from(`<soap:Envelope xmlns:soap="${SOAP}"><soap:Body><testConnectionRequest xmlns="${WS4PM}"><dummy xmlns="">x</dummy></testConnectionRequest></soap:Body></soap:Envelope>`),
  },
  'with qualified children, types and encodingStyle, as SOAP::Lite': {
    body: Buffer.from(`<soap:Envelope soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xmlns:soap="${SOAP}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" `
      + `xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><w:testConnectionRequest xmlns:w="${WS4PM}"><w:dummy xsi:type="xsd:string">x</w:dummy></w:testConnectionRequest></soap:Body></soap:Envelope>`),
  },
  'with a nil wrapper, as SOAP::Lite': {
    body: Buffer.from(`<soap:Envelope xmlns:soap="${SOAP}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body><w:testConnectionRequest xmlns:w="${WS4PM}" xsi:nil="true"/></soap:Body></soap:Envelope>`),
  },
  'with a header entry that must be understood': {
    body: Buffer.from(`<s:Envelope xmlns:s="${SOAP}"><s:Header><x:trace xmlns:x="urn:x" s:mustUnderstand="1">1</x:trace></s:Header><s:Body><w:testConnectionRequest xmlns:w="${WS4PM}"/></s:Body></s:Envelope>`),
  },
  'with a UTF-8 byte order mark': { body: Buffer.from(`\uFEFF${envelope('testConnection', '')}`) },
  'with no charset in Content-Type': { body: Buffer.from(envelope('testConnection', '')), headers: { 'Content-Type': 'text/xml' } },
};

/** The same title in every way of writing it. */
export const ENCODINGS: Record<string, { title: string; request: RawRequest }> = {
  'UTF-8': { title: TITLE, request: { body: Buffer.from(envelope('createItem', creation(TITLE))) } },
  'UTF-8 cut within its characters': { title: TITLE, request: { body: inChunks(Buffer.from(envelope('createItem', creation(TITLE))), 1) } },
  'ISO-8859-1, declared in the XML': {
    title: LATIN_TITLE, request: { body: Buffer.from(declared('ISO-8859-1', envelope('createItem', creation(LATIN_TITLE))), 'latin1'), headers: { 'Content-Type': 'text/xml' } },
  },
  'ISO-8859-1, declared by HTTP only': {
    title: LATIN_TITLE, request: { body: Buffer.from(envelope('createItem', creation(LATIN_TITLE)).replace(/^<\?xml.*?\?>/, ''), 'latin1'), headers: charsetHeader('ISO-8859-1') },
  },
  'windows-1252': { title: TITLE, request: { body: windows1252(declared('windows-1252', envelope('createItem', creation(TITLE)))), headers: charsetHeader('windows-1252') } },
  'UTF-16, little-endian': { title: TITLE, request: { body: utf16(envelope('createItem', creation(TITLE)), 'little'), headers: charsetHeader('utf-16') } },
  'UTF-16, big-endian': { title: TITLE, request: { body: utf16(envelope('createItem', creation(TITLE)), 'big'), headers: charsetHeader('utf-16') } },
  'numeric references and CDATA': {
    title: TITLE, request: { body: Buffer.from(envelope('createItem', creation('<![CDATA[Dossier d\'urbanisme n° 12 ]]>&#8212; fa&#xE7;ade &#233;t&#233;, &#x153;uvre &#224; 5 &#8364;'))) },
  },
  'white space between CDATA sections and comments': {
    title: TITLE, request: { body: Buffer.from(envelope('createItem', creation('<![CDATA[Dossier]]> <![CDATA[d\'urbanisme n°]]><!-- a --> <!-- b -->12 — façade été, œuvre à 5 €'))) },
  },
  'a base64Binary string, as SOAP::Lite': {
    title: TITLE,
    request: { body: Buffer.from(envelope('createItem', creation(TITLE).replace(`<title>${TITLE}`,
      `<title xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xsi:type="xsd:base64Binary">${Buffer.from(TITLE).toString('base64')}`))) },
  },
};

/** The same annex in every way of sending it. */
export function transports(annex: Buffer): Record<string, RawRequest> {
  const base64 = annex.toString('base64');
  const plain = Buffer.from(withAnnex(base64));
  return {
    'with a Content-Length': { body: plain },
    'chunked, in pieces of an odd size': { body: inChunks(plain, 1021) },
    'gzip': { body: gzipSync(plain), headers: { 'Content-Encoding': 'gzip' } },
    'gzip and chunked': { body: inChunks(gzipSync(plain), 1021), headers: { 'Content-Encoding': 'gzip' } },
    'after 100 Continue': { body: plain, headers: { Expect: '100-continue' } },
    'in lines of 76 characters': { body: Buffer.from(withAnnex(`\n${base64.replace(/.{76}/g, '$&\n')}\n`)) },
    'in UTF-16': { body: utf16(withAnnex(base64), 'little'), headers: charsetHeader('utf-16') },
    'MTOM': mtom(withAnnex('<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:plan@interop"/>'), { 'plan@interop': annex }),
  };
}

/** Bodies that cannot be a request, with the fault code that they get if it is not Client. */
export const UNREADABLE: Record<string, { body: string; code?: string }> = {
  'SOAP 1.2': { body: envelope('testConnection', '').replaceAll(SOAP, 'http://www.w3.org/2003/05/soap-envelope'), code: 'SOAP-ENV:VersionMismatch' },
  'an empty body': { body: '' },
  'text that is not XML': { body: 'bonjour' },
  'a cut envelope': { body: envelope('testConnection', '<dummy>x</dummy>').slice(0, -30) },
  'tags that do not match': { body: envelope('testConnection', '<dummy>x</dumy>') },
  'a document type': { body: `<!DOCTYPE x [<!ENTITY a "b">]>${envelope('testConnection', '').replace(/^<\?xml.*?\?>/, '')}` },
  'a control character': { body: envelope('testConnection', '<dummy>\u0001</dummy>') },
  'an undeclared prefix': { body: envelope('testConnection', '<q:dummy>x</q:dummy>') },
  'an unknown operation': { body: envelope('dropEverything', '') },
  'the wrapper in another namespace': { body: envelope('testConnection', '').replaceAll(WS4PM, 'urn:other') },
  'markup within a string': { body: envelope('createItem', creation('<b>gras</b>')) },
  'a boolean that is none': { body: envelope('getConfigInfos', '<showCategories>peut-être</showCategories>') },
  'base64 that is none': { body: withAnnex('ceci n\'est pas du base64 !') },
};
