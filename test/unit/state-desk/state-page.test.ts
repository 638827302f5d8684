import { expect } from 'chai';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { HttpReply } from '../../../src/connector-kit/http-simulator.js';
import { samplePes } from '../../../src/state-desk/sample-pes.js';
import { runStateCommand, STATE_COMMANDS } from '../../../src/state-desk/state-commands.js';
import { createStateDesk, type StateDesk } from '../../../src/state-desk/state-desk.js';
import { answerStatePage } from '../../../src/state-desk/state-page.js';
import { fakeTime } from '../../support/fake-time.js';

const HOST = '127.0.0.1:8091';

describe('the page and the commands of the simulated State', () => {
  let desk: StateDesk;
  let flow: string;
  let act: string;

  beforeEach(async () => {
    desk = await createStateDesk({ clock: fakeTime() });
    const file = { ...await desk.files.keep(Readable.from([samplePes(1).content])), filename: '<script>.xml', mediaType: 'application/xml' };
    flow = (await desk.treasury.take({ authority: '213400017', file, sha1: 'a'.repeat(40) })).id;
    act = (await desk.prefecture.file({ authority: '213400017', number: 'A_1', nature: '1', matter: '7.1', date: '2027-02-01', subject: 'Objet <b>', paperFollows: false, documents: [] })).id;
  });

  afterEach(() => desk.close());

  function ask(method: string, path: string, body = '', headers: Readonly<Record<string, string>> = {}): Promise<HttpReply | undefined> {
    const request = Object.assign(Readable.from(body === '' ? [] : [Buffer.from(body)]), { method, url: path, headers: { host: HOST, ...headers } }) as unknown as IncomingMessage;
    return answerStatePage(request, new URL(path, `http://${HOST}`), desk);
  }

  it('shows what was sent, with what it holds as text', async () => {
    const { body } = await ask('GET', '/') ?? {};
    expect(body).to.include('&lt;script&gt;.xml').and.include('Objet &lt;b&gt;').and.not.include('<script>');
  });

  it('lets one answer with a form, as the terminal does', async () => {
    const refused = await ask('POST', `/transactions/${flow}/accept`);
    // the bytes are not those of its SHA-1, so it does not get through the checks
    expect(refused).to.include({ status: 409 });
    const answered = await ask('POST', `/transactions/${act}/accept`);
    expect(answered).to.deep.include({ status: 303, headers: { location: `/transactions/${act}` } });
    expect(desk.prefecture.find(act)?.stage).to.equal('acknowledged');
    await ask('POST', `/transactions/${act}/letter`, 'kind=observations&words=Motif+%C3%A0+revoir');
    expect(desk.prefecture.unread('213400017').map(({ letter, words }) => [letter, words])).to.deep.equal([['observations', 'Motif à revoir']]);
    expect((await ask('POST', '/act/classify'))?.status).to.equal(303);
    expect((await ask('POST', '/act/retour', 'words=213400017'))?.status).to.equal(303);
    expect(desk.treasury.returns('213400017')).to.have.length(1);
  });

  it('gives files, those that are no PDF to be saved and not shown', async () => {
    const { headers } = await ask('GET', `/transactions/${flow}/files/0`) ?? {};
    expect(headers).to.include({ 'content-type': 'application/octet-stream' }).and.property('content-disposition').that.matches(/^attachment/);
  });

  it('answers no other site', async () => {
    expect(await ask('POST', `/transactions/${act}/accept`, '', { origin: 'http://evil.example' })).to.include({ status: 403 });
    expect(await ask('GET', '/', '', { host: 'evil.example' })).to.include({ status: 403 });
    expect(desk.prefecture.find(act)?.stage).to.equal('posted');
  });

  it('knows an act by its number and a flow by its file, and says what it did', async () => {
    expect(await runStateCommand('accept A_1', desk)).to.deep.equal([`${act}: acknowledged`]);
    expect(await runStateCommand('error <script>.xml Fichier infecté', desk)).to.deep.equal([`${flow}: error, Fichier infecté`]);
    expect(await runStateCommand('letter A_1 pieces', desk)).to.have.length(1);
    expect(await runStateCommand('transactions', desk)).to.have.length(3);
    expect(await runStateCommand('juggle A_1', desk)).to.equal(undefined);
    expect(STATE_COMMANDS.join('\n')).to.include('partial <id>');
  });
});
