import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { demoTown } from '../support/demo-town.js';
import { startGateway, temporaryFolder, waitFor } from '../support/gateway-process.js';
import { attachment, letter } from '../support/mail-rig.js';
import { relais } from '../support/relais-command.js';
import { openScriptedImap } from '../support/scripted-imap.js';

/** A deposit that takes mail, for a user and an organisation of the demonstration. */
function withMail(text: string, imap = ''): string {
  const [, account = ''] = /^ {2}users:\n(?: {4}#.*\n)* {4}- id: (\S+)/m.exec(text) ?? [];
  const [, organisation = ''] = /^ {2}organisations:\n(?: {4}#.*\n)* {4}- id: (\S+)/m.exec(text) ?? [];
  const [, config = ''] = /^ {2}meetingConfigs:\n(?: {4}#.*\n)* {4}- id: (\S+)/m.exec(text) ?? [];
  const deposit = `    - id: courrier\n      kind: mail\n      place: {account: ${account}, meetingConfig: ${config}, organisation: ${organisation}}\n      mail: {limits: {attachments: 3}${imap}}\n`;
  return /^ {2}deposits:\n/m.test(text) ? text.replace(/^ {2}deposits:\n/m, (line) => line + deposit) : text.replace(/^ {2}connectors:\n/m, (line) => `  deposits:\n${deposit}${line}`);
}

describe('relais mail receive', function receive() {
  this.timeout(180_000);
  const folder = temporaryFolder();
  const data = path.join(folder, 'data');
  fs.mkdirSync(data);
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('takes a letter beside a gateway that runs, once, and says what became of it by its exit code', async () => {
    const config = demoTown(path.join(folder, 'config'), withMail);
    const environment = { RELAIS_CONFIG: config, RELAIS_DATA: data };
    const gateway = await startGateway({ data, config });
    try {
      const receiving = (message: string, deposit = 'courrier') => relais(['mail', 'receive', '--deposit', deposit], environment, message);
      const whole = letter({ header: { Subject: 'Une demande' }, parts: [attachment('plan.pdf', '%PDF-1.4')] });
      const first = await receiving(`From jean@example.org Mon Mar  1 09:00:00 2027\n${whole}`);
      const [again, reply, wrong, bomb, unknown] = await Promise.all([
        receiving(whole), receiving(letter({ header: { 'Auto-Submitted': 'auto-replied' } })), receiving('no mail at all'),
        receiving(letter({ parts: Array.from({ length: 4 }, (_, index) => attachment(`${index}.pdf`, 'x')) })), receiving(whole, 'other'),
      ]);

      expect([first, again, reply, wrong, bomb, unknown].map(({ code }) => code), first.err).to.deep.equal([0, 0, 0, 65, 65, 75]);
      const [, uid = ''] = /^received (\S+)\n$/.exec(first.out) ?? [];
      expect([again.out, reply.err, wrong.err]).to.deep.equal([`already-received ${uid}\n`, 'aside: a program answered, not a person\n', 'refused: it has no header of a mail\n']);
      expect(unknown.err).to.match(/^RELAIS_COMMAND_USAGE\n--deposit: found other, expected one of courrier/);
      const shown = JSON.parse((await relais(['items', 'show', uid, '--json'], environment)).out) as { item: { title: string; annexes: { filename: string }[] } };
      expect([shown.item.title, shown.item.annexes.map(({ filename }) => filename)]).to.deep.equal(['Une demande', ['plan.pdf', 'message.eml']]);
    } finally {
      await gateway.stop();
    }
  });

  it('a letter is to be brought again where the configuration is wrong', async () => {
    const file = path.join(folder, 'wrong.yaml');
    fs.writeFileSync(file, 'authority: {}\n');
    const { code, err } = await relais(['mail', 'receive', '--deposit', 'courrier'], { RELAIS_CONFIG: file, RELAIS_DATA: data }, letter());
    expect([code, err === '']).to.deep.equal([75, false]);
  });

  it('a gateway takes letters from a mailbox, and says so in its figures', async () => {
    const imap = await openScriptedImap({ password: 'a secret of the mailbox' });
    const config = demoTown(path.join(folder, 'mailbox'), (text) => withMail(text, `, imap: {host: 127.0.0.1, port: ${imap.port}, encryption: none, login: courrier, password: "\${env:IMAP}"}`));
    const own = path.join(folder, 'own');
    fs.mkdirSync(own);
    imap.deliver(letter());
    const gateway = await startGateway({ data: own, config, environment: { IMAP: 'a secret of the mailbox' } });
    try {
      await waitFor(() => imap.texts('Processed').length > 0, 20_000, () => gateway.output());
      const figures = await (await fetch(`${gateway.url}/metrics`)).text();
      expect(imap.texts('Processed'), gateway.output()).to.have.length(1);
      expect(figures).to.match(/relais_mailbox_up\{authority="[^"]+",deposit="courrier"\} 1/).and.to.match(/relais_deposits_total\{[^}]*way="mailbox",outcome="received"\} 1/);
      expect(gateway.output()).to.not.include('a secret of the mailbox');
    } finally {
      expect(await gateway.stop()).to.equal(0);
      await imap.stop();
    }
  });
});
