import { expect } from 'chai';
import path from 'node:path';
import { formatProblems } from '../../../src/config/problem.js';
import { load, problemsOf } from './temporary-configuration.js';

const TOWN = `
server: {}
authority:
  title: Ville
  organisations: [{id: finances, title: Finances, members: {creators: [compta]}}]
  users: [{id: compta, source: finance}]
  meetingConfigs:
    - {id: college, shortName: College, title: Collège, annexTypes: [{id: annexe, title: Annexe}], meetings: []}
  deposits:
    - id: finances
      kind: pes
      place: {account: compta, meetingConfig: college, organisation: finances}
      folder: {path: "\${data}/in/\${authority}"}
`;

describe('deposits in the configuration', () => {
  it('have defaults, and a folder for each authority', async () => {
    const { authorities: [town], dataFolder } = await load({ 'relais.yaml': TOWN });
    const { organisations: [finances], deposits } = town!.authority;
    const root = path.join(dataFolder, 'in/default');
    expect(deposits).to.deep.equal([{
      id: 'finances', kind: 'pes', http: false, maxBytes: 256 * 2 ** 20, schema: null,
      place: { creator: 'compta', source: 'finance', configId: 'college', organisation: finances!.uid, annexType: 'annexe', reviewState: 'itemcreated' },
      folder: { path: root, create: false, quietMs: 5000, everyMs: 2000, marker: null, processed: path.join(root, 'processed'), errors: path.join(root, 'errors'), keepProcessedDays: null },
    }]);
  });

  it('compare with a schema that is there, beside the file that names it', async () => {
    const { authorities: [town] } = await load({ 'relais.yaml': `${TOWN}      schema: {file: pes.xsd, onMismatch: refuse}\n`, 'pes.xsd': '<x/>' });
    expect(town!.authority.deposits[0]?.schema).to.deep.include({ program: 'xmllint', timeoutMs: 120_000, onMismatch: 'refuse' }).and.to.have.property('file').that.matches(/^\/.*\/pes\.xsd$/);
    expect(formatProblems(await problemsOf({ 'relais.yaml': `${TOWN}      schema: {file: gone.xsd}\n` }))).to.match(/schema\.file: found "gone\.xsd" \(.*\), which is not there, expected a file/);
  });

  it('name kinds of items that flows may ask for', async () => {
    const flow = (kind: string): string => `${TOWN}  connectors: [{id: out, type: folder, settings: {path: /tmp}}]\n  flows: [{id: all, when: {kind: ${kind}}, steps: [{connector: out}]}]\n`;
    expect((await load({ 'relais.yaml': flow('pes') })).authorities[0]!.authority.flows[0]!.when).to.deep.equal({ kind: ['pes'] });
    expect(formatProblems(await problemsOf({ 'relais.yaml': flow('pess') }))).to.include('found the unknown kind "pess"').and.to.include('did you mean pes?');
  });

  it('one of the centre is one in each authority, which may change it', async () => {
    const entry = TOWN.slice(TOWN.indexOf('    - id: finances\n')).replace(/^ {4}/gm, '    ');
    const town = TOWN.slice(0, TOWN.indexOf('  deposits:')).replace('server: {}\nauthority:\n', '').replace(/^ {2}/gm, '');
    const { authorities } = await load({
      'relais.yaml': `server: {}\ncentre:\n  deposits:\n${entry}`, 'authorities/huy.yaml': town, 'authorities/amay.yaml': `${town}deposits: [{id: finances, http: true}]\n`,
    });
    expect(authorities.map(({ authority }) => [authority.id, path.basename(authority.deposits[0]?.folder?.path ?? ''), authority.deposits[0]?.http])).to.deep.equal([['amay', 'amay', true], ['huy', 'huy', false]]);
  });

  it('two authorities never look into one folder', async () => {
    const town = TOWN.slice(0, TOWN.indexOf('  deposits:')).replace('server: {}\nauthority:\n', '').replace(/^ {2}/gm, '');
    const entry = TOWN.slice(TOWN.indexOf('    - id: finances\n')).replace('/${authority}', '');
    const found = formatProblems(await problemsOf({ 'relais.yaml': `server: {}\ncentre:\n  deposits:\n${entry}`, 'authorities/huy.yaml': town, 'authorities/amay.yaml': town }));
    expect(found).to.match(/^relais\.yaml:7:22 .*, into which deposit finances of amay looks, expected another folder, such as one that ends in \$\{authority\}[^\n]*$/);
  });

  const mistakes: [string, (text: string) => string, string][] = [
    ['neither folder nor http', (text) => text.replace(/ {6}folder: .*\n/, ''), 'relais.yaml:10:7  authority.deposits[0]: found neither a folder nor `http: true` nor mail, expected one of them at least'],
    ['a path that is not absolute', (text) => text.replace('${data}/in', 'in'), 'relais.yaml:13:22  authority.deposits[0].folder.path: found "in/${authority}", expected a path from the root such as /srv/finances/${authority}, or ${data}/finances'],
    ['an account that nobody has', (text) => text.replace('account: compta', 'account: comta'), 'relais.yaml:12:24  authority.deposits[0].place.account: found the unknown user "comta", expected one of compta; did you mean compta?'],
    ['a quiet time that is none', (text) => text.replace('}"}', '}", quiet: soon}'), 'relais.yaml:13:56  authority.deposits[0].folder.quiet: found "soon", expected a duration such as 30 s, in ms, s, min, h or d'],
    ['a marker that hides names', (text) => text.replace('}"}', '}", marker: ok/}'), 'relais.yaml:13:57  authority.deposits[0].folder.marker: found "ok/", expected an ending such as .ok'],
    ['processed files in the folder itself', (text) => text.replace('}"}', '}", processed: .}'), 'relais.yaml:13:60  authority.deposits[0].folder.processed: found ".", which is the folder itself, expected another one'],
  ];
  for (const [what, change, expected] of mistakes) {
    it(`refuses ${what}`, async () => {
      expect(formatProblems(await problemsOf({ 'relais.yaml': change(TOWN) }))).to.equal(expected);
    });
  }
});
