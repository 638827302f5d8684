import { RelaisError } from '../errors.js';
import { MultipartError } from '../mime/multipart-error.js';
import { XmlError } from '../xml/xml-error.js';
import type { ByteSink } from '../xml/document-sink.js';

const CODES = {
  malformed: 'RELAIS_SOAP_MALFORMED',
  encoding: 'RELAIS_SOAP_ENCODING',
  doctype: 'RELAIS_SOAP_DOCTYPE',
  limit: 'RELAIS_SOAP_LIMIT',
} as const;

/** A sink whose refusals have codes of SOAP; what handlers throw passes as it is. */
export function withSoapRefusals(sink: ByteSink, subject: string): ByteSink {
  return {
    push: (chunk) => { refusing(() => { sink.push(chunk); }, subject); },
    end: () => { refusing(() => { sink.end(); }, subject); },
  };
}

/** Does a step; throws RELAIS_SOAP_MALFORMED, RELAIS_SOAP_ENCODING, RELAIS_SOAP_DOCTYPE or RELAIS_SOAP_LIMIT for what it refuses. */
export function refusing<Result>(step: () => Result, subject: string): Result {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof XmlError) && !(error instanceof MultipartError)) throw error;
    const message = error.problem === 'doctype' ? `${subject} holds a DOCTYPE, which SOAP 1.1 forbids; remove it` : error.message;
    throw new RelaisError(CODES[error.problem], message, { cause: error });
  }
}
