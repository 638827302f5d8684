import { expect } from 'chai';
import Sqlite from 'better-sqlite3';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { demoTown } from '../support/demo-town.js';
import { startGateway, temporaryFolder, waitFor, type GatewayProcess } from '../support/gateway-process.js';
import { call, collegeItem, envelope, post } from '../support/soap-call.js';

/** A second town beside the demonstration: other people, other password, the same ids otherwise. */
const OTHER_TOWN = `
title: Autre commune
organisations:
  - { id: urbanisme, title: Urbanisme, members: { creators: [voisin] } }
users:
  - { id: voisin, fullname: Voisin, roles: [Manager], demo: true, password: '@@HASH@@' }
meetingConfigs:
  - { id: meeting-config-college, title: Collège, shortName: College }
limits: { requestBytes: 20 KiB }
`;

function demoWithOtherTown(folder: string): string {
  const file = demoTown(folder);
  const hash = /password: *['"]?(\$scrypt[^'"\s]+)/.exec(fs.readFileSync(file, 'utf8'))?.[1] ?? '';
  fs.writeFileSync(path.join(folder, 'authorities/autre.yaml'), OTHER_TOWN.replace('@@HASH@@', hash));
  return file;
}

function files(folder: string): string[] {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

describe('the gateway as a process', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const data = path.join(folder, 'data');
  let gateway: GatewayProcess;
  let soap: string;
  before(async () => {
    gateway = await startGateway({ data, config: demoWithOtherTown(path.join(folder, 'config')) });
    soap = `${gateway.url}/ws4pm`;
  });
  after(async () => {
    expect(await gateway.stop()).to.equal(0);
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('keeps an item, shows it, and delivers it to the folder with its annex', async () => {
    const bytes = Buffer.concat([Buffer.from('%PDF-1.4\n'), crypto.randomBytes(70_000)]);
    const created = await call(soap, 'createItem', collegeItem('Façade d’été — 12 €', '<externalIdentifier>e2e-1</externalIdentifier>', [{ name: '../../évil plan.pdf', bytes }]));
    expect(created.status).to.equal(200);
    const uid = created.reply['UID'] as string;

    const { reply } = await call(soap, 'getItemInfos', `<UID>${uid}</UID><showAnnexes>1</showAnnexes>`, 'admin:demo');
    const [item] = reply['itemInfo'] as { title: string; annexes: { filename: string; file: string }[] }[];
    expect(item?.title).to.equal('Façade d’été — 12 €');
    expect(item?.annexes[0]?.filename).to.not.match(/[/\\]/);
    expect(Buffer.from(item!.annexes[0]!.file, 'base64').equals(bytes)).to.equal(true);

    const outbox = path.join(data, 'outbox');
    await waitFor(() => fs.existsSync(outbox) && files(outbox).some((file) => file.includes(uid) && file.endsWith('manifest.json')), 10_000, () => gateway.output());
    const delivered = files(outbox).filter((file) => file.includes(uid));
    expect(delivered.some((file) => fs.readFileSync(file).equals(bytes))).to.equal(true);
    const places = [outbox, path.join(data, 'signature')];
    expect(files(folder).filter((file) => /vil.plan/.test(file) && !places.some((place) => file.startsWith(place)))).to.deep.equal([]);
  });

  it('answers 401 with a challenge, and nothing else, without or with wrong credentials', async () => {
    for (const user of ['', 'ged:wrong', 'nobody:demo']) {
      const answer = await post(soap, envelope('testConnection', ''), { user });
      expect(answer.status).to.equal(401);
      expect(answer.headers['www-authenticate']).to.match(/^Basic realm="/);
    }
  });

  it('keeps authorities apart: accounts, search, items, links, limits', async () => {
    const other = `${gateway.url}/autre/ws4pm`;
    const { reply } = await call(soap, 'createItem', collegeItem('Secret de la commune', '<externalIdentifier>apart</externalIdentifier>'));
    const uid = reply['UID'] as string;
    expect((await call(other, 'testConnection', '', 'ged:demo')).status).to.equal(401);
    expect((await call(soap, 'testConnection', '', 'voisin:demo')).status).to.equal(401);
    expect((await call(other, 'searchItems', '<Title>secret</Title>', 'voisin:demo')).reply['itemInfo']).to.equal(undefined);
    expect((await call(other, 'getItemInfos', `<UID>${uid}</UID>`, 'voisin:demo')).reply['itemInfo']).to.equal(undefined);
    expect((await call(other, 'checkIsLinked', '<externalIdentifier>apart</externalIdentifier>', 'voisin:demo')).reply['isLinked']).to.equal('false');
    expect((await call(soap, 'checkIsLinked', '<externalIdentifier>apart</externalIdentifier>')).reply['isLinked']).to.equal('true');
    const large = await call(other, 'createItem', collegeItem('Grand', '', [{ name: 'a.pdf', bytes: crypto.randomBytes(30_000) }]), 'voisin:demo');
    expect(large.fault?.text).to.match(/20 KiB|20480/);
    expect((await call(other, 'createItem', collegeItem('Petit'), 'voisin:demo')).status).to.equal(200);
    expect(fs.readdirSync(path.join(data, 'blobs')).toSorted()).to.deep.equal(['autre', 'default']);
  });

  it('serves the WSDL of each authority with the address that was used', async () => {
    for (const place of ['/ws4pm.wsdl', '/@@ws4pm.wsdl', '/ws4pm?wsdl']) {
      const response = await fetch(gateway.url + place);
      expect(response.headers.get('content-type')).to.equal('text/xml; charset=utf-8');
      expect(await response.text()).to.include(`location="${gateway.url}/ws4pm"`).and.include(`soapAction="${gateway.url}/createItem"`);
    }
    expect(await (await fetch(`${gateway.url}/autre/ws4pm.wsdl`)).text()).to.include(`location="${gateway.url}/autre/ws4pm"`);
  });

  it('takes operations at /, /ws4pm and /ws4pm.wsdl, without redirecting', async () => {
    for (const place of ['/', '/ws4pm', '/ws4pm/', '/ws4pm.wsdl']) {
      expect((await call(gateway.url + place, 'testConnection', '')).reply['connectionState'], place).to.equal('true');
    }
  });

  it('takes a whole address for its path, as a proxy would get it', async () => {
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port: new URL(soap).port, path: soap, method: 'POST', auth: 'ged:demo', agent: false, headers: { 'Content-Type': 'text/xml' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
      request.end(envelope('testConnection', ''));
    });
    expect(answer).to.equal(200);
  });

  it('takes operations by POST only', async () => {
    for (const method of ['PUT', 'DELETE', 'OPTIONS']) {
      const response = await fetch(soap, { method });
      expect([response.status, response.headers.get('allow')], method).to.deep.equal([405, 'POST']);
    }
  });

  it('answers a Server fault while another program locks the database, accepts nothing, and works again afterwards', async () => {
    const lock = new Sqlite(path.join(data, 'relais.sqlite'));
    lock.exec('BEGIN IMMEDIATE');
    const during = await call(soap, 'createItem', collegeItem('Pendant le verrou', '<externalIdentifier>locked</externalIdentifier>', [{ name: 'a.pdf', bytes: Buffer.from('%PDF-1.4 locked') }]));
    lock.exec('ROLLBACK');
    lock.close();
    expect(during.status).to.equal(500);
    expect(during.fault?.code).to.equal('SOAP-ENV:Server');
    expect(during.fault?.text).to.not.match(/sqlite|lock|busy/i);
    expect((await call(soap, 'checkIsLinked', '<externalIdentifier>locked</externalIdentifier>')).reply['isLinked']).to.equal('false');
    expect((await call(soap, 'createItem', collegeItem('Après le verrou'))).status).to.equal(200);
  });

  it('leaves nothing behind when a body is cut in the middle of base64', async () => {
    const blobs = path.join(data, 'blobs/default/incoming');
    const before = files(path.join(data, 'blobs')).length;
    const body = Buffer.from(envelope('createItem', collegeItem('Coupé', '<externalIdentifier>cut</externalIdentifier>', [{ name: 'a.pdf', bytes: crypto.randomBytes(300_000) }])));
    const { port } = new URL(soap);
    await new Promise<void>((resolve) => {
      const socket = net.connect(Number(port), '127.0.0.1', () => {
        socket.write(`POST /ws4pm HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${Buffer.from('ged:demo').toString('base64')}\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n`);
        socket.write(body.subarray(0, 200_000), () => { socket.destroy(); resolve(); });
      });
    });
    await waitFor(() => files(blobs).length === 0, 5_000, () => files(blobs).join());
    expect(files(path.join(data, 'blobs')).length).to.equal(before);
    expect((await call(soap, 'checkIsLinked', '<externalIdentifier>cut</externalIdentifier>')).reply['isLinked']).to.equal('false');
  });

  it('keeps secrets and internals out of its log', () => {
    expect(gateway.output()).to.not.include('demo:').and.not.include(Buffer.from('ged:demo').toString('base64'));
  });
});

describe('starting', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function failure(environment: Record<string, string>, config?: string): Promise<string> {
    return await startGateway({ data: path.join(folder, 'data'), environment, ...(config === undefined ? {} : { config }) })
      .then(async (gateway) => { await gateway.stop(); return 'it started'; }, (error: unknown) => (error as Error).message);
  }

  it('says where the configuration is wrong, as file:line:column', async () => {
    const file = path.join(folder, 'wrong.yaml');
    fs.writeFileSync(file, 'server:\n  prot: 8080\n');
    expect(await failure({}, file)).to.include(`${file}:2:3`).and.match(/prot.*port/s);
  });

  it('refuses demonstration accounts beyond loopback', async () => {
    const demo = path.resolve(import.meta.dirname, '../../config');
    fs.cpSync(demo, path.join(folder, 'config'), { recursive: true });
    const file = path.join(folder, 'config/relais.yaml');
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/host: *127\.0\.0\.1/, 'host: 0.0.0.0'));
    expect(await failure({}, file)).to.include('RELAIS_CONFIG_DEMO_EXPOSED');
  });

  it('refuses a second process on the same data', async () => {
    const first = await startGateway({ data: path.join(folder, 'data') });
    try {
      expect(await failure({})).to.include('another Relais already uses');
    } finally {
      expect(await first.stop()).to.equal(0);
    }
  });
});
