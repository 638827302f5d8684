import { ImapFlow } from 'imapflow';
import type { DepositMailbox } from '../../domain/deposit-mail.js';
import { mailboxAway } from './imap-failure.js';
import { MailboxAway, MessageGone, type MailSession, type WaitingMessage } from './mail-session.js';

/** Listed at once: a mailbox of years holds more than memory should. */
const AT_ONCE = 200;
const PIECE_BYTES = 256 * 1024;
const CONNECT_MS = 30_000;
/** A server that is silent in the middle of something for so long is gone. */
const SILENCE_MS = 120_000;
/** One that hands a message over more slowly than a mailbox of people is worth keeps the others waiting. */
const SLOWEST_MS = 15 * 60_000;
const GOODBYE_MS = 5_000;

export interface ImapOptions {
  /** No server may make us hold more than this of one message, bytes. */
  readonly largest: number;
  /** Waits in real time; returns how to wait no longer. */
  readonly after: (ms: number, action: () => void) => () => void;
  /** Ends the connection at once, whatever is under way. */
  readonly signal: AbortSignal;
}

/** Opens the mailbox, and makes the folders into which messages are put away. Throws MailboxAway. */
export async function openImapSession(mailbox: DepositMailbox, { largest, after, signal }: ImapOptions): Promise<MailSession> {
  const client = connectionTo(mailbox, largest);
  const server = `${mailbox.host}:${mailbox.port}`;
  /** Breaks that come between commands are told by the next one. */
  client.on('error', () => undefined);
  const end = (): void => { client.close(); };
  signal.addEventListener('abort', end, { once: true });
  async function asked<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw mailboxAway(error, server);
    }
  }
  try {
    await asked(client.connect());
    for (const folder of [mailbox.processed, mailbox.errors, mailbox.ignored]) await asked(client.mailboxCreate(folder)).catch((error: unknown) => { throw folderAway(folder, error); });
    await asked(client.mailboxOpen(mailbox.folder)).catch((error: unknown) => { throw folderAway(mailbox.folder, error); });
  } catch (error) {
    signal.removeEventListener('abort', end);
    client.close();
    throw error;
  }
  return {
    waiting: () => asked(listed(client)),
    async* read(uid) {
      const cancel = after(SLOWEST_MS, end);
      try {
        yield* piecesOf(client, uid, server);
      } catch (error) {
        throw readingFailure(error, server);
      } finally {
        cancel();
      }
    },
    async putAway(uid, folder) {
      if (await asked(client.messageMove(String(uid), folder, { uid: true })) !== false) return;
      const left = await asked(client.search({ uid: String(uid) }, { uid: true }));
      if (left === false || left === undefined || left.length > 0) throw folderAway(folder, undefined);
    },
    news: (withinMs, stop) => newsOf(client, { withinMs, signal: stop, after, server }),
    async close() {
      signal.removeEventListener('abort', end);
      const cancel = after(GOODBYE_MS, end);
      // one that is gone already says so
      await client.logout().catch(() => undefined);
      cancel();
      client.close();
    },
  };
}

function connectionTo({ host, port, encryption, ca, login, password }: DepositMailbox, largest: number): ImapFlow {
  return new ImapFlow({
    host, port, secure: encryption === 'tls', ...(encryption === 'tls' ? {} : { doSTARTTLS: encryption === 'starttls' }),
    auth: { user: login, pass: password }, logger: false, disableAutoIdle: true, clientInfo: { name: 'Relais' },
    connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: SILENCE_MS, maxLiteralSize: largest, maxLineLength: 2 ** 20, maxResponseSize: largest + 2 ** 21,
    ...(ca === null ? {} : { tls: { ca } }),
  });
}

async function listed(client: ImapFlow): Promise<WaitingMessage[]> {
  // what came meanwhile is told with the answer
  await client.noop();
  const count = client.mailbox === false ? 0 : client.mailbox.exists;
  if (count === 0) return [];
  // some programs only mark what they delete: those that are marked must not stand before all others
  const kept = await client.search({ deleted: false });
  if (kept === false || kept === undefined) throw new MailboxAway('away', 'the mail server does not say what is in the mailbox');
  if (kept.length === 0) return [];
  const found = await client.fetchAll(kept.slice(0, AT_ONCE).join(','), { uid: true, size: true, internalDate: true, flags: true });
  return found.filter(({ flags }) => flags?.has('\\Deleted') !== true).map(({ uid, size = 0, internalDate }) => ({ uid, size, arrivedAt: timeOf(internalDate) }));
}

/** The bytes of a message. A piece that is shorter than was asked for ends it; where the size says that there is more, more is asked for, so that no
 * part of a letter is taken for the whole. */
async function* piecesOf(client: ImapFlow, uid: number, server: string): AsyncGenerator<Buffer> {
  const { meta, content } = await client.download(String(uid), undefined, { uid: true, chunkSize: PIECE_BYTES });
  if (content === undefined) throw new MessageGone();
  let received = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    received += chunk.length;
    yield chunk;
  }
  if (received >= (meta.expectedSize ?? 0)) return;
  const rest = await client.fetchOne(String(uid), { source: { start: received, maxLength: 1 } }, { uid: true });
  if (rest !== false && (rest.source?.length ?? 0) > 0) throw new MailboxAway('away', `the mail server ${server} gave only a part of a message`);
}

/** What a failure of reading one message means: one that is gone is no matter, and one of which the server says a false size keeps no other waiting. */
function readingFailure(error: unknown, server: string): unknown {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (code === 'DownloadIncomplete') return new MessageGone();
  return error instanceof MessageGone || code === 'DownloadOverflow' ? error : mailboxAway(error, server);
}

function timeOf(date: Date | string | undefined): number {
  const time = new Date(date ?? '').getTime();
  return Number.isNaN(time) ? 0 : time;
}

interface News {
  readonly withinMs: number;
  readonly signal: AbortSignal;
  readonly after: ImapOptions['after'];
  readonly server: string;
}

/** The server tells at once where it can (IDLE); where it cannot, the time is waited. */
async function newsOf(client: ImapFlow, { withinMs, signal, after, server }: News): Promise<void> {
  if (!client.usable) throw mailboxAway(undefined, server);
  let done: () => void = () => undefined;
  let lost: (error: MailboxAway) => void = () => undefined;
  const told = new Promise<void>((resolve, reject) => { done = resolve; lost = reject; });
  const isLost = (): void => { lost(mailboxAway(undefined, server)); };
  const cancel = after(withinMs, done);
  client.once('exists', done).once('close', isLost);
  signal.addEventListener('abort', done, { once: true });
  // it ends with the next command, or with the connection, which is told by itself
  client.idle().catch(() => undefined);
  try {
    await told;
  } finally {
    cancel();
    client.off('exists', done).off('close', isLost);
    signal.removeEventListener('abort', done);
  }
}

function folderAway(folder: string, cause: unknown): MailboxAway {
  if (cause instanceof MailboxAway && cause.kind !== 'away') return cause;
  return new MailboxAway('folder', `the folder ${folder} cannot be used${cause instanceof MailboxAway ? `: ${cause.message}` : ''}`, { cause });
}
