import { expect } from 'chai';
import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openBlobStore } from '../../../src/blobs/file-blob-store.js';
import { watchMemory } from '../../../src/connector-kit/live-memory.js';
import { sampleDeposit, watchRig } from '../../support/deposit-rig.js';
import { depositServer } from '../../support/deposit-server.js';
import { pesFile, pesFileStream } from '../../support/pes-file.js';
import { tempFolder } from '../../support/temp-store.js';

const MIB = 2 ** 20;
/** Below what the treasury takes at most. */
const LARGE = 127 * MIB;
const ROOM = 48 * MIB;

describe('deposits, many and large', function () {
  this.timeout(180_000);
  let folder: string;
  let dispose: () => Promise<void>;
  beforeEach(async () => { ({ folder, dispose } = await tempFolder()); });
  afterEach(() => dispose());

  it('5,000 files dropped at once: each becomes one item', async () => {
    const root = path.join(folder, 'in');
    await fs.mkdir(root);
    const rig = await watchRig(root);
    for (let flow = 0; flow < 5000; flow += 1) await rig.drop(`flux-${flow}.xml`, pesFile({ nomFic: `FLUX_${flow}` }));
    await rig.settle();
    await rig.stop();
    expect([rig.intake.submissions.length, new Set(rig.intake.submissions.map(({ item }) => item.externalIdentifier)).size, await rig.names()]).to.deep.equal([5000, 5000, ['processed']]);
    expect(rig.figures.at(-1)).to.deep.equal({ isUp: true, waiting: 0 });
  });

  it('a 128 MiB PES at constant memory, from a folder, and its progress is told', async () => {
    const root = path.join(folder, 'in');
    await fs.mkdir(root);
    await pipeline(Readable.from(pesFileStream({ nomFic: 'LARGE', bytes: LARGE })), createWriteStream(path.join(root, 'large.xml')));
    const rig = await watchRig(root, { parts: { deposit: sampleDeposit({ maxBytes: 256 * MIB }), blobs: await openBlobStore(path.join(folder, 'blobs')) } });
    const memory = watchMemory(ROOM);
    await rig.settle();
    expect(memory.end()).to.be.lessThan(ROOM);
    await rig.stop();
    expect(rig.taken).to.deep.equal(['received']);
    const size = rig.intake.submissions[0]?.item.annexes[0]?.size;
    expect(rig.log.lines.filter(({ message }) => message === 'A large file is being received')[0]?.fields).to.deep.include({ file: 'large.xml', total: size });
  });

  it('a 128 MiB PES at constant memory, over HTTP', async () => {
    const blobs = await openBlobStore(path.join(folder, 'blobs'));
    const server = await depositServer({ folder, idleMs: 60_000, parts: { deposit: sampleDeposit({ maxBytes: 256 * MIB }), blobs } });
    const memory = watchMemory(ROOM);
    const { status } = await server.send({ method: 'PUT', path: '/deposit/finances/large.xml', body: pesFileStream({ nomFic: 'LARGE', bytes: LARGE }) });
    expect(memory.end()).to.be.lessThan(ROOM);
    await server.close();
    expect([status, (server.intake.submissions[0]?.item.annexes[0]?.size ?? 0) > LARGE]).to.deep.equal([201, true]);
  });
});
