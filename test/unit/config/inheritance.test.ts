import { expect } from 'chai';
import path from 'node:path';
import { originOf, originsBelow } from '../../../src/config/explain.js';
import type { Configuration } from '../../../src/config/load-configuration.js';
import { load, problemsOf, SMALL } from './temporary-configuration.js';

const TOWN = 'title: Bourg\norganisations: [{id: voirie, title: Voirie}]\nusers: [{id: ged}]\n';

/** A centre with two connectors, two flows and a table. */
const CENTRE = `
centre:
  connectors:
    - id: outbox
      type: folder
      settings: {path: /srv/out}
      limits: {concurrency: 2}
    - {id: spare, type: folder, settings: {path: /srv/spare}}
  flows:
    - {id: works, when: {source: ged}, steps: [{connector: outbox}]}
    - {id: rest, steps: [{connector: outbox}]}
  tables:
    services: {voirie: VOI}
  ws4pm: {language: en}
`.trimStart();

async function town(files: Record<string, string>, id = 'bourg'): Promise<Configuration['authorities'][number]['authority']> {
  const { authorities } = await load(files);
  return authorities.find(({ authority }) => authority.id === id)!.authority;
}

async function shown(files: Record<string, string>): Promise<string[]> {
  return (await problemsOf(files)).map(({ file, line, column, path: place, message }) => `${file}:${line}:${column}  ${place === '' ? '' : `${place}: `}${message}`);
}

