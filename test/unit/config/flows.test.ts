import { expect } from 'chai';
import type { Flow } from '../../../src/domain/flow.js';
import { problemsOf, load, withFlows } from './temporary-configuration.js';

async function flowOf(yaml: string): Promise<Flow> {
  const { authorities: [town] } = await load({ 'relais.yaml': yaml });
  return town!.authority.flows[0]!;
}

describe('flows, tables and what goes with them', () => {
  it('a step with everything', async () => {
    const flow = await flowOf(withFlows(`
    - id: all
      steps:
        - {id: first, connector: outbox}
        - id: second
          connector: outbox
          after: []
          when: '$count(annexes) > 0 and title != "\${x}"'
          waitFor: {states: accepted}
          fields:
            subject: $uppercase(title)
            priority: 3
            urgent: true
            service: {table: services, from: proposingOrganisation}
            office: {value: a}
            nothing: {value: null}
          retry: {firstDelay: 1 min, maxAttempts: 5}
          hours: office
          results: {annexType: decision, annexTypes: {circulation-slip: annexe}, fields: {date_executoire: enforceableOn}, done: accepted, rejected: refused}
        - {id: third, connector: outbox, after: [first, second], hours: {days: [sun, mon, sun], to: "12:30", timeZone: UTC}, waitFor: decision}
        - {connector: outbox}
      onRejection:
        - {connector: outbox}
        - {id: told, connector: outbox}
`.slice(1), '  tables: {services: {voirie: VOI, finances: 12}}\n  hours: {office: {from: "08:00", to: "18:00", holidays: [2027-05-01]}}\n')
      .replace('title: Collège', 'title: Collège\n      annexTypes: [{id: annexe, title: A}, {id: decision, title: D, relatedTo: decision}]'));
    expect(flow.steps[1]).to.deep.equal({
      id: 'second', connector: 'outbox', operation: 'deposit', after: [], when: '$count(annexes) > 0 and title != "${x}"', waitFor: ['accepted'],
      fields: {
        subject: { expression: '$uppercase(title)' }, priority: { expression: '3' }, urgent: { expression: 'true' },
        service: { table: 'services', from: 'proposingOrganisation' }, office: { value: 'a' }, nothing: { value: null },
      },
      retry: { firstDelayMs: 60_000, factor: 2, maxDelayMs: 3_600_000, maxAttempts: 5 },
      hours: { timeZone: 'Europe/Brussels', days: [1, 2, 3, 4, 5], from: 480, to: 1080, holidays: ['2027-05-01'] },
      results: { annexType: 'decision', annexTypes: { 'circulation-slip': 'annexe' }, itemFields: { date_executoire: 'enforceableOn' }, relatedTo: 'decision', stateWhenDone: 'accepted', stateWhenRejected: 'refused' },
    });
    expect(flow.steps[2]).to.deep.include({ after: ['first', 'second'], hours: { timeZone: 'UTC', days: [1, 7], from: 0, to: 750, holidays: [] } });
    expect(flow.steps[2]!.waitFor).to.have.members(['accepted', 'accepted_but_modified', 'refused', 'delayed']);
    expect(flow.steps[3]).to.deep.include({ id: '4-outbox', after: ['third'] });
    expect(flow.onRejection.map(({ id, after }) => [id, after])).to.deep.equal([['return-1-outbox', []], ['told', ['return-1-outbox']]]);
  });

  it('a flow is plain JSON: the store keeps its versions', async () => {
    const flow = await flowOf(withFlows('    - id: all\n      steps: [{connector: outbox, fields: {a: {value: [b]}}}]\n'));
    expect(JSON.parse(JSON.stringify(flow))).to.deep.equal(flow);
  });

  it('a decision is what the workflow of the flow\'s own meeting configs says', async () => {
    const flow = await flowOf(withFlows('    - id: all\n      when: {meetingConfig: college}\n      steps: [{connector: outbox, waitFor: decision}]\n')
      .replace('title: Collège', `title: Collège
      itemPositiveDecidedStates: [b]
      workflow: {initial: a, states: [{id: a, title: A}, {id: b, title: B}, {id: refused, title: R}], transitions: [{id: x, title: X, from: [a], to: b}, {id: y, title: Y, from: [a], to: refused}]}
    - id: council
      shortName: Council
      title: Conseil`));
    expect(flow.steps[0]!.waitFor).to.deep.equal(['b', 'refused']);
  });

  it('tables: short, long, for a source and for a connector, with the place of their rows', async () => {
    const tables = `  tables:
    short:
      voirie: VOI
      " blank ": true
    long:
      unknown: {default: autre}
      rows:
        12: [a, b]
      bySource: {ged: {voirie: X}}
      byConnector: {outbox: {voirie: Y}}
    same: {unknown: same}
    empty: {}
`;
    const { authorities: [town] } = await load({ 'relais.yaml': withFlows('    - id: all\n      steps: [{connector: outbox}]\n', tables) });
    const found = Object.fromEntries([...town!.authority.tables].map(([id, table]) => [id, { ...table, place: table.place.replace(/^.*\//, '') }]));
    expect(found.short).to.deep.include({ id: 'short', unknown: 'refuse', place: 'relais.yaml:22' });
    expect([...found.short!.rows]).to.deep.equal([['voirie', 'VOI'], ['blank', true]]);
    expect(found.long).to.deep.include({ unknown: { default: 'autre' }, place: 'relais.yaml:27' });
    expect([...found.long!.rows]).to.deep.equal([['12', ['a', 'b']]]);
    expect([found.long!.bySource.get('ged')?.get('voirie'), found.long!.byConnector.get('outbox')?.get('voirie')]).to.deep.equal(['X', 'Y']);
    expect([found.same!.unknown, found.same!.rows.size, found.empty!.rows.size]).to.deep.equal(['same', 0, 0]);
  });

  it('people without a row in a table that refuses unknown values are a warning, not a mistake', async () => {
    const yaml = withFlows('    - id: all\n      steps: [{connector: outbox, fields: {who: {table: users, from: creator}}}]\n', '  tables: {users: {jean: J. Dupont}}\n');
    expect(await problemsOf({ 'relais.yaml': yaml })).to.deep.equal([]);
    const { warnings } = await load({ 'relais.yaml': yaml });
    expect(warnings.map(({ path, message }) => `${path}: ${message}`)).to.have.length(1).and.to.have.property('0').that.includes('ged').and.includes('users');
    expect((await load({ 'relais.yaml': yaml.replace('jean: J. Dupont', 'ged: GED') })).warnings).to.deep.equal([]);
    expect((await load({ 'relais.yaml': yaml.replace('{jean: J. Dupont}', '{rows: {jean: J}, unknown: same}') })).warnings).to.deep.equal([]);
  });

  it('retention, incidents, limits of connectors, store, mail and time stamps', async () => {
    const { server, authorities: [town] } = await load({
      'relais.yaml': `server:
  connectors: [relais-connector-x, ./mine.mjs]
  store: {engine: postgres, url: "\${env:URL}", blobs: database}
  mail: {host: smtp.ville.example, user: u, password: "\${env:P}", from: relais@ville.example}
  timestamps: {url: "https://tsa.example/tsr", ca: tsa.pem, everyMinutes: 30}
${withFlows('    - id: all\n      steps: [{connector: outbox}]\n', '  retention: [{kind: pes, state: [refused, delayed], days: 30}, {days: 3650}]\n  incidents: {mailTo: [it@ville.example], digest: daily}\n').replace('type: folder', 'type: folder\n      limits: {concurrency: 1, perMinute: 10, order: organisation}')}`,
      'tsa.pem': 'x',
    }, { URL: 'postgres://db', P: 'secret' });
    expect(server.store).to.deep.equal({ engine: 'postgres', url: 'postgres://db', poolSize: 10, blobs: 'database' });
    expect(server.mail).to.deep.equal({ host: 'smtp.ville.example', port: 587, secure: false, user: 'u', password: 'secret', from: 'relais@ville.example' });
    expect(server.timestamps).to.deep.include({ url: 'https://tsa.example/tsr', everyMinutes: 30, everyEntries: 10_000 });
    expect(server.timestamps!.ca).to.match(/^\/.*\/tsa\.pem$/);
    expect(server.connectors).to.deep.equal(['relais-connector-x', './mine.mjs']);
    expect(town!.authority.retention).to.deep.equal([{ kind: ['pes'], state: ['refused', 'delayed'], days: 30 }, { kind: [], state: [], days: 3650 }]);
    expect(town!.incidents).to.deep.equal({ mailTo: ['it@ville.example'], digest: 'daily' });
    expect(town!.authority.connectors[0]!.limits).to.deep.equal({ concurrency: 1, perMinute: 10, order: 'organisation' });
  });
});
