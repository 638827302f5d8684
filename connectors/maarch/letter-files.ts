import { proveAnnex } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { fileNamed, filesNamed, requireOnce } from '../../src/connector-api/named-files.js';
import type { Annex } from '../../src/domain/item.js';
import { usualExtension } from '../../src/domain/media-types.js';
import type { MaarchSettings } from './config.js';

const TITLE_LENGTH = 255;

/** An attachment as it is sent. */
export interface Attachment {
  readonly annex: Annex;
  readonly title: string;
  readonly type: string;
  readonly format: string;
}

export interface LetterFiles {
  readonly main: { readonly annex: Annex; readonly format: string } | null;
  readonly attachments: readonly Attachment[];
}

/** Files of a new letter: the main document is the one that is named, or the first; the others are attachments, unless they are named. */
export function filesOfNew({ item, fields }: Submission, settings: MaarchSettings): LetterFiles {
  const listed = filesNamed('attachments', item.annexes, fields);
  const main = fileNamed('mainDocument', item.annexes, fields) ?? item.annexes.find((annex) => listed?.includes(annex) !== true) ?? null;
  const others = listed ?? item.annexes.filter((annex) => annex !== main);
  requireOnce('attachments', others, main === null ? [] : [main]);
  return { main: main === null ? null : { annex: main, format: formatOf(main) }, attachments: others.map((annex) => attachmentOf(annex, fields, settings)) };
}

/** Files that are added to a letter: all of the item, unless some are named. */
export function filesOfUpdate({ item, fields }: Submission, settings: MaarchSettings): readonly Attachment[] {
  const listed = filesNamed('attachments', item.annexes, fields) ?? item.annexes;
  requireOnce('attachments', listed, []);
  return listed.map((annex) => attachmentOf(annex, fields, settings));
}

/** Extension as Maarch wants it. Throws Refused where it cannot be told. */
function formatOf({ filename, mediaType }: Annex): string {
  const format = /\.([a-z0-9]{1,8})$/i.exec(filename)?.[1] ?? usualExtension(mediaType);
  if (format === undefined) throw new Refused(`The name of «${filename}» has no extension, which Maarch needs to know what it is.`);
  return format.toLowerCase();
}

/** Reads every file once: one that is gone, damaged or empty must not become half a letter. Throws Refused. */
export async function proveFiles(files: readonly Annex[], context: Pick<ConnectorContext, 'blobs' | 'signal'>): Promise<void> {
  for (const annex of files) {
    if (annex.size === 0) throw new Refused(`«${annex.filename}» is empty: Maarch takes no empty file.`);
    await proveAnnex(annex, context);
  }
}

function attachmentOf(annex: Annex, fields: Submission['fields'], { attachmentType, attachmentTypes }: MaarchSettings): Attachment {
  const asked = fields['attachmentType'];
  const [named] = [annex.role, annex.typeId].flatMap((name) => (name !== undefined && Object.hasOwn(attachmentTypes, name) ? [attachmentTypes[name]] : []));
  const type = named ?? (typeof asked === 'string' && asked !== '' ? asked : attachmentType);
  const title = annex.title.trim() === '' ? annex.filename : annex.title;
  return { annex, type, format: formatOf(annex), title: Array.from(title.replace(/[\p{Cc}\s]+/gu, ' ').trim()).slice(0, TITLE_LENGTH).join('').trim() };
}
