import { createHash } from 'node:crypto';

const MARK_LENGTH = 12;

/** What tells the documents of one delivery from all others: Pastell keeps no key of the caller (contracts/pastell.md §8), so that twelve
 * digits made of the delivery's key travel in the title of what may hold them, and in the name of the main file of an act, whose
 * fields all belong to the State. The same in every attempt. */
export function documentMark(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, MARK_LENGTH);
}

/** `Budget 2027 [0123456789ab]`, at most `longest` characters. */
export function markedTitle(title: string, mark: string, longest: number): string {
  const ending = ` [${mark}]`;
  return `${Array.from(title).slice(0, longest - ending.length).join('').trimEnd()}${ending}`;
}

/** What a title tells: without its mark, and the mark; null where it has none. */
export function readTitle(title: string): { readonly plain: string; readonly mark: string | null } {
  const [, plain, mark] = /^(.*?)\s*\[([0-9a-f]{12})\]$/su.exec(title.trim()) ?? [];
  return plain === undefined || mark === undefined ? { plain: title.trim(), mark: null } : { plain, mark };
}

/** `délibération-0123456789ab.pdf`. */
export function markedFilename(filename: string, mark: string): string {
  const [, stem = filename, extension = ''] = /^(.+)(\.[^.]{1,10})$/s.exec(filename) ?? [];
  return `${stem}-${mark}${extension}`;
}

/** The mark in the name of a file, also where Pastell made another name of it, such as `…-0123456789ab-tampon.pdf`; null: it has none. */
export function markOfFilename(filename: string): string | null {
  return /-([0-9a-f]{12})(?=[-_.]|$)/.exec(filename)?.[1] ?? null;
}

/** A name as people know it. */
export function unmarked(filename: string): string {
  return filename.replace(/-[0-9a-f]{12}(?=[-_.]|$)/, '');
}
