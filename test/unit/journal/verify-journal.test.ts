import { expect } from 'chai';
import { Readable } from 'node:stream';
import { createTimeStampClient } from '../../../src/journal/time-stamp-client.js';
import { checkToken, TimeStampRefused } from '../../../src/journal/time-stamp.js';
import { createTimestamper, type Stamp, type Timestamper } from '../../../src/journal/timestamper.js';
import { makeSeal, sealText } from '../../../src/journal/seal.js';
import { verifyJournal, type JournalCheck, type JournalSource } from '../../../src/journal/verify-journal.js';
import { fakeTime } from '../../support/fake-time.js';
import { memoryJournalStore, type MemoryJournalStore } from '../../support/memory-journal-store.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { startTimeStampAuthority, type TimeStampAuthority } from '../../support/time-stamp-authority.js';

describe('verifying a journal', function () {
  this.timeout(20_000);
  let authority: TimeStampAuthority;
  let store: MemoryJournalStore;
  const time = fakeTime();
  const logger = recordingLogger();

  before(async () => { authority = await startTimeStampAuthority(); });
  after(() => authority.close());
  beforeEach(() => {
    store = memoryJournalStore();
    store.append(...Array.from({ length: 25 }, (_, n) => ({ data: { n } })));
  });

  const stamp: Stamp = (text) => createTimeStampClient({ url: authority.url, ca: authority.ca, post: async (_url, _headers, body) => ({ status: 200, body: await authority.reply(body) }) })(text);
  const stamperOf = (stampWith: Stamp | null): Timestamper => createTimestamper({ store, stamp: stampWith, clock: time, timer: time, logger, everyMs: 60_000 });

  function verify(): Promise<JournalCheck> {
    const source: JournalSource = {
      entries: () => Readable.from(store.rows),
      seals: () => Readable.from(store.sealed),
    };
    return verifyJournal(source, (seal, token) => checkToken(token, sealText(seal), authority.ca).then(() => null, (error: unknown) => (error as Error).message));
  }

  async function sealed(): Promise<void> {
    await stamperOf(stamp).sealNow('default');
    store.append({ data: { n: 'second' } });
    await stamperOf(stamp).sealNow('default');
    store.append({ data: { n: 'not sealed yet' } });
  }

  it('finds nothing wrong with what nobody touched', async () => {
    await sealed();
    expect(await verify()).to.deep.include({ entries: 27, seals: 2, sealedTo: 26, stampedTo: 2, problem: null });
  });

  const tampered: Readonly<Record<string, () => void>> = {
    'an entry that was altered': () => { store.rows[3] = { ...store.rows[3]!, actor: 'someone else' }; },
    'an entry that was removed': () => { store.rows.splice(3, 1); },
    'two entries that changed places': () => { store.rows.splice(3, 2, store.rows[4]!, store.rows[3]!); },
    'an entry that was inserted': () => { store.rows.splice(3, 0, { ...store.rows[3]!, event: 'forged' }); },
    'sealed entries cut off at the end': () => { store.rows.splice(20); },
    'a seal that was forged': () => { store.sealed[0] = { ...store.sealed[0]!, root: 'f'.repeat(64) }; },
    'a seal that was removed': () => { store.sealed.shift(); },
    'a token that belongs to another seal': () => { store.sealed[1] = { ...store.sealed[1]!, token: store.sealed[0]!.token }; },
    'a token that is none': () => { store.sealed[1] = { ...store.sealed[1]!, token: Buffer.from('nonsense').toString('base64') }; },
  };
  for (const [what, tamper] of Object.entries(tampered)) {
    it(`finds ${what}`, async () => {
      await sealed();
      tamper();
      expect((await verify()).problem).to.be.a('string');
    });
  }

  it('finds a chain that was made anew from an altered entry on, by its seal', async () => {
    await sealed();
    const forged = memoryJournalStore();
    forged.append(...store.rows.map(({ data }, index) => ({ data: index === 3 ? { n: 'forged' } : data })));
    store.rows.splice(0, store.rows.length, ...forged.rows);
    expect((await verify()).problem).to.match(/seal 1 does not fit/);
  });

  it('refuses tokens of an authority that is not trusted, or not for time stamps', async () => {
    const text = sealText(makeSeal('default', null, ['0'.repeat(64)], 1));
    const other = await startTimeStampAuthority();
    const notForThat = await startTimeStampAuthority({ forTimeStamps: false });
    try {
      for (const [from, ca] of [[other, authority.ca], [notForThat, notForThat.ca]] as const) {
        const ask = createTimeStampClient({ url: from.url, ca, post: async (_url, _headers, body) => ({ status: 200, body: await from.reply(body) }) });
        expect(await ask(text).catch((error: unknown) => error)).to.be.instanceOf(TimeStampRefused);
      }
    } finally {
      await other.close();
      await notForThat.close();
    }
  });

  it('an outage of the authority leaves seals without token, warns once, and is made up for', async () => {
    let down = true;
    const stamper = stamperOf((text) => (down ? Promise.reject(new Error('down')) : stamp(text)));
    const before = logger.text().length;
    for (let round = 0; round < 3; round += 1) { store.append({}); await stamper.sealNow('default'); }
    expect(store.sealed.map(({ token }) => token)).to.deep.equal([null, null, null]);
    expect(logger.text().slice(before).match(/gives no token/g)).to.have.length(1);
    down = false;
    await stamper.sealNow('default');
    expect(store.sealed.every(({ token }) => token !== null)).to.equal(true);
    expect(await verify()).to.deep.include({ stampedTo: 3, problem: null });
  });

  it('a stamper seals regularly and leaves no timer behind', async () => {
    const own = fakeTime();
    const stamper = createTimestamper({ store, stamp: null, clock: own, timer: own, logger, everyMs: 60_000 });
    stamper.start();
    await own.advance(1);
    store.append({});
    await own.advance(60_001);
    expect(store.sealed.map(({ from, to }) => [from, to])).to.deep.equal([[1, 25], [26, 26]]);
    await stamper.stop();
    expect(own.pending()).to.equal(0);
  });
});
