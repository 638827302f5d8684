import { expect } from 'chai';
import { RETURN_TYPE } from '../../connectors/pastell/simulated-types.js';
import { actFields, draftAct, openPastellCaller, SIMULATED_PDF, type PastellCaller } from '../support/pastell-caller.js';

/** Traps of contracts/pastell.md §14 in what is asked and answered. */
describe('simulated Pastell: interface', () => {
  const open: PastellCaller[] = [];
  afterEach(async () => { await Promise.all(open.splice(0).map((caller) => caller.close())); });

  async function caller(options?: Parameters<typeof openPastellCaller>[0]): Promise<PastellCaller> {
    const opened = await openPastellCaller(options);
    open.push(opened);
    return opened;
  }

  it('says its version; numbers are texts; JSON is indented', async () => {
    const pastell = await caller({ version: '2.0.16' });
    expect((await pastell.call('GET', 'version')).json.version).to.equal('2.0.16');
    const entities = await pastell.call('GET', 'entite');
    expect(entities.json[0]).to.include({ id_e: '12', is_active: '1' });
    expect(entities.bytes.toString()).to.include('\n    ');
    expect((await (await caller()).call('GET', 'entite')).json[0].is_active).to.equal(true);
  });

  it('answers 405 to other methods, 400 to another version, 404 to what is not there', async () => {
    const pastell = await caller();
    expect((await pastell.call('PUT', 'version')).status).to.equal(405);
    expect((await pastell.call('POST', 'version')).status).to.equal(405);
    expect((await pastell.call('GET', '/api/v3/version')).json).to.deep.include({ status: 'error' });
    expect((await pastell.call('GET', '/api/v3/version')).status).to.equal(400);
    expect((await pastell.call('GET', 'entite/99')).status).to.equal(404);
    expect((await pastell.document('GET', 'nothing')).status).to.equal(404);
  });

  it('creates with 201, be it by the query string alone', async () => {
    const pastell = await caller();
    const created = await pastell.document('POST', '?type=actes-generique');
    expect(created.status).to.equal(201);
    expect(created.json.last_action.action).to.equal('creation');
    expect(created.json.id_d).to.match(/^[A-Za-z0-9]{7}$/);
  });

  it('drops unknown fields without a word, and a form in a PATCH as a whole', async () => {
    const pastell = await caller();
    const id = await pastell.create('actes-generique');
    const edited = await pastell.document('PATCH', id, { Objet: 'Rue Haute', 'no-such-field': 'x' });
    expect(edited.json.content.data).to.deep.equal({ objet: 'Rue Haute' });
    const form = new FormData();
    form.set('objet', 'Autre');
    const ignored = await pastell.document('PATCH', id, form);
    expect(ignored.status).to.equal(200);
    expect(ignored.json.content.data.objet).to.equal('Rue Haute');
  });

  it('tells the first rule of the form that fails, until all hold', async () => {
    const pastell = await caller();
    const id = await pastell.create('actes-generique');
    const first = await pastell.document('PATCH', id, { acte_nature: '1' });
    expect(first.json).to.include({ result: 'ok', formulaire_ok: 0 });
    expect(first.json.message).to.include('Numéro de l\'acte');
    expect((await pastell.document('PATCH', id, { numero_de_lacte: 'bad-number' })).json.message).to.include('incorrect');
    expect((await pastell.document('PATCH', id, actFields('2027_001'))).json.message).to.include('Acte');
    expect((await pastell.file(id, 'arrete', 'acte.pdf', SIMULATED_PDF)).json.message).to.include('Typologie');
    expect((await pastell.document('GET', id)).json.action_possible).to.not.include('send-tdt');
    await pastell.document('PATCH', `${id}/externalData/type_piece`, { 'type_pj[]': '99_DE' });
    const complete = await pastell.document('PATCH', id, { document_papier: 'oui' });
    expect(complete.json).to.include({ formulaire_ok: 1, message: '' });
    expect(complete.json.content.data).to.not.have.property('document_papier');
    expect(complete.json.content.action_possible).to.include('send-tdt');
    expect(complete.json.content['action-possible']).to.deep.equal(complete.json.content.action_possible);
  });

  it('2.0 needs no typology, and reads the classification from the query alone', async () => {
    const pastell = await caller({ version: '2.0.16' });
    const id = await pastell.create('actes-generique');
    await pastell.document('PATCH', id, { ...actFields('2027_001'), classification: '' });
    await pastell.file(id, 'arrete', 'acte.pdf', SIMULATED_PDF);
    await pastell.document('PATCH', `${id}/externalData/classification`, { classif: '7.1 Décisions budgétaires' });
    expect((await pastell.document('GET', id)).json.data).to.not.have.property('classification');
    await pastell.document('PATCH', `${id}/externalData/classification?classif=${encodeURIComponent('7.1 Décisions budgétaires')}`);
    expect((await pastell.document('GET', id)).json.action_possible).to.include('send-tdt');
  });

  it('forgets the typology with every change of the files or of the nature', async () => {
    const pastell = await caller();
    const id = await draftAct(pastell, '2027_001');
    await pastell.file(id, 'autre_document_attache', 'plan.pdf', SIMULATED_PDF);
    const choices = await pastell.document('GET', `${id}/externalData/type_piece`);
    expect(choices.json.pieces).to.deep.equal(['délibération.pdf', 'plan.pdf']);
    expect(choices.json.actes_type_pj_list).to.have.property('99_DE');
    expect((await pastell.document('GET', id)).json.data).to.not.have.property('type_piece');
    expect((await pastell.document('PATCH', `${id}/externalData/type_piece`, { 'type_pj[]': '99_DE' })).status).to.equal(400);
  });

  it('mirrors the signature that is asked for, and wants its circuit', async () => {
    const pastell = await caller();
    const id = await draftAct(pastell, '2027_001', { fields: { envoi_signature: '1' } });
    const { json } = await pastell.document('GET', id);
    expect(json.data).to.include({ envoi_signature: '1', envoi_signature_check: '1' });
    for (const action of ['send-iparapheur', 'send-tdt']) expect(json.action_possible).to.not.include(action);
    expect((await pastell.document('GET', `${id}/externalData/iparapheur_sous_type`)).json).to.deep.equal(['Bordereaux', 'College', 'Conseil', 'Courriers']);
    expect((await pastell.document('PATCH', `${id}/externalData/iparapheur_sous_type`, { iparapheur_sous_type: 'Nobody' })).status).to.equal(400);
    const chosen = await pastell.document('PATCH', `${id}/externalData/iparapheur_sous_type`, { iparapheur_sous_type: 'Conseil' });
    expect(chosen.json).to.deep.include({ result: 'ok' });
    expect(chosen.json.data).to.include({ iparapheur_type: 'Actes', iparapheur_sous_type: 'Conseil' });
    expect(chosen.json.action_possible).to.include('send-iparapheur');
  });

  it('takes chunks in their order from 4.1 on, and has no such place before', async () => {
    const pastell = await caller();
    const id = await pastell.create('pdf-generique');
    const chunk = (number: number, content: string, total = 2, size = 6) => {
      const form = new FormData();
      for (const [name, value] of Object.entries({ file_name: 'long.pdf', chunk_number: number, total_chunks: total, total_size: size })) form.set(name, String(value));
      form.set('file', new Blob([content]), 'part');
      return form;
    };
    expect((await pastell.document('POST', `${id}/chunk/document/0`, chunk(2, 'def'))).status).to.equal(400);
    const first = await pastell.document('POST', `${id}/chunk/document/0`, chunk(1, 'abc'));
    expect([first.status, first.json]).to.deep.equal([200, { result: 'success', message: 'Chunk uploaded' }]);
    const last = await pastell.document('POST', `${id}/chunk/document/0`, chunk(2, 'def'));
    expect([last.status, last.json]).to.deep.equal([201, { result: 'success', message: 'File uploaded' }]);
    expect((await pastell.document('GET', `${id}/file/document/0`)).bytes.toString()).to.equal('abcdef');
    await pastell.document('POST', `${id}/chunk/document/0`, chunk(1, 'abc', 2, 7));
    expect((await pastell.document('POST', `${id}/chunk/document/0`, chunk(2, 'def', 2, 7))).status).to.equal(400);
    const old = await caller({ version: '3.1' });
    expect((await old.document('POST', `${await old.create('pdf-generique')}/chunk/document/0`, chunk(1, 'abc'))).status).to.equal(404);
  });

  it('shifts the files that follow one that is deleted; older versions delete nothing', async () => {
    const pastell = await caller();
    const id = await pastell.create('pdf-generique');
    for (const name of ['a.pdf', 'b.pdf', 'c.pdf']) {
      const count = (await pastell.document('GET', id)).json.data.annexe?.length ?? 0;
      const form = new FormData();
      form.set('file_name', name);
      form.set('file_content', name);
      await pastell.document('POST', `${id}/file/annexe/${String(count)}`, form);
    }
    expect((await pastell.document('DELETE', `${id}/file/annexe/1`)).json.data.annexe).to.deep.equal(['a.pdf', 'c.pdf']);
    expect((await pastell.document('DELETE', id)).status).to.equal(204);
    expect((await pastell.document('GET', id)).status).to.equal(404);
    const old = await caller({ version: '2.0.16' });
    expect((await old.document('DELETE', await old.create('pdf-generique'))).status).to.equal(405);
  });

  it('lists a page without a total, by parts of words, strictly after an instant, to the second', async () => {
    const pastell = await caller();
    for (const number of ['2027_1', '2027_10', '2026_1']) {
      const id = await pastell.create('actes-generique');
      await pastell.document('PATCH', id, actFields(number));
      pastell.pass(1_000);
    }
    const numbers = async (query: string) => {
      const { json } = await pastell.document('GET', `?type=actes-generique&${query}`);
      const details = await Promise.all((json as { id_d: string }[]).map(({ id_d }) => pastell.document('GET', id_d)));
      return details.map((detail) => detail.json.data.numero_de_lacte as string);
    };
    expect(await numbers('numero_de_lacte=2027_1')).to.deep.equal(['2027_10', '2027_1']);
    expect(await numbers('limit=1&offset=1')).to.deep.equal(['2027_10']);
    expect(await numbers('offset=3')).to.deep.equal([]);
    const rows = (await pastell.document('GET', '?type=actes-generique&sens_tri=ASC')).json;
    // 09:00 UTC is 10:00 in Paris
    expect(rows[0].last_action_date).to.equal('2027-03-01 10:00:00');
    expect(await numbers(`last_state_begin=${encodeURIComponent('2027-03-01T10:00:00')}`)).to.deep.equal(['2026_1', '2027_10']);
    expect(await numbers('lastetat=creation,modification&search=HAUTE&limit=2')).to.have.length(2);
    expect(await numbers('lastetat=creation')).to.deep.equal([]);
  });

  it('answers an error with status 200 where JSON cannot hold the file', async () => {
    const pastell = await caller();
    const id = await pastell.create('pdf-generique');
    await pastell.file(id, 'document', 'a.pdf', Buffer.from([0xff, 0xfe]));
    const received = await pastell.document('GET', `${id}/file/document/0?receive=true`);
    expect([received.status, received.json.status]).to.deep.equal([200, 'error']);
    expect((await pastell.document('GET', `${id}/file/document/0`)).bytes).to.deep.equal(Buffer.from([0xff, 0xfe]));
  });

  it('takes an id that ends in php for a script, before 3.1.11', async () => {
    const [old, recent] = [await caller({ version: '2.0.16' }), await caller()];
    for (const pastell of [old, recent]) await pastell.run('next-id Abcdphp');
    expect((await old.document('GET', await old.create('actes-generique'))).status).to.equal(404);
    expect((await old.document('GET', 'Abcdphp/file/arrete')).json['error-message']).to.include('arrete');
    expect((await recent.document('GET', await recent.create('actes-generique'))).status).to.equal(200);
  });

  it('throttles whoever guesses, and everybody with him; older versions do not', async () => {
    const wrong = { authorization: 'Basic d3JvbmcK' };
    const [old, recent] = [await caller({ version: '3.1' }), await caller()];
    for (const pastell of [old, recent]) for (let guess = 0; guess < 5; guess += 1) expect((await pastell.call('GET', 'version', undefined, wrong)).status).to.equal(401);
    expect((await old.call('GET', 'version')).status).to.equal(200);
    const throttled = await recent.call('GET', 'version');
    expect([throttled.status, throttled.headers.get('retry-after')]).to.deep.equal([429, '60']);
    recent.pass(60_000);
    expect((await recent.call('GET', 'version')).status).to.equal(200);
  });

  it('knows tokens from 4.0 on, and a disabled account not at all', async () => {
    const token = { authorization: 'Bearer token-of-the-rehearsal-of-pastell' };
    expect((await (await caller({ version: '3.1' })).call('GET', 'version', undefined, token)).status).to.equal(401);
    const pastell = await caller();
    expect((await pastell.call('GET', 'version', undefined, token)).status).to.equal(200);
    await pastell.run('trouble disabled');
    expect((await pastell.call('GET', 'version')).status).to.equal(401);
  });

  it('first interface: 200 for errors, texts for everything, ISO-8859-1', async () => {
    const pastell = await caller({ version: '2.0.16' });
    const id = await pastell.create('actes-generique');
    const refused = await pastell.call('POST', `/api/action.php?id_e=12&id_d=${id}&action=send-tdt`);
    expect([refused.status, refused.json.status]).to.deep.equal([200, 'error']);
    expect((await pastell.call('GET', '/api/detail-document.php?id_e=12&id_d=none')).status).to.equal(404);
    await pastell.call('POST', `/api/modif-document.php?id_e=12&id_d=${id}&objet=R%E9fection`);
    expect((await pastell.document('GET', id)).json.data.objet).to.equal('Réfection');
    await pastell.call('POST', `/api/modif-document.php?id_e=12&id_d=${id}&objet=${encodeURIComponent('Réfection')}`);
    const detail = await pastell.call('GET', `/api/detail-document.php?id_e=12&id_d=${id}`);
    expect(detail.json.data.objet).to.equal('RÃ©fection');
    expect(detail.bytes.toString()).to.not.include('\n');
  });

  it('mishaps befall the next request that they are arranged for', async () => {
    const pastell = await caller();
    await pastell.run('mishap html');
    const page = await pastell.call('GET', 'version');
    expect([page.status, page.headers.get('content-type')]).to.deep.equal([200, 'text/html; charset=utf-8']);
    await pastell.run('mishap 500 flux 2');
    expect((await pastell.call('GET', 'version')).status).to.equal(200);
    expect([(await pastell.call('GET', 'flux')).status, (await pastell.call('GET', 'flux')).status, (await pastell.call('GET', 'flux')).status]).to.deep.equal([500, 500, 200]);
    await pastell.run('mishap lost POST');
    expect(await pastell.create('actes-generique').then(() => 'answered', () => 'lost')).to.equal('lost');
    expect(pastell.other.documents()).to.have.length(1);
    await pastell.run('mishap error-in-200');
    expect((await pastell.call('GET', 'version')).json.status).to.equal('error');
    await pastell.run('mishap throttle');
    expect((await pastell.call('GET', 'version')).status).to.equal(429);
  });

  it('the journal holds what happened, stamped; its time stamp is over its very text', async () => {
    const pastell = await caller();
    const id = await draftAct(pastell, '2027_001');
    const { json } = await pastell.call('GET', `journal?id_d=${id}&limit=1`);
    expect(json[0]).to.include({ type: '1', id_e: '12', id_d: id, action: 'modification', titre: 'Réfection de la rue Haute' });
    expect(json[0].message_horodate).to.match(new RegExp(`^1 - 12 - 5 - ${id} - modification - .* - 2027-03-01 10:00:00 - actes-generique$`));
    const token = await pastell.call('GET', `journal/${json[0].id_j as string}/jeton`);
    expect(token.headers.get('content-type')).to.equal('application/timestamp-reply');
    const event = await pastell.call('GET', `journal/${json[0].id_j as string}`);
    expect(event.json.preuve).to.equal(token.bytes.toString('base64'));
    const { createHash } = await import('node:crypto');
    expect(token.bytes.includes(createHash('sha256').update(json[0].message_horodate as string).digest())).to.equal(true);
    await pastell.run('trouble no-journal');
    expect((await pastell.call('GET', 'journal')).status).to.equal(403);
  });

  it('tells its types, their forms and what serves them', async () => {
    const pastell = await caller();
    expect(Object.keys((await pastell.call('GET', 'flux')).json)).to.include.members(['actes-generique', 'actes-automatique', 'helios-generique', 'helios-automatique', 'pdf-generique', 'document-a-signer', RETURN_TYPE]);
    expect((await pastell.call('GET', 'flux/actes-generique')).json.numero_de_lacte).to.include({ type: 'text', requis: true });
    expect((await pastell.call('GET', 'flux/actes-generique/action')).json['send-tdt']).to.include({ 'action-automatique': 'verif-tdt' });
    expect((await pastell.call('GET', 'entite/12/flux?flux=actes-generique&type=TdT')).json).to.have.length(1);
    await pastell.run('trouble no-tdt');
    expect((await pastell.call('GET', 'entite/12/flux?flux=actes-generique&type=TdT')).json).to.have.length(0);
  });
});
