import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:net';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import { listenOnLoopback, type LoopbackServer } from '../../src/connector-kit/loopback-server.js';
import { serveFolder, type Faults } from './serve-folder.js';
import { fingerprint } from './session.js';

export interface SftpServerOptions {
  /** Folder of the only account. */
  readonly root: string;
  readonly user: string;
  readonly password: string;
  /** Public key of the account, as in an authorized_keys file. */
  readonly authorizedKey?: string;
  /** A free one if not given. */
  readonly port?: number;
  /** Told of each rename that was carried out, with the new path. */
  readonly renamed?: (to: string) => void;
}

export interface SftpServer extends LoopbackServer {
  /** Fingerprint of its key, made at its start. */
  readonly hostKey: string;
  readonly faults: Faults;
}

/** A small SFTP server on loopback for rehearsals. */
export async function openSftpServer(options: SftpServerOptions): Promise<SftpServer> {
  // not by ssh2, which spoils one ed25519 key in a hundred
  const { privateKey: hostKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'sec1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
  const faults: Faults = { fail: new Map(), rename: 'well' };
  const ssh = new ssh2.Server({ hostKeys: [hostKey] }, (client, { port }) => accept(client, options, faults, () => listening.breakConnection(port)));
  // The sockets are taken from a server of our own, because ssh2 does not hand them out and they must be broken at will.
  const listening = await listenOnLoopback(createServer((socket) => ssh.injectSocket(socket)), options.port);
  return { ...listening, hostKey: fingerprintOf(hostKey), faults };
}

function accept(client: Connection, options: SftpServerOptions, faults: Faults, cut: () => void): void {
  // A client that goes away without a word is no affair of a server.
  client.on('error', () => undefined);
  client.on('authentication', (attempt) => { if (isKnown(attempt, options)) attempt.accept(); else attempt.reject(['password', 'publickey', 'keyboard-interactive']); });
  client.on('session', (acceptSession) => acceptSession().on('sftp', (acceptSftp) => {
    client.once('close', serveFolder(acceptSftp(), { root: options.root, faults, cut, renamed: options.renamed ?? (() => undefined) }));
  }));
}

function isKnown(attempt: AuthContext, { user, password, authorizedKey }: SftpServerOptions): boolean {
  if (attempt.username !== user) return false;
  if (attempt.method === 'password') return attempt.password === password;
  if (attempt.method !== 'publickey' || authorizedKey === undefined) return false;
  const key = ssh2.utils.parseKey(authorizedKey);
  if (key instanceof Error || !key.getPublicSSH().equals(attempt.key.data)) return false;
  // Without a signature the client only asks whether the key would do.
  return attempt.signature === undefined || (attempt.blob !== undefined && key.verify(attempt.blob, attempt.signature, attempt.hashAlgo));
}

function fingerprintOf(privateKey: string): string {
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return fingerprint(key.getPublicSSH());
}
