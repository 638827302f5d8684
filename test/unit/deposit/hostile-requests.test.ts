import { expect } from 'chai';
import fs from 'node:fs/promises';
import path from 'node:path';
import { depositServer, type DepositServer, type Reply } from '../../support/deposit-server.js';
import { pesFile } from '../../support/pes-file.js';
import { tempFolder } from '../../support/temp-store.js';

const BOUNDARY = 'x-boundary';

describe('requests that are hostile, or clumsy', () => {
  let server: DepositServer;
  let folder: string;
  let dispose: () => Promise<void>;
  beforeEach(async () => {
    ({ folder, dispose } = await tempFolder());
    server = await depositServer({ folder });
  });
  afterEach(async () => { await server.close(); await dispose(); });

  function post(...parts: readonly (readonly [disposition: string, content: string | Buffer])[]): Promise<Reply> {
    const pieces = parts.flatMap(([disposition, content]) => [Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n')]);
    return server.send({ method: 'POST', path: '/deposit/finances', body: Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]), headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` } });
  }
  const leftNothing = (): void => { expect([server.intake.submissions.length, server.blobs.staged.length, server.blobs.openWriters]).to.deep.equal([0, 0, 0]); };

  it('two files of one name that a manifest names once: neither is dropped in silence', async () => {
    const { status, json } = await post(['name="manifest"', '{"files": [{"name": "flux.xml"}]}'], ['name="file"; filename="flux.xml"', pesFile({ nomFic: 'ONE' })], ['name="file"; filename="flux.xml"', pesFile({ nomFic: 'OTHER' })]);
    expect([status, json['type']]).to.deep.equal([422, 'urn:relais:deposit:manifest']);
    expect(json['detail']).to.contain('flux.xml came twice');
    leftNothing();
  });

  it('many fields that are no files do not fill the memory', async () => {
    const { status, json } = await post(...Array.from({ length: 3 }, (_, number) => [`name="field-${number}"`, Buffer.alloc(100_000, 'x')] as const), ['name="file"; filename="flux.xml"', pesFile({ nomFic: 'FLUX' })]);
    expect([status, json['type']]).to.deep.equal([413, 'urn:relais:deposit:too-large']);
    leftNothing();
  });

  it('uploads that are finished make room for others', async () => {
    const begin = (name: string, body = ''): Promise<Reply> => server.send({ method: 'PUT', path: `/deposit/finances/${name}`, body, headers: { 'Upload-Complete': '?0', 'Upload-Length': String(body.length) } });
    const [first = '', second = ''] = [(await begin('first.xml', 'x')).headers.location, (await begin('second.xml', 'x')).headers.location];
    const finish = (place: string): Promise<Reply> => server.send({ method: 'PATCH', path: place, body: '', headers: { 'Content-Type': 'application/partial-upload', 'Upload-Offset': '1', 'Upload-Complete': '?1' } });
    await finish(first);
    server.time.at += 1000;
    for (let number = 2; number < 200; number += 1) expect((await begin(`flux-${number}.xml`)).status).to.equal(201);
    // the 201st: the one that is finished goes, those that go on stay
    expect((await begin('last.xml')).status).to.equal(201);
    expect((await server.send({ method: 'GET', path: first })).status).to.equal(404);
    expect((await server.send({ method: 'GET', path: second })).status).to.equal(200);
    expect((await begin('one-more.xml')).status).to.equal(507);
    expect((await fs.readdir(path.join(folder, 'uploads'))).filter((name) => name.endsWith('.json'))).to.have.length(200);
  });
});
