import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';

export interface KeptMessage {
  readonly uid: number;
  readonly bytes: Buffer;
  readonly arrivedAt: Date;
  /** A program marked it, and left it there. */
  readonly isDeleted?: true;
  /** What the server says of its size, where that is not true. */
  readonly saidSize?: number;
}

/** How the server misbehaves. */
export interface ImapFaults {
  /** Ends the connection where it is true of a command. */
  cuts: (command: string) => boolean;
  /** Answers so in place of carrying out a command; empty: not at all; undefined: it is carried out. */
  answers: (command: string) => string | undefined;
  /** Gives no more of a message at once, whatever is asked. */
  piece: number;
}

export interface ScriptedImap {
  readonly port: number;
  readonly faults: ImapFaults;
  /** Messages by folder. */
  readonly folders: Map<string, KeptMessage[]>;
  readonly commands: string[];
  connections: number;
  /** A message arrives; those that wait are told. */
  deliver(message: string | Buffer, arrivedAt?: Date, change?: Pick<KeptMessage, 'isDeleted' | 'saidSize'>): void;
  /** What is in a folder, as text. */
  texts(folder: string): string[];
  stop(): Promise<void>;
}

interface Client {
  readonly socket: Socket;
  selected: KeptMessage[] | null;
  idleTag: string | null;
}

const CAPABILITIES = 'IMAP4rev1 IDLE MOVE UIDPLUS';

