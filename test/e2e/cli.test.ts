import { expect } from 'chai';
import Sqlite from 'better-sqlite3';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { demoTown } from '../support/demo-town.js';
import { startGateway, temporaryFolder, waitFor, type GatewayProcess } from '../support/gateway-process.js';
import { program } from '../support/program.js';
import { relais } from '../support/relais-command.js';
import { call, collegeItem } from '../support/soap-call.js';

const root = path.resolve(import.meta.dirname, '../..');
const HASH = /^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}\n$/;

/** Ends the wait of every delivery, while no gateway runs: half a minute is long for a test. */
function makeDue(data: string): void {
  const database = new Sqlite(path.join(data, 'relais.sqlite'));
  expect(database.prepare("UPDATE delivery SET due_at = 0 WHERE state = 'ready'").run().changes).to.equal(1);
  // on a slow machine the connector was tried again meanwhile, and the time to its next try has grown
  database.prepare("UPDATE connector_state SET canary_at = 0 WHERE breaker = 'open'").run();
  database.close();
}

describe('relais, the command', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  describe('shows how it is used', () => {
    const helps: [words: string[], mentions: string[]][] = [
      [[], ['serve', 'config', 'users', 'items', 'RELAIS_DATA', 'Exit code']],
      [['serve'], ['until SIGTERM']],
      [['config', 'check'], ['[file]', '--connectors']],
      [['users', 'hash'], ['standard input']],
      [['items', 'list'], ['--authority', '--json', '--lang', '--limit']],
      [['journal', 'verify'], ['--authority', '--json', 'last hash']],
      [['journal', 'export'], ['<uid>', '--output', 'README.txt']],
      [['deliveries', 'list'], ['--state', '--connector', '--flow', '--step', '--item', '--older', '--reason', '--json']],
      [['deliveries', 'retry'], ['[ids...]', '--yes', '--dry-run']],
      [['connectors', 'hold'], ['<id>', '--reason']],
      [['items', 'transition'], ['<uid>', '<transition>', '--comment', '--meeting']],
      [['config', 'explain'], ['UID', 'JSON', 'createItem', '--as']],
      [['config', 'diff'], ['<file>', '--json']],
      [['items', 'show'], ['<uid>', '--authority', '--json', '--lang']],
    ];
    it('for each command', async () => {
      await Promise.all(helps.map(async ([words, mentions]) => {
        const { code, out, err } = await relais([...words, '--help']);
        expect([code, err], words.join(' ')).to.deep.equal([0, '']);
        for (const mention of mentions) expect(out).to.include(mention);
      }));
    });

    it('and its version', async () => {
      expect((await relais(['--version'])).out).to.match(/^\d+\.\d+\.\d+\n$/);
    });
  });

  it('refuses wrong use with 1, a reason on standard error and nothing on standard output', async () => {
    const wrong: [words: string[], reason: RegExp][] = [
      [['itms'], /unknown command 'itms'[^]*Did you mean items[^]*--help/],
      [['items', 'show'], /missing required argument 'uid'[^]*--help/],
      [['deliveries', 'retry'], /^RELAIS_COMMAND_USAGE\nfound neither ids nor an option[^]*--state parked/],
      [['deliveries', 'list', '--older', 'soon'], /^RELAIS_COMMAND_USAGE\n--older: found soon, expected a duration such as 30min, 2h or 3d\n/],
      [['deliveries', 'retry', '--state', 'done'], /'done' is invalid[^]*ready, parked/],
      [['deliveries', 'retry', '--state', 'parked', '--yes', '--dry-run'], /cannot be used with/],
      [['connectors', 'hold', 'outbox'], /--reason/],
      [['items', 'list', '--lang', 'de'], /'de' is invalid[^]*fr, en/],
      [['serve', 'now'], /too many arguments/],
      [['config', 'check', '/no/such.yaml'], /^RELAIS_CONFIG_INVALID\n\/no\/such\.yaml:1:1 {2}found no such file, expected the configuration/],
      [['items', 'list'], /^RELAIS_STORE_UNAVAILABLE\nno Relais data in (?<folder>\S+)[^]*The data folder is \k<folder> \(RELAIS_DATA\)/],
    ];
    await Promise.all(wrong.map(async ([words, reason]) => {
      const { code, out, err } = await relais(words, { RELAIS_DATA: path.join(folder, 'nothing-here') });
      expect([code, out], words.join(' ')).to.deep.equal([1, '']);
      expect(err).to.match(reason).and.not.match(/ {4}at /);
    }));
  });

  describe('config check', () => {
    it('says that the demonstration is right', async () => {
      const { code, out } = await relais(['config', 'check']);
      expect([code, out]).to.deep.equal([0, `${path.join(root, 'config/relais.yaml')} is right. Authorities: default\n`]);
    });

    it('shows each mistake with its place', async () => {
      const file = demoTown(path.join(folder, 'mistakes'), (text) => text.replace('shortName: College', 'shortname: College').replace('type: folder', 'type: foldr'));
      const { code, err } = await relais(['config', 'check', file]);
      expect(code).to.equal(1);
      expect(err.split('\n').filter((line) => /relais\.yaml:\d+:\d+ {2}authority\.\S+: found .+, expected /.test(line))).to.have.length(3);
    });

    it('asks the connectors only when it is told to', async () => {
      const file = demoTown(path.join(folder, 'unmounted'), (text) => text.replace(/path: .*\n *create: true/, () => `path: ${folder}/not-mounted`));
      expect((await relais(['config', 'check', file])).code).to.equal(0);
      const { code, err } = await relais(['config', 'check', '--connectors', file]);
      expect(code).to.equal(1);
      expect(err).to.match(/^RELAIS_CONFIG_CONNECTOR\ndefault, connector outbox: .*not-mounted.*does not exist/);
    });
  });

  describe('users hash', () => {
    it('reads the password from standard input', async () => {
      const { code, out } = await relais(['users', 'hash'], {}, 'correct horse\n');
      expect(code).to.equal(0);
      expect(out).to.match(HASH);
    });

    it('refuses an empty one', async () => {
      const { code, out, err } = await relais(['users', 'hash'], {}, '\n');
      expect([code, out, err]).to.deep.equal([1, '', 'RELAIS_COMMAND_USAGE\nthe password is empty\n']);
    });
  });

  describe('serve', () => {
    it('ends with 1 and plain words when the port is taken, and with 0 after SIGTERM', async () => {
      const gateway = await startGateway({ data: path.join(folder, 'first') });
      const port = new URL(gateway.url).port;
      const { code, err } = await relais(['serve'], { PORT: port, RELAIS_DATA: path.join(folder, 'second') });
      expect(code).to.equal(1);
      expect(err).to.match(/^The address is in use .*PORT, or server\.port\.\n$/);
      const shared = await relais(['serve'], { PORT: '0', RELAIS_DATA: path.join(folder, 'first') });
      expect([shared.code, shared.err.split('\n')[0]]).to.deep.equal([1, 'RELAIS_STORE_IN_USE']);
      expect(await gateway.stop()).to.equal(0);
    });

    it('runs by the command, too, until SIGTERM', async () => {
      const child = spawn(process.execPath, [...program(), 'serve'], {
        cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, RELAIS_CONFIG: '', RELAIS_DATA: path.join(folder, 'third'), PORT: '0' },
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
      await waitFor(() => output.includes('Relais is ready') || child.exitCode !== null, 30_000, () => output);
      child.kill('SIGTERM');
      await waitFor(() => child.exitCode !== null, 30_000, () => output);
      expect(child.exitCode).to.equal(0);
      expect(output).to.include('Relais is stopping');
    });
  });

  describe('items', () => {
    const data = path.join(folder, 'data');
    const out = path.join(folder, 'out');
    const config = path.join(folder, 'config');
    const environment = { RELAIS_CONFIG: path.join(config, 'relais.yaml'), RELAIS_DATA: data };
    let gateway: GatewayProcess;
    let uid: string;
    before(async () => {
      // The share is not mounted yet, so the delivery waits …
      demoTown(config, (text) => text.replace(/path: .*\n *create: true/, () => `path: ${out}`));
      gateway = await startGateway({ data, config: environment.RELAIS_CONFIG });
      const answer = await call(`${gateway.url}/ws4pm`, 'createItem', collegeItem('Voirie', '<externalIdentifier>cli-1</externalIdentifier>', [{ name: 'a.txt', bytes: Buffer.from('bonjour') }]));
      uid = answer.reply['UID'] as string;
      await waitFor(() => gateway.output().includes('A delivery is tried again later'), 20_000, () => gateway.output());
    });
    after(() => gateway.stop());

    it('list shows the newest, and the only authority needs no mention', async () => {
      const { code, out: text } = await relais(['items', 'list', '--limit', '1'], environment);
      expect(code).to.equal(0);
      expect(text).to.match(new RegExp(`^\\S+Z {2}${uid} {2}itemcreated {2}meeting-config-college {2}Voirie\n$`));
      expect(JSON.parse((await relais(['items', 'list', '--json'], environment)).out)).to.have.nested.property('[0].externalIdentifier', 'cli-1');
      for (const limit of ['0', '1.5', 'many']) {
        expect(await relais(['items', 'list', '--limit', limit], environment)).to.include({ code: 1, err: `RELAIS_COMMAND_USAGE\n--limit: found ${limit}, expected a number from 1 on\n` });
      }
    });

    it('show tells why a delivery waits', async () => {
      const { code, out: text } = await relais(['items', 'show', uid], environment);
      expect(code).to.equal(0);
      expect(text).to.include('étape 1-outbox (outbox) : prête à partir').and.to.include('does not exist').and.to.include('créé → itemcreated');
      expect(gateway.output()).to.include('A connector cannot work as it is configured');
    });

    it('show tells that a parked delivery needs a person, and what to correct', async () => {
      // … and something else stands in its place when the gateway comes back.
      fs.mkdirSync(path.join(out, 'default/meeting-config-college', uid), { recursive: true });
      await gateway.stop();
      makeDue(data);
      gateway = await startGateway({ data, config: environment.RELAIS_CONFIG });
      await waitFor(() => gateway.output().includes('A delivery needs someone'), 20_000, () => gateway.output());
      const english = await relais(['items', 'show', uid, '--lang', 'en'], environment);
      expect(english.out).to.include('step 1-outbox (outbox): stopped, a person is needed').and.to.include('Move it away, then retry.');
      const { deliveries, journal } = JSON.parse((await relais(['items', 'show', uid, '--json'], environment)).out) as { deliveries: { state: string; reason: string }[]; journal: { event: string }[] };
      expect(deliveries.map(({ state }) => state)).to.deep.equal(['parked', 'waiting', 'waiting', 'waiting', 'waiting', 'waiting']);
      expect(journal.at(-1)?.event).to.equal('delivery.parked');
    });

    it('journal verify proves that nothing was altered, and tells where something was', async () => {
      const { code, out: text } = await relais(['journal', 'verify'], environment);
      expect(code).to.equal(0);
      expect(text).to.match(/^[1-9]\d* entries, last hash [0-9a-f]{64}\n\d+ seals over the entries up to \d+\n$/);
      await gateway.stop();
      const database = new Sqlite(path.join(data, 'relais.sqlite'));
      const { data: before } = database.prepare('SELECT data FROM journal WHERE sequence = 1').get() as { data: string };
      const alter = (value: string): void => { database.prepare('UPDATE journal SET data = ? WHERE sequence = 1').run(value); };
      alter('{}');
      const altered = await relais(['journal', 'verify', '--json'], environment);
      expect(altered.code).to.equal(1);
      expect(altered.err).to.include('RELAIS_STORE_CORRUPT\nthe journal of default was altered: entry 1 does not follow from the one before it\n');
      expect(JSON.parse(altered.out)).to.include({ entries: 0, problem: 'entry 1 does not follow from the one before it' });
      alter(before);
      database.close();
      gateway = await startGateway({ data, config: environment.RELAIS_CONFIG });
    });

    it('refuses an item and an authority that are not there', async () => {
      expect(await relais(['items', 'show', 'abc'], environment)).to.include({ code: 1, err: 'RELAIS_ITEM_UNKNOWN\nfound abc, expected the UID of an item of authority default\n' });
      for (const words of [['list'], ['show', uid]]) {
        expect(await relais(['items', ...words, '--authority', 'nope'], environment)).to.include({ code: 1, err: 'RELAIS_COMMAND_USAGE\n--authority: found nope, expected one of default\n' });
      }
    });

    it('asks which authority is meant where there are several', async () => {
      fs.writeFileSync(path.join(config, 'authorities/bourg.yaml'), 'title: Bourg\n');
      expect(await relais(['items', 'list'], environment)).to.include({ code: 1, err: 'RELAIS_COMMAND_USAGE\nfound several authorities, expected --authority with one of default, bourg\n' });
      expect((await relais(['items', 'list', '--authority', 'bourg', '--lang', 'en'], environment)).out).to.equal('No item.\n');
    });
  });
});
