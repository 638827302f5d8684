import { expect } from 'chai';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { connectors as registry } from '../../../connectors/index.js';
import { defaultWorkflow } from '../../../src/config/default-workflow.js';
import { findSimulation } from '../../../src/compose/simulators.js';
import { loadConfiguration } from '../../../src/config/load-configuration.js';
import { placeMeetings } from '../../../src/config/meeting-dates.js';
import { RelaisError } from '../../../src/errors.js';
import { verifyPassword } from '../../../src/identity/hash-password.js';
import { changed, load, SMALL } from './temporary-configuration.js';
import { CERTIFICATE, KEY } from './throwaway-certificate.js';

const HASH = `$scrypt$ln=14,r=8,p=5$${'A'.repeat(22)}$${'B'.repeat(43)}`;
const OTHER_TOWN = SMALL.replace('authority:\n', '').replace(/^ {2}/gm, '').replace('Petite Ville', 'Bourg');

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return await promise.then(() => 'no error', (error: unknown) => (error instanceof RelaisError ? error.code : String(error)));
}

describe('loadConfiguration', () => {
  it('fills in every default', async () => {
    const { server, authorities: [town] } = await load({ 'relais.yaml': SMALL });
    expect(server).to.deep.equal({
      host: '127.0.0.1', port: 8080, publicUrl: null, trustedProxies: [], tls: null, metrics: { public: false }, log: { level: 'info', format: 'json' },
      connectors: [], store: { engine: 'sqlite' }, delivery: { concurrency: 16, lease: 60_000 }, mail: null, timestamps: null,
    });
    const { authority, accounts } = town!;
    expect(authority).to.deep.include({
      id: 'default', path: '', title: 'Petite Ville',
      limits: { requestBytes: 2 ** 30, textBytes: 2 ** 22, depth: 100, elements: 50_000, attributes: 10_000, idleMs: 30_000 },
      ws4pm: { dates: 'utc', timeZone: 'Europe/Brussels', clientFaultStatus: 500, htmlWarnings: 'any', language: 'fr' },
      connectors: [{ id: 'outbox', type: 'folder', settings: { path: '/tmp' }, limits: { concurrency: 4, perMinute: null, order: 'none' } }],
      flows: [{ id: 'all', when: {}, onRejection: [], steps: [{
        id: '1-outbox', connector: 'outbox', operation: 'deposit', after: [], when: null, waitFor: null, fields: {}, hours: null,
        retry: { firstDelayMs: 30_000, factor: 2, maxDelayMs: 3_600_000, maxAttempts: 100 },
        results: { annexType: null, relatedTo: 'item', stateWhenDone: null, stateWhenRejected: null },
      }] }],
      deposits: [], tables: new Map(), retention: [],
    });
    expect(town!.incidents).to.deep.equal({ mailTo: [], digest: 'none' });
    expect(authority.users.get('jean')).to.deep.equal({ id: 'jean', fullname: 'jean', email: '', roles: ['Member'], source: 'jean', hasMemberArea: true });
    expect(accounts[1]).to.deep.equal({ userId: 'jean', passwordHash: null, certificateSubjects: [], demo: false });
    const [college] = authority.meetingConfigs;
    expect(college).to.deep.include({
      id: 'college', shortName: 'College', active: true, managers: [], categories: [], templates: [], meetings: [], preferredMeetingStates: ['created', 'frozen'],
      annexTypes: [{ id: 'annexe', title: 'Annexe', relatedTo: 'item' }], itemPositiveDecidedStates: ['accepted', 'accepted_but_modified'],
      workflow: defaultWorkflow('fr'),
    });
    expect([...college!.usedAttributes]).to.deep.equal(['description', 'detailedDescription', 'motivation', 'associatedGroups', 'groupsInCharge', 'toDiscuss']);
  });

  it('takes what is declared', async () => {
    const { server, dataFolder, authorities: [town] } = await load({
      'relais.yaml': `server: {host: "::1", port: 0, publicUrl: "https://a.example/relais", trustedProxies: [10.0.0.5, "fd00::/8"], metrics: {public: true}, log: {level: debug, format: readable}}\n${changed(
        'title: Collège', `title: Collège
      uid: college-uid
      usedAttributes: [description]
      usingOrganisations: [finances]
      categories: [{id: a, title: A, uid: uid-a, usingOrganisations: [finances]}]
      templates: [{id: t, title: T, source: models/t.docx, states: [b]}, {id: h, title: H, source: models/h.html, enabled: false, appliesTo: meeting}]
      usesAdvices: true
      selectableAdvisers: [{organisation: voirie}, {organisation: voirie, row: "7", users: [jean]}]
      workflow:
        initial: a
        states: [{id: a, title: A}, {id: b, title: B, visibleTo: [managers, creators]}]
        transitions: [{id: go, title: Go, from: [a], to: b, needsMeeting: true}]`,
      ).replace('title: Finances', 'title: Finances\n      uid: uid-finances').replace('path: /tmp', 'path: "${data}/outbox"')
        .replace('title: Petite Ville', 'id: ville\n  title: Petite Ville\n  limits: {requestBytes: 2 GiB, idleMs: 1.5 min}\n  ws4pm: {clientFaultStatus: 200, language: en}')
        .replace('- id: all', '- id: all\n      when: {source: ged, kind: [deliberation, pes], condition: "title = \'${x}\'"}')}`,
      'models/t.docx': '', 'models/h.html': '',
    }, { RELAIS_DATA: '/srv/relais', PORT: '9090' });
    expect(server).to.deep.include({ host: '::1', port: 9090, publicUrl: 'https://a.example/relais', metrics: { public: true }, log: { level: 'debug', format: 'readable' } });
    expect(dataFolder).to.equal('/srv/relais');
    const { authority } = town!;
    expect(authority).to.deep.include({ id: 'ville', path: '', connectors: [{ id: 'outbox', type: 'folder', settings: { path: '/srv/relais/outbox' }, limits: { concurrency: 4, perMinute: null, order: 'none' } }] });
    expect(authority.limits).to.include({ requestBytes: 2 ** 31, idleMs: 90_000, depth: 100 });
    expect(authority.flows[0]!.when).to.deep.equal({ source: ['ged'], kind: ['deliberation', 'pes'], condition: "title = '${x}'" });
    const voirie = authority.organisations[0]!.uid;
    const [college] = authority.meetingConfigs;
    expect(college).to.deep.include({
      uid: 'college-uid', usingOrganisations: ['uid-finances'], itemPositiveDecidedStates: [],
      categories: [{ id: 'a', title: 'A', uid: 'uid-a', description: '', enabled: true, usingOrganisations: ['uid-finances'] }],
      selectableAdvisers: [{ token: voirie, organisation: voirie, users: [] }, { token: `${voirie}__rowid__7`, organisation: voirie, users: ['jean'] }],
    });
    expect([...college!.usedAttributes]).to.deep.equal(['description']);
    expect(college!.workflow.states.map((state) => state.visibleTo)).to.deep.equal([['members'], ['managers', 'creators']]);
    expect(college!.templates.map(({ id, formats, sourceFile, appliesTo }) => [id, formats, path.isAbsolute(sourceFile), path.basename(sourceFile), appliesTo])).to.deep.equal([
      ['t', ['docx'], true, 't.docx', 'item'], ['h', ['pdf'], true, 'h.html', 'meeting'],
    ]);
  });

  it('adds an authority for each file beside it, each with uids of its own', async () => {
    const { authorities } = await load({ 'relais.yaml': SMALL, 'authorities/bourg.yaml': OTHER_TOWN, 'authorities/README.md': 'x', 'authorities/.draft.yaml': 'x' });
    expect(authorities.map(({ authority: { id, path: prefix, title } }) => [id, prefix, title])).to.deep.equal([
      ['default', '', 'Petite Ville'], ['bourg', '/bourg', 'Bourg'],
    ]);
    const [one, other] = authorities.map(({ authority }) => authority.organisations[0]!.uid);
    expect(one).to.match(/^[0-9a-f]{32}$/);
    expect(other).to.match(/^[0-9a-f]{32}$/).and.not.equal(one);
    const again = await load({ 'relais.yaml': SMALL });
    expect(again.authorities[0]!.authority.organisations[0]!.uid).to.equal(one);
  });

  it('needs no authority in the main file when there are files', async () => {
    const { authorities } = await load({ 'relais.yaml': 'server: {}', 'authorities/bourg.yaml': OTHER_TOWN });
    expect(authorities.map(({ authority }) => authority.path)).to.deep.equal(['/bourg']);
  });

  it('refuses a second authority of the same id', async () => {
    const error = await load({ 'relais.yaml': changed('  title: Petite Ville', '  id: bourg\n  title: P'), 'authorities/bourg.yaml': OTHER_TOWN }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(RelaisError).and.to.have.property('message')
      .equal('authorities/bourg.yaml:1:1  found a second authority bourg, expected another file name, or another id in the main file');
  });

  it('resolves secrets from the environment and from files, tells the logger, and never shows them', async () => {
    const secrets: string[] = [];
    const yaml = changed('type: folder', 'type: remote').replace('{path: /tmp}', () => '{url: https://a.example, password: "${env:PASS}", proxy: {key: "${file:keys/proxy}"}}')
      .replace('- connector: outbox', '- connector: outbox\n          operation: sign').replace('- id: jean', '- id: jean\n      password: ${env:HASH}');
    const { authorities: [town] } = await load({ 'relais.yaml': yaml, 'keys/proxy': 'k3y with space \n' }, { PASS: 'hunter2', HASH }, (value) => { secrets.push(value); });
    expect(town!.authority.connectors[0]!.settings).to.deep.equal({ url: 'https://a.example', password: 'hunter2', proxy: { key: 'k3y with space ' }, tries: 3 });
    expect(town!.accounts[1]!.passwordHash).to.equal(HASH);
    expect(secrets).to.have.members(['hunter2', 'k3y with space ', HASH]);
    const error = await load({ 'relais.yaml': yaml, 'keys/proxy': 'k3y' }, { PASS: 'hunter2', HASH: 'hunter3' }).catch((reason: unknown) => reason);
    expect((error as Error).message).to.match(/users\[1\]\.password: found "\$\{env:HASH\}", expected a hash/).and.not.match(/hunter|k3y/);
  });

  it('takes a variable that is set to nothing for one that is not set', async () => {
    const { server, dataFolder } = await load({ 'relais.yaml': SMALL }, { PORT: '', RELAIS_DATA: '' });
    expect(server.port).to.equal(8080);
    expect(dataFolder).to.equal(path.resolve('data'));
  });

  it('makes files of tls absolute', async () => {
    const { server } = await load({
      'relais.yaml': `server: {tls: {cert: tls/a.pem, key: tls/a.key, clientCa: tls/ca.pem}}\n${changed('- id: jean', '- id: jean\n      certificates: ["CN=jean, O=Ville"]')}`,
      'tls/a.pem': CERTIFICATE, 'tls/a.key': KEY, 'tls/ca.pem': CERTIFICATE,
    });
    expect(Object.values(server.tls!).map((file) => path.isAbsolute(file ?? ''))).to.deep.equal([true, true, true]);
  });

  describe('meetings', () => {
    const yaml = changed('title: Collège', `title: Collège
      meetings:
        - {id: later, date: 2027-07-02T18:30, state: frozen, assembly: {text: <p>Tous</p>}}
        - {id: winter, date: 2027-03-02T18:30}
        - {id: zoned, uid: zoned-uid, date: "2027-01-02T18:30+05:00"}
        - {id: soon, in: 2 weeks, at: "18:30"}`);

    it('are declared with a moment, or with what makes one from the first start', async () => {
      const { authorities: [town] } = await load({ 'relais.yaml': yaml });
      const declared = town!.declaredMeetings;
      const dates = declared.map(({ date }) => (typeof date === 'number' ? new Date(date).toISOString() : 'relative'));
      expect(dates).to.deep.equal(['2027-07-02T16:30:00.000Z', '2027-03-02T17:30:00.000Z', '2027-01-02T13:30:00.000Z', 'relative']);
      const relative = declared[3]!.date as (firstSeen: number) => number;
      // Half past eleven in the evening of 20 March UTC is already the 21st in Brussels, and summer comes in between.
      expect(new Date(relative(Date.UTC(2027, 2, 20, 23, 30))).toISOString()).to.equal('2027-04-04T16:30:00.000Z');
      expect(declared[0]).to.deep.include({ configId: 'college', id: 'later', state: 'frozen', assembly: { text: '<p>Tous</p>', excused: '', absents: '', guests: '', attendees: [] } });
      expect(declared[2]!.uid).to.equal('zoned-uid');
    });

    it('are placed once their dates are settled, earliest first', async () => {
      const { authorities: [town] } = await load({ 'relais.yaml': yaml });
      const dates = new Map(town!.declaredMeetings.map(({ uid, date }) => [uid, typeof date === 'number' ? date : Date.UTC(2027, 4, 1)]));
      const placed = placeMeetings(town!.authority, town!.declaredMeetings, dates);
      expect(placed.meetingConfigs[0]!.meetings.map(({ id }) => id)).to.deep.equal(['zoned', 'winter', 'soon', 'later']);
      expect(placed.meetingConfigs[0]!.meetings[2]).to.include({ date: Date.UTC(2027, 4, 1), configId: 'college' });
    });
  });

  describe('the demonstration', () => {
    const demo = changed('- id: jean', `- id: jean\n      password: ${HASH}\n      demo: true`);

    for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) {
      it(`may listen on ${host}`, async () => {
        expect((await load({ 'relais.yaml': `server: {host: "${host}"}\n${demo}` })).server.host).to.equal(host);
      });
    }

    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'relais.ville.example', '127.0.0.1.example']) {
      it(`is refused on ${host}`, async () => {
        expect(await codeOf(load({ 'relais.yaml': `server: {host: "${host}"}\n${demo}` }))).to.equal('RELAIS_CONFIG_DEMO_EXPOSED');
        expect(await codeOf(load({ 'relais.yaml': `server: {host: "${host}"}\n${SMALL}` }))).to.equal('no error');
      });
    }

    it('is refused in a second authority, too', async () => {
      const bourg = OTHER_TOWN.replace('- id: jean', '- id: jean\n    demo: true');
      expect(await codeOf(load({ 'relais.yaml': `server: {host: 0.0.0.0}\n${SMALL}`, 'authorities/bourg.yaml': bourg }))).to.equal('RELAIS_CONFIG_DEMO_EXPOSED');
    });

    const SIMULATED = changed('      type: folder\n      settings: {path: /tmp}', '      type: remote\n      simulated: 8090\n      settings: {tries: 2}').replace('- connector: outbox', '- {connector: outbox, operation: send}');

    it('may simulate the other side of a connector: settings of its own go over those of the simulator', async () => {
      const [town] = (await load({ 'relais.yaml': SIMULATED })).authorities;
      expect(town!.authority.connectors[0]).to.deep.include({ simulated: 8090, settings: { url: 'http://127.0.0.1:8090', password: 'simulated', tries: 2 } });
    });

    it('does not simulate for others', async () => {
      expect(await codeOf(load({ 'relais.yaml': `server: {host: 0.0.0.0}\n${SIMULATED}` }))).to.equal('RELAIS_CONFIG_DEMO_EXPOSED');
    });

    describe('that is shipped', () => {
      const shipped = path.resolve(import.meta.dirname, '../../../config/relais.yaml');

      it('can be loaded, with the password « demo » for everybody', async () => {
        const { authorities: [town], server } = await loadConfiguration(shipped, {}, { connectors: registry, findSimulation });
        expect(server).to.include({ host: '127.0.0.1', port: 8080 });
        expect(town!.accounts.map(({ userId }) => userId)).to.deep.equal(['ged', 'urbanisme', 'finances', 'jdupont', 'admin']);
        expect(new Set(town!.accounts.map(({ passwordHash }) => passwordHash)).size).to.equal(1);
        expect(await verifyPassword('demo', town!.accounts[0]!.passwordHash!)).to.equal(true);
        expect(town!.declaredMeetings.map(({ configId, date }) => [configId, typeof date])).to.deep.equal([
          ['meeting-config-college', 'function'], ['meeting-config-college', 'function'], ['meeting-config-council', 'function'], ['meeting-config-council', 'function'],
        ]);
      });

      it('is refused on another address, even without its marks', async () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-demo-'));
        try {
          fs.cpSync(path.dirname(shipped), folder, { recursive: true });
          const file = path.join(folder, 'relais.yaml');
          const text = fs.readFileSync(file, 'utf8').replace('host: 127.0.0.1', 'host: 0.0.0.0');
          for (const exposed of [text, text.replaceAll('demo: true', 'demo: false')]) {
            fs.writeFileSync(file, exposed);
            expect(await codeOf(loadConfiguration(file, {}, { connectors: registry, findSimulation }))).to.equal('RELAIS_CONFIG_DEMO_EXPOSED');
          }
        } finally {
          fs.rmSync(folder, { recursive: true });
        }
      });
    });
  });
});

describe('defaultWorkflow', () => {
  it('shows items as the contract says (contracts/ws4pm.md §3.1)', () => {
    const visibleTo = Object.fromEntries(defaultWorkflow('fr').states.map((state) => [state.id, state.visibleTo]));
    expect(visibleTo.itemcreated).to.deep.equal(['members']);
    expect(visibleTo.proposed).to.deep.equal(['members', 'advisers']);
    for (const state of ['validated', 'presented', 'accepted', 'refused', 'delayed']) {
      expect(visibleTo[state], state).to.deep.equal(['members', 'advisers', 'managers', 'powerObservers']);
    }
  });

  it('holds together, and only present needs a meeting', () => {
    const { initial, states, transitions } = defaultWorkflow('en');
    const ids = states.map((state) => state.id);
    expect(ids).to.include(initial);
    for (const { from, to } of transitions) expect(ids).to.include.members([...from, to]);
    expect(transitions.filter((transition) => transition.needsMeeting).map(({ id }) => id)).to.deep.equal(['present']);
    expect(states[0]!.title).to.equal('Created');
  });
});