/** A small mail server on loopback: as much of IMAP4rev1 (RFC 3501), IDLE and MOVE as taking messages needs. */
export async function openScriptedImap({ login = 'courrier', password = 'secret', port = 0, without = '' } = {}): Promise<ScriptedImap> {
  const clients = new Set<Client>();
  let nextUid = 1;
  const faults: ImapFaults = { cuts: () => false, answers: () => undefined, piece: Infinity };
  const folders = new Map<string, KeptMessage[]>([['INBOX', []]]);
  const commands: string[] = [];
  const offered = CAPABILITIES.replace(without, '');

  function carryOut(client: Client, tag: string, command: string): string {
    const [verb = '', ...words] = command.split(' ');
    const rest = words.join(' ');
    const carried: Readonly<Record<string, () => string>> = {
      CAPABILITY: () => `* CAPABILITY ${offered}\r\n${tag} OK\r\n`,
      LOGIN: () => (unquoted(rest) === `${login} ${password}` ? `${tag} OK [CAPABILITY ${offered}] in\r\n` : `${tag} NO [AUTHENTICATIONFAILED] wrong\r\n`),
      NOOP: () => `${client.selected === null ? '' : `* ${client.selected.length} EXISTS\r\n`}${tag} OK\r\n`,
      LIST: () => listed(tag, 'LIST', rest),
      LSUB: () => listed(tag, 'LSUB', rest),
      CREATE: () => create(tag, unquoted(rest)),
      SELECT: () => select(client, tag, unquoted(rest)),
      FETCH: () => `${list(client, rest)}${tag} OK\r\n`,
      SEARCH: () => `* SEARCH${(client.selected ?? []).map(({ isDeleted }, index) => (isDeleted === true ? '' : ` ${index + 1}`)).join('')}\r\n${tag} OK\r\n`,
      UID: () => uid(client, tag, words),
      LOGOUT: () => `* BYE\r\n${tag} OK\r\n`,
    };
    return carried[verb.toUpperCase()]?.() ?? `${tag} OK\r\n`;
  }

  function listed(tag: string, verb: string, rest: string): string {
    const names = rest === '"" ""' ? [''] : [...folders.keys()];
    return `${names.map((name) => `* ${verb} () "/" "${name}"\r\n`).join('')}${tag} OK\r\n`;
  }

  function create(tag: string, name: string): string {
    if (folders.has(name)) return `${tag} NO [ALREADYEXISTS] it is there\r\n`;
    folders.set(name, []);
    return `${tag} OK\r\n`;
  }

  function select(client: Client, tag: string, name: string): string {
    const found = folders.get(name);
    if (found === undefined) return `${tag} NO [NONEXISTENT] no such folder\r\n`;
    client.selected = found;
    return `* FLAGS (\\Seen \\Deleted)\r\n* ${found.length} EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT ${nextUid}] ok\r\n${tag} OK [READ-WRITE] open\r\n`;
  }

  function uid(client: Client, tag: string, [verb = '', which = '', ...rest]: string[]): string {
    const selected = client.selected ?? [];
    const index = selected.findIndex((message) => message.uid === Number(which));
    const message = selected[index];
    if (verb.toUpperCase() === 'SEARCH') return `* SEARCH${selected.some((one) => one.uid === Number(rest[0])) ? ` ${rest[0] ?? ''}` : ''}\r\n${tag} OK\r\n`;
    if (message === undefined) return `${tag} OK nothing\r\n`;
    if (verb.toUpperCase() === 'FETCH') return fetched(message, index + 1, rest.join(' '), faults.piece) + `${tag} OK\r\n`;
    const target = folders.get(unquoted(rest.join(' ')));
    if (target === undefined) return `${tag} NO [TRYCREATE] no such folder\r\n`;
    selected.splice(index, 1);
    target.push(message);
    return `* OK [COPYUID 1 ${message.uid} ${target.length}] moved\r\n* ${index + 1} EXPUNGE\r\n${tag} OK\r\n`;
  }

  function converse(socket: Socket): void {
    const client: Client = { socket, selected: null, idleTag: null };
    clients.add(client);
    let pending = '';
    socket.on('error', () => undefined).on('close', () => { clients.delete(client); });
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      pending += chunk;
      for (let end = pending.indexOf('\r\n'); end >= 0; end = pending.indexOf('\r\n')) {
        const line = pending.slice(0, end);
        pending = pending.slice(end + 2);
        said(client, line);
      }
    });
    socket.write('* OK scripted\r\n');
  }

  function said(client: Client, line: string): void {
    const { socket } = client;
    if (client.idleTag !== null) {
      socket.write(`${client.idleTag} OK\r\n`);
      client.idleTag = null;
      return;
    }
    const [tag = '', ...words] = line.split(' ');
    const command = words.join(' ');
    commands.push(command);
    if (faults.cuts(command)) { socket.destroy(); return; }
    const answer = faults.answers(command);
    if (answer === '') return;
    if (answer !== undefined) { socket.write(`${tag} ${answer}\r\n`); return; }
    if (command.toUpperCase() === 'IDLE') {
      client.idleTag = tag;
      socket.write('+ idling\r\n');
      return;
    }
    socket.write(carryOut(client, tag, command), 'latin1');
  }

  const server = net.createServer((socket) => { imap.connections += 1; converse(socket); });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const imap: ScriptedImap = {
    port: (server.address() as AddressInfo).port, faults, folders, commands, connections: 0,
    deliver(message, arrivedAt = new Date(Date.UTC(2027, 2, 1, 9)), change = {}) {
      const bytes = Buffer.isBuffer(message) ? message : Buffer.from(message.replaceAll(/\r?\n/g, '\r\n'));
      const inbox = folders.get('INBOX')!;
      inbox.push({ uid: nextUid, bytes, arrivedAt, ...change });
      nextUid += 1;
      for (const { socket, idleTag, selected } of clients) if (idleTag !== null && selected === inbox) socket.write(`* ${inbox.length} EXISTS\r\n`);
    },
    texts: (folder) => (folders.get(folder) ?? []).map(({ bytes }) => bytes.toString()),
    async stop() {
      for (const { socket } of clients) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return imap;
}

function list({ selected }: Client, which: string): string {
  const asked = new Set((which.split(' ')[0] ?? '').split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split(':').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  }));
  return (selected ?? []).map(({ uid, bytes, arrivedAt, isDeleted, saidSize }, index) => (asked.has(index + 1)
    ? `* ${index + 1} FETCH (UID ${uid} RFC822.SIZE ${saidSize ?? bytes.length} FLAGS (${isDeleted === true ? '\\Deleted' : ''}) INTERNALDATE "${imapDate(arrivedAt)}")\r\n` : '')).join('');
}

function fetched({ uid, bytes, saidSize }: KeptMessage, sequence: number, query: string, most: number): string {
  const partial = /BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?/.exec(query);
  const [start, length] = [Number(partial?.[1] ?? 0), Number(partial?.[2] ?? bytes.length)];
  const piece = bytes.subarray(start, start + Math.min(length, most));
  return `* ${sequence} FETCH (UID ${uid} RFC822.SIZE ${saidSize ?? bytes.length} BODY[]${partial?.[1] === undefined ? '' : `<${start}>`} {${piece.length}}\r\n${piece.toString('latin1')})\r\n`;
}

function imapDate(date: Date): string {
  const [, day = '', month = '', year = '', time = ''] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${day}-${month}-${year} ${time} +0000`;
}

/** Words with or without quotes, in the order in which they stand. */
function unquoted(text: string): string {
  return text.replace(/"((?:[^"\\]|\\.)*)"/g, (_, inside: string) => inside.replace(/\\(.)/g, '$1'));
}
