import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { DEPOSITOR, LOGIN, PASSWORD } from '../../connectors/s2low/simulated-accounts.js';
import { openS2lowSimulator, settingsAt, type S2lowSimulator } from '../../connectors/s2low/simulator.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { fakeTime, type FakeTime } from '../support/fake-time.js';
import { callS2low, type CallOptions, type RawAnswer } from '../support/s2low-calls.js';

const ACTS = '/modules/actes';

describe('the simulated S2LOW: acts', () => {
  let clock: FakeTime;
  let s2low: S2lowSimulator;

  beforeEach(async () => {
    clock = fakeTime();
    s2low = await openS2lowSimulator({ clock });
  });

  afterEach(() => s2low.close());

  const call = (path: string, options?: CallOptions): Promise<RawAnswer> => callS2low(s2low, path, options);

  function form(change: Readonly<Record<string, string | Buffer>> = {}): NonNullable<CallOptions['form']> {
    const fields = { api: '1', nature_code: '1', classif1: '7', classif2: '10', number: 'DEL_1', decision_date: '2027-02-01', subject: 'Réfection', type_acte: '99_DE', acte_pdf_file: makePdf(['Acte']), ...change };
    return Object.entries(fields).filter(([, value]) => value !== '').map(([name, value]) => [name, value, 'acte.pdf']);
  }

  const create = (change?: Readonly<Record<string, string | Buffer>>, options: CallOptions = {}): Promise<RawAnswer> => call(`${ACTS}/actes_transac_create.php`, { ...options, form: form(change) });

  async function created(change?: Readonly<Record<string, string | Buffer>>, options?: CallOptions): Promise<string> {
    return (await create(change, options)).text.split('\n')[1] ?? '';
  }

  async function acknowledged(): Promise<string> {
    const id = await created();
    await s2low.desk.prefecture.answer(id, { verdict: 'accept' });
    return id;
  }

  const statusOf = async (id: string, options?: CallOptions): Promise<string> => (await call(`${ACTS}/actes_transac_get_status.php`, { ...options, query: { transaction: id } })).text.split('\n')[1] ?? '';

  describe('who is let in', () => {
    it('nobody without a certificate: the handshake fails', async () => {
      const error: unknown = await call('/api/test-connexion.php', { as: 'no certificate' }).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(Error).and.property('message').that.matches(/handshake|SSL|ECONNRESET|socket hang up/i);
    });

    it('a certificate with one account needs no login, one with several does, one with none is not known', async () => {
      expect((await call('/api/test-connexion.php', { as: 'one', login: '' })).text).to.equal('OK');
      expect((await call('/api/test-connexion.php', { login: '' })).text).to.match(/^KO\n/);
      expect((await call('/api/test-connexion.php', { password: 'x' })).text).to.match(/^KO\n/);
      expect((await call('/api/test-connexion.php')).text).to.equal('OK');
      expect((await call('/admin/users/api-list-login.php', { as: 'none', login: '' })).text).to.equal('');
      expect((await call('/admin/users/api-list-login.php')).text).to.equal(`${LOGIN}\n${DEPOSITOR}\n`);
      expect((await call('/admin/users/api-list-login.php', { as: 'one', login: '' })).text).to.equal('\n');
    });

    it('downloads send to a page for people in place of a KO', async () => {
      expect(await call(`${ACTS}/actes_download_file.php`, { login: '', query: { file: '1' } })).to.include({ status: 302, location: '/login.php?error=multiple_accounts' });
      expect(await call(`${ACTS}/actes_download_file.php`, { as: 'none', login: '', query: { file: '1' } })).to.include({ status: 302, location: '/connexion-status' });
    });

    it('people without a certificate come to the page of the State at the same port, and to no address of programs', async () => {
      const page = await plain(s2low, '/');
      expect(page).to.include({ status: 200 }).and.property('text').that.includes('Trésorerie et préfecture');
      expect(await plain(s2low, '/api/test-connexion.php')).to.include({ status: 400 });
    });

    it('the settings can be told before it runs', () => {
      expect(s2low.settings).to.deep.equal(settingsAt(Number(new URL(s2low.url).port)));
    });
  });

  describe('create', () => {
    it('answers OK and a number, with api=1; without it a page, and no number', async () => {
      expect((await create()).text).to.match(/^OK\n\d+\n$/);
      expect(await create({ api: '', number: 'DEL_2' })).to.include({ status: 302, location: '/modules/actes/index.php' });
      expect(await create({ api: '', number: 'DEL_2' })).to.include({ status: 302, location: '/modules/actes/index.php' });
    });

    it('refuses in ISO-8859-1, escaped as for a page, with two line feeds at the end and status 200', async () => {
      const { status, bytes, text } = await create({ number: 'été "1"' });
      expect(status).to.equal(200);
      expect(text).to.match(/^KO\n.*été &quot;1&quot;.*\n\n$/);
      expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).to.throw();
    });

    it('takes UTF-8 for ISO-8859-1, without a word', async () => {
      const id = await created({ subject: Buffer.from('Été').toString('latin1') });
      expect(s2low.desk.prefecture.find(id)).to.include({ subject: 'Ã\u0089tÃ©' });
    });

    it('takes a number once, whatever became of the act', async () => {
      const id = await created();
      await s2low.desk.prefecture.fail(id, 'virus');
      expect((await create({ subject: 'Autre' })).text).to.match(/^KO\n.*déjà utilisé/);
    });

    for (const [what, change] of [
      ['a date that is to come', { decision_date: '2027-12-31' }], ['a number in small letters', { number: 'del_1' }], ['no type of the act', { type_acte: '' }], ['a main file that is no PDF', { acte_pdf_file: Buffer.from('texte') }],
      ['XML where the act is no budget', { acte_pdf_file: Buffer.from('<?xml version="1.0"?><a/>') }], ['an annex without a type', { 'acte_attachments[]': makePdf(['Annexe']) }], ['one level of the matter only', { classif2: '' }], ['a subject of 500 characters', { subject: 'a'.repeat(500) }],
    ] as const) {
      it(`refuses ${what}, and the number stays free`, async () => {
        expect((await create(change)).text).to.match(/^KO\n/);
        expect((await create()).text).to.match(/^OK\n/);
      });
    }

    it('takes a typology of another nature, and tells of it later, with its words behind the status', async () => {
      const id = await created({ type_acte: '99_AR' });
      expect(await statusOf(id)).to.equal('1');
      const { text } = await call(`${ACTS}/actes_transac_get_status.php`, { query: { transaction: id } });
      expect(text).to.match(/^OK\n-1\nLa typologie 99_AR/);
    });

    it('only deposits what an account without the right to transmit posts, or what is to be confirmed', async () => {
      expect(await statusOf(await created({}, { login: DEPOSITOR }))).to.equal('17');
      expect(await statusOf(await created({ number: 'DEL_2', en_attente: '1' }))).to.equal('17');
      expect(await statusOf(await created({ number: 'DEL_3', must_signed: '1' }))).to.equal('18');
    });

    it('hides the acts of one authority from another', async () => {
      expect((await call(`${ACTS}/actes_transac_get_status.php`, { as: 'one', login: '', query: { transaction: await created() } })).text).to.match(/^KO\n/);
    });
  });

  describe('status and files', () => {
    it('tells 1, 2, 3, and after 4 the acknowledgement byte for byte', async () => {
      const id = await created();
      expect([await statusOf(id), await statusOf(id), await statusOf(id), await statusOf(id)]).to.deep.equal(['1', '2', '3', '3']);
      await s2low.desk.prefecture.answer(id, { verdict: 'accept' });
      const { bytes } = await call(`${ACTS}/actes_transac_get_status.php`, { query: { transaction: id } });
      const message = s2low.desk.prefecture.find(id)?.message;
      expect(bytes.subarray('OK\n4\n'.length).equals(await s2low.desk.files.whole(message?.sha256 ?? ''))).to.equal(true);
    });

    it('puts the words of an anomaly at once behind its message', async () => {
      const id = await created();
      await s2low.desk.prefecture.answer(id, { verdict: 'anomaly', detail: 'Pièce illisible' });
      expect((await call(`${ACTS}/actes_transac_get_status.php`, { query: { transaction: id } })).text).to.match(/^OK\n-1\n<\?xml[^]*<\/actes:AnomalieActe>\n?Pièce illisible$/);
    });

    it('lists files only once there is more than a transmission, the message first', async () => {
      const id = await created();
      const list = (): Promise<RawAnswer> => call(`${ACTS}/actes_transac_get_files_list.php`, { query: { transaction: id } });
      expect((await list()).text).to.match(/^KO\n/);
      await s2low.desk.prefecture.answer(id, { verdict: 'accept' });
      const files = JSON.parse((await list()).text) as Readonly<Record<string, unknown>>[];
      expect(files.map(({ mimetype, code_pj: typology, posted_filename: posted }) => [mimetype, typology, posted])).to.deep.equal([['text/xml', '', ''], ['application/pdf', '99_DE', 'acte.pdf']]);
      expect(files.flatMap((file) => Object.values(file)).every((value) => typeof value === 'string')).to.equal(true);
      const stamped = await call(`${ACTS}/actes_download_file.php`, { query: { file: String(files[1]?.['id']), tampon: 'true', date_affichage: '2027-03-05' } });
      expect(stamped.text).to.match(/^%PDF[^]*Affiché le 2027-03-05/);
      expect((await call(`${ACTS}/actes_create_pdf.php`, { query: { trans_id: id } })).text).to.match(/^%PDF/);
      expect((await call(`${ACTS}/actes_transac_get_ARActe.php`, { query: { id, api: '1' } })).text).to.include('ARActe');
    });

    it('sends to a page in place of a file that is not there', async () => {
      const id = await created();
      expect(await call(`${ACTS}/actes_create_pdf.php`, { query: { trans_id: id } })).to.include({ status: 302, location: '/modules/actes/index.php' });
      expect(await call(`${ACTS}/actes_download_file.php`, { query: { file: '99' } })).to.include({ status: 302 });
    });

    it('lists acts by status, newest first, a page at a time', async () => {
      const ids = [await created(), await created({ number: 'DEL_2' }), await created({ number: 'DEL_3' })];
      const list = async (offset: string): Promise<unknown> => (JSON.parse((await call(`${ACTS}/api/list_actes.php`, { query: { status_id: '1', offset, limit: '2' } })).bytes.toString()) as { transactions: { id: unknown; subject: string }[] }).transactions.map(({ id, subject }) => [id, subject]);
      expect(await list('0')).to.deep.equal([[Number(ids[2]), 'Réfection'], [Number(ids[1]), 'Réfection']]);
      expect(await list('2')).to.deep.equal([[Number(ids[0]), 'Réfection']]);
    });

    it('closes an act only after two months', async () => {
      const id = await acknowledged();
      const close = (): Promise<RawAnswer> => call(`${ACTS}/actes_transac_close.php`, { form: [['api', '1'], ['id', id], ['status', 'valid']] });
      expect((await close()).text).to.match(/^KO\n.*deux mois/);
      clock.jump(70 * 86_400_000);
      expect((await close()).text).to.match(/^OK\n/);
      expect(await statusOf(id)).to.equal('5');
    });
  });

  describe('letters and cancellation', () => {
    const documentsOf = async (id: string): Promise<string> => (await call(`${ACTS}/actes_transac_get_document.php`, { query: { id } })).text;

    it('lists letters with a status of their own, and their reply in their place; a negative status has its sign', async () => {
      const act = await acknowledged();
      expect(await documentsOf(act)).to.equal('');
      const simple = await s2low.desk.prefecture.write(act, 'simple');
      const pieces = await s2low.desk.prefecture.write(act, 'pieces');
      expect(await documentsOf(act)).to.equal(`2-21-${simple.id}\n3-7-${pieces.id}\n`);
      expect(await documentsOf(act)).to.equal(`2-21-${simple.id}\n3-8-${pieces.id}\n`);
      const reply = await call(`${ACTS}/actes_transac_reponse_create.php`, { form: [['api', '1'], ['id', pieces.id], ['type_envoie', '4'], ['type_acte', '99_DE'], ['acte_pdf_file', makePdf(['Plan']), 'plan.pdf']] });
      const [, id = ''] = reply.text.split('\n');
      await s2low.desk.prefecture.fail(id, 'virus');
      expect(await documentsOf(act)).to.equal(`2-21-${simple.id}\n3--1-${id}\n`);
    });

    it('gives a letter elsewhere, as an archive; it is unread until it is marked, and marking takes any number', async () => {
      const act = await acknowledged();
      const { id } = await s2low.desk.prefecture.write(act, 'court');
      const unread = async (): Promise<unknown> => JSON.parse((await call(`${ACTS}/api/list_document_prefecture.php`)).text);
      expect(await unread()).to.deep.equal([{ id: Number(id), type: '5', related_transaction_id: act, number: 'DEL_1', unique_id: '034-213400017-20270201-DEL_1-DE', last_status_id: 21 }]);
      const { status, location } = await call(`${ACTS}/actes_transac_get_document.php`, { query: { id } });
      expect([status, location]).to.deep.equal([302, `${ACTS}/actes_download_file.php?env=${id}`]);
      expect((await call(`${ACTS}/actes_download_file.php`, { query: { env: id } })).bytes.subarray(0, 2).toString('hex')).to.equal('1f8b');
      expect((await call(`${ACTS}/api/document_prefecture_mark_as_read.php`, { query: { transaction_id: '999999' } })).text).to.equal('{"result":"ok"}');
      await call(`${ACTS}/api/document_prefecture_mark_as_read.php`, { query: { transaction_id: id } });
      expect(await unread()).to.deep.equal([]);
    });

    it('answers a reply with api=1 in the address on one line', async () => {
      const { id } = await s2low.desk.prefecture.write(await acknowledged(), 'simple');
      const { text } = await call(`${ACTS}/actes_transac_reponse_create.php`, { query: { api: '1' }, form: [['id', id], ['type_envoie', '4'], ['type_acte', '99_DE'], ['acte_pdf_file', makePdf(['R']), 'r.pdf']] });
      expect(text).to.match(/^OK : .* \d+\n$/);
    });

    it('cancels an act in 4 alone, once, and for those who may transmit', async () => {
      const cancel = (id: string, options: CallOptions = {}): Promise<RawAnswer> => call(`${ACTS}/actes_transac_cancel.php`, { ...options, form: [['api', '1'], ['id', id]] });
      expect((await cancel(await created({ number: 'DEL_9' }))).text).to.match(/^KO\n/);
      const act = await acknowledged();
      expect((await cancel(act, { login: DEPOSITOR })).text).to.match(/^KO\n/);
      const [, id = ''] = (await cancel(act)).text.split('\n');
      expect((await cancel(act)).text).to.match(/^KO\n/);
      await s2low.desk.prefecture.answer(id, { verdict: 'accept' });
      expect([await statusOf(act), await statusOf(id)]).to.deep.equal(['0', '4']);
    });
  });

  describe('the word by which an agent enters', () => {
    async function word(): Promise<Readonly<Record<string, string>>> {
      const { nounce } = JSON.parse((await call('/api/get-nounce.php')).text) as { nounce: string };
      return { nounce, login: LOGIN, hash: createHash('sha256').update(`${PASSWORD}:${nounce}`).digest('hex') };
    }

    async function entry(id: string, more: Readonly<Record<string, string>> = {}): Promise<Readonly<Record<string, string>>> {
      return { id, url_return: 'https://town.example/retour?erreur=%%ERROR%%&message=%%MESSAGE%%', ...await word(), ...more };
    }

    it('needs a login and holds for five minutes, however often it is used', async () => {
      expect(await call('/api/get-nounce.php', { login: '' })).to.include({ status: 401 });
      const id = await created({ en_attente: '1' });
      const query = await entry(id);
      clock.jump(4 * 60_000);
      const confirm = (): Promise<RawAnswer> => call(`${ACTS}/actes_transac_post_confirm_api.php`, { login: '', query });
      expect((await confirm()).location).to.equal('https://town.example/retour?erreur=0&message=Transaction postee');
      expect((await confirm()).location).to.match(/erreur=1/);
      clock.jump(2 * 60_000);
      expect((await confirm()).location).to.equal('/connexion-status');
      expect(await statusOf(id)).to.equal('1');
    });

    it('is not taken with another hash', async () => {
      const id = await created({ en_attente: '1' });
      expect((await call(`${ACTS}/actes_transac_post_confirm_api.php`, { login: '', query: await entry(id, { hash: 'x' }) })).location).to.equal('/connexion-status');
    });

    it('for several at once tells nothing of those that it left out', async () => {
      const id = await created({ en_attente: '1' });
      const { location } = await call(`${ACTS}/actes_transac_post_confirm_api_multi.php`, { login: '', query: { ...await word(), 'id[]': id, url_return: '/fin' } });
      expect([location, await statusOf(id)]).to.deep.equal(['/fin', '1']);
    });
  });
});

/** A call over HTTP without TLS. */
async function plain({ page = '' }: S2lowSimulator, path: string): Promise<{ readonly status: number; readonly text: string }> {
  const asked = request(new URL(path, page), { agent: false });
  asked.end();
  const [answer] = await once(asked, 'response') as [IncomingMessage];
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
  return { status: answer.statusCode ?? 0, text };
}
