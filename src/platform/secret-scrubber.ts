/** Knows the secrets of this process and takes them out of text. */
export interface SecretScrubber {
  /** From now on hides this value, also as base64 (alone or inside other bytes, either alphabet), percent-encoded and
   * JSON-escaped. Values of fewer than 4 characters are not hidden: they would take innocent text with them. */
  register(secret: string): void;
  scrub(text: string): string;
}

const HIDDEN = '[hidden]';
const SHORTEST = 4;
/** Fewer base64 characters than this occur by chance. */
const SHORTEST_BASE64 = 6;

/** HTTP credentials are hidden even when nobody registered them: they come from callers. */
const AUTHORIZATION = /\b(basic|bearer) +[A-Za-z0-9+/_.~-]{4,}=*/gi;
const URL_PASSWORD = /(\/\/[^/\s:@"]*:)[^/\s@"]+(?=@)/g;

/** One scrubber a process: shared by the logger and by whoever reads secrets. */
export function createSecretScrubber(): SecretScrubber {
  const forms = new Set<string>();
  let pattern: RegExp | null = null;
  return {
    register(secret) {
      if (secret.length < SHORTEST) return;
      for (const form of formsOf(secret)) forms.add(form);
      // The longest first, so that a secret that contains another one goes as a whole.
      const sorted = [...forms].toSorted((one, other) => other.length - one.length);
      pattern = new RegExp(sorted.map(escapePattern).join('|'), 'g');
    },
    scrub(text) {
      const known = pattern === null ? text : text.replace(pattern, HIDDEN);
      return known.replace(AUTHORIZATION, `$1 ${HIDDEN}`).replace(URL_PASSWORD, `$1${HIDDEN}`);
    },
  };
}

function* formsOf(secret: string): Generator<string> {
  yield secret;
  yield JSON.stringify(secret).slice(1, -1);
  const bytes = Buffer.from(secret);
  // Through bytes: half a character (a lone surrogate) cannot be percent-encoded.
  yield encodeURIComponent(bytes.toString());
  for (const form of base64Forms(bytes)) {
    yield form;
    yield form.replaceAll('+', '-').replaceAll('/', '_');
  }
}

/** Base64 of the bytes at each of the three alignments that they can have inside a longer text (`user:password`), without
 * the first and last characters, which depend on the neighbours. */
function* base64Forms(bytes: Buffer): Generator<string> {
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').replace(/=+$/, '');
    const inner = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    if (inner.length >= SHORTEST_BASE64) yield inner;
  }
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
