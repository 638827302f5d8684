import { expect } from 'chai';
import { once } from 'node:events';
import net from 'node:net';
import { createMailSender } from '../../../src/platform/mail.js';

/** A mail server that keeps what it is told, and answers recipients as it was set. */
async function mailServer(recipient: string): Promise<{ readonly port: number; readonly text: () => string; readonly close: () => Promise<void> }> {
  let text = '';
  const server = net.createServer((socket) => {
    let isData = false;
    socket.write('220 mail.example\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (isData) { if (text.endsWith('\r\n.\r\n')) { isData = false; socket.write('250 taken\r\n'); } return; }
      const command = chunk.toString().slice(0, 4).toUpperCase();
      isData = command === 'DATA';
      socket.write(isData ? '354 go on\r\n' : command === 'RCPT' ? recipient : '250 fine\r\n');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as net.AddressInfo).port, text: () => text, close: async () => { server.close(); await once(server, 'close'); } };
}

const mail = { to: ['greffe@ville.example', 'info@ville.example'], subject: 'Arrêté', text: 'Une ligne.\n' };
const settings = { host: '127.0.0.1', secure: false, user: null, password: null, from: 'relais@ville.example' };

describe('createMailSender', () => {
  it('sends a mail to all who are to be told, marked as made by a machine', async () => {
    const server = await mailServer('250 fine\r\n');
    await createMailSender({ ...settings, port: server.port })(mail);
    for (const part of ['RCPT TO:<greffe@ville.example>', 'RCPT TO:<info@ville.example>', 'MAIL FROM:<relais@ville.example>', 'Subject: =?UTF-8?', 'Auto-Submitted: auto-generated', 'Une ligne.']) {
      expect(server.text()).to.include(part);
    }
    await server.close();
  });

  it('shows no password to a server that does not encrypt', async () => {
    const server = await mailServer('250 fine\r\n');
    const send = createMailSender({ ...settings, port: server.port, user: 'relais', password: 'correct horse' });
    expect(await send(mail).then(() => 'sent', () => 'refused')).to.equal('refused');
    expect(server.text()).to.include('EHLO').and.to.not.include('AUTH').and.to.not.include('MAIL FROM');
    await server.close();
  });

  it('rejects when the server takes nobody, and when there is none', async () => {
    const server = await mailServer('550 unknown\r\n');
    const send = createMailSender({ ...settings, port: server.port });
    expect(await send(mail).then(() => 'sent', () => 'refused')).to.equal('refused');
    await server.close();
    expect(await send(mail).then(() => 'sent', () => 'refused')).to.equal('refused');
  });
});
