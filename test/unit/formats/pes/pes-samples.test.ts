import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { refusalsOf } from '../../../../src/formats/pes/pes-refusals.js';
import { readPes } from '../../../../src/formats/pes/read-pes.js';

const folder = path.resolve(process.env.RELAIS_SAMPLES ?? '../shared/data', 'pes');

/** What each sample is, and the rules that warn of it beside the key of its SIRET. */
const SAMPLES = {
  'PES_ex.xml': { nomFic: 'SICOVAL201512104', slipCount: 1, pieceCount: 1, attachmentCount: 0, signature: 'none', rules: [] },
  'HELIOS_SIMU_ALR2_1496987735_826268894.xml': { nomFic: 'HELIOS_SIMU_ALR2_1496987735_826268894.xml', slipCount: 1, pieceCount: 1, attachmentCount: 0, signature: 'none', rules: ['A6.10'] },
  'HELIOS_SIMU_ALR2_LibelleColBud_avec_accent.xml': { nomFic: 'HELIOS_SIMU_ALR2_1496987735_826268894.xml', slipCount: 1, pieceCount: 1, attachmentCount: 0, signature: 'none', rules: ['A6.10'] },
  'HELIOS_SIMU_ALR2_1514362287_pj_hors_PES_PJ.xml': { nomFic: 'HELIOS_SIMU_ALR2_1514362287_770650402.xml', slipCount: 1, pieceCount: 1, attachmentCount: 1, signature: 'none', rules: ['A6.10', 'A3'] },
  'creation_pes_facettes_invalides.xml': { nomFic: 'ce58141202114f15f435cd6596c5e88a', slipCount: 1, pieceCount: 1, attachmentCount: 0, signature: 'none', rules: ['A1', 'A2', 'A6.10'] },
  'bordereau_signe_xades.xml': { nomFic: 'HELIOS_SIMU_ALR2_1529593767_1834011863.xml', slipCount: 1, pieceCount: 1, attachmentCount: 1, signature: 'slips', rules: ['A6.10', 'A3'] },
} as const;

describe('real PES files', () => {
  before(function skipWithoutSamples() {
    if (!fs.existsSync(folder)) this.skip();
  });

  for (const [name, { rules, ...expected }] of Object.entries(SAMPLES)) {
    it(`${name} reads as expected, and what its schema may refuse is a warning at most`, async () => {
      const report = await readPes(fs.createReadStream(path.join(folder, name)));
      expect(report).to.deep.include({ ...expected, root: 'PES_Aller', encoding: 'ISO-8859-1' });
      expect(refusalsOf(report)).to.deep.equal([]);
      expect([...new Set(report.findings.map(({ rule }) => rule))].filter((rule) => rule !== 'A6.7')).to.have.members([...rules]);
    });
  }

  it('the accents of ISO-8859-1 are read', async () => {
    expect((await readPes(fs.createReadStream(path.join(folder, 'HELIOS_SIMU_ALR2_LibelleColBud_avec_accent.xml')))).budgetLabel).to.equal('Test é(-è_çà)=');
  });

  for (const name of ['pes_acquit.xml', 'pes_acquit_v1_namespace.xml', 'pes_retour_depense.xml']) {
    it(`${name} is no flow, and it is said what it is`, async () => {
      const report = await readPes(fs.createReadStream(path.join(folder, name)));
      expect(refusalsOf(report).map(({ rule }) => rule)).to.deep.equal(['A6.4']);
      expect(report.nomFic).to.be.a('string');
    });
  }
});
