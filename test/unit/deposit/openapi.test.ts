import { expect } from 'chai';
import { ROUTES } from '../../../src/deposit/http/routes.js';
import { RelaisError } from '../../../src/errors.js';
import { sampleDeposit } from '../../support/deposit-rig.js';
import { depositServer, type DepositServer, type Reply, type Sent } from '../../support/deposit-server.js';
import { pesFile } from '../../support/pes-file.js';
import { tempFolder } from '../../support/temp-store.js';

const PES = pesFile({ nomFic: 'FLUX_1' });
const BEGIN = { 'Upload-Complete': '?0' };
const LAST = { 'Content-Type': 'application/partial-upload', 'Upload-Offset': '0', 'Upload-Complete': '?1' };
const FORM = { 'Content-Type': 'multipart/form-data; boundary=b' };

/** Of one file, or two, whose second is no PES. */
function form(content: Buffer, more = ''): Buffer {
  return Buffer.concat([Buffer.from('--b\r\nContent-Disposition: form-data; name="f"; filename="a.xml"\r\n\r\n'), content, Buffer.from(`\r\n${more}--b--\r\n`)]);
}

/** What is made to happen by a connection alone, and is tested there. */
const BY_CONNECTION = 408;

describe('the OpenAPI document of deposits', () => {
  let server: DepositServer;
  let dispose: () => Promise<void>;
  before(async () => {
    const temporary = await tempFolder();
    dispose = temporary.dispose;
    server = await depositServer({ folder: temporary.folder, parts: { deposit: sampleDeposit({ maxBytes: 100_000 }) } });
  });
  after(async () => { await server.close(); await dispose(); });

  const send = (method: string, path: string, sent: Omit<Sent, 'method' | 'path'> = {}): Promise<Reply> => server.send({ method, path, ...sent });
  async function failing(error: Error, work: () => Promise<unknown>): Promise<void> {
    server.intake.failure = error;
    await work();
    server.intake.failure = null;
  }
  const lacking = [new RelaisError('RELAIS_STORE_UNAVAILABLE', 'x'), new RelaisError('RELAIS_BLOB_UNAVAILABLE', 'x'), new Error('x')];

  it('is served to whoever asks, and is OpenAPI 3.1', async () => {
    const { status, json } = await send('GET', '/deposit/openapi.json', { account: null });
    expect([status, json['openapi']]).to.deep.equal([200, '3.1.0']);
    expect(Object.keys(json['paths'] as object)).to.deep.equal(Object.values(ROUTES).map(({ path }) => path));
    expect(JSON.stringify(json)).to.not.include('undefined');
  });

  it('refers only to schemas that it has, each with its operation named once', () => {
    const text = JSON.stringify(server.document);
    const { components: { schemas } } = server.document as unknown as { components: { schemas: object } };
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) expect(schemas).to.have.property(name);
    const names = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, name]) => name);
    expect(new Set(names).size).to.equal(names.length);
  });

  /** Every answer is held against the document as it comes: see `DepositServer.send`. */
  it('describes all that the routes answer, and nothing that they do not', async () => {
    const [file, deposit] = ['/deposit/finances/a.xml', '/deposit/finances'];
    for (const [method, path, upload] of [['PUT', file, {}], ['POST', deposit, FORM]] as const) {
      const body = (content: Buffer, more?: string): Buffer => (method === 'PUT' ? content : form(content, more));
      const flow = (nomFic: string, slips = 1): Buffer => body(pesFile({ nomFic: `${nomFic}${method}`, slips }));
      await send(method, path, { body: flow('A'), headers: upload });
      await send(method, path, { body: flow('A'), headers: upload });
      await send(method, path, { body: flow('A', 2), headers: upload });
      await send(method, path, { body: body(Buffer.from('<x/>')), headers: upload });
      await send(method, path, { body: Buffer.alloc(2_000_000), headers: upload });
      await send(method, path, { body: PES, headers: { 'Content-Type': 'image/png' } });
      await send(method, path, { body: body(PES), headers: { ...upload, 'Content-Range': 'bytes 0-1/2' } });
      await send(method, path, { body: body(PES), headers: upload, account: null });
      await send(method, path, { body: body(PES), headers: upload, account: 'ged' });
      await send(method, path.replace('finances', 'other'), { body: body(PES), headers: upload });
      for (const error of lacking) await failing(error, () => send(method, path, { body: flow(`B${error.message}`), headers: upload }));
    }
    await send('POST', deposit, { headers: FORM, body: form(pesFile({ nomFic: 'C' }), '--b\r\nContent-Disposition: form-data; name="f"; filename="b.xml"\r\n\r\n<x/>\r\n') });
    for (const account of ['compta', null, 'ged']) await send('OPTIONS', deposit, { account });
    await send('OPTIONS', '/deposit/other');
    const { json: { uid } } = await send('PUT', file, { body: pesFile({ nomFic: 'D' }) });
    for (const account of ['compta', null, 'ged']) await send('GET', `/deposit/finances/items/${String(uid)}`, { account });
    await send('GET', '/deposit/finances/items/none');
    await send('GET', '/deposit/openapi.json');
    await callUploads(file);

    const described = Object.values(ROUTES).flatMap(({ path, methods }) => Object.entries(methods).flatMap(([method, statuses]: [string, readonly number[]]) => statuses.map((status) => `${method} ${path} ${status}`)));
    const unseen = described.filter((one) => !server.answered.has(one) && !one.endsWith(String(BY_CONNECTION)));
    expect(unseen).to.deep.equal([]);
  });

  async function callUploads(file: string): Promise<void> {
    const begin = async (headers: Record<string, string> = {}): Promise<string> => (await send('PUT', file, { body: Buffer.alloc(0), headers: { ...BEGIN, ...headers } })).headers.location ?? '';
    const place = await begin();
    for (const method of ['GET', 'HEAD', 'PATCH', 'DELETE']) {
      for (const account of [null, 'ged']) await send(method, place, { account });
      await send(method, '/deposit/finances/uploads/none');
    }
    for (const method of ['GET', 'HEAD', 'DELETE']) await send(method, place);
    const patch = async (body: Buffer, headers: Record<string, string> = {}): Promise<Reply> => send('PATCH', await begin(), { body, headers: { ...LAST, ...headers } });
    await patch(pesFile({ nomFic: 'U' }));
    await patch(pesFile({ nomFic: 'U' }));
    await patch(PES.subarray(0, 10), { 'Upload-Complete': '?0' });
    await patch(PES, { 'Upload-Offset': '' });
    await patch(PES, { 'Upload-Offset': '5' });
    await patch(PES, { 'Content-Type': 'image/png' });
    await patch(Buffer.alloc(200_000));
    await patch(Buffer.from('<x/>'));
    for (const error of lacking) await failing(error, () => patch(pesFile({ nomFic: 'V' })));
  }
});
