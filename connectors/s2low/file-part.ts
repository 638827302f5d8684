import type { Annex } from '../../src/domain/item.js';
import type { FormPart } from '../../src/connector-api/multipart.js';

/** contracts/s2low.md §2: every other character becomes `_`. */
const LONGEST_NAME = 100;

/** A file of a form, under a name that the platform takes. */
export function filePart(name: string, annex: Annex): FormPart {
  return { name, annex, filename: plainFilename(annex.filename) };
}

/** The end of a name tells what a file is: it stays where a name is too long. */
export function plainFilename(filename: string): string {
  const plain = filename.replace(/[^A-Za-z0-9._ -]/g, '_');
  return plain.length <= LONGEST_NAME ? plain : `${plain.slice(0, LONGEST_NAME - 20)}${plain.slice(-20)}`;
}
