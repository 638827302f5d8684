import { LESS, GREATER, SLASH, BANG, QUESTION, AMPERSAND } from './byte-values.js';
import { ELEMENT_ATTRIBUTES, TAG_BYTES } from './limits.js';
import type { DocumentLimits } from './limits.js';
import { UTF_8 } from './byte-text.js';
import { NamespaceScope } from './namespace-scope.js';
import { XmlError, type XmlProblem } from './xml-error.js';
import { decodeCharacters, decodeLiteral } from './xml-text.js';
import { PlainTags } from './plain-tag.js';
import { blankEnd, completeEnd, completeLiteralEnd, isAsciiIn, tagEnd } from './token-ends.js';
import { XmlNames, standsAt } from './xml-names.js';
import { parseTag } from './xml-tag.js';
import type { XmlTag } from './xml-tag.js';

/** Told what a document holds. What it throws leaves `push` as it is. */
export interface XmlHandler {
  /** What the open element does with character data. `bytes` (base64) spares making text of it; `nothing` still has it
   * checked. */
  readonly wants: 'text' | 'bytes' | 'nothing';
  open(tag: XmlTag, scope: NamespaceScope): void;
  /** Character data, in as many pieces as it comes. */
  text(text: string): void;
  /** As `text`, for an element that wants bytes. They are only lent for the call. */
  bytes(source: Buffer, from: number, to: number): void;
  close(): void;
}

const EMPTY = Buffer.alloc(0);

type State = 'content' | 'cdata' | 'comment' | 'instruction';

/** What a section that is not content ends with, and how many bytes of that may be at the end of a chunk. */
const SECTION_END = { cdata: ']]>', comment: '--', instruction: '?>' } as const;

/** Reads an XML 1.0 document with namespaces from bytes, chunk by chunk, at constant memory. Finds the ends of
 * text with Buffer.indexOf, so that long text costs no work per character here. Throws an XmlError:
 * `malformed` and `encoding` with line and column (in bytes), `doctype`, `limit`. After a throw it must not be used. */
export class XmlTokenizer {
  readonly #handler: XmlHandler;
  readonly #limits: DocumentLimits;
  readonly #subject: string;
  readonly #scope = new NamespaceScope();
  readonly #names = new XmlNames();
  readonly #plain = new PlainTags(this.#scope, this.#names);
  readonly #open: XmlTag[] = [];
  #state: State = 'content';
  /** The tail of what came, which only makes sense with more. */
  #rest: Buffer = EMPTY;
  #starved = false;
  #rootClosed = false;
  #atStart = true;
  #elements = 0;
  #attributes = 0;
  #source: Buffer = EMPTY;
  #text = UTF_8;
  /** `#source`, a character for each byte, once a tag was met in it: taking text out of it costs less than out of bytes. */
  #latin: string | undefined;
  #at = 0;
  /** Where in `#source` line and column were last told. */
  #counted = 0;
  #line = 1;
  #column = 1;

  /** `subject` is what messages call the document. */
  constructor(handler: XmlHandler, limits: DocumentLimits, subject = 'the document') {
    this.#handler = handler;
    this.#limits = limits;
    this.#subject = subject;
  }

  /** The line of the markup that the handler is told of. */
  get line(): number {
    this.#countLines(this.#at);
    return this.#line;
  }

  /** `text` says how the bytes are text; it is the same for a whole document. */
  push(chunk: Buffer, text = UTF_8): void {
    this.#text = text;
    const source = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#source = source;
    this.#latin = undefined;
    this.#starved = false;
    this.#at = 0;
    this.#counted = 0;
    try {
      let more = source.length > 0;
      while (more) more = this.#step(source);
    } catch (error) {
      throw this.#located(error);
    }
    this.#countLines(this.#at);
    this.#rest = this.#at === source.length ? EMPTY : source.subarray(this.#at);
  }

