import type { Submission } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { fileNamed, filesNamed, nameFiles, requireOnce } from '../../src/connector-api/named-files.js';
import { isPdf } from '../../src/domain/file-kind.js';
import type { Annex } from '../../src/domain/item.js';

export interface AnswerDocument {
  readonly annex: Annex;
  readonly typology: string;
}

/** contracts/s2low.md §3.1, §3.6. */
const TYPOLOGY = /^[A-Z0-9_]{5}$/;
const MEDIA_TYPES: ReadonlySet<string> = new Set(['application/pdf', 'application/xml', 'text/xml', 'image/jpeg', 'image/png']);

/** The documents of an answer with their typologies, the main one first: the one that is named, else the only PDF. Throws Refused. */
export function answerDocuments({ item: { annexes: all }, fields }: Submission): readonly [AnswerDocument, ...AnswerDocument[]] {
  const main = fileNamed('mainDocument', all, fields) ?? onlyPdf(all);
  const annexes = filesNamed('annexes', all, fields) ?? [];
  requireOnce('annexes', annexes, [main]);
  const typologies = listOf(fields['annexTypologies']);
  if (annexes.length !== typologies.length) throw new Refused(`Field «annexTypologies»: found ${typologies.length}, expected one for each of the ${annexes.length} annexes.`);
  return [{ annex: taken(main), typology: typologyOf('typology', fields['typology']) }, ...annexes.map((annex, index) => ({ annex: taken(annex), typology: typologyOf('annexTypologies', typologies[index]) }))];
}

function onlyPdf(all: readonly Annex[]): Annex {
  const [only, ...others] = all.filter(isPdf);
  if (only === undefined || others.length > 0) throw new Refused(`Field «mainDocument»: expected the document that answers the prefecture; ${nameFiles(all)}.`);
  return only;
}

function taken(annex: Annex): Annex {
  if (!MEDIA_TYPES.has(annex.mediaType)) throw new Refused(`«${annex.filename}» is ${annex.mediaType}; S2LOW takes PDF, XML, JPEG and PNG.`);
  if (annex.size === 0) throw new Refused(`«${annex.filename}» is empty.`);
  return annex;
}

function typologyOf(field: string, value: unknown): string {
  if (typeof value !== 'string' || !TYPOLOGY.test(value)) throw new Refused(`Field «${field}»: found «${typeof value === 'string' ? value : ''}», expected a typology of five characters, such as 99_DE.`);
  return value;
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
