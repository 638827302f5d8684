import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { NotSent } from '../../src/connector-api/failures.js';
import type { SmtpSettings } from './config.js';
import { failureAfterEnd, recipientsFailure, smtpFailure, type RejectedRecipient } from './smtp-failure.js';

const PORTS: Readonly<Record<SmtpSettings['encryption'], number>> = { starttls: 587, tls: 465, none: 25 };

/** How long a server may take to say goodbye, milliseconds. */
const GOODBYE = 2000;

/** What a server is given. */
export interface Parcel {
  readonly from: string;
  readonly to: readonly string[];
  /** About the bytes of the mail. */
  readonly size: number;
  readonly content: AsyncIterable<Buffer>;
  /** Awaited when all but the end was handed over; up to there a server may deliver nothing (RFC 5321 §4.1.1.4). */
  readonly beforeEnd: () => Promise<void>;
}

export interface Session {
  /** Hands a mail over, and resolves with what the server answered. Throws a failure, or what `content` or `beforeEnd`
   * threw. */
  send(parcel: Parcel): Promise<string>;
}

/** Connects, encrypts, logs in, hands the session to `use`, and closes it. Throws NotSent, Misconfigured, or the reason of
 * the signal when that aborts. */
export async function withSession<T>(settings: SmtpSettings, signal: AbortSignal, use: (session: Session) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const socket = await dial(settings, signal);
  try {
    const conversation = converse(socket, settings, signal);
    await logIn(conversation, settings);
    const result = await use({ send: (parcel) => send(conversation, parcel) });
    conversation.connection.quit();
    const cut = setTimeout(() => socket.destroy(), GOODBYE).unref();
    socket.once('close', () => clearTimeout(cut));
    return result;
  } catch (error) {
    // Not closed in good order: that would end a mail that must not be.
    socket.destroy();
    throw error;
  }
}

async function dial(settings: SmtpSettings, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host: settings.host, port: portOf(settings) });
  const stop = () => { socket.destroy(new Error('stopped')); };
  const tooLong = setTimeout(() => { socket.destroy(Object.assign(new Error('too long'), { code: 'ETIMEDOUT' })); }, settings.timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await once(socket, 'connect');
    // A mail is written in small pieces.
    socket.setNoDelay(true);
    return socket;
  } catch (error) {
    signal.throwIfAborted();
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no connection';
    throw new NotSent(`The mail server ${serverOf(settings)} could not be reached: ${code}.`, { cause: error });
  } finally {
    clearTimeout(tooLong);
    signal.removeEventListener('abort', stop);
  }
}

/** nodemailer's side of a connection. */
interface Conversation {
  readonly connection: SMTPConnection;
  /** One exchange; it fails when the connection does, which nodemailer tells apart from it, or when the signal aborts. */
  readonly step: <T>(take: (resolve: (value: T) => void, reject: (error: unknown) => void) => void) => Promise<T>;
  readonly signal: AbortSignal;
  readonly server: string;
}

function converse(socket: Socket, settings: SmtpSettings, signal: AbortSignal): Conversation {
  const { encryption, ca, timeoutMs, host } = settings;
  const connection = new SMTPConnection({
    connection: socket, host, port: portOf(settings),
    secure: encryption === 'tls', requireTLS: encryption === 'starttls', ignoreTLS: encryption === 'none',
    tls: ca === undefined ? {} : { ca: [...rootCertificates, ca] },
    connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs,
  });
  const lost = new Promise<never>((_resolve, reject) => {
    const stop = () => { reject(signal.reason instanceof Error ? signal.reason : new Error('stopped')); socket.destroy(); };
    signal.addEventListener('abort', stop, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', stop));
    // The listeners stay to the end: an error that comes late must not end the process.
    connection.on('error', reject);
    connection.on('end', () => { reject(new Error('the connection was closed')); });
  });
  lost.catch(() => undefined);
  return { connection, signal, server: serverOf(settings), step: (take) => Promise.race([lost, new Promise(take)]) };
}

async function logIn({ connection, step, signal, server }: Conversation, { user, password }: SmtpSettings): Promise<void> {
  try {
    await step<undefined>((resolve) => { connection.connect(() => { resolve(undefined); }); });
    if (user === undefined || password === undefined) return;
    await step<undefined>((resolve, reject) => { connection.login({ user, pass: password }, (error) => { if (error) reject(error); else resolve(undefined); }); });
  } catch (error) {
    signal.throwIfAborted();
    throw smtpFailure(error, server);
  }
}

/** What nodemailer notes of the recipients in the envelope that it is given, before it asks for the mail. A test holds it to
 * that. */
interface NotedEnvelope extends SMTPConnection.Envelope {
  readonly rejected?: readonly string[];
  readonly rejectedErrors?: readonly unknown[];
}

interface SendState {
  /** The server answered, or the connection is gone: nothing more may go out. */
  over: boolean;
  /** The end of the mail may have gone out. */
  ended: boolean;
  /** What stopped the content, in a box because anything can be thrown. */
  thrown: { readonly error: unknown } | undefined;
}

async function send({ connection, step, signal, server }: Conversation, parcel: Parcel): Promise<string> {
  const envelope: NotedEnvelope = { from: parcel.from, to: [...parcel.to], size: parcel.size };
  const state: SendState = { over: false, ended: false, thrown: undefined };
  const content = Readable.from(gated(parcel, envelope, state), { objectMode: false });
  try {
    const answer = await step<string>((resolve, reject) => {
      connection.send(envelope, content, (error, info) => {
        state.over = true;
        if (error) reject(error);
        else resolve(info.response);
      });
    });
    if (state.ended) return answer;
    throw new NotSent(`The mail server ${server} answered before it had the mail.`);
  } catch (error) {
    if (state.ended) throw failureAfterEnd(error, server);
    if (state.thrown !== undefined) throw state.thrown.error;
    signal.throwIfAborted();
    const rejected = rejectedIn(envelope);
    throw rejected.length > 0 ? recipientsFailure(rejected, server) : smtpFailure(error, server);
  } finally {
    state.over = true;
    content.destroy();
  }
}

/** Lets the content through to a server that takes it for everybody, and its end only if nothing has happened by then. Once
 * over it must fail: the end would make a mail of what was handed over. (nodemailer also reads the content after a refusal,
 * to throw it away.) */
async function* gated({ content, beforeEnd }: Parcel, envelope: NotedEnvelope, state: SendState): AsyncGenerator<Buffer> {
  requireGoing(state, envelope);
  try {
    yield* content;
    if (!state.over) await beforeEnd();
  } catch (error) {
    state.thrown = { error };
    throw new Error('the content stopped', { cause: error });
  }
  requireGoing(state, envelope);
  state.ended = true;
}

function requireGoing({ over }: SendState, envelope: NotedEnvelope): void {
  if (over || rejectedIn(envelope).length > 0) throw new Error('nobody takes the content');
}

function rejectedIn({ rejected = [], rejectedErrors = [] }: NotedEnvelope): readonly RejectedRecipient[] {
  return rejected.map((address, index) => ({ address, error: rejectedErrors[index] }));
}

function portOf({ port, encryption }: SmtpSettings): number {
  return port ?? PORTS[encryption];
}

function serverOf(settings: SmtpSettings): string {
  return `${settings.host}:${portOf(settings)}`;
}
