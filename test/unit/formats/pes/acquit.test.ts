import { expect } from 'chai';
import fc from 'fast-check';
import { FormatError } from '../../../../src/formats/format-error.js';
import { describeAcquit } from '../../../../src/formats/pes/describe-acquit.js';
import type { AcquitElement, PesAcquit } from '../../../../src/formats/pes/pes-acquit.js';
import { countElements, matches, readPesAcquit, verdictOf } from '../../../../src/formats/pes/read-acquit.js';
import { writePesAcquit } from '../../../../src/formats/pes/write-acquit.js';
import { fixture, inPieces, sharedSample } from '../../../support/shared-sample.js';

const V2 = 'http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2';
const read = (bytes: Buffer | string): Promise<PesAcquit> => readPesAcquit(inPieces(Buffer.from(bytes as string, 'latin1')));
const element = (change: Partial<AcquitElement> = {}): AcquitElement => ({ domain: '5', isAccepted: true, slip: null, attachment: null, market: null, errors: [], pieces: [], ...change });
const acquit = (elements: readonly AcquitElement[]): PesAcquit => ({ nomFic: 'FLUX_1', codCol: '017', idColl: null, elements });

/** What reading throws. */
async function failureOf(reading: Promise<unknown>): Promise<unknown> {
  return reading.then(() => undefined, (error: unknown) => error);
}

