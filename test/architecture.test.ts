import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ERROR_CATALOGUE } from '../src/errors.js';

const root = path.resolve(import.meta.dirname, '..');
const relative = (file: string) => path.relative(root, file).split(path.sep).join('/');

/** Which folder of `src` may import which others, and why. `errors.ts` may be imported by all. */
const MAY_IMPORT: Record<string, { folders: string[]; because: string }> = {
  domain: { folders: [], because: 'the words of the trade outlive SOAP, TypeORM and Express' },
  'connector-api': { folders: ['domain', 'mime'], because: 'third parties compile against this alone' },
  'connector-kit': { folders: ['domain', 'connector-api'], because: 'rehearses connectors, ours and those of third parties, without the rest of Relais' },
  routing: { folders: ['domain'], because: 'pure, so a YAML rule is proved by a table test' },
  blobs: { folders: ['platform'], because: 'bytes know nothing of items' },
  intake: { folders: ['domain', 'routing'], because: 'owns its store port and knows no wire format' },
  history: { folders: ['domain'], because: 'a read model of its own' },
  incidents: { folders: ['domain', 'platform'], because: 'tells people; who is told, by what mail and from which store is handed in' },
  retention: { folders: ['domain', 'platform'], because: 'what may go is a rule; the store that lets it go is handed in' },
  delivery: { folders: ['domain', 'connector-api', 'blobs', 'platform'], because: 'decides; storage and connectors are handed in' },
  collect: { folders: ['domain', 'connector-api', 'intake', 'delivery', 'platform'], because: 'brings in what connectors find; storage and connectors are handed in' },
  facade: { folders: ['domain', 'connector-api', 'delivery', 'deliberation', 'history', 'platform'], because: 'stands before a system that decides; its connector and the copies are handed in' },
  documents: { folders: ['domain'], because: 'makes files of data; knows no store and no wire format' },
  deliberation: { folders: ['domain', 'intake', 'history', 'blobs', 'documents', 'platform'], because: 'the rules of the council, without SOAP and without SQL' },
  soap: { folders: ['blobs', 'identity', 'platform', 'xml', 'mime'], because: 'a generic SOAP 1.1 edge that knows no operation by name' },
  ws4pm: { folders: ['domain', 'deliberation', 'soap', 'blobs'], because: 'an edge: map, call, map back' },
  identity: { folders: ['platform'], because: 'who calls, whatever the edge' },
  persistence: { folders: ['domain', 'blobs', 'intake', 'history', 'delivery', 'collect', 'deliberation', 'facade', 'journal', 'incidents', 'retention', 'platform'], because: 'an adapter of the ports' },
  config: { folders: ['domain', 'routing', 'connector-api', 'identity', 'platform'], because: 'turns YAML into the domain' },
  outbound: { folders: ['connector-api'], because: 'HTTP towards partners: what a connector is handed, and no partner by name' },
  'soap-client': { folders: ['soap', 'connector-api', 'xml', 'mime'], because: 'SOAP calls towards partners: what crosses the wire, and no partner by name' },
  'signature-book': { folders: ['domain', 'connector-api', 'formats', 'xml'], because: 'what every signature book is given and gives back, whatever its protocol' },
  'signature-desk': { folders: ['formats', 'connector-kit', 'soap', 'blobs', 'xml', 'mime'], because: 'a signature book that is simulated: people, circuits and test certificates, for rehearsals alone' },
  xml: { folders: [], because: 'reads XML as it streams and knows no message' },
  mime: { folders: [], because: 'multipart bodies, content types and base64, whoever sends them' },
  'tele-transmission': { folders: ['domain', 'connector-api', 'formats'], because: 'what every platform towards the State is given and gives back, whatever its protocol' },
  plonemeeting: { folders: ['domain', 'connector-api'], because: 'what both interfaces of PloneMeeting are set by, asked for and recognised with' },
  'state-desk': { folders: ['formats', 'connector-kit', 'signature-desk'], because: 'a treasury and a prefecture that are simulated, for rehearsals alone' },
  'council-desk': { folders: ['domain', 'connector-kit', 'signature-desk', 'soap', 'xml', 'mime'], because: 'a PloneMeeting that is simulated: items, rights, workflow and the people who decide, for rehearsals alone' },
  deposit: { folders: ['domain', 'intake', 'blobs', 'formats', 'identity', 'mime', 'platform'], because: 'an edge: files that are dropped or put become items' },
  'mail-intake': { folders: ['domain', 'intake', 'deliberation', 'blobs', 'platform'], because: 'an edge: letters that come by mail become items; rich text is cleaned as that of the council is' },
  formats: { folders: ['domain', 'xml'], because: 'files of the trade, read and built without any system' },
  journal: { folders: ['domain', 'platform'], because: 'proves what happened; where it is kept is handed in' },
  platform: { folders: [], because: 'logger, clock, metrics: what any program has' },
  server: { folders: ['platform'], because: 'HTTP: routes and sockets; what it serves is handed in' },
};

