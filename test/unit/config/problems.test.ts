import { expect } from 'chai';
import { changed, problemsOf, SMALL, takeMark, type Environment } from './temporary-configuration.js';
import { ANOTHER_KEY, CERTIFICATE, KEY } from './throwaway-certificate.js';

/** What is wrong, the file with ▸ before the place, and the end of the line that must be shown. */
const CASES: [name: string, yaml: string, message: string, env?: Environment][] = [
  // writing
  ['YAML that cannot be read', changed('title: Petite Ville', 'title: ▸"Petite Ville'), 'found a quote that is not closed, expected the same quote at the end of the text'],
  ['a key given twice', changed('title: Petite Ville', 'title: Petite Ville\n  ▸title: Autre'), 'found this key a second time, expected it once'],
  ['an unknown anchor', changed('title: Petite Ville', 'title: ▸*ville'), 'found *ville, expected an anchor &ville before it, or quotes around a text that begins with *'],
  ['a tab', changed('  title: Petite Ville', '▸\ttitle: Petite Ville'), 'found a tab, expected spaces at the beginning of the line'],
  ['a quote that another one seems to close', changed('title: Petite Ville', 'title: ▸"Petite Ville').replace('title: Voirie', 'title: "Voirie"'), 'found a quote that is not closed, expected the same quote at the end of the text'],
  ['an apostrophe within quotes', changed('title: Petite Ville', "title: 'L'▸Isle'"), 'found more text after a text in quotes, expected one pair of quotes around all of it (an apostrophe within \'…\' is written twice)'],
  ['a colon within a text', changed('title: Petite Ville', 'title: ▸Ville: la petite'), 'found a second key inside a value, expected each key on a line of its own in the column of its neighbours, and quotes around a text that holds ": "'],
  ['a colon that is missing', changed('title: Petite Ville', '▸title Petite Ville'), 'found a line that is no "key: value", expected a colon and a space after the key'],
  ['a brace that is not closed', changed('{creators: [ged]}', '▸{creators: [ged]'), 'found a bracket that is not closed, expected } or ] at the end of what it opens'],
  ['a comma that is missing', changed('{path: /tmp}', '{path: ▸/tmp create: true}'), 'found a second "key: value" within { } or [ ], expected a comma before it'],
  ['a line too far to the left', changed('      title: Finances', '▸     title: Finances'), 'found a line that stands too far to the left, expected it in the column of the keys above or below it'],
  ['a list in the wrong column', changed('    - id: finances\n      title', '▸  - id: finances\n    title'), 'found a list entry in the wrong column, expected it exactly below the other entries of its list'],
  ['a text that begins with @', changed('title: Petite Ville', 'title: ▸@ville'), 'found a text that begins with a character of the YAML grammar, expected quotes around the text'],
  // form
  ['an unknown key with a near one', changed('title: Petite Ville', 'title: Petite Ville\n  ▸organisation: []'), 'authority.organisation: found the unknown key organisation, expected one of extends, title, organisations, users, meetingConfigs, connectors, flows, deposits, tables, hours, retention, incidents, …; did you mean organisations?'],
  ['an unknown key with none near', changed('    - id: jean', '    - id: jean\n      ▸xyzzy: 1'), 'authority.users[1].xyzzy: found the unknown key xyzzy, expected one of id, fullname, email, roles, source, memberArea, password, certificates, demo'],
  ['an unknown key at the root', `▸serveur: {}\n${SMALL}`, 'serveur: found the unknown key serveur, expected one of server, centre, authority; did you mean server?'],
  ['a missing key', changed('    - id: jean', '    - ▸fullname: Jean'), 'authority.users[1].id: found nothing, expected text'],
  ['a missing key of the section', changed('  title: Petite Ville\n', '').replace('  organisations', '  ▸organisations'), 'authority.title: found nothing, expected text'],
  ['a key without value', changed('title: Petite Ville', 'title:▸'), 'authority.title: found nothing, expected text'],
  ['a number for text', changed('title: Petite Ville', 'title: ▸12'), 'authority.title: found 12, expected text in quotes'],
  ['text for a list', changed('members: {creators: [ged]}', 'members: {creators: ▸ged}'), 'authority.organisations[0].members.creators: found "ged", expected a list: [ged]'],
  ['text for a map', changed('members: {creators: [ged]}', 'members: ▸ged'), 'authority.organisations[0].members: found "ged", expected a map of keys'],
  ['a truth value in old YAML', changed('- id: jean', '- id: jean\n      demo: ▸yes'), 'authority.users[1].demo: found "yes", expected true or false'],
  ['a choice', changed('- id: jean', '- id: jean\n      roles: [▸Manger]'), 'authority.users[1].roles[0]: found "Manger", expected one of Member, Manager; did you mean Manager?'],
  ['an empty list', changed('      steps:\n        - connector: outbox', '      steps: ▸[]'), 'authority.flows[0].steps: found an empty list, expected at least 1 entry'],
  ['an id with a space', changed('- id: jean', '- id: ▸jean dupont'), 'authority.users[1].id: found "jean dupont", expected a user id of letters, digits, - _ . @ (at most 100)'],
  ['an id with a slash', changed('- id: college', '- id: ▸a/b'), 'authority.meetingConfigs[0].id: found "a/b", expected an id of letters, digits, - _ . (at most 100)'],
  ['a sub-group with a capital', changed('{creators: [ged]}', '{▸Creators: [ged]}'), 'authority.organisations[0].members.Creators: found the key Creators, expected a sub-group such as creators or reviewers'],
  ['an id of an authority that the server uses', changed('authority:', 'authority:\n  id: ▸metrics'), 'authority.id: found "metrics", expected another id: ws4pm, ws4pm.wsdl, healthz, readyz, metrics, console, deposit are addresses of the server'],
  // server
  ['a port', `server: {port: ▸80800}\n${SMALL}`, 'server.port: found 80800, expected at most 65535'],
  ['a port with decimals', `server: {port: ▸80.5}\n${SMALL}`, 'server.port: found 80.5, expected a whole number'],
  ['a public address with a slash at the end', `server: {publicUrl: ▸"https://a.example/"}\n${SMALL}`, 'server.publicUrl: found "https://a.example/", expected an address such as https://relais.ville.example, without a slash at the end'],
  ['a range of addresses', `server: {trustedProxies: [10.0.0.0/8, ▸10.0.0.0/99]}\n${SMALL}`, 'server.trustedProxies[1]: found "10.0.0.0/99", expected an IP address or a range such as 10.0.0.0/8'],
  ['a certificate file that is not there', `server: {tls: {cert: ▸a.pem, key: a.key}}\n${SMALL}`, 'server.tls.cert: found "a.pem" (<folder>/a.pem), which is not there, expected a file'],
  ['a port in quotes', `server: {port: ▸"8080"}\n${SMALL}`, 'server.port: found "8080", expected a number without quotes: 8080'],
  // limits
  ['a size', changed('title: Petite Ville', 'title: P\n  limits: {requestBytes: ▸512 Mo}'), 'authority.limits.requestBytes: found "512 Mo", expected a size such as 512 MiB, in B, KiB, MiB, GiB, kB, MB or GB'],
  ['a size of another type', changed('title: Petite Ville', 'title: P\n  limits: {requestBytes: ▸true}'), 'authority.limits.requestBytes: found true, expected a size such as 512 MiB, in B, KiB, MiB, GiB, kB, MB or GB'],
  ['a duration', changed('title: Petite Ville', 'title: P\n  limits: {idleMs: ▸-1 s}'), 'authority.limits.idleMs: found "-1 s", expected a duration such as 30 s, in ms, s, min, h or d'],
  ['a time zone', changed('title: Petite Ville', 'title: P\n  ws4pm: {timeZone: ▸Europe/Bruxelles}'), 'authority.ws4pm.timeZone: found "Europe/Bruxelles", expected a time zone such as Europe/Brussels'],
  ['a status', changed('title: Petite Ville', 'title: P\n  ws4pm: {clientFaultStatus: ▸404}'), 'authority.ws4pm.clientFaultStatus: found 404, expected one of 200, 500'],
  // names
  ['an unknown member', changed('[ged]', '[ged, ▸jeanne]'), 'authority.organisations[0].members.creators[1]: found the unknown user "jeanne", expected one of ged, jean; did you mean jean?'],
  ['an unknown manager', changed('title: Collège', 'title: Collège\n      managers: [▸nobody]'), 'authority.meetingConfigs[0].managers[0]: found the unknown user "nobody", expected one of ged, jean'],
  ['an unknown organisation', changed('title: Collège', 'title: Collège\n      categories: [{id: a, title: A, usingOrganisations: [▸finance]}]'), 'authority.meetingConfigs[0].categories[0].usingOrganisations[0]: found the unknown organisation "finance", expected one of voirie, finances; did you mean finances?'],
  ['an unknown state', changed('title: Collège', 'title: Collège\n      itemPositiveDecidedStates: [▸acepted]'), 'authority.meetingConfigs[0].itemPositiveDecidedStates[0]: found the unknown state "acepted", expected one of itemcreated, proposed, validated, presented, itemfrozen, itempublished, pre_accepted, accepted, accepted_but_modified, refused, delayed; did you mean accepted?'],
  ['an unknown state of a meeting', changed('title: Collège', 'title: Collège\n      preferredMeetingStates: [▸creted]'), 'authority.meetingConfigs[0].preferredMeetingStates[0]: found "creted", expected one of created, frozen, published, decided, decisions_published, closed; did you mean created?'],
  ['an unknown connector', changed('connector: outbox', 'connector: ▸outbux'), 'authority.flows[0].steps[0].connector: found the unknown connector "outbux", expected one of outbox; did you mean outbox?'],
  ['an unknown connector type', changed('type: folder', 'type: ▸foldr'), 'authority.connectors[0].type: found the unknown connector type "foldr", expected one of folder, register, remote; did you mean folder?'],
  ['an unknown operation', changed('connector: outbox', 'connector: outbox\n          operation: ▸write'), 'authority.flows[0].steps[0].operation: found the unknown operation "write", expected one of deposit'],
  ['an unknown meeting config', changed('- id: all', '- id: all\n      when: {meetingConfig: ▸council}'), 'authority.flows[0].when.meetingConfig: found the unknown meeting config "council", expected one of college'],
  ['an unknown source', changed('- id: all', '- id: all\n      when: {source: [ged, ▸gde]}'), 'authority.flows[0].when.source[1]: found the unknown source "gde", expected one of ged, jean'],
  ['an unknown kind', changed('- id: all', '- id: all\n      when: {kind: ▸deliberations}'), 'authority.flows[0].when.kind: found the unknown kind "deliberations", expected one of deliberation, pes, letter; did you mean deliberation?'],
  ['a misspelt sub-group', changed('{creators: [ged]}', '{▸creator: [ged]}'), 'authority.organisations[0].members.creator: found the sub-group creator, which no workflow speaks of, expected one of advisers, creators, prereviewers, reviewers, observers; did you mean creators?'],
  ['an id given twice', changed('- id: jean', '- id: ▸ged'), 'authority.users[1].id: found "ged" a second time, expected another one'],
  ['a uid given twice', changed('title: Voirie', 'title: Voirie\n      uid: a').replace('title: Finances', 'title: Finances\n      uid: ▸a'), 'authority.organisations[1].uid: found "a" a second time, expected another one'],
  // workflow
  ['a transition to nowhere', withWorkflow('{id: b, title: B}', '{id: go, title: Go, from: [a], to: b}, {id: x, title: X, from: [b], to: ▸c}'), 'authority.meetingConfigs[0].workflow.transitions[1].to: found the unknown state "c", expected one of a, b'],
  ['an initial state that is not there', withWorkflow('{id: b, title: B}', '{id: go, title: Go, from: [a], to: b}').replace('initial: a', 'initial: ▸z').replace('{id: a, title: A}, {id: b, title: B}', '{id: z2, title: A}').replace('{id: go, title: Go, from: [a], to: b}', ''), ''],
  ['a state that nothing leads to', withWorkflow('{id: ▸b, title: B}', '{id: go, title: Go, from: [a], to: a}'), 'authority.meetingConfigs[0].workflow.states[1].id: found the state b, which no transition reaches from a, expected one that does'],
  ['an audience', withWorkflow('{id: b, title: B, visibleTo: [▸managrs]}', '{id: go, title: Go, from: [a], to: b}'), 'authority.meetingConfigs[0].workflow.states[1].visibleTo[0]: found the unknown audience "managrs", expected one of managers, powerObservers, members, advisers, creators, prereviewers, reviewers, observers; did you mean managers?'],
  ['a state of a template', changed('title: Collège', 'title: Collège\n      templates: [{id: t, title: T, source: relais.yaml.html, states: [▸done]}]'), 'authority.meetingConfigs[0].templates[0].states[0]: found the unknown state "done", expected one of itemcreated, proposed, validated, presented, itemfrozen, itempublished, pre_accepted, accepted, accepted_but_modified, refused, delayed'],
  // meetings
  ['a date that does not exist', withMeeting('date: ▸2027-02-30T18:30'), 'authority.meetingConfigs[0].meetings[0].date: found "2027-02-30T18:30", expected a date such as 2027-03-02T18:30'],
  ['a date without time', withMeeting('date: ▸2027-03-02'), 'authority.meetingConfigs[0].meetings[0].date: found "2027-03-02", expected a date such as 2027-03-02T18:30'],
  ['a time that the clocks skip', withMeeting('date: ▸2027-03-28T02:30'), 'authority.meetingConfigs[0].meetings[0].date: found "2027-03-28T02:30", expected a time that exists in Europe/Brussels'],
  ['a distance', withMeeting('in: ▸soon, at: "18:30"'), 'authority.meetingConfigs[0].meetings[0].in: found "soon", expected a distance such as 14 days or 2 weeks'],
  ['a distance without a time', changed('title: Collège', 'title: Collège\n      meetings: [▸{id: m, in: 14 days}]'), 'authority.meetingConfigs[0].meetings[0]: found a map, expected in and at together'],
  ['a meeting without a date', changed('title: Collège', 'title: Collège\n      meetings: [▸{id: m}]'), 'authority.meetingConfigs[0].meetings[0]: found a map, expected either date, or in and at'],
  // files
  ['a template with a name unfit for an address', changed('title: Collège', 'title: Collège\n      templates: [{id: t, title: T, source: ▸mon modèle.docx}]'), 'authority.meetingConfigs[0].templates[0].source: found "mon modèle.docx", expected a file name of letters, digits, ., - and _'],
  ['a template that is not there', changed('title: Collège', 'title: Collège\n      templates: [{id: t, title: T, source: ▸t.docx}]'), 'authority.meetingConfigs[0].templates[0].source: found "t.docx" (<folder>/t.docx), which is not there, expected a file'],
  ['annex types without one for items', changed('title: Collège', 'title: Collège\n      annexTypes: ▸[{id: a, title: A, relatedTo: decision}]'), 'authority.meetingConfigs[0].annexTypes: found a list, expected at least one with relatedTo: item'],
  // conditions
  ['a condition', withCondition("'category =▸= 1'"), 'authority.flows[0].when.condition: found an expression that cannot be read (The symbol "=" cannot be used as a unary operator), expected JSONata'],
  ['a plain condition', withCondition('category =▸= 1'), 'authority.flows[0].when.condition: found an expression that cannot be read (The symbol "=" cannot be used as a unary operator), expected JSONata'],
  ['a condition over several lines', withCondition('|\n          category = "a" and\n          title =▸= 1'), 'authority.flows[0].when.condition: found an expression that cannot be read (The symbol "=" cannot be used as a unary operator), expected JSONata'],
  // connectors
  ['an unknown setting', changed('{path: /tmp}', '{path: /tmp, ▸pth: 1}'), 'authority.connectors[0].settings.pth: found the unknown key pth, expected one of path; did you mean path?'],
  ['a missing setting', changed('{path: /tmp}', '▸{}'), 'authority.connectors[0].settings.path: found nothing, expected text'],
  ['no settings at all', changed('      type: folder\n      settings: {path: /tmp}', '      type: folder').replace('- id: outbox', '- ▸id: outbox'), 'authority.connectors[0].settings: found nothing, expected a map of keys'],
  ['an operation that is not said', remote('url: https://a.example, password: "${env:P}"', '- ▸connector: outbox'), 'authority.flows[0].steps[0].operation: found nothing, expected one of send, sign', { P: 'pass' }],
  ['a simulation of what has no simulator', changed('settings: {path: /tmp}', 'settings: {path: /tmp}\n      simulated: ▸8090'), 'authority.connectors[0].simulated: found 8090, but folder has no simulator that runs inside of Relais; expected no such key, and settings for `relais simulate folder`'],
  ['an address of the real other side beside a simulation', changed('      type: folder\n      settings: {path: /tmp}', '      type: remote\n      simulated: 8090\n      settings: {url: ▸https://real.example/x}').replace('- connector: outbox', '- {connector: outbox, operation: send}'), 'authority.connectors[0].settings.url: found an address at real.example, which is not the simulator; expected no such key, or no `simulated`'],
  ['a simulation at no port', changed('settings: {path: /tmp}', 'settings: {path: /tmp}\n      simulated: ▸true'), 'authority.connectors[0].simulated: found true, expected a number'],
  ['a wrong setting over those of a simulation', changed('      type: folder\n      settings: {path: /tmp}', '      type: remote\n      simulated: 8090\n      settings: {tries: ▸12}').replace('- connector: outbox', '- {connector: outbox, operation: send}'), 'authority.connectors[0].settings.tries: found 12, expected at most 9'],
  ['a secret in plain text', remote('url: https://a.example, password: ▸hunter2'), 'authority.connectors[0].settings.password: found a secret in plain text, expected a reference to it: ${env:NAME} or ${file:/path}'],
  ['a secret in plain text deep inside', remote('url: https://a.example, password: "${env:P}", proxy: {key: ▸hunter2}'), 'authority.connectors[0].settings.proxy.key: found a secret in plain text, expected a reference to it: ${env:NAME} or ${file:/path}', { P: 'pass' }],
  ['a variable that is not set', remote('url: https://a.example, password: ▸"${env:P}"'), 'authority.connectors[0].settings.password: found ${env:P}, expected the environment variable P to be set'],
  ['a secret file that is not there', remote('url: https://a.example, password: ▸"${file:/no/such}"'), 'authority.connectors[0].settings.password: found ${file:/no/such}, expected a readable file of at most 64 KiB'],
  ['an empty variable', remote('url: https://a.example, password: ▸"${env:P}"'), 'authority.connectors[0].settings.password: found ${env:P}, expected a value that is not empty', { P: '' }],
  ['a variable that is not set, in a setting with a form', remote('url: ▸"${env:URL}/x", password: "${env:P}"'), 'authority.connectors[0].settings.url: found ${env:URL}, expected the environment variable URL to be set', { P: 'pass' }],
  ['an unknown reference', changed('{path: /tmp}', '{path: ▸"${dta}/outbox"}'), 'authority.connectors[0].settings.path: found ${dta}, expected one of data, authority, env:NAME, file:/path; did you mean data?'],
  ['a wrong value behind a reference, which is not shown', remote('url: ▸"${env:URL}", password: "${env:P}"'), 'authority.connectors[0].settings.url: found "${env:URL}", expected an address', { P: 'pass', URL: 'hidden thing' }],
  // accounts
  ['a plain password', changed('- id: jean', '- id: jean\n      password: ▸hunter2'), 'authority.users[1].password: found a text that is not shown, expected a hash made by `relais users hash`, or ${env:NAME} or ${file:/path} that gives one'],
  ['a plain password of digits', changed('- id: jean', '- id: jean\n      password: ▸271828'), 'authority.users[1].password: found a text that is not shown, expected text in quotes'],
  ['a hash that was cut', changed('- id: jean', `- id: jean\n      password: ▸$scrypt$ln=14,r=8,p=5$${'A'.repeat(22)}$${'B'.repeat(30)}`), 'authority.users[1].password: found a text that is not shown, expected a hash made by `relais users hash`, or ${env:NAME} or ${file:/path} that gives one'],
  ['a certificate that nothing verifies', changed('- id: jean', '- id: jean\n      certificates: [▸CN=jean]'), 'authority.users[1].certificates[0]: found a certificate that nothing verifies, expected server.tls.clientCa to be set'],
];

