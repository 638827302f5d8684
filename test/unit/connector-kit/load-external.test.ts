import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { connectors } from '../../../connectors/index.js';
import type { Connector } from '../../../src/connector-api/connector.js';
import { isFailure } from '../../../src/connector-api/failures.js';
import { connectorMistakes } from '../../../src/connector-kit/connector-shape.js';
import { loadConnector, loadRehearsals, withExternalConnectors } from '../../../src/connector-kit/load-external.js';
import { RelaisError } from '../../../src/errors.js';
import { signingDesk } from './signing-desk.js';

/** A connector in plain JavaScript that brings its own copy of everything. */
const PLAIN = `
const strict = { _zod: {}, safeParse: (data) => ({ success: true, data }), parse: (data) => data };
const manifest = { id: 'plain', title: { fr: 'Simple', en: 'Plain' }, kinds: ['*'], operations: { drop: { idempotence: 'none' } } };
class NotSent extends Error { kind = 'not-sent'; }
export const connector = { manifest, settings: strict, check: async () => {}, submit: async () => { throw new NotSent('closed'); }, probe: async () => 'unknown' };
`;

describe('connectors from outside', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'relais-external-'));
    await write('plain.mjs', PLAIN);
    await write('rehearsal.mjs', 'export const rehearsals = [{ operation: \'drop\', skips: {}, open() {} }];');
    await write('node_modules/relais-connector-packed/package.json', JSON.stringify({ name: 'relais-connector-packed', type: 'module', exports: { '.': './main.js', './rehearsal': './rehearsal.js' } }));
    await write('node_modules/relais-connector-packed/main.js', PLAIN.replaceAll('plain', 'packed').replace('export const connector =', 'export default'));
    await write('node_modules/relais-connector-packed/rehearsal.js', 'export const rehearsals = \'none\';');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function write(name: string, text: string): Promise<void> {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }

  async function refusal(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RelaisError).with.property('code', 'RELAIS_CONNECTOR_LOAD');
    return (error as RelaisError).message;
  }

  it('are files beside the configuration and npm packages, after those of the build', async () => {
    const all = await withExternalConnectors(connectors, ['./plain.mjs', 'relais-connector-packed'], folder);
    expect([...all.keys()]).to.deep.equal([...connectors.keys(), 'plain', 'packed']);
    expect((await loadRehearsals('./plain.mjs', folder)).map(({ operation }) => operation)).to.deep.equal(['drop']);
    expect((await loadConnector(path.join(folder, 'plain.mjs'), '/')).manifest.id).to.equal('plain');
  });

  it('may throw failures of their own copy of the contract', async () => {
    const plain = await loadConnector('./plain.mjs', folder) as unknown as { submit(): Promise<never> };
    const error: unknown = await plain.submit().catch((thrown: unknown) => thrown);
    expect(isFailure(error) && error.kind).to.equal('not-sent');
    expect([new Error('no'), { kind: 'refused' }, Object.assign(new Error('no'), { kind: 'else' })].map(isFailure)).to.deep.equal([false, false, false]);
  });

  it('are refused in plain words, all of them at once', async () => {
    await write('nothing.mjs', 'export const other = 1;');
    await write('broken.mjs', 'export const connector = {');
    await write('twice.mjs', PLAIN.replaceAll('plain', 'folder'));
    const message = await refusal(withExternalConnectors(connectors, ['./gone.mjs', './nothing.mjs', './broken.mjs', './twice.mjs', 'relais-connector-gone', './plain.mjs'], folder));

    const lines = message.split('\n');
    expect(lines).to.have.length(5);
    expect(lines[0]).to.equal(`connector ./gone.mjs: there is no file ${path.join(folder, 'gone.mjs')}`);
    expect(lines[1]).to.equal('connector ./nothing.mjs: found the exports other, expected one named connector');
    expect(lines[2]).to.match(/^connector \.\/broken\.mjs: it cannot be loaded: /);
    expect(lines[3]).to.equal('connector ./twice.mjs: its id folder is taken by another connector');
    expect(lines[4]).to.match(/^connector relais-connector-gone: it is not installed; npm install relais-connector-gone in /);
  });

  it('say how to link this Relais where they do not find it', async () => {
    await write('unlinked.mjs', 'import { NotSent } from \'relais/connector-api\';\nexport const connector = NotSent;');
    expect(await refusal(loadConnector('./unlinked.mjs', folder))).to.match(/Cannot find package 'relais'.*; link this Relais to it: npm install --no-save/);
  });

  it('are rehearsed by a list', async () => {
    expect(await refusal(loadRehearsals('relais-connector-packed', folder))).to.equal('connector relais-connector-packed/rehearsal: expected an export named rehearsals, a list of {operation, skips, open}');
  });

  it('have the shape of those of the build', () => {
    for (const [id, connector] of connectors) expect(connectorMistakes(connector), id).to.deep.equal([]);
  });

  const wrong: [what: string, change: object, told: string][] = [
    ['no probe', { probe: undefined }, 'probe: a function'],
    ['no track where it answers later', { track: undefined }, 'track: a function, because an operation answers later'],
    ['settings of another kind', { settings: { parse: () => undefined } }, 'settings: a schema of zod 4'],
    ['an id that is no name', { manifest: { ...signingDesk.manifest, id: 'Signing Desk' } }, 'manifest.id: lower-case letters, digits and hyphens, a letter first'],
    ['no operation', { manifest: { ...signingDesk.manifest, operations: {} } }, 'manifest.operations: at least one operation'],
    ['a later contract', { manifest: { ...signingDesk.manifest, api: 2 } }, 'manifest.api: a contract that this Relais knows: it speaks version 1; update Relais'],
    ['a misspelt promise', { manifest: { ...signingDesk.manifest, operations: { sign: { idempotence: 'client-key', answerLater: true } } } }, 'manifest.operations.sign: Unrecognized key: "answerLater"'],
  ];
  for (const [what, change, told] of wrong) {
    it(`are refused with ${what}`, () => {
      expect(connectorMistakes({ ...signingDesk, ...change })).to.include(told);
    });
  }

  it('are refused when they are not even an object', () => {
    expect(connectorMistakes(12)).to.have.length(1);
    const odd: Partial<Connector> = { settings: z.strictObject({}) };
    expect(connectorMistakes(odd).map((line) => line.split(':')[0])).to.include.members(['manifest', 'check', 'submit', 'probe']);
  });
});