describe('what an authority inherits', () => {
  it('is everything of the centre', async () => {
    const bourg = await town({ 'relais.yaml': CENTRE, 'authorities/bourg.yaml': TOWN });
    expect(bourg.connectors.map(({ id }) => id)).to.deep.equal(['outbox', 'spare']);
    expect(bourg.flows.map(({ id }) => id)).to.deep.equal(['works', 'rest']);
    expect(bourg.tables.get('services')?.rows.get('voirie')).to.equal('VOI');
    expect(bourg.ws4pm).to.include({ language: 'en', timeZone: 'Europe/Brussels' });
  });

  it('is overridden key by key, by the id in lists; its own flows stand first', async () => {
    const bourg = await town({
      'relais.yaml': CENTRE,
      'authorities/bourg.yaml': `${TOWN}
connectors:
  - {id: outbox, settings: {path: /srv/bourg}}
  - {id: spare, remove: true}
flows:
  - {id: mine, steps: [{connector: outbox}]}
  - {id: rest, when: {kind: deliberation}}
tables: {services: {rows: {finances: FIN}, unknown: same}}
ws4pm: {timeZone: Europe/Paris}
`,
    });
    expect(bourg.connectors).to.deep.equal([{ id: 'outbox', type: 'folder', settings: { path: '/srv/bourg' }, limits: { concurrency: 2, perMinute: null, order: 'none' } }]);
    expect(bourg.flows.map(({ id }) => id)).to.deep.equal(['mine', 'rest', 'works']);
    expect(bourg.flows[1]).to.deep.include({ when: { kind: ['deliberation'] } });
    expect(bourg.flows[1]!.steps).to.have.length(1);
    expect([...bourg.tables.get('services')!.rows]).to.deep.equal([['voirie', 'VOI'], ['finances', 'FIN']]);
    expect(bourg.tables.get('services')!.unknown).to.equal('same');
    expect(bourg.ws4pm).to.include({ language: 'en', timeZone: 'Europe/Paris' });
  });

  it('lists without ids are replaced', async () => {
    const bourg = await town({
      'relais.yaml': `${CENTRE}  retention: [{days: 30}]\n`, 'authorities/bourg.yaml': `${TOWN}retention: [{days: 60}]\nflows: [{id: works, when: {source: [ged]}, steps: [{connector: spare}]}]\n`,
    });
    expect(bourg.retention.map(({ days }) => days)).to.deep.equal([60]);
    expect(bourg.flows[0]!.steps.map(({ connector }) => connector)).to.deep.equal(['spare']);
  });

  it('a table can be removed as a whole', async () => {
    const bourg = await town({ 'relais.yaml': CENTRE, 'authorities/bourg.yaml': `${TOWN}tables: {services: {remove: true}}\n` });
    expect([...bourg.tables.keys()]).to.deep.equal([]);
  });

  it('parts: a file, several, a folder, parts of parts; later ones and the authority itself win', async () => {
    const bourg = await town({
      'relais.yaml': 'centre: {extends: shared/base.yaml}\n',
      'shared/base.yaml': 'connectors: [{id: outbox, type: folder, settings: {path: /base}}]\nlimits: {depth: 50, elements: 1000}\n',
      'authorities/bourg.yaml': `extends: [../shared/towns, ../shared/last.yaml]\n${TOWN}limits: {attributes: 5000}\n`,
      'shared/towns/a.yaml': 'extends: ../deep.yaml\nlimits: {depth: 60}\n', 'shared/towns/b.yaml': 'limits: {depth: 70}\n', 'shared/towns/.hidden.yaml': '- x', 'shared/towns/notes.txt': 'x',
      'shared/deep.yaml': 'limits: {depth: 55, elements: 2000}\n', 'shared/last.yaml': '# nothing yet\n',
    });
    expect(bourg.limits).to.include({ depth: 70, elements: 2000, attributes: 5000 });
    expect(bourg.connectors).to.have.length(1);
  });

  it('a part that two others extend counts once, where it is first named', async () => {
    const bourg = await town({
      'relais.yaml': '{}', 'authorities/bourg.yaml': `extends: [../b.yaml, ../c.yaml]\n${TOWN}`,
      'b.yaml': 'extends: d.yaml\nlimits: {depth: 60}\n', 'c.yaml': 'extends: d.yaml\n', 'd.yaml': 'limits: {depth: 50}\n',
    });
    expect(bourg.limits.depth).to.equal(60);
  });

  it('files are relative to the file that names them: templates, secrets and parts', async () => {
    const { authorities: [bourg] } = await load({
      'relais.yaml': '{}', 'authorities/bourg.yaml': `extends: ../shared/part.yaml\n${TOWN}`,
      'shared/part.yaml': 'meetingConfigs: [{id: c, shortName: C, title: C, templates: [{id: t, title: T, source: t.docx}]}]\nconnectors: [{id: out, type: folder, settings: {path: "${file:path.txt}"}}]\n',
      'shared/t.docx': '', 'shared/path.txt': '/from/the/file\n',
    });
    expect(path.basename(path.dirname(bourg!.authority.meetingConfigs[0]!.templates[0]!.sourceFile))).to.equal('shared');
    expect(bourg!.authority.connectors[0]!.settings).to.deep.equal({ path: '/from/the/file' });
  });

  it('a secret that is overridden is not asked for', async () => {
    const files = {
      'relais.yaml': 'centre: {connectors: [{id: out, type: folder, settings: {path: "${env:NO}"}}]}\n',
      'authorities/bourg.yaml': `${TOWN}connectors: [{id: out, settings: {path: /mine}}]\n`,
    };
    expect(await shown(files)).to.deep.equal([]);
  });

  it('the files that were read are known, with secrets and folders', async () => {
    const { files } = await load({
      'relais.yaml': '{}', 'authorities/bourg.yaml': `extends: ../parts\n${TOWN}`, 'parts/a.yaml': 'connectors: [{id: out, type: folder, settings: {path: "${file:p}"}}]', 'parts/p': '/x',
    });
    expect(files.map((file) => file.split(path.sep).slice(-2).join('/').replace(/^relais-config-[^/]*\//, ''))).to.have.members(['relais.yaml', 'authorities', 'authorities/bourg.yaml', 'parts', 'parts/a.yaml', 'parts/p']);
  });
});

describe('mistakes in what is inherited', () => {
  const others = { 'authorities/a.yaml': TOWN, 'authorities/b.yaml': TOWN, 'authorities/c.yaml': TOWN };

  it('are shown once, where they stand', async () => {
    expect(await shown({ 'relais.yaml': CENTRE.replace('concurrency: 2', 'concurency: 2'), ...others })).to.deep.equal([
      'relais.yaml:6:16  centre.connectors[0].limits.concurency: found the unknown key concurency, expected one of concurrency, perMinute, order; did you mean concurrency?',
    ]);
  });

  it('name the authorities, where only some have them', async () => {
    expect(await shown({ 'relais.yaml': CENTRE, ...others, 'authorities/d.yaml': TOWN.replace('id: ged', 'id: ural') })).to.deep.equal([
      'relais.yaml:9:34  centre.flows[0].when.source: found the unknown source "ged", expected one of ural (for d)',
    ]);
    const five = Object.fromEntries(['d', 'e', 'f', 'g', 'h'].map((id) => [`authorities/${id}.yaml`, TOWN.replace('id: ged', 'id: ural')]));
    expect((await shown({ 'relais.yaml': CENTRE, ...others, ...five }))[0]).to.match(/expected one of ural \(for d, e, f and 2 more\)$/);
  });

  it('what an override breaks is shown at the override', async () => {
    expect(await shown({ 'relais.yaml': CENTRE, ...others, 'authorities/b.yaml': `${TOWN}connectors: [{id: spare, settings: {path: 12}}]\n` })).to.deep.equal([
      'authorities/b.yaml:4:43  connectors[0].settings.path: found 12, expected text in quotes',
    ]);
  });

  it('a new entry that should have been an override', async () => {
    expect(await shown({ 'relais.yaml': CENTRE, 'authorities/b.yaml': `${TOWN}connectors: [{id: spar, settings: {path: /x}}]\n` }))
      .to.deep.equal(['authorities/b.yaml:4:14  connectors[0].type: found nothing, expected text']);
  });

  it('a removal of what is not there', async () => {
    expect(await shown({ 'relais.yaml': CENTRE, 'authorities/b.yaml': `${TOWN}connectors: [{id: spar, remove: true}]\ntables: {service: {remove: true}}\n` })).to.deep.equal([
      'authorities/b.yaml:4:25  connectors[0].remove: found the removal of spar, which is not inherited, expected one of outbox, spare; did you mean spare?',
      'authorities/b.yaml:5:20  tables.service.remove: found the removal of service, which is not inherited, expected one of services; did you mean services?',
    ]);
  });

  it('a removal of what another entry needs', async () => {
    expect(await shown({ 'relais.yaml': CENTRE, 'authorities/b.yaml': `${TOWN}connectors: [{id: outbox, remove: true}]\n` })).to.deep.equal([
      'relais.yaml:9:60  centre.flows[0].steps[0].connector: found the unknown connector "outbox", expected one of spare',
      'relais.yaml:10:38  centre.flows[1].steps[0].connector: found the unknown connector "outbox", expected one of spare',
    ]);
  });

  it('an unknown key of the centre, and a centre that is none', async () => {
    expect(await shown({ 'relais.yaml': `${CENTRE}  titel: X\n`, ...others })).to.have.length(1).and.to.have.property('0').that.matches(/^relais\.yaml:14:3 {2}centre\.titel: found the unknown key titel, expected one of/);
    expect(await shown({ 'relais.yaml': 'centre: [a]\n', ...others })).to.deep.equal(['relais.yaml:1:9  centre: found a list, expected a map of keys']);
  });

  const broken: [name: string, files: Record<string, string>, expected: string[]][] = [
    ['a part that is not there', { 'authorities/a.yaml': `extends: ../shared/prt.yaml\n${TOWN}` }, ['authorities/a.yaml:1:10  extends: found "../shared/prt.yaml" (<folder>/shared/prt.yaml), which is not there, expected a file or a folder']],
    ['a part of a part that is not there', { 'authorities/a.yaml': `extends: ../p.yaml\n${TOWN}`, 'p.yaml': 'extends: [q.yaml]\n' }, ['p.yaml:1:11  extends[0]: found "q.yaml" (<folder>/q.yaml), which is not there, expected a file or a folder']],
    ['a part that is not YAML, told once', { 'authorities/a.yaml': `extends: ../p.yaml\n${TOWN}`, 'authorities/b.yaml': `extends: ../p.yaml\n${TOWN}`, 'p.yaml': 'limits: {depth: 5\n' }, ['p.yaml:1:9  found a bracket that is not closed, expected } or ] at the end of what it opens']],
    ['a part that is a list', { 'authorities/a.yaml': `extends: ../p.yaml\n${TOWN}`, 'p.yaml': '- a\n' }, ['p.yaml:1:1  found a list, expected a map of keys, as under `authority:`']],
    ['a name of a part that is no text', { 'authorities/a.yaml': `extends: [../p.yaml, 5]\n${TOWN}`, 'p.yaml': '' }, ['authorities/a.yaml:1:22  extends[1]: found 5, expected the name of a file or a folder']],
    ['a circle of parts', { 'authorities/a.yaml': `extends: ../p.yaml\n${TOWN}`, 'p.yaml': 'extends: q.yaml\n', 'q.yaml': 'extends: p.yaml\n' }, ['q.yaml:1:10  extends: found "p.yaml" (<folder>/p.yaml), which leads back to itself (p.yaml → q.yaml → p.yaml), expected parts that go one way']],
    ['a part that extends the file itself', { 'authorities/a.yaml': `extends: ../p.yaml\n${TOWN}`, 'p.yaml': 'extends: authorities\n' }, ['p.yaml:1:10  extends: found "authorities" (<folder>/authorities), which leads back to itself (a.yaml → p.yaml → a.yaml), expected parts that go one way']],
    ['a part with the other ending', { 'authorities/a.yaml': `extends: ../p\n${TOWN}`, 'p/x.yml': 'limits: {}' }, ['p/x.yml:1:1  found the ending .yml, expected .yaml']],
    ['a mistake in a part', { 'authorities/a.yaml': `extends: ../p.yaml\n${TOWN}`, 'p.yaml': 'limits:\n  dpth: 5\n' }, ['p.yaml:2:3  limits.dpth: found the unknown key dpth, expected one of requestBytes, textBytes, depth, elements, attributes, idleMs; did you mean depth?']],
    ['a broken centre, once for all', { 'authorities/a.yaml': TOWN, 'authorities/b.yaml': TOWN, 'relais.yaml': 'centre: {extends: no.yaml}\n' }, ['relais.yaml:1:19  centre.extends: found "no.yaml" (<folder>/no.yaml), which is not there, expected a file or a folder']],
  ];
  for (const [name, files, expected] of broken) {
    it(name, async () => { expect(await shown({ 'relais.yaml': '{}', ...files })).to.deep.equal(expected); });
  }
});

describe('where a value comes from', () => {
  const files = {
    'relais.yaml': `${CENTRE}authority:\n${SMALL.split('\n').slice(1).join('\n')}`,
    'authorities/bourg.yaml': `extends: ../part.yaml\n${TOWN.replace('users: [{id: ged}]', 'users: [{id: ged, password: "${env:H}"}]')}connectors: [{id: outbox, settings: {path: /mine}}]\n`,
    'part.yaml': 'limits: {depth: 60}\n',
  };
  const env = { H: `$scrypt$ln=14,r=8,p=5$${'A'.repeat(22)}$${'B'.repeat(43)}` };

  it('file, line and column, by id or by position, inherited or not', async () => {
    const configuration = await load(files, env);
    const place = (...at: (string | number)[]): string | undefined => {
      const origin = originOf(configuration, 'bourg', at);
      return origin === undefined ? undefined : `${path.basename(origin.file)}:${origin.line}:${origin.column} ${origin.value} ${origin.inherited ? 'inherited' : 'own'}`;
    };
    expect(place('connectors', 'outbox', 'settings', 'path')).to.equal('bourg.yaml:5:44 "/mine" own');
    expect(place('connectors', 0, 'type')).to.equal('relais.yaml:4:13 "folder" inherited');
    expect(place('connectors', 'outbox', 'limits', 'concurrency')).to.equal('relais.yaml:6:29 2 inherited');
    expect(place('limits', 'depth')).to.equal('part.yaml:1:17 60 inherited');
    expect(place('users', 'ged', 'password')).to.equal('bourg.yaml:4:29 "${env:H}" own');
    expect(place('limits', 'elements')).to.equal(undefined);
    expect(originOf(configuration, 'nowhere', ['title'])).to.equal(undefined);
  });

  it('of everything below a path', async () => {
    const configuration = await load(files, env);
    expect(originsBelow(configuration, 'bourg', ['connectors', 'outbox']).map(({ path: at, value }) => `${at} = ${value}`)).to.deep.equal([
      'connectors[0].id = "outbox"', 'centre.connectors[0].type = "folder"', 'connectors[0].settings.path = "/mine"', 'centre.connectors[0].limits.concurrency = 2',
    ]);
    expect(originsBelow(configuration, 'bourg', ['no', 'such'])).to.deep.equal([]);
  });
});
