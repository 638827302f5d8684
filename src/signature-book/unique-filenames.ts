import { hasExtension, safeFilename } from '../domain/safe-filename.js';
import { isPdf, isXml, type FileWords } from '../domain/file-kind.js';

/** So that a number finds room before the extension. */
const STEM_LENGTH = 80;

/** Gives each file of one folder a name that is harmless, says its type, and is unlike the ones given before: what comes back is told apart
 * by it. Partners do not all tell capitals from small letters. */
export function uniqueFilenames(): (file: FileWords) => string {
  const given = new Set<string>();
  return (file) => {
    const name = complete(safeFilename(file.filename) ?? 'document', file);
    let unique = name;
    for (let number = 2; given.has(unique.toLowerCase()); number += 1) unique = numbered(name, number);
    given.add(unique.toLowerCase());
    return unique;
  };
}

function complete(name: string, file: FileWords): string {
  if (hasExtension(name)) return name;
  if (isPdf(file)) return `${cut(name)}.pdf`;
  return isXml(file) ? `${cut(name)}.xml` : name;
}

function numbered(name: string, number: number): string {
  const [, stem = name, extension = ''] = /^(.+)(\.[^.]{1,20})$/.exec(name) ?? [];
  return `${cut(stem)}-${number}${extension}`;
}

function cut(stem: string): string {
  return Array.from(stem).slice(0, STEM_LENGTH).join('');
}
