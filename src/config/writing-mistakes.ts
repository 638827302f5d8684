import { isAlias, isMap, isScalar, isSeq, visit, type Document, type Node, type YAMLError } from 'yaml';

/** One place where the text is not the YAML that its author meant. */
export interface WritingMistake {
  /** In the text, from 0. */
  readonly offset: number;
  readonly message: string;
}

/** What the parser says (the beginning of it), and what helps somebody who never read the grammar. */
const WORDS: readonly (readonly [says: RegExp, message: string])[] = [
  [/^missing closing .*quote/i, 'found a quote that is not closed, expected the same quote at the end of the text'],
  [/^tabs are not allowed/i, 'found a tab, expected spaces at the beginning of the line'],
  [/^sequence item without/i, 'found a line that stands too far to the left, expected it in the column of the keys above or below it'],
  [/^nested mappings are not allowed/i, 'found a second key inside a value, expected each key on a line of its own in the column of its neighbours, and quotes around a text that holds ": "'],
  [/^a block sequence may not be/i, 'found a list entry in the wrong column, expected it exactly below the other entries of its list'],
  [/^all (?:mapping|sequence) items must start/i, 'found a line in another column than those it belongs with, expected the same column; look at the lines above it, too'],
  [/^implicit (?:keys need|map keys need)/i, 'found a line that is no "key: value", expected a colon and a space after the key'],
  [/^unexpected scalar at node end/i, 'found more text after a text in quotes, expected one pair of quotes around all of it (an apostrophe within \'…\' is written twice)'],
  [/^block collections are not allowed within flow/i, 'found a second "key: value" within { } or [ ], expected a comma before it'],
  [/^flow (?:map|sequence) in block collection/i, 'found a bracket that is not closed, expected } or ] at the end of what it opens'],
  [/^plain value cannot start/i, 'found a text that begins with a character of the YAML grammar, expected quotes around the text'],
  [/^map keys must be unique/i, 'found this key a second time, expected it once'],
  [/^invalid escape sequence/i, 'found a backslash that begins no known escape, expected \\\\, or single quotes around the text'],
  [/^source contains multiple documents/i, 'found a line ---, expected one document in the file'],
];

/** The mistakes in the writing of a document. One broken line makes the parser stumble over all that follow: of what is
 * not independent, the first is told. */
export function writingMistakes(document: Document.Parsed): WritingMistake[] {
  const found = [...document.errors, ...document.warnings];
  const first = found.find(({ code }) => code !== 'DUPLICATE_KEY');
  const mistakes = found.filter((error) => error.code === 'DUPLICATE_KEY' || error === first)
    .map((error) => ({ offset: placeOf(error, document), message: inPlainWords(error.message) }));
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) === undefined) {
        mistakes.push({ offset: alias.range?.[0] ?? 0, message: `found *${alias.source}, expected an anchor &${alias.source} before it, or quotes around a text that begins with *` });
      }
    },
  });
  return mistakes;
}

/** The words for a message of the parser; its own, if it is one that we do not know. */
function inPlainWords(message: string): string {
  const [, words] = WORDS.find(([says]) => says.test(message)) ?? [];
  return words ?? message.slice(0, 1).toLowerCase() + message.slice(1);
}

/** What the parser found without an end, and how to know such nodes. */
const OPENINGS: readonly (readonly [says: RegExp, isSuch: (node: Node) => boolean])[] = [
  [/closing .*quote/i, (node) => isScalar(node) && node.type?.startsWith('QUOTE') === true],
  [/^flow map in block/i, (node) => isMap(node) && node.flow === true],
  [/^flow sequence in block/i, (node) => isSeq(node) && node.flow === true],
];

/** What is left open is noticed where it should have ended; what helps is where it opens. */
function placeOf({ message, pos: [offset] }: YAMLError, document: Document): number {
  const opening = OPENINGS.find(([says]) => says.test(message))?.[1];
  if (opening === undefined) return offset;
  let last: number | undefined;
  visit(document, {
    Node: (_key, node) => {
      const start = isAlias(node) ? undefined : node.range?.[0];
      if (start !== undefined && start <= offset && opening(node)) last = Math.max(last ?? 0, start);
    },
  });
  return last ?? offset;
}
