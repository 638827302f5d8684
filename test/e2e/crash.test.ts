import { expect } from 'chai';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { startGateway, temporaryFolder, waitFor } from '../support/gateway-process.js';
import { call, collegeItem } from '../support/soap-call.js';

interface Answered { readonly uid: string; readonly title: string; readonly sha256: string }

const ROUNDS = 10;
const STREAMS = 6;
/** What was under way when the gateway was killed is taken up when its lease ends (60 s) and the reaper has looked (30 s). */
const LEASE_AND_REAP_MS = 120_000;
const sha256 = (bytes: Buffer): string => crypto.createHash('sha256').update(bytes).digest('hex');

/** Sends items one after the other until the gateway is gone; records those that were answered. */
async function stream(url: string, name: string, answered: Answered[]): Promise<void> {
  for (let n = 0; ; n++) {
    const title = `Item ${name} ${n}`;
    const bytes = Buffer.concat([Buffer.from('%PDF-1.4\n'), crypto.randomBytes(1000 + n * 997 % 60_000)]);
    try {
      const answer = await call(url, 'createItem', collegeItem(title, `<externalIdentifier>${title}</externalIdentifier>`, [{ name: 'a.pdf', bytes }]));
      const uid = answer.reply['UID'];
      if (answer.status === 200 && typeof uid === 'string') answered.push({ uid, title, sha256: sha256(bytes) });
    } catch {
      return; // the connection broke: this item was not answered
    }
  }
}

/** uid → how many folders were delivered for it, anywhere below `folder`. */
function deliveredFolders(folder: string): Map<string, number> {
  const found = new Map<string, number>();
  // Drafts are not delivered yet and vanish while they are looked at; readers pass over names that start with a dot.
  const delivered = fs.readdirSync(folder).filter((name) => !name.startsWith('.')).map((name) => path.join(folder, name));
  for (const entry of delivered.flatMap((one) => fs.readdirSync(one, { recursive: true, withFileTypes: true }))) {
    if (entry.name !== 'item.json') continue;
    const { uid } = JSON.parse(fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8')) as { uid: string };
    found.set(uid, (found.get(uid) ?? 0) + 1);
  }
  return found;
}

describe('kill -9 during a stream of createItem', function () {
  this.timeout(240_000);
  const data = temporaryFolder();
  after(() => fs.rmSync(data, { recursive: true, force: true }));

  it('keeps every answered item with its annex, and delivers each exactly once', async () => {
    const answered: Answered[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const gateway = await startGateway({ data });
      const before = answered.length;
      const streams = Array.from({ length: STREAMS }, (_, i) => stream(`${gateway.url}/ws4pm`, `${round}-${i}`, answered));
      await waitFor(() => answered.length >= before + 5 + round * 7, 20_000, () => `nothing is answered: ${gateway.output()}`);
      await gateway.kill();
      await Promise.all(streams);
    }

    const gateway = await startGateway({ data });
    try {
      for (const { uid, title, sha256: expected } of answered) {
        const { reply } = await call(`${gateway.url}/ws4pm`, 'getItemInfos', `<UID>${uid}</UID><showAnnexes>1</showAnnexes>`, 'admin:demo');
        const [item] = reply['itemInfo'] as { title: string; annexes: { file: string }[] }[];
        expect(item?.title).to.equal(title);
        expect(sha256(Buffer.from(item!.annexes[0]!.file, 'base64'))).to.equal(expected);
      }
      const { reply } = await call(`${gateway.url}/ws4pm`, 'searchItems', '<Title>item</Title>', 'admin:demo');
      const visible = (reply['itemInfo'] as { UID: string }[]).map((item) => item.UID);
      expect(visible.length).to.be.at.least(answered.length);
      const outbox = path.join(data, 'outbox');
      await waitFor(() => deliveredFolders(outbox).size >= visible.length, LEASE_AND_REAP_MS, () => `${deliveredFolders(outbox).size} of ${visible.length} delivered`);
      const delivered = deliveredFolders(outbox);
      expect([...delivered.values()].filter((count) => count !== 1)).to.deep.equal([]);
      expect([...delivered.keys()].toSorted()).to.deep.equal(visible.toSorted());
      for (const uid of visible) {
        const whole = await call(`${gateway.url}/ws4pm`, 'getItemInfos', `<UID>${uid}</UID><showAnnexes>1</showAnnexes>`, 'admin:demo');
        const [item] = whole.reply['itemInfo'] as { annexes: unknown[] }[];
        expect(item!.annexes).to.have.lengthOf(1);
      }
    } finally {
      expect(await gateway.stop()).to.equal(0);
    }
  });
});
