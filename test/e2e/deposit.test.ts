import { expect } from 'chai';
import Sqlite from 'better-sqlite3';
import fs from 'node:fs';
import path from 'node:path';
import { startGateway, temporaryFolder, waitFor, type GatewayProcess } from '../support/gateway-process.js';
import { expectDocumented, type OpenApiDocument } from '../support/openapi-conformance.js';
import { pesFile } from '../support/pes-file.js';

const FILES = 400;
/** Of the password `demo`. */
const HASH = '$scrypt$ln=14,r=8,p=5$CGt0oMWfQvyH+PXwXphhEA$RSKVVfrHohDfNQmZ9sY7pUSIG6Jgxg5/MlOPGb7TnwY';
const AUTHORIZATION = `Basic ${Buffer.from('compta:demo').toString('base64')}`;

/** A town whose finance software deposits, and gets back what was archived, as it would its acknowledgement. */
function town(root: string, more = ''): string {
  return `title: Huy
organisations: [{id: finances, title: Finances, members: {creators: [compta]}}]
users: [{id: compta, source: finance, password: '${HASH}', demo: true}]
meetingConfigs: [{id: college, shortName: College, title: Collège, annexTypes: [{id: annexe, title: Annexe}]}]
connectors: [{id: archive, type: folder, settings: {path: '${root}/archive', create: true, layout: files}}]
flows: [{id: pes, when: {kind: pes, source: finance}, steps: [{connector: archive}]}]
deposits:
  - id: finances
    kind: pes
    http: true
    place: {account: compta, meetingConfig: college, organisation: finances}
    folder: {path: '${root}/in', create: true, quiet: 300 ms, every: 100 ms}
${more}`;
}

