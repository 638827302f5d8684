import { expect } from 'chai';
import { z } from 'zod';
import { receiveCallBacks } from '../../../src/compose/receive-call-backs.js';
import type { Connector } from '../../../src/connector-api/connector.js';
import { createMetrics } from '../../../src/platform/metrics.js';
import { createAddressBudget } from '../../../src/platform/address-budget.js';
import { createHttpApp } from '../../../src/server/create-http-app.js';
import { listen, type RunningServer } from '../../../src/server/listen.js';
import { deferContinue } from '../../../src/soap/expect-continue.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { sampleAuthority } from '../../support/sample-authority.js';

const TOKEN = 'a-token-that-nobody-else-has';

const nobodyCallsBack: Connector = {
  manifest: { id: 'desk', title: { fr: 'Parapheur', en: 'Desk' }, kinds: ['*'], operations: { sign: { idempotence: 'client-key', answersLater: true } } },
  settings: z.unknown(),
  check: () => Promise.resolve(),
  submit: () => Promise.reject(new Error('nothing is sent here')),
  probe: () => Promise.resolve('unknown'),
};

const desk: Connector = {
  ...nobodyCallsBack,
  receive({ token, body, headers }) {
    if (token !== TOKEN) return 'not-authentic';
    if (body.toString() === 'break') throw new Error('it broke');
    if (headers['content-type'] !== 'application/json') return 'not-understood';
    return { references: JSON.parse(body.toString()) as string[] };
  },
};

describe('call backs', () => {
  const asked: (readonly [authority: string, connector: string, references: readonly string[]])[] = [];
  const logger = recordingLogger();
  const metrics = createMetrics();
  let server: RunningServer;
  let woken = 0;
  let now = 0;
  let storeIsDown = false;

  const connector = (id: string, type: string) => ({ id, type, settings: {}, limits: { concurrency: 1, perMinute: null, order: 'none' as const } });
  const authority = (id: string, path: string) => ({ ...sampleAuthority(), id, path, connectors: [connector('desk', 'desk'), connector('box', 'folder')] });

  before(async () => {
    const operations = {
      askByReference(...question: typeof asked[number]) {
        if (storeIsDown) return Promise.reject(new Error('the database is down'));
        asked.push(question);
        return Promise.resolve(question[2].length);
      },
    };
    const take = receiveCallBacks(
      { connectors: new Map([['desk', desk], ['folder', nobodyCallsBack]]), store: { operations } as never, metrics, logger, wakeEngine: () => { woken += 1; } },
      { all: () => [authority('default', ''), authority('other', '/other')].map((one) => ({ authority: one }) as never) },
    );
    const app = createHttpApp({
      mounts: () => [], readiness: () => Promise.resolve([]), metrics: { contentType: 'text/plain', text: () => metrics.text(), public: false },
      callBacks: { take, remoteAddressOf: () => '192.0.2.7', budget: createAddressBudget({ burst: 3, refillMs: 1000 }, { now: () => now }) },
    });
    server = await listen({ host: '127.0.0.1', port: 0, tls: null, onRequest: app, onCheckContinue: deferContinue(app) });
  });
  after(() => server.close(0));
  beforeEach(() => { now += 60_000; asked.length = 0; woken = 0; storeIsDown = false; });

  async function call(path: string, body = '["R1"]', method = 'POST', type = 'application/json'): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method, headers: { 'content-type': type }, ...(method === 'GET' ? {} : { body }) });
    return `${answer.status} ${await answer.text()}`;
  }

  it('ask at once about what they name, and wake the engine', async () => {
    expect(await call(`/callbacks/desk/${TOKEN}`, '["R1","R2"]')).to.equal('200 {}');
    expect(await call(`/other/callbacks/desk/${TOKEN}`)).to.equal('200 {}');
    expect(asked).to.deep.equal([['default', 'desk', ['R1', 'R2']], ['other', 'desk', ['R1']]]);
    expect(woken).to.equal(2);
  });

  it('need not be about anything that is known', async () => {
    expect(await call(`/callbacks/desk/${TOKEN}`, '[]')).to.equal('200 {}');
    expect(woken).to.equal(0);
  });

  const refused: [string, () => Promise<string>, string][] = [
    ['with another token', () => call('/callbacks/desk/guessed'), '403 {}'],
    ['that cannot be understood', () => call(`/callbacks/desk/${TOKEN}`, 'x', 'POST', 'text/plain'), '400 {}'],
    ['for a connector that there is not', () => call(`/callbacks/none/${TOKEN}`), '404 {}'],
    ['for a connector that nobody calls back', () => call(`/callbacks/box/${TOKEN}`), '404 {}'],
    ['for an authority that there is not', () => call(`/nowhere/callbacks/desk/${TOKEN}`), '404 {}'],
    ['by another method', () => call(`/callbacks/desk/${TOKEN}`, '', 'GET'), '405 {}'],
    ['of more than 64 KiB', () => call(`/callbacks/desk/${TOKEN}`, 'x'.repeat(64 * 1024 + 1)), '413 {}'],
    ['to an address that is none', () => call('/callbacks/desk/%E0%A4%A'), '400 {}'],
    ['that the connector stumbles over', () => call(`/callbacks/desk/${TOKEN}`, 'break'), '503 {}'],
  ];
  for (const [which, made, answer] of refused) {
    it(`are refused ${which}, without a word`, async () => {
      expect(await made()).to.equal(answer);
      expect(asked).to.deep.equal([]);
    });
  }

  it('must be repeated when the store is down', async () => {
    storeIsDown = true;
    expect(await call(`/callbacks/desk/${TOKEN}`)).to.equal('503 {}');
  });

  it('wait when an address guesses, and not when it is known', async () => {
    for (let round = 0; round < 5; round += 1) expect(await call(`/callbacks/desk/${TOKEN}`)).to.equal('200 {}');
    for (let round = 0; round < 3; round += 1) expect(await call('/callbacks/desk/guessed')).to.equal('403 {}');
    const answer = await fetch(`http://127.0.0.1:${server.port}/callbacks/desk/guessed`, { method: 'POST' });
    expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([429, '1']);
    now += 1000;
    expect(await call('/callbacks/desk/guessed')).to.equal('403 {}');
  });

  it('are counted and logged without their token', async () => {
    expect(await metrics.text()).to.match(/relais_call_backs_total\{authority="default",connector="desk",outcome="taken"\} \d/);
    expect(logger.text()).to.contain('A call back was taken').and.not.contain(TOKEN);
    expect(logger.text()).to.not.contain('guessed');
  });
});
