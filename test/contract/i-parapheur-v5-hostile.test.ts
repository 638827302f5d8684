import { expect } from 'chai';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { iParapheurV5 } from '../../connectors/i-parapheur-v5/index.js';
import type { Receipt } from '../../src/connector-api/connector.js';
import { createSecretScrubber } from '../../src/platform/secret-scrubber.js';
import { httpAnswer } from '../support/http-answer.js';
import { failureOf } from '../support/failure-of.js';
import { openV5Rig, track, type V5Rig } from '../support/v5-parapheur.js';

const MIB = 2 ** 20;

describe('a hostile i-Parapheur 5', () => {
  let rig: V5Rig;
  let receipt: Receipt;
  beforeEach(async () => {
    rig = await openV5Rig();
    receipt = await iParapheurV5.submit(await rig.submission(), rig.settings(), rig.context);
  });
  afterEach(() => rig.close());

  function instead(ending: string, answer: { readonly status?: number; readonly type?: string; readonly body: string | Buffer }): void {
    rig.instead = ({ url }) => (url.endsWith(ending) ? httpAnswer({ status: answer.status ?? 200, headers: { 'content-type': answer.type ?? 'application/xml' }, body: answer.body }) : undefined);
  }

  const premis = (inside: string, before = '') => `<?xml version="1.0"?>${before}<premis xmlns="http://www.loc.gov/premis/v3">${inside}</premis>`;
  const event = (id: number) => `<event><eventIdentifier><eventIdentifierType>taskId</eventIdentifierType><eventIdentifierValue>${id}</eventIdentifierValue></eventIdentifier><eventType>VISA</eventType></event>`;

  it('a history of a million events is given up, without filling the memory', async () => {
    const block = Buffer.from(event(1).repeat(10_000));
    let given = 0;
    rig.instead = ({ url }) => {
      if (!url.endsWith('/premis')) return undefined;
      const answer = httpAnswer({ status: 200, body: 'x' });
      const body = Readable.from(function* () { for (let n = 0; n < 100; n += 1) { given += block.length; yield block; } }());
      return { ...answer, body, text: async (limit = MIB) => {
        let size = 0;
        for await (const chunk of body as AsyncIterable<Buffer>) if ((size += chunk.length) > limit) return httpAnswer({ status: 200, body: Buffer.alloc(limit + 1) }).text(limit);
        return '';
      } };
    };
    expect(await failureOf(track(rig, receipt, rig.settings()))).to.match(/^outcome-unknown: .*longer than/);
    expect(given).to.be.lessThan(20 * MIB);
  });

  it('a history as long as is read takes no longer than a moment', async () => {
    instead('/premis', { body: premis(event(1).repeat(20_000)) });
    const began = performance.now();
    expect((await track(rig, receipt, rig.settings())).state).to.equal('pending');
    expect(performance.now() - began).to.be.lessThan(5_000);
  });

  it('entities of its own, however deep, make no text and no end', async () => {
    const bomb = `<!DOCTYPE premis [<!ENTITY a "${'x'.repeat(1000)}">${Array.from({ length: 9 }, (_, n) => `<!ENTITY ${String.fromCodePoint(98 + n)} "${`&${String.fromCodePoint(97 + n)};`.repeat(10)}">`).join('')}]>`;
    for (const body of [premis(`<object><originalName>&j;</originalName></object>${event(1)}`, bomb), premis('<event><eventType>&e;</eventType></event>', '<!DOCTYPE premis [<!ENTITY e SYSTEM "file:///etc/hostname">]>')]) {
      instead('/premis', { body });
      expect(await failureOf(track(rig, receipt, rig.settings()))).to.match(/^outcome-unknown: .*no PREMIS history/);
    }
  });

  it('a redirect to another host is not followed, and takes no token there', async () => {
    rig.instead = ({ url }) => (url.endsWith('/premis') ? httpAnswer({ status: 302, headers: { location: 'https://elsewhere.example/' } }) : undefined);
    expect(await failureOf(track(rig, receipt, rig.settings()))).to.match(/^misconfigured: .*sends requests elsewhere/);
  });

  it('a page of HTML with status 404 is not a folder that was removed', async () => {
    for (const ending of ['/premis', '/zip']) {
      instead(ending, { status: 404, type: 'text/html; charset=utf-8', body: '<html>Not Found</html>' });
      if (ending === '/zip') await rig.book.desk.finish(rig.folder().id);
      expect(await failureOf(track(rig, receipt, rig.settings())), ending).to.match(/^outcome-unknown: A page of HTML with status 404/);
    }
    instead('/premis', { status: 404, type: 'application/json', body: '{"message":"The given folder id was not found."}' });
    expect(await track(rig, receipt, rig.settings())).to.have.property('note').that.includes('not found over there');
  });

  it('what it repeats of token and password is hidden', async () => {
    const settings = rig.settings();
    const scrubber = createSecretScrubber();
    scrubber.register(settings.password);
    const bearers: string[] = [];
    rig.instead = ({ url, headers }) => {
      if (!url.endsWith('/premis')) return undefined;
      const bearer = (headers?.['authorization'] ?? '').replace('Bearer ', '');
      bearers.push(bearer);
      return httpAnswer({ status: 403, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message: `token ${bearer} of ${settings.login}:${settings.password} may not` }) });
    };
    const told = scrubber.scrub(await failureOf(track(rig, receipt, settings)));
    expect(told).to.include('may not');
    for (const secret of [...bearers, settings.password]) expect(told).to.not.include(secret);
    expect(rig.logger.text()).to.not.include(bearers[0]);
  });

  it('what the token service repeats of the token that it gave is hidden', async () => {
    let refresh = '';
    const settings = rig.settings();
    await track(rig, receipt, settings);
    rig.pass(290_000);
    rig.instead = ({ url, body }) => {
      if (!url.endsWith('/token')) return undefined;
      refresh = new URLSearchParams(typeof body === 'string' ? body : '').get('refresh_token') ?? '';
      return httpAnswer({ status: 500, body: `cannot renew ${refresh}` });
    };
    expect(await failureOf(track(rig, receipt, settings))).to.include('cannot renew [hidden]');
    expect(refresh).to.not.equal('');
  });

  describe('an archive', () => {
    async function tracked(archive: Buffer): Promise<string> {
      await rig.book.desk.finish(rig.folder().id);
      instead('/zip', { type: 'application/zip', body: archive });
      return failureOf(track(rig, receipt, rig.settings()));
    }

    it('that grows without end is given up, and nothing is put away', async function () {
      this.timeout(30_000);
      expect(await tracked(zip('bombe.pdf', Buffer.alloc(64 * MIB)))).to.match(/^refused: .*grows more than/);
      expect(rig.folder().state).to.equal('finished');
    });

    it('in gzip in place of ZIP is no archive', async () => {
      expect(await tracked(gzipSync(Buffer.alloc(MIB)))).to.match(/^(?:outcome-unknown|refused): The archive of the folder cannot be used/);
    });

    it('whose names lead elsewhere gives no document of ours', async () => {
      expect(await tracked(zip('../../../etc/passwd', Buffer.from('root')))).to.match(/^(?:outcome-unknown|refused): /);
    });
  });
});

/** A ZIP archive of one deflated file. */
function zip(name: string, content: Buffer): Buffer {
  const deflated = deflateRawSync(content);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(deflated.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(Buffer.byteLength(name), 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name)]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([20, 0]), common, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length + deflated.length, 16);
  return Buffer.concat([local, deflated, central, end]);
}
