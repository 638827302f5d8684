import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { ANSWERS } from '../../../src/deposit/http/answer-schemas.js';
import { RelaisError } from '../../../src/errors.js';
import { sampleDeposit } from '../../support/deposit-rig.js';
import { depositServer, type DepositServer, type DepositServerOptions, type Reply } from '../../support/deposit-server.js';
import { pesFile, pesFileStream } from '../../support/pes-file.js';
import { tempFolder } from '../../support/temp-store.js';

const PES = pesFile({ nomFic: 'FLUX_1' });
const BOUNDARY = 'x-boundary';

/** A form of parts: files have a filename. */
function form(...parts: { name: string; filename?: string; content: string | Buffer }[]): { body: Buffer; headers: Record<string, string> } {
  const pieces = parts.flatMap(({ name, filename, content }) => [
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n'),
  ]);
  return { body: Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]), headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` } };
}

describe('deposits over HTTP', () => {
  let server: DepositServer;
  let folder: string;
  let dispose: () => Promise<void>;
  beforeEach(async () => {
    ({ folder, dispose } = await tempFolder());
    server = await depositServer({ folder });
  });
  afterEach(async () => { await server.close(); await dispose(); });

  async function serve(options: Partial<DepositServerOptions>): Promise<void> {
    await server.close();
    server = await depositServer({ folder, ...options });
  }
  const put = (body: string | Buffer, headers: Record<string, string> = {}, name = 'flux.xml'): Promise<Reply> => server.send({ method: 'PUT', path: `/deposit/finances/${name}`, body, headers });
  const leftNothing = (): void => { expect([server.intake.submissions.length, server.blobs.staged.length, server.blobs.openWriters]).to.deep.equal([0, 0, 0]); };

  it('PUT of a PES makes an item, says which, and where to ask for it', async () => {
    const { status, headers, json } = await put(PES, { 'Content-Type': 'application/xml' });
    const [{ item }] = server.intake.submissions as [typeof server.intake.submissions[number]];
    expect([status, headers.location, json['uid'], json['state']]).to.deep.equal([201, `/deposit/finances/items/${item.uid}`, item.uid, 'received']);
    expect(ANSWERS.received.safeParse(json).error).to.equal(undefined);
    const told = await server.send({ method: 'GET', path: headers.location ?? '' });
    expect([told.status, told.json['title']]).to.deep.equal([200, 'PES FLUX_1']);
    expect(ANSWERS.item.safeParse(told.json).error).to.equal(undefined);
  });

  it('with a schema set, the item says where a PES differs from it, or the file is refused, as the deposit wants', async () => {
    const program = path.join(folder, 'fake-xmllint');
    await writeFile(program, '#!/bin/sh\ncat >/dev/null\necho "-:12: Schemas validity error : Element \'IdBord\', attribute \'V\': too long" >&2\nexit 3\n', { mode: 0o755 });
    const schema = { file: '/PES_Aller.xsd', program, timeoutMs: 20_000 };
    await serve({ parts: { deposit: sampleDeposit({ schema: { ...schema, onMismatch: 'refuse' } }) } });
    const refused = await put(PES);
    expect([refused.status, JSON.stringify(refused.json['findings'])]).to.satisfy(([status, findings]: [number, string]) => status === 422 && findings.includes('//IdBord/@V'));
    leftNothing();
    await serve({ parts: { deposit: sampleDeposit({ schema: { ...schema, onMismatch: 'warn' } }) } });
    expect((await put(PES)).status).to.equal(201);
    expect(server.intake.submissions[0]?.item.description).to.include('too long').and.include('A6.9');
  });

  it('an Idempotency-Key repeated is answered with the same item; with another content it is refused', async () => {
    const first = await put(PES, { 'Idempotency-Key': '"lot-42"' });
    const again = await put(PES, { 'Idempotency-Key': 'lot-42' });
    expect([first.status, again.status, again.json['uid'], again.headers.location]).to.deep.equal([201, 200, first.json['uid'], first.headers.location]);
    const other = await put(pesFile({ nomFic: 'FLUX_2' }), { 'Idempotency-Key': 'lot-42' });
    expect([other.status, other.json['type'], other.json['uid']]).to.deep.equal([422, 'urn:relais:deposit:request-taken', first.json['uid']]);
    expect(server.intake.submissions).to.have.length(1);
    expect((await put(PES, { 'Idempotency-Key': 'é' })).status).to.equal(400);
  });

  it('the same NomFic with other content is a conflict, the same bytes are not', async () => {
    const first = await put(PES);
    const again = await put(PES, {}, 'autre.xml');
    expect([again.status, again.json['state'], again.json['uid']]).to.deep.equal([200, 'already-received', first.json['uid']]);
    const other = await put(pesFile({ nomFic: 'FLUX_1', slips: 2 }));
    expect([other.status, other.json['type'], other.json['uid']]).to.deep.equal([409, 'urn:relais:deposit:name-taken', first.json['uid']]);
  });

  it('UTF-8 PES: problem+json with every finding, and nothing is left', async () => {
    const { status, headers, json } = await put(pesFile({ nomFic: 'FLUX_1', encoding: 'UTF-8' }));
    expect([status, headers['content-type']]).to.deep.equal([422, 'application/problem+json; charset=utf-8']);
    expect(ANSWERS.problem.safeParse(json).error).to.equal(undefined);
    expect(json['findings']).to.satisfy((findings: { rule: string }[]) => findings.some(({ rule }) => rule === 'A6.2'));
    leftNothing();
  });

  it('credentials are looked at before the body, and only the deposit\'s account and Managers may deposit', async () => {
    const unknown = await server.send({ method: 'PUT', path: '/deposit/finances/flux.xml', body: PES, account: null });
    expect([unknown.status, unknown.headers['www-authenticate']]).to.deep.equal([401, 'Basic realm="Relais test", charset="UTF-8"']);
    expect((await server.send({ method: 'PUT', path: '/deposit/finances/flux.xml', body: PES, account: 'ged' })).status).to.equal(403);
    leftNothing();
    expect((await server.send({ method: 'PUT', path: '/deposit/finances/flux.xml', body: PES, account: 'admin' })).status).to.equal(201);
    expect(server.intake.submissions[0]).to.deep.include({ caller: 'admin' });
  });

  it('Expect: 100-continue: the body is asked for only where it is wanted', async () => {
    const refused = await put(PES, { Expect: '100-continue', 'Content-Length': String(2 ** 40) });
    expect([refused.status, refused.continued]).to.deep.equal([413, false]);
    const taken = await put(PES, { Expect: '100-continue' });
    expect([taken.status, taken.continued]).to.deep.equal([201, true]);
  });

  it('too large, as announced or as it comes, is refused and leaves nothing', async () => {
    await serve({ parts: { deposit: sampleDeposit({ maxBytes: 100_000 }) } });
    expect((await put(Buffer.alloc(100_001))).status).to.equal(413);
    const unannounced = await server.send({ method: 'PUT', path: '/deposit/finances/flux.xml', body: pesFileStream({ nomFic: 'BIG', bytes: 400_000 }) });
    expect(unannounced.status).to.equal(413);
    leftNothing();
  });

  it('other media types, encodings and parts of files are refused', async () => {
    const refused = [
      await put('{}', { 'Content-Type': 'application/json' }), await put(PES, { 'Content-Encoding': 'gzip' }), await put(PES, { 'Content-Range': 'bytes 0-9/20' }),
      await server.send({ method: 'POST', path: '/deposit/finances', body: PES, headers: { 'Content-Type': 'application/xml' } }),
    ];
    expect(refused.map(({ status }) => status)).to.deep.equal([415, 415, 400, 415]);
    leftNothing();
  });

  it('addresses that are none, and methods that are not for them', async () => {
    const other = await server.send({ method: 'PUT', path: '/deposit/actes/a.pdf', body: 'x' });
    const deep = await server.send({ method: 'PUT', path: '/deposit/finances/a/b/c', body: 'x' });
    const remove = await server.send({ method: 'DELETE', path: '/deposit/finances/flux.xml' });
    expect([other.status, deep.status, remove.status, remove.headers.allow]).to.deep.equal([404, 404, 405, 'PUT']);
    expect((await server.send({ method: 'GET', path: '/deposit/finances/items/none' })).status).to.equal(404);
    expect((await put(PES, {}, '%E0%A4%A')).status).to.equal(400);
  });

  it('a name in an address is made harmless', async () => {
    await put(PES, {}, '..%2F..%2Fflux%20%C3%A9t%C3%A9.xml');
    expect(server.intake.submissions[0]?.item.annexes[0]?.filename).to.equal('flux été.xml');
  });

  it('a connection that is cut leaves nothing', async () => {
    const socket = net.connect(server.port, '127.0.0.1');
    socket.write(`PUT /deposit/finances/flux.xml HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${Buffer.from('compta:secret').toString('base64')}\r\nContent-Length: ${PES.length}\r\n\r\n`);
    socket.write(PES.subarray(0, 2000));
    while (server.blobs.openWriters === 0) await new Promise((resolve) => { setImmediate(resolve); });
    socket.destroy();
    await once(socket, 'close');
    while (server.blobs.openWriters > 0) await new Promise((resolve) => { setImmediate(resolve); });
    leftNothing();
  });

  it('a body that brings nothing is given up', async () => {
    await serve({ idleMs: 50 });
    const socket = net.connect(server.port, '127.0.0.1');
    socket.write(`PUT /deposit/finances/flux.xml HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${Buffer.from('compta:secret').toString('base64')}\r\nContent-Length: ${PES.length}\r\n\r\nabc`);
    const [chunk] = await once(socket, 'data') as [Buffer];
    socket.destroy();
    expect(chunk.toString()).to.match(/^HTTP\/1\.1 408 /);
    leftNothing();
  });

  it('when Relais cannot keep anything, it says to come back, or that there is no room', async () => {
    server.intake.failure = new RelaisError('RELAIS_STORE_UNAVAILABLE', 'the database is locked at /secret/path');
    const later = await put(PES);
    expect([later.status, later.headers['retry-after'], later.text.includes('secret')]).to.deep.equal([503, '30', false]);
    server.intake.failure = new RelaisError('RELAIS_BLOB_UNAVAILABLE', 'full');
    expect((await put(PES)).status).to.equal(507);
    server.intake.failure = new Error('a mistake of ours');
    expect((await put(PES)).status).to.equal(500);
  });

  it('a form with several files makes several items, and says of each what became of it', async () => {
    const { body, headers } = form({ name: 'file', filename: 'a.xml', content: PES }, { name: 'file', filename: 'b.xml', content: '<html/>' }, { name: 'file', filename: 'c.xml', content: pesFile({ nomFic: 'FLUX_2' }) });
    const { status, json } = await server.send({ method: 'POST', path: '/deposit/finances', body, headers });
    expect(status).to.equal(207);
    expect(ANSWERS.severalReceived.safeParse(json).error).to.equal(undefined);
    expect((json['items'] as { filename: string; status: number; state: string }[]).map(({ filename, status: one, state }) => [filename, one, state])).to.deep.equal([['a.xml', 201, 'received'], ['b.xml', 422, 'refused'], ['c.xml', 201, 'received']]);
    expect(server.intake.submissions).to.have.length(2);
  });

  it('a form with a manifest, or told so, makes one item of all its files', async () => {
    const note = { name: 'f', filename: 'note.pdf', content: '%PDF-1.4' };
    const manifest = { name: 'manifest', content: JSON.stringify({ title: 'Été', files: [{ name: 'flux.xml', sha256: createHash('sha256').update(PES).digest('hex') }, { name: 'note.pdf' }] }) };
    const first = form(note, { name: 'f', filename: 'flux.xml', content: PES }, manifest);
    expect((await server.send({ method: 'POST', path: '/deposit/finances', ...first })).status).to.equal(201);
    expect(server.intake.submissions.map(({ item }) => [item.title, ...item.annexes.map(({ filename }) => filename)])).to.deep.equal([['Été', 'flux.xml', 'note.pdf']]);
    const second = form({ name: 'f', filename: 'flux.xml', content: pesFile({ nomFic: 'B' }) }, note, { name: 'together', content: 'true' });
    expect((await server.send({ method: 'POST', path: '/deposit/finances', ...second })).status).to.equal(201);
    expect(server.intake.submissions[1]?.item.annexes).to.have.length(2);
  });

  const wrongForms: [string, ReturnType<typeof form>, number, string][] = [
    ['without a file', form({ name: 'together', content: 'true' }), 400, 'request'],
    ['whose manifest names what did not come', form({ name: 'f', filename: 'a.xml', content: PES }, { name: 'manifest', content: '{"files":[{"name":"b.xml"}]}' }), 422, 'incomplete'],
    ['whose manifest leaves a file out', form({ name: 'f', filename: 'a.xml', content: PES }, { name: 'f', filename: 'b.pdf', content: 'x' }, { name: 'manifest', content: '{"files":[{"name":"a.xml"}]}' }), 422, 'manifest'],
    ['whose file is not what the manifest says', form({ name: 'f', filename: 'a.xml', content: PES }, { name: 'manifest', content: `{"sha256":"${'0'.repeat(64)}"}` }), 422, 'damaged'],
    ['whose field is endless', form({ name: 'manifest', content: 'x'.repeat(300_000) }), 413, 'too-large'],
    ['that ends in the middle', { ...form({ name: 'f', filename: 'a.xml', content: PES }), body: Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="a.xml"\r\n\r\nabc`) }, 400, 'request'],
    ['of one item that holds two flows', form({ name: 'f', filename: 'a.xml', content: PES }, { name: 'f', filename: 'b.XML', content: pesFile({ nomFic: 'B' }) }, { name: 'together', content: 'true' }), 422, 'several-flows'],
    ['without a boundary', { body: PES, headers: { 'Content-Type': 'multipart/form-data' } }, 400, 'request'],
  ];
  for (const [what, sent, status, problem] of wrongForms) {
    it(`a form ${what} is refused and leaves nothing`, async () => {
      const answer = await server.send({ method: 'POST', path: '/deposit/finances', ...sent });
      expect([answer.status, answer.json['type']]).to.deep.equal([status, `urn:relais:deposit:${problem}`]);
      leftNothing();
    });
  }

  it('POST of one file that a Content-Disposition names', async () => {
    const { status } = await server.send({ method: 'POST', path: '/deposit/finances', body: PES, headers: { 'Content-Type': 'application/xml', 'Content-Disposition': 'attachment; filename*=UTF-8\'\'%C3%A9t%C3%A9.xml' } });
    expect([status, server.intake.submissions[0]?.item.annexes[0]?.filename]).to.deep.equal([201, 'été.xml']);
  });
});
