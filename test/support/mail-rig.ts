import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { DepositMail } from '../../src/domain/deposit-mail.js';
import { createSenderRate } from '../../src/mail-intake/sender-rate.js';
import { takeMessage, type MailParts } from '../../src/mail-intake/take-message.js';
import type { MailOutcome } from '../../src/mail-intake/outcome.js';
import { createNewId } from '../../src/platform/new-id.js';
import { PLACE } from './deposit-rig.js';
import { memoryBlobStore, type MemoryBlobStore } from './memory-blob-store.js';
import { memoryIntake, type MemoryIntake } from './memory-intake.js';

export const ARRIVED = Date.UTC(2027, 2, 1, 9);

export function sampleMail(change: Partial<DepositMail> = {}): DepositMail {
  return {
    mailbox: null, agents: [], accept: [], refuse: [], automatic: [], most: { count: 100, withinMs: 3_600_000 }, keepMessage: true,
    limits: { bytes: 50 * 2 ** 20, attachments: 500, depth: 10, timeMs: 60_000 }, routes: [], ...change,
  };
}

/** What taking mail needs, in memory. */
export function mailParts(change: Partial<MailParts> = {}): MailParts & { readonly blobs: MemoryBlobStore; readonly intake: MemoryIntake } {
  const mail = change.mail ?? sampleMail();
  const clock = { now: () => ARRIVED };
  return {
    authority: 'default', deposit: { id: 'courrier', kind: 'mail', place: PLACE }, mail, language: 'fr', newId: createNewId(), clock,
    mediaTypeOf: (name) => (name.endsWith('.pdf') ? 'application/pdf' : 'application/octet-stream'), extensionOf: (type) => (type === 'application/pdf' ? 'pdf' : undefined),
    people: () => ({ users: new Map(), organisations: [] }), itemOfOurMail: () => Promise.resolve(null), rate: createSenderRate(mail.most, clock.now), ...change,
    blobs: memoryBlobStore(), intake: memoryIntake(),
  };
}

/** Takes a message that arrives in pieces of that many bytes. */
export function take(message: string | Buffer, parts: MailParts, { piece = 4096, arrivedAt = ARRIVED } = {}): Promise<MailOutcome> {
  const bytes = Buffer.isBuffer(message) ? message : Buffer.from(message.replaceAll(/\r?\n/g, '\r\n'));
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, index) => bytes.subarray(index * piece, (index + 1) * piece));
  return takeMessage(Readable.from(pieces), { way: 'mailbox', arrivedAt, signal: new AbortController().signal }, parts);
}

export interface Letter {
  readonly header?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly html?: string;
  /** Headers of a part, then an empty line, then what is in it. */
  readonly parts?: readonly string[];
}

/** A message as a mail program writes it. */
export function letter({ header = {}, text = 'Bonjour,\n\nVoici ma demande.\n', html, parts = [] }: Letter = {}): string {
  const fields = { From: 'Jean Dupont <jean@example.org>', To: 'courrier@ville.example', Subject: 'Demande', Date: 'Mon, 01 Mar 2027 09:00:00 +0100', 'Message-ID': '<1@example.org>', ...header };
  const top = Object.entries(fields).filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`).join('\n');
  const body = [...(text === '' ? [] : [`Content-Type: text/plain; charset=utf-8\n\n${text}`]), ...(html === undefined ? [] : [`Content-Type: text/html; charset=utf-8\n\n${html}`]), ...parts];
  if (body.length === 1 && parts.length === 0) return `${top}\nMIME-Version: 1.0\n${body[0] ?? ''}`;
  const boundary = `=_${createHash('sha256').update(body.join()).digest('hex').slice(0, 16)}`;
  return `${top}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="${boundary}"\n\n${body.map((part) => `--${boundary}\n${part}\n`).join('')}--${boundary}--\n`;
}

export function attachment(filename: string, content: string, type = 'application/pdf'): string {
  return `Content-Type: ${type}; name="${filename}"\nContent-Disposition: attachment; filename="${filename}"\nContent-Transfer-Encoding: base64\n\n${Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\n')}`;
}

/** An attached message. */
export function enclosed(message: string): string {
  return `Content-Type: message/rfc822\nContent-Disposition: attachment; filename="Demande.eml"\n\n${message}`;
}
