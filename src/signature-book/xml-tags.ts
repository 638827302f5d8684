/** A tag that is longer is none of a business file. */
const LONGEST_TAG = 64 * 1024;

export interface XmlTag {
  /** Without its prefix. */
  readonly name: string;
  /** It has an attribute «Id» with something in it. */
  readonly hasId: boolean;
  readonly kind: 'open' | 'close' | 'empty';
}

/** What begins with `<` and is no element, and how each ends; the longer beginning first. */
const ASIDE = [['<![CDATA[', ']]>'], ['<!--', '-->'], ['<?', '?>'], ['<!', '>']] as const;

/** The tags of an XML file, streamed, whatever stands between them passed over. Bytes are read as Latin-1, which keeps ASCII as it is
 * in UTF-8 and in the ISO-8859 family; `broken` makes what is thrown for another encoding, a file that is cut, a tag without end. */
export async function* xmlTags(content: AsyncIterable<Uint8Array>, broken: () => Error): AsyncGenerator<XmlTag> {
  let rest = '';
  for await (const chunk of content) {
    rest += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    for (let piece = nextPiece(rest); piece !== null; piece = nextPiece(rest)) {
      rest = piece.rest;
      if (piece.tag !== undefined) yield piece.tag;
    }
    rest = unfinished(rest);
    if (rest.length > LONGEST_TAG || rest.includes('\0')) throw broken();
  }
  if (rest !== '') throw broken();
}

/** The first tag of a text, or what stands aside, and what comes after it; null where it takes more text to tell. */
function nextPiece(text: string): { readonly rest: string; readonly tag?: XmlTag } | null {
  const start = text.indexOf('<');
  if (start < 0) return null;
  const aside = asideAt(text, start);
  if (aside !== undefined) {
    const [beginning, ending] = aside;
    const end = text.indexOf(ending, start + beginning.length);
    return end < 0 ? null : { rest: text.slice(end + ending.length) };
  }
  const end = tagEnd(text, start);
  return end < 0 ? null : { rest: text.slice(end + 1), tag: tagOf(text.slice(start + 1, end)) };
}

function asideAt(text: string, start: number): (typeof ASIDE)[number] | undefined {
  return ASIDE.find(([beginning]) => text.startsWith(beginning, start));
}

/** What must be kept of a text that holds no whole tag. Of a comment or CDATA, however long, its beginning and its last bytes will do;
 * anything else may still become something else. */
function unfinished(text: string): string {
  const start = text.indexOf('<');
  if (start < 0) return '';
  const [beginning] = asideAt(text, start) ?? ['<!'];
  const kept = text.slice(start);
  return beginning === '<!' || kept.length < 64 ? kept : beginning + kept.slice(-3);
}

/** The `>` that ends a tag: one in a value does not. */
function tagEnd(text: string, start: number): number {
  let quote = '';
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === '\'') quote = character;
    else if (character === '>') return at;
  }
  return -1;
}

function tagOf(inside: string): XmlTag {
  const name = /^\/?(?:[^\s:/]+:)?([^\s/]+)/.exec(inside)?.[1] ?? '';
  if (inside.startsWith('/')) return { name, hasId: false, kind: 'close' };
  return { name, hasId: /\sId\s*=\s*(?:"[^"]+"|'[^']+')/.test(inside), kind: inside.endsWith('/') ? 'empty' : 'open' };
}