describe('deposits of a started gateway', function () {
  this.timeout(120_000);
  const root = temporaryFolder();
  const data = path.join(root, 'data');
  const config = path.join(root, 'config/relais.yaml');
  const inbox = path.join(root, 'in');
  let gateway: GatewayProcess;

  before(async () => {
    fs.mkdirSync(path.join(root, 'config/authorities'), { recursive: true });
    fs.writeFileSync(config, 'server: {log: {format: json}}\n');
    fs.writeFileSync(path.join(root, 'config/authorities/huy.yaml'), town(root));
    gateway = await startGateway({ data, config });
  });
  after(async () => {
    await gateway.stop();
    fs.rmSync(root, { recursive: true, force: true });
  });

  const filesIn = (folder: string): string[] => (fs.existsSync(folder) ? fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name) : []);
  const today = (): string => path.join(inbox, 'processed', new Date().toISOString().slice(0, 10));
  const fetchFrom = (place: string, init: RequestInit = {}): Promise<Response> => fetch(gateway.url + place, { ...init, headers: { Authorization: AUTHORIZATION, ...init.headers as Record<string, string> } });
  function countItems(): number {
    const database = new Sqlite(path.join(data, 'relais.sqlite'), { readonly: true });
    try {
      return (database.prepare('SELECT count(*) AS items FROM item').get() as { items: number }).items;
    } finally {
      database.close();
    }
  }

  it('a file dropped into the folder becomes an item, follows its flow, and is put away', async () => {
    fs.writeFileSync(path.join(inbox, 'flux.xml'), pesFile({ nomFic: 'FLUX_1' }));
    await waitFor(() => filesIn(path.join(root, 'archive')).includes('flux.xml'), 20_000, () => gateway.output());
    expect(filesIn(path.join(root, 'archive')).filter((name) => !name.startsWith('.'))).to.deep.equal(['flux.xml']);
    await waitFor(() => filesIn(today()).includes('flux.xml'), 5000, () => 'not put away');
  });

  it('over HTTP, below the address of its authority, as its OpenAPI document says', async () => {
    const document = await (await fetch(`${gateway.url}/huy/deposit/openapi.json`)).json() as OpenApiDocument & { servers: { url: string }[] };
    expect(document.servers[0]?.url).to.equal('/huy');
    const answer = await fetchFrom('/huy/deposit/finances/flux.xml', { method: 'PUT', body: new Uint8Array(pesFile({ nomFic: 'FLUX_2' })), headers: { 'Content-Type': 'application/xml', 'Idempotency-Key': 'k1' } });
    const text = await answer.text();
    expect(expectDocumented(document, { method: 'PUT', path: '/deposit/finances/flux.xml', status: answer.status, contentType: answer.headers.get('content-type') ?? '', text })).to.equal('PUT /deposit/{deposit}/{filename} 201');
    const place = answer.headers.get('location') ?? '';
    await waitFor(async () => ((await (await fetchFrom(place)).json()) as { steps: { state: string }[] }).steps[0]?.state === 'done', 20_000, () => gateway.output());
    const told = await fetchFrom(place);
    expectDocumented(document, { method: 'GET', path: place.replace('/huy', ''), status: told.status, contentType: told.headers.get('content-type') ?? '', text: await told.text() });
    expect((await fetch(`${gateway.url}/huy/deposit/finances/flux.xml`, { method: 'PUT', body: 'x' })).status).to.equal(401);
    expect((await fetch(`${gateway.url}/deposit/finances/flux.xml`, { method: 'PUT', body: 'x' })).status).to.equal(404);
  });

  it('figures tell of both ways', async () => {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(text).to.match(/relais_deposits_total\{authority="huy",deposit="finances",way="folder",outcome="received"\} 1\n/);
    expect(text).to.match(/relais_deposits_total\{authority="huy",deposit="finances",way="http",outcome="received"\} 1\n/);
    expect(text).to.match(/relais_deposit_folder_up\{authority="huy",deposit="finances"\} 1\n/);
  });

  it('the share disappears: the gateway stays ready, the figures tell, and it goes on by itself', async () => {
    fs.renameSync(inbox, `${inbox}-away`);
    fs.writeFileSync(inbox, 'a file in the place of the folder');
    const isUp = async (): Promise<string | undefined> => /relais_deposit_folder_up\{[^}]*\} (\d)/.exec(await (await fetch(`${gateway.url}/metrics`)).text())?.[1];
    await waitFor(async () => await isUp() === '0', 10_000, () => gateway.output());
    expect((await fetch(`${gateway.url}/readyz`)).status).to.equal(200);
    fs.rmSync(inbox);
    fs.renameSync(`${inbox}-away`, inbox);
    await waitFor(async () => await isUp() === '1', 10_000, () => gateway.output());
    expect(gateway.output().match(/A deposit takes nothing from its folder/g)).to.have.length(1);
  });

  it('kill -9 while files are taken: after the restart each is one item, and all are put away', async () => {
    const before = countItems();
    for (let flow = 0; flow < FILES; flow += 1) fs.writeFileSync(path.join(inbox, `lot-${flow}.xml`), pesFile({ nomFic: `LOT_${flow}` }));
    for (let kills = 1; kills <= 3; kills += 1) {
      await waitFor(() => countItems() >= before + kills * FILES / 5, 30_000, () => gateway.output());
      await gateway.kill();
      gateway = await startGateway({ data, config });
    }
    await waitFor(() => filesIn(inbox).length === 0, 60_000, () => `${filesIn(inbox).length} files are left: ${gateway.output()}`);
    expect(countItems() - before).to.equal(FILES);
    expect(filesIn(today()).filter((name) => /^lot-\d+\.xml$/.test(name))).to.have.length(FILES);
    expect(filesIn(path.join(inbox, 'errors'))).to.deep.equal([]);
  });

  it('a reload looks into other folders, without a restart', async () => {
    const more = path.join(root, 'letters');
    fs.writeFileSync(path.join(root, 'config/authorities/huy.yaml'), town(root, `  - id: letters\n    kind: letter\n    place: {account: compta, meetingConfig: college, organisation: finances}\n    folder: {path: '${more}', create: true, quiet: 300 ms, every: 100 ms}\n`));
    await waitFor(() => fs.existsSync(more), 10_000, () => gateway.output());
    fs.writeFileSync(path.join(more, 'lettre.pdf'), '%PDF-1.4');
    await waitFor(() => filesIn(path.join(more, 'processed', path.basename(today()))).includes('lettre.pdf'), 10_000, () => gateway.output());
  });
});
