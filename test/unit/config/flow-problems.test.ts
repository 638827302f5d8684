import { expect } from 'chai';
import { problemsOf, takeMark, withFlows, type Environment } from './temporary-configuration.js';

/** A town with the connectors `outbox` (a folder, any field) and `reg` (a register with declared fields). */
function town(flows: string, beside = ''): string {
  return withFlows(flows, beside).replace('settings: {path: /tmp}', 'settings: {path: /tmp}\n    - id: reg\n      type: register');
}

/** One flow with these steps, a line each. */
function steps(...lines: string[]): string {
  return town(`    - id: all\n      steps:\n${lines.map((line) => `        - ${line}\n`).join('')}`);
}

/** One step of the register with these fields. */
function fields(written: string, beside = ''): string {
  return town(`    - id: all\n      steps:\n        - connector: reg\n          fields: ${written}\n`, beside);
}

function table(written: string, from = 'category'): string {
  return fields(`{subject: title, service: {table: services, from: ${from}}}`, `  tables:\n    services: ${written}\n`);
}

function beside(text: string): string {
  return town('    - id: all\n      steps: [{connector: outbox}]\n', text);
}

const STATES = 'itemcreated, proposed, validated, presented, itemfrozen, itempublished, pre_accepted, accepted, accepted_but_modified, refused, delayed';
const STEP = 'authority.flows[0].steps';

