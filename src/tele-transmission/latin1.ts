/** A text as platforms that read ISO-8859-1 take it (contracts/s2low.md §2). */
export interface Latin1Text {
  readonly text: string;
  readonly bytes: Buffer;
  /** Characters that had nothing like them and became `?`, each once. */
  readonly replaced: readonly string[];
}

/** What people write where ISO-8859-1 has something that is read the same. */
const LIKE: Readonly<Record<string, string>> = {
  '\u2018': '\'', '\u2019': '\'', '\u201A': '\'', '\u201B': '\'', '\u2032': '\'', '\u02BC': '\'', '\u201C': '"', '\u201D': '"', '\u201E': '"', '\u2033': '"', '\u2039': '<', '\u203A': '>',
  '\u2010': '-', '\u2011': '-', '\u2012': '-', '\u2013': '-', '\u2014': '-', '\u2015': '-', '\u2212': '-', '\u2022': '-', '\u2026': '...', '\u2044': '/',
  '\u0152': 'OE', '\u0153': 'oe', '\u0178': 'Y', '\u20AC': 'EUR', '\u2122': '(TM)', '\u2116': 'n\u00B0', '\u0142': 'l', '\u0141': 'L', '\u0131': 'i', '\u1E9E': 'SS',
};

/** Half of a surrogate pair counts as a character that is not there. */
const OUTSIDE = /[^\0-\u00FF]/gu;

/** Writes a text so that ISO-8859-1 can hold it: quotes, dashes, `œ`, `€` and letters with foreign accents become what is read the same;
 * anything else a question mark. Control characters and line ends become spaces, as all of it stands on one line over there. */
export function toLatin1(given: string): Latin1Text {
  const replaced = new Set<string>();
  const text = given.normalize('NFC').replace(OUTSIDE, (character) => {
    const like = /[\p{Cf}\p{Zs}\p{Zl}\p{Zp}]/u.test(character) ? blank(character) : LIKE[character] ?? withoutAccents(character);
    if (like !== undefined) return like;
    replaced.add(character);
    return '?';
  }).replace(/\p{Cc}+/gu, ' ').trim();
  return { text, bytes: Buffer.from(text, 'latin1'), replaced: [...replaced] };
}

/** Zero-width characters are nothing; spaces of any width are spaces. */
function blank(character: string): string {
  return /\p{Cf}/u.test(character) ? '' : ' ';
}

function withoutAccents(character: string): string | undefined {
  const plain = character.normalize('NFKD').replace(/\p{M}/gu, '');
  return plain !== '' && !/[^\x20-\x7E\xA0-\xFF]/u.test(plain) ? plain : undefined;
}
