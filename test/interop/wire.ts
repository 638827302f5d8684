import { expect } from 'chai';
import http from 'node:http';
import net from 'node:net';
import { envelope } from '../support/soap-call.js';
import { EDITH } from './demo-with-edith.js';
import { basic, send, type RawAnswer, type RawRequest } from './raw-http.js';
import { CALLS, ENCODINGS, TITLE, UNREADABLE, creation, transports, withAnnex } from './wire-requests.js';

interface Item {
  readonly title?: string;
  readonly annexes?: readonly Record<string, string>[];
  readonly templates?: readonly Record<string, string>[];
}

/** What no library lets a program do: encodings, transfer codings, credentials and mistakes, byte by byte.
 * contracts/soap-clients.md «On the wire», contracts/ws4pm.md §1.4 to §1.6. */
export function describeRawHttp(gateway: () => string, annex: Buffer): void {
  const url = (): string => `${gateway()}/ws4pm`;
  const ask = async (operation: string, children: string): Promise<RawAnswer> => {
    const answer = await send(url(), { body: Buffer.from(envelope(operation, children)) });
    if (answer.fault !== null) throw new Error(answer.fault.text);
    return answer;
  };
  const createdUid = (answer: RawAnswer): string => {
    expect(answer.fault).to.equal(null);
    return String(answer.reply['UID']);
  };
  const itemOf = async (uid: string): Promise<Item> => {
    const read = await ask('getItemInfos', `<UID>${uid}</UID><showAnnexes>1</showAnnexes><showTemplates>1</showTemplates>`);
    return (read.reply['itemInfo'] as Item[] | undefined)?.[0] ?? {};
  };

  describe('a call is understood', () => {
    for (const [title, request] of Object.entries(CALLS)) {
      it(title, async () => {
        const answer = await send(url(), request);
        expect(answer).to.deep.include({ status: 200, fault: null });
        expect(answer.reply['connectionState']).to.equal('true');
      });
    }

    for (const place of ['', '/', '/ws4pm', '/ws4pm/', '/ws4pm.wsdl', '/@@ws4pm.wsdl']) {
      it(`posted to "${place}"`, async () => {
        const answer = await send(`${gateway()}${place}`, { body: Buffer.from(envelope('testConnection', '')) });
        expect(answer).to.deep.include({ status: 200, fault: null });
      });
    }
  });

  describe('a title keeps its characters', () => {
    for (const [name, { title, request }] of Object.entries(ENCODINGS)) {
      it(name, async () => { expect((await itemOf(createdUid(await send(url(), request)))).title).to.equal(title); });
    }
  });

  describe('an annex keeps its bytes', () => {
    for (const [name, request] of Object.entries(transports(annex))) {
      it(name, async () => {
        const answer = await send(url(), request);
        expect(answer.continued, 'the server asked for the body').to.equal(request.headers?.['Expect'] !== undefined);
        const [first, ...others] = (await itemOf(createdUid(answer))).annexes ?? [];
        expect(others).to.deep.equal([]);
        expect(first?.['filename']).to.equal('plan été.pdf');
        expect(Buffer.from(first?.['file'] ?? '', 'base64').equals(annex)).to.equal(true);
      });
    }
  });

  describe('the ten operations on the wire', () => {
    let uid = '';
    let templateId = '';
    before(async () => {
      uid = createdUid(await ask('createItem', creation(TITLE, '<externalIdentifier>fil-été-1</externalIdentifier>')));
      templateId = (await itemOf(uid)).templates?.[0]?.['templateId'] ?? '';
    });
    const requests: Record<string, () => string> = {
      testConnection: () => '',
      checkIsLinked: () => '<externalIdentifier>fil-été-1</externalIdentifier>',
      getConfigInfos: () => '<showCategories>1</showCategories>',
      getUserInfos: () => '<userId>jdupont</userId><showGroups>1</showGroups>',
      getItemInfos: () => `<UID>${uid}</UID><showExtraInfos>1</showExtraInfos>`,
      getSingleItemInfos: () => `<UID>${uid}</UID><showEmptyValues>0</showEmptyValues>`,
      getItemTemplate: () => `<itemUID>${uid}</itemUID><templateId>${templateId}</templateId>`,
      searchItems: () => '<externalIdentifier>fil-été-1</externalIdentifier>',
      meetingsAcceptingItems: () => '<meetingConfigId>meeting-config-college</meetingConfigId>',
      createItem: () => creation(TITLE),
    };
    for (const [operation, children] of Object.entries(requests)) {
      it(`${operation} answers in the shape that every stack reads`, async () => {
        const answer = await ask(operation, children());
        expect(answer.status).to.equal(200);
        expect(answer.headers['content-type']).to.equal('text/xml; charset=utf-8');
        expect(answer.headers, 'compressed without being asked').to.not.have.property('content-encoding');
        expect(answer.text).to.match(new RegExp(`<SOAP-ENV:Body><(\\w+):${operation}Response[ >]`));
        // Proxies of .NET, gSOAP and JAX-WS read qualified children as empty, without an error.
        const qualified = [...answer.text.matchAll(/<([\w-]+:[\w-]+)/g)].map(([, name]) => name ?? '').filter((name) => !name.startsWith('SOAP-ENV:') && !name.endsWith(`:${operation}Response`));
        expect(qualified).to.deep.equal([]);
        expect(answer.text).to.not.match(/\sxmlns="[^"]/);
      });
    }
  });

  describe('connections', () => {
    it('serves several calls over one kept-alive connection', async () => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const bodies = [envelope('testConnection', ''), envelope('createItem', creation('')), envelope('getConfigInfos', '')];
      const ports: number[] = [];
      for (const body of bodies) ports.push((await send(url(), { body: Buffer.from(body), agent })).port);
      agent.destroy();
      expect(new Set(ports).size).to.equal(1);
    });

    it('keeps the connection after a 401 for a small body', async () => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const body = Buffer.from(envelope('testConnection', ''));
      const challenged = await send(url(), { body, agent, user: '' });
      const served = await send(url(), { body, agent });
      agent.destroy();
      expect([challenged.status, served.status]).to.deep.equal([401, 200]);
      expect(served.port).to.equal(challenged.port);
    });

    it('closes when the client asks for it', async () => {
      const answer = await send(url(), { body: Buffer.from(envelope('testConnection', '')), headers: { Connection: 'close' } });
      expect(answer.headers['connection']).to.equal('close');
    });

    it('serves HTTP/1.0, and closes', async () => {
      const body = Buffer.from(envelope('testConnection', ''));
      const { hostname, port } = new URL(url());
      const socket = net.connect(Number(port), hostname);
      socket.write(`POST /ws4pm HTTP/1.0\r\nAuthorization: ${basic('ged:demo')}\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n`);
      socket.write(body);
      const answer = Buffer.concat(await socket.toArray() as Buffer[]).toString();
      expect(answer).to.match(/^HTTP\/1\.[01] 200 /);
      expect(answer).to.not.match(/^transfer-encoding:/im);
      expect(answer.endsWith('</SOAP-ENV:Envelope>')).to.equal(true);
    });

    it('refuses an announced body of 2 GiB before reading it', async () => {
      const answer = await send(url(), { body: Buffer.from('<'), headers: { 'Content-Length': String(2 ** 31), Expect: '100-continue' } });
      expect(answer.continued).to.equal(false);
      expect(answer.fault?.code).to.equal('SOAP-ENV:Client');
    });
  });

  describe('credentials with accents are understood', () => {
    const said = `${EDITH.account}:${EDITH.password}`;
    const written: Record<string, string> = {
      'in UTF-8': Buffer.from(said).toString('base64'),
      'in Latin-1, as zeep and .NET': Buffer.from(said, 'latin1').toString('base64'),
      'with the URL-safe alphabet, as suds': Buffer.from(said).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
      'without padding': Buffer.from(said, 'latin1').toString('base64').replace(/=+$/, ''),
    };
    for (const [name, token] of Object.entries(written)) {
      it(name, async () => {
        const answer = await send(url(), { user: '', headers: { Authorization: `Basic ${token}` }, body: Buffer.from(envelope('testConnection', '')) });
        expect(answer).to.deep.include({ status: 200, fault: null });
      });
    }
  });

  describe('refusals', () => {
    it('an unknown config is a Client fault that names it', async () => {
      const answer = await send(url(), { body: Buffer.from(envelope('createItem', creation(TITLE).replace('meeting-config-college', 'collège-inconnu'))) });
      expect(answer.headers['content-type']).to.equal('text/xml; charset=utf-8');
      expect([200, 500]).to.include(answer.status);
      expect(answer.fault?.code).to.equal('SOAP-ENV:Client');
      expect(answer.fault?.text).to.include('collège-inconnu');
    });

    for (const [name, { body, code = 'SOAP-ENV:Client' }] of Object.entries(UNREADABLE)) {
      it(`${name} is a ${code} fault`, async () => {
        const answer = await send(url(), { body: Buffer.from(body) });
        expect(answer.status).to.equal(500);
        expect(answer.headers['content-type']).to.equal('text/xml; charset=utf-8');
        expect(answer.fault?.code).to.equal(code);
        expect(answer.fault?.text).to.not.match(/^$|node:|\.ts\b|\.js\b|\bat \w+ \(/);
      });
    }

    const credentials: Record<string, RawRequest> = {
      'no credentials': { user: '' },
      'a wrong password': { user: 'ged:mauvais' },
      'an unknown account': { user: 'personne:demo' },
      'another scheme': { user: '', headers: { Authorization: 'Bearer abc' } },
      'base64 that is none': { user: '', headers: { Authorization: 'Basic %%%' } },
    };
    for (const [name, request] of Object.entries(credentials)) {
      it(`${name}: 401 with a challenge, before the body is read`, async () => {
        const headers = { ...request.headers, Expect: '100-continue' };
        const answer = await send(url(), { ...request, headers, body: Buffer.from(withAnnex(annex.toString('base64'))) });
        expect(answer.status).to.equal(401);
        expect(answer.headers['www-authenticate']).to.match(/^Basic realm="[^"]+"/);
        expect(answer.continued).to.equal(false);
      });
    }
  });

  describe('the WSDL', () => {
    const get = (place: string, headers: Record<string, string> = {}): Promise<RawAnswer> => send(`${gateway()}${place}`, { method: 'GET', user: '', headers });

    for (const place of ['/ws4pm.wsdl', '/@@ws4pm.wsdl', '/ws4pm?wsdl']) {
      it(`${place} is public and gives the address by which it was asked`, async () => {
        const answer = await get(place, { Host: 'pm.exemple.be:8443' });
        expect(answer.status).to.equal(200);
        expect(answer.headers['content-type']).to.match(/^text\/xml; charset=utf-8$/i);
        expect(answer.text).to.include('<soap:address location="http://pm.exemple.be:8443/ws4pm"');
        expect(answer.text).to.include('soapAction="http://pm.exemple.be:8443/createItem"');
      });
    }

    it('is the same for a caller with credentials', async () => {
      const [open, known] = [await get('/ws4pm.wsdl'), await get('/ws4pm.wsdl', { Authorization: basic('ged:demo') })];
      expect(known.text).to.equal(open.text);
    });
  });
}
