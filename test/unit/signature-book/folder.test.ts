import { expect } from 'chai';
import fc from 'fast-check';
import type { Submission } from '../../../src/connector-api/connector.js';
import { Refused } from '../../../src/connector-api/failures.js';
import { folderOf } from '../../../src/signature-book/folder.js';
import { sampleAnnex, sampleItem } from '../../support/sample-item.js';

const DEFAULTS = { type: 'Courrier', subtype: 'Sortant', visibility: 'SERVICE', expects: 'signature' } as const;
const note = sampleAnnex('note.docx', { mediaType: 'application/msword' });
const plan = sampleAnnex('plan.pdf');
const deed = sampleAnnex('acte.pdf');
const signedBefore = sampleAnnex('avant.pdf', { role: 'signed-document' });

describe('the folder that a submission makes', () => {
  function folder(fields: Submission['fields'] = {}, annexes = [note, signedBefore, plan, deed], title = 'Réfection de la rue Haute') {
    return folderOf({ item: sampleItem({ annexes, title }), fields }, DEFAULTS);
  }

  function refusal(...given: Parameters<typeof folder>): string {
    try {
      folder(...given);
    } catch (error) {
      if (error instanceof Refused) return error.message;
      throw error;
    }
    return 'it was not refused';
  }

  it('without any mapping: the first PDF that no step brought back is signed, with the other files that came with the item', () => {
    const made = folder();
    expect(made.main).to.deep.equal({ annex: plan, filename: 'plan.pdf' });
    expect(made.annexes.map(({ filename }) => filename)).to.deep.equal(['note.docx', 'acte.pdf']);
    expect(made).to.deep.include({ title: 'Réfection de la rue Haute', type: 'Courrier', subtype: 'Sortant', visibility: 'SERVICE', expects: 'signature', metadata: {}, deadline: null, xpath: null });
  });

  it('files are named by id, uid or file name, and one that has another part is no annex', () => {
    const made = folder({ mainDocument: 'annex-acte.pdf', supplementaryDocuments: ['plan.pdf'], visual: 'avant.pdf' });
    expect(made.main.annex).to.equal(deed);
    expect(made.supplementary.map(({ annex }) => annex)).to.deep.equal([plan]);
    expect(made.visual?.annex).to.equal(signedBefore);
    expect(made.annexes.map(({ annex }) => annex)).to.deep.equal([note]);
  });

  it('an empty list of annexes is none', () => {
    expect(folder({ annexes: [] }).annexes).to.deep.equal([]);
  });

  it('metadata, deadline and annotations are taken as they are mapped', () => {
    const made = folder({ 'metadata.montant': '12500.00', 'metadata.vide': null, deadline: '2027-03-01T23:00:00.000Z', publicAnnotation: 'Merci', privateAnnotation: ' ', expects: 'visa', visibility: 'PUBLIC' });
    expect(made).to.deep.include({ metadata: { montant: '12500.00' }, deadline: '2027-03-01', publicAnnotation: 'Merci', privateAnnotation: null, expects: 'visa', visibility: 'PUBLIC' });
  });

  it('a title of 300 characters, accents, slashes and line breaks becomes one line of 255', () => {
    const { title } = folder({}, undefined, `Délibération n° 12/2027\r\n« l’été » 🌳 ${'é'.repeat(300)}`);
    expect(title.startsWith('Délibération n° 12/2027 « l’été » 🌳 é')).to.equal(true);
    expect(Array.from(title)).to.have.length(255);
  });

  it('a title has one line of 1 to 255 code points, whatever it is made of', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (title) => {
      const made = folder({}, undefined, title).title;
      expect(Array.from(made).length).to.be.within(1, 255);
      expect(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(made)).to.equal(false);
    }));
  });

  it('names are unlike each other, whatever their capitals, and say their type', () => {
    const files = ['plan.pdf', 'PLAN.pdf', 'plan.pdf', '../../etc/passwd'].map((filename, index) => sampleAnnex(`f${index}`, { filename }));
    const made = folder({}, files);
    expect([made.main, ...made.annexes].map(({ filename }) => filename)).to.deep.equal(['plan.pdf', 'PLAN-2.pdf', 'plan-3.pdf', 'passwd.pdf']);
  });

  it('an XML file is signed where there is no PDF before it', () => {
    const pes = sampleAnnex('pes.xml', { mediaType: 'application/octet-stream' });
    expect(folder({}, [note, pes]).main.annex).to.equal(pes);
  });

  for (const [what, fields, words] of [
    ['a file that the item has not', { mainDocument: 'absent.pdf' }, 'Field «mainDocument»: found «absent.pdf», expected the id, uid or name of a file of the item, and it has «note.docx»'],
    ['a file twice', { supplementaryDocuments: ['plan.pdf'] }, 'Field «supplementaryDocuments»: «plan.pdf» is named twice'],
    ['a value that is none', { visibility: 'SECRET' }, 'Field «visibility»: found «SECRET», expected one of PUBLIC, SERVICE, CONFIDENTIEL'],
  ] as const) {
    it(`${what} is refused, naming the field`, () => {
      expect(refusal(fields)).to.include(words);
    });
  }

  it('a name that several files have is refused', () => {
    expect(refusal({ mainDocument: 'a.pdf' }, [sampleAnnex('x', { filename: 'a.pdf' }), sampleAnnex('y', { filename: 'a.pdf' })])).to.include('several files of the item are called «a.pdf»');
  });

  it('an item without anything to sign is refused', () => {
    expect(refusal({}, [note])).to.include('Field «mainDocument»: the item has no PDF or XML file to be signed, it has «note.docx»');
    expect(refusal({}, [])).to.include('it has no file at all');
  });

  it('a folder without type is refused', () => {
    expect(() => folderOf({ item: sampleItem({ annexes: [plan] }), fields: {} }, { ...DEFAULTS, type: undefined })).to.throw(Refused, 'Field «type»: found nothing');
  });
});
