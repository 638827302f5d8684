import { expect } from 'chai';
import { checkChoices } from '../../../src/config/check-choices.js';
import { factsOf } from '../../../src/config/connector-facts.js';
import { problemAt } from '../../../src/config/sourced.js';
import type { Choices } from '../../../src/config/try-connectors.js';
import { connectors, load, SMALL } from './temporary-configuration.js';

const TOWN = SMALL.replace('type: folder\n      settings: {path: /tmp}', 'type: register').replace(/ {6}steps:[^]*/, `      steps:
        - connector: outbox
          fields:
            subject: title
            service: {value: FIN}
      onRejection:
        - connector: outbox
          fields:
            subject: {value: Retour}
            service: {table: services, from: proposingOrganisation}
  tables:
    services:
      voirie: URB
      finances: FIN
`);

/** Where each misfit stands, and what it is. */
async function misfits(choices: Choices, connector = 'outbox'): Promise<string[]> {
  const { sources } = await load({ 'relais.yaml': TOWN });
  const found: string[] = [];
  const { data, written } = sources.authorities.get('default')!;
  const types = new Map([...connectors].map(([id, one]) => [id, factsOf(one)]));
  checkChoices(data, types, new Map([[connector, choices]]), (path, message, spot) => {
    const { line, column, path: place } = problemAt(written.place, path, message, spot);
    found.push(`${line}:${column} ${place}: ${message}`);
  });
  return found;
}

describe('what other sides take now', () => {
  it('holds constants and rows of tables against it, at their places', async () => {
    expect(await misfits({ service: ['URB', 'Finances'] })).to.deep.equal([
      '25:30 authority.flows[0].steps[0].fields.service.value: found «FIN», expected one of «URB», «Finances»',
      '34:17 authority.tables.services.finances: found «FIN», expected one of «URB», «Finances»',
    ]);
  });

  it('finds nothing where everything is taken, where any value is, and for another connector', async () => {
    expect(await misfits({ service: ['URB', 'FIN'] })).to.deep.equal([]);
    expect(await misfits({})).to.deep.equal([]);
    expect(await misfits({ toString: ['URB'], unknown: ['x'] })).to.deep.equal([]);
    expect(await misfits({ service: ['URB'] }, 'another')).to.deep.equal([]);
  });

  it('finds everything where nothing is taken', async () => {
    expect(await misfits({ subject: [] })).to.deep.equal(['29:30 authority.flows[0].onRejection[0].fields.subject.value: found «Retour», expected nothing: the other side offers no value']);
  });
});
