import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { openRestSimulator, type RestSimulator } from '../../connectors/plonemeeting-rest/simulator.js';
import { startGateway, temporaryFolder, waitFor, type GatewayProcess } from '../support/gateway-process.js';
import { call, collegeItem } from '../support/soap-call.js';
import { beside } from '../support/survival.js';

const STREAMS = 4;
const CREATOR = 'jdupont:demo';
const MANAGER = 'dgs:demo';

/** What was answered: identifier → uid. */
type Answered = Map<string, string>;

/** PloneMeeting is taken away, loses answers and comes back while callers go on and the gateway is killed. */
describe('an outage of the system behind, under traffic, with kill -9', function () {
  this.timeout(60_000);
  const data = temporaryFolder();
  const engine = { kind: 'sqlite', folder: data } as const;
  const answered: Answered = new Map();
  const faults: string[] = [];
  let council: RestSimulator;
  before(async () => { council = await openRestSimulator(); });
  after(async () => {
    await council.close();
    fs.rmSync(data, { recursive: true, force: true });
  });

  const start = (): Promise<GatewayProcess> => startGateway({
    data, config: path.join(import.meta.dirname, 'outage/relais.yaml'),
    environment: { COUNCIL: council.url, COUNCIL_PASSWORD: String(council.settings['password']) },
  });

  it('each item that was answered is there once; nobody is told that it is not linked; callers notice nothing', async () => {
    await life('well', { kill: true });
    await life('loses-answer', { kill: true });
    await life('down', { kill: true });
    const gateway = await start();
    try {
      await callsNoticeNothing(gateway);
      await council.behave('well');
      await drained();
      expect(faults).to.deep.equal([]);
      await eachIsThereOnce(gateway);
    } finally {
      expect(await gateway.stop()).to.equal(0);
    }
  });

  /** One life of the gateway, with the council behaving so. */
  async function life(how: 'well' | 'loses-answer' | 'down', { kill }: { readonly kill: boolean }): Promise<void> {
    await council.behave(how);
    const gateway = await start();
    const before = answered.size;
    let isOver = false;
    const streams = Array.from({ length: STREAMS }, (_, n) => feed(gateway, `${how}-${n}`, () => isOver));
    await waitFor(() => answered.size >= before + 15, 20_000, () => `only ${answered.size - before} answers while it is «${how}»: ${gateway.output()}`);
    if (kill) await gateway.kill();
    isOver = true;
    await Promise.all(streams);
  }

  /** Creates items, and asks about each at once, until the gateway is gone. */
  async function feed({ url }: GatewayProcess, name: string, isOver: () => boolean): Promise<void> {
    for (let n = 0; !isOver(); n += 1) {
      const identifier = `${name}-${n}`;
      try {
        const { reply, fault } = await call(`${url}/ws4pm`, 'createItem', collegeItem(`Item ${identifier}`, `<externalIdentifier>${identifier}</externalIdentifier>`), CREATOR);
        if (fault !== null) faults.push(`createItem: ${fault.text}`);
        if (typeof reply['UID'] === 'string') answered.set(identifier, reply['UID']);
        const linked = await call(`${url}/ws4pm`, 'checkIsLinked', `<externalIdentifier>${identifier}</externalIdentifier>`, MANAGER);
        if (linked.fault !== null || linked.reply['isLinked'] !== 'true') faults.push(`checkIsLinked ${identifier}: ${linked.fault?.text ?? String(linked.reply['isLinked'])}`);
      } catch {
        return; // the connection broke: this one was not answered
      }
    }
  }

  /** While nobody answers over there, everything that was answered is found, linked, and says how it stands. */
  async function callsNoticeNothing({ url }: GatewayProcess): Promise<void> {
    for (const [identifier, uid] of [...answered].filter((_, index) => index % 5 === 0)) {
      const { reply } = await call(`${url}/ws4pm`, 'getItemInfos', `<UID>${uid}</UID>`, CREATOR);
      expect((reply['itemInfo'] as { UID: string; externalIdentifier: string }[] | undefined)?.map((item) => [item.UID, item.externalIdentifier]), identifier).to.deep.equal([[uid, identifier]]);
      const linked = await call(`${url}/ws4pm`, 'checkIsLinked', `<externalIdentifier>${identifier}</externalIdentifier>`, MANAGER);
      expect(linked.reply['isLinked'], identifier).to.equal('true');
    }
    const unknown = await call(`${url}/ws4pm`, 'checkIsLinked', '<externalIdentifier>of-somebody-else</externalIdentifier>', MANAGER);
    expect(unknown.fault?.text).to.include('RELAIS_UPSTREAM_AWAY');
  }

  /** Nothing is on its way any more; a breaker that is open is let try. */
  async function drained(): Promise<void> {
    await beside(engine, async (store) => {
      let open = -1;
      let released = 0;
      await waitFor(async () => {
        open = await store.operations.count('default', { state: ['waiting', 'ready', 'sending'] });
        if (open > 0 && Date.now() - released > 1_000) {
          released = Date.now();
          await store.operations.release('default', 'council', 'test');
        }
        return open === 0;
      }, 30_000, () => `${open} items are not forwarded`);
      expect(await store.operations.count('default', { state: ['parked', 'rejected'] })).to.equal(0);
    });
  }

  async function eachIsThereOnce({ url }: GatewayProcess): Promise<void> {
    const there = council.desk.items().map(({ externalIdentifier }) => externalIdentifier);
    expect(there.length).to.equal(new Set(there).size);
    expect([...answered.keys()].filter((identifier) => !there.includes(identifier))).to.deep.equal([]);
    for (const [identifier, uid] of [...answered].filter((_, index) => index % 5 === 0)) {
      const [theirs] = council.desk.items().filter(({ externalIdentifier }) => externalIdentifier === identifier);
      for (const named of [uid, theirs?.uid ?? '']) {
        const { reply } = await call(`${url}/ws4pm`, 'getItemInfos', `<UID>${named}</UID>`, CREATOR);
        expect((reply['itemInfo'] as { UID: string }[] | undefined)?.map((item) => item.UID), identifier).to.deep.equal([uid]);
      }
    }
  }
});
