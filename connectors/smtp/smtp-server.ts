import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { converse, type Faults, type MailRoom, type ReceivedMail } from './smtp-conversation.js';

const LOOPBACK = '127.0.0.1';

export interface SmtpServerOptions extends Pick<MailRoom, 'folder' | 'account' | 'tls'> {
  /** A free one if not given. */
  readonly port?: number;
  /** Told of each mail that is kept. */
  readonly received?: (mail: ReceivedMail) => void;
}

export interface SmtpServer {
  readonly port: number;
  /** What is kept, oldest first. */
  readonly mails: readonly ReceivedMail[];
  readonly faults: Faults;
  connections(): number;
  /** Stops listening and breaks all connections; `listen` takes that back. */
  stop(): Promise<void>;
  listen(): Promise<void>;
}

/** A small mail server on loopback, for rehearsals: it keeps what it takes and passes nothing on. */
export async function openSmtpServer(options: SmtpServerOptions): Promise<SmtpServer> {
  const sockets = new Set<Socket>();
  const mails: ReceivedMail[] = [];
  const faults: Faults = { answer: () => undefined, end: 'answers' };
  const room: MailRoom = { ...options, faults, keep(mail) {
    mails.push(mail);
    options.received?.(mail);
  } };
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that breaks the connection is no affair of a server.
    socket.on('error', () => undefined);
    converse(socket, room).catch(() => undefined).finally(() => socket.destroySoon());
  });
  let port = options.port ?? 0;

  async function listen(): Promise<void> {
    if (server.listening) return;
    server.listen(port, LOOPBACK);
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  }

  async function stop(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  await listen();
  return { port, mails, faults, connections: () => sockets.size, stop, listen };
}
