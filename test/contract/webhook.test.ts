import { expect } from 'chai';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { webhookSettings, type WebhookSettings } from '../../connectors/webhook/config.js';
import { webhook } from '../../connectors/webhook/index.js';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { isFailure, NotSent } from '../../src/connector-api/failures.js';
import type { HttpRequest } from '../../src/connector-api/http.js';
import { readForm, type ReceivedPart } from '../../src/connector-kit/read-form.js';
import { createOutboundHttp } from '../../src/outbound/create-outbound-http.js';
import { scriptedHttp, type ScriptedAnswer } from '../support/http-answer.js';
import { recordingLogger } from '../support/recording-logger.js';
import { sampleAnnex, sampleItem } from '../support/sample-item.js';

const NOW = Date.UTC(2027, 2, 1, 9);
const bytes = Buffer.from('%PDF-1.4');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const OK: ScriptedAnswer = { status: 200, body: '{"reference":"dossier-7"}' };
const SECRET = 'a shared secret of the two';

describe('the webhook connector', () => {
  function context(change: Partial<ConnectorContext> = {}): ConnectorContext {
    return {
      logger: recordingLogger(), clock: { now: () => NOW }, signal: new AbortController().signal, callBackUrl: 'http://127.0.0.1:9/callbacks/town', markSent: () => Promise.resolve(),
      blobs: {
        read: () => Readable.from([bytes]),
        async keep(content) {
          const hash = createHash('sha256');
          let size = 0;
          for await (const chunk of content) {
            hash.update(chunk);
            size += chunk.length;
          }
          return { sha256: hash.digest('hex'), size };
        },
      },
      http: scriptedHttp(() => OK).call, ...change,
    };
  }

  function settings(change: Partial<Record<keyof WebhookSettings, unknown>> = {}): WebhookSettings {
    return webhookSettings.parse({ url: 'https://partner.example/hook', ...change });
  }

  function submission(change: Partial<Submission> = {}): Submission {
    return { key: 'key-1', operation: 'post', item: sampleItem({ annexes: [sampleAnnex('plan.pdf', { sha256, size: bytes.length })] }), fields: { objet: 'Voirie' }, results: {}, ...change };
  }

  /** Receipt, or kind of failure. */
  async function submitTo(answer: ScriptedAnswer, change: Parameters<typeof settings>[0] = {}): Promise<unknown> {
    return webhook.submit(submission(), settings(change), context({ http: scriptedHttp(() => answer).call })).catch((error: unknown) => (isFailure(error) ? error.kind : error));
  }

  describe('what is posted', () => {
    it('carries key, signature and headers, and a receiver verifies it as the README shows', async () => {
      const { call, asked } = scriptedHttp(() => OK);
      await webhook.submit(submission(), settings({ body: 'json', secret: SECRET, headers: { 'X-Tenant': 'ville' }, secretHeaders: { Authorization: 'Bearer t0ken' } }), context({ http: call }));
      const [{ headers = {}, sent, url, method, allowPrivate } = { headers: {}, sent: '' }] = asked;

      expect({ url, method, allowPrivate }).to.deep.equal({ url: 'https://partner.example/hook', method: 'POST', allowPrivate: false });
      expect(headers).to.include({ 'idempotency-key': 'key-1', 'content-type': 'application/json', 'X-Tenant': 'ville', Authorization: 'Bearer t0ken', 'x-relais-timestamp': String(NOW / 1000) });
      expect(headers['x-relais-signature']).to.equal(`sha256=${createHmac('sha256', SECRET).update(`${NOW / 1000}.${sent}`).digest('hex')}`);
      const posted = JSON.parse(sent) as { key: string; fields: unknown; item: { annexes: object[] } };
      expect(posted).to.deep.include({ format: 'relais-webhook-1', key: 'key-1', fields: { objet: 'Voirie' } });
      expect(posted.item.annexes).to.have.length(1);
      expect(posted.item.annexes[0]).to.include({ filename: 'plan.pdf', sha256, size: bytes.length }).and.to.not.have.property('part');
    });

    it('is not signed without a secret', async () => {
      const { call, asked } = scriptedHttp(() => OK);
      await webhook.submit(submission(), settings(), context({ http: call }));
      expect(Object.keys(asked[0]?.headers ?? {}).filter((name) => name.startsWith('x-relais'))).to.deep.equal([]);
    });

    it('as multipart is of the length that it announces, and parts are named in the item', async () => {
      const parts: ReceivedPart[] = [];
      let announced = '';
      const server = createServer((request, response) => {
        announced = String(request.headers['content-length']);
        void readForm(request).then((read) => {
          parts.push(...read);
          response.end();
        });
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const outbound = createOutboundHttp();
      const signal = new AbortController().signal;
      const item = sampleItem({ title: 'é'.repeat(10), annexes: ['a "b"\r\n.pdf', 'b.pdf'].map((id) => sampleAnnex(id, { sha256, size: bytes.length, mediaType: 'text/plain\r\nX-Evil: 1' })) });
      await webhook.submit(submission({ item }), settings({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, allowPrivate: true }), context({ http: outbound.callFor(signal), signal }));
      outbound.close();
      await new Promise((resolve) => { server.close(resolve); });

      expect(Number(announced)).to.be.greaterThan(0);
      expect(parts.map(({ name, filename }) => [name, filename])).to.deep.equal([['item', undefined], ['file-1', 'a "b"\r\n.pdf'], ['file-2', 'b.pdf']]);
      expect(parts.slice(1).map((part) => part.sha256)).to.deep.equal([sha256, sha256]);
      expect((JSON.parse(parts[0]?.text ?? '') as { item: { annexes: { part: string }[] } }).item.annexes.map(({ part }) => part)).to.deep.equal(['file-1', 'file-2']);
    });

    it('gives files the time that they take', async () => {
      const { call, asked } = scriptedHttp(() => OK);
      await webhook.submit(submission(), settings({ timeoutMs: 1000 }), context({ http: call }));
      expect(asked[0]?.timeoutMs).to.equal(1001);
    });
  });

  describe('what an answer means', () => {
    const RECEIPTS: [string, ScriptedAnswer, unknown][] = [
      ['an empty 204', { status: 204 }, { reference: 'key-1', state: 'done' }],
      ['a word', { status: 200, body: 'ok' }, { reference: 'key-1', state: 'done' }],
      ['a list', { status: 200, body: '[1]' }, { reference: 'key-1', state: 'done' }],
      ['a reference', { status: 201, body: '{"reference":"r","id":4}' }, { reference: 'r', state: 'done' }],
      ['a number', { status: 201, body: '{"id":42}' }, { reference: '42', state: 'done' }],
      ['an address', { status: 201, headers: { location: '/items/9' } }, { reference: '/items/9', state: 'done' }],
      ['fields', { status: 200, body: '{"fields":{"numero":"2027/12"}}' }, { reference: 'key-1', state: 'done', results: { fields: { numero: '2027/12' } } }],
      ['pending without a place to ask', { status: 202, body: '{"status":"pending"}' }, { reference: 'key-1', state: 'done' }],
      [
        'pending with an address', { status: 202, headers: { location: '/items/9', 'retry-after': '60' }, body: '{"status":"pending","id":9}' },
        { reference: '9', state: 'sent', data: { statusUrl: 'https://partner.example/items/9' }, pollAfterMs: 60_000 },
      ],
    ];
    for (const [what, answer, receipt] of RECEIPTS) it(`${what}: a receipt`, async () => expect(await submitTo(answer)).to.deep.equal(receipt));

    it('pending with a status address of the settings: that one', async () => {
      expect(await submitTo({ status: 202, body: '{"status":"pending","id":"a/b"}' }, { statusUrl: 'https://partner.example/status/{reference}' }))
        .to.deep.equal({ reference: 'a/b', state: 'sent', data: { statusUrl: 'https://partner.example/status/a%2Fb' } });
    });

    const FAILURES: [string, ScriptedAnswer, string][] = [
      ['rejected at once', { status: 200, body: '{"status":"rejected","reason":"no"}' }, 'refused'],
      ['members that cannot be used', { status: 200, body: '{"documents":"many"}' }, 'outcome-unknown'],
      ['too long an answer', { status: 200, body: 'x'.repeat(300_000) }, 'outcome-unknown'],
      ['503', { status: 503 }, 'not-sent'],
      ['500', { status: 500 }, 'outcome-unknown'],
      ['422', { status: 422 }, 'refused'],
      ['401', { status: 401 }, 'misconfigured'],
      ['307', { status: 307 }, 'misconfigured'],
      ['409', { status: 409 }, 'refused'],
    ];
    for (const [what, answer, kind] of FAILURES) it(`${what}: ${kind}`, async () => expect(await submitTo(answer)).to.equal(kind));

    it('409 of a receiver that keeps keys: it is still busy with this one', async () => {
      expect(await submitTo({ status: 409 }, { idempotent: true })).to.equal('outcome-unknown');
    });
  });

  describe('a probe', () => {
    const probeUrl = 'https://partner.example/deliveries/{key}';
    const probeWith = (answer: ScriptedAnswer, change: Parameters<typeof settings>[0] = {}) => webhook.probe(submission({ key: 'a/1' }), settings({ probeUrl, ...change }), context({ http: scriptedHttp(() => answer).call }));

    it('does not know without an address, unless the receiver keeps keys', async () => {
      expect(await webhook.probe(submission(), settings(), context())).to.equal('unknown');
      expect(await webhook.probe(submission(), settings({ idempotent: true }), context())).to.equal('absent');
    });

    it('asks by the key, and believes an absence only in words', async () => {
      const { call, asked } = scriptedHttp(() => OK);
      expect(await webhook.probe(submission({ key: 'a/1' }), settings({ probeUrl }), context({ http: call }))).to.deep.equal({ found: { reference: 'dossier-7', state: 'done' } });
      expect(asked[0]?.url).to.equal('https://partner.example/deliveries/a%2F1');

      expect(await probeWith({ status: 404, body: '{"status":"absent"}' })).to.equal('absent');
      expect(await probeWith({ status: 200, body: '{"status":"absent"}' })).to.equal('absent');
      expect(await probeWith({ status: 404, body: '<h1>Not found</h1>' }, { idempotent: true })).to.equal('unknown');
    });

    it('fails as the receiver fails', async () => {
      for (const [status, kind] of [[503, 'not-sent'], [401, 'misconfigured'], [500, 'outcome-unknown']] as const) {
        expect(await probeWith({ status }).catch((error: unknown) => (isFailure(error) ? error.kind : error))).to.equal(kind);
      }
    });
  });

  describe('an answer that comes later', () => {
    const receipt = { reference: '9', state: 'sent', data: { statusUrl: 'https://partner.example/status/9' } } as const;
    const trackWith = (answers: (request: HttpRequest) => ScriptedAnswer, change: Parameters<typeof settings>[0] = {}) => {
      const http = scriptedHttp(answers);
      return { http, tracking: webhook.track?.(receipt, submission(), settings(change), context({ http: http.call })) };
    };

    it('pending, with when to come back and where it stands', async () => {
      expect(await trackWith(() => ({ status: 200, headers: { 'retry-after': '30' }, body: '{"status":"pending","note":"chez le maire"}' })).tracking)
        .to.deep.equal({ state: 'pending', note: 'chez le maire', pollAfterMs: 30_000 });
    });

    it('nothing said is pending, and a rejection without a reason says so', async () => {
      expect(await trackWith(() => ({ status: 204 })).tracking).to.deep.equal({ state: 'pending' });
      expect(await trackWith(() => ({ status: 200, body: '{"status":"rejected"}' })).tracking).to.have.property('reason', 'The receiver gave no reason.');
    });

    it('documents from elsewhere are fetched without credentials, and not in a private network', async () => {
      const { http, tracking } = trackWith(
        ({ url }) => (url.endsWith('/status/9') ? { status: 200, body: JSON.stringify({ status: 'done', documents: [{ url: '/files/1', filename: 'a.pdf' }, { url: 'https://store.example/2', filename: 'b.pdf', title: 'B', mediaType: 'application/pdf' }] }) } : { status: 200, body: bytes }),
        { secretHeaders: { Authorization: 'Bearer t0ken' }, allowPrivate: true },
      );

      expect(await tracking).to.deep.equal({ state: 'done', results: { documents: [
        { title: 'a.pdf', filename: 'a.pdf', mediaType: 'application/octet-stream', sha256, size: bytes.length },
        { title: 'B', filename: 'b.pdf', mediaType: 'application/pdf', sha256, size: bytes.length },
      ] } });
      expect(http.asked.map(({ url, headers = {}, allowPrivate = false }) => [url, headers['Authorization'], allowPrivate])).to.deep.equal([
        ['https://partner.example/status/9', 'Bearer t0ken', true], ['https://partner.example/files/1', 'Bearer t0ken', true], ['https://store.example/2', undefined, false],
      ]);
    });

    it('a document that is another one, or is not there, is not taken', async () => {
      const announce = (document: object) => ({ status: 200, body: JSON.stringify({ status: 'done', documents: [{ url: '/files/1', filename: 'a.pdf', ...document }] }) });
      const other = await trackWith(({ url }) => (url.includes('status') ? announce({ sha256: 'f'.repeat(64) }) : { status: 200, body: bytes })).tracking?.catch((error: unknown) => error);
      const gone = await trackWith(({ url }) => (url.includes('status') ? announce({}) : { status: 503 })).tracking?.catch((error: unknown) => error);

      expect(other).to.have.property('message').that.includes('SHA-256');
      expect(gone).to.be.instanceOf(NotSent);
    });
  });

  it('what was taken counts as taken, whatever becomes of its documents', async () => {
    const taken: ScriptedAnswer = { status: 200, body: JSON.stringify({ reference: 'dossier-7', status: 'done', documents: [{ url: '/files/1', filename: 'a.pdf' }] }) };
    const kindWhen = (file: () => ScriptedAnswer) => webhook.submit(submission(), settings(), context({ http: scriptedHttp(({ method }) => (method === 'POST' ? taken : file())).call }))
      .catch((error: unknown) => (isFailure(error) ? error.kind : error));

    for (const status of [301, 401, 404, 422, 429, 503]) expect(await kindWhen(() => ({ status })), String(status)).to.equal('outcome-unknown');
    expect(await kindWhen(() => { throw new NotSent('nothing listens there'); })).to.equal('outcome-unknown');
    expect(await kindWhen(() => ({ status: 200, body: bytes }))).to.include({ reference: 'dossier-7', state: 'done' });
  });

  describe('a check', () => {
    const checkWith = async (answer: ScriptedAnswer, change: Parameters<typeof settings>[0] = {}) => {
      const { call, asked } = scriptedHttp(() => answer);
      const outcome = await webhook.check(settings(change), context({ http: call })).then(() => 'fine', (error: unknown) => (isFailure(error) ? error.kind : error));
      return [outcome, asked[0]?.method];
    };

    it('is content with a receiver that lets us in', async () => {
      for (const status of [200, 204, 400, 405, 422]) expect(await checkWith({ status })).to.deep.equal(['fine', 'OPTIONS']);
      expect(await checkWith({ status: 200 }, { checkMethod: 'HEAD' })).to.deep.equal(['fine', 'HEAD']);
    });

    it('is not with one that does not', async () => {
      for (const status of [301, 401, 403, 404, 410, 429, 500, 503]) expect((await checkWith({ status }))[0], String(status)).to.equal('misconfigured');
    });
  });

  describe('settings', () => {
    const accepts = (change: object) => webhookSettings.safeParse({ url: 'https://partner.example/hook', ...change }).success;

    it('refuse what cannot work', () => {
      for (const change of [
        { url: 'partner.example' }, { url: 'ftp://partner.example' }, { url: 'https://user:pw@partner.example' }, { secret: 'short' }, { headers: { 'Content-Length': '1' } },
        { headers: { 'X-Relais-Signature': 'x' } }, { headers: { 'a b': 'x' } }, { probeUrl: 'https://partner.example/probe' }, { statusUrl: 'https://partner.example/{key}' },
      ]) expect(accepts(change), JSON.stringify(change)).to.equal(false);
    });
  });
});
