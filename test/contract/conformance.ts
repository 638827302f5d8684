import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Connector, ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { isFailure } from '../../src/connector-api/failures.js';
import type { Annex } from '../../src/domain/item.js';
import { RelaisError } from '../../src/errors.js';
import { recordingLogger } from '../support/recording-logger.js';
import { sampleAnnex, sampleItem } from '../support/sample-item.js';
import type { OtherSide, Rehearsal } from './rehearsal.js';

const LARGE = 64 * 2 ** 20;

/** What a large submission may add to the resident memory: far less than the file, enough for the collector's moods. */
const ROOM = 40 * 2 ** 20;

type Blobs = Map<string, () => Readable>;

function annexOf(id: string, bytes: Buffer, blobs: Blobs): Annex {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  blobs.set(sha256, () => Readable.from([bytes]));
  return sampleAnnex(id, { sha256, size: bytes.length });
}

/** An annex of one repeated chunk, so that its producer takes no memory. */
function largeAnnex(size: number, blobs: Blobs, onChunk: () => void): Annex {
  const chunk = Buffer.alloc(64 * 1024, 'relais');
  const hash = createHash('sha256');
  for (let done = 0; done < size; done += chunk.length) hash.update(chunk);
  const sha256 = hash.digest('hex');
  blobs.set(sha256, () => {
    let left = size;
    return new Readable({ read() {
      onChunk();
      left -= chunk.length;
      this.push(left >= 0 ? chunk : null);
    } });
  });
  return sampleAnnex('large.pdf', { sha256, size });
}

