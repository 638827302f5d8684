import { expect } from 'chai';
import type { IParapheurSettings } from '../../connectors/i-parapheur/config.js';
import { iParapheur } from '../../connectors/i-parapheur/index.js';
import type { Receipt, Submission, Tracking } from '../../src/connector-api/connector.js';
import { isFailure } from '../../src/connector-api/failures.js';
import type { Annex } from '../../src/domain/item.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { signDetached } from '../../src/signature-desk/sign-detached.js';
import { signPdf } from '../../src/signature-desk/sign-pdf.js';
import { signXml } from '../../src/signature-desk/sign-xml.js';
import { makeTestSigner, type TestSigner } from '../../src/signature-desk/test-certificate.js';
import { sampleItem } from '../support/sample-item.js';
import { annexElement, fault, fileElement, found, history, message, OK, scriptedParapheur, type Reply, type ScriptedParapheur } from '../support/scripted-parapheur.js';

const AT = Date.UTC(2027, 2, 1, 9, 5);
const DAY_MS = 86_400_000;
const DECISION = makePdf(['Décision']);
const SLIP = makePdf(['Bordereau']);
const PLAN = makePdf(['Plan']);
const MAP = makePdf(['Carte']);
const ADDED = makePdf(['Note ajoutée']);
const PES = Buffer.from('<?xml version="1.0" encoding="UTF-8"?>\n<PES_Aller><PES_DepenseAller><Bordereau Id="b1"><Montant V="12"/></Bordereau></PES_DepenseAller></PES_Aller>');
const FINISHED = history(['NonLu'], ['Lu'], ['Signe', 'Jeanne Dupont', 'Vu et signé'], ['Archive', 'Service Web']) + OK;

interface Given {
  readonly settings?: Partial<Record<keyof IParapheurSettings, unknown>>;
  readonly fields?: Submission['fields'];
  readonly files?: (book: ScriptedParapheur) => readonly Annex[];
}

/** A folder that was sent, and what the service answers about it from now on. */
async function sent(replies: Readonly<Record<string, Reply>> = {}, { settings = {}, fields = {}, files = (book) => [book.annex('décision.pdf', DECISION)] }: Given = {}) {
  const book = scriptedParapheur({ CreerDossier: OK }, settings);
  const submission: Submission = { key: 'delivery-1', operation: 'sign', item: sampleItem({ annexes: files(book) }), fields, results: {} };
  let receipt = await iParapheur.submit(submission, book.settings, book.context);
  book.answer(replies);
  book.asked.length = 0;

  /** As the engine asks: with what it keeps, as JSON; without mapped fields. */
  async function track(): Promise<Tracking> {
    const tracking = await iParapheur.track!(JSON.parse(JSON.stringify(receipt)) as Receipt, { ...submission, fields: {} }, book.settings, book.context);
    if (tracking.state === 'pending' && tracking.data !== undefined) receipt = { ...receipt, data: tracking.data };
    return tracking;
  }

  return {
    book, track, id: receipt.reference,
    refused: async () => {
      const error = await track().then(({ state }) => state, (thrown: unknown) => thrown);
      return isFailure(error) ? `${error.kind}: ${error.message}` : error;
    },
    survey: async () => (await iParapheur.survey!.ask([{ receipt, submission }], book.settings, book.context)).has('delivery-1'),
    cancel: () => iParapheur.cancel!(receipt, submission, book.settings, book.context),
    dossier: (inside: string) => book.answer({ GetDossier: `<TypeTechnique>Courrier</TypeTechnique><SousType>Sortant</SousType><DossierID>${receipt.reference}</DossierID>${inside}${OK}` }),
  };
}

function annexes(...elements: readonly string[]): string {
  return `<DocumentsAnnexes>${elements.join('')}${annexElement('"bordereau.pdf"', SLIP)}</DocumentsAnnexes>`;
}

function roles({ results }: Tracking): readonly (readonly [string | undefined, string])[] {
  return (results?.documents ?? []).map(({ role, filename }) => [role, filename]);
}

