import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { ploneDmsSettings, type PloneDmsSettings } from '../../connectors/plone-dms/config.js';
import { ploneDms } from '../../connectors/plone-dms/index.js';
import { openSimulator } from '../../connectors/plone-dms/simulator.js';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { isFailure } from '../../src/connector-api/failures.js';
import { watchMemory } from '../../src/connector-kit/live-memory.js';
import { listenOnLoopback } from '../../src/connector-kit/loopback-server.js';
import { largeAnnex, sampleAnnex as kitAnnex } from '../../src/connector-kit/sample-item.js';
import { createOutboundHttp } from '../../src/outbound/create-outbound-http.js';
import { scriptedHttp, type ScriptedAnswer } from '../support/http-answer.js';
import { recordingLogger } from '../support/recording-logger.js';
import { sampleItem } from '../support/sample-item.js';

const SITE = 'https://docs.example';
const JSON_TYPE = { 'content-type': 'application/json' };
const MIB = 2 ** 20;

describe('the plone-dms connector', () => {
  const file = kitAnnex('lettre.pdf', Buffer.from('%PDF-1.4'));

  function settings(change: Partial<Record<keyof PloneDmsSettings, unknown>> = {}): PloneDmsSettings {
    return ploneDmsSettings.parse({ url: SITE, login: 'relais', password: 'secret', ...change });
  }

  function context(http: ConnectorContext['http'], read: ConnectorContext['blobs']['read'] = () => file.content()): ConnectorContext {
    return {
      logger: recordingLogger(), clock: { now: () => Date.UTC(2027, 2, 1) }, signal: new AbortController().signal, callBackUrl: 'http://127.0.0.1:9/', markSent: () => Promise.resolve(),
      blobs: { read, keep: () => Promise.reject(new Error('nothing is kept')) }, http,
    };
  }

  function submission(operation: string, fields: Submission['fields'], change: Partial<Submission> = {}): Submission {
    return { key: 'Key_1', operation, item: sampleItem({ annexes: [file.annex] }), fields, results: {}, ...change };
  }

  function json(status: number, value: object): ScriptedAnswer {
    return { status, headers: JSON_TYPE, body: JSON.stringify(value) };
  }

  async function failureOf(work: Promise<unknown>): Promise<string> {
    return await work.then(() => 'no failure', (error: unknown) => (isFailure(error) ? `${error.kind}: ${error.message}` : String(error)));
  }

  describe('against a site', () => {
    let side: Awaited<ReturnType<typeof openSimulator>>;
    const outbound = createOutboundHttp();
    const here = (): ConnectorContext => context(outbound.callFor(new AbortController().signal));
    const own = (): PloneDmsSettings => ploneDmsSettings.parse(side.settings);

    beforeEach(async () => { side = await openSimulator(); });
    afterEach(() => side.close());
    after(() => outbound.close());

    it('completes a mail that lacks a file, and makes no second one', async () => {
      await side.behave('refuses');
      const sent = submission('create-mail', {});
      expect(await failureOf(ploneDms.submit(sent, own(), here()))).to.match(/^refused: .*This is not accepted here/);
      await side.behave('well');
      expect(await ploneDms.probe(sent, own(), here())).to.equal('absent');
      await ploneDms.submit(sent, own(), here());
      expect((await side.delivered()).map(({ files }) => files)).to.deep.equal([[file.annex.sha256]]);
    });

    it('triggers a transition once, and a probe tells whether it was', async () => {
      const sent = submission('create-mail', { transition: 'propose_to_agent' });
      const { reference } = await ploneDms.submit(sent, own(), here());
      expect(await ploneDms.probe(sent, own(), here())).to.have.nested.property('found.reference', reference);
      expect((await ploneDms.submit(sent, own(), here())).reference).to.equal(reference);
    });

    it('does not take an object for another where it is not there', async () => {
      const failure = await failureOf(ploneDms.submit(submission('return-decision', { target: 'nowhere', files: ['*'] }), own(), here()));
      expect(failure).to.match(/^refused: Field «target»: found «nowhere», expected the UID of an object/);
    });
  });

  describe('what a site answers', () => {
    const ANSWERS: readonly (readonly [name: string, answer: ScriptedAnswer, failure: RegExp])[] = [
      ['a page in place of JSON', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }, /^misconfigured: .*a page in place of JSON/],
      ['a wrong password', json(401, { type: 'Unauthorized', message: 'no' }), /^misconfigured: /],
      ['too many requests', { status: 429, headers: { 'retry-after': '7' } }, /^not-sent: /],
      ['a redirect to a login page', { status: 302, headers: { location: 'https://login.example/' } }, /^misconfigured: /],
      ['an answer that is no JSON', { status: 200, headers: JSON_TYPE, body: '{"items": [' }, /^not-sent: .*no JSON/],
    ];

    for (const [name, answer, failure] of ANSWERS) {
      it(`${name}, before anything is sent`, async () => {
        expect(await failureOf(ploneDms.submit(submission('create-mail', {}), settings(), context(scriptedHttp(() => answer).call)))).to.match(failure);
      });
    }

    it('everything, where it does not know an index: that is not ours', async () => {
      const { call, asked } = scriptedHttp(({ method }) => (method === 'GET'
        ? json(200, { items: [{ '@id': `${SITE}/other`, 'UID': 'x', 'getId': 'other' }], items_total: 1 })
        : json(400, { error: { type: 'BadRequest', message: 'no' } })));
      expect(await failureOf(ploneDms.submit(submission('create-mail', {}), settings(), context(call)))).to.equal('refused: https://docs.example does not take it: no.');
      expect(asked.map(({ method }) => method)).to.deep.equal(['GET', 'POST', 'GET']);
    });

    it('an address elsewhere: no password goes there', async () => {
      const { call, asked } = scriptedHttp(({ method }) => (method === 'GET' ? json(200, { items: [], items_total: 0 }) : json(201, { '@id': 'https://inside.example/mail', 'UID': 'u', 'id': 'relais-key-1' })));
      expect(await failureOf(ploneDms.submit(submission('create-mail', {}), settings(), context(call)))).to.match(/^misconfigured: The site says that its content is at https:\/\/inside\.example\/mail/);
      expect(asked.every(({ url }) => url.startsWith(SITE))).to.equal(true);
    });
  });

  it('sends a large file without holding it', async function () {
    this.timeout(60_000);
    const large = largeAnnex('gros.pdf', 150 * MIB, () => undefined);
    const hash = createHash('sha256');
    const server = createServer((request, response) => {
      const whole = request.method === 'GET' ? { items: [], items_total: 0 } : { '@id': `http://127.0.0.1:${port.port}/m`, 'UID': 'u', 'id': 'm' };
      let received = 0;
      request.on('data', (chunk: Buffer) => { received += chunk.length; hash.update(chunk); });
      request.on('end', () => response.writeHead(request.method === 'GET' ? 200 : 201, JSON_TYPE).end(JSON.stringify({ ...whole, received })));
    });
    const port = await listenOnLoopback(server);
    const outbound = createOutboundHttp();
    try {
      const memory = watchMemory(32 * MIB);
      const here = context(outbound.callFor(new AbortController().signal), () => large.content());
      await ploneDms.submit(submission('create-mail', {}, { item: sampleItem({ annexes: [large.annex] }) }), settings({ url: `http://127.0.0.1:${port.port}`, allowPrivate: true }), here);
      expect(memory.end()).to.be.lessThan(32 * MIB);
    } finally {
      outbound.close();
      await port.stop();
    }
  });
});
