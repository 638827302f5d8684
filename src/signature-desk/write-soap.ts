import { Readable } from 'node:stream';
import type { StreamedBody } from '../connector-kit/http-simulator.js';
import { base64Length, base64Of } from '../mime/base64-encoder.js';
import { XOP } from '../soap/mtom.js';
import { escapeAttribute, escapeText } from '../soap/reply-encoder.js';
import { SOAP_11 } from '../soap/request-reader.js';
import { XMLMIME } from '../soap/wsdl-model.js';
import type { DeskFile } from './desk-folder.js';

/** Content of an element: text, nil, a file, or elements. */
export type SoapContent = string | null | { readonly file: DeskFile } | readonly SoapNode[];
export type SoapNode = readonly [name: string, content: SoapContent];

export interface SoapWriting {
  readonly namespace: string;
  /** Of the envelope; it differs between servers, and says nothing. */
  readonly prefix: 'S' | 'SOAP-ENV' | 'soap';
  /** Multipart, even where there is no file (contracts/iparapheur.md §1.1). */
  readonly mtom: boolean;
  readonly read: (sha256: string) => Readable;
}

type Piece = string | { readonly file: DeskFile; readonly as: 'base64' | 'bytes' };

const BOUNDARY = 'uuid:5d7b1f0c-2a4e-4b6f-9c11-8e0a7d3f6b52';

/** A reply whose Body holds one element, with its headers; files are streamed. */
export function writeSoap(node: SoapNode, { namespace, prefix, mtom, read }: SoapWriting): { readonly headers: Readonly<Record<string, string>>; readonly body: StreamedBody } {
  const files: DeskFile[] = [];
  const envelope: Piece[] = [
    `<?xml version='1.0' encoding='UTF-8'?><${prefix}:Envelope xmlns:${prefix}="${SOAP_11}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><${prefix}:Body xmlns:ns2="${namespace}" xmlns:xm="${XMLMIME}">`,
    ...elementPieces(node, mtom ? files : null),
    `</${prefix}:Body></${prefix}:Envelope>`,
  ];
  if (!mtom) return { headers: { 'content-type': 'text/xml; charset=utf-8' }, body: bodyOf(envelope, read) };
  const parts = files.flatMap((file, index): Piece[] => [`\r\n--${BOUNDARY}\r\n${partHeaders(file.mediaType, contentId(index))}`, { file, as: 'bytes' }]);
  const root = `--${BOUNDARY}\r\n${partHeaders('application/xop+xml; charset=utf-8; type="text/xml"', 'root@desk.example')}`;
  return {
    headers: { 'content-type': `multipart/related; start="<root@desk.example>"; type="application/xop+xml"; boundary="${BOUNDARY}"; start-info="text/xml"` },
    body: bodyOf([root, ...envelope, ...parts, `\r\n--${BOUNDARY}--\r\n`], read),
  };
}

/** `files`: gathers those that go beside the envelope; null where they go into it. */
function elementPieces([name, content]: SoapNode, files: DeskFile[] | null): readonly Piece[] {
  if (content === null) return [`<ns2:${name} xsi:nil="true"/>`];
  if (typeof content === 'string') return [`<ns2:${name}>${escapeText(content)}</ns2:${name}>`];
  if (!('file' in content)) return [`<ns2:${name}>`, ...content.flatMap((child) => elementPieces(child, files)), `</ns2:${name}>`];
  const inside: Piece = files === null
    ? { file: content.file, as: 'base64' }
    : `<xop:Include xmlns:xop="${XOP}" href="cid:${encodeURIComponent(contentId(files.push(content.file) - 1))}"/>`;
  return [`<ns2:${name} xm:contentType="${escapeAttribute(content.file.mediaType)}">`, inside, `</ns2:${name}>`];
}

function contentId(index: number): string {
  return `file-${index + 1}@desk.example`;
}

function partHeaders(type: string, id: string): string {
  return `Content-Id: <${id}>\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: binary\r\n\r\n`;
}

function bodyOf(pieces: readonly Piece[], read: SoapWriting['read']): StreamedBody {
  return { size: pieces.reduce((sum, piece) => sum + sizeOf(piece), 0), open: () => Readable.from(written(pieces, read)) };
}

function sizeOf(piece: Piece): number {
  if (typeof piece === 'string') return Buffer.byteLength(piece);
  return piece.as === 'bytes' ? piece.file.size : base64Length(piece.file.size);
}

async function* written(pieces: readonly Piece[], read: SoapWriting['read']): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if (typeof piece === 'string') yield Buffer.from(piece);
    else if (piece.as === 'bytes') yield* read(piece.file.sha256) as AsyncIterable<Buffer>;
    else yield* base64Of(read(piece.file.sha256));
  }
}
