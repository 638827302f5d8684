/** Says what is wrong with base64 text; the reader adds where. */
export class Base64Error extends Error {}

/** Decodes base64 (the standard alphabet and the URL-safe one) piece by piece, white space ignored. The native decoder
 * passes over what it does not know, so a length that comes out right proves every character: none is looked at alone. */
export class Base64Decoder {
  /** Less than a group of four characters, not looked at yet. */
  #carry = '';
  #isPadded = false;
  /** Line ends came, so more will: no try without removing them. */
  #isWrapped = false;

  /** The bytes of the whole groups so far. Throws Base64Error. */
  push(piece: string): Buffer {
    const text = this.#carry + piece;
    const bytes = this.#isWrapped ? undefined : this.#decodeClean(text);
    if (bytes !== undefined) return bytes;
    this.#isWrapped ||= text.includes('\n');
    return this.#decodeClean(withoutLineEnds(text)) ?? this.#decodeCarefully(withoutWhiteSpace(text));
  }

  /** Throws Base64Error unless the text came to a proper end. */
  end(): void {
    const rest = withoutWhiteSpace(this.#carry);
    refuseStray(rest);
    if (rest !== '') throw new Base64Error(this.#isPadded ? 'text after the padding "="' : 'base64 that is cut: its length is not a multiple of 4');
  }

  /** Undefined unless the text is of the alphabet alone. */
  #decodeClean(text: string): Buffer | undefined {
    if (this.#isPadded) return undefined;
    const whole = text.length - (text.length % 4);
    const bytes = Buffer.from(whole === text.length ? text : text.slice(0, whole), 'base64');
    if (bytes.length !== (whole / 4) * 3) return undefined;
    this.#carry = text.slice(whole);
    return bytes;
  }

  #decodeCarefully(text: string): Buffer {
    refuseStray(text);
    const whole = text.length - (text.length % 4);
    const groups = text.slice(0, whole);
    this.#carry = text.slice(whole);
    if (this.#isPadded && text !== '') throw new Base64Error('text after the padding "="');
    const padding = groups.endsWith('==') ? 2 : groups.endsWith('=') ? 1 : 0;
    const firstPad = groups.indexOf('=');
    if (firstPad >= 0 && firstPad < whole - padding) throw new Base64Error('padding "=" before the end');
    const bytes = Buffer.from(groups, 'base64');
    if (bytes.length !== (whole / 4) * 3 - padding) throw new Base64Error('padding "=" that does not fit');
    if (padding > 0) this.#isPadded = true;
    return bytes;
  }
}

/** Much quicker than the general form below, and enough for what writers of mail lines make. */
function withoutLineEnds(text: string): string {
  return text.replaceAll('\r\n', '').replaceAll('\n', '');
}

function withoutWhiteSpace(text: string): string {
  return text.replace(/[ \t\r\n]+/g, '');
}

function refuseStray(text: string): void {
  const stray = /[^A-Za-z0-9+/_=-]/.exec(text)?.[0];
  if (stray !== undefined) throw new Base64Error(`the character ${JSON.stringify(stray)}`);
}
