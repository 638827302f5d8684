import { expect } from 'chai';
import Sqlite from 'better-sqlite3';
import fs from 'node:fs';
import path from 'node:path';
import { demoTown } from '../support/demo-town.js';
import { startGateway, temporaryFolder, waitFor, type GatewayProcess } from '../support/gateway-process.js';
import { letterboxConnector } from '../support/letterbox-connector.js';
import { relais, type Ended } from '../support/relais-command.js';
import { call, collegeItem } from '../support/soap-call.js';

/** A town with a connector from outside that collects letters and waits for a person. */
describe('what waits on the other side, beside a running gateway', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  const there = path.join(folder, 'there');
  const data = path.join(folder, 'data');
  const file = demoTown(path.join(folder, 'config'), (text) => text
    .replace('server:\n', 'server:\n  connectors: [./letterbox.mjs]\n')
    .replace('    - id: returns\n', `    - id: letters\n      type: letterbox\n      settings: {folder: "${there}"}\n      collect: {every: 1 h, account: ged, meetingConfig: meeting-config-college, organisation: secretariat}\n    - id: returns\n`)
    .replace('  flows:\n', '  flows:\n    - id: acts\n      when: {condition: \'title = "Acte"\'}\n      steps:\n        - {id: transmit, connector: letters, results: {fields: {date_executoire: enforceableOn}}}\n'));
  const run = (...words: string[]): Promise<Ended> => relais([...words, '--lang', 'en'], { RELAIS_CONFIG: file, RELAIS_DATA: data });
  const letter = (key: string, words: string): void => { fs.writeFileSync(path.join(there, 'letters', key), words); };
  const titled = (title: string): { uid: string; extra: string }[] => database.prepare('SELECT uid, extra FROM item WHERE title = ?').all(title) as { uid: string; extra: string }[];
  let gateway: GatewayProcess;
  let database: Sqlite.Database;
  let act: string;
  let delivery: { id: string; state: string; reference: string };
  const look = (): typeof delivery => database.prepare('SELECT id, state, remote_reference AS reference FROM delivery WHERE item_uid = ?').get(act) as typeof delivery;

  before(async () => {
    for (const name of ['letters', 'read', 'answers']) fs.mkdirSync(path.join(there, name), { recursive: true });
    fs.writeFileSync(path.join(folder, 'config', 'letterbox.mjs'), letterboxConnector());
    letter('first.txt', 'Bonjour');
    gateway = await startGateway({ data, config: file });
    database = new Sqlite(path.join(data, 'relais.sqlite'), { readonly: true });
    const answer = await call(`${gateway.url}/ws4pm`, 'createItem', collegeItem('Acte'));
    act = answer.reply['UID'] as string;
    await waitFor(() => look().state === 'sent', 20_000, () => gateway.output());
    delivery = look();
  });
  after(async () => {
    database.close();
    await gateway.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('the gateway fetches by itself, keeps it, then marks it', async () => {
    await waitFor(() => fs.existsSync(path.join(there, 'read', 'first.txt')), 20_000, () => gateway.output());
    expect(titled('Lettre first.txt')).to.have.length(1);
    expect(gateway.output()).to.include('Collected');
  });

  it('a letter about an act is fetched at an operator\'s word, and linked with it', async () => {
    letter('demande.txt', `about ${delivery.reference}\nUne pièce manque.`);
    const { code, out, err } = await run('connectors', 'collect', 'letters');
    const [item] = titled('Lettre demande.txt');
    expect([code, out, err]).to.deep.equal([0, `demande.txt  new item: ${item!.uid}  Lettre demande.txt\n`, '']);
    expect(JSON.parse(item!.extra)).to.deep.equal({ receivedOn: '2027-02-28', manuallyLinkedItems: [act] });
    const shown = await run('items', 'show', act);
    expect(shown.out).to.include(`linked with another item (${item!.uid}), by relais`);
    expect((await run('items', 'show', item!.uid)).out).to.include('collected from the other side (letters), by relais').and.to.include('demande.txt: letter');
    expect((await run('connectors', 'collect', 'letters')).out).to.equal('letters: nothing waits.\n');
  });

  it('one that was kept when the process died is one item, and marked in the end', async () => {
    letter('deadly.txt', 'kill');
    const killed = await run('connectors', 'collect', 'letters');
    expect(killed.code).to.not.equal(0);
    expect([titled('Lettre deadly.txt').length, fs.existsSync(path.join(there, 'letters', 'deadly.txt'))]).to.deep.equal([1, true]);
    expect((await run('connectors', 'collect', 'letters')).out).to.equal('deadly.txt  kept before\n');
    expect([titled('Lettre deadly.txt').length, fs.existsSync(path.join(there, 'read', 'deadly.txt'))]).to.deep.equal([1, true]);
  });

  it('a connector that is held collects nothing, and the story of what waits for it says so', async () => {
    await run('connectors', 'hold', 'letters', '--reason', 'works');
    letter('later.txt', 'Bonjour');
    const { code, err } = await run('connectors', 'collect', 'letters');
    expect(code).to.equal(1);
    expect(err).to.match(/^RELAIS_CONNECTOR_FAILED\nletters is stopped by operator:\S+: works\n$/);
    expect((await run('items', 'show', act)).out).to.match(/Waits for the answer of letters \(step transmit\) for [^.]*\.\n {2}Connector letters was stopped by operator:\S+ some moments ago: works\n {2}then: relais connectors release letters\n/);
    await run('connectors', 'release', 'letters');
    expect(titled('Lettre later.txt')).to.deep.equal([]);
  });

  it('the address for a person is shown, and kept nowhere', async () => {
    const { code, out } = await run('deliveries', 'link', delivery.id);
    expect(code).to.equal(0);
    expect(out).to.match(new RegExp(`^https://platform\\.example/confirm\\?token=s3cr3t-${delivery.reference}\nValid until .*: give it only to the person who has to act there\\.\n$`));
    expect(gateway.output()).to.not.include('s3cr3t');
    const kept = fs.readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name)));
    expect(kept.some((bytes) => bytes.includes('s3cr3t'))).to.equal(false);
  });

  it('what it waited for comes back into a field of the item, which callers see', async () => {
    fs.writeFileSync(path.join(there, 'answers', delivery.reference), '');
    expect((await run('deliveries', 'link', delivery.id)).out).to.equal('This delivery waits for nobody.\n');
    await run('deliveries', 'ask', delivery.id);
    await waitFor(() => look().state === 'done', 20_000, () => gateway.output());
    const answer = await call(`${gateway.url}/ws4pm`, 'getItemInfos', `<UID>${act}</UID><showExtraInfos>true</showExtraInfos>`);
    expect(answer.text).to.include('<date_executoire>2027-03-01</date_executoire>');
    expect((await run('deliveries', 'link', delivery.id)).err).to.match(/^RELAIS_DELIVERY_STATE\n/);
  });

  it('connectors that collect nothing, or are not there, are named', async () => {
    expect(await run('connectors', 'collect', 'outbox')).to.deep.include({ code: 1, err: 'RELAIS_COMMAND_USAGE\nfound outbox, which collects nothing; expected a connector with the key collect\n' });
    for (const words of [['connectors', 'collect', 'lettrs'], ['deliveries', 'retry', '--connector', 'lettrs'], ['deliveries', 'list', '--connector', 'lettrs']]) {
      const { code, err } = await run(...words);
      expect([code, err.split(',')[0]], words.join(' ')).to.deep.equal([1, 'RELAIS_COMMAND_USAGE\nfound the connector lettrs']);
      expect(err).to.include('did you mean letters?');
    }
  });
});
