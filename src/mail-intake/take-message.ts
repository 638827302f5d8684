import type { BlobStore, StagedBlob } from '../blobs/blob-store.js';
import type { Authority } from '../domain/authority.js';
import type { Deposit } from '../domain/deposit.js';
import type { DepositMail } from '../domain/deposit-mail.js';
import type { Intake, Submission } from '../intake/accept-item.js';
import { itemAtPlace } from '../intake/item-at-place.js';
import { choosePlace } from './choose-place.js';
import { findLetter, type Letter } from './find-letter.js';
import { filesOf, fingerprintOf, givenLetter, type FileNaming } from './letter-item.js';
import { readHeader, type MailHeader } from './mail-header.js';
import { MessageRefused, type AsideReason, type MailOutcome } from './outcome.js';
import { asideByHeader, asideBySender } from './put-aside.js';
import { readMessage, type ReadingParts } from './read-message.js';
import type { SenderRate } from './sender-rate.js';
import { stageMessage, type StagedMessage } from './stage-message.js';

/** What a deposit that takes mail needs of Relais, whatever the way in. */
export interface MailParts extends FileNaming {
  readonly authority: string;
  readonly deposit: Pick<Deposit, 'id' | 'kind' | 'place'>;
  readonly mail: DepositMail;
  readonly language: 'fr' | 'en';
  readonly blobs: BlobStore;
  readonly intake: Pick<Intake, 'acceptOnce'>;
  readonly newId: () => string;
  readonly clock: { now(): number };
  /** Who is who in the authority now. */
  readonly people: () => Pick<Authority, 'users' | 'organisations'>;
  /** Uid of the item about which we sent a message with this Message-ID; null: we sent none. */
  readonly itemOfOurMail: (messageId: string) => Promise<string | null>;
  readonly rate: SenderRate;
}

/** How a message came. */
export interface MessageOrigin {
  readonly way: 'mailbox' | 'pipe';
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
  readonly signal: AbortSignal;
}

/** Makes an item of a message, once for the letter in it, or says why not. It may be forgotten where it came from as soon as this resolves
 * with `received` or `already-received`: the item is on the disk then. Nobody is ever answered. Throws RELAIS_STORE_UNAVAILABLE,
 * RELAIS_BLOB_UNAVAILABLE, what the source throws and the reason of the signal: then nothing was accepted. */
export async function takeMessage(source: AsyncIterable<Uint8Array>, origin: MessageOrigin, parts: MailParts): Promise<MailOutcome> {
  const staged: StagedBlob[] = [];
  const time = AbortSignal.timeout(parts.mail.limits.timeMs);
  try {
    const message = await stageMessage(source, parts.blobs, parts.mail.limits.bytes);
    staged.push(message.blob);
    origin.signal.throwIfAborted();
    const reading: ReadingParts = { blobs: parts.blobs, limits: parts.mail.limits, signal: AbortSignal.any([origin.signal, time]), onStaged: (blob) => staged.push(blob) };
    return await judge(message, origin, parts, reading);
  } catch (error) {
    if (error instanceof MessageRefused) return { state: 'refused', reason: error.reason };
    if (time.aborted && !origin.signal.aborted && error === time.reason) return { state: 'refused', reason: 'too-slow' };
    throw error;
  } finally {
    await parts.blobs.discard(staged);
  }
}

async function judge(message: StagedMessage, origin: MessageOrigin, parts: MailParts, reading: ReadingParts): Promise<MailOutcome> {
  const { mail, blobs, rate } = parts;
  const header = await readHeader(message.header);
  if (header === null) throw new MessageRefused('not-a-message');
  const sender = header.from?.address ?? '';
  const aside = await asideOf(header, parts) ?? asideBySender([sender], mail) ?? (rate(sender, origin.arrivedAt) ? 'too-many' : null);
  if (aside !== null) return { state: 'aside', reason: aside };
  await blobs.keep([message.blob]);
  const letter = await findLetter(await readMessage(blobs.read(message.blob.sha256), reading), mail, { ...reading, blobs });
  const inner = letter.agent === null ? null : await asideOfForwarded(letter, sender, parts);
  return inner === null ? await accept(letter, message, origin, parts) : { state: 'aside', reason: inner };
}

async function asideOf(header: MailHeader, { mail, itemOfOurMail }: MailParts): Promise<AsideReason | null> {
  const reason = asideByHeader(header, mail);
  if (reason !== null || header.messageId === '') return reason;
  return await itemOfOurMail(header.messageId) === null ? null : 'our-own';
}

/** What one of ours forwards may be the answer of a program; but what we sent ourselves would come round and round. */
async function asideOfForwarded({ kind, message: { header } }: Letter, sender: string, parts: MailParts): Promise<AsideReason | null> {
  if (kind === 'attached' && await asideOf(header, parts) === 'our-own') return 'our-own';
  return asideBySender([sender, header.from?.address ?? ''], parts.mail);
}

async function accept(letter: Letter, { blob }: StagedMessage, origin: MessageOrigin, parts: MailParts): Promise<MailOutcome> {
  const { deposit, mail, blobs, intake } = parts;
  const submission = await submissionOf(letter, mail.keepMessage ? blob : null, origin, parts);
  await blobs.keep(letter.message.files.map((file) => file.blob));
  const content = fingerprintOf(letter);
  const { messageId } = letter.message.header;
  // a Message-ID is a word of the sender: it names the letter together with what is in it, so that no other letter is taken for it
  const keys = [`mail:${deposit.id}/sha256:${blob.sha256}`, `mail:${deposit.id}/${content}`];
  const outcome = await intake.acceptOnce(submission, { keys, content: messageId === '' ? content : `${content} ${messageId}`.slice(0, 500), forGood: true });
  if ('id' in outcome) return { state: 'received', uid: submission.item.uid };
  return { state: 'already-received', uid: outcome.taken[0]?.uid ?? '' };
}

async function submissionOf(letter: Letter, message: StagedBlob | null, { way }: MessageOrigin, parts: MailParts): Promise<Submission> {
  const { authority, deposit, mail, language, newId, clock } = parts;
  const now = clock.now();
  const { title, description, extra } = givenLetter(letter, language);
  const { place, fields } = choosePlace(letter, mail, deposit.place, parts.people());
  const about = await aboutOf(letter.message.header, parts);
  const linked = about === null ? {} : { manuallyLinkedItems: [about] };
  const files = filesOf(letter.message.files, message, parts);
  const { item, history } = itemAtPlace({ kind: deposit.kind, title, extra: { ...fields, ...extra, ...linked }, files }, { authority, place, newId, now });
  const data = { deposit: deposit.id, way, forward: letter.kind, messageId: letter.message.header.messageId, ...(letter.agent === null ? {} : { agent: letter.agent.address }) };
  return {
    item: { ...item, description }, history,
    journal: [{ at: now, actor: item.creator, item: item.uid, event: 'item.deposited', data }],
    ...(about !== null && { linkedTo: [about] }),
  };
}

/** The item about which we sent the mail that this letter answers. */
async function aboutOf({ answers }: MailHeader, { itemOfOurMail }: MailParts): Promise<string | null> {
  for (const messageId of answers) {
    const uid = await itemOfOurMail(messageId);
    if (uid !== null) return uid;
  }
  return null;
}