/** The promises that every connector keeps (DESIGN «The connector contract»), rehearsed against its own other side. */
export function describeConformance(connector: Connector, rehearsal: Rehearsal): void {
  const { operation, skips } = rehearsal;
  let other: OtherSide;
  let settings: unknown;
  let blobs: Blobs;
  let logger = recordingLogger();
  let keys = 0;

  beforeEach(async () => {
    other = await rehearsal.open();
    settings = connector.settings.parse(other.settings);
    blobs = new Map();
    logger = recordingLogger();
  });
  afterEach(() => other.close());

  function context(change: Partial<ConnectorContext> = {}): ConnectorContext {
    return {
      logger, clock: { now: () => Date.UTC(2027, 2, 1) }, signal: new AbortController().signal, markSent: () => Promise.resolve(),
      blobs: { read(sha256) {
        const found = blobs.get(sha256);
        if (found === undefined) throw new RelaisError('RELAIS_BLOB_MISSING', 'gone');
        return found();
      } },
      ...change,
    };
  }

  function submission(annexes: readonly Annex[] = [annexOf('plan.pdf', Buffer.from('a plan'), blobs)]): Submission {
    keys += 1;
    return { key: `key-${keys}`, operation: operation, item: sampleItem({ annexes }) };
  }

  async function failureKind(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.then(() => 'no failure', (thrown: unknown) => thrown);
    return isFailure(error) ? error.kind : String(error);
  }

  it('names itself and its operations', () => {
    const { manifest } = connector;
    expect(manifest.id).to.match(/^[a-z0-9-]+$/);
    expect([manifest.title.fr, manifest.title.en].every((title) => title !== '')).to.equal(true);
    expect(manifest.operations).to.have.property(operation);
  });

  it('check: accepts settings that work', () => connector.check(settings, context()));

  it('check: reports settings that do not as misconfigured', async () => {
    expect(await failureKind(connector.check(connector.settings.parse(other.brokenSettings), context()))).to.equal('misconfigured');
  });

  it('submit: reports settings that do not work as misconfigured, and an operation that it lacks', async () => {
    expect(await failureKind(connector.submit(submission(), connector.settings.parse(other.brokenSettings), context()))).to.equal('misconfigured');
    expect(await failureKind(connector.submit({ ...submission(), operation: 'juggle' }, settings, context()))).to.equal('misconfigured');
  });

  it('delivers the item and its files, and marks before it does', async () => {
    const sent = submission([annexOf('a.pdf', Buffer.from('first'), blobs), annexOf('b.pdf', Buffer.alloc(0), blobs)]);
    let atMark = -1;
    const receipt = await connector.submit(sent, settings, context({ markSent: async () => { atMark = (await other.delivered()).length; } }));

    expect(receipt.reference).to.not.equal('');
    expect(atMark, 'delivered when the mark was asked for').to.equal(0);
    expect(await other.delivered()).to.deep.equal([{ itemUid: sent.item.uid, files: sent.item.annexes.map(({ sha256 }) => sha256) }]);
  });

  it('delivers nothing when the mark is refused', async () => {
    expect(await failureKind(connector.submit(submission(), settings, context({ markSent: () => Promise.reject(new Error('no mark')) })))).to.not.equal('no failure');
    expect(await other.delivered()).to.deep.equal([]);
  });

  it('the same key twice is there once', async () => {
    const sent = submission();
    const first = await connector.submit(sent, settings, context());
    const second = await connector.submit(sent, settings, context());

    expect(second).to.deep.equal(first);
    expect(await other.delivered()).to.have.length(1);
  });

  it('a restart between the mark and the call: absence is proved and the next submit delivers', async () => {
    const sent = submission();
    await failureKind(connector.submit(sent, settings, context({ markSent: () => Promise.reject(new Error('the process died')) })));

    expect(await connector.probe(sent, settings, context())).to.equal('absent');
    await connector.submit(sent, settings, context());
    expect(await other.delivered()).to.have.length(1);
  });

  it('a restart between the call and the receipt: the probe finds the same receipt', async () => {
    const sent = submission();
    const lost = await connector.submit(sent, settings, context());

    expect(await connector.probe(sent, settings, context())).to.deep.equal({ found: lost });
    expect(await other.delivered()).to.have.length(1);
  });

  it('a file that is gone is refused with what to do', async () => {
    const sent = submission();
    blobs.clear();
    let marked = false;

    expect(await failureKind(connector.submit(sent, settings, context({ markSent: () => { marked = true; return Promise.resolve(); } })))).to.equal('refused');
    expect(marked).to.equal(false);
    expect(await other.delivered()).to.deep.equal([]);
  });

  it('a large file goes through at constant memory', async () => {
    globalThis.gc?.();
    const before = process.memoryUsage.rss();
    let highest = before;
    const annex = largeAnnex(LARGE, blobs, () => { highest = Math.max(highest, process.memoryUsage.rss()); });
    await connector.submit(submission([annex]), settings, context());
    highest = Math.max(highest, process.memoryUsage.rss());

    expect(highest - before).to.be.lessThan(ROOM);
    expect((await other.delivered())[0]?.files).to.deep.equal([annex.sha256]);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    blobs.set('f'.repeat(64), () => new Readable({ read() { controller.abort(new Error('stop')); } }));
    const sent = submission([sampleAnnex('endless.pdf', { sha256: 'f'.repeat(64), size: 1 })]);

    expect(await failureKind(connector.submit(sent, settings, context({ signal: controller.signal })))).to.not.equal('no failure');
    expect(await other.delivered()).to.deep.equal([]);
  });

  unlessSkipped('refused by the other side', skips.refuse, async () => {
    await other.refuse();
    expect(await failureKind(connector.submit(submission(), settings, context()))).to.equal('refused');
  });

  unlessSkipped('the other side is down: nothing was sent, and a probe does not claim absence', skips.takeDown, async () => {
    const sent = submission();
    await other.takeDown();
    expect(await failureKind(connector.submit(sent, settings, context()))).to.be.oneOf(['not-sent', 'misconfigured']);
    expect(await connector.probe(sent, settings, context()).catch(() => 'failed')).to.not.equal('absent');
  });

  unlessSkipped('secrets are absent from logs and messages', skips.secrets, async () => {
    expect(other.secrets).to.not.deep.equal([]);
    const broken = connector.settings.parse(other.brokenSettings);
    const said = [await connector.submit(submission(), settings, context()), await connector.submit(submission(), broken, context()).catch(String), await connector.check(broken, context()).catch(String)];
    for (const secret of other.secrets) expect(logger.text() + JSON.stringify(said)).to.not.include(secret);
  });
}

/** A case that cannot happen is listed as pending, with the reason in its name. */
function unlessSkipped(name: string, reason: string | undefined, run: () => Promise<void>): void {
  if (reason === undefined) it(name, run);
  else it(`${name} (not here: ${reason})`);
}
