import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DEPOSITOR } from '../../connectors/s2low/simulated-accounts.js';
import { openS2lowSimulator, type S2lowSimulator } from '../../connectors/s2low/simulator.js';
import { samplePes } from '../../src/state-desk/sample-pes.js';
import { fakeTime, type FakeTime } from '../support/fake-time.js';
import { callS2low, type CallOptions, type RawAnswer } from '../support/s2low-calls.js';

const HELIOS = '/modules/helios';
const { content, filename, nomFic } = samplePes(1);

describe('the simulated S2LOW: flows, and what goes wrong', () => {
  let clock: FakeTime;
  let folder: string;
  let s2low: S2lowSimulator;

  beforeEach(async () => {
    clock = fakeTime(Date.UTC(2027, 2, 1, 15, 4, 5));
    folder = await mkdtemp(path.join(os.tmpdir(), 'relais-s2low-'));
    s2low = await openS2lowSimulator({ clock, folder });
  });

  afterEach(async () => {
    await s2low.close();
    await rm(folder, { recursive: true, force: true });
  });

  const call = (where: string, options?: CallOptions): Promise<RawAnswer> => callS2low(s2low, where, options);
  const post = (bytes: Buffer = content, options: CallOptions = {}): Promise<RawAnswer> => call(`${HELIOS}/api/helios_importer_fichier.php`, { ...options, form: [['enveloppe', bytes, filename]] });
  const inTag = (text: string, name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? 'none';
  const posted = async (bytes?: Buffer, options?: CallOptions): Promise<string> => inTag((await post(bytes, options)).text, 'id');

  async function status(id: string): Promise<string> {
    const { text } = await call(`${HELIOS}/api/helios_transac_get_status.php`, { query: { transaction: id } });
    return `${inTag(text, 'resultat')} ${inTag(text, 'status')} ${inTag(text, 'message')}`.trim();
  }

  it('says OK where it has only stored it, and what is wrong later, in ISO-8859-1', async () => {
    const { text } = await post(Buffer.from(content.toString('latin1').replace('ISO-8859-1', 'UTF-8'), 'latin1'));
    expect([inTag(text, 'resultat'), inTag(text, 'message')]).to.deep.equal(['OK', '']);
    const id = inTag(text, 'id');
    expect([await status(id), await status(id)]).to.deep.equal(['OK 1', 'OK -1 Le fichier n\'est pas encodé en ISO-8859-1']);
  });

  it('takes the same bytes once on the whole platform, whoever sends them, and after a restart', async () => {
    await posted();
    await s2low.close();
    s2low = await openS2lowSimulator({ clock, folder });
    const { text } = await post(content, { as: 'one', login: '' });
    expect([inTag(text, 'resultat'), inTag(text, 'id')]).to.deep.equal(['KO', '']);
    expect(inTag(text, 'message')).to.match(/doublon/i);
  });

  it('refuses rights as text, and an empty file in XML', async () => {
    expect((await post(content, { password: 'x' })).text).to.match(/^KO\n/);
    s2low.mishaps.add('not-rgs');
    expect((await post()).text).to.match(/^KO\n.*RGS/);
    s2low.mishaps.clear();
    expect(inTag((await post(Buffer.alloc(0))).text, 'resultat')).to.equal('KO');
  });

  it('keeps a flow of an account without the right to transmit until it is posted', async () => {
    const id = await posted(content, { login: DEPOSITOR });
    expect([await status(id), await status(id)]).to.deep.equal(['OK 14', 'OK 14']);
    await s2low.desk.treasury.post(id);
    expect(await status(id)).to.equal('OK 1');
  });

  for (const stage of ['acknowledged', 'refused', 'informed'] as const) {
    it(`hides that a flow is ${stage} until its acquit can be read`, async () => {
      const id = await posted();
      await s2low.desk.treasury.answer(id, { verdict: 'accept', stage, timing: 'late' });
      expect(await call(`${HELIOS}/helios_download_acquit.php`, { query: { id } })).to.include({ status: 302 });
      const shown = { acknowledged: '4', refused: '6', informed: '8' }[stage];
      expect([await status(id), await status(id)]).to.deep.equal(['OK 3', `OK ${shown}`]);
      expect((await call(`${HELIOS}/helios_download_acquit.php`, { query: { id } })).text).to.include('PES_ACQUIT').and.include(nomFic);
    });
  }

  it('has an acquit that can be read before the status says so', async () => {
    const id = await posted();
    await s2low.desk.treasury.answer(id, { verdict: 'accept', timing: 'early' });
    expect((await call(`${HELIOS}/helios_download_acquit.php`, { query: { id } })).text).to.include('PES_ACQUIT');
    expect([await status(id), await status(id)]).to.deep.equal(['OK 3', 'OK 8']);
  });

  it('answers KO about a flow that was cancelled, and about one that is not there', async () => {
    const id = await posted();
    await s2low.desk.treasury.cancel(id);
    expect(await status(id)).to.match(/^KO/);
    expect(await status('999')).to.match(/^KO/);
  });

  it('lists files of the treasury with an empty result and a clock of twelve hours, and none without an error', async () => {
    const list = async (): Promise<string> => (await call(`${HELIOS}/api/helios_get_list.php`)).text;
    expect(await list()).to.include('<resultat></resultat>').and.include('2027-03-01 03:04:05').and.not.include('<pes_retour>');
    const { id, file } = await s2low.desk.treasury.giveBack('213400017');
    expect(await list()).to.include(`<pes_retour><id>${id}</id><nom>${file.filename}</nom>`);
    const raw = await call(`${HELIOS}/api/helios_get_retour.php`, { query: { id } });
    expect(raw.text).to.include('PES_Retour>').and.include('d\xe9monstration');
    expect((await call(`${HELIOS}/api/helios_get_retour.php`, { query: { id: '77' } })).text).to.include('<get_retour>').and.include('KO');
    expect((await call(`${HELIOS}/api/helios_change_status.php`, { query: { id } })).text).to.include(`<idRetour>${id}</idRetour><resultat>OK</resultat>`);
    expect(await list()).not.to.include('<pes_retour>');
  });

  it('shows its list to people by a part of the name of the file, and the SHA-1 of a flow on its page', async () => {
    const id = await posted();
    const { text } = await call(`${HELIOS}/index.php`, { query: { num: 'PESALR2' } });
    expect(text).to.include('name="num" value="PESALR2"').and.include(`helios_transac_show.php?id=${id}`);
    expect((await call(`${HELIOS}/index.php`, { query: { num: 'nothing' } })).text).not.to.include('transac_show');
    expect((await call(`${HELIOS}/helios_transac_show.php`, { query: { id } })).text).to.include(createHash('sha1').update(content).digest('hex'));
    s2low.mishaps.add('hides-lists');
    expect(await call(`${HELIOS}/index.php`)).to.include({ status: 302, location: '/connexion-status' });
  });

  it('shows pages with status 200 in place of answers during a maintenance, and for a login', async () => {
    for (const mishap of ['maintenance', 'login-page'] as const) {
      await s2low.commands?.run(`mishap ${mishap}`);
      expect(await call('/api/test-connexion.php')).to.include({ status: 200 }).and.property('text').that.matches(/^<!DOCTYPE html>/);
      await s2low.commands?.run(`mishap ${mishap}`);
    }
    expect((await call('/api/test-connexion.php')).text).to.equal('OK');
  });

  it('keeps what it answers by 504', async () => {
    s2low.mishaps.add('gateway-timeout');
    expect(await post()).to.include({ status: 504 });
    expect(s2low.desk.treasury.list()).to.have.length(1);
  });

  it('refuses in UTF-8 as newer instances do, where it is told to', async () => {
    s2low.mishaps.add('utf8');
    expect((await call('/api/test-connexion.php', { password: 'x' })).bytes.toString('utf8')).to.include('Échec');
  });

  it('answers by itself where it is told to', async () => {
    await s2low.close();
    s2low = await openS2lowSimulator({ clock, folder, answersItself: true });
    const id = await posted();
    expect([await status(id), await status(id), await status(id), await status(id)]).to.deep.equal(['OK 1', 'OK 2', 'OK 3', 'OK 8']);
  });
});
