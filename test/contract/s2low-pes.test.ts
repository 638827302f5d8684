import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { s2low } from '../../connectors/s2low/index.js';
import type { Receipt, Submission, Tracking } from '../../src/connector-api/connector.js';
import { failureOf } from '../support/failure-of.js';
import { latin1, scriptedS2low, type ScriptedS2low } from '../support/scripted-s2low.js';
import { pesFile } from '../support/pes-file.js';

const IMPORT = 'helios_importer_fichier.php';
const STATUS = 'helios_transac_get_status.php';
const ACQUIT = 'helios_download_acquit.php';
const LIST = '/modules/helios/index.php';
const SHOW = 'helios_transac_show.php';

const PES = pesFile({ nomFic: 'PESALR2_21340172201787_270301_001', codCol: '123' });
const SHA1 = createHash('sha1').update(PES).digest('hex');

const imported = (id: string, result = 'OK', message = ''): Buffer => latin1(`<?xml version="1.0" encoding="ISO-8859-1"?>\n<import>\n  <id>${id}</id>\n  <resultat>${result}</resultat>\n  <message>${message}</message>\n</import>\n`);
const standsAt = (status: string | number, message = '', result = 'OK'): Buffer => latin1(`<?xml version="1.0" encoding="ISO-8859-1"?>\n<transaction><id>34</id><resultat>${result}</resultat><message>${message}</message><status>${status}</status></transaction>\n`);
const acquit = (states: readonly number[], nomFic = 'PESALR2_21340172201787_270301_001', codCol = '123'): Buffer => latin1(`<?xml version="1.0" encoding="ISO-8859-1"?>\n<n:PES_ACQUIT xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2"><Enveloppe><Parametres><Version V="2"/><TypFic V="PESACQ"/><NomFic V="${nomFic}"/></Parametres><Emetteur><Sigle V="DGFiP"/><Adresse V="x"/></Emetteur></Enveloppe><EnTetePES><DteStr V="2027-03-01"/><IdPost V="034000"/><IdColl V="21340172201787"/><CodCol V="${codCol}"/><CodBud V="00"/></EnTetePES><ACQUIT><EnTeteAcquit><IdVer V="2"/></EnTeteAcquit>`
  + `${states.map((state, index) => `<ElementACQUIT><DomaineAck V="5"/><EtatAck V="${state}"/><NumBord V="${index + 1}"/><ExerciceBord V="2027"/>${state === 0 ? '<Erreur><NumAnoAck V="ERREUR_CUMUL_MONTANTS"/><LibelleAnoAck V="Montant erroné"/></Erreur>' : ''}</ElementACQUIT>`).join('')}</ACQUIT></n:PES_ACQUIT>\n`);
const listPage = (filter: string, value: string, ...ids: readonly number[]): Buffer => Buffer.from(`<html><body><form><input id="x" class="form-control" type="text" name="${filter}" size="20" maxlength="25"\n value="${value}" /></form>`
  + `${ids.length === 0 ? 'Pas de transaction trouvée correspondant aux critères de filtrage.' : ids.map((id) => `<tr><td headers="filename">a.xml</td><td><a href="https://s2low.example/modules/helios/helios_transac_show.php?id=${id}" class="icon"></a></td></tr>`).join('')}</body></html>`);

