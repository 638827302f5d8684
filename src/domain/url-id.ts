const MAX_LENGTH = 100;

const LIGATURES: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd' };

/** Short id for an address, made of a text: lower case, accents dropped, everything but letters, digits, `_` and `.`
 * turned into single hyphens (`Budget 2027 vote` → `budget-2027-vote`). `fallback` when no letter or digit is left. */
export function urlId(text: string, fallback: string): string {
  const id = ascii(text.slice(0, 10 * MAX_LENGTH))
    .replace(/[^a-z0-9_.]+/g, '-')
    .slice(0, MAX_LENGTH)
    .replace(/^[-.]+|[-.]+$/g, '');
  return id === '' ? fallback : id;
}

/** As urlId, for a file name: its extension stays at the end (`Plan.PDF` → `plan.pdf`), and an id that was given already
 * gets a number before it (`plan-1.pdf`). `given` keeps the last number given, by id. */
export function fileUrlId(filename: string, given: Map<string, number>): string {
  const [, stem = filename, extension = ''] = /^(.+)\.([^.]{1,20})$/.exec(filename) ?? [];
  const base = urlId(stem, 'annex');
  const letters = ascii(extension).replace(/[^a-z0-9]+/g, '');
  const ending = letters === '' ? '' : `.${letters}`;
  const first = base + ending;
  let number = given.get(first) ?? 0;
  let id = first;
  while (given.has(id)) {
    number += 1;
    id = `${base}-${number}${ending}`;
  }
  given.set(id, 0);
  given.set(first, number);
  return id;
}

function ascii(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/[œæßøłđ]/g, (letter) => LIGATURES[letter] ?? letter);
}
