import { FRENCH, ENGLISH, type AcquitWords } from './acquit-words.js';
import type { AcquitElement, AcquitError, AcquitPiece, PesAcquit } from './pes-acquit.js';
import { countElements, verdictOf } from './read-acquit.js';

/** Lines of what was rejected: people correct the first of them and look into the file for the rest. */
const MOST_LINES = 200;
/** Errors that one line names, and characters that it holds. */
const MOST_ERRORS = 20;
const LONGEST_LINE = 1_000;

/** What the treasury answered, in plain words. `summary`: one sentence. `rejected`: one line for each slip, attachment or other part that was rejected,
 * with its anomalies and those of its pieces; the last line says how many more there are. */
export function describeAcquit(acquit: PesAcquit, language: 'fr' | 'en'): { readonly summary: string; readonly rejected: readonly string[] } {
  const words = language === 'fr' ? FRENCH : ENGLISH;
  const { accepted, rejected } = countElements(acquit);
  const lines = acquit.elements.filter(({ isAccepted }) => !isAccepted).slice(0, MOST_LINES).map((element) => cut(rejection(element, words)));
  const more = rejected - lines.length;
  return { summary: words.summary(verdictOf(acquit), accepted, rejected), rejected: more > 0 ? [...lines, words.more(more)] : lines };
}

function rejection(element: AcquitElement, words: AcquitWords): string {
  const told = [...element.errors.map(anomaly), ...element.pieces.flatMap((piece) => pieceAnomalies(piece, element.domain, words))].filter((text) => text !== '');
  const shown = [...told.slice(0, MOST_ERRORS), ...(told.length > MOST_ERRORS ? [words.more(told.length - MOST_ERRORS)] : [])];
  return words.rejected(part(element, words), shown.length === 0 ? words.noReason : shown.join(words.separator));
}

function part({ domain, slip, attachment, market }: AcquitElement, words: AcquitWords): string {
  if (slip !== null) return words.slip(slip.number, slip.year);
  if (attachment !== null) return words.attachment(attachment);
  if (market !== null) return words.market(market);
  return words.whole(domain);
}

function pieceAnomalies({ number, errors, lines }: AcquitPiece, domain: string, words: AcquitWords): string[] {
  const name = words.piece(domain, number);
  const own = errors.map((error) => `${name}${words.colon}${anomaly(error)}`);
  const ofLines = lines.map((line) => `${name} ${words.line(line.number)}${words.colon}${line.errors.map(anomaly).join(', ')}`);
  return own.length + ofLines.length === 0 ? [name] : [...own, ...ofLines];
}

function anomaly({ code, label }: AcquitError): string {
  return [code, label].filter((text) => text !== null && text !== '').join(', ');
}

function cut(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}
