/** What a fault says, of SOAP 1.1 or 1.2. */
export interface FaultWords {
  readonly code: string;
  readonly text: string;
  readonly detail: string;
}

/** Text kept of each of the three. */
const WORDS_LENGTH = 2000;

/** Where each is, by local names below the fault: of SOAP 1.1 (§4.4) and of SOAP 1.2 (part 1, §5.4). */
const PLACES: ReadonlyMap<string, keyof FaultWords> = new Map([
  ['faultcode', 'code'], ['Code/Value', 'code'],
  ['faultstring', 'text'], ['Reason/Text', 'text'],
  ['detail', 'detail'], ['Detail', 'detail'],
]);

/** Gathers the words of a fault; what is deeper in its detail counts as detail. */
export class FaultReader {
  readonly #path: string[] = [];
  readonly #words = { code: '', text: '', detail: '' };
  #into: keyof FaultWords | undefined;
  #since = 0;

  open(local: string): void {
    this.#path.push(local);
    // elements side by side in a detail are words apart
    if (this.#into !== undefined) { this.text(' '); return; }
    this.#into = PLACES.get(this.#path.join('/'));
    this.#since = this.#path.length;
  }

  text(text: string): void {
    if (this.#into !== undefined && this.#words[this.#into].length < WORDS_LENGTH) this.#words[this.#into] += text;
  }

  /** False when the fault itself closes. */
  close(): boolean {
    if (this.#path.length === 0) return false;
    if (this.#path.length === this.#since) this.#into = undefined;
    this.#path.pop();
    return true;
  }

  words(): FaultWords {
    const { code, text, detail } = this.#words;
    return { code: oneLine(code).replace(/^.*:/, ''), text: oneLine(text), detail: oneLine(detail) };
  }
}

function oneLine(text: string): string {
  return text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim().slice(0, WORDS_LENGTH);
}
