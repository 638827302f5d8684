import type { SentFile } from './sent-folder.js';
import type { XmlPlace } from './fields.js';

/** A file that came back and is kept (`context.blobs.keep`). Size in bytes. */
export interface ReturnedFile {
  readonly filename: string;
  readonly mediaType: string;
  readonly sha256: string;
  readonly size: number;
}

/** A main document as it came back. */
export interface ReturnedDocument {
  readonly file: ReturnedFile;
  /** What we sent in its place; null where nothing that we sent has its name. */
  readonly original: Pick<SentFile, 'filename' | 'sha256' | 'size'> | null;
  /** Signatures of it that stand in files of their own. */
  readonly detached: readonly ReturnedFile[];
  /** Where its XML is signed. */
  readonly place: XmlPlace | null;
  /** How many people must have signed it, each with a certificate of their own; at least one if not given. */
  readonly signers?: number;
}

/** What a signature book gives back at the end of a circuit, whatever its protocol. */
export interface ReturnedFolder {
  readonly documents: readonly ReturnedDocument[];
  /** The circulation slip. */
  readonly slip: ReturnedFile | null;
  /** Files that people added on the way. */
  readonly added: readonly ReturnedFile[];
  /** Somebody signed, and on paper only. */
  readonly onPaper: boolean;
}

/** The file that was sent under a name, as far as the other side keeps names: whole, else without regard to its extension
 * (a text is made a PDF, contracts/iparapheur.md §2.5). */
export function sentAs<File extends Pick<SentFile, 'filename'>>(filename: string, sent: readonly File[]): File | null {
  const same = (key: (name: string) => string): File | undefined => sent.find((file) => key(file.filename) === key(filename));
  return same(plainName) ?? same((name) => plainName(name).replace(/\.[^.]{1,20}$/, '')) ?? null;
}

/** Those of the files that came back that nobody sent: neither by their content nor, where the other side made a file anew, by their
 * name. Order proves nothing: annexes come back swapped. */
export function addedFiles(returned: readonly ReturnedFile[], sent: readonly SentFile[]): readonly ReturnedFile[] {
  const left = [...sent];
  const take = (found: (file: SentFile) => boolean): boolean => {
    const at = left.findIndex(found);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  };
  const others = returned.filter(({ sha256 }) => !take((file) => file.sha256 === sha256));
  return others.filter(({ filename }) => !take((file) => plainName(file.filename) === plainName(filename)));
}

/** Names come back in quotes, in other capitals, and with accents written another way. */
export function plainName(filename: string): string {
  return unquoted(filename).normalize('NFC').toLowerCase();
}

/** contracts/iparapheur.md §1.6: names may stand in quotes. */
export function unquoted(filename: string): string {
  const trimmed = filename.trim();
  return /^".*"$/s.test(trimmed) && trimmed.length > 1 ? trimmed.slice(1, -1) : trimmed;
}

/** What a file that is named after a folder can be called: a title may hold slashes, which lead nowhere. */
export function withoutSlashes(filename: string): string {
  return filename.replaceAll(/[/\\]/g, '-');
}
