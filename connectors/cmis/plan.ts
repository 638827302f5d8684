import type { Submission } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { fileNamed, filesNamed, requireOnce } from '../../src/connector-api/named-files.js';
import type { Annex } from '../../src/domain/item.js';
import { toldApart } from '../../src/domain/safe-filename.js';
import type { CmisSettings } from './config.js';
import { pathsOf, type Path } from './folders.js';
import { documentKey, hashOf, safeName, withSuffix } from './names.js';

/** A document as it is to be. */
export interface PlannedDocument {
  readonly annex: Annex;
  /** As it is called unless that name is taken; with our mark in it where there is no key property. */
  readonly name: string;
  readonly key: string;
  readonly isMain: boolean;
}

export interface Plan {
  readonly paths: { readonly base: Path; readonly path: Path };
  /** The main document last: where it is, all is there. */
  readonly documents: readonly PlannedDocument[];
  readonly main: PlannedDocument;
}

/** Which file becomes which document. The main one is the one that is named, or the first. Throws Refused, naming the field, where that
 * cannot be. Pure. */
export function planOf(submission: Submission, settings: CmisSettings): Plan {
  const { item, fields, key } = submission;
  const listed = filesNamed('annexes', item.annexes, fields);
  const main = fileNamed('mainDocument', item.annexes, fields) ?? item.annexes.find((annex) => listed?.includes(annex) !== true);
  if (main === undefined) throw new Refused('The item has no file that could become the document.');
  const others = listed ?? item.annexes.filter((annex) => annex !== main);
  requireOnce('annexes', others, [main]);
  const { name } = fields;
  const wanted = [typeof name === 'string' && name.trim() !== '' ? name : main.filename, ...others.map(({ filename }) => filename)].map(safeName);
  const names = toldApart(wanted, withSuffix).map((one) => (settings.key === undefined ? withSuffix(one, ` [${hashOf(key)}]`) : one));
  const planned = [main, ...others].map((annex, number): PlannedDocument => ({ annex, name: names[number] ?? '', key: documentKey(submission, number), isMain: number === 0 }));
  const [first, ...rest] = planned;
  if (first === undefined) throw new Refused('The item has no file that could become the document.');
  return { paths: pathsOf(fields['folder'], settings), documents: [...rest, first], main: first };
}
