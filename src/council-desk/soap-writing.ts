import { Readable } from 'node:stream';
import type { StreamedBody } from '../connector-kit/http-simulator.js';
import { base64Length, base64Of } from '../mime/base64-encoder.js';
import { ENVELOPE_END, ENVELOPE_START, escapeText } from '../soap/reply-encoder.js';

/** Namespace of its messages (contracts/ws4pm.md §1.1). */
export const WS4PM = 'http://ws4pm.imio.be';

/** A file in an answer. */
export interface SoapFile {
  readonly size: number;
  readonly open: () => Readable;
}

/** An element of an answer: text, nil, a file, or elements. `type` is written as `xsi:type`. */
export interface SoapPart {
  readonly name: string;
  readonly content: string | null | SoapFile | readonly SoapPart[];
  readonly type?: string;
}

/** An element of an answer. */
export function part(name: string, content: SoapPart['content'], type?: string): SoapPart {
  return type === undefined ? { name, content } : { name, content, type };
}

type Piece = string | SoapFile;

/** An answer as the reference server writes it: the one element of the Body is qualified, its children are not, and base64 stands
 * between line ends (contracts/ws4pm.md §1.5). Files are streamed. */
export function soapBody(answer: SoapPart): StreamedBody {
  const pieces: readonly Piece[] = [
    ENVELOPE_START, `<ns1:${answer.name} xmlns:ns1="${WS4PM}" xmlns:xsd="http://www.w3.org/2001/XMLSchema">`, ...contentPieces(answer.content), `</ns1:${answer.name}>`, ENVELOPE_END,
  ];
  return { size: pieces.reduce((sum, piece) => sum + sizeOf(piece), 0), open: () => Readable.from(written(pieces)) };
}

/** A fault in the words given; `detail` is XML. */
export function soapFault(code: 'Client' | 'Server', words: string, detail = ''): string {
  return `${ENVELOPE_START}<SOAP-ENV:Fault><faultcode>SOAP-ENV:${code}</faultcode><faultstring>${escapeText(words)}</faultstring>${detail}</SOAP-ENV:Fault>${ENVELOPE_END}`;
}

function partPieces({ name, content, type }: SoapPart): readonly Piece[] {
  if (content === null) return [`<${name} xsi:nil="1"/>`];
  return [`<${name}${type === undefined ? '' : ` xsi:type="${type}"`}>`, ...contentPieces(content), `</${name}>`];
}

function contentPieces(content: SoapPart['content']): readonly Piece[] {
  if (content === null) return [];
  if (typeof content === 'string') return [escapeText(content)];
  return 'open' in content ? ['\n', content, '\n'] : content.flatMap(partPieces);
}

function sizeOf(piece: Piece): number {
  return typeof piece === 'string' ? Buffer.byteLength(piece) : base64Length(piece.size);
}

async function* written(pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if (typeof piece === 'string') yield Buffer.from(piece);
    else yield* base64Of(piece.open());
  }
}
