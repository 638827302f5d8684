import { expect } from 'chai';
import { diffConfigurations } from '../../../src/config/diff.js';
import { load, SMALL } from './temporary-configuration.js';

const FLOWS = 500;
const ROWS = 5000;

function large(title = 'Grande Ville'): string {
  const flows = Array.from({ length: FLOWS }, (_, index) => `    - id: flow-${index}
      when: {source: ged, condition: 'category = "c${index}" and $count(annexes) > 0'}
      steps:
        - {connector: reg, fields: {subject: "$substring(title, 0, 20)", service: {table: services, from: category}, urgent: toDiscuss}}
        - {connector: outbox, waitFor: decision}
`).join('');
  const rows = Array.from({ length: ROWS }, (_, index) => `      service-${index}: ${index % 2 === 0 ? 'FIN' : 'URB'}\n`).join('');
  const beside = SMALL.slice(0, SMALL.indexOf('  flows:')).replace('Petite Ville', title).replace('settings: {path: /tmp}', 'settings: {path: /tmp}\n    - {id: reg, type: register}');
  return `${beside}  tables:\n    services:\n${rows}  flows:\n${flows}`;
}

/** Generous for a busy machine; a rule that looks at every row for every step would take minutes. */
const WITHIN_MS = 20_000;

describe(`a configuration of ${FLOWS} flows and ${ROWS} rows`, function () {
  this.timeout(120_000);

  it('is loaded, and compared with another one, in a reasonable time', async () => {
    const begun = performance.now();
    const before = await load({ 'relais.yaml': large() });
    const loaded = performance.now();
    const lines = diffConfigurations(before, await load({ 'relais.yaml': large('Autre Ville') }));
    const compared = performance.now();
    expect(before.authorities[0]!.authority.flows).to.have.length(FLOWS);
    expect(before.authorities[0]!.authority.tables.get('services')!.rows.size).to.equal(ROWS);
    expect(lines.map(({ text }) => text)).to.deep.equal(['default: title changed: "Grande Ville" → "Autre Ville"']);
    expect(loaded - begun, 'load').to.be.below(WITHIN_MS);
    expect(compared - loaded, 'load and compare').to.be.below(WITHIN_MS);
  });

  it('that is central is read once for all authorities, and each adds its own checks only', async () => {
    const central = large().replace('authority:', 'centre:').replace(/^ {2}title: .*\n/m, '');
    const secondsFor = async (towns: number): Promise<number> => {
      const files = Object.fromEntries(Array.from({ length: towns }, (_, index) => [`authorities/town-${index}.yaml`, `title: Ville ${index}\n`]));
      const begun = performance.now();
      const { authorities } = await load({ 'relais.yaml': central, ...files });
      expect(authorities.map(({ authority }) => authority.flows.length)).to.deep.equal(Array(towns).fill(FLOWS));
      return (performance.now() - begun) / 1000;
    };
    const one = await secondsFor(1);
    expect(await secondsFor(5)).to.be.below(3 * one + 1);
  });
});