  /** Says that nothing more comes. */
  end(): void {
    const open = this.#open.at(-1);
    if (open !== undefined) throw this.#located(new XmlError(`the document ends inside <${open.name}>`));
    // a CR is kept back, since a line feed could follow it
    if (blankEnd(this.#rest, 0) < this.#rest.length || this.#state !== 'content') throw this.#located(new XmlError('the document ends inside a tag or comment'));
    if (!this.#rootClosed) throw this.#located(new XmlError('the document is empty'));
  }

  /** Takes the next token; false when there is none, or not all of it. */
  #step(source: Buffer): boolean {
    if (this.#state !== 'content') this.#section(source, this.#state);
    else if (source[this.#at] !== LESS) this.#characters(source);
    else this.#markup(source);
    return this.#at < source.length && !this.#starved;
  }

  #characters(source: Buffer): void {
    this.#atStart = false;
    const from = this.#at;
    const afterBlank = blankEnd(source, from);
    if (source[afterBlank] === LESS && this.#handler.wants === 'nothing') { this.#at = afterBlank; return; }
    const next = source.indexOf(LESS, from);
    const to = next < 0 ? completeEnd(source, from) : next;
    if (next < 0 && to < source.length) this.#starved = true;
    if (to > from) this.#emitCharacters(source, from, to);
    this.#at = to;
  }

  #emitCharacters(source: Buffer, from: number, to: number): void {
    const { wants } = this.#handler;
    if (wants === 'nothing') {
      if (blankEnd(source, from) >= to) return;
      if (this.#open.length === 0) throw new XmlError('text stands outside the root element');
      decodeCharacters(this.#text, source, from, to);
      return;
    }
    if (wants === 'text') { this.#handler.text(decodeCharacters(this.#text, source, from, to)); return; }
    const reference = source.indexOf(AMPERSAND, from);
    if (reference < 0 || reference >= to) { this.#handler.bytes(source, from, to); return; }
    const bytes = Buffer.from(decodeCharacters(this.#text, source, from, to), 'utf8');
    this.#handler.bytes(bytes, 0, bytes.length);
  }

  #markup(source: Buffer): void {
    const next = source[this.#at + 1];
    if (next === undefined) this.#starved = true;
    else if (next === SLASH) this.#endTag(source);
    else if (next === BANG) this.#declaration(source);
    else if (next === QUESTION) this.#instruction(source);
    else this.#startTag(source);
  }

  #startTag(source: Buffer): void {
    this.#atStart = false;
    const from = this.#at + 1;
    this.#latin ??= source.toString('latin1');
    const plain = this.#plain.read(source, this.#latin, from);
    if (plain !== undefined) { this.#opened(plain, this.#plain.isEmpty, this.#plain.end); return; }
    const end = tagEnd(source, from);
    if (end < 0) { this.#starve(source); return; }
    const isEmpty = source[end - 1] === SLASH;
    this.#opened(this.#parse(source, from, isEmpty ? end - 1 : end), isEmpty, end + 1);
  }

  #opened(tag: XmlTag, isEmpty: boolean, end: number): void {
    if (this.#rootClosed) throw new XmlError('an element stands after the root element');
    this.#count(tag);
    this.#open.push(tag);
    this.#handler.open(tag, this.#scope);
    this.#at = end;
    if (isEmpty) this.#close(tag);
  }

  #parse(source: Buffer, from: number, to: number): XmlTag {
    if (!isAsciiIn(source, from, to)) {
      const text = this.#text.strict(source, from, to);
      return parseTag(text, 0, text.length, false, this.#scope, this.#names);
    }
    this.#latin ??= source.toString('latin1');
    return parseTag(this.#latin, from, to, true, this.#scope, this.#names);
  }

  #count(tag: XmlTag): void {
    this.#elements += 1;
    this.#attributes += tag.written;
    if (this.#elements > this.#limits.elements) throw this.#overLimit('elements', this.#limits.elements);
    if (this.#attributes > this.#limits.attributes) throw this.#overLimit('attributes', this.#limits.attributes);
    if (tag.written > ELEMENT_ATTRIBUTES) throw this.#overLimit('attributes of one element', ELEMENT_ATTRIBUTES);
    if (this.#open.length >= this.#limits.depth) throw this.#overLimit('depth', this.#limits.depth);
  }

  #endTag(source: Buffer): void {
    const tag = this.#open.at(-1);
    if (tag !== undefined && source[this.#at + 2 + tag.name.length] === GREATER && standsAt(source, this.#at + 2, tag.name)) {
      this.#at += tag.name.length + 3;
      this.#close(tag);
      return;
    }
    const end = source.indexOf(GREATER, this.#at + 2);
    if (end < 0) { this.#starve(source); return; }
    if (end - this.#at > TAG_BYTES) throw this.#overLimit('bytes of one tag', TAG_BYTES);
    const written = this.#text.strict(source, this.#at + 2, end);
    if (tag === undefined || (written !== tag.name && !isNameThenBlank(written, tag.name))) {
      throw new XmlError(`</${written.slice(0, 40)}> was found; ${tag === undefined ? 'nothing is open' : `</${tag.name}> was expected`}`);
    }
    this.#at = end + 1;
    this.#close(tag);
  }

  #close(tag: XmlTag): void {
    this.#handler.close();
    this.#open.pop();
    if (tag.declared.length > 0) this.#scope.withdraw(tag.declared);
    if (this.#open.length === 0) this.#rootClosed = true;
  }

  /** What begins with `<!`: a comment, a CDATA section, or a DOCTYPE, which could name other files or grow without end. */
  #declaration(source: Buffer): void {
    this.#atStart = false;
    const text = source.toString('latin1', this.#at, this.#at + 9);
    if (text.startsWith('<!--')) this.#enter('comment', 4);
    else if (text === '<![CDATA[') this.#enterCdata();
    else if (text === '<!DOCTYPE') throw this.#refusal('doctype', 'holds a DOCTYPE, which is not read; remove it');
    else if ('<!--'.startsWith(text) || '<![CDATA['.startsWith(text) || '<!DOCTYPE'.startsWith(text)) this.#starved = true;
    else throw new XmlError('"<!" begins neither a comment nor a CDATA section');
  }

  #enterCdata(): void {
    if (this.#open.length === 0) throw new XmlError('text stands outside the root element');
    this.#enter('cdata', 9);
  }

  #enter(state: State, length: number): void {
    this.#state = state;
    this.#at += length;
  }

  #section(source: Buffer, state: Exclude<State, 'content'>): void {
    const end = source.indexOf(SECTION_END[state], this.#at, 'latin1');
    const to = end < 0 ? completeLiteralEnd(source, this.#at) : end;
    this.#emitSection(source, state, to);
    this.#at = to;
    if (end < 0) { this.#starved = true; return; }
    if (state !== 'comment') { this.#enter('content', SECTION_END[state].length); return; }
    if (source.length < end + 3) { this.#starved = true; return; }
    if (source[end + 2] !== GREATER) throw new XmlError('"--" must not stand inside a comment');
    this.#enter('content', 3);
  }

  #emitSection(source: Buffer, state: Exclude<State, 'content'>, to: number): void {
    const { wants } = this.#handler;
    if (state === 'cdata' && wants === 'bytes') { this.#handler.bytes(source, this.#at, to); return; }
    const text = decodeLiteral(this.#text, source, this.#at, to);
    if (state === 'cdata' && wants === 'text') this.#handler.text(text);
  }

  #instruction(source: Buffer): void {
    const end = source.subarray(this.#at, this.#at + TAG_BYTES).indexOf('?>', 2, 'latin1');
    const head = decodeHead(source, this.#at, end < 0 ? undefined : this.#at + end);
    const target = /^[^ \t\r\n]*/.exec(head)?.[0] ?? '';
    if (end < 0 && target.length === head.length) { this.#starve(source); return; }
    if (target.toLowerCase() === 'xml') { this.#xmlDeclaration(source, head, end); return; }
    if (!isTarget(target)) throw new XmlError('"<?" must be followed by a name');
    this.#atStart = false;
    this.#enter('instruction', 2);
  }

  #xmlDeclaration(source: Buffer, head: string, length: number): void {
    if (!this.#atStart) throw new XmlError('the XML declaration must be the very first thing in the document');
    if (length < 0) { this.#starve(source); return; }
    if (!XML_DECLARATION.test(head)) throw new XmlError('the XML declaration is not <?xml version="1.0" encoding="..."?>');
    this.#atStart = false;
    this.#at += length + 2;
  }

  /** The tag at hand is not complete. */
  #starve(source: Buffer): void {
    if (source.length - this.#at > TAG_BYTES) throw this.#overLimit('bytes of one tag', TAG_BYTES);
    this.#starved = true;
  }

  #overLimit(name: string, value: number): XmlError {
    return this.#refusal('limit', `exceeds a limit: ${name}, at most ${value}`);
  }

  /** Whole as it is: its place is of no help. */
  #refusal(problem: XmlProblem, message: string): XmlError {
    return new XmlError(`${this.#subject} ${message}`, problem, { line: this.line });
  }

  #countLines(to: number): void {
    const source = this.#latin ?? this.#source;
    let last = -1;
    for (let at = source.indexOf('\n', this.#counted); at >= 0 && at < to; at = source.indexOf('\n', at + 1)) {
      this.#line += 1;
      last = at;
    }
    this.#column = last < 0 ? this.#column + to - this.#counted : to - last;
    this.#counted = to;
  }

  #located(error: unknown): unknown {
    if (!(error instanceof XmlError) || error.problem === 'doctype' || error.problem === 'limit') return error;
    this.#countLines(this.#at);
    return new XmlError(`${this.#subject} is not well-formed XML at line ${this.#line}, column ${this.#column}: ${error.message}`, error.problem, { line: this.#line });
  }
}

const XML_DECLARATION = /^xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*$/;

function decodeHead(source: Buffer, at: number, end: number | undefined): string {
  return source.toString('utf8', at + 2, end ?? Math.min(source.length, at + TAG_BYTES));
}

function isTarget(name: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name);
}

function isNameThenBlank(written: string, name: string): boolean {
  return written.startsWith(name) && /^[ \t\r\n]+$/.test(written.slice(name.length));
}
