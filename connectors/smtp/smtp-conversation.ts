import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TLSSocket } from 'node:tls';
import { smtpInput, type SmtpInput } from './smtp-input.js';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** The mail as it came over the wire. */
  readonly file: string;
}

/** What can be made to go wrong. */
export interface Faults {
  /** What is said in place of a yes to a command, with its argument, or to the end of a mail; undefined for the yes. */
  answer: (command: 'MAIL' | 'RCPT' | 'DATA' | 'END', argument: string) => string | undefined;
  /** What happens at the end of a mail: `breaks` and `cuts` keep it and break the connection, before the answer or in its
   * middle; `hangs` neither keeps it nor answers. */
  end: 'answers' | 'breaks' | 'cuts' | 'hangs';
}

export interface MailRoom {
  /** Where mails are kept, one file each. */
  readonly folder: string;
  /** The only account, asked for where it is given. */
  readonly account?: { readonly user: string; readonly password: string };
  /** PEM; encryption is offered where it is given. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly faults: Faults;
  keep(mail: ReceivedMail): void;
}

interface Client {
  socket: Socket;
  input: SmtpInput;
  known: boolean;
  from: string | undefined;
  to: string[];
}

/** Undefined: nothing is said, and the conversation is over. */
type Answer = string | undefined;

const GO_ENCRYPT = '220 2.0.0 Go ahead';
const BYE = '221 2.0.0 Bye';
const UNKNOWN = '502 5.5.1 Not here';

type Command = (client: Client, room: MailRoom, argument: string) => Answer | Promise<Answer>;

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['EHLO', hello],
  ['STARTTLS', (_client, { tls }) => (tls === undefined ? UNKNOWN : GO_ENCRYPT)],
  ['AUTH', authenticate],
  ['MAIL', takeSender],
  ['RCPT', takeRecipient],
  ['DATA', takeMail],
  ['QUIT', () => BYE],
]);

/** Talks with one client to its end (RFC 5321, with AUTH and STARTTLS). */
export async function converse(socket: Socket, room: MailRoom): Promise<void> {
  const client: Client = { socket, input: smtpInput(socket), known: room.account === undefined, from: undefined, to: [] };
  say(client, '220 localhost ESMTP rehearsal');
  for (let line = await client.input.line(); line !== undefined; line = await client.input.line()) {
    const [verb = '', ...rest] = line.split(' ');
    const command = COMMANDS.get(verb.toUpperCase()) ?? (() => UNKNOWN);
    const answer = await command(client, room, rest.join(' '));
    if (answer === undefined) return;
    say(client, answer);
    if (answer === BYE) return;
    if (answer === GO_ENCRYPT) await encrypt(client, room);
  }
}

function say({ socket }: Client, answer: string): void {
  socket.write(`${answer}\r\n`);
}

function hello({ socket }: Client, { tls }: MailRoom): Answer {
  const offer = tls !== undefined && !(socket instanceof TLSSocket) ? 'STARTTLS' : 'AUTH PLAIN LOGIN';
  return `250-localhost\r\n250-8BITMIME\r\n250 ${offer}`;
}

async function encrypt(client: Client, { tls }: MailRoom): Promise<void> {
  await client.input.release();
  const secure = new TLSSocket(client.socket, { isServer: true, ...tls });
  client.socket = secure;
  client.input = smtpInput(secure);
  // What went wrong ends the input, too.
  secure.on('error', () => undefined);
}

async function authenticate(client: Client, { account }: MailRoom, argument: string): Promise<Answer> {
  const [method = '', initial] = argument.split(' ');
  const given = method.toUpperCase() === 'PLAIN' ? await plainLogin(client, initial) : await stepwiseLogin(client);
  client.known = account === undefined || (given.user === account.user && given.password === account.password);
  return client.known ? '235 2.7.0 Welcome' : '535 5.7.8 Unknown user or password';
}

async function plainLogin(client: Client, initial: string | undefined): Promise<{ user: string; password: string }> {
  const [, user = '', password = ''] = (initial === undefined ? await ask(client, '') : decoded(initial)).split('\0');
  return { user, password };
}

async function stepwiseLogin(client: Client): Promise<{ user: string; password: string }> {
  return { user: await ask(client, 'Username:'), password: await ask(client, 'Password:') };
}

async function ask(client: Client, question: string): Promise<string> {
  say(client, `334 ${Buffer.from(question).toString('base64')}`);
  return decoded(await client.input.line() ?? '');
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

function takeSender(client: Client, { faults }: MailRoom, argument: string): Answer {
  if (!client.known) return '530 5.7.0 Who are you?';
  const fault = faults.answer('MAIL', argument);
  if (fault !== undefined) return fault;
  client.from = addressIn(argument);
  client.to = [];
  return '250 2.1.0 OK';
}

function takeRecipient(client: Client, { faults }: MailRoom, argument: string): Answer {
  if (client.from === undefined) return '503 5.5.1 Who sends it?';
  const fault = faults.answer('RCPT', argument);
  if (fault !== undefined) return fault;
  client.to.push(addressIn(argument));
  return '250 2.1.5 OK';
}

function addressIn(argument: string): string {
  return /<([^>]*)>/.exec(argument)?.[1] ?? '';
}

async function takeMail(client: Client, room: MailRoom): Promise<Answer> {
  const { faults } = room;
  if (client.from === undefined || client.to.length === 0) return '503 5.5.1 For whom?';
  const fault = faults.answer('DATA', '');
  if (fault !== undefined) return fault;
  say(client, '354 Go on');
  const mail = { from: client.from, to: client.to, file: path.join(room.folder, `${randomUUID()}.eml`) };
  client.from = undefined;
  const refusal = await receive(client.input, mail.file, faults);
  if (refusal !== undefined) return refusal;
  if (faults.end === 'hangs') {
    await rm(mail.file);
    await once(client.socket, 'close');
    return undefined;
  }
  room.keep(mail);
  return endOf(client, faults);
}

/** Writes a mail to a file. What the server says to its end, when that is not a yes; then the file is gone again. */
async function receive(input: SmtpInput, file: string, faults: Faults): Promise<Answer> {
  try {
    await pipeline(input.mail(), createWriteStream(file, { flags: 'wx' }));
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
  const refusal = faults.answer('END', '');
  if (refusal !== undefined) await rm(file);
  return refusal;
}

async function endOf({ socket }: Client, { end }: Faults): Promise<Answer> {
  if (end === 'answers') return '250 2.0.0 Kept';
  if (end === 'cuts') await new Promise((resolve) => { socket.write('250 2.0', resolve); });
  return undefined;
}
