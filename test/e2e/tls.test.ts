import { expect } from 'chai';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { startGateway, temporaryFolder, type GatewayProcess } from '../support/gateway-process.js';
import { envelope, readAnswer, type SoapAnswer } from '../support/soap-call.js';

const tls = path.resolve(import.meta.dirname, '../../fixtures/tls');
const pem = (name: string): Buffer => fs.readFileSync(path.join(tls, name));

const TOWN = `
server:
  tls: { cert: ${tls}/server.pem, key: ${tls}/server.key, clientCa: ${tls}/ca.pem }
authority:
  title: Ville
  organisations:
    - { id: urbanisme, title: Urbanisme, members: { creators: [ged] } }
  users:
    - { id: ged, fullname: GED centrale, certificates: ['CN=ged.example.be,O=Ville\\, Essai,C=BE'] }
  meetingConfigs:
    - { id: college, title: Collège, shortName: College, managers: [ged] }
`;

describe('TLS and client certificates', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  let gateway: GatewayProcess;
  before(async () => {
    fs.writeFileSync(path.join(folder, 'relais.yaml'), TOWN);
    gateway = await startGateway({ data: path.join(folder, 'data'), config: path.join(folder, 'relais.yaml'), ca: pem('ca.pem') });
  });
  after(async () => {
    expect(await gateway.stop()).to.equal(0);
    fs.rmSync(folder, { recursive: true, force: true });
  });

  function ask(identity: https.RequestOptions): Promise<SoapAnswer> {
    return new Promise((resolve, reject) => {
      const request = https.request(`${gateway.url}/ws4pm`, { method: 'POST', ca: pem('ca.pem'), agent: false, headers: { 'Content-Type': 'text/xml' }, ...identity }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => { resolve(readAnswer(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString())); });
      });
      request.on('error', reject);
      request.end(envelope('getUserInfos', '<userId>ged</userId>'));
    });
  }

  it('a certificate that the authority signed stands for its account', async () => {
    const answer = await ask({ cert: pem('client.pem'), key: pem('client.key') });
    expect(answer.reply).to.deep.equal({ fullname: 'GED centrale', email: '' });
  });

  it('the same subject signed by somebody else does not', async () => {
    expect((await ask({ cert: pem('stranger.pem'), key: pem('stranger.key') })).status).to.equal(401);
  });

  it('without a certificate credentials are asked for', async () => {
    const answer = await ask({});
    expect([answer.status, answer.headers['www-authenticate']]).to.deep.equal([401, 'Basic realm="Relais default", charset="UTF-8"']);
  });

  it('the WSDL tells the https address', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      https.get(`${gateway.url}/ws4pm.wsdl`, { ca: pem('ca.pem'), agent: false }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => { body += chunk.toString(); });
        response.on('end', () => { resolve(body); });
      }).on('error', reject);
    });
    expect(text).to.include(`location="${gateway.url}/ws4pm"`);
  });
});
