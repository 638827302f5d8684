import { expect } from 'chai';
import { FormatError } from '../../../../src/formats/format-error.js';
import { describeRetour } from '../../../../src/formats/pes/describe-retour.js';
import { readPesRetour } from '../../../../src/formats/pes/read-retour.js';
import { fixture, inPieces, sharedSample } from '../../../support/shared-sample.js';

describe('return files of the treasury (contracts/pes-actes-formats.md §A8)', () => {
  it('CodColl names the authority, TypRestit the kind, and pieces are counted by what became of them', async () => {
    const retour = await readPesRetour(inPieces(fixture('pes/retour-expense-and-revenue.xml'), 7));
    expect(retour).to.deep.include({ codCol: '017', idColl: '21340001700019', typFic: 'PESRETOUR_DEP', restitutions: ['01'], domains: ['PES_DepenseRetour', 'PES_RecetteRetour'], slipCount: 2, pieceCount: 3 });
    expect([...retour.states]).to.deep.equal([['expense 04', 1], ['expense 02', 1], ['revenue 05', 1]]);
    expect(retour.rejected).to.deep.equal([{ domain: 'expense', slip: '12', year: '2027', number: '345', state: '04', note: 'Créancier à préciser' }]);
  });

  it('state 05 is settled for expense and cancelled for revenue', async () => {
    const retour = await readPesRetour(inPieces(fixture('pes/retour-expense-and-revenue.xml')));
    expect(describeRetour(retour, 'fr')).to.deep.equal({
      summary: 'Retour du Trésor public du 2027-03-02 ; mandats pris en charge : 1, mandats rejetés : 1, titres annulés : 1', rejected: ['Bordereau 12 de 2027, mandat 345 rejeté : Créancier à préciser'],
    });
    expect(describeRetour(retour, 'en').rejected).to.deep.equal(['Slip 12 of 2027, payment order 345 rejected: Créancier à préciser']);
    expect(describeRetour({ ...retour, states: new Map([['expense 05', 2], ['expense 77', 1]]) }, 'en').summary).to.equal('Return of the treasury of 2027-03-02; payment orders settled: 2, pieces in state expense 77: 1');
  });

  it('an acknowledgement in its place is told apart', async () => {
    for (const [bytes, words] of [[fixture('pes/acquit-of-the-old-kind.xml'), /A PES_ACQUIT was found/], [Buffer.from('<PES_Retour/>'), /namespace «»/], [fixture('pes/retour-expense-and-revenue.xml').subarray(0, 900), /ends inside/]] as const) {
      const failure: unknown = await readPesRetour(inPieces(bytes)).then(() => undefined, (error: unknown) => error);
      expect(failure).to.be.instanceOf(FormatError).with.property('message').that.matches(words);
    }
  });

  it('a real one is read', async function () {
    const retour = await readPesRetour(inPieces(sharedSample('pes/pes_retour_depense.xml', this)));
    expect(retour).to.deep.include({ codCol: '221', restitutions: ['AA'], pieceCount: 1 });
    expect(describeRetour(retour, 'fr').summary).to.equal('Retour du Trésor public du 2008-02-15 ; mandats en instance : 1');
  });
});
