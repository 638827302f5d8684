import { expect } from 'chai';
import { diffConfigurations } from '../../../src/config/diff.js';
import { load, SMALL, withFlows, type Environment } from './temporary-configuration.js';

const OTHER = 'title: Bourg\norganisations: [{id: voirie, title: Voirie}]\nusers: [{id: ged}, {id: jean}]\n';

type Files = Record<string, string>;

/** The lines between two sets of files; a text is relais.yaml alone. */
async function diff(before: Files | string, after: Files | string, env: Environment = {}, newEnv: Environment = env): Promise<string[]> {
  const files = (one: Files | string): Files => (typeof one === 'string' ? { 'relais.yaml': one } : one);
  return diffConfigurations(await load(files(before), env), await load(files(after), newEnv)).map(({ text, restart }) => `${restart ? '! ' : ''}${text}`);
}

function flows(...steps: string[]): string {
  return withFlows(`    - id: all\n      steps:\n${steps.map((step) => `        - ${step}\n`).join('')}`, '  tables: {services: {voirie: VOI}}\n');
}

describe('what a reload changes, in words', () => {
  it('nothing, where nothing means anything else: comments, order of keys, defaults, durations', async () => {
    expect(await diff(SMALL, SMALL)).to.deep.equal([]);
    expect(await diff(SMALL, `# a comment\nserver: {port: 8080, log: {}}\n${SMALL.replace('title: Petite Ville', 'limits: {idleMs: 30000}\n  title: Petite Ville').replace('type: folder', 'type: folder\n      limits: {concurrency: 4}')}`)).to.deep.equal([]);
    expect(await diff(flows('{connector: outbox}'), flows('{connector: outbox, retry: {firstDelay: 0.5 min}, after: []}'))).to.deep.equal(['default: flow all: steps[0].after added: an empty list', 'default: flow all: items under way finish on the version that they started with']);
  });

  it('authorities', async () => {
    const [one, two] = [{ 'relais.yaml': SMALL }, { 'relais.yaml': SMALL, 'authorities/bourg.yaml': OTHER }];
    expect(await diff(one, two)).to.deep.equal(['authority bourg added: 2 users, 0 connectors, 0 flows']);
    expect(await diff(two, one)).to.deep.equal(['authority bourg removed: its items stay, but nobody reaches them and nothing of it is delivered']);
    expect(await diff(two, { ...two, 'authorities/bourg.yaml': OTHER.replace('Bourg', 'Bourgade').replace(', {id: jean}', '') })).to.deep.equal([
      'bourg: title changed: "Bourg" → "Bourgade"', 'bourg: user jean removed',
    ]);
  });

  it('entries by their id, field by field', async () => {
    const before = SMALL.replace('- id: jean', '- id: jean\n      email: jean@a.example');
    const after = SMALL.replace('- id: jean', '- id: jean\n      email: jean@b.example\n    - id: anne').replace('[ged]', '[ged, anne]').replace('path: /tmp', 'path: /srv')
      .replace('title: Collège', 'title: Collège\n      description: Nouveau');
    expect(await diff(before, after)).to.deep.equal([
      'default: organisation voirie: members.creators changed: ["ged"] → ["ged", "anne"]',
      'default: user jean: email changed: "jean@a.example" → "jean@b.example"',
      'default: user anne added',
      'default: meeting config college: description added: "Nouveau"',
      'default: connector outbox: settings.path changed: "/tmp" → "/srv"',
    ]);
  });

  it('rows of tables', async () => {
    const before = flows('{connector: outbox}');
    expect(await diff(before, before.replace('{voirie: VOI}', '{voirie: V, finances: FIN}'))).to.deep.equal([
      'default: table services: rows.voirie changed: "VOI" → "V"', 'default: table services: rows.finances added: "FIN"',
    ]);
    expect(await diff(before, before.replace('{services: {voirie: VOI}}', '{}'))).to.deep.equal(['default: table services removed']);
  });

  it('flows, whose items under way finish on the version that they started with', async () => {
    const last = 'default: flow all: items under way finish on the version that they started with';
    const before = flows('{id: a, connector: outbox, fields: {x: title}}', '{id: b, connector: outbox}');
    expect(await diff(before, before.replace('x: title', 'x: category'))).to.deep.equal(['default: flow all: steps.a.fields.x changed: "title" → "category"', last]);
    expect(await diff(before, flows('{id: b, connector: outbox}', '{id: a, connector: outbox, fields: {x: title}}'))).to.deep.equal(['default: flow all: steps in another order: ["b", "a"]', last]);
    expect(await diff(before, before.replace('- id: all', '- id: every'))).to.deep.equal(['default: flow all removed; items under way finish on it', 'default: flow every added']);
  });

  it('the server, which needs a restart', async () => {
    expect(await diff(SMALL, `server: {port: 8081, host: localhost, log: {level: debug}}\n${SMALL}`)).to.deep.equal([
      '! server: port added: 8081; needs a restart', '! server: host added: "localhost"; needs a restart', '! server: log.level added: "debug"; needs a restart',
    ]);
    expect(await diff(SMALL, `server: {store: {engine: postgres, url: "\${env:URL}"}}\n${SMALL}`, { URL: 'postgres://relais:hunter2@db' }).then((lines) => lines.join('\n')))
      .to.match(/^! server: store\.engine added: "postgres"; needs a restart\n! server: store\.url added: "\$\{env:URL\}"; needs a restart$/).and.not.include('hunter2');
  });

  it('secrets are never shown, also when only what a reference leads to changes', async () => {
    const remote = SMALL.replace('type: folder', 'type: remote').replace('{path: /tmp}', '{url: https://a.example, password: "${env:P}"}').replace('connector: outbox', 'connector: outbox\n          operation: send');
    const lines = await diff(remote, remote, { P: 'hunter-two' }, { P: 'hunter-three' });
    expect(lines).to.deep.equal(['default: connector outbox: settings.password is the same text, "${env:P}", but what it refers to changed']);
    const hash = (letter: string): string => SMALL.replace('- id: jean', `- id: jean\n      password: $scrypt$ln=14,r=8,p=5$${letter.repeat(22)}$${'B'.repeat(43)}`);
    expect(await diff(hash('A'), hash('C'))).to.deep.equal(['default: user jean: password changed: a value that is not shown']);
    expect(await diff(SMALL, hash('A'))).to.deep.equal(['default: user jean: password added: a value that is not shown']);
    const withUrl = (password: string): string => SMALL.replace('path: /tmp', `path: "https://ged:${password}@a.example"`);
    expect((await diff(withUrl('hunter-two'), withUrl('hunter-three'))).join()).to.not.include('hunter');
  });
});
