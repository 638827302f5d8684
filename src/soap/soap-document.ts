import { MultipartReader } from '../mime/multipart.js';
import type { PartHandler } from '../mime/multipart.js';
import { documentSink } from '../xml/document-sink.js';
import type { ByteSink } from '../xml/document-sink.js';
import type { DocumentLimits } from '../xml/limits.js';
import { XmlTokenizer } from '../xml/xml-tokenizer.js';
import type { XmlHandler } from '../xml/xml-tokenizer.js';
import { refusing, withSoapRefusals } from './soap-refusal.js';

/** What messages call a message that comes in. */
const REQUEST = 'the request';

/** Brings the bytes of a SOAP document to its reader; `charset` is that of its header, `subject` what messages call it. */
export function soapDocument(handler: XmlHandler, limits: DocumentLimits, charset: string | undefined, subject = REQUEST): ByteSink {
  return withSoapRefusals(documentSink(new XmlTokenizer(handler, limits, subject), charset), subject);
}

/** Brings the bytes of a multipart message to what reads its parts. Throws RELAIS_SOAP_MALFORMED where the boundary is none. */
export function soapMultipart(boundary: string | undefined, handler: PartHandler, subject = REQUEST): ByteSink {
  return withSoapRefusals(refusing(() => new MultipartReader(boundary ?? '', handler, subject), subject), subject);
}
