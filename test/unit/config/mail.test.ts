import { expect } from 'chai';
import { formatProblems } from '../../../src/config/problem.js';
import { load, problemsOf, SMALL } from './temporary-configuration.js';

const MAIL = `${SMALL}  deposits:
    - id: courrier
      kind: mail
      place: {account: ged, meetingConfig: college, organisation: voirie}
      mail:
        imap: {host: imap.ville.example, login: courrier, password: "\${env:IMAP}", processed: Traités}
        agents: "*@ville.example"
        senders: {refuse: [spam@*], most: 20, within: 10 min}
        limits: {size: 10 MiB}
        routes:
          - {to: finances@*, place: {organisation: finances}, fields: {service: FIN}}
          - {agent: "*", organisationOf: agent, function: creators}
`;
const ENV = { IMAP: 'a secret of the mailbox' };

describe('mail in the configuration', () => {
  it('is built with what is not said', async () => {
    const { authorities: [town] } = await load({ 'relais.yaml': MAIL }, ENV);
    const [voirie, finances] = town!.authority.organisations;
    const mail = town!.authority.deposits[0]!.mail!;
    expect(mail.mailbox).to.deep.equal({
      host: 'imap.ville.example', port: 993, encryption: 'tls', ca: null, login: 'courrier', password: 'a secret of the mailbox',
      folder: 'INBOX', processed: 'Traités', errors: 'Errors', ignored: 'Ignored', everyMs: 60_000,
    });
    expect(mail).to.deep.include({ agents: ['*@ville.example'], accept: [], refuse: ['spam@*'], most: { count: 20, withinMs: 600_000 }, keepMessage: true, limits: { bytes: 10 * 2 ** 20, attachments: 500, depth: 10, timeMs: 300_000 } });
    expect(mail.routes.map(({ place, organisationOf, function: suffix, fields }) => [place.organisation, place.configId, organisationOf, suffix, fields])).to.deep.equal([
      [finances!.uid, 'college', null, null, { service: 'FIN' }], [voirie!.uid, 'college', 'agent', 'creators', {}],
    ]);
  });

  const mistakes: readonly [string, (text: string) => string, RegExp][] = [
    ['a password in plain text', (text) => text.replace('"${env:IMAP}"', 'open'), /mail\.imap\.password: found a secret in plain text, expected a reference/],
    ['an organisation that nobody has', (text) => text.replace('{organisation: finances}', '{organisation: finance}'), /mail\.routes\[0\]\.place\.organisation: found the unknown organisation "finance".* did you mean finances\?/],
    ['a folder that is the inbox', (text) => text.replace('Traités', 'INBOX'), /mail\.imap\.processed: found "INBOX", where letters arrive, expected another folder/],
    ['flows of accounts', (text) => text.replace('kind: mail', 'kind: pes'), /deposits\[0\]\.kind: found pes, whose files come by a folder or over HTTP/],
    ['a function of nobody', (text) => text.replace('organisationOf: agent, ', ''), /mail\.routes\[1\]\.function: found a function of nobody, expected organisationOf beside it/],
    ['a field that is the letter\'s own', (text) => text.replace('service: FIN', 'mail_from: x'), /mail\.routes\[0\]\.fields.* a name of letters, digits and _, that does not begin with mail_/],
    ['one mailbox for two', (text) => text + text.slice(text.indexOf('    - id: courrier')).replace('id: courrier', 'id: autre'), /deposits\[1\]\.mail\.imap.*: found the mailbox into which deposit courrier of default looks/],
  ];
  for (const [name, change, message] of mistakes) {
    it(`tells of ${name}`, async () => {
      const found = formatProblems(await problemsOf({ 'relais.yaml': change(MAIL) }, ENV));
      expect(found.trim().split('\n').filter((line) => line !== ''), found).to.have.length(1);
      expect(found).to.match(message).and.not.include(ENV.IMAP);
    });
  }
});
