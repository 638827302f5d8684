import { createMarkupConverter } from './charset.js';
import type { XmlTokenizer } from './xml-tokenizer.js';

/** Takes bytes as they come. */
export interface ByteSink {
  push(chunk: Buffer): void;
  end(): void;
}

/** Brings the bytes of an XML document to its reader; `charset` is that of its header. Both throw what the two on the way throw. */
export function documentSink(tokenizer: XmlTokenizer, charset: string | undefined): ByteSink {
  const converter = createMarkupConverter(charset);
  return {
    push: (chunk) => { tokenizer.push(converter.push(chunk), converter.text); },
    end() {
      tokenizer.push(converter.end(), converter.text);
      tokenizer.end();
    },
  };
}