describe('acknowledgements of the treasury (contracts/pes-actes-formats.md §A7)', () => {
  it('one slip of three rejected is no acceptance: it is a partial rejection, in plain words', async () => {
    const partial = await read(fixture('pes/acquit-one-slip-of-three.xml'));
    expect(verdictOf(partial)).to.equal('partly-rejected');
    expect(partial).to.deep.include({ nomFic: 'PESALR2_21340001700019_270301_001', codCol: '017', idColl: '21340001700019' });
    expect(describeAcquit(partial, 'fr')).to.deep.equal({
      summary: 'Rejet partiel par le Trésor public : 1 élément rejeté sur 3.',
      rejected: ['Bordereau 12 de 2027 rejeté : ERREUR_DOUBLON_BORDEREAU, Le bordereau a déjà été reçu ; mandat 345 : ERREUR_PJ ; mandat 345 ligne 1 : ERREUR_CUMUL_MONTANTS, Montant à corriger'],
    });
    expect(describeAcquit(partial, 'en')).to.deep.equal({
      summary: 'Partly rejected by the treasury: 1 of 3 parts.',
      rejected: ['Slip 12 of 2027 rejected: ERREUR_DOUBLON_BORDEREAU, Le bordereau a déjà été reçu; payment order 345: ERREUR_PJ; payment order 345 line 1: ERREUR_CUMUL_MONTANTS, Montant à corriger'],
    });
  });

  it('the old kind: another namespace, pieces and anomalies in the element itself', async () => {
    const old = await read(fixture('pes/acquit-of-the-old-kind.xml'));
    expect(verdictOf(old)).to.equal('partly-rejected');
    expect(describeAcquit(old, 'fr').rejected).to.deep.equal(['Bordereau 23 de 2012 rejeté : titre 7 ligne 2 : ERREUR_AUTRE, Débiteur inconnu', 'Pièce justificative PJ0001 rejetée : ERREUR_DOUBLON_PJ']);
  });

  it('EtatAck is a boolean: 1 and true accept, 0, false and anything else do not', async () => {
    for (const [state, verdict] of [['1', 'accepted'], ['true', 'accepted'], [' 1 ', 'accepted'], ['0', 'rejected'], ['false', 'rejected'], ['', 'rejected'], ['OK', 'rejected'], ['10', 'rejected']] as const) {
      const bytes = `<n:PES_ACQUIT xmlns:n="${V2}"><ACQUIT><ElementACQUIT><DomaineAck V="0"/><EtatAck V="${state}"/></ElementACQUIT></ACQUIT></n:PES_ACQUIT>`;
      expect(verdictOf(await read(bytes)), state).to.equal(verdict);
    }
    expect(verdictOf(await read(`<n:PES_ACQUIT xmlns:n="${V2}"><ACQUIT><ElementACQUIT><DomaineAck V="0"/></ElementACQUIT></ACQUIT></n:PES_ACQUIT>`)), 'no EtatAck').to.equal('rejected');
  });

  it('an acknowledgement without any verdict accepts nothing', async () => {
    for (const inside of ['', '<ACQUIT/>', '<ACQUIT><EnTeteAcquit><IdVer V="2"/></EnTeteAcquit></ACQUIT>', '<EtatAck V="1"/>']) {
      const failure = await failureOf(read(`<n:PES_ACQUIT xmlns:n="${V2}">${inside}</n:PES_ACQUIT>`));
      expect(failure).to.be.instanceOf(FormatError).with.property('message').that.matches(/says nothing/);
    }
    expect(verdictOf(acquit([]))).to.equal('rejected');
  });

  it('another file in its place is not taken for one', async () => {
    for (const [bytes, words] of [
      ['<!DOCTYPE html><html></html>', /DOCTYPE/], ['<html><body>Maintenance</body></html>', /A html was found/], ['', /empty/], [`<n:PES_NonAcquit xmlns:n="${V2}"/>`, /A PES_NonAcquit was found/],
      ['<PES_ACQUIT/>', /namespace «»/], [`<n:PES_ACQUIT xmlns:n="${V2}"><ACQUIT><ElementACQUIT><EtatAck V="1"/></ElementACQUIT>`, /ends inside <ACQUIT>/],
    ] as const) {
      expect(await failureOf(read(bytes)), bytes).to.be.instanceOf(FormatError).with.property('message').that.matches(words);
    }
  });

  it('what the stream throws is not taken for a bad file', async () => {
    // eslint-disable-next-line @typescript-eslint/require-await -- a stream that fails
    async function* broken(): AsyncGenerator<Buffer> { yield Buffer.from('<a>'); throw new Error('connection reset'); }
    const failure = await failureOf(readPesAcquit(broken()));
    expect(failure).to.not.be.instanceOf(FormatError);
    expect(failure).to.have.property('message', 'connection reset');
  });

  it('it answers the flow with the same NomFic and CodCol, whatever the files are called', () => {
    const flow = { nomFic: 'FLUX_1', codCol: '017' };
    expect(matches(acquit([]), flow)).to.equal(true);
    expect(matches(acquit([]), { nomFic: 'FLUX_1', codCol: '17' }), 'platforms take one to three characters').to.equal(true);
    for (const other of [{ ...flow, nomFic: 'FLUX_2' }, { ...flow, nomFic: 'FLUX_1.xml' }, { ...flow, nomFic: 'flux_1' }, { ...flow, codCol: '018' }, { nomFic: null, codCol: '017' }, { nomFic: 'FLUX_1', codCol: null }]) {
      expect(matches(acquit([]), other), JSON.stringify(other)).to.equal(false);
    }
    expect(matches({ nomFic: '', codCol: '017' }, { nomFic: '', codCol: '017' }), 'an empty NomFic names nothing').to.equal(false);
  });

  it('a long one is counted whole and listed in part', async () => {
    const parts = Array.from({ length: 12_000 }, (_, index) => element({ isAccepted: index % 2 === 0, slip: { number: String(index), year: '2027' } }));
    const long = await read(writePesAcquit(acquit([...parts, element({ isAccepted: false, slip: { number: '99999', year: '2027' } })])));
    expect(countElements(long)).to.deep.equal({ accepted: 6_000, rejected: 6_001 });
    expect(long.elements).to.have.length(10_000);
    const { summary, rejected } = describeAcquit(long, 'fr');
    expect(summary).to.contain('6001 éléments rejetés sur 12001');
    expect(rejected).to.have.length(201);
    expect(rejected.at(-1)).to.equal('… et 5801 autres');
  }).timeout(20_000);

  it('what is written is read back, whatever it says', async () => {
    const word = fc.string({ minLength: 1, maxLength: 30, unit: fc.constantFrom(...'ABCdef 0123_-éèçœ€&<>"\''.split('')) }).map((text) => text.trim()).filter((text) => text !== '');
    const error = fc.record({ code: fc.option(word), label: fc.option(word) });
    const piece = fc.record({ number: word, errors: fc.array(error, { maxLength: 2 }), lines: fc.array(fc.record({ number: word, errors: fc.array(error, { maxLength: 2 }) }), { maxLength: 2 }) });
    const subject = fc.oneof(
      fc.record({ slip: fc.record({ number: word, year: word }), attachment: fc.constant(null), market: fc.constant(null) }),
      fc.record({ slip: fc.constant(null), attachment: word, market: fc.constant(null) }), fc.constant({ slip: null, attachment: null, market: null }),
    );
    const any = fc.record({ domain: word, isAccepted: fc.boolean(), errors: fc.array(error, { maxLength: 3 }), pieces: fc.array(piece, { maxLength: 3 }) });
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(any, subject).map(([one, other]) => ({ ...one, ...other })), { minLength: 1, maxLength: 4 }), word, fc.integer({ min: 1, max: 64 }), async (elements, nomFic, size) => {
      const written: PesAcquit = { nomFic, codCol: '017', idColl: '21340001700019', elements };
      expect(await readPesAcquit(inPieces(writePesAcquit(written), size))).to.deep.equal(written);
    }), { numRuns: 60 });
  });

  it('real ones are read: all accepted, and one of 2012 that names no flow', async function () {
    const current = await read(sharedSample('pes/pes_acquit.xml', this));
    expect(verdictOf(current)).to.equal('accepted');
    expect(describeAcquit(current, 'fr')).to.deep.equal({ summary: 'Accepté par le Trésor public (5 éléments).', rejected: [] });
    const old = await read(sharedSample('pes/pes_acquit_v1_namespace.xml', this));
    expect(verdictOf(old)).to.equal('accepted');
    expect(matches(old, { nomFic: '', codCol: '225' })).to.equal(false);
  });
});
