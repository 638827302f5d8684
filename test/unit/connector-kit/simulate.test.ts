import { expect } from 'chai';
import { parse } from 'yaml';
import { startSimulation, type Simulation } from '../../../src/connector-kit/simulate.js';
import { acmeConnector } from '../../../src/connector-kit/template/index.js';
import { rehearsals } from '../../../src/connector-kit/template/rehearsal.js';
import { RelaisError } from '../../../src/errors.js';
import { signingDesk, signingDeskRehearsals } from './signing-desk.js';

describe('relais simulate', () => {
  const said: string[] = [];
  let acme: Simulation;
  let desk: Simulation;
  before(async () => {
    acme = await startSimulation({ connector: acmeConnector, rehearsals, say: (line) => said.push(line) });
    desk = await startSimulation({ connector: signingDesk, rehearsals: signingDeskRehearsals, operation: 'sign' });
  });
  after(() => Promise.all([acme.close(), desk.close()]));

  interface Pasted {
    readonly connectors: { readonly id: string; readonly type: string; readonly settings: Readonly<Record<string, unknown>> }[];
  }

  function pasted(): Pasted {
    return parse(acme.instructions.slice(0, acme.instructions.indexOf('')).join('\n')) as Pasted;
  }

  async function refusal(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RelaisError).with.property('code', 'RELAIS_COMMAND_USAGE');
    return (error as RelaisError).message;
  }

  it('shows settings to paste, with secrets as references', () => {
    const [connector] = pasted().connectors;
    expect(connector).to.deep.include({ id: 'acme', type: 'acme' });
    expect(connector?.settings).to.include({ token: '${env:ACME_SECRET_1}', allowPrivate: true });
    expect(acme.instructions.filter((line) => line.startsWith('export '))).to.deep.equal(['export ACME_SECRET_1=\'simulated-token\'']);
    expect(acme.instructions).to.include('Operation of a step: send');
  });

  it('tells what arrives, and behaves as it is told', async () => {
    const url = String(pasted().connectors[0]?.settings['url']);
    const put = () => fetch(`${url}/items/k`, { method: 'PUT', headers: { authorization: 'Bearer simulated-token' }, body: JSON.stringify({ uid: 'u', title: 'Été', fields: {}, files: [] }) });

    expect(await acme.command('items')).to.deep.equal(['nothing there yet']);
    expect((await put()).status).to.equal(200);
    expect(await acme.command(' items ')).to.deep.equal(['{"itemUid":"u","title":"Été","fields":{},"files":[]}']);
    expect(await acme.command('throttles')).to.deep.equal(['From now on: throttles']);
    expect((await put()).headers.get('retry-after')).to.equal('120');
    expect(await acme.command('well')).to.deep.equal(['From now on: well']);
    expect((await put()).status).to.equal(200);
    expect(said).to.deep.equal(['PUT /items/k → 200', 'PUT /items/k → 429', 'PUT /items/k → 200']);
  });

  it('answers later where the connector does', async () => {
    expect(desk.instructions.at(-1)).to.include('done <uid>');
    expect(await desk.command('rejected u not like this')).to.deep.equal(['Answered: rejected']);
    expect(await desk.command('')).to.deep.equal([]);
  });

  it('shows the page of the people over there, and takes their words', async () => {
    const [rehearsal] = signingDeskRehearsals;
    const open = async () => ({ ...await rehearsal!.open(), page: 'http://127.0.0.1:1/', commands: { usage: ['sign <id>'], run: (typed: string) => Promise.resolve(typed === 'sign 12' ? ['signed'] : undefined) } });
    const peopled = await startSimulation({ connector: signingDesk, rehearsals: [{ ...rehearsal!, open }] });
    try {
      expect(peopled.instructions).to.include.members(['Page of the people over there: http://127.0.0.1:1/', '  sign <id>']);
      expect(await peopled.command('sign 12')).to.deep.equal(['signed']);
      expect(await refusal(peopled.command('sing 12'))).to.equal('found sing 12, expected a word that help shows');
      expect(await refusal(peopled.command('sign'))).to.equal('found sign, expected sign <id>');
      expect(peopled.instructions.join('\n')).to.include((await peopled.command('help')).join('\n')).and.to.include('  sign <id>');
    } finally {
      await peopled.close();
    }
  });

  it('says what it does not know', async () => {
    expect(await refusal(acme.command('explode'))).to.equal('found explode, expected a word that help shows');
    expect(await refusal(acme.command('done u'))).to.not.include('done <uid>');
    expect(await refusal(desk.command('hangs'))).to.equal('it cannot: there is no network in between');
    expect(await refusal(startSimulation({ connector: acmeConnector, rehearsals, operation: 'sing' }))).to.equal('--operation: found sing, expected one of send');
  });
});
