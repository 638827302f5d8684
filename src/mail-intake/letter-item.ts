import { createHash } from 'node:crypto';
import type { ExtraValue } from '../domain/item.js';
import type { StagedBlob } from '../blobs/blob-store.js';
import type { GivenFile } from '../intake/item-at-place.js';
import type { Letter } from './find-letter.js';
import { readable, safeHtml, textAsHtml } from './html-as-text.js';
import { oneLine, type MailAddress } from './mail-header.js';
import type { MailFile } from './read-message.js';

/** A title is shown in lists. */
const TITLE = 500;
const WITHOUT_SUBJECT = { fr: '(sans objet)', en: '(without a subject)' };

/** What an item says of its letter. */
export interface GivenLetter {
  readonly title: string;
  /** HTML that is safe to show. */
  readonly description: string;
  readonly extra: Readonly<Record<string, ExtraValue>>;
}

/** How the item of a letter is called, and what it says. */
export function givenLetter({ kind, agent, message: { header, text, html } }: Letter, language: 'fr' | 'en'): GivenLetter {
  const { from, to, cc, subject, date, messageId } = header;
  const title = oneLine(subject, TITLE);
  return {
    title: title === '' ? WITHOUT_SUBJECT[language] : title,
    description: text.trim() === '' ? describedHtml(html) : textAsHtml(text),
    extra: {
      ...personFields('mail_from', from), ...personFields('mail_agent', agent),
      mail_to: to.map(({ address }) => address), ...(cc.length > 0 && { mail_cc: cc.map(({ address }) => address) }),
      mail_subject: subject, ...(date !== null && { mail_date: new Date(date).toISOString() }),
      ...(messageId !== '' && { mail_message_id: messageId }), mail_forward: kind,
    },
  };
}

function personFields(field: string, person: MailAddress | null): Readonly<Record<string, ExtraValue>> {
  if (person === null) return {};
  return { [field]: person.address, ...(person.name !== '' && { [`${field}_name`]: person.name }) };
}

function describedHtml(html: string): string {
  const safe = safeHtml(html) ?? '';
  return readable(safe).trim() === '' ? '' : safe;
}

/** What tells a letter from every other: two that only share a Message-ID, as those of some scanners do, are two. */
export function fingerprintOf({ message: { header, text, html, files } }: Letter): string {
  const said = [header.messageId, header.from?.address, header.date, header.subject, text, html, ...files.map(({ blob }) => blob.sha256)];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

/** How files that a message names badly are named and typed. */
export interface FileNaming {
  readonly mediaTypeOf: (filename: string, head: Buffer) => string;
  /** Ending of files of a type, without its dot; undefined: none is known. */
  readonly extensionOf: (mediaType: string) => string | undefined;
}

/** The files of an item: what was attached, the pictures of the text, then the message itself where it is kept. */
export function filesOf(files: readonly MailFile[], message: StagedBlob | null, { mediaTypeOf, extensionOf }: FileNaming): GivenFile[] {
  const ordered = [...files.filter(({ inline }) => !inline), ...files.filter(({ inline }) => inline)];
  const given = ordered.filter(({ blob }) => blob.size > 0).map(({ filename, mediaType, blob: { sha256, size, head }, inline }, index): GivenFile => {
    const name = filename.trim() === '' ? unnamed(index + 1, mediaType, extensionOf) : filename;
    const type = mediaType === 'application/octet-stream' ? mediaTypeOf(name, head) : mediaType;
    return { title: '', filename: name, mediaType: type, sha256, size, ...(inline && { role: 'inline-image' }) };
  });
  return message === null ? given : [...given, { title: '', filename: 'message.eml', mediaType: 'message/rfc822', sha256: message.sha256, size: message.size, role: 'message' }];
}

function unnamed(number: number, mediaType: string, extensionOf: FileNaming['extensionOf']): string {
  const extension = extensionOf(mediaType);
  return `piece-${number}${extension === undefined ? '' : `.${extension}`}`;
}
