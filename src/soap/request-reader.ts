import { RelaisError } from '../errors.js';
import type { NamespaceScope } from '../xml/namespace-scope.js';
import { isInstance, isNil } from '../xml/xml-tag.js';
import type { XmlTag } from '../xml/xml-tag.js';
import type { XmlHandler } from '../xml/xml-tokenizer.js';
import { Base64Decoder, Base64Error } from '../xml/base64-decoder.js';
import { IncomingBlob } from './blob-intake.js';
import type { BlobIntake } from './blob-intake.js';
import { TEXT_FACTOR } from './limits.js';
import type { SoapLimits } from './limits.js';
import { XOP, contentIdOf } from './mtom.js';
import { defaultValue, simpleValue, stringFromBase64, wrongValue } from './request-values.js';
import type { RequestStruct } from './service.js';
import type { Field, OperationModel, ServiceModel, StructType } from './service-model.js';

export const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const XML_SCHEMA = 'http://www.w3.org/2001/XMLSchema';

/** Values while they are read: an IncomingBlob stands where its blob will be. */
type Value = string | boolean | IncomingBlob | Struct | Value[] | undefined;
interface Struct { [name: string]: Value }

interface Frame {
  readonly name: string;
  /** Undefined for the request element itself. */
  readonly field: Field | undefined;
  readonly type: StructType;
  readonly values: Struct;
  hasChildren: boolean;
}

interface Leaf {
  readonly field: Field;
  readonly isEncodedString: boolean;
  text: string;
  bytes: number;
  readonly decoder: Base64Decoder | undefined;
  incoming: IncomingBlob | undefined;
  isReference: boolean;
}

/** Reads a SOAP 1.1 envelope by the service model (contracts/ws4pm.md §1.4). Children are matched by local name, in
 * any order; unknown ones are passed over; the last of several wins. An `xsd:anyType` in a request is passed over too. */
export class RequestReader implements XmlHandler {
  readonly #model: ServiceModel;
  readonly #limits: SoapLimits;
  readonly #intake: BlobIntake;
  /** Parts of a multipart message that were referred to, by content id; undefined where the message is plain XML. */
  readonly #references: Map<string, IncomingBlob> | undefined;
  readonly #frames: Frame[] = [];
  readonly #slots: { readonly holder: Struct | Value[]; readonly key: string | number }[] = [];
  #leaf: Leaf | undefined;
  #isInReference = false;
  #skipped = 0;
  #level = 0;
  #hasBody = false;
  #textBytes = 0;
  #operation: OperationModel | undefined;
  #request: Struct | undefined;

  constructor(model: ServiceModel, limits: SoapLimits, intake: BlobIntake, references?: Map<string, IncomingBlob>) {
    this.#model = model;
    this.#limits = limits;
    this.#intake = intake;
    this.#references = references;
  }

