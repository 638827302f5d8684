import type { StagedBlob } from '../blobs/blob-store.js';
import type { Readable } from 'node:stream';

/** Bytes to send in a base64Binary element, streamed and encoded by the edge. `size` in bytes, where it is known. */
export interface OutgoingBinary {
  readonly stream: () => Readable;
  readonly size?: number;
}

/** A decoded request value. Absent, empty-optional and nil elements are undefined; a repeatable element is always an
 * array; booleans have the WSDL's default applied; base64Binary is a staged blob (size 0 for an empty one). */
export type RequestValue = string | boolean | StagedBlob | RequestStruct | readonly RequestValue[] | undefined;
export interface RequestStruct { readonly [element: string]: RequestValue }

/** A value to encode. `Date` for xsd:dateTime; undefined leaves an optional element out; an async iterable feeds a
 * repeatable element while it is produced; `xsd:anyType` takes an `AnyContent`. */
export type ReplyValue =
  | string | boolean | number | Date | OutgoingBinary | ReplyStruct | AnyContent
  | readonly ReplyValue[] | AsyncIterable<ReplyValue> | undefined;
export interface ReplyStruct { readonly [element: string]: ReplyValue }

/** Children of an `xsd:anyType` element, unqualified and without xsi:type (contracts/soap-clients.md, extraInfos).
 * A list is written as one `element` child per value. */
export class AnyContent {
  readonly children: Readonly<Record<string, string | boolean | number | readonly string[] | null>>;

  constructor(children: Readonly<Record<string, string | boolean | number | readonly string[] | null>>) {
    this.children = children;
  }
}

/** What an operation knows of the call beside its arguments. */
export interface SoapCall {
  readonly userId: string;
  readonly correlationId: string;
  readonly signal: AbortSignal;
}

/** One operation of the WSDL. Throws or rejects with RelaisError: blame `caller` becomes a Client fault with its
 * message, anything else a Server fault with a general text. */
export interface SoapOperation {
  readonly name: string;
  handle(request: RequestStruct, call: SoapCall): ReplyStruct | Promise<ReplyStruct>;
}
