import { expect } from 'chai';
import Sqlite from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { demoTown } from '../support/demo-town.js';
import { startGateway, temporaryFolder, waitFor, type GatewayProcess } from '../support/gateway-process.js';
import { relais, type Ended } from '../support/relais-command.js';
import { call, collegeItem } from '../support/soap-call.js';

const operator = `operator:${os.userInfo().username}`;

interface Listed { readonly id: string; readonly step: string; readonly state: string }

/** Beside a running gateway: a town whose first step looks up each external identifier in a table that knows `known` only. */
describe('relais, the operator\'s commands beside a running gateway', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  const data = path.join(folder, 'data');
  const file = demoTown(path.join(folder, 'config'), (text) => text
    .replace('subject: $uppercase(title)', 'subject: {table: references, from: externalIdentifier}')
    .replace('  tables:\n', '  tables:\n    references:\n      known: K-1\n'));
  const environment = { RELAIS_CONFIG: file, RELAIS_DATA: data };
  const run = (...words: string[]): Promise<Ended> => relais(words, environment);
  let gateway: GatewayProcess;
  let database: Sqlite.Database;

  before(async () => {
    gateway = await startGateway({ data, config: file });
    database = new Sqlite(path.join(data, 'relais.sqlite'), { readonly: true });
  });
  after(async () => {
    database.close();
    await gateway.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function createItem(title: string, reference: string): Promise<string> {
    const annex = { name: 'a.txt', bytes: Buffer.from('bonjour') };
    const answer = await call(`${gateway.url}/ws4pm`, 'createItem', collegeItem(title, `<externalIdentifier>${reference}</externalIdentifier>`, [annex]));
    return answer.reply['UID'] as string;
  }

  const deliveriesOf = (item: string): Listed[] => database.prepare('SELECT id, step, state FROM delivery WHERE item_uid = ? ORDER BY seq').all(item) as Listed[];
  const stepOf = (item: string, step: string): Listed => deliveriesOf(item).findLast((delivery) => delivery.step === step)!;
  const reaches = (item: string, step: string, state: string): Promise<void> =>
    waitFor(() => stepOf(item, step).state === state, 20_000, () => `${JSON.stringify(deliveriesOf(item))}\n${gateway.output()}`);

  let held: string;
  let parked: string;

  it('a connector that is held sends nothing until it is released', async () => {
    const holding = await run('connectors', 'hold', 'outbox', '--reason', 'works on the share', '--lang', 'en');
    expect([holding.code, holding.err]).to.deep.equal([0, '']);
    held = await createItem('Voirie', 'known');
    const { out } = await run('connectors', 'list', '--lang', 'en');
    expect(out).to.match(new RegExp(`^outbox \\(folder\\): stopped by ${operator} for some moments: works on the share\n {2}ready to go: 1, for some moments\n`));
    expect(out).to.include('archive (folder): works');
    expect(stepOf(held, '1-outbox').state).to.equal('ready');

    const released = await run('connectors', 'release', 'outbox', '--lang', 'en');
    expect(released.out).to.equal('outbox is started again. A running gateway notices within 2 seconds.\n');
    await reaches(held, '1-outbox', 'done');
    expect((await run('connectors', 'release', 'outbox', '--lang', 'en')).out).to.include('nothing to change');
  });

  it('a connector that is not there is not held', async () => {
    const { code, err } = await run('connectors', 'hold', 'outbx', '--reason', 'x');
    expect([code, err]).to.deep.equal([1, 'RELAIS_COMMAND_USAGE\nfound the connector outbx, expected one of outbox, deliberation, signature, archive, transmission, pastell, ged, acquits, retours, returns; did you mean outbox?\n']);
  });

  it('connectors that work answer', async () => {
    const { code, out } = await run('connectors', 'check', 'outbox', '--json');
    expect([code, JSON.parse(out)]).to.deep.equal([0, [{ connector: 'outbox', type: 'folder', simulated: false, problem: null, choices: {} }]]);
  });

  it('what stopped is found, with what to do about it', async () => {
    parked = await createItem('Permis', 'new-one');
    await reaches(parked, '1-outbox', 'parked');
    const { id } = stepOf(parked, '1-outbox');
    expect((await run('items', 'list', '--parked')).out).to.match(new RegExp(`^\\S+ {2}${parked} [^\n]*Permis\n$`));
    expect((await run('items', 'list', '--parked', '--source', 'urbanisme', '--lang', 'en')).out).to.equal('No item.\n');
    const shown = await run('deliveries', 'show', id, '--lang', 'en');
    expect(shown.out).to.include('stopped, a person is needed').and.to.include('new-one').and.to.include('to do: ').and.to.include(`then: relais deliveries retry ${id}`);
    const [listed] = JSON.parse((await run('deliveries', 'list', '--reason', 'NEW-ONE', '--older', '1s', '--json')).out) as Listed[];
    expect(listed).to.include({ id, state: 'parked' });
    expect((await run('deliveries', 'list', '--older', '1h', '--lang', 'en')).out).to.equal('No delivery.\n');
  });

  it('many are only counted and shown until somebody says yes', async () => {
    const { id } = stepOf(parked, '1-outbox');
    const dry = await run('deliveries', 'retry', '--connector', 'outbox', '--lang', 'en');
    expect(dry.code).to.equal(0);
    expect(dry.out).to.match(new RegExp(`^1 delivery to retry\\.\n {2}${id} [^]*Nothing was changed\\. Add --yes to do it\\.\n$`));
    expect(JSON.parse((await run('deliveries', 'cancel', '--state', 'parked', '--dry-run', '--json')).out)).to.deep.include({ matched: 1, changed: 0 });
    expect(stepOf(parked, '1-outbox').state).to.equal('parked');
  });

  it('after the correction, it goes on', async () => {
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('known: K-1\n', 'known: K-1\n      new-one: K-2\n'));
    await waitFor(() => gateway.output().includes('The configuration was replaced'), 20_000, () => gateway.output());
    const { code, out } = await run('deliveries', 'retry', '--state', 'parked', '--yes', '--lang', 'en');
    expect(code).to.equal(0);
    expect(out).to.include('1 delivery started again.\nA running gateway notices within 2 seconds.\n');
    await reaches(parked, '1-outbox', 'done');
    const again = await run('deliveries', 'retry', stepOf(parked, '1-outbox').id);
    expect(again.code).to.equal(1);
    expect(again.err).to.match(/^RELAIS_DELIVERY_STATE\nnothing to retry/);
    const unknown = await run('deliveries', 'retry', stepOf(parked, '1-outbox').id, 'abc');
    expect(unknown).to.include({ code: 1, err: 'RELAIS_DELIVERY_UNKNOWN\nfound abc, expected ids of deliveries of authority default (for all of an item: --item <UID>)\n' });
  });

  it('a decision that is made known lets a waiting step go on', async () => {
    const typo = await run('items', 'transition', parked, 'propse');
    expect(typo).to.include({ code: 1, err: 'RELAIS_ITEM_STATE\nfound the transition propse for an item in state itemcreated, expected one of propose; did you mean propose?\n' });
    for (const transition of ['propose', 'validate', 'present']) expect((await run('items', 'transition', parked, transition)).err).to.equal('');
    expect(stepOf(parked, 'decision').state).to.equal('waiting');
    const { out } = await run('items', 'transition', parked, 'accept', '--comment', 'séance du 3', '--lang', 'en');
    expect(out).to.equal('“Permis”: presented → accepted. A running gateway notices within 2 seconds.\n');
    await reaches(parked, 'decision', 'done');
    expect((await run('items', 'show', parked)).out).to.include(`accept → accepted (séance du 3), par ${operator}`);
    expect((await run('items', 'list', '--state', 'accepted')).out).to.include(parked);
  });

  it('sending again is warned of, and asks for a yes even for one', async () => {
    const { id } = stepOf(held, '1-outbox');
    const warned = await run('deliveries', 'resend', id, '--lang', 'en');
    expect(warned.out).to.include('may get the same thing twice').and.to.include('Add --yes');
    expect(deliveriesOf(held).filter(({ step }) => step === '1-outbox')).to.have.length(1);
    const sent = await run('deliveries', 'resend', id, '--yes', '--json');
    expect(JSON.parse(sent.out)).to.deep.equal({ matched: 1, changed: 1 });
    expect(deliveriesOf(held).filter(({ step }) => step === '1-outbox')).to.have.length(2);
    // its file is there already: the connector asks before it writes
    await waitFor(() => ['done', 'parked'].includes(stepOf(held, '1-outbox').state), 20_000, () => JSON.stringify(deliveriesOf(held)));
  });

  it('what is given up is told in the story of the item', async () => {
    const { id } = stepOf(held, 'decision');
    expect((await run('deliveries', 'cancel', id, '--comment', 'withdrawn by the mayor', '--lang', 'en')).code).to.equal(0);
    expect(stepOf(held, 'decision').state).to.equal('cancelled');
    expect((await run('items', 'show', held, '--lang', 'en')).out).to.include('withdrawn by the mayor').and.to.include(`by ${operator}`);
  });

  it('config explain goes the way of an item, config diff tells what changed', async () => {
    const { out } = await run('config', 'explain', parked);
    expect(out).to.match(/^Permis\n.*\nflow pes: no {3}[^]*\nflow college: takes it {3}\S+relais\.yaml:\d+\n/).and.to.match(/ subject {2}"K-2" ← table references of externalIdentifier \(row\), which is "new-one" {3}\S+relais\.yaml:\d+\n/).and.to.match(/Nothing was sent\.\n$/);
    expect((await run('config', 'diff', path.resolve('config/relais.yaml'))).out).to.include('default: table references removed');
  });

  it('the journal is sealed, verified, and given to a third party', async () => {
    const output = path.join(folder, 'proof.tar.gz');
    expect((await run('journal', 'seal')).out).to.match(/^1 seals made, 0 entries without a seal/);
    expect((await run('journal', 'export', parked, '--output', output)).code).to.equal(0);
    execFileSync('tar', ['-xzf', output, '-C', folder]);
    expect(() => execFileSync('bash', ['verify.sh'], { cwd: folder, stdio: 'pipe' })).to.not.throw();
    expect(fs.readFileSync(path.join(folder, 'proofs.txt'), 'utf8')).to.not.match(/ - /);
    const twice = await run('journal', 'export', parked, '--output', output);
    expect(twice.code).to.equal(1);
    expect(twice.err).to.match(/^RELAIS_COMMAND_USAGE\n--output: .* cannot be made/);
    expect(JSON.parse((await run('journal', 'verify', '--json')).out)).to.deep.include({ problem: null });
  });
});
