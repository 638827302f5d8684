import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Arrival, Behaviour, OtherSide, SimulatorOptions } from '../../src/connector-kit/rehearsal.js';
import type { Faults, ReceivedMail } from './smtp-conversation.js';
import { readMail } from './read-mail.js';
import { openSmtpServer, type SmtpServer } from './smtp-server.js';

const USER = 'relais';
const PASSWORD = 'only-for-rehearsals';
const MIB = 2 ** 20;

const BEHAVIOUR: Readonly<Record<Exclude<Behaviour, 'down'>, Faults>> = {
  well: { answer: () => undefined, end: 'answers' },
  refuses: { answer: (command) => (command === 'RCPT' ? '550 5.1.1 Nobody of that name here' : undefined), end: 'answers' },
  throttles: { answer: (command) => (command === 'RCPT' ? '451 4.7.1 Come back later' : undefined), end: 'answers' },
  'loses-answer': { answer: () => undefined, end: 'breaks' },
  'cuts-answer': { answer: () => undefined, end: 'cuts' },
  hangs: { answer: () => undefined, end: 'hangs' },
};

/** A mail server that keeps what it takes in a temporary folder. */
export async function openSimulator({ port, say }: SimulatorOptions = {}): Promise<OtherSide> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'relais-smtp-'));
  const server = await openSmtpServer({
    folder, account: { user: USER, password: PASSWORD },
    ...(port !== undefined && { port }),
    received: ({ from, to }) => say?.(`a mail of ${from} for ${to.join(', ')} arrived`),
  });
  const settings = { host: '127.0.0.1', port: server.port, encryption: 'none', user: USER, password: PASSWORD, from: 'Relais <relais@ville.example>', maxBytes: 512 * MIB, templates: { decision: 'Objet : {{title}}\n\nBonjour' } };
  return {
    settings,
    brokenSettings: { ...settings, password: `${PASSWORD}-no-more` },
    secrets: [PASSWORD],
    delivered: () => Promise.all(server.mails.map(arrivalOf)),
    behave: (how) => behave(server, how),
    async close() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function behave(server: SmtpServer, how: Behaviour): Promise<void> {
  if (how === 'down') {
    await server.stop();
    return;
  }
  Object.assign(server.faults, BEHAVIOUR[how]);
  await server.listen();
}

async function arrivalOf({ to, file }: ReceivedMail): Promise<Arrival> {
  const { headers, text = '', html = '', attachments } = await readMail(file);
  const listed = (name: string) => (headers.get(name) ?? '').split(/,\s*/).filter((address) => address !== '');
  const open = [...listed('to'), ...listed('cc')].join(' ');
  return {
    itemUid: headers.get('x-relais-item') ?? '',
    files: attachments,
    fields: {
      to: listed('to'), cc: listed('cc'), bcc: to.filter((address) => !open.includes(address)), replyTo: listed('reply-to'),
      subject: headers.get('subject') ?? '', template: headers.get('x-relais-template') ?? '', text, html, attach: attachments.length > 0,
    },
  };
}
