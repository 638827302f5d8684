import { expect } from 'chai';
import type { Annex } from '../../../src/domain/item.js';
import type { RequestStruct } from '../../../src/soap/service.js';
import { creating, staged } from '../../support/creating.js';
import { CATEGORISED, PLAIN, sampleAuthority, withConfig } from '../../support/sample-authority.js';

// Numbers are those of contracts/ws4pm.md §6. Content whose type cannot be told is application/octet-stream here.

const PDF = '%PDF-1.4\n%âãÏÓ';
const BINARY = Buffer.from([0, 1, 2, 3, 255]);
const OLE = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504)]);
const OPENDOCUMENT = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(26), Buffer.from('mimetypeapplication/vnd.oasis.opendocument.textPK\x03\x04')]);

async function annexesOf(annexes: RequestStruct[], authority = sampleAuthority()): Promise<{ annexes: readonly Annex[]; warnings: string[]; kept: string[] }> {
  const gateway = creating(authority);
  const answer = await gateway.create({ annexes });
  return { annexes: gateway.item().annexes, warnings: answer['warnings'] as string[], kept: gateway.calls.filter((call) => call !== 'accept') };
}

describe('ws4pm createItem: annexes', () => {
  it('109 one PDF: title kept, default type, content type application/pdf', async () => {
    const file = staged(PDF);
    const { annexes, warnings } = await annexesOf([{ title: 'Élévation', filename: 'Plan.PDF', file }]);
    expect(warnings).to.deep.equal([]);
    expect(annexes).to.have.length(1);
    expect(annexes[0]).to.deep.include({
      id: 'plan.pdf', title: 'Élévation', typeId: 'financial-analysis', relatedTo: 'item', filename: 'Plan.PDF', mediaType: 'application/pdf',
      size: file.size, sha256: file.sha256, confidential: false,
    });
  });

  it('110 the type given is used; an unknown one and one of decisions become the first', async () => {
    const given = ['overhead-analysis', 'unknown', undefined, 'decision-annex', `${CATEGORISED}-annexes_types_-_item_annexes_-_overhead-analysis`];
    const { annexes } = await annexesOf(given.map((annexTypeId) => ({ title: 'T', annexTypeId, filename: 'a.pdf', file: staged(PDF) })));
    expect(annexes.map(({ typeId }) => typeId)).to.deep.equal(['overhead-analysis', ...given.slice(1).map(() => 'financial-analysis')]);
  });

  it('110 the long id that getItemInfos tells is taken back', async () => {
    const { annexes } = await annexesOf([{ title: 'T', annexTypeId: `${PLAIN}-annexes_types_-_item_annexes_-_overhead-analysis`, filename: 'a.pdf', file: staged(PDF) }]);
    expect(annexes.map(({ typeId }) => typeId)).to.deep.equal(['overhead-analysis']);
  });

  it('111 large .doc, .odt and .pdf get their content types and keep their names', async () => {
    const files: [string, Buffer, string][] = [
      ['Lettre.doc', OLE, 'application/msword'],
      ['Lettre.odt', OPENDOCUMENT, 'application/vnd.oasis.opendocument.text'],
      ['Lettre.pdf', Buffer.from(PDF), 'application/pdf'],
    ];
    const { annexes, warnings } = await annexesOf(files.map(([filename, start]) => ({ title: 'T', filename, file: staged(Buffer.concat([start, Buffer.alloc(100_000)])) })));
    expect(annexes.map(({ filename, mediaType }) => [filename, mediaType])).to.deep.equal(files.map(([filename, , mediaType]) => [filename, mediaType]));
    expect(warnings).to.deep.equal([]);
  });

  it('112 an empty file is skipped with a warning, the item created', async () => {
    const { annexes, warnings, kept } = await annexesOf([{ title: 'Vide', filename: 'vide.pdf', file: staged('') }]);
    expect(annexes).to.deep.equal([]);
    expect(kept).to.deep.equal([]);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include('vide.pdf').and.include(`/${PLAIN}/creator1/un-point`).and.include('MIME');
  });

  it('113 binary content without an extension in its name is skipped', async () => {
    const { annexes, warnings } = await annexesOf([{ title: 'Relevé', filename: 'releve', file: staged(BINARY) }]);
    expect(annexes).to.deep.equal([]);
    expect(warnings[0]).to.include('application/octet-stream').and.include('releve');
  });

  it('114 the same content with a valid name is an annex under that name', async () => {
    const { annexes, warnings } = await annexesOf([{ title: 'Relevé', filename: 'releve.bin', file: staged(BINARY) }]);
    expect(annexes[0]).to.include({ filename: 'releve.bin', mediaType: 'application/octet-stream' });
    expect(warnings).to.deep.equal([]);
  });

  it('115 annexes keep the order of the request', async () => {
    const names = ['c.pdf', 'a.pdf', 'b.pdf'];
    const { annexes, kept } = await annexesOf(names.map((filename) => ({ title: filename, filename, file: staged(PDF + filename) })));
    expect(annexes.map(({ filename }) => filename)).to.deep.equal(names);
    expect(kept).to.deep.equal(annexes.map(({ sha256 }) => sha256));
  });

  it('116 an annex without file is skipped, named by its title', async () => {
    const { annexes, warnings } = await annexesOf([{ title: 'Promesse' }, { title: 'T', filename: 'a.pdf', file: staged(PDF) }]);
    expect(annexes.map(({ filename }) => filename)).to.deep.equal(['a.pdf']);
    expect(warnings[0]).to.include('Promesse');
  });

  it('117 content that tells no type, with a known extension: an annex of the type of the extension', async () => {
    const { annexes, warnings } = await annexesOf([{ title: 'Plan', filename: 'plan.dwg', file: staged(BINARY) }]);
    expect(annexes[0]).to.include({ filename: 'plan.dwg', mediaType: 'image/vnd.dwg' });
    expect(warnings).to.deep.equal([]);
  });

  it('118 content that tells no type, without file name: skipped, with one warning about its MIME type', async () => {
    const { annexes, warnings } = await annexesOf([{ title: 'Relevé', file: staged(BINARY) }]);
    expect(annexes).to.deep.equal([]);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include('MIME').and.include('Relevé').and.include(`/${PLAIN}/creator1/un-point`);
  });

  it('a type with one extension gives a file without valid name the name annex', async () => {
    const { annexes, warnings } = await annexesOf([
      { title: 'Plan', filename: 'plan', file: staged(PDF) }, { title: 'Mot', file: staged('Bonjour à tous') }, { file: staged(PDF) },
    ]);
    expect(annexes.map(({ id, title, filename }) => [id, title, filename])).to.deep.equal([
      ['annex.pdf', 'Plan', 'annex.pdf'], ['annex.txt', 'Mot', 'annex.txt'], ['annex-1.pdf', 'annex.pdf', 'annex.pdf'],
    ]);
    expect(warnings).to.deep.equal([]);
  });

  it('a type without extension is skipped whatever its name, with a warning that names it', async () => {
    const { annexes, warnings } = await annexesOf([{ title: 'T', filename: 'facture.pdf', file: staged('\x7fELF\x02\x01\x01\0') }]);
    expect(annexes).to.deep.equal([]);
    expect(warnings[0]).to.include('application/x-executable').and.include('facture.pdf');
  });

  it('names are made harmless, and several dots accepted', async () => {
    const names = ['../../etc/passwd.pdf', 'C:\\temp\\a.b.pdf', 'con.pdf', 'a\u202efdp.exe.pdf', `${'é'.repeat(300)}.pdf`];
    const { annexes } = await annexesOf(names.map((filename) => ({ title: 'T', filename, file: staged(PDF) })));
    expect(annexes.map(({ filename }) => filename)).to.deep.equal(['passwd.pdf', 'a.b.pdf', '_con.pdf', 'afdp.exe.pdf', `${'é'.repeat(125)}.pdf`]);
    for (const { id } of annexes) expect(id).to.match(/^[a-z0-9_][a-z0-9._-]*$/).and.have.length.below(130);
  });

  it('ids are unique within the item', async () => {
    const names = ['Plan.pdf', 'plan.PDF', 'plan-1.pdf', 'plán.pdf', 'Plan', 'Plan'];
    const { annexes } = await annexesOf(names.map((filename) => ({ title: 'T', filename, file: staged(PDF) })));
    const ids = annexes.map(({ id }) => id);
    expect(ids.slice(0, 4)).to.deep.equal(['plan.pdf', 'plan-1.pdf', 'plan-1-1.pdf', 'plan-2.pdf']);
    expect(new Set(ids)).to.have.property('size', names.length);
    expect(new Set(annexes.map(({ uid }) => uid))).to.have.property('size', names.length);
  });

  it('speaks French where the authority does', async () => {
    const { warnings } = await annexesOf([{ title: 'Relevé', file: staged(BINARY) }], sampleAuthority({ language: 'fr' }));
    expect(warnings[0]).to.match(/^L’annexe « Relevé » n’a pas été ajoutée au point \/.*application\/octet-stream/);
  });

  it('a config without item annex types still takes annexes', async () => {
    const { annexes } = await annexesOf([{ title: 'T', filename: 'a.pdf', file: staged(PDF) }], withConfig(sampleAuthority(), PLAIN, { annexTypes: [] }));
    expect(annexes).to.have.length(1);
  });
});