/** What is wrong, the file with ▸ before the place, and the end of the line that must be shown. */
const CASES: [name: string, yaml: string, message: string, env?: Environment][] = [
  // steps
  ['an unknown step', steps('{id: a, connector: outbox}', '{id: b, connector: outbox, after: ▸aa}'), `${STEP}[1].after: found the unknown step "aa", expected one of a; did you mean a?`],
  ['a step before all', steps('{id: a, connector: outbox, after: [▸z]}'), `${STEP}[0].after[0]: found the unknown step "z", expected nothing (none is declared)`],
  ['a step after itself', steps('{id: a, connector: outbox}', '{id: b, connector: outbox, after: [a, ▸b]}'), `${STEP}[1].after[1]: found the step itself, expected one of a`],
  ['a circle', steps('{id: a, connector: outbox, after: ▸c}', '{id: b, connector: outbox}', '{id: c, connector: outbox}'), `${STEP}[0].after: found c, which itself waits for a, expected no circle`],
  ['a step that stands later', steps('{id: a, connector: outbox, after: ▸b}', '{id: b, connector: outbox, after: []}'), `${STEP}[0].after: found b, which stands later in the list, expected it before this step`],
  ['a step id given twice', steps('{id: a, connector: outbox}', '{id: ▸a, connector: outbox}'), `${STEP}[1].id: found "a" a second time, expected another one`],
  ['a step id that another step has by default', steps('{id: 2-outbox, connector: outbox}', '▸{connector: outbox}'), `${STEP}[1].id: found "2-outbox" a second time, expected another one`],
  ['an unknown connector of a return step', town('    - id: all\n      steps: [{connector: outbox}]\n      onRejection: [{connector: ▸outbx}]\n'), 'authority.flows[0].onRejection[0].connector: found the unknown connector "outbx", expected one of outbox, reg; did you mean outbox?'],
  ['an unknown key of a step', steps('{connector: outbox, ▸whn: "true"}'), `${STEP}[0].whn: found the unknown key whn, expected one of id, connector, operation, when, after, waitFor, fields, retry, hours, results; did you mean when?`],
  ['an unknown state to wait for', steps('{connector: outbox, waitFor: {states: [accepted, ▸acepted]}}'), `${STEP}[0].waitFor.states[1]: found the unknown state "acepted", expected one of ${STATES}; did you mean accepted?`],
  ['a wait for something else', steps('{connector: outbox, waitFor: ▸meeting}'), `${STEP}[0].waitFor: found "meeting", expected the word decision, or a map such as {states: [validated]}`],
  ['a state after the step', steps('{connector: outbox, results: {done: ▸signed}}'), `${STEP}[0].results.done: found the unknown state "signed", expected one of ${STATES}`],
  ['a state after a rejection', steps('{connector: outbox, results: {rejected: ▸refuse}}'), `${STEP}[0].results.rejected: found the unknown state "refuse", expected one of ${STATES}; did you mean refused?`],
  ['an unknown annex type', steps('{connector: outbox, results: {annexType: ▸annex}}'), `${STEP}[0].results.annexType: found the unknown annex type "annex", expected one of annexe; did you mean annexe?`],
  ['an unknown annex type of a role', steps('{connector: outbox, results: {annexTypes: {signed-document: ▸annex}}}'), `${STEP}[0].results.annexTypes.signed-document: found the unknown annex type "annex", expected one of annexe; did you mean annexe?`],
  ['a misspelt role', steps('{connector: outbox, results: {annexTypes: {▸signed-documents: annexe}}}'), `${STEP}[0].results.annexTypes.signed-documents: found the role signed-documents, expected one of signed-document, detached-signature, circulation-slip, added-annex, acknowledgement, acknowledgement-slip, stamped-document, letter, report; did you mean signed-document?`],
  ['a field of items as the field of a result', steps('{connector: outbox, results: {fields: {▸motivation: said}}}'), `${STEP}[0].results.fields.motivation: found the key motivation, expected a name of letters, digits, _, . and - that items do not have already`],
  ['a name that is no element', steps('{connector: outbox, results: {fields: {▸"date exécutoire": enforceableOn}}}'), `${STEP}[0].results.fields.date exécutoire: found the key date exécutoire, expected a name of letters, digits, _, . and - that items do not have already`],
  ['an annex type for something else', steps('{connector: outbox, results: {annexType: annexe, relatedTo: ▸decision}}'), `${STEP}[0].results.relatedTo: found "decision", expected item, as the annex type annexe is`],
  ['a decision that no state is', town('    - id: all\n      steps: [{connector: outbox, waitFor: ▸decision}]\n').replace('title: Collège', 'title: Collège\n      workflow: {initial: a, states: [{id: a, title: A}]}'), `${STEP}[0].waitFor: found decision, which no state of college is known to be, expected the states themselves: {states: [a]}`],
  // hours
  ['unknown hours', steps('{connector: outbox, hours: ▸office}'), `${STEP}[0].hours: found the unknown hours "office", expected nothing (none is declared)`],
  ['hours that end before they begin', steps('{connector: outbox, hours: {from: "18:00", to: ▸"08:00"}}'), `${STEP}[0].hours.to: found "08:00", expected a time after \`from\`, on the same day`],
  ['an hour that no clock shows', beside('  hours: {office: {from: ▸"8:00"}}\n'), 'authority.hours.office.from: found "8:00", expected a time of the day such as "08:00"'],
  ['a day that is written out', beside('  hours: {office: {days: [▸mond]}}\n'), 'authority.hours.office.days[0]: found "mond", expected one of mon, tue, wed, thu, fri, sat, sun; did you mean mon?'],
  ['a holiday that does not exist', beside('  hours: {office: {holidays: [2027-05-01, ▸2027-02-30]}}\n'), 'authority.hours.office.holidays[1]: found "2027-02-30", expected a date that exists, such as 2027-05-01'],
  ['a time zone of hours', beside('  hours: {office: {timeZone: ▸Bruxelles}}\n'), 'authority.hours.office.timeZone: found "Bruxelles", expected a time zone such as Europe/Brussels'],
  // conditions and fields
  ['a condition of a step', steps('{connector: outbox, when: "category =▸= 1"}'), `${STEP}[0].when: found an expression that cannot be read (The symbol "=" cannot be used as a unary operator), expected JSONata`],
  ['a condition on what an item does not have', steps('{connector: outbox, when: ▸titel = "x"}'), `${STEP}[0].when: found titel, which items do not have, expected one of uid, kind, source, meetingConfig, creator, createdAt, modifiedAt, reviewState, proposingOrganisation, title, category, description, …; did you mean title?`],
  ['a condition on the result of a later step', steps('{id: a, connector: outbox, when: ▸results.b.state = "x"}', '{id: b, connector: outbox}'), `${STEP}[0].when: found results.b, but no step before this one is called so, expected nothing (none is declared)`],
  ['an unknown target field', fields('{subject: title, ▸servce: "\'FIN\'"}'), `${STEP}[0].fields.servce: found servce, which is not a field of this operation, expected one of subject, service, urgent, pages; did you mean service?`],
  ['a field that begins nearly as those do that may have any name', fields('{subject: title, metadata.rue: title, ▸metadatum.rue: title}'), `${STEP}[0].fields.metadatum.rue: found metadatum.rue, which is not a field of this operation, expected one of metadata.rue, subject, service, urgent, pages; did you mean metadata.rue?`],
  ['a missing target field', fields('▸{urgent: true}'), `${STEP}[0].fields: found no subject, a field that this operation requires`],
  ['no fields where some are required', steps('▸connector: reg'), `${STEP}[0].fields: found no subject, a field that this operation requires`],
  ['an expression of a field', fields('{subject: "title ▸&"}'), `${STEP}[0].fields.subject: found an expression that cannot be read (Unexpected end of expression), expected JSONata`],
  ['a constant of the wrong type', fields('{subject: title, pages: {value: ▸many}}'), ''],
  ['a constant that the other side does not know', fields('{subject: title, service: {value: ▸XYZ}}'), ''],
  ['a field from nowhere', fields('{subject: ▸{table: services}}', '  tables: {services: {}}\n'), `${STEP}[0].fields.subject: found a map, expected an expression, or a map {value: …}, or a map {table: …, from: …}`],
  ['a field from two places', fields('{subject: ▸{value: a, expression: b}}'), `${STEP}[0].fields.subject: found a map, expected an expression, or a map {value: …}, or a map {table: …, from: …}`],
  ['an unknown table', fields('{subject: title, service: {table: ▸services, from: category}}'), ''],
  ['a secret in what is sent', fields('{subject: {value: ▸"${env:P}"}}'), `${STEP}[0].fields.subject.value: found a reference, expected the value itself: references stand in settings, not in what is sent`, { P: 'pass' }],
  // tables
  ['a row that the other side does not take', table('{a: FIN, b: ▸XXX}'), ''],
  ['a row of a source that does not exist', table('{bySource: {▸gde: {a: FIN}}}'), 'authority.tables.services.bySource.gde: found the unknown source gde, expected one of ged, jean'],
  ['a row of a connector that does not exist', table('{byConnector: {▸rg: {a: FIN}}}'), 'authority.tables.services.byConnector.rg: found the unknown connector rg, expected one of outbox, reg; did you mean reg?'],
  ['a row given twice but for a blank', table('{a: FIN, ▸"a ": URB}'), 'authority.tables.services.a : found the row a a second time, expected it once'],
  ['a row that is a map', table('{a: ▸{b: c}}'), 'authority.tables.services.a: found a map, expected a text, a number, true, false, a list of texts or null'],
  ['what to do with unknown values', table('{rows: {}, unknown: ▸ignore}'), 'authority.tables.services.unknown: found "ignore", expected refuse, same or a map such as {default: other}'],
  ['a default that the other side does not take', table('{rows: {}, unknown: {default: ▸NONE}}'), ''],
  ['a secret in a table', beside('  tables: {services: {a: ▸"${file:/etc/x}"}}\n'), 'authority.tables.services.a: found a reference, expected the value itself: references stand in settings, not in what is sent'],
  // limits, retention, incidents
  ['a limit of a connector', steps('{connector: outbox}').replace('type: register', 'type: register\n      limits: {concurrency: ▸0}'), 'authority.connectors[1].limits.concurrency: found 0, expected at least 1'],
  ['an order of a connector', steps('{connector: outbox}').replace('type: register', 'type: register\n      limits: {order: ▸sources}'), 'authority.connectors[1].limits.order: found "sources", expected one of none, source, organisation, all; did you mean source?'],
  ['retention of an unknown state', beside('  retention: [{state: ▸done, days: 30}]\n'), `authority.retention[0].state: found the unknown state "done", expected one of ${STATES}`],
  ['retention of an unknown kind', beside('  retention: [{kind: [▸permit], days: 30}]\n'), 'authority.retention[0].kind[0]: found the unknown kind "permit", expected one of deliberation, pes, letter'],
  ['retention without days', beside('  retention: [▸{kind: pes}]\n'), 'authority.retention[0].days: found nothing, expected a number'],
  ['mails that nobody sends', beside('  incidents: {mailTo: [▸it@ville.example]}\n'), 'authority.incidents.mailTo[0]: found an address that nothing sends mail to, expected server.mail to be set'],
  ['an address without @', `server: {mail: {host: smtp, from: a@b}}\n${beside('  incidents: {mailTo: [▸informatique]}\n')}`, 'authority.incidents.mailTo[0]: found "informatique", expected a mail address'],
  // server
  ['a store of another kind', `server: {store: {engine: ▸mysql}}\n${beside('')}`, 'server.store.engine: found "mysql", expected one of sqlite, postgres'],
  ['a database without an address', `server: {store: ▸{engine: postgres}}\n${beside('')}`, 'server.store.url: found nothing, expected a reference to the address of the database, such as ${env:DATABASE_URL}'],
  ['a database password in plain text', `server: {store: {engine: postgres, url: ▸"postgres://r:hunter2@db/relais"}}\n${beside('')}`, 'server.store.url: found a secret in plain text, expected a reference to it: ${env:NAME} or ${file:/path}'],
  ['blobs in a database that is not there', `server: {store: {blobs: ▸database}}\n${beside('')}`, 'server.store.blobs: found "database", expected folder, or `engine: postgres`'],
  ['a mail password in plain text', `server: {mail: {host: smtp, from: a@b, user: u, password: ▸hunter2}}\n${beside('')}`, 'server.mail.password: found a secret in plain text, expected a reference to it: ${env:NAME} or ${file:/path}'],
  ['a mail user without a password', `server: {mail: ▸{host: smtp, from: a@b, user: u}}\n${beside('')}`, 'server.mail.password: found nothing, expected user and password together'],
  ['a time-stamp authority without certificates', `server: {timestamps: {url: "https://tsa.example/tsr", ca: ▸tsa.pem}}\n${beside('')}`, 'server.timestamps.ca: found "tsa.pem" (<folder>/tsa.pem), which is not there, expected a file'],
];

describe('mistakes in flows and mappings are shown with their place', () => {
  it('and the town that they are made in has none', async () => {
    expect(await problemsOf({ 'relais.yaml': steps('{connector: outbox}', '{connector: reg, fields: {subject: "$substring(title, 0, 20)"}}') })).to.deep.equal([]);
  });

  for (const [name, marked, message, env] of CASES) {
    it(name, async () => {
      const { text, line, column } = takeMark(marked);
      const problems = await problemsOf({ 'relais.yaml': text }, env);
      const shown = problems.map((one) => `${one.file}:${one.line}:${one.column}  ${one.path}: ${one.message}`);
      const place = `relais.yaml:${line}:${column}  `;
      if (message === '') expect(shown).to.have.length(1).and.to.have.property('0').that.matches(new RegExp(`^${place.replaceAll('.', '\\.')}authority\\..*: found .*, expected `));
      else expect(shown).to.deep.equal([`${place}${message}`]);
    });
  }
});
