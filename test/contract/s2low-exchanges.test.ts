import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { buffer } from 'node:stream/consumers';
import { s2low } from '../../connectors/s2low/index.js';
import type { Announcement, Arrival, Receipt, Submission } from '../../src/connector-api/connector.js';
import { failureOf } from '../support/failure-of.js';
import { latin1, scriptedS2low, type ScriptedS2low } from '../support/scripted-s2low.js';

const DOCUMENT = 'actes_transac_get_document.php';
const STATUS = 'actes_transac_get_status.php';
const ANSWER = 'actes_transac_reponse_create.php';
const CANCEL = 'actes_transac_cancel.php';
const LETTERS = 'list_document_prefecture.php';
const RETURNS = 'helios_get_list.php';
const EMPTY_RETURNS = latin1('<?xml version="1.0" encoding="ISO-8859-1"?><liste><idColl>7</idColl><resultat></resultat><message></message><dateDemande>2027-03-01 09:12:00</dateDemande></liste>');

async function letterArchive(): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: 'EACT--PREF034-491011698-20270301-1.xml' }, Buffer.from('<actes:EnveloppeMISILLCL xmlns:actes="http://www.interieur.gouv.fr/ACTES#v1.1-20040216"/>'));
  tar.entry({ name: '034-491011698-20270215-2027_012-DE-3-1_0.xml' }, latin1('<?xml version="1.0" encoding="ISO-8859-1"?><actes:DemandePieceComplementaire xmlns:actes="http://www.interieur.gouv.fr/ACTES#v1.1-20040216" actes:IDActe="034-491011698-20270215-2027_012-DE" actes:DateCourrierPref="2027-02-28"><actes:Document><actes:NomFichier>lettre.pdf</actes:NomFichier></actes:Document><actes:DescriptionPieces>Le plan du marché</actes:DescriptionPieces></actes:DemandePieceComplementaire>'));
  tar.entry({ name: 'lettre.pdf' }, Buffer.from('%PDF-1.4 letter'));
  tar.finalize();
  return gzipSync(await buffer(tar));
}

