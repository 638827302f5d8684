import { RelaisError } from '../errors.js';
import { isXml, parseContentType } from '../mime/content-type.js';
import type { ContentType } from '../mime/content-type.js';
import { bareContentId, refuseEncodedPart } from '../soap/mtom.js';
import { soapDocument, soapMultipart } from '../soap/soap-document.js';
import type { Field } from '../soap/wsdl-model.js';
import type { ByteSink } from '../xml/document-sink.js';
import type { DocumentLimits } from '../xml/limits.js';
import type { FaultWords } from './fault-reader.js';
import { FileIntake } from './file-intake.js';
import type { IncomingBytes } from './file-intake.js';
import { MessageReader } from './message-reader.js';
import { NotUnderstood } from './not-understood.js';
import { PartDirectory } from './part-directory.js';
import { settled } from './received-values.js';
import type { KeepFile, ReceivedValue } from './values.js';

/** Enough for a list of every folder of a big town; far from what would fill the memory. */
const LIMITS: DocumentLimits = { depth: 100, elements: 500_000, attributes: 1_000_000 };

const SUBJECT = 'the answer';

/** A message as it came. */
export interface MessageSource {
  /** The header `content-type`. */
  readonly contentType: string | undefined;
  readonly body: AsyncIterable<Buffer>;
}

export type ReceivedMessage = { readonly fault: FaultWords } | { readonly element: string; readonly value: ReceivedValue };

/** True for what may hold a SOAP message. Nothing at all counts as XML. */
export function isSoapMedia(contentType: string | undefined): boolean {
  const { media } = parseContentType(contentType);
  return media === '' || media === 'multipart/related' || isXml(media);
}

/** Reads a SOAP message while it comes, plain or MTOM, at constant memory; files go to `keep`. `elements` are those that Body may
 * hold, by local name. Throws NotUnderstood for a message that is cut or none, and what `keep` fails with. */
export async function readMessage({ contentType, body }: MessageSource, elements: ReadonlyMap<string, Field>, keep: KeepFile): Promise<ReceivedMessage> {
  const type = parseContentType(contentType);
  const intake = new FileIntake(keep);
  const parts = new PartDirectory();
  try {
    const isMultipart = type.media === 'multipart/related';
    const reader = new MessageReader(elements, intake, isMultipart ? parts : undefined);
    const bytes = understood(() => (isMultipart ? multipartOf(type, reader, intake, parts) : documentOf(reader, type.parameters.get('charset'))));
    for await (const chunk of wholly(body)) {
      understood(() => bytes.push(chunk));
      await intake.drain();
    }
    understood(() => bytes.end());
    await intake.drain();
    return understood(() => contentOf(reader, parts));
  } catch (error) {
    await intake.abort(error instanceof Error ? error : new Error('reading ended', { cause: error }));
    throw error;
  }
}

function contentOf(reader: MessageReader, parts: PartDirectory): ReceivedMessage {
  const content = reader.content();
  if ('fault' in content) return content;
  const missing = parts.missing();
  if (missing !== undefined) throw new NotUnderstood(`it refers to the part «cid:${missing.slice(0, 80)}», which did not come`);
  return { element: content.element, value: settled(content.value) };
}

/** The bytes of a body; one that is cut says so. */
async function* wholly(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw new NotUnderstood('it was cut', { cause: error });
  }
}

/** What the reading side of `soap/` refuses is not understood. */
function understood<Result>(step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (error instanceof RelaisError && error.blame === 'caller') throw new NotUnderstood(error.message.replace(`${SUBJECT} `, 'it '), { cause: error });
    throw error;
  }
}

function documentOf(reader: MessageReader, charset: string | undefined): ByteSink {
  return soapDocument(reader, LIMITS, charset, SUBJECT);
}

/** The envelope is the part that `start` names, or else the first (RFC 2387 §3.2). */
function multipartOf(type: ContentType, reader: MessageReader, intake: FileIntake, parts: PartDirectory): ByteSink {
  const start = bareContentId(type.parameters.get('start'));
  let root: 'awaited' | 'open' | 'ended' = 'awaited';
  let part: ByteSink | undefined;

  function begin(headers: ReadonlyMap<string, string>): void {
    const id = bareContentId(headers.get('content-id'));
    if (root === 'awaited' && (start === undefined || id === undefined || id === start)) {
      root = 'open';
      part = documentOf(reader, parseContentType(headers.get('content-type')).parameters.get('charset'));
      return;
    }
    const bytes = id === undefined ? undefined : parts.arrive(id, headers.get('content-type'), root === 'awaited');
    part = bytes === undefined ? undefined : fileOf(bytes, intake);
  }

  function end(): void {
    part?.end();
    if (root === 'open') root = 'ended';
  }

  const multipart = soapMultipart(type.parameters.get('boundary'), {
    part(headers) {
      refuseEncodedPart(headers);
      begin(headers);
    },
    data: (source, from, to) => part?.push(source.subarray(from, to)),
    partEnd: end,
  }, SUBJECT);
  return {
    push: (chunk) => multipart.push(chunk),
    end() {
      multipart.end();
      if (root === 'awaited') throw new NotUnderstood('it has no part that is the envelope');
    },
  };
}

function fileOf(bytes: IncomingBytes, intake: FileIntake): ByteSink {
  return { push: (chunk) => intake.write(bytes, chunk), end: () => intake.finish(bytes) };
}
