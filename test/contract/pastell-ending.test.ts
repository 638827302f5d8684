import { expect } from 'chai';
import { pastell } from '../../connectors/pastell/index.js';
import type { Receipt, Submission } from '../../src/connector-api/connector.js';
import { httpAnswer } from '../support/http-answer.js';
import { failureOf } from '../support/failure-of.js';
import { follow, openPastellRig, track, type PastellRig } from '../support/pastell-rig.js';

describe('pastell, taking back and collecting', () => {
  let rig: PastellRig;
  beforeEach(async () => { rig = await openPastellRig(); });
  afterEach(() => rig.close());

  describe('taking back', () => {
    const cancel = (receipt: Receipt, settings = rig.settings()) => pastell.cancel?.(receipt, {} as Submission, settings, rig.context);

    it('is too late once it is with the State or in the signature book, with words', async () => {
      expect(await cancel(await rig.submit(await rig.submission('transmit-act')))).to.have.property('tooLate').that.includes('cannot be taken back');
      const settings = rig.settings({ signing: { subtype: 'College' } });
      expect(await cancel(await rig.submit(await rig.submission('sign'), settings), settings)).to.have.property('tooLate').that.includes('have it refused there');
    });

    it('removes what went nowhere, and is content with what it removed', async () => {
      const settings = rig.settings();
      const receipt = await rig.submit(await rig.submission('transmit-act'));
      const [document] = rig.other.documents();
      if (document === undefined) throw new Error('a document was expected');
      document.states.splice(0, document.states.length, { action: 'modification', at: rig.context.clock.now(), message: '' });
      expect(await cancel(receipt, settings)).to.equal('cancelled');
      expect(rig.other.documents()).to.deep.equal([]);
      expect(await cancel(receipt, settings)).to.equal('cancelled');
    });

    it('a document that somebody removed over there after it was sent to the State is not taken back', async () => {
      const receipt = await rig.submit(await rig.submission('transmit-act'));
      rig.other.world.ledger.documents.clear();
      expect(await cancel(receipt)).to.have.property('tooLate').that.includes('may have gone on before');
    });

    it('a document that was ended by fatal-error after it was sent to the State is not taken back', async () => {
      const receipt = await rig.submit(await rig.submission('transmit-act'));
      const [document] = rig.other.documents();
      expect(document?.values['tedetis_transaction_id']).to.match(/./);
      await rig.run('fatal 2027_012 Arrêté');
      expect(await cancel(receipt)).to.have.property('tooLate').that.includes('cannot be taken back');
      expect(rig.other.documents()).to.have.length(1);
    });

    it('asks the prefecture for the cancellation of an act that it acknowledged, and does not claim it', async () => {
      const settings = rig.settings({ acts: { archive: true } });
      const receipt = await rig.submit(await rig.submission('transmit-act'), settings);
      await rig.run('accept 2027_012');
      await track(rig, receipt, settings);
      expect(await cancel(receipt, settings)).to.have.property('tooLate').that.includes('once it answers');
      await rig.run('cancelled 2027_012');
      const { ending } = await follow(rig, receipt, settings);
      expect(ending).to.include({ state: 'rejected' });
      expect(await cancel(receipt, settings)).to.equal('cancelled');
    });
  });

  it('§5.5: PES_Retour files are brought in, each under a name that stays, and nothing changes over there', async () => {
    await rig.run('return');
    await rig.run('return');
    const settings = rig.settings();
    const [first, ...others] = await pastell.collect?.list(settings, rig.context) ?? [];
    if (first === undefined) throw new Error('a PES_Retour was expected');
    expect(others).to.have.length(1);
    const arrival = await pastell.collect?.fetch(first, settings, rig.context);
    if (typeof arrival !== 'object') throw new Error(`an arrival was expected: ${arrival ?? ''}`);
    expect(arrival.kind).to.equal('pes-retour');
    expect((await rig.content(arrival.documents[0])).toString('latin1')).to.include('PES_Retour');
    await pastell.collect?.kept(first, settings, rig.context);
    expect((await pastell.collect?.list(settings, rig.context))?.map(({ key }) => key)).to.deep.equal([first.key, ...others.map(({ key }) => key)]);
    expect(rig.asked.filter((line) => !line.startsWith('GET '))).to.deep.equal([]);
    rig.other.world.ledger.documents.clear();
    expect(await pastell.collect?.fetch(first, settings, rig.context)).to.equal('gone');
  });

  it('a right that is missing on PES_Retour alone holds back nothing else; an account that is not known does', async () => {
    const answered = (status: number) => { rig.instead = () => httpAnswer({ status, body: JSON.stringify({ 'status': 'error', 'error-message': 'Acces interdit' }) }); };
    const list = () => Promise.resolve(pastell.collect?.list(rig.settings(), rig.context));
    for (const status of [403, 404]) {
      answered(status);
      expect(await failureOf(list())).to.match(/^refused: .*Acces interdit/);
    }
    answered(401);
    expect(await failureOf(list())).to.match(/^misconfigured: /);
  });

  it('megabytes of markup in the words of an error cost no time', async () => {
    rig.instead = () => httpAnswer({ status: 200, body: JSON.stringify({ 'status': 'error', 'error-message': '<'.repeat(2 * 2 ** 20) }) });
    expect((await failureOf(Promise.resolve(pastell.collect?.list(rig.settings(), rig.context)))).length).to.be.lessThan(500);
  }).timeout(10_000);

  it('§5.5: a PES_Retour whose file is not there yet waits for it: an empty one would be kept for good', async () => {
    await rig.run('return');
    const settings = rig.settings();
    const [first = { key: '' }] = await pastell.collect?.list(settings, rig.context) ?? [];
    for (const document of rig.other.documents()) delete document.files['fichier_pes'];
    expect(await failureOf(Promise.resolve(pastell.collect?.fetch(first, settings, rig.context)))).to.match(/^refused: .*has no file in Pastell yet/);
  });
});
