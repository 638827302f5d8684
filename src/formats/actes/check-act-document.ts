import { isWebPage } from '../business-xml.js';
import { FormatError } from '../format-error.js';
import { checkBudgetDocument } from './check-budget-document.js';
import { checkPdf } from './check-pdf.js';
import { walkXml } from '../walk-xml.js';

/** What a document of an act is by its content: platforms look at that and not at names (contracts/s2low.md §3.2). */
export type ActDocumentKind = 'pdf' | 'xml' | 'jpeg' | 'png';

export interface ExpectedDocument {
  /** Of the act, `1` to `6`, and its matter, `7.1`. */
  readonly nature: string;
  readonly classification: string;
  /** As declared. */
  readonly mediaType: string;
  readonly part?: 'main' | 'annex';
}

export interface CheckedDocument {
  readonly kind: ActDocumentKind;
  /** What may be refused over there. */
  readonly warnings: readonly string[];
}

/** Where readers of PDF look for its header. */
const HEAD_BYTES = 1024;

const DECLARED: Readonly<Record<string, ActDocumentKind>> = {
  'application/pdf': 'pdf', 'application/xml': 'xml', 'text/xml': 'xml', 'image/jpeg': 'jpeg', 'image/jpg': 'jpeg', 'image/png': 'png',
};

/** Reads a document of an act to its end and tells what it is: a PDF with head and end and without password, XML that is well-formed, JPEG or PNG. XML as the
 * main document, which it is where `part` is not said and the act is a budget, must be one of TotEM (contracts/pes-actes-formats.md §B5). Throws FormatError for
 * anything else, such as a web page, and what the stream throws. */
export async function checkActDocument(content: AsyncIterable<Uint8Array>, expected: ExpectedDocument): Promise<CheckedDocument> {
  const { head, whole } = await peek(content);
  const kind = kindOf(head);
  const declared = DECLARED[(expected.mediaType.split(';', 1)[0] ?? '').trim().toLowerCase()] ?? kind;
  if (declared !== kind) throw new FormatError(`It is declared as ${expected.mediaType} and is ${NAMES[kind]}.`);
  const isBudget = expected.nature === '5' && /^7\.1(?:\.|$)/.test(expected.classification);
  const part = expected.part ?? (isBudget ? 'main' : 'annex');
  if (part === 'main') requireMain(kind, isBudget);
  return { kind, warnings: await checkWhole(whole, kind, part) };
}

const NAMES = { pdf: 'a PDF', xml: 'XML', jpeg: 'a JPEG image', png: 'a PNG image' } as const;

function kindOf(head: Buffer): ActDocumentKind {
  if (head.length === 0) throw new FormatError('It is empty.');
  if (head.includes('%PDF-')) return 'pdf';
  if (head.subarray(0, 3).equals(Buffer.from([0xFF, 0xD8, 0xFF]))) return 'jpeg';
  if (head.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'))) return 'png';
  const text = head.toString('utf8');
  if (isWebPage(text)) throw new FormatError('It is a web page, as a login page that was saved in place of the document.');
  if (/^\uFEFF?\s*<[?!\w]/.test(text)) return 'xml';
  throw new FormatError('It is neither PDF, XML, JPEG nor PNG.');
}

function requireMain(kind: ActDocumentKind, isBudget: boolean): void {
  if (kind === 'pdf' || (kind === 'xml' && isBudget)) return;
  throw new FormatError(`It is ${NAMES[kind]}; the main document of an act must be a PDF, or the XML of a budget where nature is 5 and matter 7.1.`);
}

async function checkWhole(whole: AsyncIterable<Buffer>, kind: ActDocumentKind, part: 'main' | 'annex'): Promise<readonly string[]> {
  if (kind === 'pdf') await checkPdf(whole);
  else if (kind === 'xml' && part === 'main') return checkBudgetDocument(whole);
  else if (kind === 'xml') await walkXml(whole, { open: () => undefined, close: () => undefined }, 'The document');
  // An image is looked at by its first bytes only, but what cannot be read to its end cannot be sent.
  else for await (const chunk of whole) if (chunk.length < 0) break;
  return [];
}

/** The first bytes of a stream, and the stream with them. */
async function peek(content: AsyncIterable<Uint8Array>): Promise<{ readonly head: Buffer; readonly whole: AsyncIterable<Buffer> }> {
  const chunks = content[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return { head: head.subarray(0, HEAD_BYTES), whole: rest(head, chunks) };
}

async function* rest(head: Buffer, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  yield head;
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) return;
    yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
  }
}
