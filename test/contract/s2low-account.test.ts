import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { s2lowSettings } from '../../connectors/s2low/config.js';
import { s2low } from '../../connectors/s2low/index.js';
import { createOutboundHttp } from '../../src/outbound/create-outbound-http.js';
import { makeTestSigner, type TestSigner } from '../../src/signature-desk/test-certificate.js';
import { failureOf } from '../support/failure-of.js';
import { LOOPBACK_TLS } from '../support/loopback-certificate.js';
import { scriptedS2low } from '../support/scripted-s2low.js';

const NOW = Date.UTC(2027, 2, 1, 9);
const DAY = 86_400_000;

describe('s2low: account and certificate', () => {
  const check = (logins: string, test: string, change: Readonly<Record<string, unknown>> = {}) => {
    const rig = scriptedS2low({ 'api-list-login.php': logins, 'test-connexion.php': test });
    return s2low.check(rig.settings(change), rig.context);
  };
  const alone = { login: undefined, password: undefined };

  it('§1: one account needs no login; OK comes without line feed', async () => {
    await check('\n', 'OK', alone);
    await check('relais\n', 'OK', alone);
  });

  it('§1: several accounts need one; it says which there are, one without a name among them', async () => {
    expect(await failureOf(check('relais\n\nmairie\n', 'KO\nx\n', alone))).to.equal('misconfigured: The client certificate has 3 accounts over there («relais», «mairie»): give login and password of the one to use.');
    expect(await failureOf(check('ged\nmairie\n', 'KO\nx\n'))).to.match(/^misconfigured: None of the 2 accounts .* has the login «relais», but «ged», «mairie»/);
    await check('relais\nmairie\n', 'OK');
  });

  it('§1: an empty list is a certificate that nobody knows', async () => {
    expect(await failureOf(check('', 'KO\nx\n'))).to.match(/^misconfigured: .*knows no account with the client certificate/);
  });

  it('§1: a wrong password is KO; a login page, a maintenance page are no OK', async () => {
    expect(await failureOf(check('relais\n', 'KO\n&Eacute;chec\n'))).to.match(/^misconfigured: .*does not let the account in: «Échec»/);
    expect(await failureOf(check('<html/>', '<!DOCTYPE html><html>maintenance</html>'))).to.match(/^misconfigured: .*page for people/);
  });

  it('choices come from the live classification', async () => {
    const rig = scriptedS2low();
    expect(await s2low.choices?.(rig.settings(), rig.context)).to.deep.equal({ nature: ['1', '5'], classification: ['7.1', '7.10'], typology: ['99_DE', '22_PL', '99_BU'], annexTypologies: ['99_DE', '22_PL', '99_BU'] });
  });

  it('settings: login and password go together; https needs a certificate; what ISO-8859-1 cannot hold is no password', () => {
    const problems = (change: object): string => s2lowSettings.safeParse({ url: 'https://s2low.example', tls: { cert: '-----BEGIN CERTIFICATE-----', key: 'k' }, ...change }).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join() ?? '';
    expect(problems({})).to.equal('');
    expect(problems({ login: 'a' })).to.match(/^password: login and password/);
    expect(problems({ tls: undefined })).to.match(/^tls: .*client certificate/);
    expect(problems({ login: 'a', password: 'mot€' })).to.match(/^password: .*ISO-8859-1/);
    expect(problems({ login: 'a:b', password: 'x' })).to.match(/^login: /);
  });

  describe('over TLS with client certificates', () => {
    let server: Server;
    let url: string;
    let valid: TestSigner;
    const seen: string[] = [];

    before(async () => {
      valid = await makeTestSigner({ name: 'relais', key: 'ec' });
      server = createServer({ ...LOOPBACK_TLS, ca: valid.caPem, requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' }, (request, response) => {
        seen.push(request.url ?? '');
        response.end(request.url?.includes('test-connexion') === true ? 'OK' : '\n');
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => { server.closeAllConnections(); server.close(); });
    beforeEach(() => { seen.length = 0; });

    async function checked({ certificatePem, privateKeyPem }: TestSigner, now = NOW): Promise<void> {
      const outbound = createOutboundHttp();
      const rig = scriptedS2low();
      const settings = s2lowSettings.parse({ url, allowPrivate: true, tls: { ca: LOOPBACK_TLS.cert, cert: certificatePem, key: privateKeyPem } });
      try {
        await s2low.check(settings, { ...rig.context, clock: { now: () => now }, http: outbound.callFor(rig.context.signal) });
      } finally {
        outbound.close();
      }
    }

    it('a certificate of the platform is let in, without login', async () => {
      await checked(valid);
      expect(seen).to.deep.equal(['/admin/users/api-list-login.php', '/api/test-connexion.php']);
    });

    it('§1: a certificate of another authority fails in the handshake, without any answer', async () => {
      expect(await failureOf(checked(await makeTestSigner({ name: 'other', key: 'ec' })))).to.match(/^misconfigured: /);
      expect(seen).to.deep.equal([]);
    });

    it('a certificate that expired, or is not in force yet, is told in words, and nothing is asked', async () => {
      const expired = await makeTestSigner({ name: 'old', key: 'ec', notBefore: NOW - 100 * DAY, notAfter: NOW - DAY });
      const early = await makeTestSigner({ name: 'new', key: 'ec', notBefore: NOW + DAY, notAfter: NOW + 100 * DAY });
      expect(await failureOf(checked(expired))).to.match(/^misconfigured: The client certificate .* expired on 2027-02-28/);
      expect(await failureOf(checked(early))).to.match(/^misconfigured: The client certificate .* holds from 2027-03-02 only/);
      expect(seen).to.deep.equal([]);
    });

    it('it expires between two deliveries: the next one waits, misconfigured, and is not marked', async () => {
      const rig = scriptedS2low();
      const settings = s2lowSettings.parse({ url, tls: { cert: valid.certificatePem, key: valid.privateKeyPem } });
      const later = { ...rig.context, clock: { now: () => NOW + 11 * 365 * DAY } };
      expect(await failureOf(s2low.submit(rig.act(), settings, later))).to.match(/^misconfigured: .*expired/);
      expect(rig.calls).to.deep.equal([]);
    });
  });
});
