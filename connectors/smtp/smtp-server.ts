import { createServer } from 'node:net';
import { listenOnLoopback, type LoopbackServer } from '../../src/connector-kit/loopback-server.js';
import { converse, type Faults, type MailRoom, type ReceivedMail } from './smtp-conversation.js';

export interface SmtpServerOptions extends Pick<MailRoom, 'folder' | 'account' | 'tls'> {
  /** A free one if not given. */
  readonly port?: number;
  /** Told of each mail that is kept. */
  readonly received?: (mail: ReceivedMail) => void;
}

export interface SmtpServer extends LoopbackServer {
  /** What is kept, oldest first. */
  readonly mails: readonly ReceivedMail[];
  readonly faults: Faults;
}

/** A small mail server on loopback, for rehearsals: it keeps what it takes and passes nothing on. */
export async function openSmtpServer(options: SmtpServerOptions): Promise<SmtpServer> {
  const mails: ReceivedMail[] = [];
  const faults: Faults = { answer: () => undefined, end: 'answers' };
  const room: MailRoom = { ...options, faults, keep(mail) {
    mails.push(mail);
    options.received?.(mail);
  } };
  const server = createServer({ noDelay: true }, (socket) => {
    // A client that breaks the connection is no affair of a server.
    socket.on('error', () => undefined);
    converse(socket, room).catch(() => undefined).finally(() => socket.destroySoon());
  });
  return { ...await listenOnLoopback(server, options.port), mails, faults };
}
