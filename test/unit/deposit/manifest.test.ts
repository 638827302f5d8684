import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readManifest } from '../../../src/deposit/manifest.js';
import { DAY, sampleDeposit, watchRig, type WatchRig } from '../../support/deposit-rig.js';
import { pesFile } from '../../support/pes-file.js';
import { tempFolder } from '../../support/temp-store.js';

const PES = pesFile({ nomFic: 'FLUX_1' });
const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

describe('the manifest of a deposit', () => {
  let rig: WatchRig;
  let dispose: () => Promise<void>;
  beforeEach(async () => {
    const temporary = await tempFolder();
    dispose = temporary.dispose;
    rig = await watchRig(temporary.folder);
  });
  afterEach(async () => { await rig.stop(); await dispose(); });

  it('says what its file does not', async () => {
    await rig.drop('flux.xml', PES);
    await rig.drop('flux.xml.manifest.json', JSON.stringify({ title: 'Mandats de mars', externalIdentifier: 'M-42', extra: { service: 'voirie', urgent: true }, sha256: sha256(PES) }));
    await rig.settle();
    const [{ item }] = rig.intake.submissions as [typeof rig.intake.submissions[number]];
    expect(item).to.include({ title: 'Mandats de mars', externalIdentifier: 'M-42' });
    expect(item.extra).to.include({ service: 'voirie', urgent: true, nomFic: 'FLUX_1' });
    expect(await rig.names(`processed/${DAY}`)).to.deep.equal(['flux.xml', 'flux.xml.manifest.json']);
  });

  it('waits for all its files, which make one item, the flow among them', async () => {
    const manifest = JSON.stringify({ files: [{ name: 'note.pdf', title: 'Note' }, { name: 'flux.xml' }] });
    await rig.drop('lot.manifest.json', manifest);
    await rig.drop('note.pdf', '%PDF-1.4');
    await rig.settle();
    expect([rig.intake.submissions.length, await rig.names()]).to.deep.equal([0, ['lot.manifest.json', 'note.pdf']]);
    await rig.drop('flux.xml', PES);
    await rig.settle();
    expect(rig.intake.submissions.map(({ item }) => item.annexes.map(({ filename, title, mediaType }) => [filename, title, mediaType]))).to.deep.equal([[['note.pdf', 'Note', 'application/pdf'], ['flux.xml', 'flux.xml', 'application/xml']]]);
    expect(await rig.names()).to.deep.equal(['processed']);
  });

  it('keeps its files from being taken alone, though it is not complete itself', async () => {
    await rig.drop('flux.xml', PES);
    await rig.look();
    await rig.look();
    await rig.drop('lot.manifest.json', JSON.stringify({ title: 'Lot', files: [{ name: 'flux.xml' }] }));
    await rig.settle();
    expect(rig.intake.submissions.map(({ item }) => item.title)).to.deep.equal(['Lot']);
  });

  it('whose file is not what it announces is refused with it', async () => {
    await rig.drop('flux.xml', PES);
    await rig.drop('flux.xml.manifest.json', JSON.stringify({ sha256: sha256('other') }));
    await rig.settle();
    expect([rig.intake.submissions.length, rig.blobs.staged.length, await rig.names('errors')]).to.deep.equal([0, 0, ['flux.xml', 'flux.xml.manifest.json', 'flux.xml.reason.txt']]);
    expect(await rig.text('errors/flux.xml.reason.txt')).to.include('The file flux.xml does not hold what its manifest announces');
  });

  it('that cannot be used is refused with its file, and says why', async () => {
    await rig.drop('flux.xml', PES);
    await rig.drop('flux.xml.manifest.json', '{"titel": "x"}');
    await rig.settle();
    expect(rig.intake.submissions).to.have.length(0);
    expect(await rig.text('errors/flux.xml.manifest.json.reason.txt')).to.match(/The manifest cannot be used: .*titel/);
  });

  it('whose files never come is given up after an hour, and says which', async () => {
    await rig.drop('lot.manifest.json', JSON.stringify({ files: [{ name: 'flux.xml' }, { name: 'note.pdf' }] }));
    await rig.drop('note.pdf', '%PDF-1.4');
    await rig.settle();
    await rig.look(3_600_000);
    expect(await rig.names('errors')).to.deep.equal(['lot.manifest.json', 'lot.manifest.json.reason.txt', 'note.pdf']);
    expect(await rig.text('errors/lot.manifest.json.reason.txt')).to.include('did not come: flux.xml.');
  });

  const mistakes: [string, string, RegExp][] = [
    ['no JSON', '{', /not JSON/],
    ['names that lead elsewhere', '{"files": [{"name": "../flux.xml"}]}', /files\.0\.name/],
    ['a file twice', '{"files": [{"name": "a"}, {"name": "a"}]}', /there twice/],
    ['NUL in a text', '{"title": "a\\u0000"}', /NUL/],
    ['one fingerprint for several files', `{"sha256": "${'0'.repeat(64)}", "files": [{"name": "a"}]}`, /each has its own/],
  ];
  for (const [what, text, message] of mistakes) {
    it(`refuses ${what}`, () => { expect(readManifest(text, ['flux.xml'])).to.have.property('mistake').that.matches(message); });
  }

  it('may begin with the mark of a Windows editor', () => {
    expect(readManifest('\uFEFF{"title": "x"}', ['flux.xml'])).to.deep.equal({ title: 'x', files: [{ name: 'flux.xml', sha256: undefined }] });
  });

  it('in a deposit of another kind, the files are not read as PES', async () => {
    await rig.stop();
    rig = await watchRig(rig.root, { parts: { deposit: sampleDeposit({ kind: 'document' }) } });
    await rig.drop('a.xml', '<x/>');
    await rig.drop('vide.pdf', '');
    await rig.settle();
    expect(rig.intake.submissions.map(({ item }) => [item.kind, item.title])).to.deep.equal([['document', 'a.xml']]);
    expect(await rig.text('errors/vide.pdf.reason.txt')).to.include('The file vide.pdf is empty.');
  });
});
