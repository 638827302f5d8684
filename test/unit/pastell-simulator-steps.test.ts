import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readActeMessage } from '../../src/formats/actes/read-message.js';
import { readPesAcquit, verdictOf } from '../../src/formats/pes/read-acquit.js';
import { readPes } from '../../src/formats/pes/read-pes.js';
import { actFields, draftAct, openPastellCaller, SIMULATED_PDF, type PastellCaller } from '../support/pastell-caller.js';
import { pesFile } from '../support/pes-file.js';

/** State machines and delays of contracts/pastell.md §6, §14. */
describe('simulated Pastell: steps', () => {
  const open: PastellCaller[] = [];
  afterEach(async () => { await Promise.all(open.splice(0).map((caller) => caller.close())); });

  async function caller(options?: Parameters<typeof openPastellCaller>[0]): Promise<PastellCaller> {
    const opened = await openPastellCaller(options);
    open.push(opened);
    return opened;
  }

  function act(pastell: PastellCaller, id: string, action: string): ReturnType<PastellCaller['document']> {
    return pastell.document('POST', `${id}/action/${action}`);
  }

  async function draftFlow(pastell: PastellCaller, nomFic: string, { type = 'helios-generique', fields = {} }: { readonly type?: string; readonly fields?: Record<string, string> } = {}): Promise<string> {
    const id = await pastell.create(type);
    await pastell.file(id, 'fichier_pes', 'flux.xml', pesFile({ nomFic, ids: true, slips: 3 }));
    await pastell.document('PATCH', id, { envoi_tdt: '1', ...fields });
    return id;
  }

  async function bytes(pastell: PastellCaller, id: string, field: string): Promise<Buffer> {
    return (await pastell.document('GET', `${id}/file/${field}`)).bytes;
  }

  async function* once(content: Buffer): AsyncGenerator<Buffer> { yield await Promise.resolve(content); }

  it('an act: asked for once, acknowledged by the prefecture with a real ARActe and a stamped document', async () => {
    const pastell = await caller();
    const id = await draftAct(pastell, '2027_001');
    const sent = await act(pastell, id, 'send-tdt');
    expect([sent.status, sent.json.result]).to.deep.equal([201, true]);
    expect((await act(pastell, id, 'send-tdt')).status).to.equal(400);
    expect((await act(pastell, id, 'verif-tdt')).status, 'pending is no error for acts').to.equal(201);
    expect(await pastell.state(id)).to.equal('send-tdt');
    await pastell.run('accept 2027_001');
    const { json } = await pastell.document('GET', id);
    expect(json.last_action.action).to.equal('acquiter-tdt');
    expect(json.data.date_ar).to.equal('2027-03-01');
    expect(readActeMessage(await bytes(pastell, id, 'aractes'))).to.include({ kind: 'ARActe', actId: json.data.acte_unique_id });
    expect((await bytes(pastell, id, 'acte_tamponne')).subarray(0, 5).toString()).to.equal('%PDF-');
    expect(json.data.acte_tamponne).to.deep.equal(['délibération-tampon.pdf']);
    expect(json.data).to.have.property('bordereau');
  });

  it('an anomaly of the prefecture is tdt-error, with its words', async () => {
    const pastell = await caller();
    const id = await draftAct(pastell, '2027_001');
    await act(pastell, id, 'send-tdt');
    await pastell.run('reject 2027_001 Matière erronée');
    const { json } = await pastell.document('GET', id);
    expect(json.last_action.action).to.equal('tdt-error');
    expect(json.last_action.message).to.include('Matière erronée');
  });

  it('a number that was used: asked by hand, 400 and the same state; by the daemon, send-tdt-erreur, and another number goes through', async () => {
    const pastell = await caller();
    await act(pastell, await draftAct(pastell, '2027_001'), 'send-tdt');
    const byHand = await draftAct(pastell, '2027_001');
    const refused = await act(pastell, byHand, 'send-tdt');
    expect([refused.status, await pastell.state(byHand)]).to.deep.equal([400, 'modification']);
    expect(refused.json['error-message']).to.include('2027_001');

    const chained = await draftAct(pastell, '2027_001', { type: 'actes-automatique', fields: { envoi_signature: '1' } });
    await pastell.document('PATCH', `${chained}/externalData/iparapheur_sous_type`, { iparapheur_sous_type: 'Conseil' });
    await act(pastell, chained, 'send-iparapheur');
    await pastell.run(`sign ${chained}`);
    expect(await pastell.state(chained)).to.equal('send-tdt-erreur');
    const edited = await pastell.document('PATCH', chained, { numero_de_lacte: '2027_002', objet: 'Not editable here' });
    expect(edited.json.content.data).to.include({ numero_de_lacte: '2027_002', objet: 'Réfection de la rue Haute' });
    expect((await act(pastell, chained, 'send-tdt')).status).to.equal(201);
    await pastell.run('accept 2027_002');
    expect(await pastell.state(chained)).to.equal('termine');
  });

  it('is signed for real, and step by step waits for whoever asked', async () => {
    const pastell = await caller();
    const id = await draftAct(pastell, '2027_001', { fields: { envoi_signature: '1' } });
    await pastell.document('PATCH', `${id}/externalData/iparapheur_sous_type`, { iparapheur_sous_type: 'Conseil' });
    await act(pastell, id, 'send-iparapheur');
    expect(await pastell.state(id)).to.equal('send-iparapheur');
    await pastell.run(`sign ${id}`);
    const { json } = await pastell.document('GET', id);
    expect(json.last_action.action).to.equal('recu-iparapheur');
    expect(json.data).to.include({ has_signature: '1', is_pades: '1' });
    expect((await bytes(pastell, id, 'signature')).toString('latin1')).to.include('/ETSI.CAdES.detached');
    expect((await bytes(pastell, id, 'iparapheur_historique')).toString()).to.include('<status>Archive</status>');
    expect(json.action_possible).to.include('send-tdt');
    expect((await act(pastell, id, 'send-iparapheur')).status).to.equal(400);
  });

  it('a refusal in the signature book ends it, with who and why', async () => {
    const pastell = await caller({ version: '2.0.16' });
    const id = await pastell.create('document-a-signer');
    await pastell.file(id, 'document', 'contrat.pdf', SIMULATED_PDF);
    await pastell.document('PATCH', id, { libelle: 'Contrat' });
    await pastell.document('PATCH', `${id}/externalData/iparapheur_sous_type`, { iparapheur_sous_type: 'Courriers' });
    await act(pastell, id, 'send-iparapheur');
    await pastell.run(`refuse ${id} Montant erroné`);
    const { json } = await pastell.document('GET', id);
    expect(json.last_action.action).to.equal('rejet-iparapheur');
    expect(json.last_action.message).to.include('Montant erroné');
    expect((await bytes(pastell, id, 'iparapheur_historique')).toString()).to.include('RejetSignataire');
  });

  it('a circuit that fails has a state of its own from 4 on, and none before', async () => {
    for (const [version, state] of [['4.1.0', 'send-signature-error'], ['2.0.16', 'modification']] as const) {
      const pastell = await caller({ version });
      const id = await draftAct(pastell, '2027_001', { fields: { envoi_signature: '1' } });
      await pastell.document('PATCH', `${id}/externalData/iparapheur_sous_type`, { iparapheur_sous_type: 'Conseil' });
      await pastell.run('trouble parapheur-down');
      expect((await act(pastell, id, 'send-iparapheur')).status).to.equal(400);
      expect(await pastell.state(id)).to.equal(state);
    }
  });

  it('a PES: 400 while nothing is known, then the acquit, one slip of three rejected being no acceptance', async () => {
    const pastell = await caller();
    const id = await draftFlow(pastell, 'PESALR2_0001');
    const { json: draft } = await pastell.document('GET', id);
    expect(draft.data).to.include({ objet: 'PESALR2_0001', id_bordereau: '1, 2, 3', cod_bud: '00' });
    expect((await act(pastell, id, 'send-tdt')).status).to.equal(201);
    const pending = await act(pastell, id, 'verif-tdt');
    expect([pending.status, await pastell.state(id)]).to.deep.equal([400, 'send-tdt']);
    await pastell.run(`partial ${id} Compte inconnu`);
    const { json } = await pastell.document('GET', id);
    expect([json.last_action.action, json.data.etat_ack]).to.deep.equal(['info-tdt', '2']);
    expect(verdictOf(await readPesAcquit(once(await bytes(pastell, id, 'fichier_reponse'))))).to.equal('partly-rejected');
  });

  it('a PES that is accepted may say so in each of three states, and one that is refused in its own', async () => {
    const pastell = await caller();
    for (const [deed, state, ack] of [['accept', 'info-tdt', '1'], ['accept', 'acquiter-tdt', '1'], ['accept', 'refus-tdt', '1'], ['reject', 'refus-tdt', '2']] as const) {
      const name = `PESALR2_${deed}_${state}`;
      const id = await draftFlow(pastell, name);
      await act(pastell, id, 'send-tdt');
      const stage = { 'info-tdt': 'informed', 'acquiter-tdt': 'acknowledged', 'refus-tdt': 'refused' }[state];
      await pastell.run(deed === 'accept' ? `accept ${id} ${stage}` : `reject ${id} SIRET inconnu`);
      const { json } = await pastell.document('GET', id);
      expect([json.last_action.action, json.data.etat_ack]).to.deep.equal([state, ack]);
    }
  });

  it('the same bytes twice are tdt-error', async () => {
    const pastell = await caller();
    await act(pastell, await draftFlow(pastell, 'PESALR2_0001'), 'send-tdt');
    const twin = await draftFlow(pastell, 'PESALR2_0001');
    expect((await act(pastell, twin, 'send-tdt')).status).to.equal(400);
    expect(await pastell.state(twin)).to.equal('tdt-error');
  });

  it('a signed PES stays in ISO-8859-1 and holds a signature in each slip', async () => {
    const pastell = await caller({ version: '3.1' });
    const id = await draftFlow(pastell, 'PESALR2_0001', { fields: { envoi_signature: '1' } });
    await pastell.document('PATCH', `${id}/externalData/iparapheur_sous_type`, { iparapheur_sous_type: 'Bordereaux' });
    await act(pastell, id, 'send-iparapheur');
    await pastell.run(`sign ${id}`);
    const report = await readPes(once(await bytes(pastell, id, 'fichier_pes_signe')));
    expect(report).to.deep.include({ signature: 'slips', encoding: 'ISO-8859-1', budgetLabel: 'COMMUNE D\'ÉVÊQUEMONT' });
    expect((await act(pastell, id, 'send-tdt')).status).to.equal(201);
    await pastell.run(`accept ${id}`);
    expect(await pastell.state(id)).to.equal('info-tdt');
  });

  it('a person confirms with a certificate where the TdT wants one', async () => {
    const pastell = await caller();
    await pastell.run('trouble rgs');
    const id = await draftAct(pastell, '2027_001');
    await act(pastell, id, 'send-tdt');
    expect(await pastell.state(id)).to.equal('document-transmis-tdt');
    await pastell.run('confirm 2027_001');
    await pastell.run('accept 2027_001');
    expect(await pastell.state(id)).to.equal('acquiter-tdt');
  });

  it('a PDF cannot leave a bare creation, and then goes its whole way', async () => {
    const pastell = await caller();
    const bare = await pastell.create('pdf-generique');
    expect((await act(pastell, bare, 'orientation')).status).to.equal(400);
    expect(await pastell.state(bare)).to.equal('creation');
    await pastell.file(bare, 'document', 'note.pdf', SIMULATED_PDF);
    await pastell.document('PATCH', bare, { libelle: 'Note', envoi_signature: '1', envoi_ged_1: '1', envoi_mailsec: '1', to: 'greffe@ville.example' });
    await pastell.document('PATCH', `${bare}/externalData/iparapheur_sous_type`, { iparapheur_sous_type: 'Courriers' });
    expect((await act(pastell, bare, 'orientation')).status).to.equal(201);
    expect(await pastell.state(bare)).to.equal('send-iparapheur');
    await pastell.run(`sign ${bare}`);
    expect(await pastell.state(bare)).to.equal('send-mailsec');
    expect(await bytes(pastell, bare, 'document_original')).to.deep.equal(SIMULATED_PDF);
    expect((await bytes(pastell, bare, 'document')).length).to.be.greaterThan(SIMULATED_PDF.length);
    await pastell.run(`read ${bare}`);
    expect(await pastell.state(bare)).to.equal('termine');
    expect(pastell.other.documents()[0]?.states.map(({ action }) => action)).to.include.members(['preparation-send-iparapheur', 'recu-iparapheur', 'send-ged-1', 'reception']);
  });

  it('takes a step a question, or one after a time, where it is told to', async () => {
    const slow = await caller({ pace: 'a-step-a-question' });
    const id = await draftAct(slow, '2027_001', { type: 'actes-automatique', fields: { envoi_ged: '1' } });
    await act(slow, id, 'send-tdt');
    await slow.run('accept 2027_001');
    const states = [];
    for (let question = 0; question < 4; question += 1) states.push(await slow.state(id));
    expect(states).to.deep.equal(['acquiter-tdt', 'prepare-ged', 'send-ged', 'termine']);

    const timed = await caller({ pace: { everyMs: 60_000 } });
    const other = await draftAct(timed, '2027_001');
    await act(timed, other, 'send-tdt');
    await timed.run('accept 2027_001');
    expect(await timed.state(other)).to.equal('send-tdt');
    timed.pass(60_000);
    expect(await timed.state(other)).to.equal('acquiter-tdt');
  });

  it('is busy, or later, as often as it is told', async () => {
    const pastell = await caller();
    const id = await draftAct(pastell, '2027_001');
    await pastell.run(`busy ${id} 2`);
    const busy = [await act(pastell, id, 'send-tdt'), await pastell.document('PATCH', id, { objet: 'x' })];
    for (const one of busy) expect(one.json['error-message']).to.include('déjà en cours');
    expect((await act(pastell, id, 'send-tdt')).status).to.equal(201);
    await pastell.run('accept 2027_001');
    await pastell.run(`later ${id} 2`);
    expect([await pastell.state(id), await pastell.state(id), await pastell.state(id)]).to.deep.equal(['send-tdt', 'send-tdt', 'acquiter-tdt']);
  });

  it('a classification that changed overnight is refused until Pastell has fetched it', async () => {
    const pastell = await caller();
    const id = await draftAct(pastell, '2027_001');
    await pastell.run('reclassify');
    expect((await act(pastell, id, 'send-tdt')).json['error-message']).to.include('classification');
    await pastell.run('refresh');
    expect((await act(pastell, id, 'send-tdt')).status).to.equal(201);
  });

  it('the prefecture writes: a document of its own from 4 on, in that of the act before, once it is asked for', async () => {
    for (const version of ['4.1.0', '2.0.16'] as const) {
      const pastell = await caller({ version });
      const id = await draftAct(pastell, '2027_001');
      await act(pastell, id, 'send-tdt');
      await pastell.run('accept 2027_001');
      await pastell.state(id);
      if (version === '2.0.16') expect((await act(pastell, id, 'verif-reponse-tdt')).status).to.equal(400);
      await pastell.run(`letter ${id} pieces Merci du plan`);
      if (version === '2.0.16') {
        expect((await act(pastell, id, 'verif-reponse-tdt')).status).to.equal(201);
        expect((await pastell.document('GET', id)).json.data).to.include({ has_demande_piece_complementaire: '1' });
      } else {
        const { json } = await pastell.document('GET', '?type=actes-reponse-prefecture');
        expect(json[0].last_action).to.equal('attente-reponse-prefecture');
        const letter = (await pastell.document('GET', json[0].id_d as string)).json.data;
        expect(letter).to.include({ type_reponse: '3', numero_de_lacte: '2027_001' });
        expect((await bytes(pastell, json[0].id_d as string, 'reponse_prefecture')).readUInt16BE(0)).to.equal(0x1f8b);
      }
    }
  });

  it('the treasury sends a file of its own: a document of a type for it', async () => {
    const pastell = await caller();
    await pastell.run('return');
    const { json } = await pastell.document('GET', '?type=helios-pes-retour');
    expect(json).to.have.length(1);
    expect((await bytes(pastell, json[0].id_d as string, 'fichier_pes')).toString('latin1')).to.include('PES_Retour');
  });

  it('an act that is acknowledged is cancelled by the prefecture', async () => {
    const pastell = await caller();
    const id = await draftAct(pastell, '2027_001');
    expect((await act(pastell, id, 'annulation-tdt')).status).to.equal(400);
    await act(pastell, id, 'send-tdt');
    await pastell.run('accept 2027_001');
    await pastell.state(id);
    expect((await act(pastell, id, 'annulation-tdt')).status).to.equal(201);
    expect(await pastell.state(id)).to.equal('annulation-tdt');
    await pastell.run(`cancelled ${id}`);
    expect(await pastell.state(id)).to.equal('annuler-tdt');
  });

  it('refusals of permission are 403 in some versions', async () => {
    const pastell = await caller();
    const id = await pastell.create('actes-generique');
    await pastell.run('trouble refuses-with-403');
    expect((await act(pastell, id, 'send-tdt')).status).to.equal(403);
    await pastell.document('PATCH', id, actFields('2027_001'));
  });

  it('keeps everything over a restart', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'relais-pastell-test-'));
    try {
      const first = await openPastellCaller({ folder });
      const id = await draftAct(first, '2027_001');
      await act(first, id, 'send-tdt');
      await first.close();
      const second = await openPastellCaller({ folder });
      expect(await second.state(id)).to.equal('send-tdt');
      await second.run('accept 2027_001');
      expect(await second.state(id)).to.equal('acquiter-tdt');
      await second.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('people act on its page, which answers this machine alone', async () => {
    const pastell = await caller();
    const id = await draftAct(pastell, '2027_001');
    await act(pastell, id, 'send-tdt');
    const page = await pastell.call('GET', `/documents/${id}`);
    expect(page.bytes.toString()).to.include('La préfecture acquitte');
    expect((await pastell.call('POST', `/documents/${id}/accept`, {}, { origin: 'https://elsewhere.example' })).status).to.equal(403);
    expect((await pastell.call('POST', `/documents/${id}/accept`, {})).status).to.equal(303);
    expect(await pastell.state(id)).to.equal('acquiter-tdt');
    expect((await pastell.call('POST', `/documents/${id}/accept`, {})).status).to.equal(409);
    expect((await pastell.call('GET', `/Document/detail?id_e=12&id_d=${id}`)).headers.get('location')).to.equal(`/documents/${id}`);
    expect((await pastell.call('GET', '/')).bytes.toString()).to.include('Réfection de la rue Haute');
  });
});
