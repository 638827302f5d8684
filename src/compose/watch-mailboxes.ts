import { systemTimer } from '../delivery/timer.js';
import { createTurnstile } from '../identity/turnstile.js';
import { openImapSession } from '../mail-intake/mailbox/imap-session.js';
import { watchMailbox, type MailboxWatch } from '../mail-intake/mailbox/watch-mailbox.js';
import { takeMessage, type MailParts } from '../mail-intake/take-message.js';
import { createWatches, type Watches } from './create-watches.js';
import type { Installation } from './installation.js';
import { mailDepositsOf } from './serve-mail.js';

/** Messages of all mailboxes that are read at the same time: none of them is in a hurry. */
const WIDTH = 4;
/** Room for what a server writes around a message, bytes. */
const AROUND = 2 ** 16;

/** Looks into the mailboxes of deposits. */
export function createMailboxWatches({ logger, metrics, store, newId }: Pick<Installation, 'logger' | 'metrics' | 'store' | 'newId'>): Watches {
  const turnstile = createTurnstile(WIDTH);
  const after = (ms: number, action: () => void): () => void => systemTimer.after(ms, action);

  function start(parts: MailParts): MailboxWatch[] {
    const { authority, deposit, mail: { mailbox, limits } } = parts;
    if (mailbox === null) return [];
    const labels = { authority, deposit: deposit.id };
    return [watchMailbox({
      mailbox, largest: limits.bytes, turnstile, after, random: Math.random, logger: logger.child(labels),
      open: (signal) => openImapSession(mailbox, { largest: limits.bytes + AROUND, after, signal }),
      take: (source, origin) => takeMessage(source, origin, parts),
      onTaken: (outcome) => { metrics.deposited({ ...labels, way: 'mailbox', outcome }); },
      onLook: (figures) => { metrics.mailbox(labels, figures); },
    })];
  }
  return createWatches((one) => mailDepositsOf({ ...one, store, newId, people: () => one.authority }).flatMap(start), () => { metrics.forgetMailboxes(); });
}