describe('s2low: exchanges with the prefecture and what waits over there', () => {
  let rig: ScriptedS2low;
  beforeEach(() => { rig = scriptedS2low({ [LETTERS]: '[]', [RETURNS]: EMPTY_RETURNS }); });

  const submit = (submission: Submission) => s2low.submit(submission, rig.settings(), rig.context);
  const probe = (submission: Submission) => s2low.probe(submission, rig.settings(), rig.context);

  describe('collecting', () => {
    const list = () => s2low.collect?.list(rig.settings(), rig.context) ?? Promise.resolve([]);
    const fetch = (one: Announcement) => s2low.collect?.fetch(JSON.parse(JSON.stringify(one)) as Announcement, rig.settings(), rig.context);
    const kept = (one: Announcement) => s2low.collect?.kept(one, rig.settings(), rig.context);
    const rows = (...ids: readonly (string | number)[]): string => JSON.stringify(ids.map((id) => ({ id, type: '3', related_transaction_id: 12, number: '2027_012', unique_id: 'x', last_status_id: 7 })));
    const returns = latin1('<?xml version="1.0" encoding="ISO-8859-1"?><liste><idColl>7</idColl><resultat/><message/><dateDemande>x</dateDemande><pes_retour><id>5</id><nom>PES2R_DEP_5.xml</nom><date>2027-02-28 10:00:00</date></pes_retour><pes_retour><id>6</id><nom>b</nom><date>d</date></pes_retour></liste>');

    it('§3.5: numbers as texts or as numbers; §5: an empty result is success, an empty list is none', async () => {
      expect(await list()).to.deep.equal([]);
      rig.answer({ [LETTERS]: rows(40, '41'), [RETURNS]: returns });
      expect((await list()).map(({ key }) => key)).to.deep.equal(['letter-40', 'letter-41', 'pes-retour-5', 'pes-retour-6'].map((name) => `s2low.example/${name}`));
      const actsOnly = await s2low.collect?.list(rig.settings({ modules: ['actes'] }), rig.context);
      expect(actsOnly?.map(({ key }) => key)).to.deep.equal(['s2low.example/letter-40', 's2low.example/letter-41']);
    });

    it('a KO, a page or half a list in place of a list is no empty list', async () => {
      rig.answer({ [LETTERS]: 'KO\nModule désactivé\n' });
      expect(await failureOf(list())).to.match(/^refused: .*Module/);
      rig.answer({ [LETTERS]: '<html/>' });
      expect(await failureOf(list())).to.match(/^outcome-unknown: /);
      rig.answer({ [LETTERS]: '[]', [RETURNS]: latin1('<liste><resultat>KO</resultat><message>Accès refusé</message></liste>') });
      expect(await failureOf(list())).to.match(/^refused: .*Accès refusé/);
      rig.answer({ [RETURNS]: returns.subarray(0, 120) });
      expect(await failureOf(list())).to.match(/^outcome-unknown: /);
    });

    it('megabytes of a hostile answer cost neither memory nor time', async () => {
      rig.answer({ [RETURNS]: latin1(`<liste><resultat/>${'<pes_retour><id>1</id></pes_retour>'.repeat(130_000)}</liste>`) });
      expect(await failureOf(list())).to.match(/^outcome-unknown: .*at most 4194304 were expected/);
      rig.answer({ [LETTERS]: `KO\n${'<a '.repeat(2_000_000)}` });
      expect((await failureOf(list())).length).to.be.lessThan(1_100);
    }).timeout(10_000);

    it('the same number on another platform is another letter: a rehearsal there hides none of here', async () => {
      rig.answer({ [LETTERS]: rows(40), [RETURNS]: returns });
      const elsewhere = await s2low.collect?.list(rig.settings({ url: 'http://demonstration.example' }), rig.context) ?? [];
      const here = new Set((await list()).map(({ key }) => key));
      expect([elsewhere.length, elsewhere.filter(({ key }) => here.has(key))]).to.deep.equal([3, []]);
    });

    it('a PES_Retour without its number stands for no other', async () => {
      for (const id of ['', '<id/>', '<id>x</id>']) {
        rig.answer({ [RETURNS]: latin1(`<liste><resultat/><message/><pes_retour>${id}<nom>a</nom><date>d</date></pes_retour></liste>`) });
        expect(await failureOf(list())).to.match(/^outcome-unknown: /);
      }
    });

    it('§3.5: a letter is fetched through a redirect, unpacked, and is about the act; nothing is marked as read', async () => {
      const archive = await letterArchive();
      rig.answer({ [LETTERS]: rows(40), [DOCUMENT]: { status: 302, headers: { location: '/modules/actes/actes_download_file.php?env=77' } }, 'actes_download_file.php': archive });
      const [one] = await list();
      const arrival = await fetch(one ?? { key: '' }) as Arrival;
      expect(arrival).to.deep.include({ kind: 'prefecture-letter', title: 'The prefecture asks for documents — 2027_012', description: 'Le plan du marché', about: 'actes-12' });
      expect(arrival.fields).to.deep.equal({ letter: '40', letterType: '3', number: '2027_012', act: '12', actId: '034-491011698-20270215-2027_012-DE', letterOn: '2027-02-28' });
      expect(arrival.documents.map(({ filename, role }) => [filename, role])).to.deep.equal([
        ['lettre.pdf', 'letter'], ['EACT--PREF034-491011698-20270301-1.xml', 'report'], ['034-491011698-20270215-2027_012-DE-3-1_0.xml', 'report'],
      ]);
      expect(rig.calls).to.include('GET actes_download_file.php?env=77');
      expect(rig.calls.some((call) => call.includes('mark_as_read'))).to.equal(false);
    });

    it('§2: a redirect to a login, another host or index.php is never followed', async () => {
      rig.answer({ [LETTERS]: rows(40) });
      const [one = { key: '' }] = await list();
      for (const location of ['https://evil.example/x.php?env=1', '/modules/actes/index.php', '//evil.example/a']) {
        rig.answer({ [DOCUMENT]: { status: 302, headers: { location } } });
        expect(await failureOf(Promise.resolve(fetch(one)))).to.match(/^outcome-unknown: .*does not give its file/);
      }
      rig.answer({ [DOCUMENT]: { status: 302, headers: { location: '/login.php?error=1' } } });
      expect(await failureOf(Promise.resolve(fetch(one)))).to.match(/^misconfigured: /);
      expect(new Set(rig.requests.map(({ url }) => new URL(url).host))).to.deep.equal(new Set(['s2low.example']));
    });

    it('an archive that is a page of HTML, or cut, is not taken; one that was read by somebody else is gone', async () => {
      rig.answer({ [LETTERS]: rows(40), [DOCUMENT]: '<html>erreur</html>' });
      const [one = { key: '' }] = await list();
      expect(await failureOf(Promise.resolve(fetch(one)))).to.match(/^outcome-unknown: /);
      rig.answer({ [DOCUMENT]: (await letterArchive()).subarray(0, 200) });
      expect(await failureOf(Promise.resolve(fetch(one)))).to.match(/^outcome-unknown: .*archive/);
      rig.answer({ [LETTERS]: '[]', [DOCUMENT]: 'KO\nTransaction inconnue\n' });
      expect(await fetch(one)).to.equal('gone');
    });

    it('§3.5: a letter is marked as read only when it is kept; the answer is ok even for an unknown one', async () => {
      rig.answer({ [LETTERS]: rows(40), 'document_prefecture_mark_as_read.php': '{"result":"ok"}' });
      const [one = { key: '' }] = await list();
      await kept(one);
      await kept(one);
      expect(rig.calls.slice(-2)).to.deep.equal(Array(2).fill('GET document_prefecture_mark_as_read.php?transaction_id=40'));
      rig.answer({ 'document_prefecture_mark_as_read.php': 'KO\nnon\n' });
      expect(await failureOf(Promise.resolve(kept(one)))).to.match(/^outcome-unknown: /);
    });

    it('§5: a PES_Retour byte for byte; KO or another root is not taken; marked by either root', async () => {
      const file = latin1('<?xml version="1.0" encoding="ISO-8859-1"?>\n<!-- é -->\n<n:PES_Retour xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour"><Enveloppe><Parametres><NomFic V="PES2R_DEP_5"/></Parametres></Enveloppe></n:PES_Retour>');
      rig.answer({ [RETURNS]: returns, 'helios_get_retour.php': file });
      const [one = { key: '' }, two = { key: '' }] = await list();
      const arrival = await fetch(one) as Arrival;
      expect(arrival).to.deep.include({ kind: 'pes-retour', title: 'PES_Retour PES2R_DEP_5' });
      expect(arrival.fields).to.deep.include({ transaction: '5', nomFic: 'PES2R_DEP_5', receivedOn: '2027-02-28 10:00:00', pieceCount: 0 });
      expect(arrival.description).to.be.a('string').that.is.not.equal('');
      expect(rig.content(arrival.documents[0]).equals(file)).to.equal(true);
      expect((await fetch(two) as Arrival).documents[0]?.filename).to.equal('b.xml');
      rig.answer({ 'helios_get_retour.php': latin1('<get_retour><id>5</id><resultat>KO</resultat><message>non</message></get_retour>') });
      expect(await failureOf(Promise.resolve(fetch(one)))).to.match(/^outcome-unknown: /);
      for (const root of ['transaction', 'change']) {
        rig.answer({ 'helios_change_status.php': `<${root}><idRetour>5</idRetour><resultat>OK</resultat><message/></${root}>` });
        await kept(one);
      }
      rig.answer({ 'helios_change_status.php': '<transaction><resultat>KO</resultat><message>non</message></transaction>' });
      expect(await failureOf(Promise.resolve(kept(one)))).to.match(/^refused: /);
    });
  });

  describe('answering the prefecture', () => {
    const answer = (fields: Submission['fields'] = {}, names: readonly string[] = ['réponse.pdf']) => rig.submission('answer-letter', { letter: '40', act: 'actes-12', typology: '99_DE', ...fields }, names.map((name) => rig.annex(name)));
    beforeEach(() => rig.answer({ [DOCUMENT]: '3-8-40\n', [ANSWER]: 'OK\n50\n' }));

    it('§3.6: the id is that of the document of the prefecture, not of the act; api=1 as POST field', async () => {
      const receipt = await submit(answer({ action: 'send' }));
      expect(['api', 'id', 'type_envoie', 'type_acte'].map((name) => rig.field(ANSWER, name))).to.deep.equal(['1', '40', '4', '99_DE']);
      expect(receipt).to.deep.include({ reference: 'actes-50', state: 'sent' });
      await submit(answer({ action: 'refuse' }));
      expect(rig.field(ANSWER, 'type_envoie')).to.equal('3');
    });

    it('§3.5: once answered, the list shows the answer in place of the letter: it is taken for it', async () => {
      expect(await probe(answer())).to.equal('absent');
      rig.answer({ [DOCUMENT]: '2-21-39\n3-1-50\n6--1-45\n' });
      expect((await submit(answer())).reference).to.equal('actes-50');
      expect(await probe(answer())).to.be.an('object');
      expect(rig.calls.some((call) => call.startsWith('POST'))).to.equal(false);
    });

    it('§3.5: a negative status makes two dashes in a row', async () => {
      rig.answer({ [DOCUMENT]: '3--1-50\n' });
      expect((await submit(answer())).reference).to.equal('actes-50');
    });

    it('several answers, or none: nothing is concluded', async () => {
      rig.answer({ [DOCUMENT]: '3-1-50\n4-1-51\n' });
      expect(await failureOf(submit(answer()))).to.match(/^refused: .*several answers/);
      rig.answer({ [DOCUMENT]: '' });
      expect(await failureOf(probe(answer()))).to.match(/^refused: .*no document 40/);
    });

    it('of several answers, an operator says which it is; what is no answer to it is refused', async () => {
      const confirm = (foundAs: string) => probe({ ...answer(), foundAs });
      rig.answer({ [DOCUMENT]: '3-1-50\n4-1-51\n6-1-52\n3-21-53\n' });
      const found = await confirm('actes-51');
      expect(typeof found === 'object' ? found.found : found).to.deep.include({ reference: 'actes-51', state: 'sent' });
      for (const other of ['52', '53', '39', 'x']) expect(await failureOf(confirm(other)), other).to.match(/^refused: /);
      rig.answer({ [DOCUMENT]: '3-8-40\n4-1-51\n' });
      expect(await failureOf(confirm('51'))).to.match(/^refused: .*listed as not answered/);
    });

    it('§3.5: a referral to the court takes no answer; only a request for documents takes several', async () => {
      rig.answer({ [DOCUMENT]: '5-21-40\n' });
      expect(await failureOf(submit(answer()))).to.match(/^refused: .*referral/);
      rig.answer({ [DOCUMENT]: '4-8-40\n' });
      expect(await failureOf(submit(answer({ mainDocument: 'réponse.pdf', annexes: ['b.pdf'], annexTypologies: ['99_DE'] }, ['réponse.pdf', 'b.pdf'])))).to.match(/^refused: .*type 3/);
      rig.answer({ [DOCUMENT]: '4-9-40\n' });
      expect(await failureOf(submit(answer()))).to.match(/^refused: .*stands at 9/);
    });

    it('a typology is mandatory, for each document; the documents must be such as the platform takes', async () => {
      expect(await failureOf(submit(answer({ typology: '99' })))).to.match(/^refused: Field «typology»/);
      expect(await failureOf(submit(answer({ mainDocument: 'a.pdf', annexes: ['b.pdf'] }, ['a.pdf', 'b.pdf'])))).to.match(/^refused: Field «annexTypologies»/);
      expect(await failureOf(submit(answer({}, [])))).to.match(/^refused: Field «mainDocument»/);
      expect(await failureOf(submit(answer({ letter: 'abc' })))).to.match(/^refused: Field «letter»/);
    });

    it('§3.5: an answer to a simple letter is never acknowledged: it ends when it is sent; others wait for it', async () => {
      const ending = async (type: string, status: number) => {
        rig.answer({ [DOCUMENT]: `${type}-8-40\n`, [STATUS]: `OK\n${status}\n` });
        return (await rig.track(await submit(answer()))).state;
      };
      expect([await ending('2', 3), await ending('3', 3), await ending('4', 2), await ending('3', 4)]).to.deep.equal(['done', 'pending', 'pending', 'done']);
      rig.answer({ [DOCUMENT]: '3-8-40\n', [STATUS]: Buffer.concat([Buffer.from('OK\n4\n'), latin1('<actes:ARPieceComplementaire xmlns:actes="http://www.interieur.gouv.fr/ACTES#v1.1-20040216" actes:DateReception="2027-03-02"/>')]) });
      const tracking = await rig.track(await submit(answer()));
      expect(tracking.results?.fields).to.deep.equal({ transaction: '50', acknowledgedOn: '2027-03-02' });
      rig.answer({ [STATUS]: latin1('OK\n-1\nFormat refusé\n') });
      expect(await rig.track({ ...await submit(answer()) })).to.deep.include({ state: 'rejected', reason: 'The answer was refused: Format refusé.' });
    });
  });

  describe('cancelling an act', () => {
    const cancel = (act = '12') => rig.submission('cancel-act', { act });
    beforeEach(() => rig.answer({ [DOCUMENT]: '', [STATUS]: 'OK\n4\n', [CANCEL]: 'OK\n60\n' }));

    it('§3.9: in status 4, and nowhere else', async () => {
      expect((await submit(cancel())).reference).to.equal('actes-60');
      for (const status of [1, 2, 3, 5, 17, -1, 13]) {
        rig.answer({ [STATUS]: `OK\n${status}\n` });
        expect(await failureOf(submit(cancel())), String(status)).to.match(/^refused: .*Only an act that the prefecture has acknowledged/);
      }
      expect(rig.calls.filter((call) => call.startsWith('POST'))).to.have.lengthOf(1);
    });

    it('§3.9: one that is under way or granted is taken for it; one in error stands in nobody\'s way', async () => {
      for (const status of [1, 2, 3, 4]) {
        rig.answer({ [DOCUMENT]: `6-${status}-59\n` });
        expect((await submit(cancel())).reference).to.equal('actes-59');
        expect(await probe(cancel())).to.be.an('object');
      }
      rig.answer({ [DOCUMENT]: '6--1-59\n' });
      expect(await probe(cancel())).to.equal('absent');
      expect((await submit(cancel())).reference).to.equal('actes-60');
    });

    it('an operator found it there: one of this act', async () => {
      rig.answer({ [DOCUMENT]: '6--1-59\n3-1-50\n' });
      expect(await probe({ ...cancel(), foundAs: '59' })).to.be.an('object');
      expect(await failureOf(probe({ ...cancel(), foundAs: '50' }))).to.match(/^refused: .*no transaction 50/);
    });

    it('§4: it is granted when the prefecture acknowledges it', async () => {
      const receipt: Receipt = await submit(cancel());
      rig.answer({ [STATUS]: 'OK\n3\n' });
      expect((await rig.track(receipt)).state).to.equal('pending');
      rig.answer({ [STATUS]: Buffer.concat([Buffer.from('OK\n4\n'), latin1('<actes:ARAnnulation xmlns:actes="http://www.interieur.gouv.fr/ACTES#v1.1-20040216" actes:IDActe="034-491011698-20270215-2027_012-DE" actes:DateReception="2027-03-02"/>')]) });
      expect(await rig.track(receipt)).to.deep.include({ state: 'done' }).and.nested.property('results.fields.acknowledgedOn', '2027-03-02');
    });
  });

  describe('§1, §3.7: links for agents', () => {
    const link = (receipt: Receipt, change: Readonly<Record<string, unknown>> = {}) => s2low.personalLink?.(receipt, {} as Submission, rig.settings(change), rig.context);
    beforeEach(() => rig.answer({ 'actes_transac_create.php': 'OK\n12\n', 'get-nounce.php': '{"nounce":"n0nce"}', [STATUS]: 'OK\n17\n' }));

    it('an act in 17 is confirmed with a nonce (spelled nounce) that holds five minutes', async () => {
      const made = await link(await submit(rig.act()), { returnUrl: 'https://relais.example/?e=%%ERROR%%&m=%%MESSAGE%%' });
      const url = new URL(made?.url ?? '');
      expect(url.pathname).to.equal('/modules/actes/actes_transac_post_confirm_api.php');
      expect(Object.fromEntries(url.searchParams)).to.deep.equal({
        id: '12', url_return: 'https://relais.example/?e=%%ERROR%%&m=%%MESSAGE%%', nounce: 'n0nce', login: 'relais', hash: createHash('sha256').update('motdépasse:n0nce').digest('hex'),
      });
      expect(made?.validUntil).to.equal(rig.context.clock.now() + 300_000);
    });

    it('nonce expired: the next question makes another one', async () => {
      const receipt = await submit(rig.act());
      const first = await link(receipt);
      rig.answer({ 'get-nounce.php': '{"nounce":"second"}' });
      rig.pass(301_000);
      expect((await link(receipt))?.url).to.include('nounce=second').and.not.equal(first?.url);
    });

    it('18, 13 and 14 wait for a person, too: the page of the transaction; anything else waits for nobody', async () => {
      const receipt = await submit(rig.act());
      rig.answer({ [STATUS]: 'OK\n18\n' });
      expect((await link(receipt))?.url).to.include('/modules/actes/actes_transac_show.php?id=12&nounce=');
      rig.answer({ [STATUS]: 'OK\n3\n' });
      expect(await link(receipt)).to.equal(null);
      const flow: Receipt = { reference: 'helios-34', state: 'sent', data: { kind: 'pes', transaction: '34', sentAt: 0, nomFic: 'X', codCol: '123' } };
      for (const status of [13, 14]) {
        rig.answer({ 'helios_transac_get_status.php': `<transaction><id>34</id><resultat>OK</resultat><message/><status>${status}</status></transaction>` });
        expect((await link(flow))?.url).to.include('/modules/helios/helios_transac_show.php?id=34&nounce=');
      }
    });

    it('without login there is no nonce; 401 is a login that is not let in', async () => {
      const receipt = await submit(rig.act());
      expect(await failureOf(Promise.resolve(link(receipt, { login: undefined, password: undefined })))).to.match(/^misconfigured: .*login and password/);
      rig.answer({ 'get-nounce.php': { status: 401, headers: { 'www-authenticate': 'Basic' } } });
      expect(await failureOf(Promise.resolve(link(receipt)))).to.match(/^misconfigured: /);
    });
  });
});