  get wants(): 'text' | 'bytes' | 'nothing' {
    if (this.#leaf === undefined || this.#isInReference) return 'nothing';
    return this.#leaf.decoder === undefined ? 'text' : 'bytes';
  }

  open(tag: XmlTag, scope: NamespaceScope): void {
    const frame = this.#frames.at(-1);
    if (this.#skipped > 0) this.#skipped += 1;
    else if (this.#leaf !== undefined) this.#openInLeaf(this.#leaf, tag);
    else if (frame !== undefined) this.#openField(frame, tag, scope);
    else this.#openEnvelope(tag);
  }

  text(text: string): void {
    const leaf = this.#leaf;
    if (leaf === undefined) return;
    const bytes = Buffer.byteLength(text);
    leaf.bytes += bytes;
    this.#textBytes += bytes;
    if (leaf.bytes > this.#limits.textBytes) throw this.#overText(`textBytes of ${this.#path(leaf.field)}`, this.#limits.textBytes);
    const total = this.#limits.textBytes * TEXT_FACTOR;
    if (this.#textBytes > total) throw this.#overText(`textBytes of all values, ${TEXT_FACTOR} times one`, total);
    leaf.text += text;
  }

  bytes(source: Buffer, from: number, to: number): void {
    const leaf = this.#leaf;
    if (leaf?.decoder === undefined) return;
    const piece = source.toString('latin1', from, to);
    if (leaf.isReference) {
      if (piece.trim() !== '') throw wrongValue(this.#path(leaf.field), 'text beside xop:Include', 'nothing else');
      return;
    }
    leaf.incoming ??= new IncomingBlob();
    this.#intake.write(leaf.incoming, this.#base64(leaf, (decoder) => decoder.push(piece)));
  }

  close(): void {
    if (this.#skipped > 0) this.#skipped -= 1;
    else if (this.#isInReference) this.#isInReference = false;
    else if (this.#leaf !== undefined) this.#closeLeaf(this.#leaf);
    else if (this.#frames.length > 0) this.#closeStruct();
    else this.#level -= 1;
  }

  /** The request, once the document has ended and its blobs are there. */
  result(): { readonly operation: OperationModel; readonly request: RequestStruct } {
    if (this.#operation === undefined || this.#request === undefined) {
      if (!this.#hasBody) throw new RelaisError('RELAIS_SOAP_MALFORMED', 'the SOAP envelope has no Body');
      throw new RelaisError('RELAIS_SOAP_OPERATION', 'Body is empty; a request of the WSDL was expected');
    }
    for (const { holder, key } of this.#slots) {
      const list = holder as Record<string | number, unknown>;
      if (list[key] instanceof IncomingBlob) list[key] = list[key].blob;
    }
    return { operation: this.#operation, request: this.#request as RequestStruct };
  }

  #openEnvelope(tag: XmlTag): void {
    if (this.#level === 0) this.#openRoot(tag);
    else if (this.#level === 1) this.#openHeaderOrBody(tag);
    else this.#openRequest(tag);
  }

  #openRoot(tag: XmlTag): void {
    if (tag.local !== 'Envelope') throw new RelaisError('RELAIS_SOAP_MALFORMED', `the root element is <${tag.name}>; a SOAP Envelope was expected`);
    if (tag.namespace !== SOAP_11) {
      throw new RelaisError('RELAIS_SOAP_VERSION', `the envelope is in the namespace "${tag.namespace}"; expected SOAP 1.1, "${SOAP_11}"`);
    }
    this.#level = 1;
  }

  #openHeaderOrBody(tag: XmlTag): void {
    if (tag.local !== 'Body' || tag.namespace !== SOAP_11) { this.#skipped = 1; return; }
    if (this.#hasBody) throw new RelaisError('RELAIS_SOAP_MALFORMED', 'the SOAP envelope has two Body elements');
    this.#hasBody = true;
    this.#level = 2;
  }

  #openRequest(tag: XmlTag): void {
    if (this.#operation !== undefined) throw new RelaisError('RELAIS_SOAP_MALFORMED', `Body holds <${tag.name}> after the request; expected one request only`);
    const operation = tag.namespace === this.#model.targetNamespace ? this.#model.operations.get(tag.local) : undefined;
    if (operation === undefined) {
      throw new RelaisError('RELAIS_SOAP_OPERATION', `Body holds {${tag.namespace}}${tag.local}; expected a request of the WSDL, in the namespace ${this.#model.targetNamespace}`);
    }
    this.#operation = operation;
    this.#frames.push({ name: tag.local, field: undefined, type: operation.input, values: {}, hasChildren: false });
  }

  #openField(frame: Frame, tag: XmlTag, scope: NamespaceScope): void {
    frame.hasChildren = true;
    const field = frame.type.byName.get(tag.local);
    if (field === undefined || field.type === 'any') { this.#skipped = 1; return; }
    if (isNil(tag)) {
      if (!field.repeatable) frame.values[field.name] = undefined;
      this.#skipped = 1;
      return;
    }
    if (typeof field.type !== 'string') {
      this.#frames.push({ name: field.name, field, type: field.type, values: {}, hasChildren: false });
      return;
    }
    const decoder = field.type === 'base64Binary' ? new Base64Decoder() : undefined;
    const isEncodedString = decoder === undefined && tag.attributes.length > 0 && saysBase64(tag, scope);
    this.#leaf = { field, isEncodedString, text: '', bytes: 0, decoder, incoming: undefined, isReference: false };
  }

  #openInLeaf(leaf: Leaf, tag: XmlTag): void {
    const isInclude = tag.local === 'Include' && tag.namespace === XOP;
    if (this.#isInReference || !isInclude || leaf.decoder === undefined || this.#references === undefined) {
      throw wrongValue(this.#path(leaf.field), `the element <${tag.name}>`, leaf.decoder === undefined ? 'text: markup must be escaped or in CDATA' : 'base64');
    }
    if (leaf.incoming !== undefined) throw wrongValue(this.#path(leaf.field), 'xop:Include beside other content', 'one of the two');
    const cid = contentIdOf(tag);
    if (cid === undefined) throw wrongValue(this.#path(leaf.field), 'an xop:Include without a cid: reference', 'href="cid:…"');
    leaf.incoming = this.#references.get(cid) ?? new IncomingBlob();
    this.#references.set(cid, leaf.incoming);
    leaf.isReference = true;
    this.#isInReference = true;
  }

  #closeLeaf(leaf: Leaf): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    this.#assign(frame, leaf.field, leaf.decoder === undefined ? this.#textValue(leaf) : this.#binaryValue(leaf));
    this.#leaf = undefined;
  }

  #textValue(leaf: Leaf): string | boolean | undefined {
    const path = () => this.#path(leaf.field);
    return simpleValue(leaf.field, leaf.isEncodedString ? stringFromBase64(leaf.text, path) : leaf.text, path);
  }

  #binaryValue(leaf: Leaf): IncomingBlob {
    const incoming = leaf.incoming ?? new IncomingBlob();
    if (leaf.isReference) return incoming;
    this.#base64(leaf, (decoder) => decoder.end());
    this.#intake.finish(incoming);
    return incoming;
  }

  #base64<Result>(leaf: Leaf, step: (decoder: Base64Decoder) => Result): Result {
    try {
      return step(leaf.decoder ?? new Base64Decoder());
    } catch (error) {
      throw error instanceof Base64Error ? wrongValue(this.#path(leaf.field), error.message, 'base64', error) : error;
    }
  }

  #closeStruct(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    for (const field of frame.type.fields) {
      if (frame.values[field.name] === undefined) frame.values[field.name] = field.repeatable ? [] : defaultValue(field);
    }
    const parent = this.#frames.at(-1);
    if (parent === undefined || frame.field === undefined) { this.#request = frame.values; return; }
    // an empty optional element counts as absent (A21), an empty required one as all defaults (A11)
    this.#assign(parent, frame.field, frame.hasChildren || frame.field.required ? frame.values : undefined);
  }

  #assign(frame: Frame, field: Field, value: Value): void {
    if (!field.repeatable) {
      frame.values[field.name] = value;
      if (value instanceof IncomingBlob) this.#slots.push({ holder: frame.values, key: field.name });
      return;
    }
    if (value === undefined) return;
    const list = (frame.values[field.name] ??= []) as Value[];
    list.push(value);
    if (value instanceof IncomingBlob) this.#slots.push({ holder: list, key: list.length - 1 });
  }

  /** `createThing/part[2]/name`, for messages. */
  #path(field: Field): string {
    const steps = this.#frames.map((frame, index) => this.#step(frame.name, frame.field, this.#frames[index - 1]));
    return [...steps, this.#step(field.name, field, this.#frames.at(-1))].join('/');
  }

  #step(name: string, field: Field | undefined, parent: Frame | undefined): string {
    const earlier = parent?.values[name];
    return field?.repeatable === true ? `${name}[${Array.isArray(earlier) ? earlier.length + 1 : 1}]` : name;
  }

  #overText(name: string, value: number): RelaisError {
    return new RelaisError('RELAIS_SOAP_LIMIT', `the request exceeds a limit: ${name}, at most ${value} bytes`);
  }
}

function saysBase64(tag: XmlTag, scope: NamespaceScope): boolean {
  const type = tag.attributes.find(({ local, namespace }) => local === 'type' && isInstance(namespace))?.value.trim() ?? '';
  const colon = type.indexOf(':');
  return type.slice(colon + 1) === 'base64Binary' && scope.find(type.slice(0, Math.max(colon, 0))) === XML_SCHEMA;
}
