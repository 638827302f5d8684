import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { access, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Connector } from '../../src/connector-api/connector.js';
import { generateConnector } from '../../src/connector-kit/generate-connector.js';
import type { Rehearsal } from '../../src/connector-kit/rehearsal.js';
import { runConformance } from '../../src/connector-kit/run-conformance.js';
import { RelaisError } from '../../src/errors.js';
import { createOutboundHttp } from '../../src/outbound/create-outbound-http.js';

const root = path.resolve(import.meta.dirname, '../..');
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');

/** Runs Node from the sources of Relais; the output with the exit code in front. */
function node(folder: string, words: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, words, { cwd: folder, timeout: 60_000 }, (error, out, err) => resolve(`${error === null ? 0 : String(error.code)}\n${out}${err}`));
  });
}

const relais = (folder: string, ...words: string[]) =>
  node(folder, ['--conditions=relais-source', '--import', pathToFileURL(path.join(root, 'node_modules/tsx/dist/loader.mjs')).href, path.join(root, 'src/cli.ts'), ...words]);

describe('a generated connector', function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => { folder = await mkdtemp(path.join(os.tmpdir(), 'relais-new-')); });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Links what npm install would. */
  async function link(into: string, names: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, target] of Object.entries(names)) {
      await mkdir(path.dirname(path.join(into, 'node_modules', name)), { recursive: true });
      await symlink(target, path.join(into, 'node_modules', name));
    }
  }

  it('as a package compiles and keeps the contract', async () => {
    const [first = ''] = await generateConnector({ id: 'my-erp', relaisFolder: root, target: { packageIn: folder } });
    const made = path.dirname(first);
    expect(path.basename(made)).to.equal('relais-connector-my-erp');
    await link(made, { relais: root, zod: path.join(root, 'node_modules/zod'), '@types/node': path.join(root, 'node_modules/@types/node') });

    const [compiled, tested] = await Promise.all([
      node(made, [tsc, '--noEmit', '--rootDir', '/', '--customConditions', 'relais-source']),
      relais(made, 'connector', 'test', './src/index.ts'),
    ]);
    expect(compiled).to.equal('0\n');
    expect(tested).to.match(/^0\nmy-erp\n/).and.to.match(/\n\d+ kept, 0 broken, \d+ not here\n$/);
    expect(JSON.parse(await readFile(path.join(made, 'package.json'), 'utf8'))).to.have.nested.property('peerDependenciesMeta.relais.optional', true);
  });

  it('in a checkout compiles, is registered and keeps the contract', async () => {
    const checkout = path.join(folder, 'checkout');
    await cp(path.join(root, 'connectors'), path.join(checkout, 'connectors'), { recursive: true });
    await symlink(path.join(root, 'src'), path.join(checkout, 'src'));
    await symlink(path.join(root, 'node_modules'), path.join(checkout, 'node_modules'));
    await writeFile(path.join(checkout, 'tsconfig.json'), JSON.stringify({ extends: path.join(root, 'tsconfig.json'), compilerOptions: { types: ['node'], rootDir: '/' }, include: ['connectors'] }));
    await writeFile(path.join(checkout, 'package.json'), '{"type": "module"}');
    const written = await generateConnector({ id: 'new', relaisFolder: root, target: { repository: checkout } });

    expect(written.map((file) => path.relative(checkout, file))).to.include.members(['connectors/new/index.ts', 'connectors/new/README.md', 'connectors/index.ts', 'connectors/rehearsals.ts']);
    expect((await readdir(path.join(checkout, 'connectors/new'))).toSorted()).to.deep.equal((await readdir(path.join(root, 'src/connector-kit/template'))).toSorted());
    expect(await node(checkout, [tsc, '--noEmit'])).to.equal('0\n');

    const { connectors } = await import(path.join(checkout, 'connectors/index.ts')) as { connectors: ReadonlyMap<string, Connector> };
    const { rehearsals } = await import(path.join(checkout, 'connectors/rehearsals.ts')) as { rehearsals: ReadonlyMap<string, () => Promise<readonly Rehearsal[]>> };
    const outbound = createOutboundHttp();
    const lines: string[] = [];
    const count = await runConformance(connectors.get('new')!, await rehearsals.get('new')!(), { http: (signal) => outbound.callFor(signal) }, (line) => lines.push(line));
    outbound.close();
    expect(count.broken, lines.join('\n')).to.equal(0);
    expect(count.kept).to.be.greaterThan(20);
  });

  it('never writes over what is there, and wants an id and a checkout', async () => {
    const empty = path.join(folder, 'empty');
    await mkdir(path.join(empty, 'relais-connector-taken'), { recursive: true });
    const attempts = [
      { id: 'taken', target: { packageIn: empty }, says: 'is there already' },
      { id: '../up', target: { packageIn: empty }, says: 'found ../up, expected lower-case letters' },
      { id: 'Big', target: { packageIn: empty }, says: 'found Big' },
      { id: 'here', target: { repository: empty }, says: 'is not a checkout of Relais' },
    ];
    for (const { id, target, says } of attempts) {
      const error: unknown = await generateConnector({ id, relaisFolder: root, target }).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(RelaisError).with.property('message').that.includes(says);
    }
    expect(await readdir(empty)).to.deep.equal(['relais-connector-taken']);
    await access(path.join(empty, 'relais-connector-taken'));
  });
});
