/** Says what is wrong with base64 text; the reader adds where. */
export class Base64Error extends Error {}

const WHITE_SPACE = /[ \t\r\n]+/g;
const EMPTY = Buffer.alloc(0);

/** Decodes base64 (the standard alphabet and the URL-safe one) piece by piece, white space ignored. The native decoder
 * passes over what it does not know, so a length that does not come out shows a wrong character: no look at each one. */
export class Base64Decoder {
  /** Less than one group of four characters. */
  #carry = '';
  #isPadded = false;

  /** The bytes of the whole groups so far. Throws Base64Error. */
  push(piece: string): Buffer {
    // search() has no state of its own, unlike test() with a global pattern
    const packed = piece.search(WHITE_SPACE) < 0 ? piece : piece.replace(WHITE_SPACE, '');
    if (packed === '') return EMPTY;
    if (this.#isPadded) throw new Base64Error('text after the padding "="');
    const text = this.#carry + packed;
    const whole = text.length - (text.length % 4);
    this.#carry = text.slice(whole);
    if (whole === 0) { refuseStray(this.#carry); return EMPTY; }
    return this.#decode(whole === text.length ? text : text.slice(0, whole));
  }

  /** Throws Base64Error unless the text came to a proper end. */
  end(): void {
    if (this.#carry !== '') throw new Base64Error(`${this.#carry.length} character(s) too many or too few: the length is not a multiple of 4`);
  }

  #decode(groups: string): Buffer {
    const padding = groups.endsWith('==') ? 2 : groups.endsWith('=') ? 1 : 0;
    const bytes = Buffer.from(groups, 'base64');
    const firstPad = groups.indexOf('=');
    if (firstPad >= 0 && firstPad < groups.length - padding) throw new Base64Error('padding "=" before the end');
    if (bytes.length !== (groups.length / 4) * 3 - padding) {
      refuseStray(groups);
      throw new Base64Error('padding "=" that does not fit');
    }
    this.#isPadded = padding > 0;
    return bytes;
  }
}

function refuseStray(text: string): void {
  const stray = /[^A-Za-z0-9+/_=-]/.exec(text)?.[0];
  if (stray !== undefined) throw new Base64Error(`the character ${JSON.stringify(stray)}`);
}
