import { expect } from 'chai';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { authorityIds } from '../../../src/config/authority-ids.js';
import { externalConnectorsOf } from '../../../src/config/external-connectors.js';

describe('what is asked of the main file before it is checked', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-main-'));
  const file = path.join(folder, 'relais.yaml');
  after(() => { fs.rmSync(folder, { recursive: true }); });

  const cases: [name: string, text: string, connectors: string[], ids: string[]][] = [
    ['connectors and an id', 'server: {connectors: [relais-connector-x, ./mine.mjs]}\nauthority: {id: ville}\n', ['relais-connector-x', './mine.mjs'], ['ville']],
    ['neither', 'authority: {title: X}\n', [], ['default']],
    ['what is no text is left to the check', 'server: {connectors: [1, a, {b: c}]}\n', ['a'], []],
    ['nothing that can be read', 'server: {connectors: [a\nauthority: {id: [\n', [], []],
  ];
  for (const [name, text, connectors, ids] of cases) {
    it(name, () => {
      fs.writeFileSync(file, text);
      expect(externalConnectorsOf(file)).to.deep.equal(connectors);
      expect(authorityIds(file)).to.deep.equal(ids);
    });
  }

  it('no file at all', () => {
    expect(externalConnectorsOf(path.join(folder, 'none.yaml'))).to.deep.equal([]);
  });
});
