import type { DepositMailbox } from '../../domain/deposit-mail.js';
import { RelaisError } from '../../errors.js';
import type { Logger } from '../../platform/logger.js';
import { reasonInWords, type MailOutcome } from '../outcome.js';
import type { MessageOrigin } from '../take-message.js';
import { MailboxAway, MessageGone, type MailSession, type WaitingMessage } from './mail-session.js';

/** What a look into the mailbox found. */
export interface MailboxFigures {
  /** Messages could be taken at the last look. */
  readonly isUp: boolean;
  /** Messages that wait, as many as were looked at. */
  readonly waiting: number;
}

export interface MailboxParts {
  readonly mailbox: DepositMailbox;
  /** The largest message, bytes. */
  readonly largest: number;
  readonly open: (signal: AbortSignal) => Promise<MailSession>;
  readonly take: (source: AsyncIterable<Buffer>, origin: MessageOrigin) => Promise<MailOutcome>;
  readonly logger: Logger;
  /** How to wait; returns how to wait no longer. */
  readonly after: (ms: number, action: () => void) => () => void;
  /** In [0, 1). */
  readonly random: () => number;
  /** Lets as many messages of all mailboxes be read at once as is good for the machine. */
  readonly turnstile: <Result>(task: () => Promise<Result>) => Promise<Result>;
  readonly onTaken: (outcome: MailOutcome['state']) => void;
  readonly onLook: (figures: MailboxFigures) => void;
}

export interface MailboxWatch {
  /** What is being read stays where it is. */
  stop(): Promise<void>;
}

/** The first pause, milliseconds: soon after a line that broke, later after a login that was refused, lest the server lock the account. */
const FIRST_PAUSE_MS = { broken: 5_000, login: 60_000 };
const LONGEST_PAUSE_MS = 15 * 60_000;

/** Takes messages from a mailbox for ever. A message is put away only once what became of it is on the disk: killed in between, Relais
 * finds at the next look that it has the letter, and only moves it. What cannot be taken keeps nothing else from being taken; a mailbox
 * that cannot be used is told once, and tried again. */
export function watchMailbox(parts: MailboxParts): MailboxWatch {
  const stop = new AbortController();
  const running = watch(parts, stop.signal);
  return {
    async stop() {
      stop.abort(new Error('Relais is stopping.'));
      await running;
    },
  };
}

/** Never rejects. */
async function watch(parts: MailboxParts, signal: AbortSignal): Promise<void> {
  const tell = teller(parts);
  const isStopping = (): boolean => signal.aborted;
  let failures = 0;
  while (!isStopping()) {
    try {
      await visit(parts, signal, () => { failures = 0; tell(null); });
    } catch (error) {
      if (isStopping()) return;
      failures += 1;
      tell(error);
      parts.onLook({ isUp: false, waiting: 0 });
      await pause(pauseAfter(failures, error, parts.random), signal, parts.after);
    }
  }
}

/** As long as the connection lasts. `works` is told after each look. */
async function visit(parts: MailboxParts, signal: AbortSignal, works: () => void): Promise<void> {
  const { mailbox, open, onLook } = parts;
  const isStopping = (): boolean => signal.aborted;
  const session = await open(signal);
  try {
    while (!isStopping()) {
      const waiting = await session.waiting();
      onLook({ isUp: true, waiting: waiting.length });
      let gone = 0;
      for (const message of waiting) {
        if (isStopping()) return;
        gone += Number(await takeOne(message, session, parts, signal));
      }
      works();
      onLook({ isUp: true, waiting: waiting.length - gone });
      // there may be more than were listed
      if (gone === 0) await session.news(mailbox.everyMs, signal);
    }
  } finally {
    await session.close();
  }
}

/** True once it is put away. */
async function takeOne(message: WaitingMessage, session: MailSession, parts: MailboxParts, signal: AbortSignal): Promise<boolean> {
  const { mailbox, turnstile, onTaken, logger } = parts;
  const outcome = await turnstile(() => becomeOf(message, session, parts, signal));
  if (outcome === null) return false;
  await session.putAway(message.uid, mailbox[folderFor(outcome.state)]);
  onTaken(outcome.state);
  const fields = { message: message.uid, ...('uid' in outcome ? { item: outcome.uid } : { reason: reasonInWords(outcome.reason) }) };
  if (outcome.state === 'refused') logger.warn('A message cannot be taken; it was put away', { ...fields, folder: mailbox.errors });
  else logger.info({ received: 'A letter came by mail', 'already-received': 'A letter came again by mail', aside: 'A message is no letter; it was put away' }[outcome.state], fields);
  return true;
}

/** Null: another client took it. Throws what keeps every message from being taken. */
async function becomeOf({ uid, size, arrivedAt }: WaitingMessage, session: MailSession, parts: MailboxParts, signal: AbortSignal): Promise<MailOutcome | null> {
  if (size > parts.largest) return { state: 'refused', reason: 'too-large' };
  try {
    return await parts.take(session.read(uid), { way: 'mailbox', arrivedAt, signal });
  } catch (error) {
    if (error instanceof MessageGone) return null;
    if (signal.aborted || error instanceof MailboxAway || isOurs(error)) throw error;
    // it would stand before all others for ever
    parts.logger.error('A message could not be read; it was put away', { message: uid, error });
    return { state: 'refused', reason: 'unreadable' };
  }
}

/** Relais cannot keep anything, whatever the message. */
function isOurs(error: unknown): error is RelaisError {
  return error instanceof RelaisError && ['RELAIS_STORE_UNAVAILABLE', 'RELAIS_BLOB_UNAVAILABLE', 'RELAIS_STOPPING'].includes(error.code);
}

function folderFor(state: MailOutcome['state']): 'processed' | 'errors' | 'ignored' {
  if (state === 'refused') return 'errors';
  return state === 'aside' ? 'ignored' : 'processed';
}

/** Tells once why nothing comes, and once that it comes again. */
function teller({ logger, mailbox }: MailboxParts): (error: unknown) => void {
  let trouble: string | null = null;
  return (error) => {
    if (error === null) {
      if (trouble !== null) logger.info('A deposit takes messages from its mailbox again', { host: mailbox.host });
      trouble = null;
      return;
    }
    const reason = error instanceof MailboxAway ? error.message : isOurs(error) ? `Relais cannot keep anything now (${error.code})` : 'the look into it failed in a way that Relais does not know';
    if (reason === trouble) return;
    trouble = reason;
    const isForSomebody = error instanceof MailboxAway && error.kind !== 'away';
    const isKnown = error instanceof MailboxAway || isOurs(error);
    logger[isForSomebody || !isKnown ? 'error' : 'warn']('A deposit takes nothing from its mailbox; Relais goes on trying', { host: mailbox.host, folder: mailbox.folder, reason, ...(isKnown ? {} : { error }) });
  };
}

/** Twice as long each time; half of it is chance, so that many do not come back together. */
function pauseAfter(failures: number, error: unknown, random: () => number): number {
  const first = error instanceof MailboxAway && error.kind === 'login' ? FIRST_PAUSE_MS.login : FIRST_PAUSE_MS.broken;
  const longest = Math.min(first * 2 ** Math.min(failures - 1, 20), LONGEST_PAUSE_MS);
  return longest / 2 + (longest / 2) * random();
}

async function pause(ms: number, signal: AbortSignal, after: MailboxParts['after']): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = after(ms, end);
    signal.addEventListener('abort', end, { once: true });
  });
}
