import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { annexContent } from '../../../src/connector-api/annex-content.js';
import { Refused } from '../../../src/connector-api/failures.js';
import type { Annex } from '../../../src/domain/item.js';
import { sampleAnnex } from '../../support/sample-item.js';

const chunks = ['the bytes ', 'of an ', 'annex'].map((text) => Buffer.from(text));
const whole = Buffer.concat(chunks);
const annex = sampleAnnex('plan.pdf', { size: whole.length, sha256: createHash('sha256').update(whole).digest('hex') });
const never = new AbortController().signal;

function missing(): Error {
  return Object.assign(new Error('gone'), { code: 'RELAIS_BLOB_MISSING' });
}

/** What comes out, and how it ends. */
async function readFrom(read: (sha256: string) => Readable, one: Annex = annex, signal = never): Promise<{ text: string; error: unknown }> {
  let text = '';
  try {
    for await (const chunk of annexContent(one, { blobs: { read, keep: () => Promise.reject(new Error('not here')) }, signal })) text += String(chunk);
    return { text, error: null };
  } catch (error) {
    return { text, error };
  }
}

describe('the content of an annex', () => {
  it('is what was received', async () => {
    expect(await readFrom(() => Readable.from(chunks))).to.deep.equal({ text: String(whole), error: null });
  });

  it('may be empty', async () => {
    const empty = sampleAnnex('empty.pdf', { size: 0, sha256: createHash('sha256').digest('hex') });
    expect(await readFrom(() => Readable.from([]), empty)).to.deep.equal({ text: '', error: null });
  });

  for (const [what, read] of [
    ['changed', () => Readable.from([...chunks.slice(0, 2), Buffer.from('Annex')])],
    ['shorter', () => Readable.from(chunks.slice(0, 2))],
    ['longer', () => Readable.from([...chunks, Buffer.from('!')])],
    ['missing from the start', () => { throw missing(); }],
    ['missing when it is read', () => new Readable({ read() { this.destroy(missing()); } })],
  ] as const) {
    it(`${what}: refused, by the name of the file, and never whole`, async () => {
      const { text, error } = await readFrom(read);
      expect(error).to.be.instanceOf(Refused).with.property('message').that.includes('plan.pdf');
      expect(text.length).to.be.lessThan(whole.length);
    });
  }

  it('another failure of the store is passed on as it is', async () => {
    const broken = new Error('EIO');
    expect(await readFrom(() => new Readable({ read() { this.destroy(broken); } }))).to.deep.include({ error: broken });
  });

  it('stops with the signal, and lets go of the file', async () => {
    const stop = new AbortController();
    const source = new Readable({ read() { /* more never comes */ } });
    source.push('the');
    const reading = readFrom(() => source, annex, stop.signal);
    stop.abort(new Error('stop'));

    expect(await reading).to.have.nested.property('error.message', 'stop');
    if (!source.closed) await once(source, 'close');
    expect(source.destroyed).to.equal(true);
    expect(await readFrom(() => Readable.from(chunks), annex, stop.signal)).to.have.property('text', '');
  });

  it('an error that nobody has come to read yet does not end the process', async () => {
    const content = annexContent(annex, { blobs: { read: () => { throw missing(); }, keep: () => Promise.reject(new Error('not here')) }, signal: never });
    if (!content.closed) await new Promise((resolve) => { content.once('close', resolve); });

    expect(content.errored).to.be.instanceOf(Refused);
  });
});