/** Packages that belong to some folders only. */
const PACKAGE_HOMES: Record<string, string[]> = {
  typeorm: ['persistence'],
  'better-sqlite3': ['persistence'],
  pg: ['persistence'],
  'pg-boss': ['persistence'],
  express: ['server'],
  helmet: ['server'],
  soap: ['soap'],
  winston: ['platform'],
  yaml: ['config'],
  chokidar: ['config'],
  jsonata: ['routing'],
  'prom-client': ['platform'],
  nodemailer: ['platform'],
  imapflow: ['mail-intake'],
  mailparser: ['mail-intake'],
  'node-cron': ['compose'],
  'sanitize-html': ['deliberation'],
  htmlparser2: ['persistence', 'documents'],
  pdfmake: ['documents'],
  docxtemplater: ['documents'],
  pizzip: ['documents'],
  commander: ['cli'],
  pkijs: ['journal', 'formats', 'signature-desk'],
  asn1js: ['journal', 'formats', 'signature-desk'],
  '@xmldom': ['formats'],
  'xml-crypto': ['formats', 'signature-desk'],
  fflate: ['formats', 'signature-desk', 'council-desk'],
  'tar-stream': ['journal', 'formats', 'state-desk'],
  axios: ['outbound'],
};

const BANNED_FOLDERS = ['utils', 'helpers', 'common', 'services', 'lib', 'misc', 'shared', 'core'];
const ENTRY_POINTS = ['main', 'cli', 'compose', 'serve'];

