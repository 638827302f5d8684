import { expect } from 'chai';
import http from 'node:http';
import { openSimulator, type ParapheurSimulator, type ParapheurSimulatorOptions } from '../../connectors/i-parapheur/simulator.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';

const PH = 'http://www.adullact.org/spring-ws/iparapheur/1.0';
const MIME = 'http://www.w3.org/2005/05/xmlmime';
const PDF = makePdf(['Délibération']);
const BASE64 = PDF.toString('base64');

interface Answer { readonly status: number; readonly type: string; readonly text: string }

/** What is not under test in a CreerDossierRequest; `given` replaces elements by name, '' leaves one out. */
function creation(given: Readonly<Record<string, string>> = {}): string {
  const elements: Record<string, string> = {
    TypeTechnique: '<p:TypeTechnique>Délibérations</p:TypeTechnique>', SousType: '<p:SousType>College</p:SousType>',
    DossierID: '<p:DossierID>F-1</p:DossierID>', DossierTitre: '<p:DossierTitre>Réfection &amp; « été »</p:DossierTitre>',
    DocumentPrincipal: `<p:DocumentPrincipal m:contentType="application/pdf">${BASE64}</p:DocumentPrincipal>`,
    NomDocPrincipal: '<p:NomDocPrincipal>décision.pdf</p:NomDocPrincipal>', Visibilite: '<p:Visibilite>SERVICE</p:Visibilite>',
    ...given,
  };
  return `<p:CreerDossierRequest>${Object.values(elements).join('')}</p:CreerDossierRequest>`;
}

function envelope(body: string): string {
  return `<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:p="${PH}" xmlns:m="${MIME}"><e:Header/><e:Body>${body}</e:Body></e:Envelope>`;
}

