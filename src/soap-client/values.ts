import type { Readable } from 'node:stream';

/** A file to send. `open` is called when its turn comes, once; it has to bring `size` bytes. */
export interface OutgoingFile {
  /** Its media type, for the attribute `xmlmime:contentType` where the WSDL declares one, and for its MTOM part. */
  readonly contentType: string;
  readonly size: number;
  open(): Readable;
}

/** What an element is to hold. `null` is `xsi:nil`; `undefined` leaves the element out, and where the schema requires one that
 * may be nil, makes it nil. An array is a repeatable element. */
export type OutgoingValue = string | boolean | number | null | undefined | OutgoingFile | OutgoingStruct | readonly OutgoingValue[];
export interface OutgoingStruct { readonly [element: string]: OutgoingValue }

/** A file that came, already kept. */
export interface ReceivedFile {
  /** As `xmlmime:contentType` of its element says, or else its MTOM part. */
  readonly contentType: string | null;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** An element of type `xsd:anyType`, of which nothing more is known. `type`: local name of its `xsi:type`. `text`: its own, without
 * that of its children. */
export interface ReceivedAny {
  readonly name: string;
  readonly type: string | null;
  readonly isNil: boolean;
  readonly text: string;
  readonly children: readonly ReceivedAny[];
}

/** What an element held. `null` was nil; an absent element has no member; a repeatable one is always an array. Text is as
 * it came; dates are text; `xsd:anyType` is a struct as ReceivedAny describes it. */
export type ReceivedValue = string | boolean | number | null | ReceivedFile | ReceivedStruct | readonly ReceivedValue[];
export interface ReceivedStruct { readonly [element: string]: ReceivedValue }

/** Keeps a file that is being received; `context.blobs.keep` of a connector. `beside`: texts that came before it in the element
 * around it, such as its id and name. What is not wanted has to be read all the same. */
export type KeepFile = (content: AsyncIterable<Uint8Array>, beside: Readonly<Record<string, string>>) => Promise<{ readonly sha256: string; readonly size: number }>;