function withWorkflow(second: string, transitions: string): string {
  return changed('title: Collège', `title: Collège\n      workflow:\n        initial: a\n        states: [{id: a, title: A}, ${second}]\n        transitions: [${transitions}]`);
}

function withMeeting(dating: string): string {
  return changed('title: Collège', `title: Collège\n      meetings: [{id: m, ${dating}}]`);
}

function withCondition(condition: string): string {
  return changed('- id: all', `- id: all\n      when:\n        condition: ${condition}`);
}

function remote(settings: string, step = '- connector: outbox\n          operation: send'): string {
  return changed('type: folder', 'type: remote').replace('{path: /tmp}', () => `{${settings}}`).replace('- connector: outbox', () => step);
}

describe('mistakes in the configuration are shown with their place', () => {
  it('and the small town that they are made in has none', async () => {
    expect(await problemsOf({ 'relais.yaml': SMALL })).to.deep.equal([]);
  });

  for (const [name, marked, message, env] of CASES) {
    it(name, async () => {
      const { text, line, column } = takeMark(marked);
      const problems = await problemsOf({ 'relais.yaml': text, 'relais.yaml.html': '', 'mon modèle.docx': '', 'a.key': KEY }, env);
      const shown = problems.map((one) => `${one.file}:${one.line}:${one.column}  ${one.path}: ${one.message}`.replace('  : ', '  '));
      if (message === '') {
        expect(shown[0]).to.match(new RegExp(`^relais\\.yaml:${line}:${column}  `));
        return;
      }
      expect(shown).to.deep.equal([`relais.yaml:${line}:${column}  ${message}`]);
    });
  }

  it('one mistake is told once, not by all that depends on it', async () => {
    const paths = async (yaml: string): Promise<string[]> => (await problemsOf({ 'relais.yaml': yaml })).map((problem) => problem.path);
    expect(await paths(SMALL.replace('organisations:', 'organisation:').replace('title: Collège', 'title: Collège\n      usingOrganisations: [voirie]')))
      .to.have.members(['authority.organisations', 'authority.organisation']);
    expect(await paths(changed('  users:\n    - id: ged\n    - id: jean\n', '  users: []\n'))).to.deep.equal(['authority.users']);
    expect(await paths(withWorkflow('{id: b, title: B}', '{id: go, title: Go, from: [a], to: bb}'))).to.deep.equal(['authority.meetingConfigs[0].workflow.transitions[0].to']);
  });

  it('a sub-group of the town itself is none, where a workflow speaks of it', async () => {
    const yaml = withWorkflow('{id: b, title: B, visibleTo: [creator]}', '{id: go, title: Go, from: [a], to: b}').replace('{creators: [ged]}', '{creator: [ged], editors: [ged]}');
    expect(await problemsOf({ 'relais.yaml': yaml })).to.deep.equal([]);
  });

  it('files of tls that are not what they should be', async () => {
    const problem = async (files: Record<string, string>): Promise<string[]> => (await problemsOf({
      'relais.yaml': `server: {tls: {cert: cert.pem, key: key.pem, clientCa: ca.pem}}\n${SMALL}`, 'cert.pem': CERTIFICATE, 'key.pem': KEY, 'ca.pem': CERTIFICATE, ...files,
    })).map(({ path, message }) => `${path}: ${message.replace(/ \(<folder>[^)]*\)/, '')}`);
    expect(await problem({})).to.deep.equal([]);
    expect(await problem({ 'cert.pem': KEY })).to.deep.equal(['server.tls.cert: found "cert.pem", expected a certificate in PEM form, the server\'s own first']);
    expect(await problem({ 'key.pem': 'none' })).to.deep.equal(['server.tls.key: found "key.pem", expected a private key in PEM form, without a passphrase']);
    expect(await problem({ 'key.pem': ANOTHER_KEY })).to.deep.equal(['server.tls.key: found "key.pem", expected the private key that belongs to server.tls.cert']);
    expect(await problem({ 'ca.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' })).to.deep.equal(['server.tls.clientCa: found "ca.pem", expected certificates in PEM form']);
  });

  it('all at once, over all files, in the order in which somebody reads them', async () => {
    const problems = await problemsOf({
      'relais.yaml': changed('[ged]', '[gde]').replace('title: Petite Ville', 'title: 12').replace('connector: outbox', 'connector: inbox').replace('/tmp', '"${env:X}"'),
      'authorities/bourg.yaml': 'title: Bourg\norganisations: []\nusers: [{id: a b}]\n',
      'authorities/Bad Name.yaml': SMALL.replace('authority:\n', '').replace(/^ {2}/gm, ''),
    });
    expect(problems.map(({ file, line, path }) => `${file}:${line} ${path}`)).to.deep.equal([
      'relais.yaml:2 authority.title',
      'relais.yaml:6 authority.organisations[0].members.creators[0]',
      'relais.yaml:19 authority.connectors[0].settings.path',
      'relais.yaml:23 authority.flows[0].steps[0].connector',
      'authorities/Bad Name.yaml:1 ',
      'authorities/bourg.yaml:2 organisations',
      'authorities/bourg.yaml:3 users[0].id',
    ]);
  });

  it('a file that is not there, and one that is empty', async () => {
    expect(await problemsOf({ other: '' })).to.deep.equal([{ file: 'relais.yaml', line: 1, column: 1, path: '', message: 'found no such file, expected the configuration; correct the name or RELAIS_CONFIG' }]);
    expect((await problemsOf({ 'relais.yaml': '' }))[0]).to.deep.include({ line: 1, column: 1, message: 'found nothing, expected a map of keys' });
  });

  it('a configuration without any authority', async () => {
    expect((await problemsOf({ 'relais.yaml': 'server: {port: 1}' })).map((problem) => problem.message))
      .to.deep.equal(['found no authority, expected `authority:` here or a file in authorities/']);
  });

  it('a port in the environment', async () => {
    expect((await problemsOf({ 'relais.yaml': SMALL }, { PORT: 'many' })).map((problem) => problem.message))
      .to.deep.equal(['found the environment variable PORT "many", expected a port number']);
  });

  it('runaway aliases', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'.split('').map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[index]!}`).join(',')}]`).join('\n')}\n`;
    expect(await problemsOf({ 'relais.yaml': bomb })).to.have.length(1);
  });
});
