import type { BlobStore } from '../blobs/blob-store.js';
import { RelaisError } from '../errors.js';
import { isXml, parseContentType } from '../mime/content-type.js';
import type { ContentType } from '../mime/content-type.js';
import { BlobIntake } from './blob-intake.js';
import type { IncomingBlob } from './blob-intake.js';
import type { SoapLimits } from './limits.js';
import { bareContentId, refuseEncodedPart } from './mtom.js';
import { RequestReader } from './request-reader.js';
import type { RequestStruct } from './service.js';
import type { OperationModel, ServiceModel } from './service-model.js';
import { soapDocument, soapMultipart } from './soap-document.js';

export interface ReadRequest {
  readonly operation: OperationModel;
  readonly request: RequestStruct;
}

/** Reads one message. Wait for what `push` returns before pushing more. `discard` must be called in the end, whatever
 * happened: it removes the blobs that nobody kept. It never throws. */
export interface MessageReader {
  push(chunk: Buffer): Promise<void> | undefined;
  end(): Promise<ReadRequest>;
  discard(): Promise<void>;
}

export interface MessageReaderDeps {
  readonly model: ServiceModel;
  readonly limits: SoapLimits;
  readonly blobs: BlobStore;
}

/** A reader for plain XML or, where the content type says `multipart/related`, for MTOM. Throws RELAIS_SOAP_MEDIA. */
export function createMessageReader(deps: MessageReaderDeps, contentType: string | undefined): MessageReader {
  const type = parseContentType(contentType);
  if (type.media === 'multipart/related') return mtomReader(deps, type);
  // No content type is taken as XML. What a web page can make a browser send unasked (forms, plain text) is not.
  if (type.media !== '' && !isXml(type.media)) {
    throw new RelaisError('RELAIS_SOAP_MEDIA', `the content type is "${type.media.slice(0, 80)}"; expected text/xml, or multipart/related for MTOM`);
  }
  return plainReader(deps, type.parameters.get('charset'));
}

/** The XML side of both forms: bytes of a document in, a request out. */
function documentReader(deps: MessageReaderDeps, intake: BlobIntake, charset: string | undefined, references?: Map<string, IncomingBlob>) {
  const reader = new RequestReader(deps.model, deps.limits, intake, references);
  return { ...soapDocument(reader, deps.limits, charset), result: () => reader.result() };
}

function plainReader(deps: MessageReaderDeps, charset: string | undefined): MessageReader {
  const intake = new BlobIntake(deps.blobs);
  const document = documentReader(deps, intake, charset);
  return {
    push(chunk) {
      document.push(chunk);
      return intake.drain();
    },
    async end() {
      document.end();
      await intake.settle();
      return document.result();
    },
    discard: () => intake.discard(),
  };
}

/** MTOM (XOP in multipart/related): the envelope comes first and refers by xop:Include to parts that follow. */
function mtomReader(deps: MessageReaderDeps, type: ContentType): MessageReader {
  const intake = new BlobIntake(deps.blobs);
  const references = new Map<string, IncomingBlob>();
  const arrived = new Set<string>();
  const start = bareContentId(type.parameters.get('start'));
  let document: ReturnType<typeof documentReader> | undefined;
  let sink: ((bytes: Buffer) => void) | undefined;
  let finishPart: (() => void) | undefined;

  function beginRoot(headers: ReadonlyMap<string, string>): void {
    const id = bareContentId(headers.get('content-id'));
    if (start !== undefined && id !== undefined && id !== start) throw new RelaisError('RELAIS_SOAP_MALFORMED', 'the first part of the multipart message is not the one that "start" names');
    const rootType = parseContentType(headers.get('content-type'));
    if (rootType.media !== '' && !isXml(rootType.media)) throw new RelaisError('RELAIS_SOAP_MEDIA', `the root part is "${rootType.media.slice(0, 80)}"; expected application/xop+xml`);
    const root = documentReader(deps, intake, rootType.parameters.get('charset'), references);
    document = root;
    sink = (bytes) => { root.push(bytes); };
    finishPart = () => { root.end(); };
  }

  function beginAttachment(headers: ReadonlyMap<string, string>): void {
    const id = bareContentId(headers.get('content-id')) ?? '';
    const incoming = arrived.has(id) ? undefined : references.get(id);
    // a part that nothing refers to is passed over
    sink = incoming === undefined ? undefined : (bytes) => { intake.write(incoming, bytes); };
    finishPart = incoming === undefined ? undefined : () => { arrived.add(id); intake.finish(incoming); };
  }

  const multipart = soapMultipart(type.parameters.get('boundary'), {
    part(headers) {
      refuseEncodedPart(headers);
      if (document === undefined) beginRoot(headers);
      else beginAttachment(headers);
    },
    data: (source, from, to) => sink?.(source.subarray(from, to)),
    partEnd: () => finishPart?.(),
  });

  return {
    push(chunk) {
      multipart.push(chunk);
      return intake.drain();
    },
    async end() {
      multipart.end();
      const missing = [...references.keys()].find((id) => !arrived.has(id));
      if (missing !== undefined) throw new RelaisError('RELAIS_SOAP_MALFORMED', `the envelope refers to the part "cid:${missing.slice(0, 80)}", which the message does not hold`);
      await intake.settle();
      if (document === undefined) throw new RelaisError('RELAIS_SOAP_MALFORMED', 'the multipart message has no part');
      return document.result();
    },
    discard: () => intake.discard(),
  };
}