describe('s2low: flows to the treasury', () => {
  let rig: ScriptedS2low;
  beforeEach(() => { rig = scriptedS2low({ [IMPORT]: imported('34'), [LIST]: ({ query }) => listPage(query.has('num') ? 'num' : 'nomFic', query.get('num') ?? query.get('nomFic') ?? '') }); });

  const submit = (submission: Submission = rig.pes(PES), change: Readonly<Record<string, unknown>> = {}) => s2low.submit(submission, rig.settings(change), rig.context);
  const probe = () => s2low.probe(rig.pes(PES), rig.settings(), rig.context);
  const standing = async (status: string | number, message = ''): Promise<Tracking> => {
    rig.answer({ [STATUS]: standsAt(status, message) });
    return rig.track(await submit());
  };

  describe('handing over', () => {
    it('§5.1: one part «enveloppe», byte for byte, under a name that tells its bytes; OK only means that it was stored', async () => {
      const receipt = await submit(rig.pes(PES, 'flux n°1 été.xml'));
      expect(rig.field(IMPORT, 'enveloppe')).to.equal(PES.toString('latin1'));
      expect(rig.requests.find(({ path }) => path.endsWith(IMPORT))?.sent).to.include(`filename="flux n_1 _t_-${SHA1.slice(0, 20)}.xml"`);
      expect([receipt.reference, receipt.state]).to.deep.equal(['helios-34', 'sent']);
      expect(rig.calls).to.deep.equal(['mark', `POST ${IMPORT}`]);
    });

    it('acts and flows are counted apart over there: their references differ', async () => {
      rig.answer({ [IMPORT]: imported('12'), 'actes_transac_create.php': 'OK\n12\n' });
      expect([(await submit()).reference, (await submit(rig.act())).reference]).to.deep.equal(['helios-12', 'actes-12']);
    });

    it('§5.2: what would come back as −1 is refused before the mark: UTF-8, no domain, no NomFic', async () => {
      const utf8 = Buffer.from(PES.toString('latin1').replace(/ISO-8859-1/i, 'UTF-8'), 'utf8');
      const nameless = latin1(PES.toString('latin1').replace(/<NomFic V="[^"]*"\s*\/>/, '<NomFic V=""/>'));
      for (const content of [utf8, nameless, latin1('<html>login</html>')]) expect(await failureOf(submit(rig.pes(content)))).to.match(/^refused: /);
      expect(rig.calls).to.deep.equal([]);
    });

    it('§7: larger than the instance takes is refused before anything is sent', async () => {
      expect(await failureOf(submit(rig.pes(PES), { largestPes: PES.length - 1 }))).to.match(/^refused: .*at most/);
      expect(rig.requests).to.deep.equal([]);
    });

    it('§5: account and rights are refused as text, everything else in XML; the id is empty on KO', async () => {
      rig.answer({ [IMPORT]: latin1('KO\nAccès refusé\n') });
      expect(await failureOf(submit())).to.equal('refused: S2LOW answers: «Accès refusé».');
      rig.answer({ [IMPORT]: imported('', 'KO', 'Le certificat n\'est pas RGS') });
      expect(await failureOf(submit())).to.match(/^refused: .*RGS/);
    });

    it('a login page, an OK without id, or half an answer is unknown', async () => {
      for (const body of [Buffer.from('<html>Connexion</html>'), imported(''), imported('34').subarray(0, 60), latin1('<!DOCTYPE import [<!ENTITY a "b">]><import><id>1</id><resultat>OK</resultat></import>')]) {
        rig.answer({ [IMPORT]: body });
        expect(await failureOf(submit())).to.match(/^outcome-unknown: /);
      }
    });
  });

  describe('never twice to the treasury', () => {
    const doublon = (): void => rig.answer({ [IMPORT]: imported('', 'KO', 'DOUBLON détecté. Ce fichier a déjà été posté') });

    it('§5.1: a repeat is refused as doublon; the flow that is there is found by its name', async () => {
      doublon();
      rig.answer({ [LIST]: listPage('num', SHA1.slice(0, 20), 34) });
      expect((await submit()).reference).to.equal('helios-34');
    });

    it('§5.1: posted by a person under another name, it is found by NomFic and SHA-1', async () => {
      doublon();
      rig.answer({ [SHOW]: ({ query }) => `<html><td>Empreinte SHA1</td><td>${query.get('id') === '35' ? SHA1 : 'a'.repeat(40)}</td></html>`, [LIST]: ({ query }) => (query.has('num') ? listPage('num', query.get('num') ?? '') : listPage('nomFic', query.get('nomFic') ?? '', 36, 35)) });
      expect((await submit()).reference).to.equal('helios-35');
    });

    it('§5.1: there, but not shown to this account: parked, with how to settle it; it is not sent again', async () => {
      doublon();
      const told = await failureOf(submit());
      expect(told).to.match(/^refused: .*not sent again/).and.include(SHA1).and.include('PESALR2_21340172201787_270301_001').and.include('relais deliveries settle');
      expect(rig.calls.filter((call) => call.startsWith('POST'))).to.have.lengthOf(1);
    });

    it('§5.1: doublon, and the list cannot be asked: nobody knows, because it is there', async () => {
      doublon();
      rig.answer({ [LIST]: { status: 500 } });
      expect(await failureOf(submit())).to.match(/^outcome-unknown: /);
    });

    it('a timeout after import: found by the list of flows, whatever its status; the older of two', async () => {
      rig.answer({ [LIST]: listPage('num', SHA1.slice(0, 20), 35, 34) });
      const found = await probe();
      expect(typeof found === 'object' ? found.found.reference : found).to.equal('helios-34');
      expect(rig.calls).to.deep.equal([`GET index.php?status=all&num=${SHA1.slice(0, 20)}&count=100`]);
    });

    describe('an operator found it there', () => {
      const confirm = (foundAs: string) => s2low.probe({ ...rig.pes(PES), foundAs }, rig.settings(), rig.context);
      const shows = (...words: string[]): void => rig.answer({ [SHOW]: ({ query }) => (query.get('id') === '34' ? `<html><input value="${'c'.repeat(40)}"/>${words.map((word) => `<td>${word}</td>`).join('\n')}</html>` : { status: 302, headers: { location: '/modules/helios/index.php' } }) });

      it('§5: by the SHA-1 that its page shows, whichever way the number is written; its acquit is fetched then', async () => {
        shows('Empreinte SHA1', SHA1.toUpperCase());
        for (const given of ['34', ' helios-34 ', 'HELIOS-34']) {
          expect(await confirm(given)).to.deep.equal({ found: { reference: 'helios-34', state: 'sent', data: { kind: 'pes', transaction: '34', nomFic: 'PESALR2_21340172201787_270301_001', codCol: '123', sha1: SHA1, sentAt: rig.context.clock.now() } } });
        }
        const found = await confirm('34') as { found: Receipt };
        rig.answer({ [STATUS]: standsAt(8), [ACQUIT]: acquit([0]) });
        expect((await rig.track(found.found)).state).to.equal('rejected');
        expect(rig.calls.filter((call) => call.startsWith('POST') || call === 'mark')).to.deep.equal([]);
      });

      it('by NomFic and CodCol where the page shows no SHA-1; another SHA-1 is another flow', async () => {
        shows('NomFic : PESALR2_21340172201787_270301_001', 'Code collectivit&eacute; : 123');
        expect(await confirm('34')).to.be.an('object');
        shows('NomFic : PESALR2_21340172201787_270301_001', '123', 'a'.repeat(40));
        expect(await failureOf(confirm('34'))).to.match(/^refused: The flow 34 on S2LOW is another one.*its page shows another content/);
      });

      it('by its acquit where its page is not shown, and not before there is one', async () => {
        shows();
        rig.answer({ [STATUS]: standsAt(3), [ACQUIT]: acquit([1]) });
        expect(await failureOf(confirm('35'))).to.match(/^refused: .*Once its acquit is there, retry/);
        rig.answer({ [STATUS]: standsAt(4) });
        expect(await confirm('35')).to.be.an('object');
        rig.answer({ [ACQUIT]: acquit([1], 'PESALR2_AUTRE') });
        expect(await failureOf(confirm('35'))).to.match(/^refused: .*another one.*«PESALR2_AUTRE»/);
      });

      it('what is no number, or not known to the account, is refused', async () => {
        expect(await failureOf(confirm('actes-34'))).to.match(/^refused: «actes-34» is no number of a flow on S2LOW: expected one such as 34, or helios-34/);
        rig.answer({ [SHOW]: { status: 302, headers: { location: '/' } }, [STATUS]: standsAt('', 'inconnu', 'KO') });
        expect(await failureOf(confirm('34'))).to.match(/^refused: S2LOW does not tell this account of a flow 34: «inconnu»/);
      });
    });

    it('a page of megabytes that is no list costs no time', async () => {
      rig.answer({ [LIST]: '<input '.repeat(400_000), 'helios_transac_show.php': '<'.repeat(4 * 2 ** 20), [STATUS]: standsAt(1) });
      expect(await probe()).to.equal('absent');
      expect(await failureOf(s2low.probe({ ...rig.pes(PES), foundAs: '34' }, rig.settings(), rig.context))).to.match(/^refused: /);
    }).timeout(10_000);

    it('a list that was filtered by this name, and is empty, proves absence', async () => {
      expect(await probe()).to.equal('absent');
      expect(rig.logger.text()).to.not.include('does not show its list');
    });

    it('where the list is not shown, the platform itself decides: a repeat of the same bytes is harmless, and is logged', async () => {
      for (const page of [listPage('num', 'another', 35), Buffer.from('<html>Bienvenue</html>'), { status: 302, headers: { location: '/connexion-status' } }]) {
        rig.answer({ [LIST]: page });
        expect(await probe()).to.equal('absent');
      }
      expect(rig.logger.text()).to.include('does not show its list');
    });

    it('a probe that is not let in proves nothing', async () => {
      rig.answer({ 'test-connexion.php': 'KO\nnon\n' });
      expect(await failureOf(probe())).to.match(/^misconfigured: /);
    });
  });

  describe('§6: where a flow stands', () => {
    const words: Readonly<Record<number, RegExp>> = { 1: /posted/, 2: /waits to be sent/, 3: /acquit is awaited/, 7: /at work/, 13: /signature/, 14: /agent must transmit/ };
    for (const [status, told] of Object.entries(words)) {
      it(`${status} is pending, in plain words`, async () => {
        const tracking = await standing(status);
        expect(tracking.state === 'pending' ? tracking.note : '').to.match(told);
      });
    }

    it('5, which is unused, and unknown codes are asked about on, and logged', async () => {
      expect([(await standing(5)).state, (await standing(99)).state]).to.deep.equal(['pending', 'pending']);
      expect(rig.logger.text()).to.include('99');
    });

    it('−1 is rejected with the reason, unescaped', async () => {
      expect(await standing(-1, 'Le NomFic &lt;X&gt; a d&#233;j&#224; &eacute;t&eacute; re&ccedil;u')).to.deep.include({ state: 'rejected' }).and.property('reason').include('S2LOW refused the flow PESALR2_21340172201787_270301_001').and.include('<X>');
    });

    it('a timeout after import, and both uploads were stored: the later one is refused for its NomFic, the other one counts', async () => {
      const first = await submit();
      const statuses: Record<string, number> = { 34: -1, 33: 3 };
      rig.answer({ [STATUS]: ({ query }) => standsAt(statuses[query.get('transaction') ?? ''] ?? '', 'NomFic déjà reçu'), [LIST]: ({ query }) => listPage('num', query.get('num') ?? '', 34, 33) });
      const told = await rig.track(first);
      expect(told).to.deep.include({ state: 'pending', note: 'The flow was stored twice over there; it stands as transaction 33.' });
      const receipt = { ...first, data: told.state === 'pending' ? told.data : null };
      expect(await rig.track(receipt)).to.have.property('note').that.matches(/acquit is awaited/);
      statuses['33'] = -1;
      expect((await rig.track(receipt)).state).to.equal('rejected');
      expect((await rig.track(first)).state).to.equal('rejected');
    });

    it('§5: status 0 is answered by KO: it lasts half an hour, then a person looks', async () => {
      let receipt = await submit();
      rig.answer({ [STATUS]: standsAt('', 'Erreur consultation statut', 'KO') });
      const first = await rig.track(receipt);
      expect(first.state === 'pending' ? first.note : '').to.include('Erreur consultation statut');
      receipt = { ...receipt, data: first.state === 'pending' ? first.data : null };
      rig.pass(31 * 60_000);
      expect(await failureOf(rig.track(receipt))).to.match(/^refused: .*cancelled over there.*status 0/);
    });

    it('a KO of an account that is not let in says nothing of the flow', async () => {
      const receipt = await submit();
      rig.answer({ [STATUS]: standsAt('', 'Échec de l\'authentification', 'KO'), 'test-connexion.php': 'KO\nnon\n' });
      expect(await failureOf(rig.track(receipt))).to.match(/^misconfigured: /);
    });

    it('24: an acknowledgement of a PES_Retour is sent, and no acquit is awaited', async () => {
      const back = latin1('<?xml version="1.0" encoding="ISO-8859-1"?>\n<n:PES_ACQUIT_RETOUR xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller/ack"><Enveloppe><Parametres><Version V="2"/><TypFic V="PESACQ"/><NomFic V="ACK_1"/></Parametres></Enveloppe><EnTetePES><DteStr V="2027-03-01"/><IdPost V="034000"/><IdColl V="12345678912345"/><CodColl V="123"/><CodBud V="00"/></EnTetePES><ACQUIT_RETOUR><ElementACQUIT_RETOUR/></ACQUIT_RETOUR></n:PES_ACQUIT_RETOUR>');
      rig.answer({ [STATUS]: standsAt(24) });
      expect((await rig.track(await submit(rig.pes(back)))).state).to.equal('done');
    });

    it('24: sent, and no acquit is awaited', async () => {
      expect(await standing(24)).to.deep.equal({ state: 'done', results: { fields: { transaction: '34' } } });
    });
  });

  describe('§5.3: the acquit alone says whether the treasury accepts', () => {
    for (const status of [4, 6, 8, 9, 10, 11, 19, 20, 21, 22]) {
      it(`${status} with an acquit that accepts everything is done`, async () => {
        const file = acquit([1, 1]);
        rig.answer({ [ACQUIT]: file });
        const tracking = await standing(status);
        expect([tracking.state, tracking.results?.fields?.['verdict']]).to.deep.equal(['done', 'accepted']);
        expect(rig.content(tracking.results?.documents?.[0]).equals(file)).to.equal(true);
      });

      it(`${status} with a rejection is rejected`, async () => {
        rig.answer({ [ACQUIT]: acquit([0]) });
        expect([(await standing(status)).state]).to.deep.equal(['rejected']);
      });
    }

    it('one slip of three rejected is no acceptance: it says which, and why', async () => {
      rig.answer({ [ACQUIT]: acquit([1, 0, 1]) });
      const tracking = await standing(8);
      expect(tracking.state === 'rejected' ? tracking.reason : '').to.include('ERREUR_CUMUL_MONTANTS').and.include('Montant erroné');
      expect(tracking.results?.fields?.['verdict']).to.equal('partly-rejected');
      expect(tracking.results?.documents?.map(({ role }) => role)).to.deep.equal(['acknowledgement']);
    });

    it('3 hides 4, 6 and 8 while the acquit cannot be read: pending', async () => {
      rig.answer({ [ACQUIT]: { status: 302, headers: { location: '/modules/helios/index.php' } } });
      expect((await standing(3)).state).to.equal('pending');
      expect(rig.calls.some((call) => call.includes(ACQUIT))).to.equal(false);
    });

    it('a page, nothing, another file, or half of one in place of the acquit concludes nothing', async () => {
      const receipt = await submit();
      rig.answer({ [STATUS]: standsAt(8) });
      for (const body of ['<html>erreur</html>', '', { status: 302, headers: { location: '/modules/helios/index.php' } }, latin1('<n:PES_Retour xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour"/>'), acquit([1]).subarray(0, 400)]) {
        rig.answer({ [ACQUIT]: body });
        expect(await rig.track(receipt)).to.deep.include({ state: 'pending', pollAfterMs: 300_000 }).and.to.have.property('note').that.matches(/acquit/);
      }
    });

    for (const [name, body] of Object.entries({ 'a PES_NonAcquit': latin1('<n:PES_NonAcquit xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour"/>'), 'nothing': '' })) {
      it(`${name} in place of the acquit, for good: a person is asked two hours later, and not an answer without end`, async () => {
        let receipt = await submit();
        rig.answer({ [STATUS]: standsAt(6), [ACQUIT]: body });
        const first = await rig.track(receipt);
        receipt = { ...receipt, data: first.state === 'pending' ? first.data : null };
        rig.pass(121 * 60_000);
        expect(await failureOf(rig.track(receipt))).to.match(/^refused: .*That lasts since 2027-03-01T09:00:00.*then retry/);
        rig.answer({ [ACQUIT]: acquit([1]) });
        expect((await rig.track(receipt)).state).to.equal('done');
      });
    }

    it('what was given in place of the acquit is forgotten where the flow is sent again', async () => {
      const receipt = await submit();
      rig.answer({ [STATUS]: standsAt(8), [ACQUIT]: '' });
      const first = await rig.track(receipt);
      rig.answer({ [STATUS]: standsAt(3) });
      const back = await rig.track({ ...receipt, data: first.state === 'pending' ? first.data : null });
      expect(back.state === 'pending' ? back.data : null).to.be.an('object').that.does.not.have.property('unusableSince');
    });

    it('an acquit of another flow, by NomFic or CodCol, concludes nothing, and a person looks', async () => {
      const receipt = await submit();
      rig.answer({ [STATUS]: standsAt(8) });
      for (const other of [acquit([1], 'AUTRE'), acquit([1], undefined, '999')]) {
        rig.answer({ [ACQUIT]: other });
        expect(await failureOf(rig.track(receipt))).to.match(/^refused: .*answers another one/);
      }
    });
  });

  it('a flow is taken back only where nothing is at the treasury', async () => {
    const receipt: Receipt = await submit();
    const cancel = async (status: number) => {
      rig.answer({ [STATUS]: standsAt(status) });
      const told = await s2low.cancel?.(receipt, rig.pes(PES), rig.settings(), rig.context);
      return typeof told === 'object' ? told.tooLate : told;
    };
    expect(await cancel(-1)).to.equal('cancelled');
    expect(await cancel(2)).to.match(/cannot be taken back/);
    expect(await cancel(14)).to.match(/have it removed over there/);
  });
});
