import { expect } from 'chai';
import { dataOf } from '../../connectors/pastell/receipt.js';
import { pastell } from '../../connectors/pastell/index.js';
import { KNOWN_STATES, standingOf } from '../../connectors/pastell/states.js';
import type { Receipt, Submission } from '../../src/connector-api/connector.js';
import { httpAnswer } from '../support/http-answer.js';
import { failureOf } from '../support/failure-of.js';
import { after, follow, openPastellRig, standing, track, type PastellRig } from '../support/pastell-rig.js';
import { pesFile } from '../support/pes-file.js';

/** Every state that contracts/pastell.md §6 names. */
const CONTRACT_STATES = [
  'creation', 'modification', 'importation', 'orientation', 'pre-orientation', 'preparation-send-iparapheur', 'prepare-ged', 'pre-send-tdt', 'transformation', 'transformation-fixe',
  'send-iparapheur', 'recu-iparapheur', 'recu-iparapheur-etat', 'rejet-iparapheur', 'erreur-verif-iparapheur', 'send-signature-error', 'send-tdt', 'send-tdt-erreur', 'document-transmis-tdt',
  'teletransmission-tdt', 'return-teletransmission-tdt', 'tdt-error', 'erreur-verif-tdt', 'acquiter-tdt', 'info-tdt', 'refus-tdt', 'verif-reponse-tdt', 'attente-reponse-prefecture',
  'send-reponse-prefecture', 'annulation-tdt', 'annuler-tdt', 'send-ged', 'send-ged-1', 'send-ged-etat', 'error-ged', 'generate-sip', 'send-archive', 'generate-sip-error', 'erreur-envoie-sae',
  'verif-sae-erreur', 'validation-sae-erreur', 'ar-recu-sae', 'ack-not-provided', 'accepter-sae', 'rejet-sae', 'send-mailsec', 'mailsec-relance', 'renvoi', 'reception', 'non-recu', 'termine', 'fatal-error',
];

