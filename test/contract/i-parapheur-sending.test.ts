import { expect } from 'chai';
import { createHash } from 'node:crypto';
import type { IParapheurSettings } from '../../connectors/i-parapheur/config.js';
import { dossierId } from '../../connectors/i-parapheur/dossier-id.js';
import { iParapheur } from '../../connectors/i-parapheur/index.js';
import type { Receipt, Submission } from '../../src/connector-api/connector.js';
import { isFailure } from '../../src/connector-api/failures.js';
import type { Annex } from '../../src/domain/item.js';
import { sampleItem } from '../support/sample-item.js';
import { annexElement, fault, fileElement, found, history, message, OK, scriptedParapheur, type Reply, type ScriptedParapheur } from '../support/scripted-parapheur.js';

const PDF = Buffer.from('%PDF-1.7 a decision\n%%EOF\n');
const OTHER = Buffer.from('%PDF-1.7 something else, and longer\n%%EOF\n');
const PES = Buffer.from('<PES_Aller Id="p"><PES_DepenseAller><Bordereau Id="b1"/></PES_DepenseAller></PES_Aller>');
const CREATED = { CreerDossier: message('OK', 'Dossier x soumis dans le circuit') };
const DUPLICATE = (id: string): string => message('KO', `Le dossier est déjà présent dans le Parapheur : dossierID = ${id}`);

interface Given {
  readonly replies?: Readonly<Record<string, Reply>>;
  readonly settings?: Partial<Record<keyof IParapheurSettings, unknown>>;
  readonly fields?: Submission['fields'];
  readonly title?: string;
  readonly files?: (book: ScriptedParapheur) => readonly Annex[];
}

function stage({ replies = CREATED, settings = {}, fields = {}, title = 'Réfection de la rue Haute', files = (book) => [book.annex('décision.pdf', PDF)] }: Given = {}) {
  const book = scriptedParapheur(replies, settings);
  const submission: Submission = { key: 'delivery-1', operation: 'sign', item: sampleItem({ title, annexes: files(book) }), fields, results: {} };
  const id = dossierId(submission);
  return {
    book, submission, id,
    submit: () => iParapheur.submit(submission, book.settings, book.context),
    probe: () => iParapheur.probe(submission, book.settings, book.context),
    refused: async (work: Promise<unknown> = iParapheur.submit(submission, book.settings, book.context)) => {
      const error = await work.then(() => 'it succeeded', (thrown: unknown) => thrown);
      if (!isFailure(error)) throw error instanceof Error ? error : new Error(String(error));
      return `${error.kind}: ${error.message}`;
    },
  };
}

