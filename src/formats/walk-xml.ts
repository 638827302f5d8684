import { documentSink } from '../xml/document-sink.js';
import { XmlError } from '../xml/xml-error.js';
import type { XmlTag } from '../xml/xml-tag.js';
import { XmlTokenizer } from '../xml/xml-tokenizer.js';
import { FormatError } from './format-error.js';

/** Told of each element of a file whose values stand in attributes «V» (contracts/pes-actes-formats.md §A1). */
export interface XmlVisitor {
  /** `value` is the trimmed attribute «V», '' where there is none; `depth` of the root is 1. */
  open(name: string, value: string, depth: number, tag: XmlTag): void;
  close(name: string, depth: number): void;
}

/** An answer to the largest flow that platforms take has some millions of elements. */
const LIMITS = { depth: 64, elements: 50_000_000, attributes: 100_000_000 };

/** Goes through a file of the treasury as it streams in, at constant memory. A file that declares no encoding is in that of all the others. Throws
 * FormatError for what is no well-formed XML, and what the stream throws. */
export async function walkXml(content: AsyncIterable<Uint8Array>, visitor: XmlVisitor, subject: string): Promise<void> {
  const open: string[] = [];
  const tokenizer = new XmlTokenizer({
    wants: 'nothing',
    open(tag) {
      open.push(tag.local);
      visitor.open(tag.local, tag.attributes.find(({ local, namespace }) => local === 'V' && namespace === '')?.value.trim() ?? '', open.length, tag);
    },
    text: () => undefined,
    bytes: () => undefined,
    close() {
      visitor.close(open.at(-1) ?? '', open.length);
      open.pop();
    },
  }, LIMITS, subject);
  const sink = documentSink(tokenizer, 'iso-8859-1');
  try {
    for await (const chunk of content) sink.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    sink.end();
  } catch (error) {
    throw error instanceof XmlError ? new FormatError(error.message, { cause: error }) : error;
  }
}
