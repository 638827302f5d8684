import { expect } from 'chai';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { ANSWERS } from '../../../src/deposit/http/answer-schemas.js';
import { RelaisError } from '../../../src/errors.js';
import { sampleDeposit } from '../../support/deposit-rig.js';
import { depositServer, type DepositServer, type Reply } from '../../support/deposit-server.js';
import { pesFile } from '../../support/pes-file.js';
import { tempFolder } from '../../support/temp-store.js';

const PES = pesFile({ nomFic: 'FLUX_1', slips: 20 });
const PARTIAL = { 'Content-Type': 'application/partial-upload' };

describe('uploads that are resumed', () => {
  let server: DepositServer;
  let folder: string;
  let dispose: () => Promise<void>;
  beforeEach(async () => {
    ({ folder, dispose } = await tempFolder());
    server = await depositServer({ folder });
  });
  afterEach(async () => { await server.close(); await dispose(); });

  const begin = (body: Buffer, headers: Record<string, string> = {}): Promise<Reply> => server.send({ method: 'PUT', path: '/deposit/finances/flux.xml', body, headers: { 'Upload-Complete': '?0', ...headers } });
  const patch = (place: string, offset: number, body: Buffer, isLast: boolean, headers: Record<string, string> = {}): Promise<Reply> =>
    server.send({ method: 'PATCH', path: place, body, headers: { ...PARTIAL, 'Upload-Offset': String(offset), 'Upload-Complete': isLast ? '?1' : '?0', ...headers } });
  const head = (place: string): Promise<Reply> => server.send({ method: 'HEAD', path: place });
  const files = (): Promise<string[]> => fs.readdir(path.join(folder, 'uploads')).catch(() => []);

  it('a file in three pieces becomes one item, byte for byte, and is answered as if it had been put', async () => {
    const begun = await begin(PES.subarray(0, 1000), { 'Upload-Length': String(PES.length), 'Idempotency-Key': 'k' });
    const place = begun.headers.location ?? '';
    expect([begun.status, begun.headers['upload-complete'], begun.headers['upload-offset'], begun.headers['upload-limit']]).to.deep.equal([201, '?0', '1000', `max-size=${64 * 2 ** 20}, max-age=86400`]);
    expect(ANSWERS.upload.safeParse(begun.json).error).to.equal(undefined);
    const middle = await patch(place, 1000, PES.subarray(1000, 2000), false);
    expect([middle.status, middle.headers['upload-complete'], middle.headers['upload-offset']]).to.deep.equal([204, '?0', '2000']);
    const last = await patch(place, 2000, PES.subarray(2000), true);
    expect([last.status, last.headers['upload-complete'], last.json['state']]).to.deep.equal([201, '?1', 'received']);
    expect(server.intake.submissions[0]?.item.annexes[0]?.sha256).to.equal(createHash('sha256').update(PES).digest('hex'));

    const done = await server.send({ method: 'GET', path: place });
    expect(done.json).to.deep.include({ complete: true, received: PES.length, total: PES.length, status: 201, answer: last.json });
    expect(ANSWERS.upload.safeParse(done.json).error).to.equal(undefined);
    const state = await head(place);
    expect([state.status, state.headers['upload-complete'], state.headers['upload-offset'], state.headers['upload-length']]).to.deep.equal([204, '?1', String(PES.length), String(PES.length)]);
    expect((await files()).filter((name) => name.endsWith('.part'))).to.deep.equal([]);
  });

  it('survives a restart', async () => {
    const place = (await begin(PES.subarray(0, 1000))).headers.location ?? '';
    server = await server.again();
    const state = await head(place);
    expect([state.status, state.headers['upload-offset']]).to.deep.equal([204, '1000']);
    expect((await patch(place, 1000, PES.subarray(1000), true)).status).to.equal(201);
  });

  it('what came before a connection was cut stays, and the client goes on from there', async () => {
    const place = (await begin(Buffer.alloc(0))).headers.location ?? '';
    const socket = net.connect(server.port, '127.0.0.1');
    socket.write(`PATCH ${place} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${Buffer.from('compta:secret').toString('base64')}\r\nContent-Type: application/partial-upload\r\nUpload-Offset: 0\r\nUpload-Complete: ?1\r\nContent-Length: ${PES.length}\r\n\r\n`);
    socket.write(PES.subarray(0, 3000));
    let received = 0;
    while (received < 3000) received = Number((await server.send({ method: 'GET', path: place })).json['received']);
    // it comes back while the server still waits for the rest
    const offset = Number((await head(place)).headers['upload-offset']);
    expect(offset).to.equal(3000);
    const last = await patch(place, offset, PES.subarray(offset), true);
    socket.destroy();
    expect([last.status, server.intake.submissions.length]).to.deep.equal([201, 1]);
  });

  it('progress is visible while the bytes come', async () => {
    const place = (await begin(PES.subarray(0, 500), { 'Upload-Length': String(PES.length) })).headers.location ?? '';
    const { status, json } = await server.send({ method: 'GET', path: place });
    expect([status, json['received'], json['total'], json['complete'], json['filename']]).to.deep.equal([200, 500, PES.length, false, 'flux.xml']);
  });

  it('an offset that does not fit is a conflict that tells the right one', async () => {
    const place = (await begin(PES.subarray(0, 1000))).headers.location ?? '';
    const { status, headers, json } = await patch(place, 900, PES.subarray(900), true);
    expect([status, headers['upload-offset'], json['type'], json['expected-offset'], json['provided-offset']])
      .to.deep.equal([409, '1000', 'https://iana.org/assignments/http-problem-types#mismatching-upload-offset', 1000, 900]);
    expect(ANSWERS.problem.safeParse(json).error).to.equal(undefined);
  });

  it('lengths that contradict each other are refused, and what is too long makes the upload invalid', async () => {
    const place = (await begin(PES.subarray(0, 1000), { 'Upload-Length': '2000' })).headers.location ?? '';
    const other = await patch(place, 1000, PES.subarray(1000, 1100), false, { 'Upload-Length': '3000' });
    const short = await patch(place, 1000, PES.subarray(1000, 1100), true);
    expect([other.status, short.status, short.json['type']]).to.deep.equal([400, 400, 'https://iana.org/assignments/http-problem-types#inconsistent-upload-length']);
    expect((await patch(place, 1000, PES.subarray(1000, 2500), false)).status).to.equal(400);
    expect((await head(place)).status).to.equal(404);
  });

  it('a complete upload takes no more', async () => {
    const place = (await begin(PES)).headers.location ?? '';
    expect((await patch(place, PES.length, Buffer.alloc(0), true)).status).to.equal(201);
    const types = [await patch(place, PES.length, Buffer.alloc(0), true), await patch(place, PES.length, Buffer.from('x'), true)].map(({ status, json }) => [status, String(json['type']).split('#')[1]]);
    expect(types).to.deep.equal([[400, 'completed-upload'], [400, 'inconsistent-upload-length']]);
  });

  it('a refused file is refused with Upload-Complete, can be asked about again, and leaves nothing', async () => {
    const place = (await begin(Buffer.from('<html/>'))).headers.location ?? '';
    const refused = await patch(place, 7, Buffer.alloc(0), true);
    expect([refused.status, refused.headers['upload-complete'], refused.json['type']]).to.deep.equal([422, '?1', 'urn:relais:deposit:pes']);
    const { json } = await server.send({ method: 'GET', path: place });
    expect(json).to.deep.include({ complete: true, status: 422, answer: refused.json });
    expect([server.intake.submissions.length, server.blobs.staged.length, (await files()).filter((name) => name.endsWith('.part')).length]).to.deep.equal([0, 0, 0]);
  });

  it('what Relais cannot keep now is still there: an empty PATCH completes it later', async () => {
    const place = (await begin(PES)).headers.location ?? '';
    server.intake.failure = new RelaisError('RELAIS_STORE_UNAVAILABLE', 'full');
    expect((await patch(place, PES.length, Buffer.alloc(0), true)).status).to.equal(503);
    server.intake.failure = null;
    expect((await patch(place, PES.length, Buffer.alloc(0), true)).status).to.equal(201);
  });

  it('belongs to the account that began it, and can be given up', async () => {
    const place = (await begin(PES.subarray(0, 10))).headers.location ?? '';
    expect((await server.send({ method: 'HEAD', path: place, account: 'ged' })).status).to.equal(403);
    expect((await server.send({ method: 'HEAD', path: place, account: null })).status).to.equal(401);
    const manager = await server.send({ method: 'PUT', path: '/deposit/finances/b.xml', body: Buffer.alloc(3), account: 'admin', headers: { 'Upload-Complete': '?0' } });
    expect((await head(manager.headers.location ?? '')).status).to.equal(404);
    expect((await server.send({ method: 'DELETE', path: place })).status).to.equal(204);
    expect([(await head(place)).status, (await files()).some((name) => name.startsWith(path.basename(place)))]).to.deep.equal([404, false]);
  });

  it('tokens lead nowhere else', async () => {
    expect((await head('/deposit/finances/uploads/..%2F..%2Fetc')).status).to.equal(404);
  });

  it('are bounded in size, number and age', async () => {
    await server.close();
    server = await depositServer({ folder, parts: { deposit: sampleDeposit({ maxBytes: 1000 }) } });
    expect((await begin(Buffer.alloc(10), { 'Upload-Length': '1001' })).status).to.equal(413);
    const statuses = [];
    for (let count = 0; count < 17; count += 1) statuses.push((await begin(Buffer.alloc(10))).status);
    expect(statuses).to.deep.equal([...Array.from({ length: 16 }, () => 201), 507]);
    server.time.at += 24 * 3_600_000;
    const place = (await begin(Buffer.alloc(10))).headers.location ?? '';
    expect(await files()).to.have.members([`${path.basename(place)}.json`, `${path.basename(place)}.part`]);
    server.time.at += 24 * 3_600_000;
    expect((await head(place)).status).to.equal(404);
  });

  it('PATCH asks for its media type and headers', async () => {
    const place = (await begin(PES.subarray(0, 10))).headers.location ?? '';
    const plain = await server.send({ method: 'PATCH', path: place, body: PES, headers: { 'Upload-Offset': '10', 'Upload-Complete': '?1' } });
    const without = await server.send({ method: 'PATCH', path: place, body: PES, headers: PARTIAL });
    expect([plain.status, without.status]).to.deep.equal([415, 400]);
  });

  it('OPTIONS says that there are, and what they keep to', async () => {
    const { status, headers } = await server.send({ method: 'OPTIONS', path: '/deposit/finances' });
    expect([status, headers['accept-patch'], headers['upload-limit']]).to.deep.equal([204, 'application/partial-upload', `max-size=${64 * 2 ** 20}, max-age=86400`]);
  });
});
