import { expect } from 'chai';
import { describeExplanation } from '../../../src/cli/describe-explanation.js';
import { explainItem } from '../../../src/cli/explain-item.js';
import { itemOfJson } from '../../../src/cli/item-of-json.js';
import type { LoadedInstallation } from '../../../src/compose/load-installation.js';
import type { Authority } from '../../../src/domain/authority.js';
import { NOW, PLAIN, sampleAuthority, withConfig } from '../../support/sample-authority.js';
import { sampleConnector, sampleFlow, sampleStep, sampleTable, target } from '../../support/sample-route.js';

const register = { manifest: { operations: { file: { fields: { subject: target('text', { required: true, maxLength: 5 }), service: target('text') } } } } };
/** Nothing of it was written in a file, so nothing has a place. */
const installation = { connectors: new Map([['register', register]]), configuration: { sources: { authorities: new Map() } } } as unknown as LoadedInstallation;

const authority: Authority = {
  ...sampleAuthority(),
  connectors: [{ ...sampleConnector('dossier', 'none'), type: 'register' }],
  tables: new Map([['services', sampleTable('services', { known: 'SRV' })]]),
  flows: [
    sampleFlow({ id: 'permits', when: { source: ['urbanism'] } }),
    sampleFlow({
      id: 'letters', when: {},
      steps: [sampleStep('file', { connector: 'dossier', operation: 'file', when: 'toDiscuss', fields: { subject: { expression: 'title' }, service: { table: 'services', from: 'category' } } })],
      onRejection: [],
    }),
  ],
};

async function explained(written: Record<string, unknown>): Promise<string[]> {
  const item = itemOfJson('item.json', JSON.stringify({ meetingConfig: PLAIN, source: 'ged', ...written }), authority, NOW);
  return describeExplanation(await explainItem({ item, results: {} }, authority, installation));
}

describe('describeExplanation', () => {
  it('says which flow takes an item and why not the others, and each field beside its source', async () => {
    expect(await explained({ title: 'Voirie', category: 'unheard-of' })).to.deep.equal([
      'Voirie',
      `  source ged, kind deliberation, meeting config ${PLAIN}, state itemcreated`,
      'flow permits: no',
      '  source is ged, expected urbanism',
      'flow letters: takes it',
      'step file: dossier (register, file)',
      '  when toDiscuss: does not hold as the item is now; it is asked when it is the step\'s turn',
      '  subject  "Voiri" ← title, which is "Voirie"',
      '    warning: Field «subject»: «Voirie» is cut: 6 characters, at most 5 are taken.',
      '  service  (none) ← table services of category, which is "unheard-of"',
      '    Field «service»: the table «services» has no row for «unheard-of».',
      '    to do: new row of table services:  "unheard-of": <value>',
      'Nothing was sent.',
    ]);
  });

  it('says that an item that no flow takes stays here', async () => {
    const without = { ...authority, flows: authority.flows.slice(0, 1) };
    const item = itemOfJson('item.json', JSON.stringify({ meetingConfig: PLAIN, title: 'Voirie' }), without, NOW);
    const lines = describeExplanation(await explainItem({ item, results: {} }, without, installation));
    expect(lines).to.include('  source is , expected urbanism').and.to.include('No flow takes it: it would be kept here, and nothing would be sent.');
  });
});

describe('itemOfJson', () => {
  const read = (written: unknown): ReturnType<typeof itemOfJson> => itemOfJson('item.json', typeof written === 'string' ? written : JSON.stringify(written), authority, NOW);

  it('takes what was printed, and organisations by their ids', () => {
    const [organisation] = authority.organisations;
    const item = read({ item: { configId: PLAIN, title: 'Voirie', proposingOrganisation: organisation!.id, createdAt: '2027-01-01T00:00:00Z' }, journal: [] });
    expect(item).to.include({ configId: PLAIN, proposingOrganisation: organisation!.uid, createdAt: Date.UTC(2027, 0, 1), reviewState: 'itemcreated', authority: authority.id });
  });

  it('names every mistake', () => {
    expect(() => read('{')).to.throw('item.json: found text that is not JSON, expected an item');
    expect(() => read({ meetingConfg: PLAIN, title: 3 })).to.throw(/^item\.json: meetingConfig: found nothing[^]*\nitem\.json: title: found 3[^]*\nitem\.json: meetingConfg: found the unknown key meetingConfg, .*did you mean meetingConfig\?$/);
  });

  it('shows the step that forwards the item to the system behind its meeting config, before those of the flow or alone', async () => {
    const backend = { connector: 'council', forward: 'later', directWaitMs: 1, freshForMs: 1, readTimeoutMs: 1, fields: { proposingGroup: { expression: 'proposingOrganisation' } } } as const;
    const behind = { manifest: { operations: { 'create-item': { fields: { proposingGroup: target('text') } } } } };
    const backed = { ...withConfig(authority, PLAIN, { backend }), connectors: [...authority.connectors, { ...sampleConnector('council', 'none'), type: 'behind' }] };
    const both = { ...installation, connectors: new Map<string, unknown>([['register', register], ['behind', behind]]) } as unknown as LoadedInstallation;
    const linesOf = async (town: Authority): Promise<string[]> => {
      const item = itemOfJson('item.json', JSON.stringify({ meetingConfig: PLAIN, source: 'ged', title: 'Voirie', category: 'known' }), town, NOW);
      return describeExplanation(await explainItem({ item, results: {} }, town, both));
    };

    const lines = await linesOf(backed);
    const steps = lines.filter((line) => line.startsWith('step '));
    expect(steps.map((line) => line.replace(/:.*/, ''))).to.deep.equal(['step forward', 'step file']);
    expect(lines.slice(lines.indexOf(steps[0]!)).join('\n')).to.match(/proposingGroup/);
    const alone = await linesOf({ ...backed, flows: [] });
    expect(alone.filter((line) => line.startsWith('step ')).map((line) => line.replace(/:.*/, ''))).to.deep.equal(['step forward']);
    expect(alone).to.include('No flow takes it: it would be forwarded, and nothing else would be sent.');
  });
});
