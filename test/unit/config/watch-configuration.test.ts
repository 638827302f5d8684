import { expect } from 'chai';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfiguration, type Configuration } from '../../../src/config/load-configuration.js';
import { createConfigurationHolder, type ConfigurationHolder, type HolderOptions } from '../../../src/config/watch-configuration.js';
import { waitFor } from '../../support/gateway-process.js';
import { connectors, SMALL } from './temporary-configuration.js';

describe('the configuration in force', () => {
  let folder = '';
  let holder: ConfigurationHolder | undefined;
  let events: string[] = [];

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-watch-'));
    events = [];
    write('relais.yaml', SMALL);
  });
  afterEach(async () => {
    await holder?.close();
    fs.rmSync(folder, { recursive: true });
  });

  function write(name: string, text: string): void {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }

  async function hold(options: Partial<HolderOptions> = {}): Promise<ConfigurationHolder> {
    const load = (): Promise<Configuration> => loadConfiguration(path.join(folder, 'relais.yaml'), {}, { connectors });
    holder = createConfigurationHolder({
      initial: await load(), load, watch: false,
      onChange: (_configuration, diff) => { events.push(diff.map(({ text }) => text).join(' | ')); },
      onProblem: (error) => { events.push(`problem: ${(error as Error).message.replaceAll(folder, '')}`); },
      ...options,
    });
    await holder.watching;
    return holder;
  }

  const title = (): string | undefined => holder?.current().authorities[0]?.authority.title;
  const happened = (count: number): Promise<void> => waitFor(() => events.length >= count, 10_000, () => `events: ${JSON.stringify(events)}`);

  it('is replaced as a whole by a reload', async () => {
    const { current, reload } = await hold();
    const before = current();
    write('relais.yaml', SMALL.replace('Petite Ville', 'Grande Ville'));
    expect(await reload()).to.deep.equal({ changed: true, diff: [{ text: 'default: title changed: "Petite Ville" → "Grande Ville"', restart: false }] });
    expect([title(), before.authorities[0]!.authority.title]).to.deep.equal(['Grande Ville', 'Petite Ville']);
    expect(await reload()).to.deep.equal({ changed: false, diff: [] });
  });

  it('stays when the new one is wrong, with every mistake told', async () => {
    const { current, reload } = await hold();
    const before = current();
    write('relais.yaml', SMALL.replace('connector: outbox', 'connector: inbox').replace('[ged]', '[gde]'));
    const reloaded = await reload();
    expect(reloaded).to.have.property('problem').that.matches(/relais\.yaml:6:.*"gde"[^]*relais\.yaml:23:.*"inbox"/);
    expect(current()).to.equal(before);
    expect(events).to.have.length(1).and.to.have.property('0').that.matches(/^problem: /);
    write('relais.yaml', SMALL.replace('Petite Ville', 'Grande Ville'));
    await reload();
    expect(title()).to.equal('Grande Ville');
  });

  it('stays when it cannot be put in force', async () => {
    const { reload } = await hold({ onChange: () => Promise.reject(new Error('no room')) });
    write('relais.yaml', SMALL.replace('Petite Ville', 'Grande Ville'));
    expect(await reload()).to.deep.equal({ problem: 'no room' });
    expect([title(), events]).to.deep.equal(['Petite Ville', ['problem: no room']]);
  });

  it('reloads go one after the other, and those that wait together are one', async () => {
    let running = 0;
    let most = 0;
    let loads = 0;
    const { reload } = await hold({
      load: async () => {
        loads += 1;
        running += 1;
        most = Math.max(most, running);
        const loaded = await loadConfiguration(path.join(folder, 'relais.yaml'), {}, { connectors });
        running -= 1;
        return loaded;
      },
    });
    const first = reload();
    // It has begun, so these need another one.
    await Promise.resolve();
    const second = [reload(), reload(), reload()];
    await Promise.all([first, ...second]);
    expect([most, loads]).to.deep.equal([1, 2]);
    expect(second[0]).to.equal(second[1]);
  });

  it('is read again when a file changes, once for several writes', async () => {
    await hold({ watch: true });
    for (const name of ['A', 'B', 'Grande Ville']) write('relais.yaml', SMALL.replace('Petite Ville', name));
    await happened(1);
    expect([title(), events]).to.deep.equal(['Grande Ville', ['default: title changed: "Petite Ville" → "Grande Ville"']]);
  });

  it('follows what it is read from: new authorities, parts, secrets, and a file that a mistake names', async () => {
    await hold({ watch: true });
    write('authorities/bourg.yaml', 'extends: ../part.yaml\ntitle: Bourg\norganisations: [{id: v, title: V}]\nusers: [{id: ged}]\n');
    await happened(1);
    expect(events[0]).to.match(/^problem: .*\/part\.yaml/);
    write('part.yaml', 'connectors: [{id: out, type: folder, settings: {path: "${file:secret}"}}]\n');
    await happened(2);
    expect(events[1]).to.match(/^problem: .*expected a readable file/);
    write('secret', '/one');
    await happened(3);
    expect(events[2]).to.match(/^authority bourg added/);
    write('secret', '/two');
    await happened(4);
    expect(events[3]).to.equal('bourg: connector out: settings.path is the same text, "${file:secret}", but what it refers to changed');
    fs.rmSync(path.join(folder, 'authorities/bourg.yaml'));
    await happened(5);
    expect(events[4]).to.match(/^authority bourg removed/);
  }).timeout(60_000);

  it('a broken file while it watches keeps the old one', async () => {
    await hold({ watch: true });
    write('relais.yaml', 'authority: [');
    await happened(1);
    expect([title(), events[0]]).to.deep.equal(['Petite Ville', 'problem: /relais.yaml:1:12  found a bracket that is not closed, expected } or ] at the end of what it opens']);
    write('relais.yaml', SMALL.replace('Petite Ville', 'Grande Ville'));
    await happened(2);
    expect(title()).to.equal('Grande Ville');
  });

  it('after the close nothing is read again', async () => {
    const { close, reload } = await hold({ watch: true });
    const last = reload();
    await close();
    expect(await last).to.deep.equal({ changed: false, diff: [] });
    expect(events).to.have.length(1);
  });
});
