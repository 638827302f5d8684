import { Readable } from 'node:stream';
import { OutcomeUnknown } from '../connector-api/failures.js';
import { answerWords, httpFailure, startOfAnswer } from '../connector-api/http-failure.js';
import type { HttpAnswer, HttpCall, HttpRequest } from '../connector-api/http.js';
import { RelaisError } from '../errors.js';
import { loadWsdlModel } from '../soap/wsdl-model.js';
import type { WsdlModel } from '../soap/wsdl-model.js';
import { NotUnderstood } from './not-understood.js';
import { isSoapMedia, readMessage } from './read-message.js';
import type { ReceivedMessage } from './read-message.js';
import { requestBody } from './request-body.js';
import type { Port } from './request-body.js';
import { encodeMessage } from './request-encoder.js';
import { SoapFault } from './soap-fault.js';
import type { KeepFile, OutgoingValue, ReceivedValue } from './values.js';

/** What a client knows of a service: its operations by name, their request and response elements. */
export type SoapClientModel = WsdlModel;

/** Members of a request that the settings of a connector decide (`reachOf`). */
export type Reach = Pick<HttpRequest, 'tls' | 'allowPrivate' | 'timeoutMs'>;

export interface SoapClientParts {
  readonly model: SoapClientModel;
  readonly endpoint: {
    readonly url: string;
    readonly port: Port;
    /** Sent with each call, such as `authorization`. */
    readonly headers?: Readonly<Record<string, string>>;
    readonly reach?: Reach;
  };
  readonly http: HttpCall;
  /** Where files of an answer go. */
  readonly keep: KeepFile;
  /** Ends the reading of an answer; `http` is bound to it, too. */
  readonly signal: AbortSignal;
}

export interface SoapCallOptions {
  /** In place of the client's, such as a longer time for files. */
  readonly reach?: Reach;
}

export interface SoapClient {
  /** Calls an operation of the WSDL (SOAP 1.1, document/literal). `values` are by element name; for a message that is a plain text
   * or number, that itself. Answers likewise. Files pass through at constant memory in both directions.
   *
   * Throws, before anything is sent: Refused for text that XML cannot hold, naming the element; RELAIS_INTERNAL for an operation or
   * value that the WSDL does not have. Then: SoapFault; what `http`, a file or `keep` fails with; for a status without success
   * the failure of `httpFailure`; OutcomeUnknown for an answer that is cut, is no SOAP, or is not the one of the operation. */
  call(operation: string, values?: OutgoingValue, options?: SoapCallOptions): Promise<ReceivedValue>;
}

/** Reads a WSDL 1.1 file. Throws RELAIS_INTERNAL for a construct that the client would not read or write rightly. */
export function loadSoapClientModel(wsdlFile: string): Promise<SoapClientModel> {
  return loadWsdlModel(wsdlFile);
}

/** A client for one service, without state: make one for each attempt. */
export function createSoapClient({ model, endpoint, http, keep, signal }: SoapClientParts): SoapClient {
  const who = URL.canParse(endpoint.url) ? new URL(endpoint.url).origin : 'the service';
  return {
    async call(name, values, { reach = endpoint.reach } = {}) {
      const operation = model.operations.get(name);
      if (operation === undefined) throw new RelaisError('RELAIS_INTERNAL', `the WSDL has no operation "${name}"`);
      const { headers, body } = requestBody(encodeMessage(operation.request, values), endpoint.port);
      const answer = await http({
        method: 'POST', url: endpoint.url, body, ...reach,
        headers: { accept: 'text/xml, multipart/related', soapaction: '""', ...endpoint.headers, ...headers },
      });
      const elements = new Map([[operation.response.name, operation.response]]);
      const message = await receive(answer, who, (source) => readMessage(source, elements, keep), signal);
      if ('fault' in message) throw new SoapFault(who, message.fault);
      return message.value;
    },
  };
}

type Read = (source: Parameters<typeof readMessage>[0]) => Promise<ReceivedMessage>;

async function receive(answer: HttpAnswer, who: string, read: Read, signal: AbortSignal): Promise<ReceivedMessage> {
  const { status, headers: { 'content-type': contentType } } = answer;
  if (status < 200 || status >= 300) return faultOf(answer, who);
  if (!isSoapMedia(contentType)) {
    const words = await answerWords(answer);
    throw new OutcomeUnknown(`${who} answered with «${contentType ?? ''}» in place of SOAP${words === '' ? '' : `: ${words}`}.`);
  }
  try {
    return await read({ contentType, body: until(signal, answer.body as AsyncIterable<Buffer>) });
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    throw new OutcomeUnknown(`The answer of ${who} cannot be used: ${error.message}.`, { cause: error });
  } finally {
    answer.body.destroy();
  }
}

async function* until(signal: AbortSignal, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    signal.throwIfAborted();
    yield chunk;
  }
}

/** Bytes of an answer without success that are looked at. */
const FAULT_BYTES = 65_536;

/** SOAP 1.1 over HTTP sends faults with status 500 (§6.2), others do with 400 or 503. Anything else is what its status says. */
async function faultOf(answer: HttpAnswer, who: string): Promise<ReceivedMessage> {
  const { status, headers: { 'content-type': contentType } } = answer;
  const start = await startOfAnswer(answer, FAULT_BYTES);
  if ((status === 400 || status >= 500) && isSoapMedia(contentType)) {
    // what is no fault that can be read is told by its status and its words
    const message = await readMessage({ contentType, body: Readable.from([start]) }, new Map(), noFile).catch(() => undefined);
    if (message !== undefined && 'fault' in message) return message;
  }
  throw await httpFailure({ ...answer, body: Readable.from([start]) }, who, Date.now());
}

function noFile(): Promise<never> {
  return Promise.reject(new NotUnderstood('a fault holds no file'));
}
