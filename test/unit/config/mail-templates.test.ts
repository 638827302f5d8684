import { expect } from 'chai';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { smtp } from '../../../connectors/smtp/index.js';
import { loadConfiguration } from '../../../src/config/load-configuration.js';
import { ConfigurationInvalid } from '../../../src/config/problem.js';
import { SMALL } from './temporary-configuration.js';

describe('templates of mails in the configuration', () => {
  let folder: string;
  beforeEach(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-templates-')); });
  afterEach(() => { fs.rmSync(folder, { recursive: true }); });

  async function problemsWith(template: string): Promise<readonly string[]> {
    const file = path.join(folder, 'relais.yaml');
    fs.mkdirSync(path.join(folder, 'templates'));
    fs.writeFileSync(path.join(folder, 'templates/decision.txt'), template);
    fs.writeFileSync(file, SMALL.replace('type: folder', 'type: smtp').replace('{path: /tmp}', '{host: mail.example, from: a@b.example, templates: {decision: "${file:templates/decision.txt}"}}').replace('- connector: outbox', '- connector: outbox\n          fields: {to: {value: [a@b.example]}, template: {value: decision}}'));
    const loaded = loadConfiguration(file, {}, { connectors: new Map([['smtp', smtp]]), findSimulation: () => Promise.resolve(undefined) });
    return await loaded.then(() => [], (error: unknown) => {
      if (error instanceof ConfigurationInvalid) return error.problems.map(({ message }) => message);
      throw error;
    });
  }

  it('are files beside it', async () => {
    expect(await problemsWith('Objet : {{title}}\n\nBonjour {{extra.mail_from_name}}\n')).to.deep.equal([]);
  });

  it('are checked, with the line and the name of what is unknown', async () => {
    const [problem = '', ...others] = await problemsWith('Objet : {{title}}\n\nBonjour\n{{titre}}\n');
    expect(others).to.deep.equal([]);
    expect(problem).to.match(/^found "\$\{file:templates\/decision\.txt\}", expected a template without mistakes; line 4: \{\{titre\}\} is unknown, expected one of uid, kind, title/);
  });
});
