import { expect } from 'chai';
import type { FlowRule } from '../../../src/domain/flow.js';
import { chooseFlow } from '../../../src/routing/choose-flow.js';
import { explainRoute } from '../../../src/routing/explain-route.js';
import { NOTHING_AROUND, sampleFlow } from '../../support/sample-route.js';
import { newItem } from '../../support/temp-store.js';

const item = newItem({ source: 'ged', kind: 'deliberation', configId: 'college', category: 'travaux', toDiscuss: false });

const rules: [id: string, when: FlowRule, outcome: string, ...reasons: string[]][] = [
  ['urban', { source: ['urbanism'] }, 'no', 'source is ged, expected urbanism'],
  ['others', { source: [], kind: ['pes', 'acte'], meetingConfig: ['council'] }, 'no',
    'source is ged, expected nothing: the list is empty', 'kind is deliberation, expected one of pes, acte', 'meetingConfig is college, expected council'],
  ['culture', { condition: 'category = "culture" and toDiscuss and category != meeting' }, 'no',
    'the condition category = "culture" and toDiscuss and category != meeting does not hold: category is «travaux», toDiscuss is «false», meeting has no value'],
  ['files', { condition: '$count(annexes) > 0' }, 'no', 'the condition $count(annexes) > 0 does not hold'],
  ['broken', { condition: 'title' }, 'undecided', 'the condition title could not be decided: it gives a text, expected true or false'],
  ['far', { source: ['urbanism'], condition: 'title =' }, 'no', 'source is ged, expected urbanism', 'the condition title = could not be decided: Unexpected end of expression'],
  ['works', { source: ['ged'], condition: 'category = "travaux"' }, 'taken'],
  ['all', {}, 'later'],
];

describe('explainRoute', () => {
  it('says of every flow whether it takes the item, and why not', async () => {
    const rows = await explainRoute(rules.map(([id, when]) => sampleFlow({ id, when })), item, NOTHING_AROUND);
    expect(rows).to.deep.equal(rules.map(([flow, , outcome, ...reasons]) => ({ flow, outcome, reasons })));
  });

  it('agrees with the choice', async () => {
    for (let first = 0; first <= rules.length; first += 1) {
      const flows = rules.slice(first).map(([id, when]) => sampleFlow({ id, when }));
      const taken = (await explainRoute(flows, item, NOTHING_AROUND)).find(({ outcome }) => outcome === 'taken');
      expect(taken?.flow).to.equal((await chooseFlow(flows, item, NOTHING_AROUND)).flow?.id);
    }
  });
});
