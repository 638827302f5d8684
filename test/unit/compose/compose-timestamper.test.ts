import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import type Nock from 'nock';
import { composeTimestamper } from '../../../src/compose/compose-timestamper.js';
import { createOutboundHttp } from '../../../src/outbound/create-outbound-http.js';
import { memoryJournalStore } from '../../support/memory-journal-store.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { tempFolder } from '../../support/temp-store.js';
import { startTimeStampAuthority, type TimeStampAuthority } from '../../support/time-stamp-authority.js';

const URL = 'https://tsa.example/rfc3161';

describe('time stamps over HTTP', () => {
  let nock: typeof Nock;
  let authority: TimeStampAuthority;
  let temp: Awaited<ReturnType<typeof tempFolder>>;
  let ca: string;

  before(async () => {
    // imported late and restored: it takes over the sockets of the whole process
    ({ default: nock } = await import('nock'));
    if (!nock.isActive()) nock.activate();
    authority = await startTimeStampAuthority();
    temp = await tempFolder();
    ca = path.join(temp.folder, 'ca.pem');
    fs.writeFileSync(ca, authority.ca);
  });
  after(async () => {
    nock.cleanAll();
    nock.restore();
    await authority.close();
    await temp.dispose();
  });

  async function sealOnce(): Promise<{ readonly token: string | null | undefined; readonly log: string }> {
    const journal = memoryJournalStore();
    const logger = recordingLogger();
    const outbound = createOutboundHttp();
    journal.append({}, {});
    await composeTimestamper({ timestamps: { url: URL, ca, everyMinutes: 60, everyEntries: 10_000 }, journal, outbound, logger }).sealNow('default');
    outbound.close();
    return { token: journal.sealed[0]?.token, log: logger.text() };
  }

  it('posts a query and keeps the token', async () => {
    const query = nock('https://tsa.example', { reqheaders: { 'content-type': 'application/timestamp-query' } }).post('/rfc3161')
      .reply(200, async (_uri, body) => await authority.reply(Buffer.from(body as unknown as string, 'hex')), { 'content-type': 'application/timestamp-reply' });
    const { token, log } = await sealOnce();
    expect(log).to.equal('[]');
    expect(token).to.be.a('string');
    expect(query.isDone()).to.equal(true);
  });

  const failures: Readonly<Record<string, () => void>> = {
    'is not well': () => { nock('https://tsa.example').post('/rfc3161').reply(500, 'sorry'); },
    'answers with a page': () => { nock('https://tsa.example').post('/rfc3161').reply(200, '<html></html>'); },
    'answers without end': () => { nock('https://tsa.example').post('/rfc3161').reply(200, Buffer.alloc(300 * 1024)); },
    'cannot be reached': () => { nock('https://tsa.example').post('/rfc3161').replyWithError(new Error('ECONNREFUSED')); },
  };
  for (const [what, prepare] of Object.entries(failures)) {
    it(`an authority that ${what} leaves the seal without token, and says so`, async () => {
      prepare();
      const { token, log } = await sealOnce();
      expect(token).to.equal(null);
      expect(log).to.include('gives no token');
    });
  }
});
