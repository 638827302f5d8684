import { Base64Decoder, Base64Error } from '../xml/base64-decoder.js';
import { XOP, contentIdOf } from '../soap/mtom.js';
import { isNil } from '../xml/xml-tag.js';
import type { XmlTag } from '../xml/xml-tag.js';
import type { XmlHandler } from '../xml/xml-tokenizer.js';
import type { Field, StructType } from '../soap/wsdl-model.js';
import { AnyReader } from './any-reader.js';
import { FaultReader } from './fault-reader.js';
import type { FaultWords } from './fault-reader.js';
import type { FileIntake, IncomingBytes } from './file-intake.js';
import { NotUnderstood } from './not-understood.js';
import type { PartDirectory } from './part-directory.js';
import { IncomingFile, emptyStruct, simpleValue } from './received-values.js';
import type { Incoming, IncomingStruct } from './received-values.js';

/** Text of one value, and of all values of a message together: they are in memory. Files do not count. */
const TEXT_BYTES = 4 * 1024 * 1024;
const ALL_TEXT_BYTES = 16 * 1024 * 1024;

interface Frame {
  readonly field: Field;
  readonly type: StructType;
  readonly values: IncomingStruct;
}

interface Leaf {
  readonly field: Field;
  /** Pieces of its text. */
  text: string;
  readonly contentType: string | null;
  readonly decoder: Base64Decoder | undefined;
  bytes: IncomingBytes | undefined;
  isReference: boolean;
}

export type MessageContent = { readonly fault: FaultWords } | { readonly element: string; readonly value: Incoming };

/** Reads a SOAP envelope of any version by the elements that its Body may hold. All elements are matched by local name, in any
 * order: what real services write differs in prefixes, order and additions (contracts/iparapheur.md §1.1, §1.2). Unknown ones
 * are passed over; the last of several wins where the schema allows one. Throws NotUnderstood. */
export class MessageReader implements XmlHandler {
  readonly #elements: ReadonlyMap<string, Field>;
  readonly #intake: FileIntake;
  /** Undefined where the message is plain XML. */
  readonly #parts: PartDirectory | undefined;
  readonly #frames: Frame[] = [];
  #leaf: Leaf | undefined;
  #any: { readonly field: Field; readonly reader: AnyReader } | undefined;
  #fault: FaultReader | undefined;
  #isInFault = false;
  #skipped = 0;
  #level = 0;
  #allText = 0;
  #content: { readonly element: string; readonly value: Incoming } | undefined;

  constructor(elements: ReadonlyMap<string, Field>, intake: FileIntake, parts: PartDirectory | undefined) {
    this.#elements = elements;
    this.#intake = intake;
    this.#parts = parts;
  }

