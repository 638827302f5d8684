import type { IncomingMessage } from 'node:http';
import type { BlobStore } from '../blobs/blob-store.js';
import { parseContentType, type ContentType } from '../mime/content-type.js';
import { BlobIntake, type IncomingBlob } from '../soap/blob-intake.js';
import { bareContentId } from '../soap/mtom.js';
import { soapDocument, soapMultipart } from '../soap/soap-document.js';
import type { ByteSink } from '../xml/document-sink.js';
import type { DocumentLimits } from '../xml/limits.js';
import type { SoapElement } from './soap-element.js';
import { buildSoapTree, type IsFile } from './soap-tree.js';

/** More than any request of a signature book needs. */
const LIMITS: DocumentLimits = { depth: 50, elements: 100_000, attributes: 100_000 };

/** Reads a SOAP 1.1 request, plain or MTOM, at constant memory; its files are kept in the store. `isFile` tells which elements are
 * files: those that say of what media type they are, if not given. Throws for what cannot be read, and then keeps nothing. */
export async function readSoapRequest(request: IncomingMessage, store: BlobStore, isFile?: IsFile): Promise<SoapElement> {
  const intake = new BlobIntake(store);
  const parts = new Map<string, IncomingBlob>();
  const tree = buildSoapTree(intake, parts, isFile);
  const type = parseContentType(request.headers['content-type']);
  const document = (charset: string | undefined) => soapDocument(tree.handler, LIMITS, charset);
  const sink = type.media === 'multipart/related' ? mtomSink(type, intake, parts, document) : document(type.parameters.get('charset'));
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      sink.push(chunk);
      await intake.drain();
    }
    sink.end();
    await intake.settle();
    await store.keep(await Promise.all(tree.blobs().map(async (blob) => (blob.size === 0 ? await store.create().finish() : blob))));
    return tree.request();
  } finally {
    await intake.discard();
  }
}

/** MTOM (XOP 1.0 in multipart/related): the first part is the envelope, the others are the files that it refers to. */
function mtomSink({ parameters }: ContentType, intake: BlobIntake, parts: Map<string, IncomingBlob>, document: (charset: string | undefined) => ByteSink): ByteSink {
  const arrived = new Set<string>();
  let root: ByteSink | undefined;
  let current: ByteSink | undefined;

  function fileSink(id: string): ByteSink | undefined {
    const incoming = parts.get(id);
    if (incoming === undefined) return undefined;
    arrived.add(id);
    return { push: (bytes) => { intake.write(incoming, bytes); }, end: () => { intake.finish(incoming); } };
  }

  const multipart = soapMultipart(parameters.get('boundary'), {
    part(headers) {
      if (root === undefined) current = root = document(parseContentType(headers.get('content-type')).parameters.get('charset'));
      else current = fileSink(bareContentId(headers.get('content-id')) ?? '');
    },
    data: (source, from, to) => current?.push(source.subarray(from, to)),
    partEnd: () => current?.end(),
  });
  return {
    push: (chunk) => { multipart.push(chunk); },
    end() {
      multipart.end();
      const missing = [...parts.keys()].find((id) => !arrived.has(id));
      if (missing !== undefined) throw new Error(`the message refers to the part cid:${missing}, which it does not hold`);
    },
  };
}
