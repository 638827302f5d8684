import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import ssh2, { type Client, type ConnectConfig, type SFTPWrapper } from 'ssh2';
import { Misconfigured } from '../../src/connector-api/failures.js';
import type { SftpSettings } from './config.js';
import { connectFailure } from './sftp-failure.js';

/** How long a server may take to close its side before the connection is cut, milliseconds. */
const GOODBYE = 2000;

type Done<T> = (error: Error | null | undefined, value: T) => void;

/** Calls of the server as promises. */
export interface Session {
  readonly sftp: SFTPWrapper;
  /** Makes one call. Rejects with the error of the server (a number as `code`, see statusOf), or with another when the
   * connection is lost, the server is silent for too long, or the signal of the session aborts. */
  readonly call: <T = void>(send: (done: Done<T>) => void) => Promise<T>;
}

/** Logs in, hands the session to `use`, and closes it. Throws NotSent when the server cannot be reached, Misconfigured when
 * it is not the one that is expected or does not let the account in; the reason of the signal when that aborts. */
export async function withSession<T>(settings: SftpSettings, signal: AbortSignal, use: (session: Session) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const config = connectConfig(settings);
  const client = new ssh2.Client();
  const { call, lose } = callsOf(client, settings.timeoutMs);
  // A socket of our own: that of ssh2 cannot be cut once it was asked to end.
  const socket = connect({ host: settings.host, port: settings.port, noDelay: true });
  const stop = () => { lose(signal.reason instanceof Error ? signal.reason : new Error('stopped')); socket.destroy(); };
  signal.addEventListener('abort', stop, { once: true });
  try {
    await logIn({ client, call }, { ...config, sock: socket }, settings, signal);
    const sftp = await openSftp({ client, call }, settings, signal);
    sftp.on('error', lose).on('close', () => lose(new Error('the server closed the session')));
    return await use({ sftp, call });
  } finally {
    signal.removeEventListener('abort', stop);
    client.end();
    const cut = setTimeout(() => socket.destroy(), GOODBYE).unref();
    socket.once('close', () => clearTimeout(cut));
  }
}

/** A connection on its way. */
interface Calling {
  readonly client: Client;
  readonly call: Session['call'];
}

async function logIn({ client, call }: Calling, config: ConnectConfig, settings: SftpSettings, signal: AbortSignal): Promise<void> {
  let seen: string | undefined;
  const hostVerifier = (key: Buffer) => {
    seen = fingerprint(key);
    return seen === settings.hostKey;
  };
  // A server may ask for the password in its own words instead of the protocol's.
  client.on('keyboard-interactive', (_name, _instructions, _language, prompts, answer) => answer(prompts.map(() => settings.password ?? '')));
  try {
    await call((done: Done<void>) => {
      client.once('ready', () => done(null));
      client.connect({ ...config, hostVerifier });
    });
  } catch (error) {
    signal.throwIfAborted();
    throw connectFailure(error, settings, seen);
  }
}

async function openSftp({ client, call }: Calling, settings: SftpSettings, signal: AbortSignal): Promise<SFTPWrapper> {
  try {
    return await call<SFTPWrapper>((done) => client.sftp(done));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && /^Unable to start subsystem|Channel open failure/.test(error.message)) {
      throw new Misconfigured(`The server ${settings.host}:${settings.port} lets «${settings.user}» in, but not for SFTP.`, { cause: error });
    }
    throw connectFailure(error, settings, settings.hostKey);
  }
}

function connectConfig(settings: SftpSettings): ConnectConfig {
  const { user, password, privateKey, passphrase } = settings;
  const common: ConnectConfig = { username: user, readyTimeout: settings.timeoutMs, keepaliveInterval: settings.keepAliveMs };
  if (privateKey === undefined) return { ...common, password: password ?? '', tryKeyboard: true };
  const key = ssh2.utils.parseKey(privateKey, passphrase);
  // The text of the error stays out: it may quote the key.
  if (key instanceof Error) throw new Misconfigured('The private key cannot be read: it is not a PEM or OpenSSH key, or the passphrase is not right.');
  return { ...common, privateKey, ...(passphrase !== undefined && { passphrase }) };
}

/** As OpenSSH shows it. */
export function fingerprint(publicKey: Buffer): string {
  return `SHA256:${createHash('sha256').update(publicKey).digest('base64').replace(/=+$/, '')}`;
}

/** ssh2 forgets the calls that are made or under way when a channel closes; these are told. */
function callsOf(client: Client, timeoutMs: number): { readonly call: Session['call']; readonly lose: (error: Error) => void } {
  const waiting = new Set<(error: Error) => void>();
  let lost: Error | undefined;
  function lose(error: Error): void {
    lost ??= error;
    for (const reject of waiting) reject(lost);
  }
  // The listeners stay to the end: an error that comes late must not end the process.
  client.on('error', lose).on('close', () => lose(new Error('the connection was closed')));
  return {
    lose,
    call: <T>(send: (done: Done<T>) => void) => new Promise<T>((resolve, reject) => {
      if (lost !== undefined) { reject(lost); return; }
      // Whoever is silent once is not asked again.
      const silence = setTimeout(() => { lose(Object.assign(new Error('the server is silent'), { level: 'client-timeout' })); }, timeoutMs);
      const settle = () => { clearTimeout(silence); waiting.delete(fail); };
      const fail = (error: Error) => { settle(); reject(error); };
      waiting.add(fail);
      send((error, value) => {
        if (error) { fail(error); return; }
        settle();
        resolve(value);
      });
    }),
  };
}
