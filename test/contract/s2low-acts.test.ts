import { expect } from 'chai';
import { s2low } from '../../connectors/s2low/index.js';
import type { ConnectorContext, Submission, Tracking } from '../../src/connector-api/connector.js';
import { failureOf } from '../support/failure-of.js';
import { latin1, PDF, scriptedS2low, type ScriptedS2low } from '../support/scripted-s2low.js';

const CREATE = 'actes_transac_create.php';
const STATUS = 'actes_transac_get_status.php';
const LIST = 'list_actes.php';
const FILES = 'actes_transac_get_files_list.php';
const AR = latin1('<?xml version="1.0" encoding="ISO-8859-1"?>\n<actes:ARActe xmlns:actes="http://www.interieur.gouv.fr/ACTES#v1.1-20040216" actes:IDActe="034-491011698-20270215-2027_012-DE" actes:DateReception="2027-02-16">\n'
  + '<actes:ActeRecu actes:Date="2027-02-15" actes:NumeroInterne="2027_012" actes:CodeNatureActe="1"><actes:Objet>Réfection</actes:Objet></actes:ActeRecu>\n<actes:ClassificationDateVersionEnCours>2027-01-01</actes:ClassificationDateVersionEnCours>\n</actes:ARActe>\n');
const ROWS = (...rows: readonly object[]): string => JSON.stringify({ status_id: 1, authority_id: 7, offset: 0, limit: 1000, transactions: rows });
const OURS = { id: 12, subject: 'R&eacute;fection de la rue Haute', number: '2027_012', date: '2027-02-15', nature_descr: 'Délibérations', classification: '7.1', type: '1' };
const MARKED = (calls: readonly string[]): boolean => calls.includes('mark');