describe('sending to i-Parapheur', () => {
  it('asks for types and metadata before the mark, and creates after it', async () => {
    const { book, submit } = stage();
    await submit();
    expect(book.asked).to.deep.equal(['GetListeTypes', 'GetListeSousTypes', 'GetMetaDonneesRequisesPourTypeSoustype', 'mark', 'CreerDossier']);
  });

  it('§1.2: types are remembered for ten minutes', async () => {
    const { book, submit } = stage();
    await submit();
    book.pass(9 * 60_000);
    await submit();
    expect(book.asked.filter((operation) => operation === 'GetListeTypes')).to.have.length(1);
    book.pass(2 * 60_000);
    await submit();
    expect(book.asked.filter((operation) => operation === 'GetListeTypes')).to.have.length(2);
  });

  it('§1.5: every field of the folder arrives; what may be nil and is not given is nil (§1.2)', async () => {
    const { book, submit, id } = stage({
      fields: {
        supplementaryDocuments: ['second.pdf'], emitter: 'ged@ville.example', deadline: '2027-04-01', publicAnnotation: 'Merci & bonne journée', visibility: 'CONFIDENTIEL', 'metadata.montant': '12',
      },
      files: (one) => [one.annex('décision.pdf', PDF), one.annex('second.pdf', OTHER), one.annex('plan.pdf', PDF)],
    });
    await submit();
    const sent = book.request('CreerDossier').replace(/<(\/?)ns\d:/g, '<$1').replace(/ xmlns:ns\d="[^"]*"/g, '');
    for (const element of [
      '<TypeTechnique>Courrier</TypeTechnique>', '<SousType>Sortant</SousType>', '<EmailEmetteur>ged@ville.example</EmailEmetteur>', `<DossierID>${id}</DossierID>`,
      '<DossierTitre>Réfection de la rue Haute</DossierTitre>', '<NomDocPrincipal>décision.pdf</NomDocPrincipal>', '<VisuelPDF xsi:nil="true"/>', '<XPathPourSignatureXML xsi:nil="true"/>',
      '<MetaDataTdtACTES xsi:nil="true"/>', '<AnnotationPublique>Merci &amp; bonne journée</AnnotationPublique>', '<AnnotationPrivee xsi:nil="true"/>', '<Visibilite>CONFIDENTIEL</Visibilite>',
      '<DateLimite>2027-04-01</DateLimite>', '<MetaDonnee><nom>montant</nom><valeur>12</valeur></MetaDonnee>', PDF.toString('base64'), '<nom>plan.pdf</nom>',
    ]) expect(sent).to.include(element);
    expect(sent).to.match(/<DocumentsSupplementaires><DocAnnexe><nom>second\.pdf<\/nom>.*<\/DocumentsSupplementaires>/s);
    expect(sent).to.match(/<DocumentPrincipal [^>]*contentType="application\/pdf"/);
    expect(sent).to.not.match(/SignatureDocPrincipal|CircuitObligatoire/);
  });

  it('§2.4: a title of 300 characters with accents, slashes and line breaks is one line of 255; the id is of our own charset', async () => {
    const { book, submit, id } = stage({ title: `Délibération 12/2027\nété ${'é'.repeat(300)}` });
    await submit();
    const title = /DossierTitre>([^<]*)</.exec(book.request('CreerDossier'))?.[1] ?? '';
    expect(Array.from(title)).to.have.length(255);
    expect(title.startsWith('Délibération 12/2027 été é')).to.equal(true);
    expect(id).to.match(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
  });

  it('§2.4: the id is the same in every attempt of a delivery, and another in each delivery', () => {
    const item = sampleItem({ uid: '_é/"*'.repeat(30) });
    expect(dossierId({ key: 'a', item })).to.equal(dossierId({ key: 'a', item })).and.to.not.equal(dossierId({ key: 'b', item }));
    expect(dossierId({ key: 'a', item })).to.match(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
    expect(dossierId({ key: 'k', item: sampleItem({ uid: 'u'.repeat(500) }) })).to.match(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
  });

  it('§1.1: Basic authentication, and no account in the address of the log', async () => {
    const { book, submit } = stage();
    let authorization = '';
    const { http } = book.context;
    await iParapheur.submit({ ...stage().submission, item: sampleItem({ annexes: [book.annex('a.pdf', PDF)] }) }, book.settings, {
      ...book.context, http: (request) => { authorization = request.headers?.['authorization'] ?? ''; return http(request); },
    });
    expect(authorization).to.equal(`Basic ${Buffer.from('relais@ville:p4ssword').toString('base64')}`);
    await submit();
    expect(book.logger.text()).to.not.include('p4ssword');
  });

  describe('§1.5: where XML is signed', () => {
    const pes = { fields: { mainDocument: 'pes.xml', visual: 'vue.pdf' }, files: (book: ScriptedParapheur) => [book.annex('pes.xml', PES, 'application/xml'), book.annex('vue.pdf', PDF)] };

    it('a PES whose slips have Ids is signed by slip, and the receipt remembers it', async () => {
      const { book, submit } = stage(pes);
      const { data } = await submit();
      expect(book.request('CreerDossier')).to.match(/XPathPourSignatureXML>\/\/Bordereau</);
      expect(data).to.have.nested.property('sent.place', '//Bordereau');
    });

    it('a PES that cannot be signed is refused before anything is sent', async () => {
      const { book, refused } = stage({ ...pes, files: (one) => [one.annex('pes.xml', Buffer.from('<PES_Aller><a/></PES_Aller>'), 'text/xml'), one.annex('vue.pdf', PDF)] });
      expect(await refused()).to.include('refused: «pes.xml» cannot be signed: its root has no «Id»');
      expect(book.asked).to.deep.equal([]);
    });

    it('XML without a view is refused, unless the settings say that none is asked for', async () => {
      const without = { fields: { annexes: [] }, files: (book: ScriptedParapheur) => [book.annex('pes.xml', PES, 'text/xml')] };
      expect(await stage(without).refused()).to.include('refused: Field «visual»: found nothing');
      expect(await stage({ ...without, settings: { visual: 'optional' } }).submit()).to.have.property('state', 'sent');
    });
  });

  describe('what is known to be wrong is not sent', () => {
    it('a type of the step that is not offered is refused, and what is offered is named', async () => {
      const { book, refused } = stage({ fields: { type: 'Courier' } });
      expect(await refused()).to.equal('refused: Field «type»: found «Courier», which i-Parapheur does not offer to this account. It offers «Courrier».');
      expect(book.asked).to.not.include('mark');
    });

    it('a type of the settings that is not offered waits for an administrator', async () => {
      expect(await stage({ replies: { GetListeTypes: '' } }).refused()).to.match(/^misconfigured: Field «type»: found «Courrier».*It offers none/);
    });

    it('a type that was removed while items wait is noticed; one that was added since is found', async () => {
      const { book, submit, refused } = stage();
      await submit();
      book.answer({ GetListeSousTypes: '<SousType>Autre</SousType>' });
      book.pass(11 * 60_000);
      expect(await refused()).to.match(/^misconfigured: Field «subtype»: found «Sortant».*It offers «Autre»/);
      book.answer({ GetListeSousTypes: '<SousType>Sortant</SousType>' });
      book.pass(60_000);
      await submit();
    });

    it('§1.4: a metadata that is required and missing is named; one that is not required is not', async () => {
      const GetMetaDonneesRequisesPourTypeSoustype = '<MetaDonnee><nomCourt>montant</nomCourt><nomLong>Montant</nomLong><nature>DOUBLE</nature><obligatoire>true</obligatoire></MetaDonnee>'
        + '<MetaDonnee><nomCourt>note</nomCourt><nomLong>Note</nomLong><nature>STRING</nature><obligatoire>false</obligatoire></MetaDonnee>';
      const replies = { ...CREATED, GetMetaDonneesRequisesPourTypeSoustype };
      const { book, refused } = stage({ replies });
      expect(await refused()).to.include('refused: i-Parapheur wants metadata for «Courrier / Sortant» that the step does not give: «metadata.montant» (Montant, DOUBLE). Map it.');
      expect(book.asked).to.not.include('mark');
      await stage({ replies, fields: { 'metadata.montant': '12.5' } }).submit();
    });

    it('§1.4: a service that is too old to tell its metadata is not asked twice', async () => {
      const { book, submit } = stage({ replies: { ...CREATED, GetMetaDonneesRequisesPourTypeSoustype: fault('S:Client', 'No adapter for endpoint') } });
      await submit();
      await submit();
      expect(book.asked.filter((operation) => operation === 'GetMetaDonneesRequisesPourTypeSoustype')).to.have.length(1);
    });

    it('a question that fails is no sending: it is tried again later', async () => {
      for (const reply of [fault('S:Server', 'busy'), { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway</h1>' }, { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Maintenance</h1>' }]) {
        const { book, refused } = stage({ replies: { GetListeTypes: reply } });
        expect(await refused()).to.match(/^not-sent: /);
        expect(book.asked).to.deep.equal(['GetListeTypes']);
      }
    });

    it('§2.6: an account that is not accepted is for an administrator', async () => {
      for (const status of [401, 403]) expect(await stage({ replies: { GetListeTypes: { status } } }).refused()).to.match(/^misconfigured: /);
    });
  });

  describe('§1.7, §2.6: what is answered to the creation', () => {
    for (const [what, reply, expected] of [
      ['OK without an id: ours is kept', message('OK'), 'ours'],
      ['OK with an id', `${message('OK')}<DossierID>theirs</DossierID>`, 'theirs'],
      ['KO is shown with its severity', message('KO', 'Type inconnu'), /^refused: i-Parapheur refuses the folder: \[ERROR\] Type inconnu\.$/],
      ['an empty codeRetour is no success and no refusal', message('', ''), /^outcome-unknown: /],
      ['no MessageRetour', '', /^outcome-unknown: /],
      ['a fault that blames the server', fault('S:Server', 'NullPointer'), /^outcome-unknown: .*NullPointer/],
      ['a fault that blames us', fault('S:Client', 'The mandatory metadata x is not filled'), /^refused: .*mandatory metadata x/],
      ['504, after which the folder may be there', { status: 504, body: 'gateway timeout' }, /^outcome-unknown: /],
      ['500 as HTML', { status: 500, headers: { 'content-type': 'text/html' }, body: '<h1>Oops</h1>' }, /^outcome-unknown: /],
      ['an HTML page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Connexion</h1>' }, /^outcome-unknown: /],
      ['a password that expired meanwhile', { status: 401 }, /^misconfigured: /],
      ['too busy', { status: 503, headers: { 'retry-after': '120' } }, /^not-sent: /],
    ] as const) {
      it(what, async () => {
        const { submit, refused, id } = stage({ replies: { CreerDossier: reply } });
        if (expected instanceof RegExp) return expect(await refused()).to.match(expected);
        return expect(await submit()).to.include({ reference: expected === 'ours' ? id : expected, state: 'sent' });
      });
    }
  });

  describe('§2.6: «already there»', () => {
    function there(change: { readonly subtype?: string; readonly name?: string; readonly title?: string; readonly content?: Buffer; readonly status?: string } = {}) {
      const { subtype = 'Sortant', name = '"décision.pdf"', title = 'Réfection de la rue Haute', content = PDF, status = 'NonLu' } = change;
      const made = stage();
      made.book.answer({
        CreerDossier: DUPLICATE(made.id), GetHistoDossier: history([status]) + OK,
        GetDossier: `<TypeTechnique>Courrier</TypeTechnique><SousType>${subtype}</SousType><DossierID>${made.id}</DossierID>${fileElement('DocPrincipal', content)}<NomDocPrincipal>${name}</NomDocPrincipal>`
          + `<DocumentsAnnexes>${annexElement('bordereau.pdf', OTHER)}</DocumentsAnnexes><MetaDonnees><MetaDonnee><nom>ph:dossierTitre</nom><valeur>${title}</valeur></MetaDonnee></MetaDonnees>${OK}`,
      });
      return made;
    }

    it('and ours, with the same content: sent', async () => {
      const { submit, id, book } = there();
      expect(await submit()).to.include({ reference: id, state: 'sent' });
      expect(book.blob(createHash('sha256').update(OTHER).digest('hex')), 'nothing of it is kept for a comparison').to.equal(undefined);
    });

    it('and ours, signed meanwhile (a signed PDF starts with the one that was sent): sent', async () => {
      expect(await there({ content: Buffer.concat([PDF, Buffer.from('signature')]) }).submit()).to.have.property('state', 'sent');
    });

    it('with another content that nobody signed: parked', async () => {
      expect(await there({ content: OTHER }).refused()).to.match(/^refused: i-Parapheur has another folder under the identifier .*another content/);
    });

    it('with another content that was signed: the signature may have changed it', async () => {
      expect(await there({ content: OTHER, status: 'Signe' }).submit()).to.have.property('state', 'sent');
    });

    for (const [what, change, words] of [
      ['sub-type', { subtype: 'Entrant' }, 'its sub-type is «Entrant», not «Sortant»'],
      ['title', { title: 'Autre chose' }, 'its title is «Autre chose»'],
      ['document name', { name: 'facture.pdf' }, 'its main document is «facture.pdf», not «décision.pdf»'],
    ] as const) {
      it(`with another ${what}: parked, and it is said what differs`, async () => {
        expect(await there(change).refused()).to.include(words);
      });
    }

    it('and not shown: nobody knows', async () => {
      const made = stage();
      made.book.answer({ CreerDossier: DUPLICATE(made.id), GetDossier: message('KO', 'interdit') });
      expect(await made.refused()).to.match(/^outcome-unknown: /);
    });
  });

  describe('§2.6: after a lost answer', () => {
    it('a folder that the search finds is ours, with all that its receipt must know', async () => {
      const made = stage();
      const receipt = await made.submit();
      made.book.answer({ RechercherDossiers: found([made.id, 'NonLu']) });
      expect(await made.probe()).to.deep.equal({ found: receipt satisfies Receipt });
    });

    it('a folder that only its history knows is ours: some versions miss folders in a search', async () => {
      const { probe, id } = stage({ replies: { RechercherDossiers: '', GetHistoDossier: history(['NonLu']) + OK } });
      expect(await probe()).to.have.nested.property('found.reference', id);
    });

    it('a folder that neither knows is absent', async () => {
      expect(await stage({ replies: { RechercherDossiers: '', GetHistoDossier: OK } }).probe()).to.equal('absent');
      expect(await stage({ replies: { RechercherDossiers: '', GetHistoDossier: message('KO', 'Dossier x introuvable.') } }).probe()).to.equal('absent');
    });

    it('a question that fails proves nothing', async () => {
      const made = stage({ replies: { RechercherDossiers: '', GetHistoDossier: { status: 504 } } });
      expect(await made.refused(made.probe())).to.match(/^not-sent: /);
    });
  });
});
