import { expect } from 'chai';
import { s2low } from '../../connectors/s2low/index.js';
import { ACT_STATUSES } from '../../connectors/s2low/act-status.js';
import { HELIOS_STATUSES } from '../../connectors/s2low/helios-status.js';
import type { Submission, Tracking } from '../../src/connector-api/connector.js';
import { latin1, scriptedS2low, type ScriptedS2low } from '../support/scripted-s2low.js';
import { pesFile } from '../support/pes-file.js';

/** Clerks read where their item stands, and the finance software gets the reason of a rejection: both in the language of the settings, French if they name none. */
describe('s2low: what is said of the State', () => {
  let rig: ScriptedS2low;
  beforeEach(() => {
    rig = scriptedS2low({
      'helios_importer_fichier.php': latin1('<import><id>34</id><resultat>OK</resultat><message></message></import>'),
      'actes_transac_create.php': 'OK\n12\n', '/modules/helios/index.php': '<html></html>',
    });
  });
  const track = async (submission: Submission, answer: Record<string, Buffer | string>, change: Readonly<Record<string, unknown>> = { language: undefined }): Promise<Tracking> => {
    const receipt = await s2low.submit(submission, rig.settings(change), rig.context);
    rig.answer(answer);
    return await rig.track(receipt, rig.settings(change));
  };
  const flow = (): Submission => rig.pes(pesFile({ nomFic: 'PES_1' }));
  const helios = (status: number, message = ''): Record<string, Buffer> => ({ 'helios_transac_get_status.php': latin1(`<transaction><id>34</id><resultat>OK</resultat><message>${message}</message><status>${status}</status></transaction>`) });
  const acte = (status: number): Record<string, string> => ({ 'actes_transac_get_status.php': `OK\n${status}\n` });

  it('says in French where a flow or an act stands', async () => {
    expect(await track(flow(), helios(1))).to.have.property('note', 'Sur S²LOW il est posté : S²LOW le vérifie.');
    expect(await track(rig.act(), acte(3))).to.have.property('note', 'Sur S²LOW il est transmis à l\'État : son accusé de réception est attendu.');
    expect(await track(rig.act(), acte(77))).to.have.property('note', 'Sur S²LOW il est à l\'état 77, que Relais ne connaît pas.');
    expect(await track(flow(), helios(1), { language: 'en' })).to.have.property('note', 'On S2LOW it is posted: S2LOW checks it.');
  });

  it('says in French why nothing came of it', async () => {
    expect(await track(flow(), helios(-1, 'NomFic d&#233;j&#224; re&#231;u'))).to.have.property('reason', 'S²LOW refuse le flux PES_1 : « NomFic déjà reçu ».');
    expect(await track(flow(), helios(0))).to.have.property('reason', 'Le flux PES_1 a été annulé sur S²LOW.');
    expect(await track(rig.act(), acte(0))).to.have.property('reason', 'L\'acte est annulé : la préfecture a acquitté son annulation.');
    expect(await track(rig.act(), acte(6))).to.have.property('reason', 'L\'acte est clos comme refusé sur S²LOW.');
  });

  it('has words in both languages for each status', () => {
    const words = [...ACT_STATUSES.values(), ...HELIOS_STATUSES.values()].flatMap((status) => Object.values(status.words));
    expect(words.filter((one) => one.length < 5)).to.deep.equal([]);
    expect(words).to.have.length(2 * (ACT_STATUSES.size + HELIOS_STATUSES.size));
  });
});
