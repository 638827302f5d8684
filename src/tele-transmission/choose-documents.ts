import type { Submission } from '../connector-api/connector.js';
import { Refused } from '../connector-api/failures.js';
import { fileNamed, filesNamed, nameFiles, requireOnce } from '../connector-api/named-files.js';
import { isPdf, isXml } from '../domain/file-kind.js';
import type { Annex } from '../domain/item.js';

/** 150 MiB, of the compressed archive (contracts/pes-actes-formats.md §B1). */
export const MOST_ACT_BYTES = 157_286_400;
/** What the archive adds to files that do not get smaller: its envelope, the business XML, headers, and blocks of deflate. */
const ARCHIVE_ROOM = 128 * 1024;

interface Documents {
  readonly main: Annex;
  readonly annexes: readonly Annex[];
}

/** The documents of an act. Where the step does not say it, the main one is the only signed document of the item, else its only PDF that no step
 * brought back; annexes go to the State only where a step names them. Throws Refused, naming the field. */
export function chooseDocuments(all: readonly Annex[], fields: Submission['fields'], nature: string, levels: readonly string[]): Documents {
  const main = fileNamed('mainDocument', all, fields) ?? onlyCandidate(all);
  const annexes = filesNamed('annexes', all, fields) ?? [];
  requireOnce('annexes', annexes, [main]);
  requireKinds({ main, annexes }, isBudget(nature, levels));
  requireSizes([main, ...annexes]);
  return { main, annexes };
}

/** Documents of a budget may be XML of TotEM: nature 5, matter 7.1 (§B5). */
export function isBudget(nature: string, [first, second]: readonly string[]): boolean {
  return nature === '5' && first === '7' && second === '1';
}

function onlyCandidate(all: readonly Annex[]): Annex {
  const signed = all.filter((annex) => annex.role === 'signed-document' && (isPdf(annex) || isXml(annex)));
  const candidates = signed.length > 0 ? signed : all.filter((annex) => annex.role === undefined && isPdf(annex));
  const [first, second] = candidates;
  if (first !== undefined && second === undefined) return first;
  const problem = first === undefined ? `the item has no PDF, ${nameFiles(all)}` : `several files of the item could be the act: ${nameFiles(candidates)}`;
  throw new Refused(`Field «mainDocument»: ${problem}. Map the file that is the act.`);
}

function requireKinds({ main, annexes }: Documents, budget: boolean): void {
  if (!isPdf(main) && !isXml(main)) throw new Refused(`Field «mainDocument»: «${main.filename}» is ${main.mediaType}; expected a PDF, or the XML of a budget.`);
  if (isXml(main) && !budget) throw new Refused(`Field «mainDocument»: «${main.filename}» is XML, which only an act of nature 5 and matter 7.1 may be.`);
  const wrong = annexes.find((annex) => !isPdf(annex) && (isXml(main) || !(isXml(annex) || isImage(annex))));
  if (wrong === undefined) return;
  throw new Refused(`Field «annexes»: «${wrong.filename}» is ${wrong.mediaType}; expected ${isXml(main) ? 'only PDF beside the XML of a budget' : 'PDF, XML, JPEG or PNG'}.`);
}

function isImage({ filename, mediaType }: Annex): boolean {
  return /^image\/(?:jpeg|png)\b/i.test(mediaType) || (/^(?:application\/octet-stream)?$/i.test(mediaType) && /\.(?:jpe?g|png)$/i.test(filename));
}

function requireSizes(files: readonly Annex[]): void {
  const empty = files.find(({ size }) => size === 0);
  if (empty !== undefined) throw new Refused(`«${empty.filename}» is empty.`);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > MOST_ACT_BYTES - ARCHIVE_ROOM) {
    throw new Refused(`The documents of the act hold ${total} bytes together; expected at most ${MOST_ACT_BYTES - ARCHIVE_ROOM}, so that they fit into the 150 MiB that the State takes. Make them smaller, or leave annexes out.`);
  }
}
