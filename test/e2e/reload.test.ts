import { expect } from 'chai';
import Sqlite from 'better-sqlite3';
import fs from 'node:fs';
import path from 'node:path';
import { demoTown } from '../support/demo-town.js';
import { startGateway, temporaryFolder, waitFor, type GatewayProcess } from '../support/gateway-process.js';
import { relais } from '../support/relais-command.js';
import { call, collegeItem } from '../support/soap-call.js';

const STREAMS = 2;
/** Between two items of a stream: the other side writes each to the disk, and what is asked for next must find its turn. */
const PAUSE_MS = 20;
interface Stopped { readonly id: string; readonly fix: string }

const REPLACED = 'The configuration was replaced';
const REFUSED = 'The new configuration has mistakes';

/** A town whose one step looks up each external identifier in a table that knows `known` only. */
function start(text: string): string {
  return text
    .replace('subject: $uppercase(title)', 'subject: {table: references, from: externalIdentifier}')
    .replace('  tables:\n', '  tables:\n    references:\n      known: K-1\n')
    .replace(/ {8}# A step goes after[^]*?when: reviewState.*\n/, '');
}

describe('a reload while items come in', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const data = path.join(folder, 'data');
  const file = demoTown(path.join(folder, 'config'), start);
  const right = fs.readFileSync(file, 'utf8');
  const failures: string[] = [];
  const accepted: string[] = [];
  let streams: Promise<void>[] = [];
  let feeding = true;
  let gateway: GatewayProcess;
  let database: Sqlite.Database;

  before(async () => {
    gateway = await startGateway({ data, config: file });
    database = new Sqlite(path.join(data, 'relais.sqlite'), { readonly: true });
    streams = Array.from({ length: STREAMS }, feed);
    await goesOn();
  });
  after(async () => {
    feeding = false;
    await Promise.all(streams);
    database.close();
    await gateway.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function feed(): Promise<void> {
    while (feeding) {
      try {
        accepted.push(await createItem('known'));
        await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
      } catch (error) {
        failures.push(String(error));
      }
    }
  }

  async function createItem(reference: string): Promise<string> {
    const answer = await call(`${gateway.url}/ws4pm`, 'createItem', collegeItem('Voirie', `<externalIdentifier>${reference}</externalIdentifier>`));
    const uid = answer.reply['UID'];
    if (answer.status !== 200 || typeof uid !== 'string') throw new Error(`${answer.status} ${answer.text}`);
    return uid;
  }

  const folderOf = (connector: string, uid: string): string => path.join(data, connector, 'default', 'meeting-config-college', uid);
  const arrives = (connector: string, uid: string): Promise<void> => waitFor(() => fs.existsSync(folderOf(connector, uid)), 20_000, () => `${uid} did not arrive in ${connector}: ${gateway.output().slice(-2_000)}`);
  const says = (text: string): Promise<void> => waitFor(() => gateway.output().includes(text), 20_000, () => `nothing says «${text}»: ${gateway.output().slice(-2_000)}`);

  /** Another twenty items are accepted, and the last of them is delivered. */
  async function goesOn(connector = 'outbox'): Promise<void> {
    const enough = accepted.length + 20;
    await waitFor(() => accepted.length >= enough || failures.length > 0, 20_000, () => `only ${accepted.length} of ${enough} came in`);
    expect(failures).to.deep.equal([]);
    await arrives(connector, accepted.at(-1) ?? '');
  }

  it('with a broken file fails nothing: the mistake is named by its place, and the configuration before stays', async () => {
    const broken = right.replace('- connector: outbox\n', '- connector: outbx\n');
    const before = broken.slice(0, broken.indexOf('outbx'));
    const place = `${file}:${before.split('\n').length}:${before.length - before.lastIndexOf('\n')}`;
    fs.writeFileSync(file, broken);
    gateway.child.kill('SIGHUP');
    await says(place);
    await says(REFUSED);
    await goesOn();

    fs.writeFileSync(file, `${right}\n  tables: [\n`);
    gateway.child.kill('SIGHUP');
    await waitFor(() => gateway.output().split(REFUSED).length > 2, 20_000, () => gateway.output().slice(-2_000));
    await goesOn();
    expect(gateway.output()).to.not.include(REPLACED);
    expect(gateway.child.exitCode).to.equal(null);
  });

  it('with a correct one takes effect at once, and what was under way goes on as it began', async () => {
    const parked = await createItem('new-one');
    const stopped = (): Stopped | undefined => database.prepare('SELECT id, fix FROM delivery WHERE item_uid = ? AND state = \'parked\'').get(parked) as Stopped | undefined;
    await waitFor(() => stopped() !== undefined, 20_000, () => `it was not parked: ${gateway.output().slice(-2_000)}`);
    const line = right.split('\n').indexOf('      known: K-1') + 1;
    expect(stopped()?.fix).to.match(new RegExp(`^${file}:${line} {2}.*"new-one": <value>$`));

    fs.writeFileSync(file, right
      .replace('known: K-1\n', 'known: K-1\n      "new-one": K-2\n')
      .replace('  connectors:\n', '  connectors:\n    - {id: second, type: folder, settings: {path: "${data}/second", create: true}}\n')
      .replaceAll('- connector: outbox\n', '- connector: second\n'));
    gateway.child.kill('SIGHUP');
    await says(REPLACED);
    await arrives('second', await createItem('known'));
    await goesOn('second');

    const { code, err } = await relais(['deliveries', 'retry', stopped()?.id ?? ''], { RELAIS_CONFIG: file, RELAIS_DATA: data });
    expect([code, err]).to.deep.equal([0, '']);
    await arrives('outbox', parked);
    const { fields } = JSON.parse(fs.readFileSync(path.join(folderOf('outbox', parked), 'item.json'), 'utf8')) as { fields: Record<string, unknown> };
    expect(fields).to.include({ subject: 'K-2' });
    expect(fs.existsSync(folderOf('second', parked)), 'it follows the flow that it came with').to.equal(false);
    expect(failures).to.deep.equal([]);
  });
});