describe('pastell, following', () => {
  let rig: PastellRig;
  beforeEach(async () => { rig = await openPastellRig(); });
  afterEach(() => rig.close());

  /** Puts a document over there into a state, as an operator or the daemon would. */
  function force(reference: string, action: string, message = ''): void {
    const document = rig.other.documents().find(({ id }) => id === reference);
    document?.states.push({ action, at: rig.context.clock.now() + 1_000, message });
    if (document !== undefined) document.isLocked = true;
  }
  const roles = (documents: readonly { readonly role?: string }[]) => documents.map(({ role }) => role).toSorted();

  it('§6: every state has its meaning in plain words', () => {
    for (const state of CONTRACT_STATES) {
      const { kind, words } = standingOf(state);
      expect(kind, state).to.not.equal('unknown');
      expect(words, state).to.match(/\.$/);
    }
    expect(KNOWN_STATES.length).to.be.greaterThan(40);
    expect(standingOf('send-xyz-erreur').kind).to.equal('stuck');
    expect(standingOf('toString').kind).to.equal('unknown');
  });

  it('an act that is acknowledged brings back its AR, slip and stamped documents, and when it is enforceable', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-act', { fields: { publishedOn: '2027-03-05' } }));
    await rig.run('accept 2027_012');
    const { ending, fields, documents } = await follow(rig, receipt);
    expect(ending.state).to.equal('done');
    expect(fields).to.include({ acknowledgedOn: '2027-03-01', enforceableOn: '2027-03-05' }).and.to.have.property('actId');
    expect(roles(documents)).to.deep.equal(['acknowledgement', 'acknowledgement-slip', 'stamped-document', 'time-stamp', 'time-stamp', 'time-stamp', 'time-stamp']);
    expect((await rig.content(documents.find(({ role }) => role === 'acknowledgement'))).toString()).to.include('ARActe');
  });

  it('an anomaly of the prefecture is a rejection, with its words', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-act'));
    await rig.run('reject 2027_012 Mauvaise nature');
    const { ending } = await follow(rig, receipt);
    expect(ending).to.have.property('state', 'rejected');
    expect(ending).to.have.property('reason').that.includes('Mauvaise nature');
  });

  it('§6: stepwise: signed, brought back, and only then sent on, each step once', async () => {
    const settings = rig.settings({ acts: { sign: true, subtype: 'Conseil', deposit: true } });
    const receipt = await rig.submit(await rig.submission('transmit-act'), settings);
    expect(standing(rig)).to.deep.equal(['actes-generique send-iparapheur']);
    await rig.run(`sign ${receipt.reference}`);
    rig.asked.length = 0;
    const first = await track(rig, receipt, settings);
    expect(first).to.have.property('results');
    expect(rig.asked.filter((line) => line.includes('/action/'))).to.deep.equal([]);
    const second = await track(rig, after(receipt, first), settings);
    expect(await track(rig, after(receipt, first), settings)).to.deep.equal(second);
    expect(rig.asked.filter((line) => line.endsWith('/action/send-tdt'))).to.have.length(1);
    await rig.run('accept 2027_012');
    const { ending, documents } = await follow(rig, after(receipt, second), settings);
    expect(ending.state).to.equal('done');
    expect(roles(documents)).to.include('stamped-document').and.to.not.include('signed-document');
    expect(standing(rig)).to.deep.equal(['actes-generique send-ged']);
  });

  it('§6: chained: Relais takes the first step alone', async () => {
    const settings = rig.settings({ acts: { type: 'actes-automatique', sign: true, subtype: 'Conseil' } });
    const receipt = await rig.submit(await rig.submission('transmit-act'), settings);
    await rig.run(`sign ${receipt.reference}`);
    await follow(rig, receipt, settings);
    await rig.run('accept 2027_012');
    const { ending, fields } = await follow(rig, receipt, settings);
    expect(ending.state).to.equal('done');
    expect(fields).to.have.property('actId');
    expect(rig.asked.filter((line) => line.includes('/action/'))).to.have.length(1);
  });

  it('§5.3, §6: orchestrated: orientation once; the signed PDF replaces the document and is verified', async () => {
    const settings = rig.settings({ pdf: { subtype: 'College', deposit: true } });
    const receipt = await rig.submit(await rig.submission('process-pdf'), settings);
    await follow(rig, receipt, settings);
    await rig.run(`sign ${receipt.reference}`);
    const { ending, documents, fields } = await follow(rig, receipt, settings);
    expect(ending.state).to.equal('done');
    expect(fields).to.include({ signature: 'verified' });
    expect(roles(documents)).to.deep.equal(['circulation-slip', 'report', 'signed-document']);
    expect(documents.find(({ role }) => role === 'signed-document')?.filename).to.equal('délibération.pdf');
    expect(rig.asked.filter((line) => line.includes('/action/')).map((line) => line.split('/').at(-1))).to.deep.equal(['orientation']);
  });

  it('§5.4: document-a-signer: a detached signature comes in an archive, and is verified beside its document', async () => {
    const settings = rig.settings({ signing: { subtype: 'College' } });
    const receipt = await rig.submit(await rig.submission('sign', { annexes: [await rig.annex('décision.pdf'), await rig.annex('tableau.ods', Buffer.from('a sheet'), { mediaType: 'application/vnd.oasis.opendocument.spreadsheet' })], fields: { mainDocument: 'tableau.ods' } }), settings);
    await rig.run(`sign ${receipt.reference}`);
    const { ending, documents, fields } = await follow(rig, receipt, settings);
    expect(ending.state, JSON.stringify(fields)).to.equal('done');
    expect(fields).to.include({ signature: 'verified' });
    expect(documents.find(({ role }) => role === 'detached-signature')?.filename).to.match(/\.p7s$/);
  });

  it('§6: rejet-iparapheur: rejected, with who, when and why, and the slip', async () => {
    const settings = rig.settings({ signing: { subtype: 'College' } });
    const receipt = await rig.submit(await rig.submission('sign'), settings);
    await rig.run(`refuse ${receipt.reference} Montant faux`);
    const { ending, documents } = await follow(rig, receipt, settings);
    expect(ending).to.include({ state: 'rejected' }).and.to.have.property('reason').that.matches(/Claire Fontaine.*2027-03-01.*«Montant faux»/);
    expect(roles(documents)).to.deep.equal(['circulation-slip', 'report']);
  });

  it('a PES that is accepted is done, with its acquit under the name that finance software knows', async () => {
    for (const how of ['acknowledged', 'informed']) {
      const receipt = await rig.submit(await rig.submission('transmit-pes', { key: how, nomFic: `PES_${how}` }));
      await rig.run(`accept PES_${how} ${how}`);
      const { ending, fields, documents } = await follow(rig, receipt);
      expect(ending.state).to.equal('done');
      expect(fields).to.include({ verdict: 'accepted' });
      expect(documents.find(({ role }) => role === 'acknowledgement')?.filename).to.equal(`PES_ACQUIT_PES_${how}.xml`);
    }
  });

  it('rejection of one bordereau of three is not an acceptance, whatever the state and etat_ack say', async () => {
    const annexes = [await rig.annex('flux.xml', pesFile({ nomFic: 'PES_3', slips: 3, ids: true }), { mediaType: 'application/xml' })];
    const receipt = await rig.submit(await rig.submission('transmit-pes', { annexes }));
    await rig.run('partial PES_3 Imputation');
    await track(rig, receipt);
    rig.other.documents().forEach((document) => { document.values['etat_ack'] = '1'; });
    force(receipt.reference, 'acquiter-tdt');
    const { ending, fields } = await follow(rig, receipt);
    expect(ending).to.include({ state: 'rejected' }).and.to.have.property('reason').that.includes('Imputation');
    expect(fields).to.include({ verdict: 'partly-rejected' });
    expect(fields['rejected']).to.have.length(1);
  });

  it('acquit before status change: the acquit counts, the state may still say send-tdt', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-pes'));
    await rig.run('accept PESALR2_0001');
    await rig.other.commands?.run('documents');
    await track(rig, receipt);
    force(receipt.reference, 'send-tdt');
    expect((await follow(rig, receipt)).ending.state).to.equal('done');
  });

  it('§6: acquiter-tdt without the acquit is no answer yet', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-pes'));
    force(receipt.reference, 'acquiter-tdt');
    rig.other.documents().forEach((document) => { document.values['etat_ack'] = '1'; });
    const told = await track(rig, receipt);
    expect(told).to.have.property('state', 'pending');
    // It may come without that the state moves, which no list would tell.
    const survey = await pastell.survey?.ask([{ receipt: after(receipt, told), submission: { key: 'k' } as Submission }], rig.settings(), rig.context);
    expect([...survey ?? []]).to.deep.equal(['k']);
  });

  it('acquit for another flow: nothing is concluded from it', async () => {
    const first = await rig.submit(await rig.submission('transmit-pes', { key: 'a', nomFic: 'PES_A' }));
    const second = await rig.submit(await rig.submission('transmit-pes', { key: 'b', nomFic: 'PES_B' }));
    await rig.run('accept PES_A');
    await follow(rig, first);
    const [a, b] = rig.other.documents();
    if (a === undefined || b === undefined) throw new Error('two documents were expected');
    b.files['fichier_reponse'] = a.files['fichier_reponse'] ?? [];
    expect(await failureOf(track(rig, second))).to.match(/^refused: .*«PES_B».*answers another one: «PES_A»/);
  });

  it('a file that is no acquit in its place: nothing is concluded, and it is not asked for without end', async () => {
    let receipt = await rig.submit(await rig.submission('transmit-pes'));
    await rig.run('accept PESALR2_0001');
    rig.instead = ({ url }) => (url.includes('/file/fichier_reponse/') ? httpAnswer({ status: 200, headers: { 'content-type': 'application/xml' }, body: '<n:PES_NonAcquit xmlns:n="urn:x"/>' }) : undefined);
    for (let question = 0; question < 12; question += 1) {
      const told = await track(rig, receipt);
      expect(told).to.have.property('state', 'pending');
      receipt = after(receipt, told);
      rig.pass(60_000);
    }
    expect(await failureOf(track(rig, receipt))).to.match(/^refused: .*PES_NonAcquit.*tried 12 times.*then retry/);
  });

  it('§6: refus-tdt: rejected, with what the treasury says', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-pes'));
    await rig.run('reject PESALR2_0001 SIRET inconnu');
    const { ending } = await follow(rig, receipt);
    expect(ending).to.include({ state: 'rejected' }).and.to.have.property('reason').that.includes('SIRET inconnu');
    expect(standing(rig)).to.deep.equal(['helios-generique refus-tdt']);
  });

  it('§6: tdt-error of a duplicate is for a person: the other transmission may well be accepted', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-pes'));
    force(receipt.reference, 'tdt-error', 'KO Doublon : ce fichier a déjà été transmis');
    expect(await failureOf(track(rig, receipt))).to.match(/^refused: .*by another way before/);
  });

  it('§6: send-tdt-erreur: parked with what to correct; a number that was fixed over there goes on', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-act'));
    force(receipt.reference, 'send-tdt-erreur', 'KO numéro déjà utilisé');
    expect(await failureOf(track(rig, receipt))).to.match(/^refused: .*number was used before.*«KO numéro déjà utilisé».*Correct the number.*then retry/);
    force(receipt.reference, 'send-tdt');
    expect(await track(rig, receipt)).to.have.property('state', 'pending');
  });

  it('§6: fatal-error is for the administrator, and is never asked for by Relais', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-act'));
    await rig.run('fatal 2027_012 Arrêté');
    expect(await failureOf(track(rig, receipt))).to.match(/^refused: It was stopped over there/);
    expect(rig.asked.join()).to.not.include('action/fatal');
  });

  it('§6: RGS**: waits for a person with a certificate, and says where; then goes on', async () => {
    await rig.run('trouble rgs');
    const settings = rig.settings();
    const receipt = await rig.submit(await rig.submission('transmit-act'), settings);
    const told = await track(rig, receipt);
    expect(told).to.have.property('note').that.includes('Un agent muni d\'un certificat');
    const link = () => pastell.personalLink?.(receipt, {} as Submission, settings, rig.context);
    expect(await link()).to.deep.include({ url: `${rig.other.url}/Document/detail?id_d=${receipt.reference}&id_e=12` });
    await rig.run('confirm 2027_012');
    expect(await link()).to.equal(null);
    await rig.run('accept 2027_012');
    expect((await follow(rig, receipt)).ending.state).to.equal('done');
  });

  it('§6.1: a verif-* that answers 400 means «not yet»: Pastell is told to ask again, a person is called only after many times', async () => {
    const settings = rig.settings({ signing: { subtype: 'College' } });
    const receipt = await rig.submit(await rig.submission('sign'), settings);
    force(receipt.reference, 'erreur-verif-iparapheur', 'pas de réponse');
    let now: Receipt = receipt;
    for (let times = 0; times < 12; times += 1) {
      const told = await track(rig, now, settings);
      expect(told).to.have.property('state', 'pending');
      now = after(now, told);
    }
    expect(await failureOf(track(rig, now, settings))).to.match(/^refused: .*«pas de réponse»/);
  });

  it('§6: a step that Pastell does not run is tried again, and its words are told', async () => {
    const settings = rig.settings({ acts: { sign: true, subtype: 'Conseil' } });
    const receipt = await rig.submit(await rig.submission('transmit-act'), settings);
    await rig.run(`sign ${receipt.reference}`);
    await rig.run('trouble tdt-down');
    const { ending, receipt: now } = await follow(rig, receipt, settings);
    expect(ending).to.have.property('note').that.includes('le TdT ne répond pas');
    await rig.run('calm');
    await track(rig, now, settings);
    expect(standing(rig)).to.deep.equal(['actes-generique send-tdt']);
  });

  it('§4.5: a step whose answer is lost is not taken twice', async () => {
    const settings = rig.settings({ acts: { sign: true, subtype: 'Conseil' } });
    const receipt = await rig.submit(await rig.submission('transmit-act'), settings);
    await rig.run(`sign ${receipt.reference}`);
    const signed = after(receipt, await track(rig, receipt, settings));
    await rig.run('mishap lost /action/send-tdt');
    expect(await failureOf(track(rig, signed, settings))).to.match(/^outcome-unknown/);
    expect(await track(rig, signed, settings)).to.have.property('state', 'pending');
    expect(rig.asked.filter((line) => line.endsWith('/action/send-tdt'))).to.have.length(1);
  });

  it('a state that is not known counts as under way, with a warning', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-act'));
    force(receipt.reference, 'nouvel-etat');
    expect(await track(rig, receipt)).to.have.property('state', 'pending');
    expect(rig.logger.text()).to.include('nouvel-etat');
  });

  it('a document that is gone is given up a day later, not sooner', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-act'));
    rig.other.world.ledger.documents.clear();
    const told = await track(rig, receipt);
    expect(told).to.have.property('note').that.includes('not found');
    rig.pass(24 * 3_600_000);
    expect(await failureOf(track(rig, after(receipt, told)))).to.match(/^refused: Pastell has not known/);
  });

  it('§5.1: annuler-tdt: the act was cancelled over there, which ends it', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-act'));
    force(receipt.reference, 'annuler-tdt');
    expect((await follow(rig, receipt)).ending).to.include({ state: 'rejected' });
  });

  describe('§4.6: proofs', () => {
    const tokens = async () => {
      const receipt = await rig.submit(await rig.submission('transmit-act'));
      await rig.run('accept 2027_012');
      return (await follow(rig, receipt)).documents.filter(({ role }) => role === 'time-stamp');
    };

    it('come with the text that they prove', async () => {
      const [token, text] = await tokens();
      expect(token?.filename).to.equal('send-tdt.tsr');
      expect((await rig.content(text)).toString()).to.include('send-tdt');
    });

    it('are left out with a warning where the account may not read the journal', async () => {
      await rig.run('trouble no-journal');
      expect(await tokens()).to.deep.equal([]);
      expect(rig.logger.text()).to.include('journal');
    });

    it('are left out where they are of another text, or not made yet', async () => {
      rig.instead = ({ url }) => (url.endsWith('/jeton') ? httpAnswer({ status: 200, headers: { 'content-type': 'application/timestamp-reply' }, body: Buffer.alloc(200, 1) }) : undefined);
      expect(await tokens()).to.deep.equal([]);
      expect(rig.logger.text()).to.include('time-stamp');
    });
  });

  describe('§4.1, §8: one list for many', () => {
    const survey = (receipts: readonly Receipt[]) => pastell.survey?.ask(receipts.map((receipt, index) => ({ receipt, submission: { key: `k${index}` } as Submission })), rig.settings(), rig.context);

    it('names what moved, what is not found, what has something due; a single call tells it', async () => {
      const receipts: Receipt[] = [];
      for (const number of ['2027_001', '2027_002', '2027_003']) {
        const receipt = await rig.submit(await rig.submission('transmit-act', { key: number, fields: { number } }));
        receipts.push(after(receipt, await track(rig, receipt)));
      }
      await rig.run('accept 2027_002');
      rig.other.world.ledger.documents.delete(receipts[2]?.reference ?? '');
      rig.pass(60_000);
      rig.asked.length = 0;
      expect([...await survey(receipts) ?? []]).to.deep.equal(['k1', 'k2']);
      expect(rig.asked).to.have.length(1);
      expect(rig.asked[0]).to.match(/lastetat=send-tdt&last_state_begin=2027-03-01\+08:00:00/);
      const [first] = receipts;
      if (first === undefined) throw new Error('a receipt was expected');
      const data = dataOf(first);
      expect([...await survey([{ ...first, data: { ...data, seen: data.seen === null ? null : { ...data.seen, due: true } } }]) ?? []]).to.deep.equal(['k0']);
    });

    it('reads page after page', async () => {
      const first = await rig.submit(await rig.submission('transmit-act'));
      const receipt = after(first, await track(rig, first));
      const [one] = rig.other.documents();
      if (one === undefined) throw new Error('a document was expected');
      for (let number = 0; number < 150; number += 1) rig.other.world.ledger.documents.set(`d${number}`, { ...structuredClone(one), id: `d${number}`, isLocked: true });
      rig.asked.length = 0;
      expect([...await survey([receipt]) ?? []]).to.deep.equal([]);
      expect(rig.asked).to.have.length(2);
    });
  });
});
