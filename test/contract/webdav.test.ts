import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { webdavSettings } from '../../connectors/webdav/config.js';
import { webdav } from '../../connectors/webdav/index.js';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { isFailure, NotSent, OutcomeUnknown } from '../../src/connector-api/failures.js';
import type { HttpRequest } from '../../src/connector-api/http.js';
import { scriptedHttp, type ScriptedAnswer, type ScriptedHttp } from '../support/http-answer.js';
import { recordingLogger, type RecordingLogger } from '../support/recording-logger.js';
import { sampleAnnex, sampleItem } from '../support/sample-item.js';

const bytes = Buffer.from('%PDF-1.4');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const settings = webdavSettings.parse({ url: 'https://cloud.example/dav/', user: 'relais', password: 'p:ssé' });

/** A server on which everything goes well, and nothing stands. */
function wellAnswered({ method }: HttpRequest): ScriptedAnswer {
  return { status: { GET: 404, MKCOL: 201, PUT: 201, MOVE: 201, DELETE: 204, PROPFIND: 207 }[method as string] ?? 405 };
}

function isFinal({ method, headers }: HttpRequest): boolean {
  return method === 'MOVE' && headers?.['overwrite'] === 'F';
}

describe('the webdav connector', () => {
  const item = sampleItem({ authority: 'ville', configId: 'collège', annexes: [sampleAnnex('plan.pdf', { sha256, size: bytes.length })] });
  const submission: Submission = { key: 'key-1', operation: 'put', item, fields: {}, results: {} };
  let logger: RecordingLogger;
  let http: ScriptedHttp;
  let marked: number;

  beforeEach(() => {
    logger = recordingLogger();
    marked = 0;
  });

  function context(answer: (request: HttpRequest) => ScriptedAnswer): ConnectorContext {
    http = scriptedHttp(answer);
    return {
      logger, clock: { now: () => Date.UTC(2027, 2, 1) }, signal: new AbortController().signal, callBackUrl: 'http://127.0.0.1:9/callbacks/town', http: http.call,
      blobs: { read: () => Readable.from([bytes]), keep: () => Promise.reject(new Error('nothing is brought back')) },
      markSent: () => { marked += 1; return Promise.resolve(); },
    };
  }

  const kindOf = (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (isFailure(error) ? error.kind : String(error)));

  it('writes a draft, makes it ready, marks, and puts it in its place, then removes the drafts', async () => {
    const receipt = await webdav.submit(submission, settings, context(wellAnswered));
    const calls = http.asked.map(({ method, url }) => `${method} ${url.replace('https://cloud.example/dav/', '').replace(/[0-9a-f-]{36}/, '<draft>')}`);

    expect(receipt).to.deep.equal({ reference: `ville/coll%C3%A8ge/${item.uid}`, state: 'done' });
    expect(calls).to.deep.equal([
      `GET ville/coll%25C3%25A8ge/${item.uid}/manifest.json`,
      'MKCOL .drafts/', 'MKCOL .drafts/key-1/', 'MKCOL .drafts/key-1/<draft>/', 'MKCOL ville/', 'MKCOL ville/coll%25C3%25A8ge/',
      'MKCOL .drafts/key-1/<draft>/annexes/', 'PUT .drafts/key-1/<draft>/item.json', 'PUT .drafts/key-1/<draft>/annexes/01-plan.pdf', 'PUT .drafts/key-1/<draft>/manifest.json',
      'MOVE .drafts/key-1/<draft>/', 'MOVE .drafts/key-1/ready/', 'DELETE .drafts/key-1/',
    ]);
    const final = http.asked.find(isFinal);
    expect(final?.headers).to.deep.include({ destination: `https://cloud.example/dav/ville/coll%25C3%25A8ge/${item.uid}/`, overwrite: 'F', authorization: `Basic ${Buffer.from('relais:p:ssé').toString('base64')}` });
    expect(http.asked.find(({ url }) => url.endsWith('plan.pdf'))).to.deep.include({ sent: '%PDF-1.4' }).and.to.have.nested.property('headers.content-length', '8');
    expect(marked).to.equal(1);
  });

  it('nothing that goes wrong before the mark leaves the outcome open', async () => {
    const CASES: [HttpRequest['method'], number, string][] = [
      ['PUT', 507, 'not-sent'], ['PUT', 423, 'not-sent'], ['PUT', 500, 'not-sent'], ['PUT', 409, 'not-sent'], ['PUT', 413, 'refused'], ['PUT', 403, 'misconfigured'],
      ['MKCOL', 409, 'misconfigured'], ['MKCOL', 507, 'not-sent'], ['GET', 401, 'misconfigured'], ['GET', 502, 'not-sent'], ['MOVE', 502, 'not-sent'],
    ];
    for (const [method, status, kind] of CASES) {
      const failing = context((request) => (request.method === method ? { status } : wellAnswered(request)));
      expect(await kindOf(webdav.submit(submission, settings, failing)), `${method} ${status}`).to.equal(kind);
    }
    const silent = context((request) => {
      if (request.method === 'PUT') throw new OutcomeUnknown('no answer');
      return wellAnswered(request);
    });
    expect(await kindOf(webdav.submit(submission, settings, silent))).to.equal('not-sent');
    expect(marked).to.equal(0);
  });

  it('folders that are there already are no obstacle', async () => {
    expect(await kindOf(webdav.submit(submission, settings, context((request) => (request.method === 'MKCOL' ? { status: 405 } : wellAnswered(request)))))).to.equal('done');
  });

  it('what the last MOVE answers decides', async () => {
    for (const [status, kind] of [[204, 'done'], [500, 'outcome-unknown'], [207, 'outcome-unknown'], [423, 'not-sent'], [409, 'not-sent'], [412, 'refused'], [404, 'outcome-unknown'], [403, 'misconfigured']] as const) {
      expect(await kindOf(webdav.submit(submission, settings, context((request) => (isFinal(request) ? { status } : wellAnswered(request))))), String(status)).to.equal(kind);
    }
  });

  it('another attempt of the same delivery that was faster counts', async () => {
    for (const status of [404, 412]) {
      let moved = false;
      const outcome = webdav.submit(submission, settings, context((request) => {
        if (request.method === 'GET' && moved) return { status: 200, body: '{"key":"key-1"}' };
        moved ||= isFinal(request);
        return isFinal(request) ? { status } : wellAnswered(request);
      }));
      expect(await kindOf(outcome), String(status)).to.equal('done');
    }
  });

  it('a place that cannot be looked at after the last MOVE may hold the item', async () => {
    for (const answer of [() => { throw new NotSent('nothing listens there'); }, () => ({ status: 503 }), () => ({ status: 401 })]) {
      let moved = false;
      const outcome = webdav.submit(submission, settings, context((request) => {
        if (request.method === 'GET' && moved) return answer();
        moved ||= isFinal(request);
        return isFinal(request) ? { status: 404 } : wellAnswered(request);
      }));
      expect(await kindOf(outcome)).to.equal('outcome-unknown');
    }
  });

  it('does not write where something else stands', async () => {
    for (const body of ['{"key":"key-2"}', '<h1>Welcome</h1>', '{"key":7}']) {
      expect(await kindOf(webdav.submit(submission, settings, context((request) => (request.method === 'GET' ? { status: 200, body } : wellAnswered(request))))), body).to.equal('refused');
    }
    expect(marked).to.equal(0);
  });

  it('drafts that cannot be removed are no failure, and no secret', async () => {
    expect(await kindOf(webdav.submit(submission, settings, context((request) => (request.method === 'DELETE' ? { status: 403 } : wellAnswered(request)))))).to.equal('done');
    expect(logger.lines.map(({ level }) => level)).to.deep.equal(['info']);
  });

  it('a probe proves absence by the draft that stands, and nothing else', async () => {
    const probeWith = (target: number, draft: number) => webdav.probe(submission, settings, context(({ url }) => (url.includes('/.drafts/') ? { status: draft, body: '{}' } : { status: target, body: '{"key":"key-1"}' })));

    expect(await probeWith(200, 404)).to.deep.equal({ found: { reference: `ville/coll%C3%A8ge/${item.uid}`, state: 'done' } });
    expect(await probeWith(404, 200)).to.equal('absent');
    expect(await probeWith(404, 404)).to.equal('unknown');
    expect(await kindOf(probeWith(404, 503))).to.equal('not-sent');
  });

  it('check wants a WebDAV folder that lets us in', async () => {
    expect(await kindOf(webdav.check(settings, context(wellAnswered)))).to.equal('done');
    for (const status of [200, 301, 401, 404, 405, 503]) expect(await kindOf(webdav.check(settings, context(() => ({ status })))), String(status)).to.equal('misconfigured');
  });

  it('settings refuse what cannot work', () => {
    for (const change of [{ url: 'cloud.example' }, { url: 'https://cloud.example/dav?x=1' }, { url: 'https://u:p@cloud.example/' }, { user: 'a:b' }, { password: undefined }]) {
      expect(webdavSettings.safeParse({ ...settings, ...change }).success, JSON.stringify(change)).to.equal(false);
    }
  });
});
