import type { BlobStore } from '../blobs/blob-store.js';
import type { DepositMail } from '../domain/deposit-mail.js';
import { htmlAsText } from './html-as-text.js';
import type { MailAddress } from './mail-header.js';
import { MessageRefused } from './outcome.js';
import { matchesAny } from './pattern.js';
import { findQuotedLetter } from './quoted-header.js';
import { readMessage, type MailFile, type ReadingParts, type ReadMessage } from './read-message.js';

/** How a letter came: sent to the mailbox, passed on by a server, or forwarded by one of ours, as an attached message or in the text. */
export type ForwardKind = 'direct' | 'server' | 'attached' | 'quoted';

/** The letter that a message is about. */
export interface Letter {
  readonly kind: ForwardKind;
  /** Who forwarded it; null: nobody did. */
  readonly agent: MailAddress | null;
  readonly message: ReadMessage;
}

export interface FindingParts extends ReadingParts {
  readonly blobs: BlobStore;
}

/** A message within a message within … : what a person forwards is not so deep. */
const FORWARDS = 3;

/** The letter of a message: what one of ours forwarded, as an attached message or below a quoted header, else the message itself. What
 * else was attached to the message stays with the letter. Only who is ours may say who wrote a letter. Throws what readMessage throws. */
export async function findLetter(outer: ReadMessage, { agents }: Pick<DepositMail, 'agents'>, parts: FindingParts): Promise<Letter> {
  const { lines, from } = outer.header;
  if (['x-forwarded-for', 'x-forwarded-to', 'resent-from'].some((name) => lines.has(name))) return { kind: 'server', agent: null, message: outer };
  if (from === null || !matchesAny(agents, from.address)) return { kind: 'direct', agent: null, message: outer };
  const quoted = quotedLetter(outer);
  if (quoted !== null && quoted !== 'unclear') return { kind: 'quoted', agent: from, message: quoted };
  const attached = quoted === 'unclear' ? null : await attachedLetter(outer, agents, parts);
  return attached === null ? { kind: 'direct', agent: null, message: outer } : { kind: 'attached', agent: from, message: attached };
}

async function attachedLetter(outer: ReadMessage, agents: DepositMail['agents'], parts: FindingParts): Promise<ReadMessage | null> {
  let found: ReadMessage | null = null;
  let files: readonly MailFile[] = outer.files;
  for (let depth = 0; depth < FORWARDS; depth += 1) {
    const attached = files.find(isMessage);
    if (attached === undefined || (found !== null && !isEmptyCover(found, agents))) break;
    await parts.blobs.keep([attached.blob]);
    const inner = await readMessage(parts.blobs.read(attached.blob.sha256), parts).catch(notAMessage);
    if (inner === null) break;
    const beside = files.filter((file) => file !== attached && !file.inline);
    if (beside.length + inner.files.length > parts.limits.attachments) throw new MessageRefused('too-many-parts');
    found = { ...inner, files: [...inner.files, ...beside] };
    files = found.files;
  }
  return found;
}

/** A forward of a forward by ours, to which nobody added a word. */
function isEmptyCover({ header: { from }, text, html, files }: ReadMessage, agents: DepositMail['agents']): boolean {
  return from !== null && matchesAny(agents, from.address) && text.trim() === '' && htmlAsText(html).trim() === '' && files.filter((file) => !file.inline).every(isMessage);
}

/** Some programs attach messages as bytes with the ending of one. */
function isMessage({ mediaType, filename }: MailFile): boolean {
  return mediaType === 'message/rfc822' || (/\.eml$/i.test(filename) && (mediaType === 'application/octet-stream' || mediaType === 'text/plain'));
}

function notAMessage(error: unknown): null {
  if (error instanceof MessageRefused && error.reason === 'not-a-message') return null;
  throw error;
}

function quotedLetter(outer: ReadMessage): ReadMessage | 'unclear' | null {
  const quoted = findQuotedLetter(outer.text.trim() === '' ? htmlAsText(outer.html) : outer.text);
  if (quoted === null || quoted === 'unclear') return quoted;
  const { from, to, subject, text } = quoted;
  return { ...outer, header: { ...outer.header, from, to, cc: [], subject }, text, html: '' };
}
