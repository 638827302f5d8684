import { expect } from 'chai';
import { Readable } from 'node:stream';
import type { ActeMessage } from '../../../src/formats/actes/acte-message.js';
import { readActeMessage } from '../../../src/formats/actes/read-message.js';
import { readPesAcquit } from '../../../src/formats/pes/read-acquit.js';
import type { PesAcquit } from '../../../src/formats/pes/pes-acquit.js';
import { actResults, isAboutAct } from '../../../src/tele-transmission/act-results.js';
import { describeAnomaly } from '../../../src/tele-transmission/describe-anomaly.js';
import { acquitFilename, pesTracking } from '../../../src/tele-transmission/pes-results.js';
import { pesRetourArrival } from '../../../src/tele-transmission/pes-retour-arrival.js';
import { fixture, inPieces } from '../../support/shared-sample.js';

const flow = { transaction: '42', nomFic: 'FLUX_1.xml', file: { sha256: 'abc', size: 7 } };
const partial = async (): Promise<PesAcquit> => readPesAcquit(inPieces(fixture('pes/acquit-one-slip-of-three.xml')));

describe('what platforms give back', () => {
  it('a flow of which one slip is rejected is not done: it is rejected, and who says so and why is told', async () => {
    const tracking = pesTracking(flow, await partial());
    expect(tracking).to.have.property('state', 'rejected');
    expect(tracking).to.have.property('reason').that.matches(/^Rejet partiel par le Trésor public : 1 élément rejeté sur 3\.\nBordereau 12 de 2027 rejeté : ERREUR_DOUBLON_BORDEREAU/);
    expect(tracking).to.have.nested.property('results.fields').that.deep.includes({ transaction: '42', verdict: 'partly-rejected', summary: 'Rejet partiel par le Trésor public : 1 élément rejeté sur 3.' });
    expect(tracking).to.have.nested.property('results.fields.rejected').that.has.length(1);
    expect(tracking).to.have.nested.property('results.documents').that.deep.equals([{ title: 'PES_ACQUIT FLUX_1.xml', filename: 'PES_ACQUIT_FLUX_1.xml', mediaType: 'application/xml', sha256: 'abc', size: 7, role: 'acknowledgement' }]);
    expect(pesTracking({ ...flow, language: 'en' }, await partial())).to.have.property('reason').that.matches(/^Partly rejected by the treasury: 1 of 3 parts\.\nSlip 12 of 2027/);
  });

  it('only one that is accepted whole is done', async () => {
    const acquit = await partial();
    const [first, second] = acquit.elements;
    expect(pesTracking(flow, { ...acquit, elements: [first!] })).to.deep.include({ state: 'done' }).and.have.nested.property('results.fields').that.deep.equals({ transaction: '42', verdict: 'accepted', summary: 'Accepté par le Trésor public (1 élément).', rejected: [] });
    expect(pesTracking(flow, { ...acquit, elements: [second!] })).to.have.nested.property('results.fields.verdict', 'rejected');
    expect(pesTracking(flow, { ...acquit, elements: [] })).to.have.property('state', 'rejected');
    expect(pesTracking(flow, { ...acquit, elements: [first!], unlisted: { accepted: 0, rejected: 1 } })).to.have.nested.property('results.fields.verdict', 'partly-rejected');
  });

  it('a reason names five parts, the field all of them', async () => {
    const acquit = await partial();
    const tracking = pesTracking(flow, { ...acquit, elements: Array.from({ length: 9 }, () => acquit.elements[1]!) });
    expect('reason' in tracking ? tracking.reason.split('\n') : []).to.have.length(7);
    expect(tracking).to.have.nested.property('results.fields.rejected').that.has.length(9);
  });

  it('the file of an acknowledgement is named by the NomFic, and leads nowhere', () => {
    expect(acquitFilename('FLUX 1/../x.XML')).to.equal('PES_ACQUIT_FLUX_1_.._x.xml');
  });

  it('an act is enforceable once it is acknowledged and published: on the later of the days', () => {
    const acknowledgement = readActeMessage(fixture('actes/ar-acte-repeated-windows-1252.xml'));
    const fieldsOf = (publishedOn: string | null): unknown => actResults({ transaction: '7', acknowledgement, publishedOn, documents: [] }).fields;
    const common = { transaction: '7', actId: '034-213400017-20270301-2027_12-DE', acknowledgedOn: '2027-03-02' };
    expect(fieldsOf(null)).to.deep.equal({ ...common, enforceableOn: '2027-03-02' });
    expect(fieldsOf('2027-03-01')).to.deep.equal({ ...common, enforceableOn: '2027-03-02' });
    expect(fieldsOf('2027-03-10')).to.deep.equal({ ...common, enforceableOn: '2027-03-10' });
    expect(actResults({ transaction: '7', acknowledgement: { ...acknowledgement, receivedOn: null }, publishedOn: '2027-03-10', documents: [] }).fields, 'without a day of the acknowledgement nothing is said').to.not.have.property('enforceableOn');
  });

  it('the number joins a message to its act, and not the number of a transaction', () => {
    const message = readActeMessage(fixture('actes/ar-acte-repeated-windows-1252.xml'));
    expect(isAboutAct(message, { number: '2027_12' })).to.equal(true);
    expect(isAboutAct(message, { number: '2027_1' })).to.equal(false);
    expect(isAboutAct({ ...message, number: null }, { number: '' })).to.equal(false);
  });

  it('an act that was not taken says why: anomaly, words of the platform, both or neither', () => {
    const message: ActeMessage = { ...readActeMessage(fixture('actes/ar-acte-repeated-windows-1252.xml')), kind: 'AnomalieActe', anomaly: { on: '2027-03-02', nature: '012', detail: 'Nature inconnue' } };
    expect(describeAnomaly(message, 'Refusé\n par le ministère', 'fr')).to.equal('anomalie 012 du 2027-03-02 : Nature inconnue : Refusé par le ministère');
    expect(describeAnomaly({ ...message, anomaly: { on: null, nature: '100', detail: null } }, '', 'en')).to.equal('anomaly 100');
    expect(describeAnomaly(null, 'PDF corrupted', 'en')).to.equal('PDF corrupted');
    expect(describeAnomaly(null, ' ', 'fr')).to.equal('sans motif');
  });

  it('a return file of the treasury becomes an item that says what it is', async () => {
    const file = { sha256: 'r', size: 9 };
    const blobs = { read: () => Readable.from([fixture('pes/retour-expense-and-revenue.xml')]), keep: () => Promise.reject(new Error('nothing is kept')) };
    const arrival = await pesRetourArrival({ filename: 'PES2R.xml', file, fields: { transaction: '8' } }, 'fr', { blobs });
    expect(arrival).to.deep.include({ kind: 'pes-retour', title: 'PES_Retour PES2R_DEP__R_017_00_034000_20270301_20270302_101112.xml' });
    expect(arrival.fields).to.deep.include({ transaction: '8', codCol: '017', pieceCount: 3, rejected: ['Bordereau 12 de 2027, mandat 345 rejeté : Créancier à préciser'] });
    expect(arrival.documents).to.deep.equal([{ title: 'PES2R.xml', filename: 'PES2R.xml', mediaType: 'application/xml', ...file, role: 'report' }]);
  });
});