describe('following a folder of i-Parapheur', () => {
  let signer: TestSigner;
  let signed: Buffer;
  before(async () => {
    signer = await makeTestSigner({ name: 'Jeanne Dupont', organisation: 'Ville', notBefore: AT - DAY_MS, notAfter: AT + 1000 * DAY_MS });
    signed = await signPdf(DECISION, signer, { at: AT });
  });

  describe('§2.1, §2.2: the status of the last row decides, and nothing else', () => {
    for (const status of ['NonLu', 'Lu', 'EnCoursVisa', 'Vise', 'Signe', 'SignatairePapier', 'PretCachet', 'CachetOK', 'EnCoursMailSecPastell', 'EnCoursTransmission']) {
      it(`${status} is no end`, async () => {
        const { track, book } = await sent({ GetHistoDossier: history(['Lu'], [status, 'Luc Martin']) + OK });
        expect(await track()).to.have.property('state', 'pending');
        expect(book.asked, 'nothing is fetched before the end').to.deep.equal(['GetHistoDossier']);
        expect(book.logger.lines).to.deep.equal([]);
      });
    }

    for (const status of ['RejetVisa', 'RejetSignataire', 'RejetCachet', 'RejetMailSecPastell', 'RejetSignataireExterne', 'RejetDeDemain']) {
      it(`${status} is a refusal, with who, when and why`, async () => {
        const { track, dossier } = await sent({ GetHistoDossier: history(['NonLu'], [status, 'Jeanne Dupont', 'Montant trop élevé']) + OK });
        dossier(fileElement('DocPrincipal', DECISION) + annexes());
        const tracking = await track();
        expect(tracking).to.have.property('state', 'rejected');
        expect(tracking).to.have.property('reason').that.matches(/by Jeanne Dupont on 2027-03-01 09:01 UTC: «Montant trop élevé»\.$/);
        expect(roles(tracking)).to.deep.equal([['circulation-slip', 'bordereau.pdf']]);
      });
    }

    it('a status that was never seen before goes on waiting, with a warning', async () => {
      const { track, book } = await sent({ GetHistoDossier: history(['NonLu'], ['EnCoursDeReflexion']) + OK });
      expect(await track()).to.have.property('note').that.includes('«EnCoursDeReflexion»');
      expect(book.logger.lines[0]).to.deep.include({ level: 'warn', fields: { folder: book.request('GetHistoDossier').match(/Request[^>]*>([^<]+)</)?.[1], status: 'EnCoursDeReflexion' } });
    });

    it('an annotation that holds the words of an end is none', async () => {
      const { track } = await sent({ GetHistoDossier: history(['NonLu'], ['Archive'], ['NonLu', 'Service Web', '[Archive] [RejetVisa]']) + OK });
      expect(await track()).to.have.property('state', 'pending');
    });

    it('an earlier visa, signature or refusal is no end: the folder may have been put into its circuit again', async () => {
      const { track } = await sent({ GetHistoDossier: history(['RejetSignataire'], ['Signe'], ['NonLu']) + OK });
      expect(await track()).to.have.property('state', 'pending');
    });

    it('a clock that is off over there decides nothing', async () => {
      const { track } = await sent({ GetHistoDossier: history(['Lu']).replaceAll('2027', '1999') + OK });
      expect(await track()).to.have.property('note').that.includes('1999-03-01');
    });
  });

  describe('§1.6: what comes back', () => {
    it('a signed PDF, the slip (the last annexe), names without quotes; who did what', async () => {
      const { track, dossier, book } = await sent({ GetHistoDossier: FINISHED });
      dossier(`<AnnotationPublique>Merci</AnnotationPublique>${fileElement('DocPrincipal', signed)}<NomDocPrincipal>"décision.pdf"</NomDocPrincipal>${annexes()}`
        + '<MetaDonnees><MetaDonnee><nom>ph:numero</nom><valeur>2027-12</valeur></MetaDonnee><MetaDonnee><nom>ph:dossierTitre</nom><valeur>x</valeur></MetaDonnee></MetaDonnees>');
      const tracking = await track();

      expect(tracking.state).to.equal('done');
      expect(roles(tracking)).to.deep.equal([['signed-document', 'décision.pdf'], ['circulation-slip', 'bordereau.pdf']]);
      expect(book.blob(tracking.results?.documents?.[0]?.sha256 ?? '')?.equals(signed)).to.equal(true);
      expect(tracking.results?.fields).to.deep.include({
        signature: 'verified', signedAt: new Date(AT).toISOString(), status: 'Archive', actors: ['2027-03-01 09:02 UTC Jeanne Dupont: Signe'],
        annotations: ['2027-03-01 09:02 UTC Jeanne Dupont: Vu et signé'], publicAnnotation: 'Merci', 'metadata.numero': '2027-12',
      });
      expect(String(tracking.results?.fields?.['signedBy'])).to.include('Jeanne Dupont');
    });

    it('annexes that come back swapped, and one that somebody added', async () => {
      const { track, dossier } = await sent({ GetHistoDossier: FINISHED }, { files: (book) => [book.annex('décision.pdf', DECISION), book.annex('plan.pdf', PLAN), book.annex('carte.pdf', MAP)] });
      dossier(fileElement('DocPrincipal', signed) + annexes(annexElement('carte.pdf', MAP), annexElement('avis 12/2027.pdf', ADDED), annexElement('plan.pdf', PLAN)));
      expect(roles(await track())).to.deep.equal([['signed-document', 'décision.pdf'], ['circulation-slip', 'bordereau.pdf'], ['added-annex', 'avis 12-2027.pdf']]);
    });

    it('a detached signature is verified against what was sent; the document itself is on the item already', async () => {
      const { track, dossier } = await sent({ GetHistoDossier: FINISHED });
      dossier(fileElement('DocPrincipal', DECISION) + fileElement('SignatureDocPrincipal', await signDetached(DECISION, signer, AT), 'application/pkcs7-signature') + annexes());
      const tracking = await track();
      expect(roles(tracking)).to.deep.equal([['detached-signature', 'décision.pdf.p7s'], ['circulation-slip', 'bordereau.pdf']]);
      expect(tracking.results?.fields).to.have.property('signature', 'verified');
    });

    it('a detached signature of another document is not one of ours', async () => {
      const { refused, dossier } = await sent({ GetHistoDossier: FINISHED });
      dossier(fileElement('DocPrincipal', PLAN) + fileElement('SignatureDocPrincipal', await signDetached(PLAN, signer, AT), 'application/pkcs7-signature') + annexes());
      expect(await refused()).to.match(/^refused: It came back as signed, but its signature does not hold/);
    });

    it('a signed PES, by slip', async () => {
      const { track, dossier } = await sent({ GetHistoDossier: FINISHED }, { settings: { visual: 'optional' }, files: (book) => [book.annex('pes.xml', PES, 'text/xml')] });
      dossier(fileElement('FichierPES', await signXml(PES, signer, { place: '//Bordereau', at: AT }), 'text/xml') + annexes());
      const tracking = await track();
      expect(roles(tracking)).to.deep.equal([['signed-document', 'pes.xml'], ['circulation-slip', 'bordereau.pdf']]);
      expect(tracking.results?.fields).to.have.property('signature', 'verified');
    });

    it('main and supplementary documents that come back swapped, and one of them as an annexe, which nobody signed', async () => {
      const given = { fields: { supplementaryDocuments: ['plan.pdf'] }, files: (book: ScriptedParapheur) => [book.annex('décision.pdf', DECISION), book.annex('plan.pdf', PLAN)] };
      const swapped = await sent({ GetHistoDossier: FINISHED }, given);
      swapped.dossier(`${fileElement('DocPrincipal', await signPdf(PLAN, signer, { at: AT }))}<NomDocPrincipal>plan.pdf</NomDocPrincipal>`
        + `<DocumentsSupplementaires>${annexElement('décision.pdf', signed)}</DocumentsSupplementaires>${annexes()}`);
      const tracking = await swapped.track();
      expect(roles(tracking)).to.deep.equal([['signed-document', 'plan.pdf'], ['signed-document', 'décision.pdf'], ['circulation-slip', 'bordereau.pdf']]);
      expect(String(tracking.results?.fields?.['signatureRemarks'])).to.not.include('differs');

      const unsigned = await sent({ GetHistoDossier: FINISHED }, given);
      unsigned.dossier(`${fileElement('DocPrincipal', signed)}<NomDocPrincipal>décision.pdf</NomDocPrincipal>${annexes(annexElement('plan.pdf', PLAN))}`);
      expect(await unsigned.refused()).to.match(/^refused: .*plan\.pdf: the document has no signature/);
    });

    it('a folder that is not the one that was asked for is none', async () => {
      const { refused, book } = await sent({ GetHistoDossier: FINISHED });
      book.answer({ GetDossier: `<DossierID>autre</DossierID>${fileElement('DocPrincipal', signed)}${annexes()}${OK}` });
      expect(await refused()).to.match(/^outcome-unknown: .*gave «autre»/);
    });
  });

  describe('signed is what is signed', () => {
    async function ended(content: Buffer, given: Given = {}, rows = FINISHED) {
      const made = await sent({ GetHistoDossier: rows, ArchiverDossier: OK }, given);
      made.dossier(fileElement('DocPrincipal', content) + annexes());
      return made;
    }

    it('a finished folder with the PDF that was sent is parked, says what was found and what to do, and is not put away', async () => {
      const { refused, book } = await ended(DECISION, { settings: { afterwards: 'delete' } });
      expect(await refused()).to.match(/^refused: .*décision\.pdf: the document has no signature.*verification: report/);
      expect(book.asked).to.deep.equal(['GetHistoDossier', 'GetDossier']);
    });

    it('a signature that was changed afterwards does not hold', async () => {
      expect(await (await ended(Buffer.concat([signed, Buffer.from('\n% more')]))).refused()).to.match(/^refused: .*added after the last signature/);
    });

    it('report: it comes back, and the item says what was found', async () => {
      const tracking = await (await ended(DECISION, { settings: { verification: 'report' } })).track();
      expect(tracking.results?.fields).to.deep.include({ signature: 'not-verified', signatureProblems: ['décision.pdf: the document has no signature'] });
    });

    it('off: it is believed, and the item says that, too', async () => {
      const tracking = await (await ended(DECISION, { settings: { verification: 'off' } })).track();
      expect(tracking.results?.fields).to.have.property('signature', 'unchecked');
    });

    it('a signed file that differs from the one that was sent is told', async () => {
      const tracking = await (await ended(await signPdf(PLAN, signer, { at: AT }))).track();
      expect(String(tracking.results?.fields?.['signatureRemarks'])).to.include('differs from the one that was sent');
    });

    it('a signer below no authority that is trusted is none; below one, it is', async () => {
      const stranger = await makeTestSigner({ name: 'Inconnu' });
      expect(await (await ended(signed, { settings: { trustedSigners: [stranger.caPem] } })).refused()).to.match(/^refused: /);
      expect((await (await ended(signed, { settings: { trustedSigners: [signer.caPem] } })).track()).state).to.equal('done');
    });

    it('where a visa is expected, no signature is looked for, and the file that was sent is not brought back', async () => {
      const tracking = await (await ended(DECISION, { fields: { expects: 'visa' } }, history(['EnCoursVisa'], ['Vise'], ['Archive']) + OK)).track();
      expect(tracking.results?.fields).to.have.property('signature', 'visa');
      expect(roles(tracking)).to.deep.equal([['circulation-slip', 'bordereau.pdf']]);
    });

    it('signed on paper: parked, or accepted as configured', async () => {
      const rows = history(['NonLu'], ['SignatairePapier'], ['Archive']) + OK;
      expect(await (await ended(DECISION, {}, rows)).refused()).to.match(/^refused: It was signed on paper/);
      const accepted = await (await ended(DECISION, { settings: { paper: 'accept' } }, rows)).track();
      expect(accepted.results?.fields).to.have.property('signature', 'paper');
    });
  });

  describe('§2.3, §2.6: put away, once all is kept', () => {
    async function kept(afterwards: string, replies: Readonly<Record<string, Reply>>, rows = FINISHED) {
      const made = await sent({ GetHistoDossier: rows, ...replies }, { settings: { afterwards } });
      made.dossier(fileElement('DocPrincipal', signed) + annexes());
      const first = await made.track();
      expect(first.state).to.equal('pending');
      expect(roles(first)).to.deep.include(['circulation-slip', 'bordereau.pdf']);
      expect(made.book.asked, 'nothing is put away with the first answer').to.deep.equal(['GetHistoDossier', 'GetDossier']);
      return made;
    }

    for (const [afterwards, action] of [['delete', 'EFFACER'], ['archive', 'ARCHIVER']] as const) {
      it(`${afterwards}: ${action}, by the question after`, async () => {
        const { track, book } = await kept(afterwards, { ArchiverDossier: message('OK', 'Dossier supprimé du Parapheur.') });
        expect(await track()).to.deep.equal({ state: 'done' });
        expect(book.request('ArchiverDossier')).to.include(`>${action}<`);
      });
    }

    it('keep: nothing is put away', async () => {
      const { track, dossier, book } = await sent({ GetHistoDossier: FINISHED });
      dossier(fileElement('DocPrincipal', signed) + annexes());
      expect((await track()).state).to.equal('done');
      expect(book.asked).to.not.include('ArchiverDossier');
    });

    it('a folder that is gone was put away: somebody was faster, or the answer was lost', async () => {
      const { track } = await kept('delete', { ArchiverDossier: message('KO', 'Dossier 12 introuvable.') });
      expect(await track()).to.deep.equal({ state: 'done' });
    });

    it('another KO is tried again, and left with a warning after five times', async () => {
      const { track, book } = await kept('delete', { ArchiverDossier: message('KO', 'verrouillé') });
      for (let times = 1; times < 5; times += 1) expect(await track()).to.have.property('note').that.includes('[ERROR] verrouillé');
      expect(await track()).to.deep.equal({ state: 'done' });
      expect(book.logger.lines.filter(({ level }) => level === 'warn')).to.have.length(5);
    });

    it('so is an answer that is lost or makes no sense', async () => {
      for (const reply of [fault('S:Server', 'panne'), { status: 503 }, '']) {
        const { track, book } = await kept('delete', { ArchiverDossier: reply });
        expect((await track()).state).to.equal('pending');
        book.answer({ ArchiverDossier: OK });
        expect(await track()).to.deep.equal({ state: 'done' });
      }
    });

    it('a refused folder is erased after its slip was kept; that it cannot be is only logged', async () => {
      const rows = history(['RejetVisa', 'Luc Martin', 'Non']) + OK;
      for (const answer of [OK, message('KO', 'impossible'), fault('S:Server', 'panne')]) {
        const { track, book } = await kept('delete', { EffacerDossierRejete: answer }, rows);
        expect(await track()).to.deep.equal({ state: 'rejected', reason: 'The visa was refused by Luc Martin on 2027-03-01 09:00 UTC: «Non».' });
        expect(book.asked).to.include('EffacerDossierRejete');
      }
    });

    it('KO on GetDossier after Archive passes, or needs a person after five times; nothing is put away', async () => {
      const { track, refused, book } = await sent({ GetHistoDossier: FINISHED, GetDossier: message('KO', 'indisponible') }, { settings: { afterwards: 'delete' } });
      for (let times = 1; times < 5; times += 1) expect(await track()).to.have.property('note').that.includes('[ERROR] indisponible');
      expect(await refused()).to.match(/^refused: .*refuses to give the folder, 5 times now/);
      expect(book.asked).to.not.include('ArchiverDossier');
    });
  });

  describe('§2.3, §2.6: a folder that is not found', () => {
    it('is looked for in two ways and for a day before it is given up', async () => {
      const { track, refused, book } = await sent({ GetHistoDossier: OK, RechercherDossiers: '' });
      expect(await track()).to.have.property('note').that.includes('first missed on 2027-03-01');
      expect(book.asked).to.deep.equal(['GetHistoDossier', 'RechercherDossiers']);
      book.pass(DAY_MS - 1);
      expect((await track()).state).to.equal('pending');
      book.pass(1);
      expect(await refused()).to.match(/^refused: i-Parapheur has not known folder .* since 2027-03-01: it was deleted over there/);
    });

    it('and is found again, was never lost', async () => {
      const { track, book } = await sent({ GetHistoDossier: message('KO', 'introuvable'), RechercherDossiers: '' });
      await track();
      book.pass(DAY_MS);
      book.answer({ GetHistoDossier: history(['Lu']) + OK });
      await track();
      book.answer({ GetHistoDossier: OK });
      expect((await track()).state).to.equal('pending');
    });

    it('but that the search finds, is there', async () => {
      const { track, book, id } = await sent({ GetHistoDossier: message('KO', 'trop de dossiers') });
      book.answer({ RechercherDossiers: found([id, 'NonLu']) });
      for (let days = 0; days < 3; days += 1) {
        expect(await track()).to.have.property('note').that.includes('does not give its history');
        book.pass(DAY_MS);
      }
    });
  });

  describe('§4: one search for many', () => {
    it('a folder whose status was seen has no news; a new status, an end, and one that is missing are news', async () => {
      const { track, survey, book, id } = await sent({ GetHistoDossier: history(['EnCoursVisa', 'Luc Martin'], ['NonLu', 'Service Web', 'Bonjour']) + OK });
      await track();
      const expected = { NonLu: false, EnCoursVisa: false, Vise: true, Archive: true, RejetVisa: true, Nouveau: true };
      for (const [status, news] of Object.entries(expected)) {
        book.answer({ RechercherDossiers: found(['autre', 'Archive'], [id, status]) });
        expect(await survey(), status).to.equal(news);
      }
      book.answer({ RechercherDossiers: found(['autre', 'NonLu']) });
      expect(await survey()).to.equal(true);
    });

    it('a folder that is to be put away is asked about, without any search', async () => {
      const { track, survey, dossier, book } = await sent({ GetHistoDossier: FINISHED }, { settings: { afterwards: 'delete' } });
      dossier(fileElement('DocPrincipal', signed) + annexes());
      await track();
      expect(await survey()).to.equal(true);
      expect(book.asked).to.not.include('RechercherDossiers');
    });
  });

  describe('§1.4: taking back', () => {
    it('recalls it, then removes it from the desk of the emitter', async () => {
      const { cancel, book } = await sent({ ExercerDroitRemordDossier: message('OK', 'Dossier récupéré.'), ArchiverDossier: OK });
      expect(await cancel()).to.equal('cancelled');
      expect(book.asked).to.deep.equal(['ExercerDroitRemordDossier', 'ArchiverDossier']);
    });

    it('is too late once somebody has acted', async () => {
      const { cancel, book } = await sent({ ExercerDroitRemordDossier: message('KO', 'Ce dossier ne peut pas être récupéré') });
      expect(await cancel()).to.equal('too-late');
      expect(book.asked).to.deep.equal(['ExercerDroitRemordDossier']);
    });

    it('that it stays on the desk of the emitter does not give it back to the circuit', async () => {
      for (const reply of [message('KO', 'non'), fault('S:Server', 'x')]) {
        const { cancel, book } = await sent({ ExercerDroitRemordDossier: OK, ArchiverDossier: reply });
        expect(await cancel()).to.equal('cancelled');
        expect(book.logger.lines.map(({ level }) => level)).to.deep.equal(['warn']);
      }
    });
  });

  describe('check and choices', () => {
    async function checked(replies: Readonly<Record<string, Reply>>, settings = {}) {
      const book = scriptedParapheur({ echo: (request) => `[relais] m'a dit: "${/Request[^>]*>([^<]*)</.exec(request)?.[1] ?? ''}"!`, ...replies }, settings);
      return iParapheur.check(book.settings, book.context).then(() => 'well', (error: unknown) => (isFailure(error) ? `${error.kind}: ${error.message}` : error));
    }

    it('§1.4: the echo contains what was sent, and the type and sub-type of the settings are offered', async () => {
      expect(await checked({})).to.equal('well');
      expect(await checked({ echo: 'Bienvenue' })).to.match(/^misconfigured: .*something else answers/);
      expect(await checked({}, { subtype: 'Entrant' })).to.equal('misconfigured: Setting «subtype»: found «Entrant», expected one of «Sortant».');
      expect(await checked({ echo: { status: 401 } })).to.match(/^misconfigured: /);
      expect(await checked({ echo: fault('S:Server', 'x') })).to.match(/^misconfigured: /);
    });

    it('types and sub-types are offered to mappings', async () => {
      const { book } = await sent({ GetListeTypes: '<TypeTechnique>A</TypeTechnique><TypeTechnique>B</TypeTechnique>', GetListeSousTypes: (request) => (request.includes('>A<') ? '<SousType>a</SousType><SousType>b</SousType>' : '<SousType>b</SousType>') });
      book.pass(DAY_MS);
      expect(await iParapheur.choices!(book.settings, book.context)).to.deep.equal({ type: ['A', 'B'], subtype: ['a', 'b'] });
    });
  });
});