  get wants(): 'text' | 'bytes' | 'nothing' {
    if (this.#skipped > 0) return 'nothing';
    if (this.#isInFault || this.#any !== undefined) return 'text';
    if (this.#leaf === undefined) return 'nothing';
    return this.#leaf.decoder === undefined ? 'text' : 'bytes';
  }

  open(tag: XmlTag): void {
    const frame = this.#frames.at(-1);
    if (this.#skipped > 0) this.#skipped += 1;
    else if (this.#isInFault) this.#fault?.open(tag.local);
    else if (this.#any !== undefined) this.#any.reader.open(tag);
    else if (this.#leaf !== undefined) this.#openInLeaf(this.#leaf, tag);
    else if (frame !== undefined) this.#openField(frame, tag);
    else this.#openEnvelope(tag);
  }

  text(text: string): void {
    if (this.#isInFault) { this.#fault?.text(text); return; }
    this.#allText += text.length;
    if (this.#any !== undefined) this.#any.reader.text(text);
    else if (this.#leaf !== undefined) this.#textInLeaf(this.#leaf, text);
    if (this.#allText > ALL_TEXT_BYTES) throw new NotUnderstood(`its texts are longer than ${ALL_TEXT_BYTES} characters`);
  }

  #textInLeaf(leaf: Leaf, text: string): void {
    leaf.text += text;
    if (leaf.text.length > TEXT_BYTES) throw new NotUnderstood(`the text of ${this.#path(leaf.field)} is longer than ${TEXT_BYTES} characters`);
  }

  bytes(source: Buffer, from: number, to: number): void {
    const leaf = this.#leaf;
    if (leaf?.decoder === undefined) return;
    const piece = source.toString('latin1', from, to);
    if (leaf.isReference) {
      if (piece.trim() !== '') throw this.#wrong(leaf.field, 'holds text beside xop:Include');
      return;
    }
    const decoded = this.#base64(leaf, (decoder) => decoder.push(piece));
    if (decoded.length === 0) return;
    leaf.bytes ??= this.#incoming();
    this.#intake.write(leaf.bytes, decoded);
  }

  close(): void {
    if (this.#skipped > 0) this.#skipped -= 1;
    else if (this.#isInFault) this.#closeInFault();
    else if (this.#any !== undefined) this.#closeAny(this.#any);
    else if (this.#leaf !== undefined) this.#closeLeaf(this.#leaf);
    else if (this.#frames.length > 0) this.#closeStruct();
    else this.#level -= 1;
  }

  /** What Body holds, once the document has ended. */
  content(): MessageContent {
    if (this.#fault !== undefined) return { fault: this.#fault.words() };
    if (this.#content === undefined) throw new NotUnderstood(`its Body is empty; ${this.#expected()} was expected`);
    return this.#content;
  }

  #openEnvelope(tag: XmlTag): void {
    if (this.#level === 0 && tag.local !== 'Envelope') throw new NotUnderstood(`its root element is <${tag.name.slice(0, 60)}>; a SOAP Envelope was expected`);
    if (this.#level < 2) {
      if (this.#level === 1 && tag.local !== 'Body') this.#skipped = 1;
      else this.#level += 1;
      return;
    }
    // what follows the message is of encodings that are not read
    if (this.#content !== undefined || this.#fault !== undefined) { this.#skipped = 1; return; }
    this.#openMessage(tag);
  }

  #openMessage(tag: XmlTag): void {
    const field = this.#elements.get(tag.local);
    if (field !== undefined) { this.#openElement(field, tag); return; }
    if (tag.local !== 'Fault') throw new NotUnderstood(`its Body holds <${tag.name.slice(0, 60)}>; ${this.#expected()} was expected`);
    this.#fault = new FaultReader();
    this.#isInFault = true;
  }

  #openField(frame: Frame, tag: XmlTag): void {
    const field = frame.type.byName.get(tag.local);
    if (field === undefined) this.#skipped = 1;
    else this.#openElement(field, tag);
  }

  #openElement(field: Field, tag: XmlTag): void {
    if (isNil(tag)) {
      this.#skipped = 1;
      if (!field.repeatable) this.#assign(field, null);
      return;
    }
    if (field.type === 'any') { this.#any = { field, reader: new AnyReader(tag) }; return; }
    if (typeof field.type !== 'string') { this.#frames.push({ field, type: field.type, values: emptyStruct(field.type) }); return; }
    const decoder = field.type === 'base64Binary' ? new Base64Decoder() : undefined;
    const contentType = tag.attributes.find(({ local }) => local === 'contentType')?.value.trim() ?? '';
    this.#leaf = { field, text: '', contentType: contentType === '' ? null : contentType, decoder, bytes: undefined, isReference: false };
  }

  #openInLeaf(leaf: Leaf, tag: XmlTag): void {
    this.#skipped = 1;
    if (tag.local !== 'Include' || tag.namespace !== XOP || leaf.decoder === undefined) throw this.#wrong(leaf.field, `holds the element <${tag.name.slice(0, 60)}>`);
    const id = contentIdOf(tag);
    if (id === undefined || this.#parts === undefined) throw this.#wrong(leaf.field, 'refers to a part that the answer cannot have');
    if (leaf.bytes !== undefined) throw this.#wrong(leaf.field, 'holds xop:Include beside other content');
    leaf.bytes = this.#parts.refer(id);
    leaf.bytes.beside ??= textsOf(this.#frames.at(-1)?.values ?? {});
    leaf.isReference = true;
  }

  #closeInFault(): void {
    if (this.#fault?.close() !== true) this.#isInFault = false;
  }

  #closeAny({ field, reader }: { readonly field: Field; readonly reader: AnyReader }): void {
    if (reader.close()) return;
    this.#any = undefined;
    this.#assign(field, reader.value);
  }

  #closeLeaf(leaf: Leaf): void {
    this.#leaf = undefined;
    if (leaf.decoder !== undefined) { this.#assign(leaf.field, this.#file(leaf)); return; }
    const value = simpleValue(leaf.field, leaf.text);
    if (value === undefined) throw this.#wrong(leaf.field, `holds ${JSON.stringify(leaf.text.slice(0, 60))}, which is no ${leaf.field.type === 'boolean' ? 'boolean' : 'number'}`);
    this.#assign(leaf.field, value);
  }

  #file(leaf: Leaf): IncomingFile {
    const bytes = leaf.bytes ?? this.#incoming();
    if (!leaf.isReference) {
      this.#base64(leaf, (decoder) => decoder.end());
      this.#intake.finish(bytes);
    }
    return new IncomingFile(leaf.contentType, bytes);
  }

  /** What was read of the element around it says which file it is. */
  #incoming(): IncomingBytes {
    return { beside: textsOf(this.#frames.at(-1)?.values ?? {}) };
  }

  #base64<Result>(leaf: Leaf, step: (decoder: Base64Decoder) => Result): Result {
    try {
      return step(leaf.decoder ?? new Base64Decoder());
    } catch (error) {
      throw error instanceof Base64Error ? this.#wrong(leaf.field, `is no base64: ${error.message}`, error) : error;
    }
  }

  #closeStruct(): void {
    const frame = this.#frames.pop();
    if (frame !== undefined) this.#assign(frame.field, frame.values);
  }

  #assign(field: Field, value: Incoming): void {
    const parent = this.#frames.at(-1);
    const list = field.repeatable ? parent?.values[field.name] : undefined;
    if (parent === undefined) this.#content = { element: field.name, value };
    else if (Array.isArray(list)) list.push(value);
    else parent.values[field.name] = value;
  }

  #wrong(field: Field, what: string, cause?: unknown): NotUnderstood {
    return new NotUnderstood(`${this.#path(field)} ${what}`, { cause });
  }

  #path(field: Field): string {
    return [...this.#frames.map((frame) => frame.field.name), field.name].join('/');
  }

  #expected(): string {
    return `<${[...this.#elements.keys()].join('> or <')}>`;
  }
}

function textsOf(values: IncomingStruct): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}