describe('the SOAP service of the simulated i-Parapheur, on the wire', () => {
  const opened: ParapheurSimulator[] = [];
  let book: ParapheurSimulator;
  beforeEach(async () => { book = await open(); });
  afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

  async function open(options: ParapheurSimulatorOptions = {}): Promise<ParapheurSimulator> {
    const one = await openSimulator(options);
    opened.push(one);
    return one;
  }

  async function post(body: string | Buffer, { port = 'plain', type = 'text/xml; charset=utf-8', to = book, authorization }: { port?: 'plain' | 'mtom'; type?: string; to?: ParapheurSimulator; authorization?: string } = {}): Promise<Answer> {
    const { login, password } = to.settings as { login: string; password: string };
    const headers = { 'content-type': type, authorization: authorization ?? `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}` };
    const answer = await fetch(`${to.url}/ws-iparapheur${port === 'plain' ? '-no-mtom' : ''}`, { method: 'POST', headers, body: typeof body === 'string' ? envelope(body) : new Uint8Array(body) });
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
  }

  const texts = ({ text }: Answer, name: string) => [...text.matchAll(new RegExp(`<ns2:${name}>([^<]*)<`, 'g'))].map(([, found]) => found);
  const verdict = (answer: Answer) => [...texts(answer, 'codeRetour'), ...texts(answer, 'severite'), ...texts(answer, 'message')];
  const statuses = async (id: string) => texts(await post(`<p:GetHistoDossierRequest>${id}</p:GetHistoDossierRequest>`), 'status');

  it('§1.1: shows its description, knows its callers, and takes no other method', async () => {
    const wsdl = await fetch(`${book.url}/ws-iparapheur?wsdl`);
    expect(await wsdl.text()).to.include(`targetNamespace="${PH}"`);
    expect((await post('<p:echoRequest>x</p:echoRequest>', { authorization: 'Basic bm86bm8=' })).status).to.equal(401);
    expect((await fetch(`${book.url}/ws-iparapheur`)).status).to.equal(405);
  });

  it('§1.4: echo holds what was sent, accents and markup included', async () => {
    const answer = await post('<p:echoRequest>L\'été &amp; "la" voirie</p:echoRequest>');
    expect(answer.text).to.include('[relais@ville] m\'a dit: "L\'été &amp; "la" voirie"!');
  });

  it('§1.1: answers as multipart at the MTOM port, without any file', async () => {
    const answer = await post('<p:echoRequest>x</p:echoRequest>', { port: 'mtom' });
    expect(answer.type).to.match(/^multipart\/related;.*boundary="uuid:/);
    expect(answer.text).to.match(/^--uuid:[^]*Content-Type: application\/xop\+xml[^]*--uuid:[^-]+(-[^-]+)+--\r\n$/);
  });

  it('§1.1: the prefix of the envelope is that of the version', async () => {
    const old = await open({ version: '4.7' });
    expect((await post('<p:echoRequest>x</p:echoRequest>')).text).to.include('<SOAP-ENV:Envelope');
    expect((await post('<p:echoRequest>x</p:echoRequest>', { to: old })).text).to.include('<S:Envelope');
  });

  it('§1.4: lists types, sub-types, circuits and metadata', async () => {
    expect(texts(await post('<p:GetListeTypesRequest/>'), 'TypeTechnique')).to.include.members(['Délibérations', 'PES']);
    expect(texts(await post('<p:GetListeSousTypesRequest>PES</p:GetListeSousTypesRequest>'), 'SousType')).to.deep.equal(['Bordereau']);
    expect(texts(await post('<p:GetListeSousTypesRequest>Nul</p:GetListeSousTypesRequest>'), 'SousType')).to.deep.equal([]);
    const ofCouncil = '<p:TypeTechnique>Délibérations</p:TypeTechnique><p:SousType>College</p:SousType>';
    expect(texts(await post(`<p:GetCircuitRequest>${ofCouncil}</p:GetCircuitRequest>`), 'Role')).to.deep.equal(['VISEUR', 'SIGNATAIRE', 'ARCHIVAGE']);
    expect(texts(await post('<p:GetListeMetaDonneesRequest/>'), 'nomCourt')).to.deep.equal(['reference', 'montant']);
    const required = await post('<p:GetMetaDonneesRequisesPourTypeSoustypeRequest><p:TypeTechnique>Conventions</p:TypeTechnique><p:SousType>Avec montant</p:SousType></p:GetMetaDonneesRequisesPourTypeSoustypeRequest>');
    expect([texts(required, 'nomCourt'), texts(required, 'obligatoire')]).to.deep.equal([['montant', 'reference'], ['true', 'false']]);
  });

  for (const [form, elements] of Object.entries({
    'left out': '',
    empty: '<p:VisuelPDF m:contentType="application/pdf"></p:VisuelPDF><p:XPathPourSignatureXML/><p:MetaDataTdtACTES/><p:AnnotationPublique/><p:AnnotationPrivee/><p:DateLimite/>',
    nil: ['VisuelPDF', 'XPathPourSignatureXML', 'MetaDataTdtACTES', 'AnnotationPublique', 'AnnotationPrivee', 'DateLimite'].map((name) => `<p:${name} xsi:nil="true"/>`).join(''),
  })) {
    it(`§1.2: what may be nil is ${form}`, async () => {
      expect(verdict(await post(creation({ more: elements })))).to.deep.equal(['OK', 'INFO', 'Dossier Réfection &amp; « été » soumis dans le circuit']);
      expect(book.desk.find('F-1')).to.deep.include({ visual: null, xpath: null, deadline: null, publicAnnotation: '', privateAnnotation: '' });
      expect(await book.desk.files.whole(book.desk.find('F-1')?.main[0]?.sha256 ?? '')).to.deep.equal(PDF);
    });
  }

  it('§1.5: an id comes back only where there was none', async () => {
    expect(texts(await post(creation()), 'DossierID')).to.deep.equal([]);
    const [id = ''] = texts(await post(creation({ DossierID: '<p:DossierID/>' })), 'DossierID');
    expect(id).to.match(/^[0-9a-f-]{36}$/);
    expect(book.desk.find(id)?.title).to.equal('Réfection & « été »');
  });

  it('§1.7: a duplicate is HTTP 200 and KO', async () => {
    await post(creation());
    const again = await post(creation());
    expect(again.status).to.equal(200);
    expect(verdict(again).slice(0, 2)).to.deep.equal(['KO', 'ERROR']);
    expect(texts(again, 'message')[0]).to.include('est déjà présent dans le Parapheur').and.include('dossierID = F-1');
  });

  it('§2.4: refuses ids, titles, types and documents that a book refuses', async () => {
    const refused = async (given: Readonly<Record<string, string>>) => verdict(await post(creation(given)))[0];
    expect(await refused({ DossierID: '<p:DossierID>a:b</p:DossierID>' })).to.equal('KO');
    expect(await refused({ DossierTitre: `<p:DossierTitre>${'x'.repeat(256)}</p:DossierTitre>` })).to.equal('KO');
    expect(await refused({ DossierTitre: '<p:DossierTitre>a\nb</p:DossierTitre>' })).to.equal('KO');
    expect(await refused({ SousType: '<p:SousType>Nul</p:SousType>' })).to.equal('KO');
    expect(await refused({ Visibilite: '' })).to.equal('KO');
    expect(await refused({ DocumentPrincipal: '<p:DocumentPrincipal m:contentType="application/pdf"/>' })).to.equal('KO');
    expect(book.desk.list()).to.deep.equal([]);
  });

  it('§1.1: takes MTOM with its parts', async () => {
    const include = (cid: string) => `<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:${cid}"/>`;
    const root = envelope(creation({
      DocumentPrincipal: `<p:DocumentPrincipal m:contentType="application/pdf">${include('main%40relais')}</p:DocumentPrincipal>`,
      annexes: `<p:DocumentsAnnexes><p:DocAnnexe><p:nom>plan.txt</p:nom><p:fichier m:contentType="text/plain">${include('plan@relais')}</p:fichier><p:mimetype>text/plain</p:mimetype><p:encoding>UTF-8</p:encoding></p:DocAnnexe></p:DocumentsAnnexes>`,
    }));
    const part = (id: string, type: string, content: string | Buffer) => Buffer.concat([Buffer.from(`--b\r\nContent-ID: <${id}>\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: binary\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n')]);
    const message = Buffer.concat([part('root', 'application/xop+xml; charset=utf-8; type="text/xml"', root), part('main@relais', 'application/pdf', PDF), part('plan@relais', 'text/plain', 'a plan'), Buffer.from('--b--\r\n')]);
    const answer = await post(message, { port: 'mtom', type: 'multipart/related; type="application/xop+xml"; start="<root>"; start-info="text/xml"; boundary=b' });
    expect(verdict(answer)[0]).to.equal('OK');
    const folder = book.desk.find('F-1');
    expect(await book.desk.files.whole(folder?.main[0]?.sha256 ?? '')).to.deep.equal(PDF);
    expect(folder?.annexes).to.have.length(1);
    expect((await book.desk.files.whole(folder?.annexes[0]?.sha256 ?? '')).toString()).to.equal('a plan');
  });

  it('a part that is missing, another namespace and text that is no XML are faults, and nothing is made', async () => {
    const strayed = creation().replace('<p:TypeTechnique>', '<TypeTechnique>').replace('</p:TypeTechnique>', '</TypeTechnique>');
    for (const answer of [await post(strayed), await post('<p:JouerRequest/>'), await post(Buffer.from('no XML')), await post(Buffer.from(`--b\r\n\r\n${envelope(creation({ DocumentPrincipal: '<p:DocumentPrincipal m:contentType="application/pdf"><i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:gone"/></p:DocumentPrincipal>' }))}\r\n--b--\r\n`), { type: 'multipart/related; boundary=b' })]) {
      expect([answer.status, answer.text.includes('<faultcode>SOAP-ENV:Client</faultcode>')]).to.deep.equal([500, true], answer.text);
    }
    expect(book.desk.list()).to.deep.equal([]);
  });

  it('§1.6: gives the folder back: slip last, names in quotes, the title among the metadata', async () => {
    const annex = (name: string) => `<p:DocAnnexe><p:nom>${name}</p:nom><p:fichier m:contentType="text/plain">YQ==</p:fichier><p:mimetype>text/plain</p:mimetype><p:encoding>UTF-8</p:encoding></p:DocAnnexe>`;
    await post(creation({ annexes: `<p:DocumentsAnnexes>${annex('a.txt')}${annex('b.txt')}</p:DocumentsAnnexes>` }));
    await book.desk.finish('F-1');
    const answer = await post('<p:GetDossierRequest>F-1</p:GetDossierRequest>');
    expect(texts(answer, 'NomDocPrincipal')).to.deep.equal(['"décision.pdf"']);
    expect(texts(answer, 'nom')).to.deep.equal(['"a.txt"', '"b.txt"', '"Réfection &amp; « été »_bordereau.pdf"', 'ph:dossierTitre']);
    expect(answer.text).to.include('<ns2:DateLimite xsi:nil="true"/>');
    const signed = Buffer.from(/<ns2:DocPrincipal[^>]*>([^<]*)</.exec(answer.text)?.[1] ?? '', 'base64');
    expect(signed.subarray(0, PDF.length)).to.deep.equal(PDF);
    expect(signed.toString('latin1')).to.include('/ByteRange');
    expect(await statuses('F-1')).to.deep.equal(['NonLu', 'NonLu', 'EnCoursVisa', 'NonLu', 'Vise', 'NonLu', 'Signe', 'Archive']);
  });

  it('§1.6: a detached signature stands beside the original, several of them in a zip', async () => {
    await post(creation({ TypeTechnique: '<p:TypeTechnique>Actes</p:TypeTechnique>', SousType: '<p:SousType>Détachée</p:SousType>' }));
    await book.desk.finish('F-1');
    const fetched = () => post('<p:GetDossierRequest>F-1</p:GetDossierRequest>');
    const one = await fetched();
    expect(one.text).to.include(`>${BASE64}</ns2:DocPrincipal>`).and.include('<ns2:SignatureDocPrincipal xm:contentType="application/pkcs7-signature">MII');
    await book.desk.act('F-1', { do: 'chain', type: 'Actes', subtype: 'Détachée' });
    await book.desk.finish('F-1');
    expect((await fetched()).text).to.include('<ns2:SignatureDocPrincipal xm:contentType="application/zip">UEs');
    expect((await fetched()).text).to.equal((await fetched()).text);
  });

  it('§1.4: searches by id, type, status and number; what is not found is no error', async () => {
    for (const id of ['A', 'B', 'C']) await post(creation({ DossierID: `<p:DossierID>${id}</p:DossierID>` }));
    await book.desk.finish('B');
    const search = async (criteria: string) => texts(await post(`<p:RechercherDossiersRequest>${criteria}</p:RechercherDossiersRequest>`), 'nom');
    expect(await search('')).to.deep.equal(['A', 'B', 'C']);
    expect(await search('<p:Status>Archive</p:Status>')).to.deep.equal(['B']);
    expect(await search('<p:NombreDossiers>2</p:NombreDossiers>')).to.deep.equal(['A', 'B']);
    expect(await search('<p:DossierID>C</p:DossierID><p:DossierID>nobody</p:DossierID>')).to.deep.equal(['C']);
    expect(await search('<p:TypeTechnique>PES</p:TypeTechnique>')).to.deep.equal([]);
    expect(await search('<p:Status>Rejet*</p:Status>')).to.deep.equal([]);
  });

  it('§2.3: puts away only what has ended, erases only what was refused, recalls only what nobody touched', async () => {
    for (const id of ['A', 'B', 'C', 'D']) await post(creation({ DossierID: `<p:DossierID>${id}</p:DossierID>` }));
    const archive = async (id: string, action: string) => verdict(await post(`<p:ArchiverDossierRequest><p:DossierID>${id}</p:DossierID><p:ArchivageAction>${action}</p:ArchivageAction></p:ArchiverDossierRequest>`));
    expect((await archive('A', 'EFFACER'))[0]).to.equal('KO');
    await book.desk.finish('A');
    await book.desk.finish('B');
    expect(await archive('A', 'EFFACER')).to.deep.equal(['OK', 'INFO', 'Dossier A supprimé du Parapheur.']);
    expect(await archive('A', 'EFFACER')).to.deep.equal(['KO', 'ERROR', 'Dossier A introuvable.']);
    expect(await archive('B', 'ARCHIVER')).to.deep.equal(['OK', 'INFO', 'Dossier B archivé.']);
    const recall = async (id: string) => verdict(await post(`<p:ExercerDroitRemordDossierRequest>${id}</p:ExercerDroitRemordDossierRequest>`));
    expect(await recall('C')).to.deep.equal(['OK', 'INFO', 'Dossier C récupéré.']);
    expect((await archive('C', 'EFFACER'))[0]).to.equal('OK');
    const force = (code: string) => post(`<p:ForcerEtapeRequest><p:DossierID>D</p:DossierID><p:CodeTransition>${code}</p:CodeTransition><p:AnnotationPublique>non</p:AnnotationPublique><p:AnnotationPrivee xsi:nil="true"/></p:ForcerEtapeRequest>`);
    const erase = async () => verdict(await post('<p:EffacerDossierRejeteRequest>D</p:EffacerDossierRejeteRequest>'));
    expect((await erase())[0]).to.equal('KO');
    expect(texts(await force('KO'), 'status')).to.deep.equal(['RejetVisa']);
    expect((await recall('D'))[0]).to.equal('KO');
    expect((await erase())[0]).to.equal('OK');
    expect(book.desk.list()).to.deep.equal([]);
  });

  it('goes wrong as it is told: before or after the folder is made', async () => {
    const outcome = async (mishap: string) => {
      await book.commands?.run(mishap);
      const answer = await post(creation({ DossierID: `<p:DossierID>${mishap}</p:DossierID>` })).catch(() => undefined);
      book.mishaps.clear();
      return [answer?.status ?? 'broken', book.desk.find(mishap) === undefined ? 'not there' : 'there'];
    };
    expect(await outcome('unavailable')).to.deep.equal([503, 'not there']);
    expect(await outcome('html')).to.deep.equal([200, 'not there']);
    expect(await outcome('fault')).to.deep.equal([500, 'not there']);
    expect(await outcome('lost')).to.deep.equal(['broken', 'there']);
    expect(await outcome('cut')).to.deep.equal(['broken', 'there']);
    expect(await outcome('gateway-timeout')).to.deep.equal([504, 'there']);
    expect(await outcome('password-expired')).to.deep.equal([401, 'not there']);
    expect(await outcome('no-verdict')).to.deep.equal([200, 'there']);
  });

  it('§6: the page lists folders, lets one act, and shows documents; only to this machine', async () => {
    await post(creation());
    const page = async (path: string, init: RequestInit = {}) => fetch(`${book.url}${path}`, { redirect: 'manual', ...init });
    expect(await (await page('/')).text()).to.include('Réfection &amp; « été »').and.include('En cours : visa de Luc Martin');
    const folder = await page('/folders/F-1');
    expect(await folder.text()).to.include('action="/folders/F-1/visa"');
    expect(folder.headers.get('content-security-policy')).to.include('default-src \'none\'');
    expect(Buffer.from(await (await page('/folders/F-1/files/0')).arrayBuffer())).to.deep.equal(PDF);
    const form = (action: string, words = '', headers: Record<string, string> = {}) => page(`/folders/F-1/${action}`, { method: 'POST', body: new URLSearchParams({ words }), headers });
    expect((await form('sign')).status).to.equal(409);
    expect((await form('visa', 'Vu', { origin: 'https://elsewhere.example' })).status).to.equal(403);
    expect((await form('visa', 'Vu')).headers.get('location')).to.equal('/folders/F-1');
    expect(await (await form('refuse', ' ')).text()).to.include('Un refus demande un motif.');
    expect((await form('refuse', '<b>Non</b>')).status).to.equal(303);
    expect(book.desk.find('F-1')).to.include({ state: 'rejected' });
    expect(await (await page('/folders/F-1')).text()).to.include('&lt;b&gt;Non&lt;/b&gt;');
    expect((await form('delete')).headers.get('location')).to.equal('/');
    expect((await page('/folders/F-1')).status).to.equal(404);
    expect(await statusFor('evil.example')).to.equal(403);
  });

  it('takes the words of the terminal', async () => {
    await post(creation());
    const run = async (typed: string) => book.commands?.run(typed);
    expect(await run('folders')).to.deep.equal(['F-1  NonLu  Réfection & « été »']);
    expect(await run('visa F')).to.deep.equal(['F-1: NonLu']);
    expect(await run('delay F-1 2027-05-01')).to.deep.equal(['F-1: NonLu']);
    expect(await run('delay F-1 demain').catch(String)).to.include('AAAA-MM-JJ');
    expect(await run('sign F-1 Bon pour accord')).to.deep.equal(['F-1: Archive']);
    await post(creation({ DossierID: '<p:DossierID>G-1</p:DossierID>' }));
    await post(creation({ DossierID: '<p:DossierID>G-2</p:DossierID>' }));
    expect(await run('read G').catch(String)).to.include('Plusieurs dossiers commencent par G.');
    expect(await run('refuse G-1 Le montant est faux')).to.deep.equal(['G-1: RejetVisa']);
    expect(book.desk.find('G-1')?.history.at(-1)?.annotation).to.equal('Le montant est faux');
    expect(await run('delete F-1')).to.deep.equal(['F-1: deleted']);
    expect(await run('juggle F-1')).to.equal(undefined);
  });

  /** fetch does not let anybody choose the Host. */
  function statusFor(host: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      http.get(`${book.url}/`, { headers: { host } }, (answer) => {
        answer.resume().on('end', () => { resolve(answer.statusCode); });
      }).on('error', reject);
    });
  }
});
