import type { IncomingBytes } from './file-intake.js';

/** Parts of a multipart message by content id. Either may come first, the part or what refers to it. */
export class PartDirectory {
  readonly #referred = new Map<string, IncomingBytes>();
  readonly #arrived = new Map<string, IncomingBytes>();

  /** The bytes that the envelope means. */
  refer(id: string): IncomingBytes {
    const bytes = this.#arrived.get(id) ?? this.#referred.get(id) ?? {};
    this.#referred.set(id, bytes);
    return bytes;
  }

  /** Where the bytes of a part go; undefined for one that nothing will refer to. `isAwaited`: the envelope has not ended. */
  arrive(id: string, mediaType: string | undefined, isAwaited: boolean): IncomingBytes | undefined {
    if (this.#arrived.has(id)) return undefined;
    const bytes = this.#referred.get(id) ?? (isAwaited ? {} : undefined);
    if (bytes === undefined) return undefined;
    if (mediaType !== undefined) bytes.mediaType = mediaType;
    this.#arrived.set(id, bytes);
    return bytes;
  }

  /** The id of a part that did not come. */
  missing(): string | undefined {
    return [...this.#referred.keys()].find((id) => !this.#arrived.has(id));
  }
}
