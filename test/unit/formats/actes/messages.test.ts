import { expect } from 'chai';
import fc from 'fast-check';
import { composeActId, parseActId } from '../../../../src/formats/actes/act-id.js';
import type { ActeContent } from '../../../../src/formats/actes/acte-message.js';
import { readActeMessage, readAnomaly } from '../../../../src/formats/actes/read-message.js';
import { writeAnomalieActe, writeArActe, writeArAnnulation } from '../../../../src/formats/actes/write-ar-acte.js';
import { writeUnchangedClassification } from '../../../../src/formats/actes/write-classification.js';
import { writeArReply, writeEnvelope, writeLetter } from '../../../../src/formats/actes/write-letter.js';
import { FormatError } from '../../../../src/formats/format-error.js';
import { fixture, sharedSample } from '../../../support/shared-sample.js';

const ACT_ID = '034-213400017-20270301-2027_12-DE';
const act: ActeContent = {
  decisionDate: '2027-03-01', number: '2027_12', nature: '1', classification: '7.10', subject: 'Budget « annexe » & œuvres', classificationDate: '2026-01-01', files: ['99_DE-1.pdf', '99_DE-2.pdf'], paperFollows: true,
};

describe('messages of ACTES (contracts/pes-actes-formats.md §B3, §B4)', () => {
  it('an acknowledgement in windows-1252 whose blocks are repeated: the first of each that says something counts', () => {
    const message = readActeMessage(fixture('actes/ar-acte-repeated-windows-1252.xml'));
    expect(message).to.deep.include({ kind: 'ARActe', actId: ACT_ID, number: '2027_12', receivedOn: '2027-03-02', classificationDate: '2027-01-01' });
    expect(message.act).to.deep.equal({
      decisionDate: '2027-03-01', number: '2027_12', nature: '1', classification: '7.10', subject: 'Maîtrise d’œuvre : 1 000 €', classificationDate: '2026-01-01',
      files: ['99_DE-034-213400017-20270301-2027_12-DE-1-1_1.pdf', '99_DE-034-213400017-20270301-2027_12-DE-1-1_2.pdf'], paperFollows: true,
    });
  });

  it('an acknowledgement is in ISO-8859-1, windows-1252, UTF-8 or says nothing of it, and is read the same', () => {
    const text = (declaration: string): string => `${declaration}<a:ARActe xmlns:a="http://www.interieur.gouv.fr/ACTES#v1.1-20040216" a:DateReception="2027-03-02"><a:ActeRecu a:NumeroInterne="AB"><a:Objet>Été &#xE9;</a:Objet></a:ActeRecu></a:ARActe>`;
    const files = [
      Buffer.from(text('<?xml version="1.0" encoding="ISO-8859-1"?>'), 'latin1'), Buffer.from(text('<?xml version="1.0" encoding=\'windows-1252\' ?>'), 'latin1'), Buffer.from(text('<?xml version="1.0"?>'), 'latin1'),
      Buffer.from(text(''), 'latin1'), Buffer.from(text('')), Buffer.from(text('<?xml version="1.0" encoding="UTF-8"?>')), Buffer.from(`\uFEFF${text('')}`), Buffer.from(text('<?xml version="1.0" encoding="UTF-8"?>'), 'latin1'),
    ];
    for (const [index, file] of files.entries()) expect(readActeMessage(file).act?.subject, `file ${index}`).to.equal('Été é');
  });

  it('what is written is ISO-8859-1, and what that has not is written as a reference', () => {
    const bytes = writeArActe({ actId: ACT_ID, receivedOn: '2027-03-02', act });
    expect(bytes.toString('latin1')).to.match(/^<\?xml version="1.0" encoding="ISO-8859-1"\?>/).and.contain('Budget « annexe » &amp; &#339;uvres').and.contain('actes:Nombre="1"');
    expect(readActeMessage(bytes)).to.deep.include({ kind: 'ARActe', actId: ACT_ID, number: '2027_12', receivedOn: '2027-03-02', act });
  });

  it('each message of the prefecture is read by its root', () => {
    const letter = { actId: ACT_ID, on: '2027-04-01', text: 'L\'état des dépenses', files: ['lettre.pdf'] };
    const said = { actId: ACT_ID, number: '2027_12', letterOn: '2027-04-01', files: ['lettre.pdf'] };
    expect(readActeMessage(writeLetter('CourrierSimple', letter))).to.deep.include({ kind: 'CourrierSimple', ...said, texts: [] });
    expect(readActeMessage(writeLetter('DemandePieceComplementaire', letter))).to.deep.include({ kind: 'DemandePieceComplementaire', ...said, texts: ['L\'état des dépenses'] });
    expect(readActeMessage(writeLetter('LettreObservations', letter))).to.deep.include({ kind: 'LettreObservations', ...said, texts: ['L\'état des dépenses'] });
    expect(readActeMessage(writeLetter('DefereTA', { ...letter, files: ['a.pdf', 'b.pdf'] }))).to.deep.include({ kind: 'DefereTA', ...said, files: ['a.pdf', 'b.pdf'], texts: ['L\'état des dépenses'] });
    expect(readActeMessage(writeArAnnulation({ actId: ACT_ID, receivedOn: '2027-04-02' }))).to.deep.include({ kind: 'ARAnnulation', actId: ACT_ID, receivedOn: '2027-04-02' });
    expect(readActeMessage(writeUnchangedClassification('2027-01-01'))).to.deep.include({ kind: 'ReponseClassificationSansChangement', classificationDate: '2027-01-01' });
    for (const kind of ['ARPieceComplementaire', 'ARReponseRejetLettreObservations'] as const) {
      expect(readActeMessage(writeArReply(kind, { actId: ACT_ID, letterOn: '2027-04-01', receivedOn: '2027-04-05' }))).to.deep.include({ kind, actId: ACT_ID, letterOn: '2027-04-01', receivedOn: '2027-04-05' });
    }
    expect(readActeMessage(writeEnvelope({ department: '034', siren: '213400017', files: ['m.xml'] }))).to.deep.include({ kind: 'EnveloppeMISILLCL', files: ['m.xml'] });
  });

  it('an anomaly is followed by the words of the platform, or there are only words', () => {
    const anomaly = writeAnomalieActe({ on: '2027-03-02', nature: '012', detail: 'Nature inconnue', act });
    const { message, words } = readAnomaly(Buffer.concat([anomaly, Buffer.from('\nRefusé par le ministère', 'latin1')]));
    expect(message).to.deep.include({ kind: 'AnomalieActe', number: '2027_12', anomaly: { on: '2027-03-02', nature: '012', detail: 'Nature inconnue' } });
    expect(words).to.equal('Refusé par le ministère');
    expect(readAnomaly(Buffer.from('PDF corrompu : <br/> illisible à l\'essai', 'latin1'))).to.deep.equal({ message: null, words: 'PDF corrompu : <br/> illisible à l\'essai' });
    expect(readAnomaly(Buffer.alloc(0))).to.deep.equal({ message: null, words: '' });
  });

  it('what is no message is not taken for one', () => {
    for (const [text, words] of [
      ['<!DOCTYPE html><html></html>', /web page/], ['  <HTML><body>login</body></HTML>', /web page/], ['<a:Facture xmlns:a="x"/>', /<Facture>, which is none of ACTES/], ['', /empty/], ['KO\nTransaction inconnue', /not well-formed/],
      ['<!DOCTYPE a [<!ENTITY b "c">]><ARActe/>', /DOCTYPE/], ['<ARActe>', /ends inside/], ['<ARActe/><ARActe/>', /after the root/],
    ] as const) {
      expect(() => readActeMessage(Buffer.from(text)), text).to.throw(FormatError, words);
    }
    expect(() => readActeMessage(Buffer.alloc(9 * 2 ** 20, ' '))).to.throw(FormatError, /at most/);
  });

  it('an IDActe tells department, SIREN, day, number and nature, whatever dashes the number has', () => {
    expect(parseActId('02A-213400017-20270301-A-B C_1-AR')).to.deep.equal({ department: '02A', siren: '213400017', decisionDate: '2027-03-01', number: 'A-B C_1', nature: 'AR' });
    for (const none of ['', 'x', '34-213400017-20270301-12-DE', '034-21340001-20270301-12-DE', '034-213400017-2027-03-01-12-DE', '034-213400017-20270301-12', '034-213400017-20270301-_12-DE']) expect(parseActId(none), none).to.equal(null);
    const number = fc.stringMatching(/^[A-Z0-9][A-Z0-9_]{0,13}[A-Z0-9]$/);
    fc.assert(fc.property(number, fc.constantFrom('DE', 'AR', 'BF'), (given, nature) => {
      const parts = { department: '034', siren: '213400017', decisionDate: '2027-03-01', number: given, nature };
      expect(composeActId(parts)).to.have.length.at.most(41);
      expect(parseActId(composeActId(parts))).to.deep.equal(parts);
    }));
  });

  it('real ones are read: declared otherwise than the schema has it, with blocks repeated', function () {
    expect(readActeMessage(sharedSample('actes/aractes.xml', this))).to.deep.include({ kind: 'ARActe', number: 'CL20171227_06', receivedOn: '2017-12-27' });
    const malformed = readActeMessage(sharedSample('actes/ar-actes_fakeTdt.xml', this));
    expect(malformed).to.deep.include({ kind: 'ARActe', number: '20130623C', receivedOn: '2013-06-23', classificationDate: '2008-12-31' });
    const sent = readActeMessage(sharedSample('actes/034-491011698-20171207-CL20171227_06-DE-1-1_0.xml', this));
    expect(sent).to.deep.include({ kind: 'Acte', number: 'CL20171227_06' });
    expect(sent.act?.subject).to.equal('Fichier signé parapheur');
  });
});
