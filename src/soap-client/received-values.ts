import type { Field, StructType } from '../soap/wsdl-model.js';
import { NotUnderstood } from './not-understood.js';
import type { IncomingBytes } from './file-intake.js';
import type { ReceivedFile, ReceivedValue } from './values.js';

/** A file whose bytes may still be on their way. */
export class IncomingFile {
  /** Of its element; null where that says nothing. */
  readonly contentType: string | null;
  readonly bytes: IncomingBytes;

  constructor(contentType: string | null, bytes: IncomingBytes) {
    this.contentType = contentType;
    this.bytes = bytes;
  }
}

/** Values while they are read. */
export type Incoming = string | boolean | number | null | IncomingFile | IncomingStruct | Incoming[];
export interface IncomingStruct { [element: string]: Incoming }

/** A struct before any of its elements came: lists are there, even if nothing comes for them. */
export function emptyStruct(type: StructType): IncomingStruct {
  return Object.fromEntries(type.fields.filter((field) => field.repeatable).map((field) => [field.name, []]));
}

/** The text of an element as its type says; undefined for what that cannot be. */
export function simpleValue({ type }: Field, text: string): string | boolean | number | undefined {
  if (type !== 'boolean' && type !== 'number') return text;
  const trimmed = text.trim();
  if (type === 'boolean') return BOOLEANS.get(trimmed);
  return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : undefined;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([['true', true], ['1', true], ['false', false], ['0', false]]);

/** The value, once all files are kept. */
export function settled(value: Incoming): ReceivedValue {
  if (value instanceof IncomingFile) return receivedFile(value);
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, settled(one)]));
}

function receivedFile({ contentType, bytes: { kept, mediaType } }: IncomingFile): ReceivedFile {
  if (kept === undefined) throw new NotUnderstood('a file of it did not come');
  return { contentType: contentType ?? mediaType ?? null, sha256: kept.sha256, size: kept.size };
}
