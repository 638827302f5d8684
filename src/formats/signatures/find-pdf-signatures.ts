import { chunksOf, type ReadableDocument } from './readable-document.js';

/** The text of an indirect object of a PDF, between `obj` and `endobj` or `stream`. `at`: place of its first byte. */
export interface PdfObject {
  readonly at: number;
  readonly bytes: Buffer;
}

/** What one reading of a PDF brings out. */
export interface FoundInPdf {
  /** Objects with a `/ByteRange`: the dictionaries of signatures, in the order of the file. */
  readonly objects: readonly PdfObject[];
  /** More of them than are looked at. */
  readonly tooMany: boolean;
  readonly startsAsPdf: boolean;
}

/** Contents are hexadecimal: four million digits hold two million bytes. */
const LARGEST_OBJECT = 4 * 1024 * 1024;
const MOST_SIGNATURES = 50;
const MOST_KEPT = 16 * 1024 * 1024;
/** Longer than any keyword that is searched, and than the white space that may stand around it. */
const TAIL = 64;

interface State {
  /** What is not looked at yet, and the place of its first byte. */
  window: Buffer;
  at: number;
  /** How much of the window has been searched for the end of the object in it. */
  searched: number;
  inside: 'between' | 'object' | 'stream';
  /** Bytes of a stream whose length is known, still to be passed over. */
  skip: number;
  kept: number;
}

/** Finds the dictionaries of signatures (ISO 32000-1 §12.8.1) in one reading, in constant memory. What is in streams is passed
 * over, so that the signatures of attached files are not taken for those of the document: a dictionary with a
 * `/ByteRange` cannot be in an object stream. Objects are told apart by their keywords alone, not by the
 * cross-reference table; a file that is made to mislead this search hides signatures and adds none, since whoever
 * checks them demands that the last one covers the whole file. */
export async function findPdfSignatures(document: Pick<ReadableDocument, 'open'>): Promise<FoundInPdf> {
  const objects: PdfObject[] = [];
  const state: State = { window: Buffer.alloc(0), at: 0, searched: 0, inside: 'between', skip: 0, kept: 0 };
  let tooMany = false;
  let head = Buffer.alloc(0);
  for await (const { bytes } of chunksOf(document)) {
    if (head.length < 1024) head = Buffer.concat([head, bytes.subarray(0, 1024)]);
    state.window = state.window.length === 0 ? bytes : Buffer.concat([state.window, bytes]);
    for (let object = nextObject(state); object !== null; object = nextObject(state)) {
      if (!object.bytes.includes('/ByteRange')) continue;
      tooMany ||= objects.length === MOST_SIGNATURES || state.kept + object.bytes.length > MOST_KEPT;
      if (tooMany) continue;
      state.kept += object.bytes.length;
      objects.push({ at: object.at, bytes: Buffer.from(object.bytes) });
    }
  }
  return { objects, tooMany, startsAsPdf: head.subarray(0, 1024).includes('%PDF-') };
}

/** The next object that ends in the window; null when more bytes are needed. */
function nextObject(state: State): PdfObject | null {
  for (;;) {
    if (state.inside === 'between' && !enterObject(state)) return null;
    if (state.inside === 'stream' && !passStream(state)) return null;
    if (state.inside !== 'object') continue;
    const end = endOfObject(state);
    if (end === null) return giveUpOrWait(state);
    const object = { at: state.at, bytes: state.window.subarray(0, end.at) };
    drop(state, end.at + end.keyword.length);
    state.inside = end.keyword === 'stream' ? 'stream' : 'between';
    if (state.inside === 'stream') state.skip = streamLength(object.bytes);
    return object;
  }
}

function enterObject(state: State): boolean {
  const found = state.window.indexOf('obj');
  if (found === -1) { keepTail(state); return false; }
  if (found === 0 || !isSpaceOrDigit(state.window[found - 1])) { drop(state, found + 3); return true; }
  drop(state, found + 3);
  state.inside = 'object';
  return true;
}

/** Whether the stream has been left; it waits for bytes otherwise. */
function passStream(state: State): boolean {
  const passed = Math.min(state.skip, state.window.length);
  drop(state, passed);
  state.skip -= passed;
  if (state.skip > 0) return false;
  const end = state.window.indexOf('endstream');
  if (end === -1) { keepTail(state); return false; }
  drop(state, end + 'endstream'.length);
  state.inside = 'between';
  return true;
}

function endOfObject(state: State): { at: number; keyword: 'endobj' | 'stream' } | null {
  const from = Math.max(0, state.searched - TAIL);
  const end = state.window.indexOf('endobj', from);
  const before = end === -1 ? state.window : state.window.subarray(0, end);
  for (let stream = before.indexOf('stream', from); stream !== -1; stream = before.indexOf('stream', stream + 1)) {
    if (opensStream(state.window, stream)) return { at: stream, keyword: 'stream' };
  }
  state.searched = state.window.length;
  return end === -1 ? null : { at: end, keyword: 'endobj' };
}

/** `>>`, white space, `stream`, end of line (ISO 32000-1 §7.3.8.1). */
function opensStream(window: Buffer, at: number): boolean {
  const before = window.subarray(Math.max(0, at - TAIL / 2), at).toString('latin1').trimEnd();
  return before.endsWith('>>') && (window[at + 6] === 0x0a || window[at + 6] === 0x0d);
}

/** No object that matters here is this long: it is left for the next one. */
function giveUpOrWait(state: State): null {
  if (state.window.length > LARGEST_OBJECT) {
    keepTail(state);
    state.inside = 'between';
  }
  return null;
}

/** The length of a stream that its own dictionary says; 0 where another object says it, and the end is searched. */
function streamLength(dictionary: Buffer): number {
  const found = /\/Length\s+(\d{1,12})(?!\d|\s+\d+\s+R)/.exec(dictionary.toString('latin1'));
  return found === null ? 0 : Number(found[1]);
}

function drop(state: State, bytes: number): void {
  state.window = state.window.subarray(bytes);
  state.at += bytes;
  state.searched = 0;
}

function keepTail(state: State): void {
  drop(state, Math.max(0, state.window.length - TAIL));
}

function isSpaceOrDigit(byte: number | undefined): boolean {
  return byte !== undefined && (byte <= 0x20 || (byte >= 0x30 && byte <= 0x39));
}
