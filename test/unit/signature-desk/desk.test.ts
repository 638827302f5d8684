import { expect } from 'chai';
import { Readable } from 'node:stream';
import { checkDetachedSignature } from '../../../src/formats/signatures/check-detached.js';
import { checkPdfSignatures } from '../../../src/formats/signatures/check-pdf.js';
import { checkXmlSignatures } from '../../../src/formats/signatures/check-xml.js';
import { createDesk, type Desk, type DeskParts } from '../../../src/signature-desk/desk.js';
import { DeskRefusal, type DeskFile, type DeskFolder, type NewFolder } from '../../../src/signature-desk/desk-folder.js';
import { makePdf } from '../../../src/signature-desk/make-pdf.js';
import { tempFolder } from '../../support/temp-store.js';

const PDF = makePdf(['Délibération n° 12']);
const PES = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?>\n<PES_Aller Id="p1"><PES_DepenseAller><Bordereau Id="b1"><a>1</a></Bordereau><Bordereau Id="b2"><a>2</a></Bordereau></PES_DepenseAller></PES_Aller>');
const NOW = Date.UTC(2027, 2, 1, 9);
const RULES = { now: NOW, trusted: [] };

describe('the simulated signature book', () => {
  const opened: Desk[] = [];
  let ids = 0;
  after(() => Promise.all(opened.map((desk) => desk.close())));

  async function openDesk(parts: Partial<DeskParts> = {}): Promise<Desk> {
    const desk = await createDesk({ clock: { now: () => NOW }, newId: () => `made-${++ids}`, ...parts });
    opened.push(desk);
    return desk;
  }

  async function file(desk: Desk, filename: string, mediaType: string, content: Buffer): Promise<DeskFile> {
    return { filename, mediaType, ...await desk.files.keep(Readable.from([content])) };
  }

  async function create(desk: Desk, change: Partial<NewFolder> = {}): Promise<DeskFolder> {
    return desk.create({ id: 'F-1', title: 'Réfection', type: 'Délibérations', subtype: 'College', main: [await file(desk, 'décision.pdf', 'application/pdf', PDF)], publicAnnotation: 'À signer', ...change });
  }

  async function refusal(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.catch((thrown: unknown) => thrown);
    if (!(error instanceof DeskRefusal)) throw error instanceof Error ? error : new Error('it was not refused');
    return `${error.code}: ${error.message}`;
  }

  const statuses = ({ history }: DeskFolder) => history.map(({ status }) => status);

  it('tells histories as version 5 does: the annotation of the emitter after the row of the desk', async () => {
    const desk = await openDesk();
    await create(desk, { type: 'Visa seul', subtype: 'Visa' });
    expect(statuses(await desk.finish('F-1'))).to.deep.equal(['NonLu', 'NonLu', 'EnCoursVisa', 'NonLu', 'Vise', 'Archive']);
    expect(desk.find('F-1')?.history[3]).to.deep.include({ event: 'annotate', annotation: 'À signer' });
  });

  it('tells histories as version 4.7 does: the annotation before the row of the desk', async () => {
    const desk = await openDesk({ order: '4.7' });
    await create(desk, { type: 'Visa seul', subtype: 'Visa' });
    expect(statuses(await desk.finish('F-1'))).to.deep.equal(['NonLu', 'NonLu', 'NonLu', 'EnCoursVisa', 'Vise', 'Archive']);
  });

  it('refuses at a signature: who, when and why', async () => {
    const desk = await openDesk();
    await create(desk, { type: 'Courrier', subtype: 'Sortant' });
    await desk.act('F-1', { do: 'read' });
    const after = await desk.act('F-1', { do: 'reject', reason: 'Le montant est faux' });
    expect(statuses(after)).to.deep.equal(['NonLu', 'NonLu', 'NonLu', 'NonLu', 'Lu', 'RejetSignataire']);
    expect(after).to.include({ state: 'rejected' });
    expect(after.history.at(-1)).to.deep.include({ actor: 'Jeanne Dupont', at: NOW, annotation: 'Le montant est faux' });
    expect((await desk.act('F-1', { do: 'recycle' })).state).to.equal('running');
  });

  it('seals, and chains into another circuit', async () => {
    const desk = await openDesk();
    await create(desk, { type: 'Attestations', subtype: 'Cachet' });
    expect(statuses(await desk.act('F-1', { do: 'seal' }))).to.deep.equal(['NonLu', 'NonLu', 'PretCachet', 'NonLu', 'CachetOK', 'Archive']);
    const after = await desk.act('F-1', { do: 'chain', type: 'Courrier', subtype: 'Sortant' });
    expect(after).to.deep.include({ state: 'running', type: 'Courrier', format: 'pades', step: 0 });
  });

  it('puts a real signature into a PDF, on what was sent', async () => {
    const desk = await openDesk();
    const { originals: [original] } = await create(desk);
    expect(await refusal(desk.act('F-1', { do: 'sign' }))).to.include('not-now: Le dossier F-1 attend un visa, pas une signature.');
    await desk.act('F-1', { do: 'visa' });
    expect(desk.find('F-1')?.main[0]?.sha256).to.equal(original?.sha256);
    const { main: [signed], state } = await desk.act('F-1', { do: 'sign' });
    expect(state).to.equal('finished');
    const report = await checkPdfSignatures({ open: () => desk.files.read(signed?.sha256 ?? ''), size: signed?.size ?? 0 }, original ?? null, RULES);
    expect(report).to.deep.include({ verified: true, problems: [] });
    expect(report.signers[0]?.subject).to.include('Jeanne Dupont');
  });

  it('signs another document than ours when told to', async () => {
    const desk = await openDesk();
    const { originals: [original] } = await create(desk, { type: 'Courrier', subtype: 'Sortant' });
    const { main: [signed] } = await desk.act('F-1', { do: 'sign', other: true });
    const report = await checkPdfSignatures({ open: () => desk.files.read(signed?.sha256 ?? ''), size: signed?.size ?? 0 }, original ?? null, RULES);
    expect([...report.problems, ...report.remarks].join(' ')).to.match(/differ|not the one|sent/i);
  });

  it('puts a real signature beside a document, whatever it is', async () => {
    const desk = await openDesk();
    const content = Buffer.from('any bytes');
    await create(desk, { type: 'Actes', subtype: 'Détachée', main: [await file(desk, 'acte.bin', 'application/octet-stream', content)] });
    const { main: [document] } = await desk.finish('F-1');
    const [signature] = document?.signatures ?? [];
    expect(signature).to.include({ filename: 'acte.bin.p7s', mediaType: 'application/pkcs7-signature' });
    const report = await checkDetachedSignature({ open: () => Readable.from([content]), size: content.length }, await desk.files.whole(signature?.sha256 ?? ''), RULES);
    expect(report).to.deep.include({ verified: true, problems: [] });
  });

  it('puts real signatures into each slip of a PES file', async () => {
    const desk = await openDesk();
    await create(desk, { type: 'PES', subtype: 'Bordereau', xpath: '//Bordereau', main: [await file(desk, 'pes.xml', 'application/xml', PES)] });
    const { main: [signed] } = await desk.finish('F-1');
    const report = await checkXmlSignatures(await desk.files.whole(signed?.sha256 ?? ''), PES, RULES, '//Bordereau');
    expect(report).to.deep.include({ verified: true, problems: [] });
    expect(report.signers).to.have.length(2);
  });

  it('says of a document that cannot be signed that it cannot', async () => {
    const desk = await openDesk();
    await create(desk, { type: 'Courrier', subtype: 'Sortant', main: [await file(desk, 'no.pdf', 'application/pdf', Buffer.from('no PDF'))] });
    expect(await refusal(desk.act('F-1', { do: 'sign' }))).to.include('cannot-sign: Le document no.pdf');
    expect(desk.find('F-1')?.state).to.equal('running');
  });

  it('signs on paper without touching the document', async () => {
    const desk = await openDesk();
    const { main } = await create(desk, { type: 'Courrier', subtype: 'Sortant' });
    const after = await desk.act('F-1', { do: 'paper-sign' });
    expect(after).to.deep.include({ state: 'finished', main });
    expect(statuses(after)).to.include('SignatairePapier');
  });

  it('is taken back as long as nobody has done anything', async () => {
    const desk = await openDesk();
    await create(desk);
    expect((await desk.recall('F-1')).state).to.equal('recalled');
    await create(desk, { id: 'F-2' });
    await desk.act('F-2', { do: 'read' });
    expect(await refusal(desk.recall('F-2'))).to.equal('not-now: Le dossier F-2 ne peut plus être récupéré.');
  });

  it('refuses what a book refuses', async () => {
    const desk = await openDesk();
    await create(desk);
    expect(await refusal(create(desk))).to.include('duplicate').and.include('est déjà présent dans le Parapheur').and.include('dossierID = F-1');
    expect(await refusal(create(desk, { id: 'F-2', subtype: 'Autre' }))).to.include('unknown-type');
    expect(await refusal(create(desk, { id: 'F-2', main: [] }))).to.include('no-document');
    expect(await refusal(create(desk, { id: 'F-2', main: [await file(desk, 'a.odt', 'application/vnd.oasis.opendocument.text', PDF)] }))).to.include('not-a-pdf');
    expect(await refusal(create(desk, { id: 'F-2', type: 'PES', subtype: 'Bordereau' }))).to.include('not-xml');
    expect(await refusal(create(desk, { id: 'F-2', type: 'Conventions', subtype: 'Avec montant' }))).to.equal('missing-metadata: The mandatory metadata montant is not filled.');
    expect(await refusal(desk.act('F-9', { do: 'read' }))).to.equal('unknown-folder: Dossier F-9 introuvable.');
    desk.removeType('Délibérations');
    expect(await refusal(create(desk, { id: 'F-2' }))).to.include('unknown-type');
    expect((await desk.finish('F-1')).state).to.equal('finished');
  });

  it('makes an id only where there is none, and keeps more main documents only where its type takes them', async () => {
    const desk = await openDesk();
    const main = [await file(desk, 'a.pdf', 'application/pdf', PDF), await file(desk, 'b.pdf', 'application/pdf', makePdf(['b']))];
    const one = await create(desk, { id: '', main });
    expect(one).to.include({ id: `made-${ids}` });
    expect([one.main.length, one.annexes.map(({ filename }) => filename)]).to.deep.equal([1, ['b.pdf']]);
    const both = await create(desk, { main, type: 'Conventions', subtype: 'Avec montant', metadata: { montant: '12.5' } });
    expect([both.main.length, both.annexes.length]).to.deep.equal([2, 0]);
  });

  it('leaves a draft until it is started', async () => {
    const desk = await openDesk();
    expect((await create(desk, { start: false })).state).to.equal('draft');
    expect(await refusal(desk.act('F-1', { do: 'visa' }))).to.include('not-now');
    expect(await desk.start('F-1', { publicAnnotation: 'Allez' })).to.include({ state: 'running', publicAnnotation: 'Allez' });
    expect(await refusal(desk.start('F-1'))).to.include('not-now');
  });

  it('is put off, and may say what nobody has ever seen', async () => {
    const desk = await openDesk();
    await create(desk);
    expect(await desk.act('F-1', { do: 'delay', until: '2027-05-01' })).to.include({ deadline: '2027-05-01', state: 'running' });
    expect(statuses(await desk.act('F-1', { do: 'mark', status: 'EnAttenteDeLaLune' })).at(-1)).to.equal('EnAttenteDeLaLune');
  });

  it('makes the same slip of the same folder', async () => {
    const desk = await openDesk();
    await create(desk);
    const slip = await desk.slip('F-1');
    expect(await desk.slip('F-1')).to.deep.equal(slip);
    expect((await desk.files.whole(slip.sha256)).toString('latin1')).to.include('EnCoursVisa').and.match(/^%PDF-1\.7[^]*%%EOF\n$/);
    await desk.finish('F-1');
    expect((await desk.slip('F-1')).sha256).to.not.equal(slip.sha256);
  });

  it('goes on after a restart, with the same certificates', async () => {
    const { folder, dispose } = await tempFolder();
    try {
      const first = await openDesk({ folder });
      await create(first);
      await create(first, { id: 'F-2' });
      await first.archive('F-2');
      const authority = await first.authorityOf('Jeanne Dupont');
      await first.close();

      const second = await openDesk({ folder });
      expect(second.list().map(({ id, state }) => [id, state])).to.deep.equal([['F-1', 'running']]);
      expect(second.archived().map(({ id }) => id)).to.deep.equal(['F-2']);
      expect(await second.authorityOf('Jeanne Dupont')).to.equal(authority);
      expect((await second.finish('F-1')).state).to.equal('finished');
      const gone = await second.files.keep(Readable.from([Buffer.from('of nobody')]));
      await second.close();

      const third = await openDesk({ folder });
      expect(await third.files.whole(gone.sha256).catch((error: unknown) => error)).to.have.property('code', 'RELAIS_BLOB_MISSING');
      expect((await third.files.whole(third.find('F-1')?.originals[0]?.sha256 ?? ''))).to.deep.equal(PDF);
    } finally {
      await dispose();
    }
  });
});
