import type { Submission } from '../connector-api/connector.js';
import { Refused } from '../connector-api/failures.js';
import { fileNamed, filesNamed, nameFiles, requireOnce } from '../connector-api/named-files.js';
import { isPdf, isXml } from '../domain/file-kind.js';
import type { Annex } from '../domain/item.js';

export interface ChosenFiles {
  readonly main: Annex;
  readonly supplementary: readonly Annex[];
  readonly annexes: readonly Annex[];
  readonly visual: Annex | null;
  readonly detachedSignature: Annex | null;
}

type Fields = Submission['fields'];

/** Which file of an item is what in the folder. Where the step does not say it, the main document is the first PDF or XML file that no
 * step brought back, and the annexes are all others that no step brought back. Throws Refused, naming the field. */
export function chooseFiles(all: readonly Annex[], fields: Fields): ChosenFiles {
  const main = fileNamed('mainDocument', all, fields) ?? defaultMain(all);
  const supplementary = filesNamed('supplementaryDocuments', all, fields) ?? [];
  const visual = fileNamed('visual', all, fields);
  const detachedSignature = fileNamed('detachedSignature', all, fields);
  const used = new Set([main, ...supplementary, visual, detachedSignature]);
  const annexes = filesNamed('annexes', all, fields) ?? all.filter((annex) => annex.role === undefined && !used.has(annex));
  requireOnce('supplementaryDocuments', supplementary, [main]);
  requireOnce('annexes', annexes, [main, ...supplementary]);
  return { main, supplementary, annexes, visual, detachedSignature };
}

function defaultMain(all: readonly Annex[]): Annex {
  const found = all.find((annex) => annex.role === undefined && (isPdf(annex) || isXml(annex)));
  if (found !== undefined) return found;
  throw new Refused(`Field «mainDocument»: the item has no PDF or XML file to be signed, ${nameFiles(all)}. Add one, or map the file that is to be signed.`);
}
