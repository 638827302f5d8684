import type { DocumentData } from './generate-document.js';

/** Everything that XML 1.0 forbids: control characters, lone surrogates, U+FFFE and U+FFFF. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** The data without characters that neither output can hold. */
export function printableData(data: DocumentData): DocumentData {
  const { annexes, ...texts } = data;
  return {
    ...printable(texts),
    annexes: annexes.map((annex) => printable(annex)),
  };
}

function printable<T extends object>(texts: T): T {
  return Object.fromEntries(Object.entries(texts).map(([name, text]: [string, unknown]) => [name, typeof text === 'string' ? text.replace(FORBIDDEN, '') : text])) as T;
}