function sources(folder: string): string[] {
  return fs.readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function imports(file: string): string[] {
  return ts.preProcessFile(fs.readFileSync(file, 'utf8'), true, true).importedFiles.map((found) => found.fileName);
}

/** Files within the project that a file imports, as sources. */
function localImports(file: string): string[] {
  return imports(file).filter((found) => found.startsWith('.')).map((name) => relative(path.resolve(path.dirname(file), name)).replace(/\.js$/, '.ts'));
}

/** The files of a connector that work for a town: those that its index needs. The others rehearse. */
function shipped(folder: string): ReadonlySet<string> {
  const found = new Set([`${folder}/index.ts`]);
  for (const file of found) localImports(path.join(root, file)).filter((name) => name.startsWith(`${folder}/`)).forEach((name) => found.add(name));
  return found;
}

/** `src/soap/reader.ts` → `soap`; `src/compose.ts` and `src/compose/x.ts` → `compose`. */
function folderOf(file: string): string {
  return relative(file).replace(/^src\//, '').replace(/\.ts$/, '').split('/')[0] ?? '';
}

describe('architecture', () => {
  const files = sources('src');
  const connectorFiles = sources('connectors');

  it('arrows point inward, as the import table says', () => {
    const wrong: string[] = [];
    for (const file of files) {
      const from = folderOf(file);
      if (ENTRY_POINTS.includes(from) || from === 'errors') continue;
      const rule = MAY_IMPORT[from];
      expect(rule, `folder src/${from} is not in the import table`).to.not.equal(undefined);
      for (const name of imports(file).filter((found) => found.startsWith('.'))) {
        const target = path.resolve(path.dirname(file), name);
        if (relative(target).startsWith('connectors/')) { wrong.push(`${relative(file)} imports a connector`); continue; }
        const to = folderOf(target.replace(/\.js$/, '.ts'));
        if (to === from || to === 'errors' || rule!.folders.includes(to)) continue;
        wrong.push(`${relative(file)} imports ${to}; src/${from} may import [${rule!.folders.join(', ')}]: ${rule!.because}`);
      }
    }
    expect(wrong).to.deep.equal([]);
  });

  it('connectors import the connector contract and what is made for them only', () => {
    const wrong: string[] = [];
    for (const file of connectorFiles.filter((found) => relative(found).split('/').length > 2)) {
      for (const target of localImports(file)) {
        const own = relative(file).split('/').slice(0, 2).join('/');
        if (/^src\/(connector-api|formats|domain|soap-client|signature-book|tele-transmission|plonemeeting)\//.test(target) || target.startsWith(`${own}/`)) continue;
        if (/^src\/(connector-kit|signature-desk|state-desk|council-desk)\//.test(target) && !shipped(own).has(relative(file))) continue;
        wrong.push(`${relative(file)} imports ${target}`);
      }
    }
    expect(wrong).to.deep.equal([]);
  });

  it('packages stay in their homes', () => {
    const wrong: string[] = [];
    for (const file of files) {
      for (const name of imports(file)) {
        const homes = PACKAGE_HOMES[name.split('/')[0] ?? ''];
        if (homes !== undefined && !homes.includes(folderOf(file))) wrong.push(`${relative(file)} imports ${name}; its home is ${homes.join(', ')}`);
      }
    }
    expect(wrong).to.deep.equal([]);
  });

  it('no folder is named for a layer or a rag-bag, and files are kebab-case', () => {
    const names = [...files, ...connectorFiles].map(relative);
    expect(names.filter((name) => name.split('/').some((part) => BANNED_FOLDERS.includes(part)))).to.deep.equal([]);
    expect(names.filter((name) => !/^[a-z0-9/-]+\.ts$/.test(name))).to.deep.equal([]);
  });

  it('the environment and the exit belong to main, cli and config', () => {
    const wrong = files.filter((file) => !['main', 'cli', 'config'].includes(folderOf(file)))
      .filter((file) => /process\.(env|exit\b)/.test(fs.readFileSync(file, 'utf8')));
    expect(wrong.map(relative)).to.deep.equal([]);
  });

  it('files stay under 400 lines', () => {
    const long = [...files, ...connectorFiles].filter((file) => fs.readFileSync(file, 'utf8').split('\n').length > 400);
    expect(long.map(relative)).to.deep.equal([]);
  });

  it('functions stay under 60 lines, blank lines and comments left out', () => {
    const long: string[] = [];
    for (const file of [...files, ...connectorFiles]) {
      const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.ESNext, true);
      const visit = (node: ts.Node): void => {
        if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
          const lines = node.getText(source).split('\n').filter((line) => !/^\s*(?:$|\/\/|\/?\*)/.test(line)).length;
          if (lines > 60) long.push(`${relative(file)}: ${lines} lines from «${node.getText(source).split('\n')[0] ?? ''}»`);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    expect(long).to.deep.equal([]);
  });

  it('the error catalogue and docs/errors.md name the same codes', () => {
    const documented = [...fs.readFileSync(path.join(root, 'docs/errors.md'), 'utf8').matchAll(/^\| `(RELAIS_[A-Z0-9_]+)`/gm)].map((match) => match[1]);
    expect(documented.toSorted()).to.deep.equal(Object.keys(ERROR_CATALOGUE).toSorted());
  });

  it('the connector registry lists exactly the connector folders', async () => {
    const folders = fs.readdirSync(path.join(root, 'connectors'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    const { connectors } = await import('../connectors/index.js') as { connectors: ReadonlyMap<string, unknown> };
    const { rehearsals } = await import('../connectors/rehearsals.js') as { rehearsals: ReadonlyMap<string, unknown> };
    expect([...connectors.keys()].toSorted()).to.deep.equal(folders.toSorted());
    expect([...rehearsals.keys()].toSorted()).to.deep.equal(folders.toSorted());
  });

  it('every connector has the same files, and more where it needs them', () => {
    const missing = fs.readdirSync(path.join(root, 'connectors'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => ['index.ts', 'config.ts', 'simulator.ts', 'rehearsal.ts', 'README.md'].map((file) => `connectors/${name}/${file}`))
      .filter((file) => !fs.existsSync(path.join(root, file)));
    expect(missing).to.deep.equal([]);
  });
});