describe('s2low: acts', () => {
  let rig: ScriptedS2low;
  beforeEach(() => { rig = scriptedS2low({ [CREATE]: 'OK\n12\n', [LIST]: ROWS(), [FILES]: 'KO\nPas encore\n' }); });

  const submit = (submission: Submission = rig.act(), change: Readonly<Record<string, unknown>> = {}, context: ConnectorContext = rig.context) => s2low.submit(submission, rig.settings(change), context);
  const probe = (submission: Submission = rig.act()) => s2low.probe(submission, rig.settings(), rig.context);
  const standing = async (status: number | string, payload: string | Buffer = ''): Promise<Tracking> => {
    rig.answer({ [STATUS]: Buffer.concat([Buffer.from(`OK\n${status}\n`), Buffer.from(payload)]) });
    return rig.track(await submit());
  };

  describe('handing over', () => {
    it('§3.1: every field goes as the platform names it, api=1 first, as POST field', async () => {
      const annexes = [rig.annex('acte.pdf'), rig.annex('plan.pdf'), rig.annex('avis.pdf')];
      const receipt = await submit(rig.act({ annexes: ['plan.pdf', 'avis.pdf'], annexTypologies: ['22_PL', '99_DE'], paperFollows: true }, annexes));
      const [request] = rig.requests.filter(({ path }) => path.endsWith(CREATE));
      const names = [...(request?.sent ?? '').matchAll(/; name="([^"]*)"/g)].map(([, name]) => name);
      expect(names).to.deep.equal(['api', 'nature_code', 'classif1', 'classif2', 'number', 'decision_date', 'subject', 'document_papier', 'type_acte', 'type_pj[]', 'type_pj[]', 'acte_pdf_file', 'acte_attachments[]', 'acte_attachments[]']);
      const fields = ['api', 'nature_code', 'classif1', 'classif2', 'number', 'decision_date', 'document_papier', 'type_acte'];
      expect(fields.map((name) => rig.field(CREATE, name))).to.deep.equal(['1', '1', '7', '1', '2027_012', '2027-02-15', '1', '99_DE']);
      expect([receipt.reference, receipt.state]).to.deep.equal(['actes-12', 'sent']);
      expect(rig.field(CREATE, 'acte_pdf_file')).to.equal(PDF.toString('latin1'));
    });

    it('§2: texts go as ISO-8859-1 bytes, what it cannot hold transliterated', async () => {
      await submit(rig.act({ subject: 'L’été à Œuvre : 5 € — fin…' }));
      expect(rig.field(CREATE, 'subject')).to.equal('L\'été à OEuvre : 5 EUR - fin...');
    });

    it('§2: file names keep A-Z a-z 0-9 . _ space and dash only', async () => {
      await submit(rig.act({ mainDocument: 'délibération n°12 (v2).pdf' }, [rig.annex('délibération n°12 (v2).pdf')]));
      expect(rig.requests.find(({ path }) => path.endsWith(CREATE))?.sent).to.include('filename="d_lib_ration n_12 _v2_.pdf"');
    });

    it('§1: the login goes with every request, in ISO-8859-1', async () => {
      await submit();
      for (const { headers } of rig.requests) expect(headers?.['authorization']).to.equal(`Basic ${latin1('relais:motdépasse').toString('base64')}`);
    });

    it('§2: one or two line feeds at the end of an answer', async () => {
      for (const answer of ['OK\n12\n', 'OK\n12\n\n', 'OK\n12']) {
        rig.answer({ [CREATE]: answer });
        expect((await submit()).reference).to.equal('actes-12');
      }
    });

    it('§3.1: en_attente where an agent confirms, and only there', async () => {
      await submit();
      expect(rig.field(CREATE, 'en_attente')).to.equal(undefined);
      await submit(rig.act(), { confirmation: 'agent' });
      expect(rig.field(CREATE, 'en_attente')).to.equal('1');
    });

    it('a file that is gone, or is not what was received, is refused before the mark, of each operation', async () => {
      const gone = rig.annex('acte.pdf', PDF, { sha256: 'f'.repeat(64) });
      rig.answer({ 'actes_transac_get_document.php': '3-8-40\n' });
      const operations = [rig.act({}, [gone]), rig.submission('transmit-pes', {}, [{ ...gone, filename: 'acte.xml', mediaType: 'application/xml' }]), rig.submission('answer-letter', { letter: '40', act: '12', typology: '99_DE' }, [gone])];
      for (const submission of operations) expect(await failureOf(submit(submission)), submission.operation).to.match(/^refused: .*acte\./);
      expect(MARKED(rig.calls)).to.equal(false);
    });

    it('delivers nothing when the mark is refused, and asks nothing after it', async () => {
      await submit(rig.act(), {}, { ...rig.context, markSent: () => Promise.reject(new Error('another node took over')) }).catch(() => undefined);
      expect(rig.calls).to.deep.equal(['GET actes_classification_fetch.php?api=1']);
    });
  });

  describe('§3.2: what the platform would find out later is found out before the mark', () => {
    const refused: Readonly<Record<string, readonly [fields: Submission['fields'], words: RegExp]>> = {
      'a lower-case number: there is no silent upper-casing': [{ number: 'del_12' }, /Field «number»/],
      'a number with _ first or last': [{ number: '_12' }, /Field «number»/],
      'a decision date in the future': [{ decisionDate: '2027-03-02' }, /Field «decisionDate»/],
      'a typology of another nature, which is not refused at create': [{ typology: '99_BU' }, /Field «typology».*99_DE, 22_PL/],
      'a typology that is not five characters': [{ typology: '99_D' }, /Field «typology»/],
      'a matter that the classification does not have': [{ classification: '7.2' }, /Field «classification».*7\.10/],
      'a matter of one level': [{ classification: '7' }, /Field «classification»/],
      'a count of typologies that is not that of the annexes': [{ annexes: ['plan.pdf'], annexTypologies: ['22_PL', '99_DE'] }, /Field «annexTypologies»/],
    };
    for (const [name, [fields, words]] of Object.entries(refused)) {
      it(name, async () => {
        const told = await failureOf(submit(rig.act(fields, [rig.annex('acte.pdf'), rig.annex('plan.pdf')])));
        expect(told).to.match(/^refused: /).and.match(words);
        expect(MARKED(rig.calls)).to.equal(false);
      });
    }

    it('an XML main file outside of nature 5 and matter 7.1, by its content and not by its name', async () => {
      expect(await failureOf(submit(rig.act({}, [rig.annex('acte.pdf', Buffer.from('<?xml version="1.0"?><a/>'))])))).to.match(/^refused: .*acte\.pdf/);
      expect(await failureOf(submit(rig.act({}, [rig.annex('acte.pdf', Buffer.from('<!DOCTYPE html><html>login</html>'))])))).to.match(/^refused: .*web page/);
      expect(MARKED(rig.calls)).to.equal(false);
    });

    it('§7: 150 MiB and more are refused before anything is sent', async () => {
      const large = rig.annex('acte.pdf', PDF, { size: 150 * 2 ** 20 + 1 });
      expect(await failureOf(submit(rig.act({}, [large])))).to.match(/^refused: .*150 MiB/);
      expect(rig.requests).to.deep.equal([]);
    });

    it('§8: a classification that changed overnight is the one that counts', async () => {
      await submit(rig.act({ typology: '22_PL' }));
      const changed = (s: ScriptedS2low) => s.requests.length;
      const before = changed(rig);
      rig.answer({ 'actes_classification_fetch.php': latin1('<?xml version="1.0" encoding="ISO-8859-1"?><actes:RetourClassification xmlns:actes="http://www.interieur.gouv.fr/ACTES#v1.1-20040216"><actes:DateClassification>2027-03-01</actes:DateClassification><actes:NaturesActes><actes:NatureActe actes:CodeNatureActe="1" actes:Libelle="Délibérations" actes:TypeAbrege="DE"><actes:TypePJNatureActe actes:CodeTypePJ="99_DL" actes:Libelle="Délibération"/></actes:NatureActe></actes:NaturesActes><actes:Matieres><actes:Matiere1 actes:CodeMatiere="7" actes:Libelle="F"><actes:Matiere2 actes:CodeMatiere="1" actes:Libelle="D"/></actes:Matiere1></actes:Matieres></actes:RetourClassification>') });
      expect(await failureOf(submit(rig.act({ typology: '22_PL' })))).to.match(/^refused: .*«22_PL».*2027-03-01.*99_DL/);
      expect(rig.requests.slice(before).some(({ path }) => path.endsWith(CREATE))).to.equal(false);
      await submit(rig.act());
      expect(rig.field(CREATE, 'type_acte')).to.equal('99_DL');
    });

    it('§3: no classification yet is KO without OK line', async () => {
      rig.answer({ 'actes_classification_fetch.php': 'KO\nAucune classification\n' });
      expect(await failureOf(submit())).to.match(/^refused: .*no classification.*Aucune classification/);
    });
  });

  describe('what goes wrong', () => {
    it('§2: a KO is decoded as UTF-8 or else ISO-8859-1, over several lines, without markup and escapes', async () => {
      for (const bytes of [latin1('KO\nLe numéro &quot;12&quot; n&#039;est pas &lt;valide&gt;<br/>\nRéessayez &amp;amp; merci\n\n'), Buffer.from('KO\nLe numéro &quot;12&quot; n&#039;est pas &lt;valide&gt;<br/>\nRéessayez &amp;amp; merci\n')]) {
        rig.answer({ [CREATE]: bytes });
        expect(await failureOf(submit())).to.equal('refused: S2LOW answers: «Le numéro "12" n\'est pas <valide> Réessayez &amp; merci».');
      }
    });

    it('§2: HTML with status 200 (a maintenance, a login) is no answer: before the mark nothing was sent, after it nobody knows', async () => {
      rig.answer({ 'test-connexion.php': '<!DOCTYPE html><html><body>Maintenance</body></html>' });
      expect(await failureOf(submit())).to.match(/^not-sent: .*page for people/);
      expect(MARKED(rig.calls)).to.equal(false);
      rig.answer({ 'test-connexion.php': 'OK', [CREATE]: '\n<html><title>S2LOW</title></html>' });
      expect(await failureOf(submit())).to.match(/^outcome-unknown: .*page for people/);
    });

    it('§1: 302 to login.php or connexion-status is a login that is asked for', async () => {
      for (const location of ['/login.php', 'https://s2low.example/connexion-status']) {
        rig.answer({ 'test-connexion.php': { status: 302, headers: { location } } });
        expect(await failureOf(submit())).to.match(/^misconfigured: .*asks for a login/);
      }
      rig.answer({ 'test-connexion.php': { status: 302, headers: { location: '/login.php?error=multiple_accounts' } } });
      expect(await failureOf(submit())).to.match(/^misconfigured: .*several accounts.*login and password/);
    });

    it('§2: 302 to index.php after a post tells nothing of what became of it', async () => {
      rig.answer({ [CREATE]: { status: 302, headers: { location: '/modules/actes/index.php' } } });
      expect(await failureOf(submit())).to.match(/^outcome-unknown: /);
    });

    it('§1: 503 and 429 took nothing; any other 5xx may have', async () => {
      for (const [status, kind] of [[503, 'not-sent'], [429, 'not-sent'], [500, 'outcome-unknown'], [502, 'outcome-unknown'], [504, 'outcome-unknown']] as const) {
        rig.answer({ [CREATE]: { status, body: '<html>Erreur</html>' } });
        expect(await failureOf(submit()), String(status)).to.match(new RegExp(`^${kind}: `));
      }
    });

    it('§1: a KO of an account that is not let in is no refusal of the act', async () => {
      let asked = 0;
      rig.answer({ [CREATE]: latin1('KO\nÉchec de l\'authentification\n'), 'test-connexion.php': () => { asked += 1; return asked === 1 ? 'OK' : 'KO\nnon\n'; } });
      expect(await failureOf(submit())).to.match(/^misconfigured: /);
    });

    it('an OK without the number is unknown', async () => {
      rig.answer({ [CREATE]: 'OK\n' });
      expect(await failureOf(submit())).to.match(/^outcome-unknown: .*without the number/);
    });
  });

  describe('never twice', () => {
    it('§3.2: a number that is used, whatever the status, by this very act: it is taken for it', async () => {
      rig.answer({ [CREATE]: 'KO\nCe numéro existe déjà\n', [LIST]: ({ query }) => (query.get('status_id') === '-1' ? ROWS({ ...OURS, number: '2027_01' }, OURS) : ROWS()) });
      expect((await submit()).reference).to.equal('actes-12');
    });

    it('§3.2: a number that is used by this act with another document: what was corrected is not believed to be sent', async () => {
      rig.answer({ [CREATE]: 'KO\nCe numéro existe déjà\n', [LIST]: ({ query }) => (query.get('status_id') === '4' ? ROWS(OURS) : ROWS()) });
      const files = (...sizes: readonly unknown[]): string => JSON.stringify([{ id: '1', size: '900' }, ...sizes.map((size, index) => ({ id: String(index + 2), size }))]);
      for (const sizes of [[PDF.length + 1], [PDF.length, 5]]) {
        rig.answer({ [FILES]: files(...sizes) });
        expect(await failureOf(submit())).to.match(/^refused: Field «number»: 2027_012 is used on S2LOW by this act with other documents, transaction 12/);
        expect(await probe()).to.equal('absent');
      }
      for (const size of [String(PDF.length), PDF.length, null]) expect((rig.answer({ [FILES]: files(size) }), await submit()).reference).to.equal('actes-12');
    });

    it('§3.2: a number that is used by another act is refused, with which', async () => {
      rig.answer({ [CREATE]: 'KO\nCe numéro existe déjà\n', [LIST]: ({ query }) => (query.get('status_id') === '4' ? ROWS({ ...OURS, id: '9', subject: 'Autre', date: '2026-01-01' }) : ROWS()) });
      expect(await failureOf(submit())).to.match(/^refused: Field «number»: 2027_012 is used by another act.*9 of 2026-01-01.*«Autre»/);
    });

    it('the probe reads the lists of all statuses, page by page, and finds the number exactly', async () => {
      const many = Array.from({ length: 1000 }, (_one, index) => ({ ...OURS, id: index, number: `2027_0${index + 1000}` }));
      rig.answer({ [LIST]: ({ query }) => (query.get('status_id') !== '3' ? ROWS() : query.get('offset') === '0' ? ROWS(...many) : ROWS(OURS)) });
      expect(await probe()).to.deep.include({ found: { reference: 'actes-12', state: 'sent', data: { kind: 'act', transaction: '12', sentAt: rig.context.clock.now(), number: '2027_012', publishedOn: null } } });
      expect(rig.calls.some((call) => call.includes('offset=900'))).to.equal(true);
    });

    it('absent is proved by all lists; letters and cancellations with that number do not count', async () => {
      rig.answer({ [LIST]: ROWS({ ...OURS, type: '6' }) });
      expect(await probe()).to.equal('absent');
      expect(rig.calls.filter((call) => call.includes(LIST))).to.have.lengthOf(24);
    });

    it('another act under our number proves that ours is not there', async () => {
      rig.answer({ [LIST]: ROWS({ ...OURS, subject: 'Autre' }) });
      expect(await probe()).to.equal('absent');
    });

    it('an operator found it there: by its number, with its date or its subject; another act is refused', async () => {
      const confirm = (foundAs: string) => probe({ ...rig.act(), foundAs });
      rig.answer({ [LIST]: ROWS({ ...OURS, id: '9', number: '2027_011' }, { ...OURS, subject: 'Corrigé' }) });
      for (const given of ['12', 'actes-12']) expect(await confirm(given)).to.have.nested.property('found.reference', 'actes-12');
      expect(await failureOf(confirm('9'))).to.match(/^refused: Transaction 9 on S2LOW is another act.*2027_012.*it is 2027_011/);
      expect(await failureOf(confirm('13'))).to.match(/^refused: S2LOW lists no act with transaction 13/);
      rig.answer({ [LIST]: ROWS({ ...OURS, subject: 'Autre', date: '2026-01-01' }) });
      expect(await failureOf(confirm('12'))).to.match(/^refused: .*another act/);
    });

    it('a page in place of a list proves nothing', async () => {
      rig.answer({ [LIST]: '<html>Maintenance</html>' });
      expect(await failureOf(probe())).to.match(/^outcome-unknown: /);
    });
  });

  describe('§4: where an act stands', () => {
    const words: Readonly<Record<number, RegExp>> = {
      1: /posted/, 2: /waits to be sent/, 3: /acknowledgement is awaited/, 7: /document of the prefecture/, 8: /acknowledged/, 9: /sent/, 10: /refused/, 11: /acknowledged the document/,
      17: /agent must confirm.*deliveries link/, 18: /waits for a signature/, 21: /document of the prefecture/,
    };
    for (const [status, told] of Object.entries(words)) {
      it(`${status} is pending, in plain words`, async () => {
        const tracking = await standing(status);
        expect(tracking.state).to.equal('pending');
        expect('note' in tracking ? tracking.note : '').to.match(told);
        expect('pollAfterMs' in tracking ? tracking.pollAfterMs : 0).to.be.at.least(60_000);
      });
    }

    it('an unknown code is asked about on, and logged', async () => {
      expect((await standing(77)).state).to.equal('pending');
      expect(rig.logger.text()).to.include('not known').and.include('77');
    });

    it('0 and 6: cancelled, closed as refused', async () => {
      expect(await standing(0, AR)).to.deep.include({ state: 'rejected' }).and.property('reason').match(/cancelled/);
      expect(await standing(6)).to.deep.include({ state: 'rejected' }).and.property('reason').match(/closed as refused/);
    });

    it('§3.3: −1 with the text alone; the number is used up', async () => {
      expect(await standing(-1, latin1('Le PDF est corrompu : « acte »\n'))).to.deep.include({
        state: 'rejected', reason: 'The act was refused: Le PDF est corrompu : « acte ». The number 2027_012 is used up: correct the act and send it under another one.',
      });
    });

    it('§3.3: −1 with an anomaly of the prefecture, the text of the platform at once behind it', async () => {
      const anomaly = latin1('<?xml version="1.0" encoding="ISO-8859-1"?>\n<actes:AnomalieActe xmlns:actes="http://www.interieur.gouv.fr/ACTES#v1.1-20040216"><actes:Date>2027-02-16</actes:Date><actes:Nature>006</actes:Nature><actes:Detail>Pièce illisible</actes:Detail></actes:AnomalieActe>');
      const tracking = await standing(-1, Buffer.concat([anomaly, latin1('Erreur renvoyée')]));
      expect(tracking.state === 'rejected' ? tracking.reason : '').to.include('006').and.include('Pièce illisible').and.include('Erreur renvoyée');
      expect(rig.content(tracking.results?.documents?.[0]).equals(anomaly)).to.equal(true);
    });

    it('3 for more than four hours says that it is unusual; it is asked about ever more rarely', async () => {
      const receipt = await submit();
      rig.answer({ [STATUS]: 'OK\n3\n' });
      const often = await rig.track(receipt);
      rig.pass(5 * 3_600_000);
      const rarely = await rig.track(receipt);
      expect(rarely.state === 'pending' ? rarely.note : '').to.match(/unusually long/);
      expect(rarely.state === 'pending' && often.state === 'pending' ? [often.pollAfterMs, rarely.pollAfterMs] : []).to.deep.equal([60_000, 1_800_000]);
    });

    it('a KO about it lasts half an hour before a person is asked', async () => {
      let receipt = await submit();
      rig.answer({ [STATUS]: 'KO\nTransaction inconnue\n' });
      const first = await rig.track(receipt);
      expect(first.state).to.equal('pending');
      receipt = { ...receipt, data: first.state === 'pending' ? first.data : null };
      rig.pass(31 * 60_000);
      expect(await failureOf(rig.track(receipt))).to.match(/^refused: .*since 2027-03-01T09:00.*Transaction inconnue/);
      rig.answer({ [STATUS]: 'OK\n3\n' });
      const back = await rig.track(receipt);
      expect(back.state === 'pending' ? back.data : null).to.not.have.property('refusedSince');
    });
  });

  describe('acknowledged', () => {
    const listed = JSON.stringify([
      { id: '1', name: 'm.xml', posted_filename: null, mimetype: 'text/xml', size: '1', sign: '', code_pj: '' },
      { id: '2', name: '99_DE-1.pdf', posted_filename: 'acte.pdf', mimetype: 'application/pdf', size: '1', sign: '', code_pj: '99_DE' },
      { id: '3', name: 'x.png', posted_filename: 'plan.png', mimetype: 'image/png', size: '1', sign: '', code_pj: '22_PL' },
      { id: '4', name: 'y.pdf', posted_filename: 'avis.pdf', mimetype: 'application/pdf', size: '1', sign: '', code_pj: '22_PL' },
    ]);
    beforeEach(() => rig.answer({
      'actes_create_pdf.php': Buffer.from('%PDF-1.4 slip'), [FILES]: listed,
      'actes_download_file.php': ({ query }) => Buffer.from(`%PDF-1.4 stamped ${query.get('file') ?? ''} ${query.get('tampon') ?? ''} ${query.get('date_affichage') ?? ''}`),
    }));

    it('4: the ARActe byte for byte, the slip, the stamped act and its annexes in their order, the dates', async () => {
      const tracking = await standing(4, AR);
      expect(tracking.state).to.equal('done');
      expect(tracking.results?.fields).to.deep.equal({ transaction: '12', actId: '034-491011698-20270215-2027_012-DE', acknowledgedOn: '2027-02-16', enforceableOn: '2027-02-16' });
      const documents = tracking.results?.documents ?? [];
      expect(documents.map(({ role, filename }) => [role, filename])).to.deep.equal([
        ['acknowledgement', 'ARActe-034-491011698-20270215-2027_012-DE.xml'], ['acknowledgement-slip', 'bordereau-acquittement-12.pdf'], ['stamped-document', 'acte.pdf'], ['stamped-document', 'avis.pdf'],
      ]);
      expect(rig.content(documents[0]).equals(AR)).to.equal(true);
      expect(documents.slice(2).map((one) => String(rig.content(one)))).to.deep.equal(['%PDF-1.4 stamped 2 true ', '%PDF-1.4 stamped 4 true ']);
    });

    it('enforceable on the day of publication where that is later, which is printed into the stamp', async () => {
      rig.answer({ [STATUS]: Buffer.concat([Buffer.from('OK\n4\n'), AR]) });
      const tracking = await rig.track(await submit(rig.act({ publishedOn: '2027-02-20' })));
      expect(tracking.results?.fields).to.include({ acknowledgedOn: '2027-02-16', enforceableOn: '2027-02-20' });
      expect(String(rig.content(tracking.results?.documents?.[2]))).to.equal('%PDF-1.4 stamped 2 true 2027-02-20');
    });

    for (const status of [5, 12, 13, 14, 15, 16, 19, 20, 22]) {
      it(`${status}: it was acknowledged before; the ARActe is asked for`, async () => {
        rig.answer({ 'actes_transac_get_ARActe.php': AR });
        expect((await standing(status)).results?.fields).to.include({ acknowledgedOn: '2027-02-16' });
        expect(rig.calls).to.include('GET actes_transac_get_ARActe.php?id=12&api=1');
      });
    }

    it('§2: a page, a redirect or a KO in place of a file is never stored; the files are asked for again, for an hour', async () => {
      let receipt = await submit();
      rig.answer({ [STATUS]: Buffer.concat([Buffer.from('OK\n4\n'), AR]), 'actes_create_pdf.php': { status: 302, headers: { location: '/modules/actes/index.php' } }, 'actes_download_file.php': '<html>erreur</html>' });
      const first = await rig.track(receipt);
      expect(first.state === 'pending' ? first.note : '').to.match(/does not give all of its files yet/);
      receipt = { ...receipt, data: first.state === 'pending' ? first.data : null };
      rig.pass(61 * 60_000);
      const last = await rig.track(receipt);
      expect([last.state, last.results?.documents?.map(({ role }) => role)]).to.deep.equal(['done', ['acknowledgement']]);
      expect(rig.logger.text()).to.include('does not give all files');
    });

    it('§3: the list of files is KO while the history only holds 1, 2, 3', async () => {
      rig.answer({ 'actes_transac_get_files_list.php': 'KO\nPas encore\n' });
      expect((await standing(4, AR)).state).to.equal('pending');
    });

    it('what cannot be kept here is not the end', async () => {
      const receipt = await submit();
      rig.answer({ [STATUS]: Buffer.concat([Buffer.from('OK\n4\n'), AR]) });
      const full = { ...rig.context, blobs: { ...rig.context.blobs, keep: () => Promise.reject(new Error('the disk is full')) } };
      expect(await s2low.track?.(receipt, rig.act(), rig.settings(), full).catch((error: unknown) => String(error))).to.include('the disk is full');
    });

    it('another message in place of the ARActe is none', async () => {
      const told = await standing(4, latin1('<actes:ARAnnulation xmlns:actes="http://www.interieur.gouv.fr/ACTES#v1.1-20040216" actes:IDActe="x" actes:DateReception="2027-02-16"/>'));
      expect(told).to.have.property('state', 'pending');
      expect(told).to.have.property('note').that.includes('ARAnnulation');
    });

    it('the ARActe of another act concludes nothing, and a person looks', async () => {
      const other = latin1(AR.toString('latin1').replaceAll('2027_012', '2027_013'));
      expect(await failureOf(standing(4, other))).to.match(/^refused: .*act 2027_012, transaction 12, is of another one: «2027_013»/);
      rig.answer({ 'actes_transac_get_ARActe.php': other });
      expect(await failureOf(standing(12))).to.match(/^refused: .*of another one/);
    });

    it('a file of many megabytes in place of the ARActe is never whole in memory', async () => {
      rig.answer({ 'actes_transac_get_ARActe.php': Buffer.concat([latin1('<a>'), Buffer.alloc(9 * 2 ** 20, 0x20)]) });
      expect(await standing(12)).to.have.property('note').that.matches(/has 9437187 bytes: that is none/);
    });
  });

  it('what was handed over is taken back only where nothing is at the State; else it says what people can do', async () => {
    const receipt = await submit();
    const cancel = async (status: number) => {
      rig.answer({ [STATUS]: `OK\n${status}\n` });
      const told = await s2low.cancel?.(receipt, rig.act(), rig.settings(), rig.context);
      return typeof told === 'object' ? told.tooLate : told;
    };
    expect([await cancel(-1), await cancel(0)]).to.deep.equal(['cancelled', 'cancelled']);
    expect(await cancel(3)).to.match(/only once the prefecture has acknowledged/);
    expect(await cancel(17)).to.match(/leave it unconfirmed/);
    expect(await cancel(4)).to.match(/cancel-act/);
  });
});
